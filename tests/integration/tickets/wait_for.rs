//! `CallContext::wait_for`.

use std::time::Duration;

use coral_tools::{CallContext, Toolset, coral_tool, toolset};
use serde_json::json;
use tokio::time::{Instant, sleep};

use super::{App, Webhooks};

/// Waits this long, and returns whether the future was ready and when the wait ended.
#[coral_tool]
async fn wait(milliseconds: u64, #[context] call: CallContext) -> Vec<String> {
    report(milliseconds, &call).await
}

/// As above, with a short timeout.
#[coral_tool(timeout = "1s")]
async fn wait_shortly(milliseconds: u64, #[context] call: CallContext) -> Vec<String> {
    report(milliseconds, &call).await
}

async fn report(milliseconds: u64, call: &CallContext) -> Vec<String> {
    let began = Instant::now();
    let ready = call.wait_for(sleep(Duration::from_millis(milliseconds))).await.is_some();
    vec![ready.to_string(), format!("{} ms", began.elapsed().as_millis())]
}

#[tokio::test(start_paused = true)]
async fn a_wait_ends_so_early_that_the_result_still_reaches_the_agent() {
    let tools: Toolset<App> = toolset![wait, wait_shortly];
    let webhooks = Webhooks::of(&tools, &App::open());
    for (tool, milliseconds, expected) in [
        ("wait", 10_900, ["true", "10900 ms"]),
        ("wait", 40_000, ["false", "11000 ms"]),
        ("wait_shortly", 400, ["true", "400 ms"]),
        ("wait_shortly", 40_000, ["false", "500 ms"]),
    ] {
        let view = webhooks.call(tool, &json!({ "milliseconds": milliseconds }).to_string()).await;
        assert_eq!(view.text, json!({ "result": expected }).to_string(), "{tool} {milliseconds}");
    }
}
