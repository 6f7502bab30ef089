#![allow(unused)]

use std::sync::Arc;

use coral_tools::{Toolset, coral_tools};

struct Shop;

#[coral_tools]
impl Shop {
    /// Takes no `self`.
    #[coral_tool]
    fn associated(name: String) {}

    /// Consumes the shop.
    #[coral_tool]
    fn by_value(self) {}

    /// Changes the shop.
    #[coral_tool]
    fn mutable(&mut self) {}

    /// Takes a pointer.
    #[coral_tool]
    fn pointer(self: Arc<Self>) {}

    #[coral_tool]
    fn no_description(&self) {}

    /// Has a misspelled key.
    #[coral_tool(titel = "x")]
    fn misspelled(&self, #[arg(minimun = 1)] price: u8) {}

    /// Has the attribute twice.
    #[coral_tool]
    #[coral_tool]
    fn twice(&self) {}

    /// Has a borrowed argument.
    #[coral_tool]
    fn borrowed(&self, name: &str) {}

    /// One of two.
    #[coral_tool]
    fn one(&self) {}

    /// The other one.
    #[coral_tool(name = "one")]
    fn other(&self) {}

    fn helper(&self) -> u8 {
        1
    }
}

fn main() {
    let tools: Toolset = Shop::toolset(Shop);
    Shop.helper();
}
