//! Responds to probes, by which an application tests the public URL of its webhooks.
//!
//! Every probe is verified before anything else is read from it, by the signature of its body or by that of its token.

mod limit;
mod message;

use std::collections::BTreeMap;
use std::sync::Arc;

use http::header::CONTENT_TYPE;
use http::request::Parts;
use http::{HeaderName, HeaderValue, Response, StatusCode};

use self::limit::RateLimit;
pub(crate) use self::message::{ProbeReceipt, ProbeToken, SignedReceipt, header_digest, instance_id};
use self::message::{ReceivedAddress, ReceivedRejection, signed_nonce};
use super::address::CallAddress;
use super::config::WebhookConfig;
use super::rejection::Rejection;
use super::response::{self, ResponseBody};
use super::signature::SignatureVerifier;
use crate::toolset::Toolset;

const MAX_PATH_BYTES: usize = 512;

/// Responds to probes, at most a number of them per second.
#[derive(Debug, Default)]
pub(super) struct ProbeResponder {
    rate: RateLimit,
}

/// The request that may be a probe, and the webhooks that received it.
pub(super) struct ReceivedRequest<'a, S> {
    pub(super) parts: &'a Parts,
    pub(super) config: &'a WebhookConfig,
    /// `None` if verification is off.
    pub(super) verifier: Option<Arc<SignatureVerifier>>,
    pub(super) tools: &'a Toolset<S>,
}

impl ProbeResponder {
    /// Responds to an accepted body. Returns `None` if it is not that of a probe.
    #[cold]
    pub(super) fn respond<S>(&self, request: &ReceivedRequest<'_, S>, body: &[u8]) -> Option<Response<ResponseBody>> {
        let token = ProbeToken::from_body(body)?;
        self.respond_to_token(request, &token, None)
    }

    /// Responds to a request that was rejected. Returns `None` if its path and headers are not those of a probe, or if its
    /// token is not valid: an unverified client learns nothing.
    #[cold]
    pub(super) fn explain<S>(
        &self,
        request: &ReceivedRequest<'_, S>,
        rejection: &Rejection,
    ) -> Option<Response<ResponseBody>> {
        request.verifier.as_ref()?;
        let token = token_in_path(request.parts).or_else(|| token_in_headers(request))?;
        self.respond_to_token(request, &token, Some(rejection))
    }

    fn respond_to_token<S>(
        &self,
        request: &ReceivedRequest<'_, S>,
        token: &ProbeToken,
        rejection: Option<&Rejection>,
    ) -> Option<Response<ResponseBody>> {
        let (nonce, signature) = (signed_nonce(token.nonce()), token.signature());
        // Signs with the key of the token, which also verifies the token.
        let sign = |text: &[u8]| request.verifier.as_ref()?.sign_like(signature, nonce.as_bytes(), text);
        if request.verifier.is_some() && sign(b"").is_none() {
            return None;
        }
        if !self.rate.try_acquire() {
            tracing::debug!("too many webhook probes per second");
            return Some(response::empty(StatusCode::TOO_MANY_REQUESTS));
        }
        let receipt = request.receipt(token, rejection);
        tracing::debug!(path = receipt.path, rejected = rejection.is_some(), "received a webhook probe");
        let signed = SignedReceipt::new(&receipt, |text| sign(text.as_bytes()))?;
        Some(response::json(StatusCode::OK, serde_json::to_vec(&signed).ok()?))
    }
}

impl<S> ReceivedRequest<'_, S> {
    fn receipt(&self, token: &ProbeToken, rejection: Option<&Rejection>) -> ProbeReceipt {
        let path = self.parts.uri.path();
        ProbeReceipt {
            nonce: token.nonce().to_owned(),
            instance: instance_id().to_owned(),
            path: path.get(..MAX_PATH_BYTES).unwrap_or(path).to_owned(),
            address: self.address(),
            signature_header: self.config.signature_header.as_str().to_owned(),
            headers: self.header_digests(),
            rejection: rejection.map(|rejection| ReceivedRejection {
                status: rejection.status().as_u16(),
                reason: rejection.reason().to_owned(),
            }),
        }
    }

    fn address(&self) -> Option<ReceivedAddress> {
        let address =
            CallAddress::from_request(self.parts, &self.config.caller_headers, self.config.session_ids).ok()?;
        Some(ReceivedAddress {
            tool: limited(address.tool),
            is_known_tool: self.tools.descriptor(address.tool).is_some(),
            session: limited(&address.session),
            agent: address.agent.as_deref().map(limited),
        })
    }

    fn header_digests(&self) -> BTreeMap<String, String> {
        let coral = ["x-coral-namespace", "x-coral-sessionid", "x-coral-agentname"].map(HeaderName::from_static);
        let names = coral.into_iter().chain([CONTENT_TYPE, self.config.signature_header.clone()]);
        names.filter_map(|name| Some((name.as_str().to_owned(), self.header_digest(&name)?))).collect()
    }

    fn header_digest(&self, name: &HeaderName) -> Option<String> {
        let mut values = self.parts.headers.get_all(name).into_iter().map(HeaderValue::as_bytes).peekable();
        values.peek()?;
        Some(header_digest(values))
    }
}

fn limited(text: &str) -> String {
    text.chars().take(256).collect()
}

/// Reads the token from the end of the path, where Coral appends the session and the agent.
fn token_in_path(parts: &Parts) -> Option<ProbeToken> {
    let mut segments = parts.uri.path().trim_end_matches('/').rsplit('/');
    let (agent, session) = (segments.next()?, segments.next()?);
    ProbeToken::from_caller(session, agent)
}

/// Reads the token from the headers to which a proxy has moved the session and the agent.
fn token_in_headers<S>(request: &ReceivedRequest<'_, S>) -> Option<ProbeToken> {
    let names = &request.config.caller_headers;
    let value = |name: &HeaderName| request.parts.headers.get(name)?.to_str().ok();
    ProbeToken::from_caller(value(names.session.as_ref()?)?, value(names.agent.as_ref()?)?)
}
