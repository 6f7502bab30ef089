//! How calls end that do not end well.

use std::error::Error;

use axum::Router;
use coral_tools::testing::{AgentView, CallerError, Harness};
use coral_tools::{Toolset, WebhookConfig};
use tokio::io::AsyncWriteExt;
use tokio::net::{TcpListener, TcpStream};

use super::{BASE, Doorman, coral, doorman, secret, tools};

fn harness() -> Harness {
    let tools: Toolset<Doorman> = tools();
    Harness::new(&tools, doorman().0)
}

#[tokio::test]
async fn a_panic_stays_where_it_is() {
    let harness = harness();
    let answer = harness.call(("explode", ())).await;
    assert_eq!((answer.status(), answer.error()), (Some(200), Some("the tool failed")));
    assert!(!answer.text().contains("hunter2"));
    assert!(harness.call(("echo", ())).await.is_success(), "the next call is served");
}

#[tokio::test]
async fn an_error_that_is_not_for_agents_does_not_reach_them() {
    let answer = harness().call(("fail", ())).await;
    assert_eq!(answer.status(), Some(200));
    assert_eq!(answer.text(), r#"{"success":false,"error":"the tool failed"}"#);
}

#[tokio::test(start_paused = true)]
async fn a_tool_that_passes_its_deadline_is_stopped_and_the_agent_told() {
    let answer = harness().call(("dawdle", ())).await;
    assert_eq!(answer.status(), Some(200));
    assert!(answer.error().is_some_and(|error| error.contains("within 1 s")), "{}", answer.text());
}

/// Coral hangs up after 15 s, whatever a tool says.
#[tokio::test(start_paused = true)]
async fn an_answer_is_given_while_coral_still_listens() {
    let answer = harness().call(("linger", ())).await;
    assert_eq!(answer.status(), Some(200));
    assert!(answer.error().is_some_and(|error| error.contains("did not finish")), "{}", answer.text());
}

#[tokio::test]
async fn one_call_too_many_is_refused_at_once() -> Result<(), CallerError> {
    let (state, mut watch) = doorman();
    let app = tools().webhooks(WebhookConfig::new(secret()).concurrency(2)).with_state(state);
    let call = |tool: &'static str| {
        let app: Router = app.clone();
        async move { coral().call_in_process(app, &format!("{BASE}/{tool}"), ()).await }
    };
    let held = [tokio::spawn(call("wait")), tokio::spawn(call("wait"))];
    for _ in &held {
        watch.entered.recv().await.expect("a call runs");
    }

    let refused = call("echo").await?;
    assert_eq!(refused.text, "Error code 503 returned");

    watch.gate.notify_waiters();
    for call in held {
        let sees = call.await.expect("no panic")?;
        assert_eq!(sees.text, r#"{"success":true}"#);
    }
    assert_eq!(call("echo").await?.status(), Some(200), "there is room again");
    Ok(())
}

/// Serves the tests' tools on a real socket.
async fn serve(state: Doorman) -> Result<String, Box<dyn Error>> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let app: Router = tools().webhooks(secret()).with_state(state);
    tokio::spawn(async move { axum::serve(listener, app).await });
    Ok(address.to_string())
}

#[tokio::test]
async fn a_call_ends_when_its_caller_goes_away() -> Result<(), Box<dyn Error>> {
    let (state, mut watch) = doorman();
    let address = serve(state).await?;
    let request = coral().request(&format!("http://{address}/wait"), ())?;
    let mut caller = TcpStream::connect(&address).await?;
    caller.write_all(&request.to_bytes()).await?;
    watch.entered.recv().await.expect("the call runs");

    drop(caller);

    watch.left.recv().await.expect("the tool's future is dropped");
    Ok(())
}

#[tokio::test]
async fn a_call_over_a_socket_is_answered() -> Result<(), Box<dyn Error>> {
    let address = serve(doorman().0).await?;
    let sees: AgentView = coral().call(&format!("http://{address}/echo"), r#"{"text": "Zoë"}"#).await?;
    assert_eq!((sees.text.as_str(), sees.is_error), (r#"{"result":"Zoë"}"#, false));
    Ok(())
}
