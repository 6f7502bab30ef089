#![allow(unused)]

use std::error::Error;

use coral_tools::coral_tool;

/// Fails with a string.
#[coral_tool]
fn string() -> Result<u32, String> {
    Ok(1)
}

/// Fails with an error of `anyhow`.
#[coral_tool]
fn with_anyhow() -> anyhow::Result<u32> {
    Ok(1)
}

/// Fails with a boxed error.
#[coral_tool]
fn boxed() -> Result<u32, Box<dyn Error>> {
    Ok(1)
}

/// Fails with a boxed error that can be sent between threads.
#[coral_tool]
fn boxed_send() -> Result<u32, Box<dyn Error + Send + Sync>> {
    Ok(1)
}

enum OrderError {
    NotFound,
}

/// Fails with a type without a trait.
#[coral_tool]
async fn own() -> Result<u32, OrderError> {
    Ok(1)
}

fn main() {
    let _: coral_tools::Toolset = coral_tools::toolset![string, with_anyhow, boxed, boxed_send, own];
}
