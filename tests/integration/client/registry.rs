//! The registry, and checking a request against it.

use coral_tools::client::FailureStage;
use coral_tools::registry::{RegistrySource, ReportedRegistry};
use coral_tools::{Agent, Runtime, SessionRequest};
use http::StatusCode;

use super::{TestResponse, TestServer, coral};

const REGISTRY_AGENT: &str = r#"{
    "registryAgent": {
        "info": {"identifier": {"name": "natural-tone-agent", "version": "1.1.0", "registrySourceId": {"type": "local"}}},
        "runtimes": {"docker": {"image": "coral/natural-tone-agent:1.1.0"}},
        "options": {"MAX_ITERATIONS": {"type": "i32", "default": 50, "validation": {"min": 1, "max": 200}}}
    },
    "restrictions": [{"type": "local"}]
}"#;

fn agent_not_found() -> TestResponse {
    TestResponse::json(404, r#"{"message": "Agent not found"}"#)
}

fn writer(runtime: Runtime) -> Agent {
    Agent::local("natural-tone-agent", "1.1.0", runtime)
}

#[tokio::test]
async fn agents_of_all_sources_are_listed_and_inspected() {
    let list = r#"[{"identifier": {"type": "local"}, "timestamp": 1767109139139,
        "agents": [{"name": "natural-tone-agent", "versions": ["1.1.0"]}]}]"#;
    let registry_agent = || TestResponse::json(200, REGISTRY_AGENT);
    let server = TestServer::with_responses([
        TestResponse::json(200, list),
        registry_agent(),
        registry_agent(),
        registry_agent(),
    ])
    .await;
    let coral = coral(&server);
    assert_eq!(coral.registry().await.expect("a list")[0].agents[0].name, "natural-tone-agent");
    let berlin = RegistrySource::Linked { linked_server_id: "berlin 2".into() };
    for source in [RegistrySource::Local, RegistrySource::Marketplace, berlin] {
        let agent = coral.inspect(&source, "natural-tone-agent", "1.1.0").await.expect("a registry agent");
        assert!(agent.options.contains_key("MAX_ITERATIONS"));
    }
    let at = "GET /api/v1/registry";
    assert_eq!(
        server.request_lines(),
        [
            at.to_owned(),
            format!("{at}/local/natural-tone-agent/1.1.0"),
            format!("{at}/marketplace/natural-tone-agent/1.1.0"),
            format!("{at}/linked/berlin%202/natural-tone-agent/1.1.0"),
        ]
    );
}

/// The list of coral-server 1.2.
#[tokio::test]
async fn everything_in_the_list_can_be_inspected() {
    let list = r#"[
        {"identifier": {"type": "marketplace"}, "name": "marketplace", "agents": [{"name": "a", "versions": ["1.0.0"]}]},
        {"identifier": {"type": "linked", "linkedServerName": "berlin"}, "agents": [{"name": "b", "versions": ["2.0.0"]}]},
        {"identifier": {"type": "local"}, "name": "merged", "agents": [{"name": "c", "versions": ["3.0.0"]}]}
    ]"#;
    let registry_agent = || TestResponse::json(200, REGISTRY_AGENT);
    let list = TestResponse::json(200, list);
    let server = TestServer::with_responses([list, registry_agent(), registry_agent(), registry_agent()]).await;
    let coral = coral(&server);
    for registry in coral.registry().await.expect("a list") {
        let agent = &registry.agents[0];
        coral.inspect(&registry, &agent.name, &agent.versions[0]).await.expect("a registry agent");
    }
    let at = "GET /api/v1/registry";
    assert_eq!(
        server.request_lines()[1..],
        [format!("{at}/marketplace/a/1.0.0"), format!("{at}/linked/berlin/b/2.0.0"), format!("{at}/local/c/3.0.0")]
    );
    let error = coral.inspect(ReportedRegistry::Other("elsewhere".into()), "a", "1.0.0").await.expect_err("unknown");
    assert_eq!(error.stage(), FailureStage::InvalidRequest);
}

#[tokio::test]
async fn all_problems_of_a_request_are_reported_at_once() {
    let server = TestServer::with_responder(|line| {
        if line.contains("local") { TestResponse::json(200, REGISTRY_AGENT) } else { agent_not_found() }
    })
    .await;
    let request = SessionRequest::in_namespace("default")
        .agent(writer(Runtime::Executable).named("writer").option("MAX_ITERATION", 5))
        .agent(writer(Runtime::Docker).named("editor").option("MAX_ITERATIONS", 500))
        .agent(Agent::marketplace("fact-checker", "0.3.0", Runtime::Docker))
        .group(["writer", "reader"]);
    let error = coral(&server).check(&request).await.expect_err("an invalid request");
    assert_eq!(error.stage(), FailureStage::InvalidRequest);
    let errors = error.build_errors().expect("the problems").to_string();
    for expected in [
        "agent `fact-checker`: `fact-checker` 0.3.0 does not exist in the marketplace",
        "agent `writer`: its type does not offer runtime `executable`",
        "did you mean `MAX_ITERATIONS`?",
        "agent `editor`: option `MAX_ITERATIONS`",
        "`reader` is not an agent of this session",
    ] {
        assert!(errors.contains(expected), "{expected} in {errors}");
    }
    assert_eq!(server.requests().len(), 2, "each agent type is read once");
}

#[tokio::test]
async fn a_valid_request_passes_the_check() {
    let server = TestServer::with_responses([TestResponse::json(200, REGISTRY_AGENT)]).await;
    let request = SessionRequest::in_namespace("default").agent(writer(Runtime::Docker).option("MAX_ITERATIONS", 7));
    coral(&server).check(&request).await.expect("a valid request");
}

#[tokio::test]
async fn an_unreachable_registry_is_an_error() {
    let server = TestServer::with_responses([TestResponse::new(502, "", "<html>")]).await;
    let request = SessionRequest::in_namespace("default").agent(writer(Runtime::Docker));
    let error = coral(&server).check(&request).await.expect_err("an error response");
    assert_eq!((error.stage(), error.status()), (FailureStage::ErrorResponse, Some(StatusCode::BAD_GATEWAY)));
}
