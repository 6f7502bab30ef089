//! [`NextCall`].

use std::fmt;
use std::future::IntoFuture;
use std::marker::PhantomData;
use std::pin::pin;
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::{BoxFuture, Either, select};

use super::super::session::Session;
use super::call_end::call_end;
use super::call_follower::CallFollower;
use crate::calls::{CallStream, FromCall, NextCallError, Received};

/// Awaits the next call of a tool. Created by [`Session::next_call`] and [`Session::next_received`].
#[must_use = "nothing is awaited before `.await`"]
pub struct NextCall<T> {
    session: Session,
    timeout: Option<Duration>,
    agents: Vec<String>,
    output: PhantomData<fn() -> T>,
}

impl Session {
    /// Awaits the next call of a tool, and returns its arguments: the struct of the tool's name.
    ///
    /// Calls are recorded in the store of the toolset from which the session was created ([`Toolset::with_store`]). Each is returned
    /// once, the oldest first, also if it arrived before it was awaited. The tool's function has run, and the agent receives its
    /// result; a call that failed is not recorded.
    ///
    /// ```no_run
    /// use std::time::Duration;
    ///
    /// use coral_tools::store::MemoryStore;
    /// use coral_tools::{Agent, Coral, Runtime, SessionRequest, Toolset, coral_tool, toolset};
    ///
    /// /// Submits the report.
    /// #[coral_tool]
    /// fn submit_report(title: String, content: String);
    ///
    /// # async fn example(coral: Coral) -> Result<(), Box<dyn std::error::Error>> {
    /// let tools: Toolset = toolset![submit_report].with_store(MemoryStore::new());
    /// let writer = Agent::local("writer", "1.0.0", Runtime::Docker).can_call::<submit_report>();
    /// let request =
    ///     SessionRequest::in_namespace("default").agent(writer).tools(&tools, "https://your-app.example/coral");
    /// let session = coral.create_session(&request).await?;
    ///
    /// let report = session.next_call::<submit_report>().within(Duration::from_secs(300)).unless_agent_stops("writer").await?;
    /// println!("{}", report.title);
    /// session.close().await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// [`OneOf2`](crate::calls::OneOf2) awaits the first call of one of several tools. A future that is dropped takes no call, so that
    /// `tokio::select!` loses none.
    ///
    /// # Errors
    ///
    /// Returns an error if the session ends without a further call, or if no calls of the tool are recorded. [`NextCallError`] lists
    /// all.
    ///
    /// [`Toolset::with_store`]: crate::Toolset::with_store
    pub fn next_call<T: FromCall>(&self) -> NextCall<T> {
        NextCall { session: self.clone(), timeout: None, agents: Vec::new(), output: PhantomData }
    }

    /// As [`next_call`](Self::next_call), with the agent, the time, the key and the result of the call.
    ///
    /// # Errors
    ///
    /// Returns an error in the same cases as `next_call`.
    pub fn next_received<T: FromCall>(&self) -> NextCall<Received<T>> {
        self.next_call()
    }

    /// Streams the calls of a tool that agents call several times, until the session has ended and all its calls were returned.
    ///
    /// The last item is an error if the state of the session cannot be read, or the store fails. `T` may be
    /// [`Received`] or [`OneOf2`](crate::calls::OneOf2), too.
    ///
    /// ```no_run
    /// use coral_tools::coral_tool;
    /// use futures_util::TryStreamExt;
    ///
    /// /// Submits a finding.
    /// #[coral_tool]
    /// fn submit_finding(text: String);
    ///
    /// # async fn example(session: coral_tools::Session) -> Result<(), coral_tools::calls::NextCallError> {
    /// let mut findings = session.calls::<submit_finding>();
    /// while let Some(finding) = findings.try_next().await? {
    ///     println!("{}", finding.text);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn calls<T: FromCall>(&self) -> CallStream<T> {
        CallFollower::stream(self)
    }
}

impl<T> NextCall<T> {
    /// Returns [`NextCallError::TimedOut`] if there is no call within this time after the await.
    pub fn within(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// Returns [`NextCallError::AgentStopped`] if this agent has stopped without a call. Repeated calls add further agents.
    pub fn unless_agent_stops(mut self, name: impl Into<String>) -> Self {
        self.agents.push(name.into());
        self
    }
}

impl<T: FromCall> NextCall<T> {
    async fn wait(self) -> Result<T, NextCallError> {
        let session_id = self.session.id().to_owned();
        let timeout = self.timeout;
        let call = self.wait_without_timeout();
        let Some(timeout) = timeout else { return call.await };
        tokio::time::timeout(timeout, call)
            .await
            .unwrap_or_else(|_| Err(NextCallError::TimedOut { timeout, tools: T::tools(), session_id }))
    }

    async fn wait_without_timeout(self) -> Result<T, NextCallError> {
        let calls = self.session.recorded_calls::<T>()?;
        let next = pin!(calls.next_call::<T>());
        let end = pin!(call_end(self.session, self.agents));
        // The first one is polled first, so that a call that is there costs no request.
        match select(next, end).await {
            Either::Left((call, _)) => call,
            // The call may have been recorded between the two polls.
            Either::Right((end, _)) => calls.take_call().await?.ok_or(end),
        }
    }
}

impl<T: FromCall> IntoFuture for NextCall<T> {
    type Output = Result<T, NextCallError>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        self.wait().boxed()
    }
}

impl<T> fmt::Debug for NextCall<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NextCall")
            .field("session_id", &self.session.id())
            .field("timeout", &self.timeout)
            .field("agents", &self.agents)
            .finish_non_exhaustive()
    }
}
