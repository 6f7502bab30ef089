//! Approvals of all calls of a tool in a session.

use std::time::SystemTime;

use coral_tools::store::MemoryStore;

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

/// The approval outlives the call, which may be stored for a shorter time.
#[tokio::test(start_paused = true)]
async fn the_approval_does_not_contain_the_call() {
    let (tools, app) = (tools().with_store(MemoryStore::new()), App::default());
    let call = Call::new("refund", br#"{"euros":80}"#).in_session("s1").with_query("order=7");
    ticket_argument(tools.dispatch(call, &app).await);
    let ticket = only_pending(&tools).await;
    assert_eq!(ticket.query.as_deref(), Some("order=7"));
    let decided_at = SystemTime::now();
    tools.approvals().approve_for_session(&ticket.id, app.clone()).await.expect("approved");
    let store = tools.store().expect("the store");
    let stored = store.tickets(Some("s1")).await.expect("tickets");
    let approval = stored.iter().find(|stored| stored.tool != "refund").expect("the approval");
    assert_eq!((approval.arguments.len(), &approval.query), (0, &None));
    assert_eq!(approval.time_to_live, Duration::from_secs(24 * 60 * 60));
    assert!(approval.created_at >= decided_at);
    assert!(approval.status.is_final());
    let ran = stored.iter().find(|stored| stored.id == ticket.id).expect("the ticket of the call");
    assert_eq!(ran.arguments, br#"{"euros":80}"#);
}

/// Closes an account.
#[coral_tool]
fn close_account(#[context] State(app): State<App>) -> usize {
    app.refunds().len()
}

#[tokio::test(start_paused = true)]
async fn other_tools_of_the_session_still_need_a_person() {
    let tools = toolset![refund, close_account]
        .with_approval(refund_policy)
        .with_approval(|_: &close_account, _: &Context<'_, App>| Ok(Approval::required("an employee decides")));
    let app = App::default();
    ticket_argument(call(&tools, &app, "refund", json!({ "euros": 80 })).await);
    tools.approvals().approve_for_session(&only_pending(&tools).await.id, app.clone()).await.expect("approved");
    assert!(call(&tools, &app, "refund", json!({ "euros": 81 })).await.is_success());
    ticket_argument(call(&tools, &app, "close_account", json!({})).await);
    assert_eq!(only_pending(&tools).await.tool, "close_account");
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
