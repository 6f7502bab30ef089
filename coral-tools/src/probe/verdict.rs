//! Evaluates a response: whether the request reached the webhooks unchanged.

use std::time::Duration;

use super::failure::ProbeFailure;
use super::http::ProbeResponse;
use super::problem::{PathProblem, RequestChange};
use super::report::{ProbeInstance, ProbeSuccess, ProbeWarning};
use super::request::ProbeRequest;
use crate::session::url_grammar::without_secrets;
use crate::webhook::Secret;
use crate::webhook::probe::{ProbeReceipt, SignedReceipt, instance_id};

/// A way to the webhooks that takes longer is worth a look.
const SLOW: Duration = Duration::from_secs(1);
/// Coral waits 15 s, so less than 2 s would be left for the tool.
const TOO_SLOW: Duration = Duration::from_secs(13);

/// Evaluates the response to a probe that took `latency`.
pub(super) fn evaluate(
    request: &ProbeRequest,
    secret: &Secret,
    response: &ProbeResponse,
    latency: Duration,
) -> Result<ProbeSuccess, ProbeFailure> {
    let receipt = receipt(request, secret, response)?;
    check_signature(request, &receipt)?;
    check_path(request, &receipt)?;
    if latency >= TOO_SLOW {
        return Err(ProbeFailure::TooSlow { latency });
    }
    let slow = (latency >= SLOW).then_some(ProbeWarning::Slow);
    let warnings =
        changed_headers(request, &receipt).into_iter().map(ProbeWarning::ChangedHeader).chain(slow).collect();
    let instance = if receipt.instance == instance_id() {
        ProbeInstance::ThisProcess
    } else {
        ProbeInstance::Other(receipt.instance)
    };
    Ok(ProbeSuccess { latency, instance, warnings })
}

/// Returns the receipt, if the webhooks have made it for this probe.
fn receipt(request: &ProbeRequest, secret: &Secret, response: &ProbeResponse) -> Result<ProbeReceipt, ProbeFailure> {
    match response.status {
        200 => {}
        status @ 300..=399 => {
            let location = response.location.as_deref().map(without_secrets);
            return Err(ProbeFailure::Redirect { status, location });
        }
        401 if response.asks_for_signature => return Err(ProbeFailure::SignatureRejected),
        status => return Err(ProbeFailure::Status { status }),
    }
    let different = |reason: &str| ProbeFailure::DifferentApplication { reason: reason.to_owned() };
    let signed: SignedReceipt =
        serde_json::from_slice(&response.body).map_err(|_| different("its response is not a receipt of a probe"))?;
    let receipt = signed.receipt().ok_or_else(|| different("its receipt has an unknown form"))?;
    if signed.proof.is_none() {
        return Err(ProbeFailure::Unverified);
    }
    if !signed.is_signed_with(secret) {
        return Err(different("its receipt is not signed with this secret"));
    }
    if receipt.nonce != request.token.nonce() {
        return Err(different("it returned the receipt of another probe; a cache?"));
    }
    Ok(receipt)
}

/// Returns why the webhooks rejected the probe, if they did.
fn check_signature(request: &ProbeRequest, receipt: &ProbeReceipt) -> Result<(), ProbeFailure> {
    let Some(rejection) = &receipt.rejection else { return Ok(()) };
    if receipt.signature_header != request.signature_header {
        let (sent, expected) = (request.signature_header.clone(), receipt.signature_header.clone());
        return Err(ProbeFailure::SignatureHeader { sent, expected });
    }
    let mut changes = changed_headers(request, receipt);
    if rejection.status == 401 {
        // The token is signed with the same key, so the header or the body has changed.
        changes.retain(|change| is_of(change, &request.signature_header));
        return Err(ProbeFailure::ChangedRequest(changes.pop().unwrap_or(RequestChange::Body)));
    }
    if rejection.status == 415
        && let Some(change) = changes.into_iter().find(|change| is_of(change, "content-type"))
    {
        return Err(ProbeFailure::ChangedRequest(change));
    }
    Err(ProbeFailure::Rejected { status: rejection.status, reason: rejection.reason.clone() })
}

fn is_of(change: &RequestChange, header: &str) -> bool {
    match change {
        RequestChange::HeaderRemoved(name) | RequestChange::HeaderChanged(name) => name == header,
        RequestChange::Body => false,
    }
}

/// Compares the headers that the webhooks received with those that were sent.
fn changed_headers(request: &ProbeRequest, receipt: &ProbeReceipt) -> Vec<RequestChange> {
    let change = |(name, sent): (&str, String)| match receipt.headers.get(name) {
        None => Some(RequestChange::HeaderRemoved(name.to_owned())),
        Some(received) if *received != sent => Some(RequestChange::HeaderChanged(name.to_owned())),
        Some(_) => None,
    };
    request.header_digests().filter_map(change).collect()
}

fn check_path(request: &ProbeRequest, receipt: &ProbeReceipt) -> Result<(), ProbeFailure> {
    let address = receipt.address.as_ref().filter(|address| {
        address.tool == request.tool
            && address.session == request.token.nonce()
            && address.agent.as_deref() == Some(request.token.agent_name().as_str())
    });
    match address {
        Some(address) if address.is_known_tool => Ok(()),
        Some(_) => Err(ProbeFailure::UnknownTool { tool: request.tool.clone() }),
        None => Err(ProbeFailure::Path(path_problem(request, &receipt.path))),
    }
}

fn path_problem(request: &ProbeRequest, received: &str) -> PathProblem {
    let received = received.trim_end_matches('/');
    match received.strip_suffix(&request.call_path()).map(|prefix| prefix.trim_end_matches('/')) {
        Some(prefix) if !prefix.is_empty() => {
            let is_tool = prefix.rsplit('/').next() == Some(&request.tool);
            PathProblem::Extra { prefix: prefix.to_owned(), is_tool }
        }
        _ => {
            // The token is not shown.
            let shown = received.replace(&request.token.agent_name(), "{agent}");
            PathProblem::WithoutTool { received: shown.replace(request.token.nonce(), "{session}") }
        }
    }
}
