//! From a request's body to bytes whose sender is known.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::task::Poll;
use std::time::{Duration, Instant};

use axum::body::Body;
use bytes::{Bytes, BytesMut};
use http::header::{CONTENT_ENCODING, CONTENT_TYPE};
use http::request::Parts;
use http::{HeaderMap, HeaderName};
use http_body::Body as _;
use http_body_util::{BodyExt, LengthLimitError};
use tokio::sync::Semaphore;

use super::config::Webhooks;
use super::rejection::Rejection;
use super::signature::{Claim, Verifier};
use crate::within::within;

/// A body that somebody who knows the secret has sent. The only way to the arguments.
#[derive(Debug)]
pub(super) struct Signed(Bytes);

/// How bodies are received and verified.
#[derive(Debug)]
pub(super) struct Reception {
    /// `None` where calls are not verified.
    verifier: Option<Verifier>,
    signature_header: HeaderName,
    body_limit: usize,
    body_timeout: Duration,
    /// Bodies that are waited for. Apart from the calls that run, whose room is kept for those who know the secret.
    awaited: Semaphore,
}

impl Reception {
    pub(super) fn new(config: &Webhooks) -> Self {
        let verifier = config.secrets.as_deref().map(Verifier::new);
        report(verifier.as_ref());
        Self {
            verifier,
            signature_header: config.signature_header.clone(),
            body_limit: config.body_limit,
            body_timeout: config.timeout,
            awaited: Semaphore::new(config.concurrency),
        }
    }

    /// Whoever claims no signature is refused before the body is read.
    pub(super) async fn receive(&self, parts: &Parts, body: Body, arrived: Instant) -> Result<Signed, Rejection> {
        let claim = self.claim(&parts.headers)?;
        let bytes = self.read(body, arrived + self.body_timeout).await?;
        if let Some(claim) = claim {
            claim.verify(&bytes).map_err(Rejection::Unauthorized)?;
        }
        Ok(Signed(bytes))
    }

    /// `None` where calls are not verified.
    fn claim(&self, headers: &HeaderMap) -> Result<Option<Claim<'_>>, Rejection> {
        let Some(verifier) = &self.verifier else { return Ok(None) };
        let header = headers.get(&self.signature_header).map(http::HeaderValue::as_bytes);
        verifier.claim(header).map(Some).map_err(Rejection::Unauthorized)
    }

    async fn read(&self, body: Body, deadline: Instant) -> Result<Bytes, Rejection> {
        let announced = usize::try_from(body.size_hint().lower()).unwrap_or(usize::MAX);
        if announced > self.body_limit {
            return Err(Rejection::TooLarge);
        }
        let mut body = pin!(whole(body, self.body_limit));
        // Most bodies have come with their head, and take no room from those that are late, nor they from them.
        if let Poll::Ready(read) = poll_fn(|task| Poll::Ready(body.as_mut().poll(task))).await {
            return read;
        }
        let _room = self.awaited.try_acquire().map_err(|_| Rejection::Overloaded)?;
        within(deadline, body).await.unwrap_or(Err(Rejection::TooSlow))
    }
}

/// Says at start-up what would otherwise be found out call by call.
fn report(verifier: Option<&Verifier>) {
    match verifier {
        None => {
            tracing::warn!("webhooks are served without verification: anybody who can reach them is taken for Coral");
        }
        Some(verifier) if verifier.is_empty() => {
            tracing::error!("no secret holds a key, so every call will be refused");
        }
        Some(_) => {}
    }
}

impl Signed {
    /// The arguments, or the report: a body of JSON, by its own account.
    pub(super) fn json(&self, headers: &HeaderMap) -> Result<&[u8], Rejection> {
        if is_plain_json(headers) { Ok(&self.0) } else { Err(Rejection::UnsupportedMediaType) }
    }
}

/// The whole body. One that arrives in one piece, as most do, is not copied.
async fn whole(mut body: Body, limit: usize) -> Result<Bytes, Rejection> {
    let mut first = Bytes::new();
    let mut all = BytesMut::new();
    while let Some(frame) = body.frame().await {
        let frame =
            frame.map_err(|error| if is_too_large(&error) { Rejection::TooLarge } else { Rejection::Broken })?;
        let Ok(data) = frame.into_data() else { continue };
        if data.len() > limit - first.len() - all.len() {
            return Err(Rejection::TooLarge);
        }
        if first.is_empty() && all.is_empty() {
            if body.is_end_stream() {
                return Ok(data);
            }
            first = data;
        } else {
            all.extend_from_slice(&std::mem::take(&mut first));
            all.extend_from_slice(&data);
        }
    }
    Ok(if all.is_empty() { first } else { all.freeze() })
}

/// A limit that a layer in front has set.
fn is_too_large(error: &(dyn std::error::Error + 'static)) -> bool {
    error.is::<LengthLimitError>() || error.source().is_some_and(is_too_large)
}

/// A missing type is taken for JSON: a proxy may drop it, and the parser decides anyway.
fn is_plain_json(headers: &HeaderMap) -> bool {
    let encoded =
        headers.get(CONTENT_ENCODING).is_some_and(|value| !value.as_bytes().eq_ignore_ascii_case(b"identity"));
    headers.get(CONTENT_TYPE).is_none_or(|value| is_json(value.as_bytes())) && !encoded
}

fn is_json(media_type: &[u8]) -> bool {
    let essence = media_type.split(|byte| *byte == b';').next().unwrap_or_default().trim_ascii();
    let suffix = &essence[essence.len().saturating_sub(5)..];
    essence.eq_ignore_ascii_case(b"application/json") || suffix.eq_ignore_ascii_case(b"+json")
}
