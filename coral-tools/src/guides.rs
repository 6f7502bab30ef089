//! Guides, with examples that are compiled and run with the tests. Only in the documentation.
//!
//! * [Deploying](deploying): reverse proxies, TLS, secrets, tenants, several instances, shutdown, health, Docker.
//! * [Teams and workflows](teams): agents that organize themselves, and steps that the application decides.
//! * [From call to result](results): awaiting the calls of agents as typed values, one or several, live in a browser, without duplicates.
//! * [Mapping sessions to users](users): which user a call belongs to, also if it arrives early, and who closes a session.

#[doc = include_str!("../docs/deploying.md")]
pub mod deploying {}

#[doc = include_str!("../docs/teams.md")]
pub mod teams {}

#[doc = include_str!("../docs/results.md")]
pub mod results {}

#[doc = include_str!("../docs/users.md")]
pub mod users {}
