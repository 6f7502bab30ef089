//! Log records of calls.

use std::io;
use std::sync::{Arc, Barrier};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use coral_tools::middleware::Next;
use coral_tools::testing::{CallerError, CoralCaller, SessionEndCaller};
use coral_tools::{
    IntoToolError, Outcome, Path, Secret, State, Toolset, WebhookConfig, coral_tool, serde_json, toolset,
};
use http_body_util::Limited;
use tokio::sync::mpsc;
use tower::ServiceExt;

use super::log_capture::{captured_lines, start_capture};
use super::{BASE, SECRET, app, app_state, coral, secret, tools};

/// The lines that are logged while `coral` calls `tool`.
async fn logged_lines(coral: CoralCaller, tool: &str, arguments: &str) -> Result<Vec<String>, CallerError> {
    start_capture();
    let app = app(secret());
    coral.call_in_process(app, &format!("{BASE}/{tool}"), arguments).await?;
    Ok(captured_lines())
}

#[tokio::test]
async fn a_call_is_one_span_without_arguments_or_secrets() -> Result<(), CallerError> {
    let coral = coral().in_session("sid").by_agent("Zoë");
    let lines = logged_lines(coral, "echo", r#"{"text": "private"}"#).await?;
    let spans: Vec<_> = lines.iter().filter(|line| line.starts_with("span")).collect();
    let span = r#"span execute_tool otel.name=execute_tool echo gen_ai.operation.name="execute_tool" gen_ai.tool.type="function" gen_ai.tool.name="echo" gen_ai.conversation.id="sid" gen_ai.agent.name="Zoë" coral.namespace="default""#;
    assert_eq!(spans, [span]);
    let all = lines.join("\n");
    assert!(all.contains(r#"event INFO message=tool call ended outcome="success" duration_ms="#), "{all}");
    assert!(all.contains("result_bytes=20") && !all.contains("record"), "{all}");
    assert!(!all.contains("private") && !all.contains(SECRET), "{all}");
    Ok(())
}

#[tokio::test]
async fn each_outcome_is_recorded_by_name() -> Result<(), CallerError> {
    for (tool, arguments, outcome) in [
        ("fail", "null", "internal_error"),
        ("panics", "null", "panicked"),
        ("unknown_session", "null", "unknown_session"),
        ("increment", r#"{"number": "private"}"#, "bad_arguments"),
    ] {
        let all = logged_lines(coral(), tool, arguments).await?.join("\n");
        assert!(all.contains(&format!("record error.type={outcome:?}")), "{tool}: {all}");
        assert!(all.contains("record otel.status_code=\"ERROR\""), "{tool}: {all}");
        assert!(all.contains(&format!("event INFO message=tool call ended outcome={outcome:?}")), "{tool}: {all}");
        assert!(!all.contains("private"), "{all}");
    }
    Ok(())
}

#[tokio::test]
async fn a_rejection_is_recorded_with_its_reason() -> Result<(), CallerError> {
    async fn reject<S: Sync>(_context: &coral_tools::Context<'_, S>, _next: Next<'_, S>) -> Outcome {
        Outcome::rejected("closed")
    }
    for (tools, reason) in [
        (tools().with(reject), "closed"),
        (tools().max_result_bytes(5), "the result has 20 bytes, and at most 5 are allowed"),
    ] {
        start_capture();
        let app = tools.webhooks(secret()).with_state(app_state().0);
        coral().call_in_process(app, &format!("{BASE}/echo"), "null").await?;
        let all = captured_lines().join("\n");
        assert!(all.contains(r#"record error.type="rejected""#), "{all}");
        let end = format!("event INFO message=tool call ended outcome=\"rejected\" error=\"{reason}");
        assert!(all.contains(&end), "{all}");
    }
    Ok(())
}

#[tokio::test]
async fn a_cancelled_call_is_logged() -> Result<(), CallerError> {
    start_capture();
    let (state, mut control) = app_state();
    let app = tools().webhooks(secret()).with_state(state);
    let (coral, url) = (coral(), format!("{BASE}/wait"));
    tokio::select! {
        view = coral.call_in_process(app, &url, ()) => panic!("the call is not released: {view:?}"),
        _started = control.started.recv() => {}
    }
    let all = captured_lines().join("\n");
    assert!(all.contains(r#"record error.type="cancelled""#), "{all}");
    assert!(all.contains(r#"event INFO message=tool call ended outcome="cancelled" duration_ms="#), "{all}");
    Ok(())
}

#[tokio::test]
async fn panic_messages_are_logged() -> Result<(), CallerError> {
    let all = logged_lines(coral(), "panics", "null").await?.join("\n");
    assert!(all.contains(r#"panic="hunter2""#), "{all}");
    Ok(())
}

#[tokio::test]
async fn blocking_tools_run_on_another_thread_within_the_span_of_the_call() -> Result<(), CallerError> {
    start_capture();
    let view = coral().call_in_process(app(secret()), &format!("{BASE}/thread_and_span"), ()).await?;
    let response: serde_json::Value = serde_json::from_str(&view.text).expect("JSON");
    let own_thread = format!("{:?}", std::thread::current().id());
    assert_ne!(response["result"][0], own_thread);
    assert_eq!(response["result"][1], "execute_tool");
    let all = captured_lines().join("\n");
    assert!(!all.contains("after its call had ended"), "{all}");
    Ok(())
}

#[derive(Clone)]
struct BlockingControl {
    started: mpsc::UnboundedSender<()>,
    release: Arc<Barrier>,
}

/// Waits until the test waits, too.
#[coral_tool(blocking)]
fn wait_for_the_test(#[context] State(control): State<BlockingControl>) {
    control.started.send(()).expect("the test receives it");
    control.release.wait();
}

#[test]
fn the_end_of_a_blocking_function_after_its_call_is_logged() -> Result<(), Box<dyn std::error::Error>> {
    start_capture();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build()?;
    let (started, mut has_started) = mpsc::unbounded_channel();
    let release = Arc::new(Barrier::new(2));
    let tools: Toolset<BlockingControl> = toolset![wait_for_the_test];
    let app = tools.webhooks(secret()).with_state(BlockingControl { started, release: Arc::clone(&release) });
    runtime.block_on(async {
        let (coral, url) = (coral(), format!("{BASE}/wait_for_the_test"));
        tokio::select! {
            view = coral.call_in_process(app, &url, ()) => panic!("the function is not released: {view:?}"),
            _started = has_started.recv() => {}
        }
    });

    release.wait();
    // Waits for the function.
    drop(runtime);

    let lines = captured_lines();
    let position = |text: &str| lines.iter().position(|line| line.starts_with(text));
    let ended = position("event INFO message=tool call ended").ok_or("the call ended")?;
    let finished = position("event INFO message=a blocking tool finished after its call had ended ran_ms=");
    assert!(finished > Some(ended), "{lines:#?}");
    Ok(())
}

#[tokio::test]
async fn invalid_arguments_are_logged_at_debug_with_their_locations_and_without_values() -> Result<(), CallerError> {
    let arguments = r#"{"number": "private", "nmber": 3}"#;
    let lines = logged_lines(coral().in_session("sid").by_agent("Zoë"), "increment", arguments).await?;
    let all = lines.join("\n");
    let fields = r#"gen_ai.tool.name="increment" gen_ai.conversation.id="sid" gen_ai.agent.name="Zoë" coral.namespace="default""#;
    let event = format!(r#"event DEBUG message=the arguments are invalid {fields} paths=["number", "nmber"]"#);
    assert!(lines.contains(&event), "{all}");
    assert!(!all.contains("event WARN") && !all.contains("private"), "{all}");
    Ok(())
}

#[tokio::test]
async fn errors_of_a_type_are_logged_with_their_location_and_without_the_value() -> Result<(), CallerError> {
    for (code, has_reason) in [("private", true), ("loud", false)] {
        let all = logged_lines(coral(), "order", &format!(r#"{{"code": "{code}"}}"#)).await?.join("\n");
        assert!(all.contains("event DEBUG message=argument matched the schema but failed to deserialize"), "{all}");
        assert!(
            all.contains(r#"path="code""#)
                && !all.contains("event WARN")
                && !all.contains("private")
                && !all.contains("LOUD"),
            "{all}"
        );
        assert_eq!(all.contains(r#"reason="codes have 4 letters""#), has_reason, "{all}");
    }
    Ok(())
}

#[tokio::test]
async fn an_undeclared_result_is_logged_as_an_error() -> Result<(), CallerError> {
    start_capture();
    let view = coral().call_in_process(app(secret()), &format!("{BASE}/undeclared_result"), ()).await?;
    assert_eq!(view.text, r#"{"success":false,"error":"the tool failed"}"#);
    let all = captured_lines().join("\n");
    assert!(all.contains("event ERROR") && all.contains(".returns::<T>()"), "{all}");
    Ok(())
}

#[tokio::test]
async fn causes_of_internal_errors_are_logged() -> Result<(), CallerError> {
    let all = logged_lines(coral(), "fail", "null").await?.join("\n");
    assert!(all.contains("password=hunter2"), "{all}");
    Ok(())
}

/// Books a slot.
#[coral_tool]
fn book_slot() -> Result<(), coral_tools::ToolError> {
    Err(coral_tools::ToolError::new("the slot is in the past"))
}

#[tokio::test]
async fn messages_for_agents_are_logged_at_info() -> Result<(), CallerError> {
    start_capture();
    let tools: Toolset = toolset![book_slot];
    let app = tools.webhooks(secret()).with_state(());
    coral().call_in_process(app, &format!("{BASE}/book_slot"), ()).await?;
    let all = captured_lines().join("\n");
    assert!(all.contains(r#"tool call ended outcome="failed" error="the slot is in the past""#), "{all}");
    assert!(!all.contains("event ERROR") && !all.contains("event WARN"), "{all}");
    Ok(())
}

#[derive(Debug, thiserror::Error, IntoToolError)]
enum OrderError {
    #[error("the order is locked; try again later")]
    #[tool_error(display)]
    Locked(#[source] io::Error),
    #[error("the order has been shipped")]
    #[tool_error(display)]
    Shipped,
    #[error("the limit of customer 7 is exceeded")]
    #[tool_error(message = "the limit is exceeded")]
    Limit,
    #[error("table orders is missing")]
    Database(#[source] io::Error),
}

/// Fails with the error of this name.
#[coral_tool]
fn cancel(error: String) -> Result<(), OrderError> {
    let source = || io::Error::other("timeout of db1");
    Err(match &*error {
        "locked" => OrderError::Locked(source()),
        "shipped" => OrderError::Shipped,
        "limit" => OrderError::Limit,
        _ => OrderError::Database(source()),
    })
}

#[tokio::test]
async fn derived_errors_are_logged_with_their_sources_and_without_repeating_the_message() -> Result<(), CallerError> {
    for (error, logged) in [
        ("locked", Some(r#"error="the order is locked; try again later" cause="timeout of db1""#)),
        ("shipped", None),
        ("limit", Some(r#"error="the limit is exceeded" cause="the limit of customer 7 is exceeded""#)),
        ("database", Some(r#"error="the tool failed" cause="table orders is missing: timeout of db1""#)),
    ] {
        start_capture();
        let tools: Toolset = toolset![cancel];
        let arguments = serde_json::json!({ "error": error }).to_string();
        coral()
            .call_in_process(tools.webhooks(secret()).with_state(()), &format!("{BASE}/cancel"), &*arguments)
            .await?;
        let all = captured_lines().join("\n");
        assert_eq!(logged.is_some(), all.contains("event ERROR"), "{error}: {all}");
        assert!(all.contains(logged.unwrap_or_default()), "{error}: {all}");
        let outcome = if error == "database" { "internal_error" } else { "failed" };
        assert!(all.contains(&format!("event INFO message=tool call ended outcome={outcome:?}")), "{error}: {all}");
    }
    Ok(())
}

/// A single value is not a parameter by name.
#[coral_tool]
fn path_value(#[context] Path(_id): Path<u32>) {}

#[tokio::test]
async fn a_path_parameter_that_is_not_extracted_by_name_is_logged_with_advice() -> Result<(), CallerError> {
    start_capture();
    let tools: Toolset = toolset![path_value];
    let app = Router::new().nest("/coral/{id}", tools.webhooks(secret()));
    let view = coral().call_in_process(app, &format!("{BASE}/coral/42/path_value"), "null").await?;
    assert_eq!(view.error().as_deref(), Some("the tool failed"));
    let all = captured_lines().join("\n");
    assert!(all.contains("use a struct with a field of each parameter's name, such as `id`"), "{all}");
    assert!(!all.contains("42"), "{all}");
    Ok(())
}

#[tokio::test]
async fn rejections_are_logged_with_the_reason_and_without_secrets() -> Result<(), CallerError> {
    let forger = CoralCaller::new(Secret::new("forged"));
    let signature = forger.request(BASE, r#"{"text": "private"}"#)?.signature().to_owned();
    let all = logged_lines(forger, "echo", r#"{"text": "private"}"#).await?.join("\n");
    assert!(all.contains("customToolSecret") && all.contains("status_code=401"), "{all}");
    for leak in ["private", SECRET, "forged", &signature] {
        assert!(!all.contains(leak), "{all}");
    }
    Ok(())
}

/// A body that is too large, for the webhooks and for a middleware, such as `RequestBodyLimitLayer`.
#[tokio::test]
async fn the_limit_that_a_body_exceeds_is_logged() -> Result<(), Box<dyn std::error::Error>> {
    for (limit, middleware_limit, setting) in
        [(10, 1000, "larger than `WebhookConfig::body_limit`"), (1000, 10, "larger than the limit of a middleware")]
    {
        start_capture();
        let request = coral().request(&format!("{BASE}/echo"), r#"{"text": "private"}"#)?.to_http()?;
        let limited = request.map(|body| Body::new(Limited::new(body, middleware_limit)));
        let response = app(WebhookConfig::new(secret()).body_limit(limit)).oneshot(limited).await?;
        assert_eq!(response.status(), 413);
        let all = captured_lines().join("\n");
        assert!(all.contains(setting) && !all.contains("private"), "{all}");
    }
    Ok(())
}

/// A report as coral-server 1.2 sends it, at a router that only serves tools.
#[tokio::test]
async fn a_session_end_report_without_a_handler_is_logged_as_that() -> Result<(), Box<dyn std::error::Error>> {
    for (key, status) in [(SECRET, 404), ("the secret of reports", 401)] {
        start_capture();
        let report = serde_json::from_str(include_str!("../state/samples/report_base.json"))?;
        let caller = SessionEndCaller::new(Secret::new(key));
        let app = Router::new().nest("/coral", app(secret()));
        assert_eq!(caller.send_in_process(app, &format!("{BASE}/coral/session-end"), &report).await?, status);
        let all = captured_lines().join("\n");
        assert!(all.contains("this is a session-end report") && all.contains("webhook::session_end"), "{all}");
    }
    Ok(())
}

/// Nothing can interrupt such a function, so its result is sent late.
#[tokio::test]
async fn a_result_after_the_deadline_is_logged() -> Result<(), CallerError> {
    for (timeout, is_late) in [(Duration::ZERO, true), (Duration::from_secs(12), false)] {
        start_capture();
        let app = app(WebhookConfig::new(secret()).timeout(timeout));
        let view = coral().call_in_process(app, &format!("{BASE}/echo"), ()).await?;
        assert_eq!(view.text, r#"{"result":"nothing"}"#);
        let all = captured_lines().join("\n");
        let is_logged = all.contains("event WARN message=the tool finished after its deadline");
        assert_eq!((is_logged, all.contains("late_ms=")), (is_late, is_late), "{all}");
    }
    Ok(())
}

#[tokio::test]
async fn calls_of_unknown_tools_are_logged() -> Result<(), CallerError> {
    let all = logged_lines(coral(), "echoo", "null").await?.join("\n");
    assert!(all.contains("the path does not name a tool") && all.contains("status_code=404"), "{all}");
    Ok(())
}
