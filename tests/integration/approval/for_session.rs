//! Approvals of all calls of a tool in a session.

use super::*;

#[tokio::test(start_paused = true)]
async fn later_calls_of_the_tool_in_the_session_need_no_person() {
    let (tools, app) = (tools(), App::default());
    ticket_argument(call(&tools, &app, "refund", json!({ "euros": 80 })).await);
    let id = only_pending(&tools).await.id;
    tools.approvals().approve_for_session(&id, app.clone()).await.expect("approved");
    for euros in [80, 81, 82] {
        let result = json_of(call(&tools, &app, "refund", json!({ "euros": euros })).await);
        assert_eq!(result, json!({ "result": euros }));
    }
    assert_eq!(app.refunds(), [80, 81, 82]);
    assert_eq!(json_of(call(&tools, &app, "refund", json!({ "euros": 82 })).await), json!({ "result": 82 }));
    assert_eq!(app.refunds().len(), 3, "a repetition has the first result");
    let denied = error_of(call(&tools, &app, "refund", json!({ "euros": 903 })).await);
    assert!(denied.contains("at most 900"), "the policy still decides: {denied}");
    ticket_argument(call_in(&tools, &app, "s2", "refund", json!({ "euros": 81 })).await);
    tokio::time::advance(Duration::from_secs(24 * 60 * 60)).await;
    ticket_argument(call(&tools, &app, "refund", json!({ "euros": 83 })).await);
}

#[tokio::test(start_paused = true)]
async fn a_pending_call_runs_when_it_is_repeated_and_only_once() {
    let (tools, app) = (tools(), App::default());
    ticket_argument(call(&tools, &app, "refund", json!({ "euros": 80 })).await);
    ticket_argument(call(&tools, &app, "refund", json!({ "euros": 81 })).await);
    let [first, second] = &*pending(&tools).await else { panic!("not two") };
    tools.approvals().approve_for_session(&first.id, app.clone()).await.expect("approved");
    assert_eq!(only_pending(&tools).await.id, second.id);
    let running = start(&tools, &app, json!({ "euros": 81 })).await;
    assert!(tools.approvals().approve(&second.id, app.clone()).await.is_err(), "it runs already");
    assert_eq!(json_of(running.await.expect("an outcome")), json!({ "result": 81 }));
    assert_eq!(app.refunds(), [80, 81]);
}

#[tokio::test(start_paused = true)]
async fn an_agent_cannot_read_the_approval_as_a_ticket() {
    let (tools, app) = (tools(), App::default());
    ticket_argument(call(&tools, &app, "refund", json!({ "euros": 80 })).await);
    let id = only_pending(&tools).await.id;
    tools.approvals().approve_for_session(&id, app.clone()).await.expect("approved");
    for id in ["approval of refund in s1", "refund (approved)"] {
        let error = error_of(call(&tools, &app, "refund_result", json!({ "ticket": id })).await);
        assert!(error.contains("there is no ticket with this id"), "{error}");
    }
    assert!(tools.tickets().list(None).await.expect("a list").is_empty());
}
