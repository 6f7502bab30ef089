#![allow(unused)]

use std::future::Future;
use std::pin::Pin;

use coral_tools::{ToolError, coral_tool};

/// Adds.
#[coral_tool]
fn add(a: u32) -> impl Future<Output = Result<u32, ToolError>> + Send {
    async move { Ok(a) }
}

/// Adds.
#[coral_tool]
fn add_boxed(a: u32) -> Pin<Box<dyn Future<Output = u32> + Send>> {
    Box::pin(async move { a })
}

fn main() {
    let _: coral_tools::Toolset = coral_tools::toolset![add, add_boxed];
}
