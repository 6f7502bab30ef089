#![allow(unused)]

use coral_tools::coral_tool;

/// Orders.
#[coral_tool(rename_all = "camel")]
fn order(article_number: u64) {}

/// Orders.
#[coral_tool(rename_all = "kebab-case")]
fn cancel(article_number: u64, item_count: u8, #[arg(rename = "when")] at_time: String) {}

/// Orders.
#[coral_tool(rename_all = "camelCase")]
fn repeat(article_number: u64, #[arg(rename = "articleNumber")] other: u64) {}

/// Orders.
#[coral_tool(rename_all)]
fn forget(article_number: u64) {}

fn main() {
    let _: coral_tools::Toolset = coral_tools::toolset![order, cancel, repeat, forget];
}
