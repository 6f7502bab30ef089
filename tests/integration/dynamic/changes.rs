//! Tools that are added to and removed from a toolset while it is served.

use std::sync::Arc;

use coral_stand_in::{everruns, qoder};
use coral_tools::platform::{everruns as everruns_client, qoder as qoder_client};
use coral_tools::testing::CoralCaller;
use coral_tools::{
    BuildErrors, Call, DynamicTool, Everruns, Outcome, Qoder, Secret, State, ToolError, Toolset, coral_tool, toolset,
};
use serde_json::json;
use tokio::sync::Notify;

/// A tool that returns its name.
fn named<S: Sync>(name: &'static str) -> DynamicTool<S> {
    DynamicTool::new(
        name,
        "Returns its name.",
        json!({"type": "object"}),
        move |_| async move { Ok::<_, ToolError>(name) },
    )
}

fn names<S>(tools: &Toolset<S>) -> Vec<String> {
    tools.descriptors().map(|tool| tool.name().to_owned()).collect()
}

/// Does nothing.
#[coral_tool]
fn nothing() {}

#[tokio::test]
async fn a_router_and_a_service_serve_the_present_tools() {
    let tools: Toolset = toolset![nothing];
    let router: axum::Router = tools.webhooks(Secret::new("s"));
    let service = tools.webhook_service(Secret::new("s"), ());
    let coral = CoralCaller::new(Secret::new("s"));
    let status = async |tool: &str| {
        let url = format!("http://localhost/{tool}");
        let router = coral.call_in_process(router.clone(), &url, "{}").await.expect("a response").status();
        let service = axum::Router::new().fallback_service(service.clone());
        assert_eq!(coral.call_in_process(service, &url, "{}").await.expect("a response").status(), router);
        router
    };
    assert_eq!(status("late").await, Some(404));
    tools.insert(named("late")).expect("a valid tool");
    assert_eq!(status("late").await, Some(200));
    assert_eq!(status("nothing").await, Some(200));
    assert!(tools.remove("late"));
    assert!(tools.remove("nothing"));
    assert!(!tools.remove("nothing"), "it has been removed");
    assert_eq!((status("late").await, status("nothing").await), (Some(404), Some(404)));
}

#[test]
fn a_change_that_fails_changes_nothing() {
    let tools: Toolset = toolset![nothing];
    let clone = tools.clone();
    tools.insert(named("a")).expect("a valid tool");
    let errors: BuildErrors = clone.insert(named("a")).expect_err("a repeated name");
    assert_eq!(errors.iter().next().map(coral_tools::BuildError::subject), Some("tool `a`"));
    clone.insert(named("not a name")).expect_err("an invalid name");
    assert_eq!(names(&tools), ["nothing", "a"]);
    assert!(tools.check().is_ok());
}

#[test]
fn all_tools_can_be_replaced_at_once() {
    let tools: Toolset = toolset![nothing];
    let clone = tools.clone();
    let others = Toolset::builder().dynamic(named("a")).dynamic(named("b")).build().expect("valid tools");
    tools.replace(&others);
    assert_eq!(names(&clone), ["a", "b"]);
    others.remove("a");
    assert_eq!(names(&clone), ["a", "b"], "only the contents were taken over");
    tools.replace(&toolset![nothing]);
    assert_eq!((names(&clone), clone.len()), (vec!["nothing".to_owned()], 1));
}

#[tokio::test]
async fn a_running_call_of_a_removed_tool_returns_its_result() {
    let (started, may_end) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let (starts, ends) = (Arc::clone(&started), Arc::clone(&may_end));
    let waits = DynamicTool::new("waits", "Waits.", json!({"type": "object"}), move |_| {
        let (starts, ends) = (Arc::clone(&starts), Arc::clone(&ends));
        async move {
            starts.notify_one();
            ends.notified().await;
            Ok::<_, ToolError>("done")
        }
    });
    let tools: Toolset = Toolset::builder().dynamic(waits).build().expect("a valid tool");
    let remove = async {
        started.notified().await;
        assert!(tools.remove("waits"));
        may_end.notify_one();
    };
    let (outcome, ()) = tokio::join!(tools.dispatch(Call::new("waits", b"{}"), &()), remove);
    assert_eq!(outcome.into_json(), br#"{"result":"done"}"#);
    assert!(matches!(tools.dispatch(Call::new("waits", b"{}"), &()).await, Outcome::UnknownTool));
}

/// The state of the application: the tools that agents can call.
#[derive(Clone)]
struct App(Toolset<App>);

/// Adds the tool `learned` and removes itself.
#[coral_tool]
fn learn(#[context] State(App(tools)): State<App>) -> Result<bool, ToolError> {
    tools.insert(named("learned"))?;
    Ok(tools.remove("learn"))
}

/// The results of the calls `learn`, `learned` and `learn`, one after the other.
fn assert_learned(results: &[String]) {
    assert_eq!(results.len(), 3, "{results:?}");
    assert_eq!(results[..2], [r#"{"result":true}"#, r#"{"result":"learned"}"#]);
    assert!(results[2].contains("tool not available in this client"), "{results:?}");
}

#[tokio::test]
async fn a_turn_on_everruns_uses_the_present_tools() {
    use everruns::{EverrunsStandIn, Step};
    let call = |tool: &str| Step::calls([(tool, json!({}))]);
    let turn = [call("learn"), call("learned"), call("learn"), Step::message("Done.")];
    let stand_in = EverrunsStandIn::builder().turn(turn).start().await.expect("a stand-in");
    let everruns = Everruns::at(stand_in.url()).key(stand_in.key());
    let tools: Toolset<App> = toolset![learn];
    let request = everruns_client::NewSession::without_agent().tools(&tools);
    let session = everruns.create_session(&request).await.expect("a session");
    session.run(&tools, &App(tools.clone())).message("go").await.expect("a turn");
    assert_learned(&stand_in.tool_results().into_iter().map(|result| result.text).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_turn_on_qoder_uses_the_present_tools() {
    use qoder::{QoderStandIn, Step};
    let call = |tool: &str| Step::calls([(tool, json!({}))]);
    let turn = [call("learn"), call("learned"), call("learn"), Step::message("Done.")];
    let stand_in = QoderStandIn::builder().turn(turn).start().await.expect("a stand-in");
    let qoder = Qoder::at(stand_in.url()).key(stand_in.key());
    let tools: Toolset<App> = toolset![learn];
    let environment = qoder.create_environment(&qoder_client::NewEnvironment::cloud("e")).await.expect("one");
    let agent = qoder.create_agent(&qoder_client::NewAgent::new("a", "m").tools(&tools)).await.expect("an agent");
    let session = qoder_client::NewSession::new(&agent, &environment.id);
    let session = qoder.create_session(&session).await.expect("a session");
    session.run(&tools, &App(tools.clone())).message("go").await.expect("a turn");
    assert_learned(&stand_in.tool_results().into_iter().map(|result| result.text).collect::<Vec<_>>());
}
