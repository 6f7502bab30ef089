//! A policy that changes its decision while a request is pending.

use coral_tools::TicketError;
use coral_tools::store::MemoryStore;

use super::tools::{pay, transfer};
use super::*;

/// The decision of the policy of [`tools_with`]. It is an error while there is none.
#[derive(Debug, Clone, Default)]
struct Decision(Arc<Mutex<Option<Approval>>>);

impl Decision {
    fn set(&self, decision: impl Into<Option<Approval>>) {
        *self.0.lock().expect("not poisoned") = decision.into();
    }

    fn get(&self) -> Result<Approval, ToolError> {
        let decision = self.0.lock().expect("not poisoned").clone();
        decision.ok_or_else(|| ToolError::internal("the database is down"))
    }
}

fn tools_with(decision: &Decision) -> Toolset<App> {
    let decision = decision.clone();
    let tools = toolset![refund].with_store(MemoryStore::new());
    tools.with_approval(move |_: &refund, _: &Context<'_, App>| decision.get())
}

fn eighty() -> Value {
    json!({ "euros": 80 })
}

/// A request for 80 €, which is pending: the policy, the tools, the state, the id of the ticket, and the argument for its result.
async fn pending_request() -> (Decision, Toolset<App>, App, String, Value) {
    let (decision, app) = (Decision::default(), App::default());
    decision.set(Approval::required("an employee decides"));
    let tools = tools_with(&decision);
    let argument = ticket_argument(call(&tools, &app, "refund", eighty()).await);
    let id = only_pending(&tools).await.id;
    (decision, tools, app, id, argument)
}

#[tokio::test(start_paused = true)]
async fn a_repetition_that_needs_no_person_settles_the_request() {
    let (decision, tools, app, id, argument) = pending_request().await;
    decision.set(Approval::not_needed());
    let running = start(&tools, &app, eighty()).await;
    assert!(pending(&tools).await.is_empty(), "it runs");
    assert!(matches!(tools.approvals().approve(&id, app.clone()).await, Err(TicketError::Settled)));
    assert!(matches!(tools.approvals().deny(&id, "no").await, Err(TicketError::Settled)));
    assert_eq!(json_of(running.await.expect("an outcome")), json!({ "result": 80 }));
    assert!(matches!(tools.approvals().approve(&id, app.clone()).await, Err(TicketError::Settled)));
    assert_eq!(json_of(call(&tools, &app, "refund_result", argument).await), json!({ "result": 80 }));
    assert_eq!(json_of(call(&tools, &app, "refund", eighty()).await), json!({ "result": 80 }));
    assert_eq!(app.refunds(), [80]);
    tokio::time::advance(Duration::from_secs(600)).await;
    assert_eq!(json_of(call(&tools, &app, "refund", eighty()).await), json!({ "result": 80 }));
    assert_eq!(app.refunds(), [80, 80], "it is another call after the time for which a result is kept");
}

#[tokio::test(start_paused = true)]
async fn an_approved_call_is_not_run_again_by_a_repetition_that_needs_no_person() {
    let (decision, tools, app, id, argument) = pending_request().await;
    tools.approvals().approve(&id, app.clone()).await.expect("approved");
    decision.set(Approval::not_needed());
    let running = start(&tools, &app, eighty()).await;
    assert!(app.refunds().is_empty(), "the approved call still runs");
    assert_eq!(json_of(running.await.expect("an outcome")), json!({ "result": 80 }));
    assert_eq!(json_of(call(&tools, &app, "refund", eighty()).await), json!({ "result": 80 }));
    assert_eq!(json_of(call(&tools, &app, "refund_result", argument).await), json!({ "result": 80 }));
    assert_eq!(app.refunds(), [80]);
}

#[tokio::test(start_paused = true)]
async fn of_an_approval_and_repetitions_at_the_same_time_one_runs() {
    for is_approved_first in [true, false] {
        let (decision, tools, app, id, _) = pending_request().await;
        decision.set(Approval::not_needed());
        let approvals = tools.approvals();
        let approve = async || approvals.approve(&id, app.clone()).await;
        let repeat = async || {
            let (one, two) =
                tokio::join!(call(&tools, &app, "refund", eighty()), call(&tools, &app, "refund", eighty()));
            [json_of(one), json_of(two)]
        };
        let (results, approved) = match is_approved_first {
            true => {
                let (approved, results) = tokio::join!(biased; approve(), repeat());
                (results, approved)
            }
            false => tokio::join!(biased; repeat(), approve()),
        };
        assert_eq!(results, [json!({ "result": 80 }), json!({ "result": 80 })]);
        assert!(matches!(approved, Ok(()) | Err(TicketError::Settled)), "{approved:?}");
        assert!(matches!(approve().await, Err(TicketError::Settled)));
        assert_eq!(app.refunds(), [80]);
    }
}

#[tokio::test(start_paused = true)]
async fn a_request_whose_repetition_fails_cannot_be_approved() {
    let (decision, app) = (Decision::default(), App::default());
    decision.set(Approval::required("an employee decides"));
    let tools = tools_with(&decision);
    let argument = ticket_argument(call(&tools, &app, "refund", json!({ "euros": 666 })).await);
    let id = only_pending(&tools).await.id;
    decision.set(Approval::not_needed());
    assert_eq!(error_of(call(&tools, &app, "refund", json!({ "euros": 666 })).await), "the bank has rejected it");
    tokio::task::yield_now().await;
    assert!(matches!(tools.approvals().approve(&id, app.clone()).await, Err(TicketError::Unknown)));
    let unknown = error_of(call(&tools, &app, "refund_result", argument).await);
    assert!(unknown.contains("there is no ticket with this id"), "{unknown}");
    assert_eq!(app.refunds(), [666]);
}

#[tokio::test(start_paused = true)]
async fn tools_with_kept_or_deferred_results_settle_the_request_too() {
    let (decision, app) = (Decision::default(), App::default());
    let (of_pay, of_transfer) = (decision.clone(), decision.clone());
    let tools: Toolset<App> = toolset![pay, transfer]
        .with_approval(move |_: &pay, _: &Context<'_, App>| of_pay.get())
        .with_approval(move |_: &transfer, _: &Context<'_, App>| of_transfer.get());
    for tool in ["pay", "transfer"] {
        decision.set(Approval::required("an employee decides"));
        let argument = ticket_argument(call(&tools, &app, tool, eighty()).await);
        let id = only_pending(&tools).await.id;
        decision.set(Approval::not_needed());
        let first = json_of(call(&tools, &app, tool, eighty()).await);
        match tool {
            "pay" => assert_eq!(first, json!({ "result": 80 })),
            _ => assert_eq!(first["ticket"]["id"], id, "it runs, and its result comes later"),
        }
        assert!(matches!(tools.approvals().approve(&id, app.clone()).await, Err(TicketError::Settled)));
        tokio::time::sleep(Duration::from_secs(60)).await;
        assert_eq!(json_of(call(&tools, &app, &format!("{tool}_result"), argument).await), json!({ "result": 80 }));
        assert_eq!(json_of(call(&tools, &app, tool, eighty()).await), json!({ "result": 80 }));
    }
    assert_eq!(app.refunds(), [80, 80], "each has run once");
}

#[tokio::test(start_paused = true)]
async fn a_denied_call_stays_denied() {
    let (decision, tools, app, id, _) = pending_request().await;
    tools.approvals().deny(&id, "the order was delivered").await.expect("denied");
    decision.set(Approval::not_needed());
    let denied = error_of(call(&tools, &app, "refund", eighty()).await);
    assert_eq!(denied, "the call was denied: the order was delivered");
    assert!(app.refunds().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_call_that_the_policy_denies_now_cannot_be_approved() {
    let (decision, tools, app, id, argument) = pending_request().await;
    for (now, error) in [
        (Some(Approval::denied("the account is closed")), "the call was denied: the account is closed"),
        (None, "the tool failed"),
    ] {
        decision.set(now);
        assert_eq!(error_of(call(&tools, &app, "refund", eighty()).await), error);
        let approvals = tools.approvals();
        let results = [
            approvals.approve(&id, app.clone()).await,
            approvals.approve_for_session(&id, app.clone()).await,
            approvals.approve_with(&id, &json!({ "euros": 60 }), app.clone()).await,
        ];
        for result in results {
            let rejected = result.expect_err("the policy denies it");
            assert!(matches!(&rejected, TicketError::Rejected(message) if message == error), "{rejected:?}");
        }
    }
    tokio::time::sleep(Duration::from_secs(3)).await;
    assert!(app.refunds().is_empty());
    decision.set(Approval::required("an employee decides"));
    assert_eq!(only_pending(&tools).await.id, id, "there was no decision");
    tools.approvals().approve(&id, app.clone()).await.expect("approved");
    assert_eq!(json_of(call(&tools, &app, "refund_result", argument).await), json!({ "result": 80 }));
    ticket_argument(call(&tools, &app, "refund", json!({ "euros": 81 })).await);
    assert_eq!(app.refunds(), [80], "the session was not approved either");
}

/// Another version of the application, which reads the same store, may have no policy.
#[tokio::test(start_paused = true)]
async fn a_set_without_the_policy_has_no_requests() {
    let (_, tools, app, id, _) = pending_request().await;
    let plain: Toolset<App> = toolset![refund].with_shared_store(tools.store().expect("the store").clone());
    assert!(pending(&plain).await.is_empty());
    assert!(matches!(plain.approvals().approve(&id, app.clone()).await, Err(TicketError::Unknown)));
    assert_eq!(only_pending(&tools).await.id, id);
    assert!(app.refunds().is_empty());
}
