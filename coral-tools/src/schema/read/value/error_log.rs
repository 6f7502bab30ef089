//! [`ErrorLog`]: the errors that serde creates, also those that it ignores.

use std::cell::RefCell;

use serde::de::Unexpected;

use crate::schema::read::parsed::ParsedValue;

/// The errors of one deserialization.
#[derive(Debug, Default)]
pub(crate) struct ErrorLog {
    /// The names of required fields that were missing.
    pub(crate) missing: Vec<String>,
    /// The keys of objects that the struct has no field for.
    pub(crate) unread: Vec<String>,
    /// Whether a value was of another type than expected.
    pub(crate) has_wrong_type: bool,
    /// The strings that were of another type than expected.
    pub(crate) unexpected_strings: Vec<String>,
}

thread_local! {
    /// `None` while nothing is recorded.
    static LOG: RefCell<Option<ErrorLog>> = const { RefCell::new(None) };
}

impl ErrorLog {
    /// Calls `read` and returns the errors that were created.
    pub(crate) fn record<R>(read: impl FnOnce() -> R) -> (R, Self) {
        LOG.set(Some(Self::default()));
        let result = read();
        (result, LOG.take().unwrap_or_default())
    }

    fn change(change: impl FnOnce(&mut Self)) {
        LOG.with_borrow_mut(|log| log.as_mut().map(change));
    }

    pub(super) fn add_missing(field: &str) {
        Self::change(|log| log.missing.push(field.to_owned()));
    }

    pub(super) fn add_wrong_type(found: Unexpected<'_>) {
        Self::change(|log| {
            log.has_wrong_type = true;
            if let Unexpected::Str(text) = found {
                log.unexpected_strings.push(text.to_owned());
            }
        });
    }

    /// Adds the keys of an object that are not in `fields`. A `Deserialize` written by hand may pass no names.
    pub(super) fn add_unread(object: &ParsedValue<'_>, fields: &[&str]) {
        if !fields.is_empty() {
            let keys = object.as_object().into_iter().flatten().map(|(key, _)| key.as_ref());
            Self::change(|log| log.unread.extend(keys.filter(|key| !fields.contains(key)).map(str::to_owned)));
        }
    }
}
