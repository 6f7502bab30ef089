//! Servers accept every request that the builder accepts.

use coral_stand_in::coral::{CoralStandIn, EmulatedVersion};
use coral_tools::{Coral, Dialect};
use fastrand::Rng;
use serde_json::Value;

use super::decoder::decode;
use super::generate;

const REQUESTS: u64 = 1_000;

#[test]
fn rendered_requests_are_accepted() {
    for (dialect, least) in [(Dialect::Server1_2, REQUESTS / 4), (Dialect::Server1_1, REQUESTS / 20)] {
        let mut written = 0;
        for seed in 0..REQUESTS {
            let request = generate::request(&mut Rng::with_seed(seed));
            if let Ok(body) = request.to_json(dialect) {
                assert_eq!(decode(dialect, &body.to_string()), Ok(()), "{dialect:?}, {seed}: {body:#}");
                written += 1;
            }
        }
        assert!((least..REQUESTS).contains(&written), "{written} of {REQUESTS} for {dialect:?} were valid");
    }
}

/// The stand-in has a decoder of its own, written independently of this one and of the renderer.
#[tokio::test]
async fn rendered_requests_are_accepted_by_the_stand_in() {
    let each = [
        (EmulatedVersion::Server1_2, Dialect::Server1_2),
        (EmulatedVersion::Server1_1, Dialect::Server1_1),
        (EmulatedVersion::Cloud, Dialect::Cloud),
    ];
    for (version, dialect) in each {
        let stand_in = CoralStandIn::builder().emulates(version).start().await.expect("a stand-in");
        let coral = Coral::server(stand_in.url(), stand_in.key()).dialect(dialect);
        let mut sent = 0;
        for seed in 0..REQUESTS / 4 {
            let request = generate::request(&mut Rng::with_seed(seed));
            if request.to_json(dialect).is_err() {
                continue;
            }
            sent += 1;
            // The request is decoded, and the server then rejects its agents, which are in no registry.
            let error = coral.create_session(&request).await.expect_err("no such agents");
            let message = error.server_message().unwrap_or_default();
            assert!(!message.starts_with("Failed to convert") && !message.is_empty(), "{version:?}, {seed}: {error}");
        }
        assert!(sent > REQUESTS / 80, "{sent} for {version:?}");
    }
}

#[test]
fn a_dialect_only_adds_problems() {
    for seed in 0..REQUESTS {
        let request = generate::request(&mut Rng::with_seed(seed));
        let Err(problems) = request.check() else { continue };
        for dialect in [Dialect::Next, Dialect::Cloud, Dialect::Nested] {
            let errors = request.to_json(dialect).expect_err("problems");
            assert!(problems.iter().eq(errors.iter().take(problems.iter().len())), "{seed}: {errors}");
        }
    }
}

#[test]
fn null_is_never_rendered() {
    for seed in 0..REQUESTS {
        let request = generate::request(&mut Rng::with_seed(seed));
        for dialect in [Dialect::Next, Dialect::Cloud, Dialect::Nested] {
            let body = request.to_json(dialect).unwrap_or_default();
            // Schemas of tools may contain `null`.
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
