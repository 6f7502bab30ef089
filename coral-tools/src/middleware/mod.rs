//! Middleware: code that runs around the calls of tools, and ready-made limits.
//!
#![doc = include_str!("../../docs/middleware.md")]

mod concurrency_limit;
mod lru_map;
mod quota;
mod read_only_cache;
mod repetition_guard;
mod result_size_limit;

pub use self::concurrency_limit::ConcurrencyLimit;
pub use self::quota::Quota;
pub use self::read_only_cache::{CacheScope, ReadOnlyCache};
pub use self::repetition_guard::RepetitionGuard;
pub use self::result_size_limit::ResultSizeLimit;
#[doc(hidden)]
pub use crate::toolset::MiddlewareFn;
pub use crate::toolset::{Middleware, Next};
