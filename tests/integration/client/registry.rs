//! The registry, and checking a request against it.

use coral_tools::client::FailureStage;
use coral_tools::registry::RegistrySource;
use coral_tools::{Agent, Runtime, SessionRequest};
use http::StatusCode;

use super::{Answer, Answers, coral};

const ENTRY: &str = r#"{
    "registryAgent": {
        "info": {"identifier": {"name": "natural-tone-agent", "version": "1.1.0", "registrySourceId": {"type": "local"}}},
        "runtimes": {"docker": {"image": "coral/natural-tone-agent:1.1.0"}},
        "options": {"MAX_ITERATIONS": {"type": "i32", "default": 50, "validation": {"min": 1, "max": 200}}}
    },
    "restrictions": [{"type": "local"}]
}"#;

fn not_found() -> Answer {
    Answer::json(404, r#"{"message": "Agent not found"}"#)
}

fn writer(runtime: Runtime) -> Agent {
    Agent::local("natural-tone-agent", "1.1.0", runtime)
}

#[tokio::test]
async fn agents_are_listed_and_inspected_in_three_sources() {
    let list = r#"[{"identifier": {"type": "local"}, "timestamp": 1767109139139,
        "agents": [{"name": "natural-tone-agent", "versions": ["1.1.0"]}]}]"#;
    let entry = || Answer::json(200, ENTRY);
    let answers = Answers::give([Answer::json(200, list), entry(), entry(), entry()]).await;
    let coral = coral(&answers);
    assert_eq!(coral.registry().await.expect("a list")[0].agents[0].name, "natural-tone-agent");
    let berlin = RegistrySource::Linked { linked_server_id: "berlin 2".into() };
    for source in [RegistrySource::Local, RegistrySource::Marketplace, berlin] {
        let entry = coral.inspect(&source, "natural-tone-agent", "1.1.0").await.expect("an entry");
        assert!(entry.options.contains_key("MAX_ITERATIONS"));
    }
    let at = "GET /api/v1/registry";
    assert_eq!(
        answers.lines(),
        [
            at.to_owned(),
            format!("{at}/local/natural-tone-agent/1.1.0"),
            format!("{at}/marketplace/natural-tone-agent/1.1.0"),
            format!("{at}/linked/berlin%202/natural-tone-agent/1.1.0"),
        ]
    );
}

#[tokio::test]
async fn everything_that_the_registry_knows_better_is_told_at_once() {
    let answers = Answers::to(|line| if line.contains("local") { Answer::json(200, ENTRY) } else { not_found() }).await;
    let request = SessionRequest::in_namespace("default")
        .agent(writer(Runtime::Executable).named("writer").option("MAX_ITERATION", 5))
        .agent(writer(Runtime::Docker).named("editor").option("MAX_ITERATIONS", 500))
        .agent(Agent::marketplace("fact-checker", "0.3.0", Runtime::Docker))
        .group(["writer", "reader"]);
    let error = coral(&answers).check(&request).await.expect_err("a wrong request");
    assert_eq!(error.stage(), FailureStage::InvalidRequest);
    let errors = error.build_errors().expect("what is wrong").to_string();
    for words in [
        "agent `fact-checker`: there is no `fact-checker` 0.3.0 in the marketplace",
        "agent `writer`: its type does not offer runtime `executable`",
        "did you mean `MAX_ITERATIONS`?",
        "agent `editor`: option `MAX_ITERATIONS`",
        "`reader` is not an agent of this session",
    ] {
        assert!(errors.contains(words), "{words} in {errors}");
    }
    assert_eq!(answers.asked().len(), 2, "each type is inspected once");
}

#[tokio::test]
async fn a_request_that_suits_the_registry_is_right() {
    let answers = Answers::give([Answer::json(200, ENTRY)]).await;
    let request = SessionRequest::in_namespace("default").agent(writer(Runtime::Docker).option("MAX_ITERATIONS", 7));
    coral(&answers).check(&request).await.expect("nothing is wrong");
}

#[tokio::test]
async fn a_registry_that_does_not_answer_is_not_taken_for_an_empty_one() {
    let answers = Answers::give([Answer::with(502, "", "<html>")]).await;
    let request = SessionRequest::in_namespace("default").agent(writer(Runtime::Docker));
    let error = coral(&answers).check(&request).await.expect_err("no answer");
    assert_eq!((error.stage(), error.status()), (FailureStage::ErrorResponse, Some(StatusCode::BAD_GATEWAY)));
}
