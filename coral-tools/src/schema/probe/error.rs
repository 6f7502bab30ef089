//! Errors of samples, which are recorded when serde creates them, because serde ignores some of them.

use std::cell::RefCell;
use std::fmt::{self, Display};

use serde::de::{Error, Expected, Unexpected};

use crate::schema::probe::sample::{NUMBER_KEY, TEXT_KEY};

/// The errors of one sample.
#[derive(Debug, Default)]
pub(super) struct ErrorLog {
    /// The names of required fields that were missing.
    pub(super) missing: Vec<String>,
    /// The keys of objects that the struct has no field for.
    pub(super) unread: Vec<String>,
    /// Whether a value was of another type than expected.
    pub(super) has_wrong_type: bool,
    /// Whether the type of a key is not read from a string.
    pub(super) key_is_not_a_string: bool,
}

thread_local! {
    static LOG: RefCell<ErrorLog> = RefCell::default();
}

impl ErrorLog {
    /// Calls `read` and returns the errors that were created.
    pub(super) fn record<R>(read: impl FnOnce() -> R) -> (R, Self) {
        LOG.take();
        let result = read();
        (result, LOG.take())
    }

    pub(super) fn add_unread(key: &str) {
        LOG.with_borrow_mut(|log| log.unread.push(key.to_owned()));
    }
}

/// An error without details.
#[derive(Debug)]
pub(super) struct SampleError;

impl Display for SampleError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the type rejects the sample")
    }
}

impl std::error::Error for SampleError {}

impl Error for SampleError {
    fn custom<T: Display>(_: T) -> Self {
        Self
    }

    fn missing_field(name: &'static str) -> Self {
        LOG.with_borrow_mut(|log| log.missing.push(name.to_owned()));
        Self
    }

    fn invalid_type(found: Unexpected<'_>, _: &dyn Expected) -> Self {
        LOG.with_borrow_mut(|log| {
            log.has_wrong_type = true;
            log.key_is_not_a_string |= matches!(found, Unexpected::Str(TEXT_KEY | NUMBER_KEY));
        });
        Self
    }
}
