//! Tools of every kind with a policy, and the tools that return their results.

use axum::http::HeaderMap;
use coral_tools::middleware::ResultSizeLimit;
use coral_tools::{Agent, CallOrigin, Dialect, FromContext, Runtime, SessionRequest};

use super::*;

fn names<S: Sync>(tools: &Toolset<S>) -> Vec<String> {
    tools.descriptors().map(|tool| tool.name().to_owned()).collect()
}

#[test]
fn a_tool_with_a_policy_has_a_second_one_for_its_results() {
    let plain: Toolset<App> = toolset![refund];
    let tools = plain.clone().with_approval(refund_policy);
    assert_eq!((names(&plain), names(&tools)), (vec!["refund".into()], vec!["refund".into(), "refund_result".into()]));
    let (tool, plain) = (tools.descriptor("refund").expect("it"), plain.descriptor("refund").expect("it"));
    assert!(tool.description().starts_with("Refunds an order.\n\nA person may have to approve a call."));
    assert_eq!(tool.input_schema(), plain.input_schema());
    assert_eq!(tool.output_schema()["properties"]["ticket"]["properties"]["status"]["enum"][1], "input_required");
    assert!(!plain.output_schema()["properties"].to_string().contains("ticket"));
    tools.check().expect("valid tools");
    assert!(tools.remove("refund"));
    assert!(names(&tools).is_empty());
    let error = tools.check().expect_err("no tool").to_string();
    assert_eq!(error, "tool `refund`: an approval policy is for this tool, which the toolset does not contain");
}

#[test]
fn later_changes_of_a_set_do_not_change_the_other() {
    let plain: Toolset<App> = toolset![sell, refund];
    let approved = plain.clone().with_approval(refund_policy);
    assert!(plain.remove("sell"));
    assert_eq!((names(&plain), names(&approved).len()), (vec!["refund".to_owned()], 3));
    assert!(approved.remove("refund"));
    assert_eq!((names(&plain), names(&approved)), (vec!["refund".to_owned()], vec!["sell".to_owned()]));
}

/// Sells.
#[coral_tool]
fn sell() {}

#[test]
fn a_policy_is_added_after_its_tool() {
    let before: Toolset<App> = toolset![sell].with_approval(refund_policy);
    let tools = before.merge(&toolset![refund]).expect("different names");
    let error = tools.check().expect_err("the policy was first").to_string();
    let message = "it was added after its approval policy, and has no tool for its tickets; add the policy last";
    assert_eq!(error, format!("tool `refund`: {message}"));
    let after: Toolset<App> = toolset![sell].merge(&toolset![refund]).expect("different names");
    after.with_approval(refund_policy).check().expect("valid tools");
}

#[test]
fn agents_that_can_call_the_tool_can_ask_for_its_results() {
    let agent = Agent::local("clerk", "1.0.0", Runtime::Docker).can_call::<refund>();
    let request = SessionRequest::in_namespace("n").agent(agent).tools(&tools(), "https://app.example/coral");
    assert!(request.warnings().is_empty(), "{:?}", request.warnings());
    let body = request.to_json(Dialect::Server1_2).expect("a valid request");
    let graph = &body["agentGraphRequest"];
    assert_eq!(graph["agents"][0]["customToolAccess"], json!(["refund", "refund_result"]));
    assert!(graph["customTools"]["refund_result"].is_object());
}

/// Has the name of the tool for results.
#[coral_tool]
fn refund_result() {}

#[test]
fn a_name_for_results_that_is_in_use_is_an_error() {
    let tools: Toolset<App> = toolset![refund, refund_result].with_approval(refund_policy);
    let error = tools.check().expect_err("a collision").to_string();
    assert!(error.starts_with("tool `refund_result`: this is also the name of the tool that returns"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn a_merged_set_keeps_the_policies() {
    /// Does nothing.
    #[coral_tool]
    fn ping() {}
    let app = App::default();
    let other: Toolset<App> = toolset![ping];
    for tools in [tools().merge(&other), other.merge(&tools())] {
        let tools = tools.expect("different names");
        ticket_argument(call(&tools, &app, "refund", json!({ "euros": 80 })).await);
        assert!(call(&tools, &app, "ping", json!({})).await.is_success());
    }
}

/// Transfers an amount.
#[coral_tool]
pub(super) fn transfer(euros: u32, #[context] State(app): State<App>) -> Deferred<u32> {
    Deferred::new(async move {
        tokio::time::sleep(Duration::from_secs(60)).await;
        app.refunds.lock().expect("not poisoned").push(euros);
        match euros {
            1 => Err(ToolError::new("too little")),
            _ => Ok(euros),
        }
    })
}

fn transfer_policy(_: &transfer, _: &Context<'_, App>) -> Result<Approval, ToolError> {
    Ok(Approval::required("an employee decides"))
}

#[tokio::test(start_paused = true)]
async fn a_deferred_result_is_approved_first_and_computed_then() {
    let (tools, app) = (toolset![transfer].with_approval(transfer_policy), App::default());
    assert_eq!(names(&tools), ["transfer", "transfer_result"]);
    for (euros, expected) in [(5, json!({ "result": 5 })), (1, json!({ "success": false, "error": "too little" }))] {
        let argument = ticket_argument(call(&tools, &app, "transfer", json!({ "euros": euros })).await);
        let id = only_pending(&tools).await.id;
        tools.approvals().approve(&id, app.clone()).await.expect("approved");
        let running = json_of(call(&tools, &app, "transfer_result", argument.clone()).await);
        assert_eq!(running["ticket"]["status"], "working", "{running}");
        tokio::time::sleep(Duration::from_secs(60)).await;
        assert_eq!(json_of(call(&tools, &app, "transfer_result", argument).await), expected);
    }
    assert_eq!(app.refunds(), [5, 1]);
}

/// Pays a bill.
#[coral_tool(once = "1h")]
pub(super) fn pay(euros: u32, #[context] State(app): State<App>) -> u32 {
    app.refunds.lock().expect("not poisoned").push(euros);
    euros
}

#[tokio::test(start_paused = true)]
async fn a_tool_with_once_keeps_its_result_for_its_own_time() {
    let app = App::default();
    let tools: Toolset<App> = toolset![pay].with_approval(|pay: &pay, _: &Context<'_, App>| {
        Ok(if pay.euros > 50 { Approval::required("decide") } else { Approval::not_needed() })
    });
    for _ in 0..2 {
        assert!(call(&tools, &app, "pay", json!({ "euros": 5 })).await.is_success());
    }
    ticket_argument(call(&tools, &app, "pay", json!({ "euros": 80 })).await);
    let id = only_pending(&tools).await.id;
    tools.approvals().approve(&id, app.clone()).await.expect("approved");
    for _ in 0..2 {
        assert_eq!(json_of(call(&tools, &app, "pay", json!({ "euros": 80 })).await), json!({ "result": 80 }));
        tokio::time::advance(Duration::from_secs(59 * 60)).await;
    }
    assert_eq!(app.refunds(), [5, 80]);
}

#[tokio::test(start_paused = true)]
async fn middleware_runs_around_the_approved_call() {
    let app = App::default();
    let tools = tools().with_for::<refund>(ResultSizeLimit::new(3));
    let argument = ticket_argument(call(&tools, &app, "refund", json!({ "euros": 80 })).await);
    let id = only_pending(&tools).await.id;
    tools.approvals().approve(&id, app.clone()).await.expect("approved");
    let error = error_of(call(&tools, &app, "refund_result", argument).await);
    assert!(error.contains("at most 3 are allowed"), "{error}");
}

/// The parts of a call that a tool can read.
struct CallParts(Value);

impl FromContext<App> for CallParts {
    async fn from_context(context: &Context<'_, App>) -> Result<Self, ToolError> {
        Ok(Self(json!([
            context.tool(),
            context.session_id(),
            context.agent_name(),
            context.namespace(),
            context.call_id(),
            context.query(),
            context.origin() == CallOrigin::Everruns,
            context.headers().is_some(),
        ])))
    }
}

/// Returns the parts of its call.
#[coral_tool]
fn inspect(#[context] parts: CallParts) -> Vec<Value> {
    parts.0.as_array().cloned().unwrap_or_default()
}

#[tokio::test(start_paused = true)]
async fn the_tool_reads_the_same_call_without_its_headers() {
    let app = App::default();
    let tools: Toolset<App> = toolset![inspect]
        .with_approval(|_: &inspect, _: &Context<'_, App>| Ok(Approval::required("an employee decides")));
    let headers = HeaderMap::new();
    let call = Call::new("inspect", b"{}").in_session("s1").by_agent("clerk").in_namespace("n").with_id("c1");
    let call = call.with_query("claim=x").with_headers(&headers).from_origin(CallOrigin::Everruns);
    ticket_argument(tools.dispatch(call.clone(), &app).await);
    let ticket = only_pending(&tools).await;
    assert!(!format!("{ticket:?}").contains("claim=x"), "the query may contain a secret");
    tools.approvals().approve(&ticket.id, app.clone()).await.expect("approved");
    let expected = json!({ "result": ["inspect", "s1", "clerk", "n", "c1", "claim=x", true, false] });
    assert_eq!(json_of(tools.dispatch(call.clone(), &app).await), expected);
    let without_claim = tools.dispatch(call.with_query("claim=y"), &app).await;
    ticket_argument(without_claim);
}
