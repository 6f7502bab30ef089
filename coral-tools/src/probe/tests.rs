//! Tests of the evaluation of responses, without a network.

use std::time::Duration;

use serde_json::json;

use super::failure::ProbeFailure;
use super::http::ProbeResponse;
use super::report::{ProbeInstance, ProbeSuccess, ProbeWarning};
use super::request::ProbeRequest;
use super::verdict::evaluate;
use crate::session::base_url::BaseUrl;
use crate::webhook::Secret;
use crate::webhook::probe::instance_id;

fn secret() -> Secret {
    Secret::new("secret")
}

fn request() -> ProbeRequest {
    let url = BaseUrl::new("https://h/coral/ping").expect("a URL");
    ProbeRequest::new("ping", &url, "X-Coral-Signature", &secret()).expect("a request")
}

/// The response of webhooks that received the request unchanged.
fn response(request: &ProbeRequest, instance: &str, nonce: &str) -> ProbeResponse {
    let headers: serde_json::Map<_, _> =
        request.header_digests().map(|(name, digest)| (name.to_owned(), digest.into())).collect();
    let receipt = json!({
        "nonce": nonce,
        "instance": instance,
        "path": request.call_path(),
        "address": {
            "tool": "ping",
            "is_known_tool": true,
            "session": request.token.nonce(),
            "agent": request.token.agent_name(),
        },
        "signature_header": "x-coral-signature",
        "headers": headers,
        "rejection": null,
    });
    let receipt = receipt.to_string();
    let proof = secret().sign(format!("coral-tools probe receipt\n{receipt}"));
    let body = json!({"receipt": receipt, "proof": proof}).to_string().into_bytes();
    ProbeResponse { status: 200, location: None, asks_for_signature: false, body }
}

fn result_after(latency: Duration) -> Result<ProbeSuccess, ProbeFailure> {
    let request = request();
    evaluate(&request, &secret(), &response(&request, instance_id(), request.token.nonce()), latency)
}

#[test]
fn the_latency_is_compared_with_the_time_that_coral_waits() {
    let fast = result_after(Duration::from_millis(999)).expect("reached");
    assert_eq!((fast.warnings(), fast.latency()), (&[][..], Duration::from_millis(999)));
    let slow = result_after(Duration::from_secs(4)).expect("reached");
    assert_eq!(slow.warnings(), [ProbeWarning::Slow]);
    assert!(slow.to_string().contains("11.0s are left for the tool"), "{slow}");
    let latency = Duration::from_secs(13);
    assert_eq!(result_after(latency), Err(ProbeFailure::TooSlow { latency }));
}

#[test]
fn another_process_with_the_secret_is_accepted_and_named() {
    let request = request();
    let response = response(&request, "another-process", request.token.nonce());
    let success = evaluate(&request, &secret(), &response, Duration::ZERO).expect("reached");
    assert_eq!(*success.instance(), ProbeInstance::Other("another-process".to_owned()));
}

#[test]
fn the_receipt_of_another_probe_or_secret_is_rejected() {
    let request = request();
    let different = |response: &ProbeResponse, secret: &Secret| {
        let result = evaluate(&request, secret, response, Duration::ZERO);
        matches!(result, Err(ProbeFailure::DifferentApplication { .. }))
    };
    assert!(different(&response(&request, "i", "another-nonce"), &secret()));
    assert!(different(&response(&request, "i", request.token.nonce()), &Secret::new("another")));
}
