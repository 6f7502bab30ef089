//! [`SelectedObject`]: how an object of a union is read.

use crate::schema::read::parsed::ParsedValue;
use crate::schema::tree::constraint::Bound;

/// How an object is read, after as much of it has been read as the selection of its variant needs.
pub(super) enum SelectedObject<'de> {
    /// Entry by entry.
    Entries,
    /// As a whole, which has been read: its variant depends on all of it.
    Buffered(ParsedValue<'de>),
    /// It is a number.
    Number(Bound),
}
