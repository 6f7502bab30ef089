//! Structs that are made of an entry, in use.

use coral_tools::session::Provider;
use coral_tools::{Agent, Dialect, Runtime, SessionRequest, agent_options};
use serde_json::{Value, json};

/// The options of the writer.
#[agent_options("integration/inspect/samples/guide.json")]
#[derive(Eq, Hash)]
struct NaturalTone;

#[agent_options("integration/inspect/samples/server_1_2.json")]
struct Seeker;

#[agent_options("../coral-tools-derive/src/agent_options/samples/every-kind.json")]
struct Every;

#[agent_options("../coral-tools-derive/src/agent_options/samples/linked.json")]
struct There;

#[agent_options("integration/inspect/samples/unread.json")]
struct Unread;

fn request(agent: Agent) -> SessionRequest {
    SessionRequest::in_namespace("default").agent(agent)
}

/// An agent as coral-server 1.2 reads it.
fn written(agent: Agent) -> Value {
    let body = request(agent).to_json(Dialect::Server1_2).unwrap_or_else(|errors| panic!("{errors}"));
    body["agentGraphRequest"]["agents"][0].clone()
}

#[test]
fn what_is_left_alone_is_as_the_entry_says() {
    let agent = written(NaturalTone::default().docker());
    assert_eq!(
        agent["id"],
        json!({"name": "natural-tone-agent", "version": "1.1.0", "registrySourceId": {"type": "local"}})
    );
    assert_eq!(agent["provider"], json!({"type": "local", "runtime": "docker"}));
    assert_eq!(agent["options"], json!({"MAX_ITERATIONS": {"type": "i32", "value": 50}}));
    assert_eq!((NaturalTone::NAME, NaturalTone::VERSION), ("natural-tone-agent", "1.1.0"));
}

#[test]
fn every_kind_of_option_is_written_with_its_type() {
    let every = Every {
        tones: vec![EveryTones::Cool, EveryTones::Warm],
        photos: vec![b"x".to_vec()],
        quiet: Some(true),
        r#type: Some("novel".into()),
        weights: vec![0.5],
        ..Every::new("sk-hunter2", EveryStyle::VeryShort, 7)
    };
    let agent = written(every.executable());
    assert_eq!(agent["id"]["registrySourceId"], json!({"type": "marketplace"}));
    assert_eq!(agent["provider"]["runtime"], "executable");
    assert_eq!(
        agent["options"],
        json!({
            "A": {"type": "i8", "value": -128},
            "API_KEY": {"type": "string", "value": "sk-hunter2"},
            "B": {"type": "u64", "value": "18446744073709551615"},
            "LOGO": {"type": "blob", "value": "AP8="},
            "LOUD": {"type": "bool", "value": false},
            "MODEL": {"type": "string", "value": "gpt-4.1"},
            "PHOTOS": {"type": "list[blob]", "value": ["eA=="]},
            "QUIET": {"type": "bool", "value": true},
            "RATIO": {"type": "f32", "value": 0.5},
            "SEEDS": {"type": "list[u64]", "value": ["1", "2"]},
            "STYLE": {"type": "string", "value": "very-short"},
            "TONES": {"type": "list[string]", "value": ["cool", "warm"]},
            "TURNS": {"type": "u32", "value": 7},
            "TYPE": {"type": "string", "value": "novel"},
            "weights": {"type": "list[f64]", "value": [0.5]},
        })
    );
}

#[test]
fn limits_are_told_with_everything_else() {
    let agent = NaturalTone { max_iterations: 201, ..NaturalTone::default() }.docker().named("a/b");
    let errors = request(agent.option("MAX_ITERATION", 1)).check().expect_err("three faults");
    assert_eq!(
        errors.to_string(),
        "agent `a/b`: its name contains `/`, but it is one segment of URL paths\n\
         agent `a/b`: option `MAX_ITERATIONS` is greater than 200\n\
         agent `a/b`: its type has no option `MAX_ITERATION`; available: `EXTRA_USER_PROMPT`, `MAX_ITERATIONS`"
    );
    let errors = request(Seeker::new("short").docker()).check().expect_err("a short key");
    assert_eq!(errors.to_string(), "agent `seeker`: option `API_KEY` is shorter than 8 bytes of UTF-8");
}

#[test]
fn another_provider_is_checked() {
    let elsewhere = Provider::Linked { linked_server_name: "berlin".into(), runtime: Runtime::Docker };
    let errors = request(NaturalTone::default().agent(elsewhere)).check().expect_err("a restriction");
    let told = "agent `natural-tone-agent`: its type runs only on the server itself; use `Provider::Local`";
    assert_eq!(errors.to_string(), told);
    assert_eq!(
        written(There.function())["provider"],
        json!({"type": "linked", "linkedServerName": "berlin", "runtime": "function"})
    );
}

#[test]
fn secrets_are_shown_nowhere() {
    let every = Every::new("sk-hunter2", EveryStyle::Plain, 7);
    let shown = format!("{every:?} {:?}", every.clone().docker());
    assert!(!shown.contains("hunter2") && shown.contains("api_key: …") && shown.contains("style: Plain"), "{shown}");
    assert_eq!(every, every.clone());
}

#[test]
fn what_the_macro_does_not_read_of_an_entry_is_told_before_sending() {
    let errors = request(Unread::default().docker()).check().expect_err("a limit of no shape");
    let told = "agent `writer`: its registry agent could not be decoded: registryAgent.options.X.validation.max: expected a number, not an array";
    assert_eq!(errors.to_string(), told);
}

#[test]
fn the_samples_agents_are_the_same_by_hand() {
    let by_hand = Agent::local(NaturalTone::NAME, NaturalTone::VERSION, Runtime::Docker).option("MAX_ITERATIONS", 50);
    assert_eq!(NaturalTone::default().docker(), by_hand.inspected(super::read(super::GUIDE)));
}
