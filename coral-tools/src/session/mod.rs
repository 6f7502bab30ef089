//! The request side: what an application says to Coral when it creates a session.

mod base_url;
mod custom_tools;
mod dialect;
mod unroll;

pub use self::base_url::BaseUrl;
pub use self::custom_tools::CustomTools;
pub use self::dialect::Dialect;
