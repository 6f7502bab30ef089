//! A namespace.

use std::sync::atomic::AtomicBool;

use crate::coral::decode::{Annotations, NamespaceRequest};

#[derive(Debug)]
pub(in crate::coral) struct Namespace {
    pub(in crate::coral) name: String,
    pub(in crate::coral) annotations: Annotations,
    pub(super) delete_on_last_session_exit: bool,
    /// Whether a request to delete it was received. Then the end of its last session does not delete it.
    pub(super) deleted: AtomicBool,
}

impl From<NamespaceRequest> for Namespace {
    fn from(request: NamespaceRequest) -> Self {
        let NamespaceRequest { name, delete_on_last_session_exit, annotations } = request;
        Self { name, annotations, delete_on_last_session_exit, deleted: AtomicBool::new(false) }
    }
}
