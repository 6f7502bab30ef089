//! The schema tree: types, their constraints and annotations, and locations in a document.

pub(super) mod constraint;
pub(super) mod format;
pub(super) mod json_type;
pub(super) mod location;
pub(super) mod node;
pub(super) mod number;
pub(super) mod string;
