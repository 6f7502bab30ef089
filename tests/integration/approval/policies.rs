//! The decisions of policies.

use coral_tools::testing::CoralCaller;
use coral_tools::{Secret, TicketError};

use super::*;

#[tokio::test(start_paused = true)]
async fn a_call_that_needs_no_approval_runs_like_any_other() {
    let (tools, app) = (tools(), App::default());
    for _ in 0..2 {
        assert_eq!(json_of(call(&tools, &app, "refund", json!({ "euros": 50 })).await), json!({ "result": 50 }));
    }
    assert_eq!(app.refunds(), [50, 50], "its result is not kept");
    let without_session = tools.dispatch(Call::new("refund", br#"{"euros": 1}"#), &app).await;
    assert!(without_session.is_success());
    assert!(pending(&tools).await.is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_policy_denies_a_call_with_a_reason() {
    let (tools, app) = (tools(), App::default());
    let outcome = call(&tools, &app, "refund", json!({ "euros": 903 })).await;
    assert_eq!(outcome.label(), "rejected");
    assert_eq!(error_of(outcome), "the call was denied: at most 900 EUR can be refunded");
    assert!(app.refunds().is_empty() && pending(&tools).await.is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_policy_that_fails_never_lets_a_call_pass() {
    let (tools, app) = (tools(), App::default());
    for (arguments, label) in [
        (json!({ "euros": 901 }), "panicked"),
        (json!({ "euros": 902 }), "internal_error"),
        (json!({ "euros": "many" }), "bad_arguments"),
        (json!({ "euros": 1001 }), "bad_arguments"),
        (json!({}), "bad_arguments"),
    ] {
        assert_eq!(call(&tools, &app, "refund", arguments.clone()).await.label(), label, "{arguments}");
    }
    let without_session = tools.dispatch(Call::new("refund", br#"{"euros": 80}"#), &app).await;
    assert_eq!(without_session.label(), "unknown_session");
    assert!(app.refunds().is_empty() && pending(&tools).await.is_empty());
}

#[tokio::test(start_paused = true)]
async fn the_strictest_of_several_policies_decides() {
    let app = App::default();
    let open = |_: &refund, _: &Context<'_, App>| Ok(Approval::not_needed());
    let closed = |_: &refund, _: &Context<'_, App>| Ok(Approval::denied("closed"));
    for tools in [tools().with_approval(open), toolset![refund].with_approval(open).with_approval(refund_policy)] {
        ticket_argument(call(&tools, &app, "refund", json!({ "euros": 80 })).await);
    }
    for tools in [tools().with_approval(closed), toolset![refund].with_approval(closed).with_approval(refund_policy)] {
        assert_eq!(error_of(call(&tools, &app, "refund", json!({ "euros": 80 })).await), "the call was denied: closed");
    }
    assert!(app.refunds().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_policy_reads_the_call_and_the_state() {
    let tools: Toolset<App> = toolset![refund].with_approval(|_: &refund, context: &Context<'_, App>| {
        let is_first = context.state().refunds().is_empty();
        Ok(match (is_first, context.session_id()) {
            (true, Some("s1")) => Approval::not_needed(),
            _ => Approval::denied("one refund, in one session"),
        })
    });
    let app = App::default();
    assert_eq!(call_in(&tools, &app, "s2", "refund", json!({ "euros": 1 })).await.label(), "rejected");
    assert!(call(&tools, &app, "refund", json!({ "euros": 1 })).await.is_success());
    assert_eq!(call(&tools, &app, "refund", json!({ "euros": 1 })).await.label(), "rejected");
}

#[tokio::test(start_paused = true)]
async fn webhooks_ask_a_policy_too() {
    let (tools, app) = (tools(), App::default());
    let router = tools.webhooks(Secret::new("secret")).with_state(app.clone());
    let caller = CoralCaller::new(Secret::new("secret"));
    let send = async |tool: &str, arguments: &str| {
        let url = format!("http://localhost/{tool}");
        caller.call_in_process(router.clone(), &url, arguments).await.expect("a response").text
    };
    let text = send("refund", r#"{"euros": 80}"#).await;
    assert!(text.contains("input_required"), "{text}");
    let id = only_pending(&tools).await.id;
    assert!(matches!(tools.tickets().cancel(&id, "not a way around it").await, Err(TicketError::Unknown)));
    tools.approvals().approve(&id, app.clone()).await.expect("approved");
    assert_eq!(send("refund_result", &json!({ "ticket": id }).to_string()).await, r#"{"result":80}"#);
}
