#![allow(unused)]

use coral_tools::{CallContext, State, coral_tool};

#[derive(Clone)]
struct App;

/// Asks.
#[coral_tool]
async fn ask(question: String, call: CallContext, app: State<App>) {}

fn main() {
    let _: coral_tools::Toolset<App> = coral_tools::toolset![ask];
}
