//! Where a type rejected a value.

use std::cell::RefCell;

use crate::schema::read::value::type_error::TypeError;
use crate::schema::tree::location::{Location, LocationStep};
use crate::schema::tree::node::SchemaNode;

/// An error of a type, and the value that it rejected.
#[derive(Debug)]
pub(crate) struct DeserializeFailure<'s> {
    pub(crate) error: TypeError,
    pub(crate) location: Location,
    /// The node of the rejected value.
    pub(crate) node: Option<&'s SchemaNode>,
    /// Whether the key at the location was rejected, not its value.
    pub(crate) is_key: bool,
}

/// The steps to the rejected value. Each level adds one while the error is returned through it.
#[derive(Debug, Default)]
pub(super) struct FailureLog<'s>(RefCell<Option<Steps<'s>>>);

#[derive(Debug)]
struct Steps<'s> {
    /// From the rejected value outwards.
    steps: Vec<LocationStep>,
    depth: usize,
    node: Option<&'s SchemaNode>,
    is_key: bool,
}

impl<'s> FailureLog<'s> {
    /// Adds the step from the value at `depth` to the value inside it that was rejected.
    pub(super) fn add(&self, depth: usize, step: LocationStep, node: Option<&'s SchemaNode>) {
        let mut log = self.0.borrow_mut();
        match log.as_mut().filter(|inner| inner.depth == depth + 1) {
            Some(inner) => {
                inner.steps.push(step);
                inner.depth = depth;
            }
            // An error from further inside, if there was one, has been handled by its type.
            None => *log = Some(Steps { steps: vec![step], depth, node, is_key: false }),
        }
    }

    /// Records that a key of the object at `depth` was rejected.
    pub(super) fn add_key(&self, depth: usize, key: &str) {
        let steps = vec![LocationStep::Key(key.to_owned())];
        *self.0.borrow_mut() = Some(Steps { steps, depth, node: None, is_key: true });
    }

    /// Returns the failure with this error. `root` is the node of the whole value.
    pub(super) fn into_failure(self, error: TypeError, root: Option<&'s SchemaNode>) -> DeserializeFailure<'s> {
        let whole = Steps { steps: Vec::new(), depth: 0, node: root, is_key: false };
        let Steps { steps, node, is_key, .. } = self.0.into_inner().filter(|steps| steps.depth == 0).unwrap_or(whole);
        let mut location = Location::default();
        steps.into_iter().rev().for_each(|step| location.push(step));
        DeserializeFailure { error, location, node, is_key }
    }
}
