//! Receives the body of a request and verifies its signature.

use std::error::Error;
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::task::Poll;
use std::time::{Duration, Instant};

use bytes::{Buf, BufMut, Bytes, BytesMut};
use http::header::{CONTENT_ENCODING, CONTENT_TYPE};
use http::request::Parts;
use http::{HeaderMap, HeaderName, HeaderValue};
use http_body::Body;
use http_body_util::{BodyExt, LengthLimitError};
use tokio::sync::Semaphore;

use super::config::WebhookConfig;
use super::rejection::{BodyLimit, Rejection};
use super::signature::{SignatureVerifier, UnverifiedSignature};
use crate::deadline::within;

/// A complete body with a valid signature, or any complete body if verification is off.
#[derive(Debug)]
pub(super) struct AcceptedBody(Bytes);

/// Receives bodies, within limits of size, time and number, and verifies their signatures.
#[derive(Debug)]
pub(super) struct BodyReceiver {
    /// `None` if verification is off.
    verifier: Option<SignatureVerifier>,
    signature_header: HeaderName,
    body_limit: usize,
    limit: BodyLimit,
    body_timeout: Duration,
    /// Bodies that did not arrive with the headers. They do not count as running calls, so that a client without the
    /// secret cannot block calls.
    pending_bodies: Semaphore,
}

impl BodyReceiver {
    /// Receives the bodies of calls. The default limit bounds the time of reading the arguments, which no deadline can
    /// interrupt.
    pub(super) fn for_calls(config: &WebhookConfig) -> Self {
        Self::new(config, 256 * 1024, BodyLimit::Calls)
    }

    /// Receives session-end reports, which contain whole conversations.
    pub(super) fn for_reports(config: &WebhookConfig) -> Self {
        Self::new(config, 4 * 1024 * 1024, BodyLimit::Reports)
    }

    /// Logs a warning if verification is off, and an error if all secrets are empty.
    fn new(config: &WebhookConfig, default_limit: usize, limit: BodyLimit) -> Self {
        let verifier = config.secrets.as_deref().map(SignatureVerifier::new);
        if verifier.is_none() {
            tracing::warn!("webhooks are served without verification: any client that can reach them can call tools");
        }
        if let Err(error) = config.check_secrets() {
            tracing::error!(%error, "every request will be rejected");
        }
        Self {
            verifier,
            signature_header: config.signature_header.clone(),
            body_limit: config.body_limit.unwrap_or(default_limit),
            limit,
            body_timeout: config.timeout,
            pending_bodies: Semaphore::new(config.concurrency),
        }
    }

    /// Requests without a well-formed signature header are rejected before the body is read.
    pub(super) async fn receive<B>(&self, parts: &Parts, body: B, arrived: Instant) -> Result<AcceptedBody, Rejection>
    where
        B: Body<Error: Into<Box<dyn Error + Send + Sync>>>,
    {
        let signature = self.signature(&parts.headers)?;
        let bytes = self.read(body, arrived + self.body_timeout).await?;
        if let Some(signature) = signature {
            signature.verify(&bytes).map_err(Rejection::Unauthorized)?;
        }
        Ok(AcceptedBody(bytes))
    }

    /// Returns `None` if verification is off.
    pub(super) fn verifier(&self) -> Option<&SignatureVerifier> {
        self.verifier.as_ref()
    }

    /// Returns `None` if verification is off.
    fn signature(&self, headers: &HeaderMap) -> Result<Option<UnverifiedSignature<'_>>, Rejection> {
        let Some(verifier) = &self.verifier else { return Ok(None) };
        let header = headers.get(&self.signature_header).map(HeaderValue::as_bytes);
        verifier.parse(header).map(Some).map_err(Rejection::Unauthorized)
    }

    async fn read<B>(&self, body: B, deadline: Instant) -> Result<Bytes, Rejection>
    where
        B: Body<Error: Into<Box<dyn Error + Send + Sync>>>,
    {
        let expected = usize::try_from(body.size_hint().lower()).unwrap_or(usize::MAX);
        if expected > self.body_limit {
            return Err(Rejection::BodyTooLarge(self.limit));
        }
        let mut body = pin!(self.collect(body));
        // Most bodies arrive with the headers; only slower ones count against the limit.
        if let Poll::Ready(read) = poll_fn(|context| Poll::Ready(body.as_mut().poll(context))).await {
            return read;
        }
        let _permit = self.pending_bodies.try_acquire().map_err(|_| Rejection::TooManyBodies)?;
        within(deadline, body).await.unwrap_or(Err(Rejection::BodyTimeout))
    }

    /// Reads a whole body. A body in one piece, as most are, is not copied.
    async fn collect<B>(&self, body: B) -> Result<Bytes, Rejection>
    where
        B: Body<Error: Into<Box<dyn Error + Send + Sync>>>,
    {
        let mut body = pin!(body);
        let mut first = Bytes::new();
        let mut all = BytesMut::new();
        while let Some(frame) = body.frame().await {
            let Ok(mut data) = frame.map_err(rejection_of)?.into_data() else { continue };
            if data.remaining() > self.body_limit - first.len() - all.len() {
                return Err(Rejection::BodyTooLarge(self.limit));
            }
            if first.is_empty() && all.is_empty() {
                // Does not copy `Bytes`.
                first = data.copy_to_bytes(data.remaining());
                if body.is_end_stream() {
                    return Ok(first);
                }
            } else {
                all.extend_from_slice(&std::mem::take(&mut first));
                all.put(data);
            }
        }
        Ok(if all.is_empty() { first } else { all.freeze() })
    }
}

impl AcceptedBody {
    /// Returns the bytes if they may be an array, which Coral never sends and a probe is.
    pub(super) fn array(&self) -> Option<&[u8]> {
        self.0.starts_with(b"[").then_some(&self.0[..])
    }

    /// Returns the bytes if the headers do not declare them as something other than JSON.
    pub(super) fn json(&self, headers: &HeaderMap) -> Result<&[u8], Rejection> {
        if declares_json(headers) { Ok(&self.0) } else { Err(Rejection::UnsupportedMediaType) }
    }
}

fn rejection_of(error: impl Into<Box<dyn Error + Send + Sync>>) -> Rejection {
    match is_length_limit(&*error.into()) {
        true => Rejection::BodyTooLarge(BodyLimit::Middleware),
        false => Rejection::BodyInterrupted,
    }
}

/// Whether a middleware's limit caused the error.
fn is_length_limit(error: &(dyn Error + 'static)) -> bool {
    error.is::<LengthLimitError>() || error.source().is_some_and(is_length_limit)
}

/// A missing media type is accepted: a proxy may remove it, and the parser decides anyway.
fn declares_json(headers: &HeaderMap) -> bool {
    let is_encoded =
        headers.get(CONTENT_ENCODING).is_some_and(|value| !value.as_bytes().eq_ignore_ascii_case(b"identity"));
    headers.get(CONTENT_TYPE).is_none_or(|value| is_json(value.as_bytes())) && !is_encoded
}

fn is_json(media_type: &[u8]) -> bool {
    let essence = media_type.split(|byte| *byte == b';').next().unwrap_or_default().trim_ascii();
    let suffix = &essence[essence.len().saturating_sub(5)..];
    essence.eq_ignore_ascii_case(b"application/json") || suffix.eq_ignore_ascii_case(b"+json")
}
