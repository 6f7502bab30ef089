#![allow(unused)]

use std::cell::Cell;
use std::rc::Rc;

use coral_tools::{CallContext, State, ToolError, Toolset, coral_tools};

struct App;
struct NoSchema;
struct Shop;

#[coral_tools]
impl Shop {
    /// Takes an argument without a schema.
    #[coral_tool]
    fn argument(&self, value: NoSchema) {}

    /// Returns a value without a schema.
    #[coral_tool]
    fn result(&self) -> NoSchema {
        NoSchema
    }
}

struct Counter(Cell<u32>);

#[coral_tools]
impl Counter {
    /// Counts.
    #[coral_tool]
    fn count(&self) -> u32 {
        self.0.get()
    }
}

struct Waiter;

#[coral_tools]
impl Waiter {
    /// Holds a value that is not `Send`.
    #[coral_tool]
    async fn wait(&self) {
        let value = Rc::new(1);
        std::future::ready(()).await;
        drop(value);
    }
}

struct Reader;

#[coral_tools]
impl Reader {
    /// Reads the state.
    #[coral_tool]
    fn read(&self, #[context] State(app): State<u8>) -> u8 {
        app
    }
}

fn main() {
    let tools: Toolset<App> = Reader::toolset(Reader);
    let tools: Toolset<u8> = Reader::toolset(Waiter);
    let tools: Toolset = Counter::toolset(Counter(Cell::new(1)));
}
