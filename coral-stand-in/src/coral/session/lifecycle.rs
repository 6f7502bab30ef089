//! The lifecycle of a session: pending, executed, closing, ended.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use futures_util::future::join_all;
use tokio::time::{sleep, timeout};

use super::events::ManagerEvent;
use super::{Namespaces, Session, SessionStatus};
use crate::coral::decode::{Persistence, RuntimeSettings};
use crate::coral::kotlin_text::print_duration;
use crate::coral::lock::lock;
use crate::coral::logs::{Level, LogSubject};
use crate::coral::rejection::Rejection;
use crate::coral::report;
use crate::coral::timestamp::Timestamp;

impl Session {
    pub(in crate::coral) fn is_pending(&self) -> bool {
        *lock(&self.status) == SessionStatus::Pending
    }

    /// Cancels the agents one after another: each when the previous one has stopped, as a server does.
    pub(in crate::coral) async fn stop_all_agents(&self) -> Result<(), Rejection> {
        self.require_launched()?;
        for agent in &self.agents {
            agent.cancel();
            agent.wait_until_stopped().await;
        }
        Ok(())
    }

    /// Cancels every agent. The session closes when all have stopped.
    pub(in crate::coral) fn cancel(&self) -> Result<(), Rejection> {
        self.require_launched()?;
        self.agents.iter().for_each(|agent| agent.cancel());
        Ok(())
    }

    fn require_launched(&self) -> Result<(), Rejection> {
        if self.is_pending() || self.agents.is_empty() {
            return Err(Rejection::unexpected("This session's agents have not been launched yet"));
        }
        Ok(())
    }

    pub(in crate::coral) async fn stop_agent(&self, name: &str) -> Result<(), Rejection> {
        let agent = self.agent(name)?;
        if self.is_pending() {
            return Err(Rejection::bad_request(format!("Agent {name} has not been launched yet")));
        }
        agent.cancel();
        agent.wait_until_stopped().await;
        Ok(())
    }

    /// Waits until all agents have stopped. Without agents, this never returns, as with a server.
    async fn join(&self) {
        if self.agents.is_empty() {
            return std::future::pending().await;
        }
        join_all(self.agents.iter().map(|agent| agent.wait_until_stopped())).await;
    }
}

impl Namespaces {
    /// Executes a session that is pending.
    pub(in crate::coral) fn launch(
        self: &Arc<Self>,
        session: &Arc<Session>,
        settings: RuntimeSettings,
    ) -> Result<(), Rejection> {
        {
            // The event of a server contains the previous status.
            let running = ManagerEvent::from_session("session_running", "sessionState", session);
            let mut status = lock(&session.status);
            if *status != SessionStatus::Pending {
                return Err(Rejection::bad_request("Session is not pending execution"));
            }
            self.emit(running);
            *status = SessionStatus::Executed { at: Timestamp::now() };
        }
        for agent in &session.agents {
            let script = self.scripts.get(&agent.agent_type.id);
            self.context.tasks.spawn(session.clone().run_agent(agent.clone(), script));
        }
        self.context.tasks.spawn(self.clone().run_session(session.clone(), settings));
        Ok(())
    }

    async fn run_session(self: Arc<Self>, session: Arc<Session>, settings: RuntimeSettings) {
        match settings.ttl {
            None => session.join().await,
            Some(ttl) => {
                let ttl = Duration::from_millis(u64::try_from(ttl).unwrap_or(0));
                if timeout(ttl, session.join()).await.is_err() {
                    let text = format!("session {} reached {} timeout", session.id, print_duration(ttl));
                    self.log(Level::Warning, text);
                    let _launched = session.stop_all_agents().await;
                }
            }
        }
        self.close(&session, settings).await;
    }

    async fn close(&self, session: &Arc<Session>, settings: RuntimeSettings) {
        let now = Timestamp::now();
        {
            let mut status = lock(&session.status);
            let executed = if let SessionStatus::Executed { at } = *status { at } else { now };
            *status = SessionStatus::Closing { executed, at: now };
        }
        self.emit(ManagerEvent::from_session("session_closing", "sessionState", session));
        if let Some(url) = settings.session_end_url {
            let report = session.report(settings.extended_end_report);
            self.context.tasks.spawn(report::send(self.context.clone(), url, report));
        }
        let retention = session.retention(settings.persistence);
        if !retention.is_zero() {
            self.log(
                Level::Info,
                format!("holding session {} in memory for {}", session.id, print_duration(retention)),
            );
            sleep(retention).await;
        }
        self.log(Level::Info, format!("session {} closed", session.id));
        self.emit(ManagerEvent::from_session("session_closed", "finalSessionState", session));
        if !session.namespace.deleted.load(Ordering::SeqCst) {
            self.remove_session(session);
        }
        session.ended.send_replace(true);
    }
}

impl Namespaces {
    /// Logs an event of the session manager, which is in no session's log.
    fn log(&self, level: Level, text: String) {
        self.context.logs.write(level, LogSubject::default(), text);
    }
}

impl Session {
    /// How long the session exists after its end.
    fn retention(&self, persistence: Persistence) -> Duration {
        match persistence {
            Persistence::Off => Duration::ZERO,
            Persistence::HoldAfterExit(millis) => Duration::from_millis(u64::try_from(millis).unwrap_or(0)),
            Persistence::MinimumTime(millis) => self.created.remaining_of(millis),
        }
    }

    /// `SessionEndReport`.
    fn report(&self, extended: bool) -> serde_json::Value {
        let (kind, state) = if extended { ("extended", self.report_state_json()) } else { ("base", self.base_json()) };
        serde_json::json!({
            "timestamp": Timestamp::now().to_rfc3339(),
            "namespaceState": self.namespace.base_json(),
            "sessionState": {"type": kind, "state": state},
            "agentStats": self.usage_json(),
        })
    }
}
