//! Receives the body of a request and verifies its signature.

use std::error::Error;
use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::{Duration, Instant};

use bytes::Bytes;
use http::header::{CONTENT_ENCODING, CONTENT_TYPE};
use http::request::Parts;
use http::{HeaderMap, HeaderName, HeaderValue};
use http_body::Body;
use http_body_util::LengthLimitError;
use tokio::time::sleep_until;

use super::body_buffer::BodyBuffer;
use super::config::WebhookConfig;
use super::rejection::{BodyLimit, Rejection};
use super::rotating_secrets::RotatingSecrets;
use super::signature::{SignatureError, SignatureVerifier, UnverifiedSignature};
use super::unverified_bodies::{OVERHEAD, UnverifiedBodies};

/// A complete body with a valid signature, or any complete body if verification is off.
#[derive(Debug)]
pub(super) struct AcceptedBody(Bytes);

/// Receives bodies, within limits of size, time and memory, and verifies their signatures.
#[derive(Debug)]
pub(super) struct BodyReceiver {
    /// `None` if verification is off.
    secrets: Option<RotatingSecrets>,
    signature_header: HeaderName,
    body_limit: usize,
    limit: BodyLimit,
    timeout: Duration,
    body_timeout: Duration,
    /// In bytes per second.
    min_body_rate: usize,
    /// Bodies that did not arrive with the headers. They do not count as running calls, so that a client without the
    /// secret cannot block calls.
    unverified: UnverifiedBodies,
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
        if config.secrets.is_none() {
            tracing::warn!("webhooks are served without verification: any client that can reach them can call tools");
        }
        if let Err(error) = config.check_secrets() {
            tracing::error!(%error, "every request will be rejected");
        }
        let body_limit = config.body_limit.unwrap_or(default_limit);
        Self {
            secrets: config.secrets.clone(),
            signature_header: config.signature_header.clone(),
            body_limit,
            limit,
            timeout: config.timeout,
            body_timeout: config.body_timeout,
            min_body_rate: config.min_body_rate,
            // The largest body fits.
            unverified: UnverifiedBodies::new(config.unverified_bytes.max(body_limit.saturating_add(OVERHEAD))),
        }
    }

    /// Requests without a well-formed signature header are rejected before the body is read.
    pub(super) async fn receive<B>(&self, parts: &Parts, body: B, arrived: Instant) -> Result<AcceptedBody, Rejection>
    where
        B: Body<Error: Into<Box<dyn Error + Send + Sync>>>,
    {
        let signature = self.signature(&parts.headers)?;
        let bytes = self.read(body, arrived).await?;
        if let Some(signature) = signature {
            signature.verify(&bytes).map_err(Rejection::Unauthorized)?;
        }
        Ok(AcceptedBody(bytes))
    }

    /// Returns `None` if verification is off.
    pub(super) fn verifier(&self) -> Option<Arc<SignatureVerifier>> {
        self.secrets.as_ref().map(RotatingSecrets::verifier)
    }

    /// Returns `None` if verification is off.
    fn signature(&self, headers: &HeaderMap) -> Result<Option<UnverifiedSignature>, Rejection> {
        let Some(secrets) = &self.secrets else { return Ok(None) };
        let mut values = headers.get_all(&self.signature_header).iter().map(HeaderValue::as_bytes);
        let header = values.next();
        if values.next().is_some() {
            return Err(Rejection::Unauthorized(SignatureError::Repeated));
        }
        UnverifiedSignature::parse(header, secrets.verifier()).map(Some).map_err(Rejection::Unauthorized)
    }

    async fn read<B>(&self, body: B, arrived: Instant) -> Result<Bytes, Rejection>
    where
        B: Body<Error: Into<Box<dyn Error + Send + Sync>>>,
    {
        let expected = usize::try_from(body.size_hint().lower()).unwrap_or(usize::MAX);
        if expected > self.body_limit {
            return Err(Rejection::BodyTooLarge(self.limit));
        }
        let (mut body, mut buffer) = (pin!(body), BodyBuffer::default());
        // Most bodies arrive with the headers; only later ones need a timer and count in the budget.
        match poll_fn(|context| Poll::Ready(self.poll_read(body.as_mut(), &mut buffer, context))).await {
            Poll::Ready(read) => read?,
            Poll::Pending => Box::pin(self.read_late(body, &mut buffer, arrived)).await?,
        }
        Ok(buffer.into_bytes())
    }

    /// Reads the rest of a body that did not arrive with the headers.
    async fn read_late<B>(
        &self,
        mut body: Pin<&mut B>,
        buffer: &mut BodyBuffer,
        arrived: Instant,
    ) -> Result<(), Rejection>
    where
        B: Body<Error: Into<Box<dyn Error + Send + Sync>>>,
    {
        let mut counted = self.unverified.add();
        let mut timer = pin!(sleep_until(self.deadline(arrived, 0).into()));
        poll_fn(|context| {
            if let read @ Poll::Ready(_) = self.poll_read(body.as_mut(), buffer, context) {
                return read;
            }
            counted.count(buffer.len());
            if counted.poll_evicted(context).is_ready() {
                return Poll::Ready(Err(Rejection::BodyEvicted));
            }
            timer.as_mut().reset(self.deadline(arrived, buffer.len()).into());
            timer.as_mut().poll(context).map(|()| Err(Rejection::BodyTimeout))
        })
        .await
    }

    /// Reads what has arrived. Is ready at the end of the body.
    fn poll_read<B>(
        &self,
        mut body: Pin<&mut B>,
        buffer: &mut BodyBuffer,
        context: &mut Context<'_>,
    ) -> Poll<Result<(), Rejection>>
    where
        B: Body<Error: Into<Box<dyn Error + Send + Sync>>>,
    {
        while let Some(frame) = ready!(body.as_mut().poll_frame(context)) {
            let Ok(data) = frame.map_err(rejection_of)?.into_data() else { continue };
            if !buffer.push(data, self.body_limit) {
                return Poll::Ready(Err(Rejection::BodyTooLarge(self.limit)));
            }
            if body.is_end_stream() {
                break;
            }
        }
        Poll::Ready(Ok(()))
    }

    /// Returns when a body of which `received` bytes have arrived must be complete.
    fn deadline(&self, arrived: Instant, received: usize) -> Instant {
        let at_min_rate = Duration::from_secs_f64(received as f64 / self.min_body_rate as f64);
        arrived + self.body_timeout.saturating_add(at_min_rate).min(self.timeout)
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
    let is_identity = |value: &HeaderValue| value.as_bytes().eq_ignore_ascii_case(b"identity");
    headers.get_all(CONTENT_TYPE).iter().all(|value| is_json(value.as_bytes()))
        && headers.get_all(CONTENT_ENCODING).iter().all(is_identity)
}

fn is_json(media_type: &[u8]) -> bool {
    if media_type == b"application/json" {
        return true;
    }
    let essence = media_type.split(|byte| *byte == b';').next().unwrap_or_default().trim_ascii();
    let suffix = &essence[essence.len().saturating_sub(5)..];
    essence.eq_ignore_ascii_case(b"application/json") || suffix.eq_ignore_ascii_case(b"+json")
}
