#![allow(unused)]

use coral_tools::{State, Toolset, coral_tool, toolset};

struct Clock;

struct App;

/// Returns the time.
#[coral_tool]
async fn time(#[context] clock: Clock) {}

/// Returns the date.
#[coral_tool]
async fn date(#[context] State(clock): State<Clock>) {}

fn main() {
    let _: Toolset<App> = toolset![time, date];
}
