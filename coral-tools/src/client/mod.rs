//! The client: creates sessions on Coral Cloud or a coral-server, follows them, and ends them. Feature `client`.
//!
//! ```no_run
//! use std::time::Duration;
//!
//! use coral_tools::{Agent, Coral, Runtime, SessionRequest};
//! use futures_util::TryStreamExt;
//!
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! let coral = Coral::from_env()?;
//! let request = SessionRequest::in_namespace("default")
//!     .agent(Agent::local("natural-tone-agent", "1.1.0", Runtime::Docker).named("writer"))
//!     .ttl(Duration::from_secs(300));
//!
//! let session = coral.create_session(&request).await?;
//! session.wait_until_connected(Duration::from_secs(60)).await?;
//! let mut messages = session.messages();
//! while let Some(new) = messages.try_next().await? {
//!     println!("{}: {}", new.message.sender_name, new.message.text());
//! }
//! # Ok(())
//! # }
//! ```
//!
#![doc = include_str!("../../docs/client.md")]

mod builder;
mod calls;
mod coral;
mod creation;
mod dialect_detector;
mod events;
mod follow;
mod forget;
mod lifecycle;
mod namespaces;
mod owned_sessions;
mod puppet;
mod reachability;
mod registry;
mod session;
mod sessions;

pub use self::builder::CoralBuilder;
pub use self::calls::NextCall;
pub use self::coral::Coral;
pub use self::events::{EventStream, EventStreamItem, LogFilter, ManagerFilter};
pub use self::follow::{MessageStream, ReceivedMessage, StateStream, WaitError};
#[cfg(feature = "axum")]
pub use self::owned_sessions::SessionValue;
pub use self::owned_sessions::{OwnedSession, Sessions};
pub use self::puppet::Puppet;
pub use self::session::Session;
pub use crate::api::{ApiKey, ClientError, FailureStage};
