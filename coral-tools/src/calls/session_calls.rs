//! [`SessionCalls`].

use std::sync::Arc;

use futures_util::stream::unfold;

use super::error::NextCallError;
use super::from_call::FromCall;
use super::received::Received;
use super::stream::CallStream;
use crate::store::{Store, StoreError};

/// The recorded calls of a session, in a store. Cheap to clone.
///
/// It does not know whether the session has ended: a function that waits does so until there is a call, so limit it with
/// [`tokio::time::timeout`]. `Session::next_call` of the client ends with the session.
///
/// A future that is dropped takes no call, so all functions can be used in `tokio::select!`.
#[derive(Debug, Clone)]
pub struct SessionCalls {
    store: Arc<dyn Store>,
    session_id: Arc<str>,
}

impl SessionCalls {
    /// The calls of the session with this id.
    #[must_use]
    pub fn new(store: Arc<dyn Store>, session_id: impl Into<String>) -> Self {
        Self { store, session_id: session_id.into().into() }
    }

    /// Returns the session's id.
    #[must_use]
    pub fn session_id(&self) -> &str {
        &self.session_id
    }

    /// Waits for the next call of a tool, and returns its arguments. Each call is returned once, the oldest first.
    ///
    /// # Errors
    ///
    /// Returns an error if the arguments of the call do not match the type, or if the store fails.
    pub async fn next_call<T: FromCall>(&self) -> Result<T, NextCallError> {
        let tools = T::tools();
        loop {
            if let Some(call) = self.take(&tools).await? {
                return Ok(call);
            }
            self.store.call_recorded(&self.session_id, &tools).await.map_err(|error| self.store_error(error))?;
        }
    }

    /// As [`next_call`](Self::next_call), with the caller, the time, the key and the result of the call.
    ///
    /// # Errors
    ///
    /// Returns an error in the same cases as `next_call`.
    pub async fn next_received<T: FromCall>(&self) -> Result<Received<T>, NextCallError> {
        self.next_call().await
    }

    /// Returns the oldest call of a tool that no reader has taken; `None` if there is none. Does not wait.
    ///
    /// # Errors
    ///
    /// Returns an error in the same cases as [`next_call`](Self::next_call).
    pub async fn take_call<T: FromCall>(&self) -> Result<Option<T>, NextCallError> {
        self.take(&T::tools()).await
    }

    /// Streams the calls of a tool. An error of the store is the last item.
    #[must_use]
    pub fn calls<T: FromCall>(&self) -> CallStream<T> {
        CallStream::new(unfold(Some(self.clone()), async |calls| {
            let calls = calls?;
            let call = calls.next_call().await;
            let is_last = call.as_ref().is_err_and(|error| matches!(error, NextCallError::Store { .. }));
            Some((call, (!is_last).then_some(calls)))
        }))
    }

    /// Removes everything that the store keeps of the session, which has ended.
    ///
    /// # Errors
    ///
    /// Returns an error if the store fails.
    pub async fn forget(&self) -> Result<(), NextCallError> {
        self.store.forget_session(&self.session_id).await.map_err(|error| self.store_error(error))
    }

    async fn take<T: FromCall>(&self, tools: &[&str]) -> Result<Option<T>, NextCallError> {
        let call = self.store.take_call(&self.session_id, tools).await.map_err(|error| self.store_error(error))?;
        call.map(T::from_call).transpose()
    }

    fn store_error(&self, error: StoreError) -> NextCallError {
        NextCallError::Store { error, session_id: self.session_id.to_string() }
    }
}
