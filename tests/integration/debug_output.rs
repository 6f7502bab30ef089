//! The `Debug` output of public types: it names what they are, and contains no values of calls.

use std::time::Duration;

use coral_tools::middleware::Next;
use coral_tools::webhook::SessionEndService;
use coral_tools::{
    Call, Context, Deferred, DynamicTool, Outcome, Reply, Secret, SessionEndReport, ToolError, Toolset, coral_tool,
    toolset,
};
use http::Request;
use http_body_util::Full;
use serde_json::json;

/// Responds with "pong".
#[coral_tool]
fn ping() -> &'static str {
    "pong"
}

/// Returns its own `Debug` output.
async fn describe(_: &Context<'_, ()>, next: Next<'_, ()>) -> Outcome {
    Outcome::rejected(format!("{next:?}"))
}

#[tokio::test]
async fn types_of_tools_and_toolsets() {
    let tools: Toolset = toolset![ping];
    assert_eq!(format!("{tools:?}"), r#"["ping"]"#);
    let dynamic: DynamicTool =
        DynamicTool::new("echo", "Echoes.", json!({"type": "object"}), |_| async { Ok::<_, ToolError>(()) });
    assert_eq!(format!("{dynamic:?}"), r#"DynamicTool { name: "echo", .. }"#);
    assert_eq!(format!("{:?}", Reply::json("secret").expect("JSON")), "Reply(8 bytes)");
    let deferred = || Deferred::<u8>::by_application("secret").time_to_live(Duration::from_secs(5));
    assert_eq!(format!("{:?}", Reply::deferred(deferred())), "Reply(deferred)");
    let deferred = format!("{:?}", deferred());
    assert!(deferred.starts_with("Deferred { status: ") && deferred.contains("time_to_live: 5s"), "{deferred}");
    let outcome = tools.with(describe).dispatch(Call::new("ping", b"{}"), &()).await;
    assert!(matches!(&outcome, Outcome::Rejected(text) if text == r#"Next { tool: "ping", .. }"#), "{outcome:?}");
}

#[test]
fn services_of_the_webhooks() {
    use tower::Service;
    let tools: Toolset = toolset![ping];
    let mut service = tools.webhook_service(Secret::new("secret"), ());
    assert_eq!(format!("{service:?}"), r#"WebhookService { tools: ["ping"], .. }"#);
    let response = service.call(Request::new(Full::<&[u8]>::default()));
    assert_eq!(format!("{response:?}"), "ResponseFuture { .. }");
    let handler = async |_: SessionEndReport, (): ()| Ok(());
    let service = SessionEndService::new(Secret::new("secret"), (), handler);
    assert_eq!(format!("{service:?}"), "SessionEndService { .. }");
}
