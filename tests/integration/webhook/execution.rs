//! Failing, slow, concurrent and cancelled calls.

use std::error::Error;
use std::sync::{Arc, Barrier};
use std::time::Duration;

use axum::Router;
use coral_tools::testing::{AgentView, CallerError, Harness};
use coral_tools::{State, Toolset, WebhookConfig, coral_tool, toolset};
use tokio::io::AsyncWriteExt;
use tokio::net::{TcpListener, TcpStream};

use super::{AppState, BASE, app_state, coral, secret, tools};

fn harness() -> Harness {
    let tools: Toolset<AppState> = tools();
    Harness::new(&tools, app_state().0)
}

#[tokio::test]
async fn a_panic_fails_only_its_own_call() {
    let harness = harness();
    let response = harness.call(("panics", ())).await;
    assert_eq!((response.status(), response.error()), (Some(200), Some("the tool failed")));
    assert!(!response.text().contains("hunter2"));
    assert!(harness.call(("echo", ())).await.is_success(), "the next call is served");
}

#[tokio::test]
async fn internal_errors_are_not_shown_to_agents() {
    let response = harness().call(("fail", ())).await;
    assert_eq!(response.status(), Some(200));
    assert_eq!(response.text(), r#"{"success":false,"error":"the tool failed"}"#);
}

#[tokio::test(start_paused = true)]
async fn a_tool_that_exceeds_its_timeout_returns_an_error() {
    let response = harness().call(("hang_1s", ())).await;
    assert_eq!(response.status(), Some(200));
    assert!(response.error().is_some_and(|error| error.contains("within 1 s and was stopped")), "{}", response.text());
}

/// Waits until the test waits, too: when it has begun, and before it ends.
#[coral_tool(blocking)]
fn wait_for_the_test(#[context] State(barrier): State<Arc<Barrier>>) {
    barrier.wait();
    barrier.wait();
}

#[tokio::test(start_paused = true)]
async fn a_blocking_tool_continues_after_its_timeout_and_is_not_called_stopped() -> Result<(), CallerError> {
    let barrier = Arc::new(Barrier::new(2));
    let tools: Toolset<Arc<Barrier>> = toolset![wait_for_the_test];
    let app = tools.webhooks(secret()).with_state(Arc::clone(&barrier));
    let call = async move { coral().call_in_process(app, &format!("{BASE}/wait_for_the_test"), ()).await };
    let call = tokio::spawn(call);
    let begun = Arc::clone(&barrier);
    tokio::task::spawn_blocking(move || begun.wait()).await.expect("no panic");

    tokio::time::advance(Duration::from_secs(600)).await;

    let view = call.await.expect("no panic")?;
    let expected = "the tool did not finish within 12 s and continues without a result; it may have an effect";
    assert_eq!(view.text, format!(r#"{{"success":false,"error":"{expected}"}}"#));
    barrier.wait();
    Ok(())
}

/// Coral disconnects after 15 s, even if the timeout of the tool is longer.
#[tokio::test(start_paused = true)]
async fn timeouts_are_capped_below_corals_own() {
    let response = harness().call(("hang_10m", ())).await;
    assert_eq!(response.status(), Some(200));
    assert!(response.error().is_some_and(|error| error.contains("did not finish")), "{}", response.text());
}

#[tokio::test]
async fn calls_above_the_concurrency_limit_are_rejected_with_503() -> Result<(), CallerError> {
    let (state, mut control) = app_state();
    let app = tools().webhooks(WebhookConfig::new(secret()).concurrency(2).tool_concurrency(2)).with_state(state);
    let call = |tool: &'static str| {
        let app: Router = app.clone();
        async move { coral().call_in_process(app, &format!("{BASE}/{tool}"), ()).await }
    };
    let running = [tokio::spawn(call("wait")), tokio::spawn(call("wait"))];
    for _ in &running {
        control.started.recv().await.expect("a call runs");
    }

    let rejected = call("echo").await?;
    assert_eq!(rejected.text, "Error code 503 returned");

    control.release.notify_waiters();
    for call in running {
        let view = call.await.expect("no panic")?;
        assert_eq!(view.text, r#"{"success":true}"#);
    }
    assert_eq!(call("echo").await?.status(), Some(200), "a permit is free again");
    Ok(())
}

/// Serves the tools on a TCP socket. Returns its address.
async fn serve(state: AppState) -> Result<String, Box<dyn Error>> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let app: Router = tools().webhooks(secret()).with_state(state);
    tokio::spawn(async move { axum::serve(listener, app).await });
    Ok(address.to_string())
}

#[tokio::test]
async fn a_call_is_cancelled_when_its_caller_disconnects() -> Result<(), Box<dyn Error>> {
    let (state, mut control) = app_state();
    let address = serve(state).await?;
    let request = coral().request(&format!("http://{address}/wait"), ())?;
    let mut caller = TcpStream::connect(&address).await?;
    caller.write_all(&request.to_bytes()).await?;
    control.started.recv().await.expect("the call runs");

    drop(caller);

    control.dropped.recv().await.expect("the future of the tool is dropped");
    Ok(())
}

#[tokio::test]
async fn a_call_over_a_socket_returns_its_result() -> Result<(), Box<dyn Error>> {
    let address = serve(app_state().0).await?;
    let sees: AgentView = coral().call(&format!("http://{address}/echo"), r#"{"text": "Zoë"}"#).await?;
    assert_eq!((sees.text.as_str(), sees.is_error), (r#"{"result":"Zoë"}"#, false));
    Ok(())
}
