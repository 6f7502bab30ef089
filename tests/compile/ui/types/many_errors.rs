#![allow(unused)]

use coral_tools::coral_tool;

struct Report;
struct Receipt;

/// Reports.
#[coral_tool]
async fn report(first: Report, #[context] second: u8, #[arg(maximum = 300)] third: u8) -> Result<Receipt, ()> {
    Ok(Receipt)
}

fn main() {}
