//! A field that a dialect does not support is an error that names the field.

use std::time::Duration;

use coral_tools::session::{
    AgentBudget, AgentExhaustionBehavior, MicroCents, ModelProxy, NewNamespace, RuntimeSettings, SessionBudget,
    SessionExhaustionBehavior,
};
use coral_tools::{Agent, Dialect, Runtime, SessionRequest};
use serde_json::{Value, json};

use super::{agent, session};

const DIALECTS: [Dialect; 5] = [Dialect::Nested, Dialect::Cloud, Dialect::Server1_1, Dialect::Server1_2, Dialect::Next];

fn proxy() -> ModelProxy {
    ModelProxy::new("my-openai", "gpt-4.1")
}

/// The last `count` dialects support `request`; the others reject it with this problem.
#[track_caller]
fn supported_by_last(count: usize, request: &SessionRequest, problem: &str) {
    for (i, dialect) in DIALECTS.into_iter().enumerate() {
        match request.to_json(dialect) {
            Ok(_) => assert!(i >= DIALECTS.len() - count, "{dialect:?} supports it"),
            Err(errors) => {
                assert!(i < DIALECTS.len() - count, "{dialect:?}: {errors}");
                assert_eq!(errors.to_string(), format!("{problem}; `Dialect::{dialect:?}` does not support it"));
            }
        }
    }
}

#[test]
fn unsupported_fields_are_rejected_by_name() {
    let in_namespace = |namespace| SessionRequest::in_namespace(namespace).agent(agent("writer"));
    let with = |agent| SessionRequest::in_namespace("default").agent(agent);
    supported_by_last(5, &session(), "");
    supported_by_last(4, &session().annotation("k", "v"), "session: `annotations` requires coral-server 1.1");
    supported_by_last(4, &session().deferred(), "session: execution `defer` requires coral-server 1.1");
    supported_by_last(
        4,
        &session().extended_end_report(true),
        "session: `extendedEndReport` requires coral-server 1.1",
    );
    supported_by_last(4, &with(agent("a").annotation("k", "v")), "agent `a`: `annotations` requires coral-server 1.1");
    supported_by_last(
        4,
        &in_namespace(NewNamespace::new("n").kept()),
        "namespace `n`: `deleteOnLastSessionExit` requires coral-server 1.1",
    );
    supported_by_last(
        4,
        &in_namespace(NewNamespace::new("n").annotation("k", "v")),
        "namespace `n`: `annotations` requires coral-server 1.1",
    );
    supported_by_last(
        4,
        &SessionRequest::in_existing_namespace("n").agent(agent("a")),
        "namespace `n`: `use_existing` requires coral-server 1.1",
    );
    supported_by_last(2, &with(agent("a").proxy("MAIN", proxy())), "agent `a`: `proxies` requires coral-server 1.2");
    supported_by_last(
        2,
        &with(Agent::local("a", "1.0.0", Runtime::Prototype)),
        "agent `a`: runtime `prototype` requires coral-server 1.2",
    );
    supported_by_last(
        1,
        &session().budget(SessionBudget::default()),
        "session: `budgetSettings` requires a coral-server after 1.2",
    );
    supported_by_last(
        1,
        &with(agent("a").budget(AgentBudget::default())),
        "agent `a`: `budgetSettings` requires a coral-server after 1.2",
    );
}

#[test]
fn requests_of_coral_server_1_0_are_not_supported() {
    let errors = session().to_json(Dialect::Server1_0).expect_err("not supported");
    assert!(errors.to_string().contains("not supported"), "{errors}");
}

#[test]
fn settings_of_a_deferred_session_are_checked_for_the_dialect() {
    let extended = RuntimeSettings::new().extended_end_report(true);
    assert!(extended.to_json(Dialect::Nested).is_err());
    assert_eq!(extended.to_json(Dialect::Server1_1), Ok(json!({"extendedEndReport": true})));
    assert!(RuntimeSettings::new().ttl(Duration::ZERO).to_json(Dialect::Server1_2).is_err());
    assert_eq!(RuntimeSettings::new().to_json(Dialect::Server1_2), Ok(json!({})));
}

/// The namespace is in the path of the request.
#[test]
fn the_nested_dialect_has_only_graph_and_settings() {
    let graph = json!({
        "agents": [{
            "id": {"name": "natural-tone-agent", "version": "1.1.0", "registrySourceId": {"type": "local"}},
            "name": "writer",
            "provider": {"type": "local", "runtime": "docker"}
        }]
    });
    assert_eq!(session().to_json(Dialect::Nested), Ok(json!({"agentGraphRequest": graph})));
    let timed = session().ttl(Duration::from_millis(1500)).to_json(Dialect::Nested);
    assert_eq!(timed, Ok(json!({"agentGraphRequest": graph, "sessionRuntimeSettings": {"ttl": 1500}})));
}

#[test]
fn budgets_are_in_micro_cents_and_iso_durations() {
    let minimum = MicroCents(5);
    let force_delay = Some(Duration::from_millis(100));
    let agent = agent("a").budget(
        AgentBudget::new()
            .budget(MicroCents::dollars(1))
            .claim_type_cost("search", MicroCents(7))
            .exhaustion(AgentExhaustionBehavior::Kill { minimum, force: true, force_delay }),
    );
    let request = SessionRequest::in_namespace("default").agent(agent).budget(
        SessionBudget::new().budget(MicroCents::dollars(3)).exhaustion(SessionExhaustionBehavior::KillAgent {
            minimum,
            force: false,
            force_delay: None,
        }),
    );
    let body = request.to_json(Dialect::Next).expect("budgets");
    assert_eq!(
        body["agentGraphRequest"]["agents"][0]["budgetSettings"],
        json!({
            "budget": 100_000_000,
            "claimTypeCosts": {"search": 7},
            "exhaustionBehavior": {"type": "kill", "minimum": 5, "force": true, "forceDelay": "PT0.100S"}
        })
    );
    assert_eq!(
        body["budgetSettings"],
        json!({"budget": 300_000_000, "exhaustionBehavior": {"type": "kill_agent", "minimum": 5, "force": false}})
    );
}

#[test]
fn extra_fields_are_rendered_unchanged() {
    let request = SessionRequest::in_namespace("default")
        .agent(agent("a").extra("mood", json!({"now": ["calm"]})))
        .extra("budgetSettings", json!({"budget": 1}));
    for dialect in DIALECTS {
        let body = request.to_json(dialect).expect("a valid request");
        assert_eq!(body["agentGraphRequest"]["agents"][0]["mood"], json!({"now": ["calm"]}));
        assert_eq!(body["budgetSettings"], json!({"budget": 1}));
    }
    let known = session().extra("budgetSettings", Value::Null).budget(SessionBudget::default());
    assert!(known.check().is_err(), "set twice");
}

#[test]
fn an_unknown_runtime_is_sent_by_name_in_every_dialect() {
    let request =
        SessionRequest::in_namespace("default").agent(Agent::local("a", "1.0.0", Runtime::other("firecracker")));
    let checked = request.checked().expect("a valid request");
    for dialect in [Dialect::Cloud, Dialect::Nested, Dialect::Server1_1, Dialect::Server1_2, Dialect::Next] {
        let body = checked.in_dialect(dialect).expect("any dialect");
        assert_eq!(body["agentGraphRequest"]["agents"][0]["provider"]["runtime"], "firecracker", "{dialect:?}");
        assert_eq!(body, request.to_json(dialect).expect("any dialect"));
    }
    let nameless = Agent::local("a", "1.0.0", Runtime::other(""));
    let errors = SessionRequest::in_namespace("default").agent(nameless).check().expect_err("no name");
    assert_eq!(errors.to_string(), "agent `a`: `` is not a valid runtime");
}
