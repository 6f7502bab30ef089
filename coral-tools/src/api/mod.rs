//! What every platform's HTTP API is called with: a key, paths, calls that are repeated where that is safe, and errors that
//! say how far a call came. It knows no platform.

mod error;
mod key;
mod path;
mod patience;
mod said;
mod transport;

pub(crate) use self::error::Cause;
pub use self::error::{ClientError, Stage};
pub use self::key::ApiKey;
pub(crate) use self::path::Path;
pub(crate) use self::patience::Patience;
pub(crate) use self::transport::{Answer, Call, Transport, said};
