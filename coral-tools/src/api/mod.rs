//! HTTP for the clients of all platforms: API keys, paths, retries of requests that can safely be repeated, and errors with the
//! stage at which a request failed. Nothing here depends on a platform.

mod backoff;
mod error;
mod error_context;
mod error_response;
mod key;
mod outage_tolerance;
mod path;
mod settings;
#[cfg(feature = "_pull")]
mod sse;
#[cfg(test)]
pub(crate) mod tests;
mod transport;

pub(crate) use self::backoff::Backoff;
pub use self::error::{ClientError, FailureStage};
pub(crate) use self::error::{ClientErrorCause, RetryPolicy};
pub use self::key::ApiKey;
pub(crate) use self::outage_tolerance::OutageTolerance;
pub(crate) use self::path::RequestPath;
pub(crate) use self::settings::ClientSettings;
#[cfg(feature = "_pull")]
pub(crate) use self::sse::{ReconnectingSseItem, ReconnectingSseStream, SseEvent};
pub(crate) use self::transport::{HttpRequest, HttpResponse, Transport};
