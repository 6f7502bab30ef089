//! What applications note for themselves.

pub(in crate::dev::stand_in) type Annotations = Vec<(String, String)>;
