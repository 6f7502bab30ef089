//! What the builder accepts, servers accept.

use coral_tools::Dialect;
use fastrand::Rng;
use serde_json::Value;

use super::decoder::decode;
use super::generate;

const REQUESTS: u64 = 1_000;

#[test]
fn what_is_written_is_taken() {
    for (dialect, least) in [(Dialect::Server1_2, REQUESTS / 4), (Dialect::Server1_1, REQUESTS / 20)] {
        let mut written = 0;
        for seed in 0..REQUESTS {
            let request = generate::request(&mut Rng::with_seed(seed));
            if let Ok(body) = request.to_json(dialect) {
                assert_eq!(decode(dialect, &body.to_string()), Ok(()), "{dialect:?}, {seed}: {body:#}");
                written += 1;
            }
        }
        assert!((least..REQUESTS).contains(&written), "{written} of {REQUESTS} for {dialect:?} were sound");
    }
}

#[test]
fn a_dialect_only_adds_to_what_is_wrong() {
    for seed in 0..REQUESTS {
        let request = generate::request(&mut Rng::with_seed(seed));
        let Err(wrong) = request.check() else { continue };
        for dialect in [Dialect::Next, Dialect::Cloud, Dialect::Nested] {
            let errors = request.to_json(dialect).expect_err("something is wrong");
            assert!(wrong.iter().eq(errors.iter().take(wrong.iter().len())), "{seed}: {errors}");
        }
    }
}

#[test]
fn null_is_never_written() {
    for seed in 0..REQUESTS {
        let request = generate::request(&mut Rng::with_seed(seed));
        for dialect in [Dialect::Next, Dialect::Cloud, Dialect::Nested] {
            let body = request.to_json(dialect).unwrap_or_default();
            // Schemas of tools are JSON of their own.
            let parts = ["/agentGraphRequest/agents", "/namespaceProvider", "/execution", "/sessionRuntimeSettings"];
            let parts = parts.into_iter().filter_map(|part| body.pointer(part));
            parts.for_each(|part| assert!(!has_null(part), "{seed}: {part:#}"));
        }
    }
}

fn has_null(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(items) => items.iter().any(has_null),
        Value::Object(fields) => fields.values().any(has_null),
        _ => false,
    }
}
