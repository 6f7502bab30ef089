//! Sessions with a value of the application, which are closed when the application drops them.

mod call_value;
mod closing;
mod entries;
mod instance;
mod left_over;
mod owned_session;
mod pending_work;
mod registration;
#[cfg(feature = "axum")]
mod session_value;
mod sessions;

pub use self::owned_session::OwnedSession;
#[cfg(feature = "axum")]
pub use self::session_value::SessionValue;
pub use self::sessions::Sessions;
