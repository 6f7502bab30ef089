//! What applications note for themselves.

pub(in crate::coral) type Annotations = Vec<(String, String)>;
