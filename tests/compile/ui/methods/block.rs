#![allow(unused)]

use coral_tools::coral_tools;

struct Shop;
struct Generic<T>(T);

trait Sell {
    fn sell(&self);
}

#[coral_tools]
impl Sell for Shop {
    /// Sells.
    #[coral_tool]
    fn sell(&self) {}
}

#[coral_tools]
impl<T> Generic<T> {
    /// Sells.
    #[coral_tool]
    fn sell(&self) {}
}

#[coral_tools]
impl Generic<u8> {
    /// Sells.
    #[coral_tool]
    fn buy(&self, #[arg(minimum = 1)] price: u8) {}
}

#[coral_tools]
struct NotABlock;

/// Has no tools.
#[coral_tools]
impl Shop {
    fn helper(&self) {}
}

struct Depot;

#[coral_tools(toolsett = x, toolset = "tools", crate)]
impl Depot {
    /// Sells.
    #[coral_tool]
    fn unknown_keys(&self) {}
}

fn main() {}
