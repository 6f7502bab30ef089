//! Malformed registry agents and arbitrary regular expressions cause neither a panic nor a wrong rejection.

use coral_tools::registry::RegistryAgent;
use coral_tools::session::OptionValue;
use coral_tools::{Agent, Runtime, SessionRequest, from_json};
use fastrand::Rng;
use serde_json::{Map, Value, json};

use super::{GUIDE, SERVER_1_1, SERVER_1_2, option_problems};

const CASES: u64 = 3_000;

#[test]
fn a_malformed_registry_agent_is_rejected_or_checked() {
    let mut rejected = 0;
    for seed in 0..CASES {
        let rng = &mut Rng::with_seed(seed);
        let sample = [GUIDE, SERVER_1_1, SERVER_1_2][rng.usize(..3)];
        let mut document: Value = serde_json::from_str(sample).expect("JSON");
        for _ in 0..rng.usize(1..4) {
            mutate(rng, &mut document);
        }
        let Ok(registry_agent) = from_json::<RegistryAgent>(document.to_string().as_bytes()) else {
            rejected += 1;
            continue;
        };
        let values: [OptionValue; 3] = ["text".into(), vec![u64::MAX].into(), OptionValue::blob(vec![0; 5])];
        let options = registry_agent.options.keys().zip(values.into_iter().cycle());
        let agent = Agent::local(&*registry_agent.id.name, &*registry_agent.id.version, Runtime::Docker);
        let agent = options.fold(agent, |agent, (name, value)| agent.option(name, value));
        let request = SessionRequest::in_namespace("default").agent(agent.inspected(registry_agent));
        let _ = (request.check(), request.warnings());
    }
    assert!((CASES / 20..CASES).contains(&rejected), "{rejected} of {CASES} were rejected");
}

/// Replaces a random value by another one, sometimes the root.
fn mutate(rng: &mut Rng, value: &mut Value) {
    let inner = match value {
        Value::Object(fields) => fields.values_mut().collect::<Vec<_>>(),
        Value::Array(items) => items.iter_mut().collect(),
        _ => Vec::new(),
    };
    let count = inner.len();
    match inner.into_iter().nth(rng.usize(..count.max(1))) {
        Some(inner) if rng.u8(..20) > 0 => mutate(rng, inner),
        _ => *value = random_value(rng),
    }
}

fn random_value(rng: &mut Rng) -> Value {
    match rng.u8(..10) {
        0 => Value::Null,
        1 => json!(true),
        2 => json!(-1),
        3 => json!(1e300),
        4 => json!(u64::MAX),
        5 => json!(["a", 1, null]),
        6 => Value::Object(Map::new()),
        7 => json!({"type": "linked", "size": -1, "unit": "MiB"}),
        8 => json!("list[u64]"),
        _ => json!("9999999999 TiB\u{7}"),
    }
}

#[test]
fn arbitrary_regular_expressions_do_not_panic() {
    const CHARACTERS: &[u8] = br"ab1-.*+?{}[]()|^$\\,:=!<>&#dwbpQkux09 ";
    for seed in 0..CASES {
        let rng = &mut Rng::with_seed(seed);
        let regex: String =
            (0..rng.usize(..20)).map(|_| char::from(CHARACTERS[rng.usize(..CHARACTERS.len())])).collect();
        let reported = option_problems(&json!({"type": "string", "validation": {"regex": regex}}), "ab1-");
        assert!(reported.len() <= 1, "{regex}: {reported:?}");
    }
    for regex in ["(".repeat(100_000), format!("{}a{}", "(".repeat(50_000), ")".repeat(50_000)), "a{1000}".repeat(1000)]
    {
        let reported = option_problems(&json!({"type": "string", "validation": {"regex": regex}}), "b");
        assert!(reported.len() <= 1);
    }
}
