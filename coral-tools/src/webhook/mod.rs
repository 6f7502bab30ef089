//! The webhooks that Coral calls: [`WebhookService`] for any HTTP server, and a router for axum (feature `axum`).
//!
//! | to | use |
//! | --- | --- |
//! | serve tools with axum | [`Toolset::webhooks`](crate::Toolset::webhooks) |
//! | serve tools with hyper, AWS Lambda or another server | [`Toolset::webhook_service`](crate::Toolset::webhook_service) |
//! | be notified when a session ends | [`session_end`], [`session_end_with_context`], [`SessionEndService`] |
//! | replace a secret without a restart | [`RotatingSecrets`] |
//! | prove to Coral Cloud that a URL is the application's | [`WebhookConfig::application_id`], [`verification`] |

mod address;
mod body;
mod body_buffer;
mod config;
#[cfg_attr(not(feature = "client"), allow(dead_code, unused_imports, reason = "the client sends probes"))]
pub(crate) mod probe;
mod rejected_caller;
mod rejection;
mod rejection_log;
mod response;
mod rotating_secrets;
#[cfg(feature = "axum")]
mod router;
mod running_calls;
mod secret;
mod service;
mod session_end;
mod signature;
mod unverified_bodies;

pub use self::config::WebhookConfig;
pub use self::response::ResponseBody;
pub use self::rotating_secrets::RotatingSecrets;
#[cfg(feature = "axum")]
pub use self::router::{session_end, session_end_with_context, verification};
pub use self::secret::{Secret, SecretError};
pub use self::service::{ResponseFuture, WebhookService};
pub use self::session_end::{ContextHandler, SessionEndService};
