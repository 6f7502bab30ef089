//! The tools that return the results of tickets.

use coral_tools::middleware::Next;
use coral_tools::{
    Agent, Context, Deferred, Definition, Dialect, Handler, Outcome, Reply, Runtime, SessionRequest, Tool, ToolError,
    Toolset, coral_tool, toolset,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{App, TEA, Webhooks, deferred_tools, review, ticket_argument, ticket_id};

fn names<S: Sync>(tools: &Toolset<S>) -> Vec<String> {
    tools.descriptors().map(|tool| tool.name().to_owned()).collect()
}

#[test]
fn a_deferred_tool_has_a_second_one_for_its_results() {
    let tools = deferred_tools();
    assert_eq!(names(&tools), ["review", "review_result", "ask", "ask_result"]);
    let (tool, result_tool) = (tools.descriptor("review").expect("it"), tools.descriptor("review_result").expect("it"));
    assert!(tool.description().starts_with("Reviews an article.\n\n"), "{}", tool.description());
    assert!(tool.description().contains("call `review_result` with its id"), "{}", tool.description());
    assert!(result_tool.description().contains("an earlier call of `review`"), "{}", result_tool.description());
    assert_eq!(result_tool.input_schema()["required"], json!(["ticket"]));
    assert_eq!(result_tool.hints().read_only, Some(true));
    assert_eq!(tool.output_schema(), result_tool.output_schema());
    let output = tool.output_schema();
    let ticket = &output["properties"]["ticket"];
    assert_eq!(ticket["description"], "Instead of `run`, if the result is not ready yet: the ticket for it.");
    assert_eq!(output["properties"]["run"]["type"], "integer");
    assert_eq!(ticket["properties"]["status"]["enum"], json!(["working", "input_required"]));
    assert_eq!(ticket["properties"]["ttlMs"]["type"], "integer");
    assert_eq!(ticket["required"], json!(["id", "status", "statusMessage", "ttlMs", "pollIntervalMs"]));
    assert_eq!(output.get("required"), None);
    assert!(tools.remove("review"));
    assert_eq!(names(&tools), ["ask", "ask_result"]);
}

#[test]
fn agents_that_can_call_a_tool_can_ask_for_its_results() {
    let agent = Agent::local("writer", "1.0.0", Runtime::Docker).can_call::<review>();
    let tools = deferred_tools();
    assert!(tools.remove("ask"));
    let request = SessionRequest::in_namespace("n").agent(agent).tools(&tools, "https://app.example/coral");
    let body = request.to_json(Dialect::Server1_2).expect("a valid request");
    let graph = &body["agentGraphRequest"];
    assert_eq!(graph["agents"][0]["customToolAccess"], json!(["review", "review_result"]));
    assert_eq!(graph["customTools"]["review_result"]["transport"]["url"], "https://app.example/coral/review_result");
}

/// Has the longest name.
#[coral_tool(name = "a234567890123456789012345678901234567890123456789012345678901234")]
fn long() -> Deferred<u8> {
    Deferred::by_application("…")
}

/// Has another name, and the same name for its results.
#[coral_tool(name = "a23456789012345678901234567890123456789012345678901234567")]
fn shorter() -> Deferred<u8> {
    Deferred::by_application("…")
}

/// Has the name of a tool for results.
#[coral_tool]
fn review_result() {}

#[test]
fn names_are_shortened_and_collisions_are_errors() {
    let tools: Toolset = toolset![long];
    let shortened = "a23456789012345678901234567890123456789012345678901234567_result";
    assert_eq!(names(&tools)[1], shortened);
    let tools: Toolset = toolset![long, shorter];
    let error = tools.check().expect_err("a collision").to_string();
    assert!(
        error.starts_with(&format!("tool `{shortened}`: this is also the name of the tool that returns")),
        "{error}"
    );
    for tools in [toolset![review, review_result] as Toolset<App>, toolset![review_result, review]] {
        let error = tools.check().expect_err("a collision").to_string();
        assert!(error.starts_with("tool `review_result`: this is also the name of"), "{error}");
    }
}

/// A result with a property of the ticket's name.
#[derive(Serialize, JsonSchema)]
struct Booking {
    ticket: String,
}

/// Books a seat.
#[coral_tool]
fn book() -> Deferred<Booking> {
    Deferred::by_application("…")
}

#[test]
fn a_result_cannot_have_the_property_ticket() {
    let tools: Toolset = toolset![book];
    let error = tools.check().expect_err("an error").to_string();
    assert!(error.starts_with("tool `book`, return value: a deferred result cannot have the property"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn a_ticket_of_another_session_or_tool_is_unknown() {
    let (app, _started) = App::closed();
    let webhooks = Webhooks::of(&deferred_tools(), &app);
    let argument = ticket_argument(&ticket_id(&webhooks.call("review", TEA).await));
    let other = webhooks.with(|caller| caller.in_session("00000000-0000-4000-8000-000000000002"));
    let unknown = other.call("review_result", &argument).await.text;
    assert!(unknown.contains("there is no ticket with this id"), "{unknown}");
    assert_eq!(webhooks.call("review_result", r#"{"ticket": "other"}"#).await.text, unknown);
    assert!(webhooks.call("ask_result", &argument).await.text.contains("there is no ticket with this id"));
    let error = webhooks.call("review_result", "{}").await.error().expect("an error");
    assert!(error.contains("ticket"), "{error}");
    app.release(1);
    let other_agent = webhooks.with(|caller| caller.by_agent("other"));
    assert_eq!(other_agent.call("review_result", &argument).await.text, r#"{"run":1}"#, "the session is the owner");
}

#[tokio::test(start_paused = true)]
async fn middleware_runs_around_both_tools() {
    async fn reject_results(_: &Context<'_, App>, next: Next<'_, App>) -> Outcome {
        match next.descriptor().name() {
            "review_result" => Outcome::rejected("closed"),
            _ => next.run().await,
        }
    }
    let (app, _started) = App::closed();
    let webhooks = Webhooks::of(&deferred_tools().with(reject_results), &app);
    let argument = ticket_argument(&ticket_id(&webhooks.call("review", TEA).await));
    assert_eq!(webhooks.call("review_result", &argument).await.error().as_deref(), Some("closed"));
}

/// A deferred tool that is written by hand.
#[derive(Deserialize, JsonSchema)]
struct ByHand {
    is_ready: bool,
}

impl Tool for ByHand {
    const NAME: &'static str = "by_hand";
    fn definition() -> Definition {
        Definition::new("Counts.").takes::<Self>().returns_deferred::<u8>()
    }
}

impl<S: Sync> Handler<S> for ByHand {
    async fn call(self, _context: &Context<'_, S>) -> Result<Reply, ToolError> {
        match self.is_ready {
            true => Reply::json(&1),
            false => Ok(Reply::deferred(Deferred::new(async { Ok::<_, ToolError>(2_u8) }))),
        }
    }
}

#[tokio::test]
async fn a_tool_without_the_macro_can_be_deferred() {
    let tools: Toolset<App> = toolset![ByHand];
    assert_eq!(names(&tools), ["by_hand", "by_hand_result"]);
    let webhooks = Webhooks::of(&tools, &App::open());
    assert_eq!(webhooks.call("by_hand", r#"{"is_ready": true}"#).await.text, r#"{"result":1}"#);
    assert_eq!(webhooks.call("by_hand", r#"{"is_ready": false}"#).await.text, r#"{"result":2}"#);
}
