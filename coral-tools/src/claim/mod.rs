//! Claims: which user, or which other thing of the application, a call of a Coral session belongs to.
//!
//! [`SessionRequest::bound_to`](crate::SessionRequest::bound_to) puts a signed, expiring claim into the query of each tool's URL,
//! [`Bound`] is the context parameter that verifies it, and [`ClaimKeys`] has the keys of both. The guide
//! [*Mapping sessions to users*](https://docs.rs/coral-tools/latest/coral_tools/guides/users/) compares claims with other solutions.
//!
//! # Format
//!
//! `coral-claim={version}.{key id}.{expiry}.{value}.{signature}`
//!
//! | part | content |
//! | --- | --- |
//! | version | `1` |
//! | key id | the id of the [`ClaimKey`] |
//! | expiry | seconds since the Unix epoch |
//! | value | JSON, in URL-safe base64 without padding |
//! | signature | HMAC-SHA256 of a constant label, the name of the tool, the path of the base URL, and all parts before it, in base64 |
//!
//! The value is signed, not encrypted. The URL is visible to the Coral server and to proxies, so the value should be an id.

#[cfg(feature = "axum")]
mod bound;
mod error;
mod key;
mod keys;
#[cfg(test)]
mod tests;
mod token;
mod value;

#[cfg(feature = "axum")]
pub use self::bound::Bound;
pub use self::key::ClaimKey;
pub use self::keys::ClaimKeys;
pub(crate) use self::token::PARAMETER;
#[cfg(feature = "_api")]
pub(crate) use self::token::redact;
pub(crate) use self::value::ClaimValue;
