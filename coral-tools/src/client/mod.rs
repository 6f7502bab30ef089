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
//! while let Some(said) = messages.try_next().await? {
//!     println!("{}: {}", said.message.sender_name, said.message.text());
//! }
//! # Ok(())
//! # }
//! ```
//!
//! # Which Coral
//!
//! Servers differ in what they read, and refuse what they do not know. The client asks the server for its `api_v1.json`
//! once and speaks as it finds there. Where there is none, it takes the server for Coral Cloud and speaks as the guide
//! does; if the server does not understand that, it tries the form of coral-server 1.2 once and remembers. Either is
//! logged. [`Coral::dialect`] settles it beforehand. States are read in every form.
//!
//! # What is repeated
//!
//! Reading and deleting, where the server could not be reached, was cut off, or said 408, 429, 502, 503 or 504: up to three
//! times ([`Coral::retries`]), with growing pauses, and not before the time that `Retry-After` names. What makes something
//! (a session, a message) is repeated only if it certainly did not arrive. The one exception is a body that the server says
//! it could not decode. Redirects are never followed, because the key would go with them.

mod coral;
mod error;
mod events;
mod follow;
mod generation;
mod key;
mod namespaces;
mod path;
mod puppet;
mod registry;
mod said;
mod session;
mod sessions;
mod transport;

pub use self::coral::Coral;
pub use self::error::{ClientError, Stage};
pub use self::events::{Events, LogFilter, ManagerFilter, Update};
pub use self::follow::{Messages, NewMessage, States, WaitError};
pub use self::key::ApiKey;
pub use self::puppet::Puppet;
pub use self::session::Session;
