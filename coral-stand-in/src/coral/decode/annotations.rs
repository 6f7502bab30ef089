//! Annotations: strings that applications attach to sessions, agents and namespaces.

pub(in crate::coral) type Annotations = Vec<(String, String)>;
