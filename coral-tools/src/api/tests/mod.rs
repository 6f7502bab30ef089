//! Requests and streams against [`TestServer`].

mod error_responses;
mod outage_tolerance;
#[cfg(feature = "_pull")]
mod sse;
mod test_server;

pub(crate) use self::test_server::{KEY, TestResponse, TestServer};
