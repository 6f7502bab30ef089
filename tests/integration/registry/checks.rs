//! Problems of an agent that does not match its registry agent.

use std::sync::Arc;

use coral_tools::registry::{RegistryAgent, RegistrySource};
use coral_tools::session::{AgentProvider, Amount, ModelProxy, OptionValue, RemoteRequest, ServerSource};
use coral_tools::{Agent, Runtime, SessionRequest};
use serde_json::{Value, json};

use super::{GUIDE, SERVER_1_1, SERVER_1_2, option_problems, problems, read, registry_agent_with, writer};

fn guide_agent() -> Agent {
    Agent::local("natural-tone-agent", "1.1.0", Runtime::Docker)
}

#[test]
fn a_matching_agent_has_no_problems() {
    let agent = guide_agent().option("MAX_ITERATIONS", 200).option("EXTRA_USER_PROMPT", "Be brief.");
    assert_eq!(problems(&read(GUIDE), agent), [""; 0]);
    assert_eq!(problems(&read(GUIDE), guide_agent()), [""; 0]);
    let seeker = Agent::marketplace("seeker", "2.0.1", Runtime::Executable).option("API_KEY", "long enough");
    assert_eq!(problems(&read(SERVER_1_2), seeker), [""; 0]);
}

#[test]
fn all_problems_are_reported_at_once() {
    let agent = Agent::marketplace("seeker", "2.0.1", Runtime::Function)
        .named("a/b")
        .option("SEEDS", 7_u64)
        .option("LOGO", "not a blob")
        .option("TOPICS", ["sales", "weather"]);
    let request = SessionRequest::in_namespace("").agent(agent.inspected(read(SERVER_1_2)));
    let errors = request.check().expect_err("all problems");
    assert_eq!(
        errors.to_string(),
        "agent `a/b`: its name contains `/`, but it is one segment of URL paths\n\
         agent `a/b`: its type does not offer runtime `function`, so it would fail to start; available: `docker`, `executable`\n\
         agent `a/b`: its type has no option `SEEDS`; did you mean `SEED`?\n\
         agent `a/b`: option `LOGO` has type `blob`, not `string`; write `OptionValue::blob(…)`\n\
         agent `a/b`: option `TOPICS[1]` is not one of `sales`, `costs`\n\
         agent `a/b`: option `API_KEY` is required and has no default; add `Agent::option(\"API_KEY\", …)`\n\
         namespace ``: its name is empty"
    );
    assert_eq!(request.to_json(coral_tools::Dialect::Server1_2).expect_err("all problems"), errors);
}

#[test]
fn no_problem_is_reported_twice() {
    let registry_agent = read(SERVER_1_2);
    let agent = Agent::marketplace("seeker", "2.0.1", Runtime::Docker).inspected(registry_agent.clone());
    let request = SessionRequest::in_namespace("default").agent(agent);
    let errors = request.check_with([&registry_agent, &registry_agent]).expect_err("a missing option");
    assert_eq!(errors.iter().len(), 1, "{errors}");
}

#[test]
fn an_unknown_option_is_reported_with_the_known_ones() {
    let none = registry_agent_with(&json!({}));
    assert_eq!(problems(&none, writer().option("X", 1)), ["its type has no option `X`; available: none"]);
    let some = read(GUIDE);
    assert_eq!(
        problems(&some, guide_agent().option("maxIterations", 1)),
        ["its type has no option `maxIterations`; did you mean `MAX_ITERATIONS`?"]
    );
    assert_eq!(
        problems(&some, guide_agent().option("COLOUR`", "red")),
        ["its type has no option `COLOUR``; available: `EXTRA_USER_PROMPT`, `MAX_ITERATIONS`"]
    );
    let names: serde_json::Map<String, Value> = (10..40).map(|i| (format!("A{i}"), json!({"type": "i8"}))).collect();
    let [reported] = &problems(&registry_agent_with(&names.into()), writer().option("COLOUR", "red"))[..] else {
        panic!("one problem")
    };
    assert!(reported.ends_with("`A18`, `A19` and 20 more"), "{reported}");
}

#[test]
fn a_value_must_have_exactly_the_type() {
    for (kind, write) in [
        ("string", "\"…\""),
        ("bool", "true"),
        ("i8", "1_i8"),
        ("i64", "1_i64"),
        ("u64", "1_u64"),
        ("f32", "0.5_f32"),
        ("blob", "OptionValue::blob(…)"),
        ("list[string]", "[\"…\"]"),
        ("list[u64]", "[1_u64]"),
        ("list[blob]", "OptionValue::blobs(…)"),
    ] {
        let reported = option_problems(&json!({"type": kind}), 7);
        assert_eq!(reported, [format!("option `X` has type `{kind}`, not `i32`; write `{write}`")]);
    }
    for kind in ["list[secret]", "list[number]", "list[bool]"] {
        let reported = option_problems(&json!({"type": kind}), "hunter2");
        let expected = format!(
            "option `X` has type `{kind}`, not `string`; this version of `coral-tools` does not support that type"
        );
        assert_eq!(reported, [expected]);
    }
}

/// Servers before 7 February 2026 list such options, and accept a `string` and an `f64` for them.
#[test]
fn options_of_type_secret_and_number_accept_a_string_and_an_f64() {
    let (secret, number) = (json!({"type": "secret"}), json!({"type": "number", "validation": {"max": 1.5}}));
    assert_eq!(option_problems(&secret, "hunter2"), [""; 0]);
    assert_eq!(option_problems(&number, 1.5), [""; 0]);
    assert_eq!(option_problems(&number, 1.6), ["option `X` is greater than 1.5"]);
    assert_eq!(option_problems(&secret, 7), ["option `X` has type `secret`, not `i32`; write `\"…\"`"]);
    for reported in [option_problems(&number, 1), option_problems(&number, "1")] {
        let [reported] = reported.as_slice() else { panic!("{reported:?}") };
        assert!(reported.starts_with("option `X` has type `number`, not `") && reported.ends_with("write `0.5_f64`"));
    }
    assert_eq!(
        option_problems(&json!({"type": "secret", "validation": {"min_length": 8}}), "hunter2"),
        ["option `X` is shorter than 8 bytes of UTF-8"]
    );
}

#[test]
fn a_required_option_must_be_set() {
    let required = |option: Value| problems(&registry_agent_with(&json!({"X": option})), writer());
    let missing = ["option `X` is required and has no default; add `Agent::option(\"X\", …)`"];
    assert_eq!(required(json!({"type": "i32", "required": true})), missing);
    assert_eq!(required(json!({"type": "i32", "required": true, "default": null})), missing);
    assert_eq!(required(json!({"type": "i32", "required": true, "default": 0})), [""; 0]);
    assert_eq!(required(json!({"type": "i32"})), [""; 0]);
    // A list without a value is empty.
    assert_eq!(required(json!({"type": "list[i32]", "required": true})), [""; 0]);
}

#[test]
fn a_default_must_meet_the_constraints_unless_a_value_replaces_it() {
    let reported = |option: &Value| problems(&registry_agent_with(&json!({"X": option})), writer());
    let advice = "; this is its default, so set another value";
    let option = json!({"type": "i32", "default": 7, "validation": {"max": 5}});
    assert_eq!(reported(&option), [format!("option `X` is greater than 5{advice}")]);
    assert_eq!(option_problems(&option, 5), [""; 0]);
    let option = json!({"type": "list[string]", "default": ["a", "bcd"], "validation": {"max_length": 2}});
    assert_eq!(reported(&option), [format!("option `X[1]` is longer than 2 bytes of UTF-8{advice}")]);
    for default in [json!("AAEC"), json!("AAE="), json!("_-8"), json!([-1, 0])] {
        let option = json!({"type": "blob", "default": default, "validation": {"min_size": "3 B"}});
        let expected = [format!("option `X` is smaller than 3 B (3 bytes){advice}")];
        assert_eq!(reported(&option), expected[usize::from(default == "AAEC")..], "{default}");
    }
}

#[test]
fn the_default_of_a_u64_is_parsed_if_it_has_constraints() {
    let reported = |option: Value| problems(&registry_agent_with(&json!({"X": option})), writer());
    assert_eq!(reported(json!({"type": "u64", "default": "abc"})), [""; 0]);
    assert_eq!(
        reported(json!({"type": "u64", "default": "abc", "validation": {}})),
        ["option `X` is not a valid `u64`; this is its default, so set another value"]
    );
}

#[test]
fn messages_never_contain_a_value() {
    let options =
        json!({"KEY": {"type": "string", "secret": true, "validation": {"min_length": 20, "regex": "[a-f]+"}}});
    let registry_agent = registry_agent_with(&options);
    let agent = writer().option("KEY", "hunter2");
    assert!(!format!("{agent:?}").contains("hunter2"));
    let reported = problems(&registry_agent, agent);
    assert_eq!(
        reported,
        [
            "option `KEY` is shorter than 20 bytes of UTF-8",
            "option `KEY` does not match the regular expression `[a-f]+`"
        ]
    );
}

#[test]
fn an_unavailable_runtime_is_reported() {
    let reported = |runtime| problems(&read(GUIDE), Agent::local("natural-tone-agent", "1.1.0", runtime));
    for (runtime, name) in
        [(Runtime::Executable, "executable"), (Runtime::Function, "function"), (Runtime::Prototype, "prototype")]
    {
        let message =
            format!("its type does not offer runtime `{name}`, so it would fail to start; available: `docker`");
        assert_eq!(reported(runtime), [message]);
    }
    assert_eq!(reported(Runtime::Docker), [""; 0]);
}

fn restricted(restrictions: &Value) -> RegistryAgent {
    let agent = json!({"info": {"identifier": {"name": "writer", "version": "1.0.0"}}, "runtimes": {"docker": {}}});
    read(&json!({"registryAgent": agent, "restrictions": restrictions}).to_string())
}

#[test]
fn the_provider_must_meet_the_restrictions() {
    let runtime = Runtime::Docker;
    let local = AgentProvider::Local { runtime: runtime.clone() };
    let linked = |name: &str| AgentProvider::Linked { linked_server_name: name.into(), runtime: Runtime::Docker };
    let remote = AgentProvider::RemoteRequest(RemoteRequest::new(
        runtime,
        Amount::Usd(1.0),
        ServerSource::Servers { servers: vec![] },
    ));
    let runs_only_on = |server: &str| vec![format!("its type runs only on {server}")];
    let local_only = runs_only_on("the server itself; use `AgentProvider::Local`");
    let remote_only = runs_only_on("remote servers; use `AgentProvider::RemoteRequest`");
    let berlin_only = runs_only_on("linked server `berlin`; use `AgentProvider::Linked` with its name");
    for (restriction, provider, expected) in [
        (json!({"type": "local"}), local.clone(), vec![]),
        (json!({"type": "local"}), remote.clone(), local_only.clone()),
        (json!({"type": "local"}), linked("berlin"), local_only),
        (json!({"type": "remote"}), remote.clone(), vec![]),
        (json!({"type": "remote"}), local.clone(), remote_only),
        (json!({"type": "linked", "linkedServerName": "berlin"}), linked("berlin"), vec![]),
        (json!({"type": "linked", "linkedServerId": "berlin"}), linked("paris"), berlin_only.clone()),
        (json!({"type": "linked", "linkedServerName": "berlin"}), local.clone(), berlin_only),
        (json!({"type": "moon"}), local.clone(), vec![]),
    ] {
        let agent = Agent::new(RegistrySource::Local, "writer", "1.0.0", provider);
        assert_eq!(problems(&restricted(&json!([restriction])), agent), expected, "{restriction}");
    }
}

#[test]
fn a_registry_agent_applies_only_to_agents_of_its_type() {
    let registry_agent = read(SERVER_1_1);
    let puppet = |server: &str| Agent::linked(server, "puppet", "1.0.0", Runtime::Function);
    assert_eq!(
        problems(&registry_agent, puppet("berlin")).len(),
        2,
        "a missing option, and a default that is too large"
    );
    assert_eq!(problems(&registry_agent, puppet("paris")), [""; 0]);
    assert_eq!(problems(&registry_agent, Agent::local("puppet", "1.0.0", Runtime::Docker)), [""; 0]);
    assert_eq!(problems(&registry_agent, Agent::linked("berlin", "puppet", "1.0.1", Runtime::Docker)), [""; 0]);

    let other = Agent::local("puppet", "1.0.0", Runtime::Docker).inspected(Arc::new(registry_agent));
    let errors = SessionRequest::in_namespace("default").agent(other).check().expect_err("another type");
    assert_eq!(
        errors.to_string(),
        "agent `puppet`: it has another type than the registry agent passed to `Agent::inspected`, `puppet` 1.0.0 of server `berlin`"
    );
}

#[test]
fn regular_expressions_left_to_the_server_are_warnings() {
    let options = json!({"X": {"type": "string", "validation": {"regex": "(?=a)b"}}});
    let agent = writer().option("X", "c").inspected(registry_agent_with(&options));
    let request = SessionRequest::in_namespace("default").agent(agent);
    request.check().expect("only the server can check it");
    let warnings: Vec<_> = request.warnings().iter().map(ToString::to_string).collect();
    let expected =
        "agent `writer`: option `X`: its regular expression contains a lookaround, so only the server can check it";
    assert_eq!(warnings, [expected]);
}

#[test]
fn an_unknown_model_proxy_is_reported() {
    let proxy = || ModelProxy::new("my-openai", "gpt-4.1");
    let seeker = Agent::marketplace("seeker", "2.0.1", Runtime::Docker).option("API_KEY", "long enough");
    let seeker = seeker.proxy("MAIN", proxy());
    assert_eq!(problems(&read(SERVER_1_2), seeker.clone()), [""; 0]);
    let reported = ["its type has no model proxy `SIDE`, so servers would ignore it; available: `MAIN`"];
    assert_eq!(problems(&read(SERVER_1_2), seeker.proxy("SIDE", proxy())), reported);
    let reported = ["its type has no model proxy `MAIN`, so servers would ignore it; available: none"];
    assert_eq!(problems(&read(GUIDE), guide_agent().proxy("MAIN", proxy())), reported);
}

#[test]
fn debug_output_of_an_inspected_agent_is_short() {
    let shown = format!("{:?}", guide_agent().inspected(read(GUIDE)));
    assert!(shown.contains("natural-tone-agent") && !shown.contains("conversational"), "{shown}");
}

#[test]
fn a_registry_agent_is_never_sent() {
    let registry_agent = registry_agent_with(&json!({"X": {"type": "blob"}}));
    let plain = writer().option("X", OptionValue::blob(*b"x"));
    let json = |agent| SessionRequest::in_namespace("default").agent(agent).to_json(coral_tools::Dialect::Server1_2);
    assert_eq!(json(plain.clone().inspected(registry_agent)), json(plain));
}
