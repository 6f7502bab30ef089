//! The input of the expansion.

use crate::agent_options::entry::Entry;
use crate::agent_options::names::Field;
use crate::agent_options::written::Written;

/// The input of every part of the expansion.
pub(super) struct Parts<'a> {
    pub(super) written: &'a Written,
    pub(super) entry: &'a Entry,
    pub(super) fields: &'a [Field<'a>],
}
