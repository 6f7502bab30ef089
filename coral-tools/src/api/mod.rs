//! What every platform's HTTP API is called with: a key, paths, calls that are repeated where that is safe, and errors that
//! say how far a call came. It knows no platform.

mod backoff;
mod env;
mod error;
mod key;
mod path;
mod patience;
mod said;
mod settings;
#[cfg(feature = "_pull")]
mod sse;
#[cfg(test)]
pub(crate) mod tests;
mod transport;

pub(crate) use self::backoff::Backoff;
pub(crate) use self::env::variable;
pub(crate) use self::error::{Cause, Repeat};
pub use self::error::{ClientError, Stage};
pub use self::key::ApiKey;
pub(crate) use self::path::Path;
pub(crate) use self::patience::Patience;
pub(crate) use self::settings::ClientSettings;
#[cfg(feature = "_pull")]
pub(crate) use self::sse::{Fed, Feed, Sse};
pub(crate) use self::transport::{Answer, Call, Transport};
