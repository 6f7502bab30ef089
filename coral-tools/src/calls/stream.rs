//! [`CallStream`].

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_util::stream::{BoxStream, Stream, StreamExt};

use super::error::NextCallError;

/// The calls of a tool, in the order in which they were recorded. Created by [`SessionCalls::calls`](super::SessionCalls::calls) and
/// `Session::calls`.
///
/// A call whose arguments do not match the type is an error, after which the stream continues.
pub struct CallStream<T>(BoxStream<'static, Result<T, NextCallError>>);

impl<T> CallStream<T> {
    pub(crate) fn new(calls: impl Stream<Item = Result<T, NextCallError>> + Send + 'static) -> Self {
        Self(calls.fuse().boxed())
    }
}

impl<T> Stream for CallStream<T> {
    type Item = Result<T, NextCallError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.as_mut().poll_next(context)
    }
}

impl<T> fmt::Debug for CallStream<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CallStream").finish_non_exhaustive()
    }
}
