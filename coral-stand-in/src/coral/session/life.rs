//! How a session lives: executed, closing, gone.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use futures_util::future::join_all;
use tokio::time::{sleep, timeout};

use super::events::ManagerEvent;
use super::{Namespaces, Session, SessionStatus};
use crate::coral::decode::{Persistence, RuntimeSettings};
use crate::coral::lock::lock;
use crate::coral::logs::Level;
use crate::coral::moment::Moment;
use crate::coral::refusal::Refusal;
use crate::coral::report;

impl Session {
    pub(in crate::coral) fn is_pending(&self) -> bool {
        *lock(&self.status) == SessionStatus::Pending
    }

    /// Cancels every agent and waits until they have stopped.
    pub(in crate::coral) async fn cancel_and_join(&self) -> Result<(), Refusal> {
        self.cancel()?;
        self.join().await;
        Ok(())
    }

    /// Cancels every agent. What closes the session is that they stop.
    pub(in crate::coral) fn cancel(&self) -> Result<(), Refusal> {
        if self.is_pending() || self.agents.is_empty() {
            return Err(Refusal::unexpected("This session's agents have not been launched yet"));
        }
        self.agents.iter().for_each(|agent| agent.cancel());
        Ok(())
    }

    pub(in crate::coral) async fn cancel_and_join_agent(&self, name: &str) -> Result<(), Refusal> {
        let agent = self.agent(name)?;
        if self.is_pending() {
            return Err(Refusal::bad_request(format!("Agent {name} has not been launched yet")));
        }
        agent.cancel();
        agent.stopped().await;
        Ok(())
    }

    /// Never, where there is nobody to wait for: a server waits for the first agent then.
    async fn join(&self) {
        if self.agents.is_empty() {
            return std::future::pending().await;
        }
        join_all(self.agents.iter().map(|agent| agent.stopped())).await;
    }
}

impl Namespaces {
    /// Executes a session that is pending.
    pub(in crate::coral) fn launch(
        self: &Arc<Self>,
        session: &Arc<Session>,
        settings: RuntimeSettings,
    ) -> Result<(), Refusal> {
        {
            // A server tells of it before it is so.
            let running = ManagerEvent::of_session("session_running", "sessionState", session);
            let mut status = lock(&session.status);
            if *status != SessionStatus::Pending {
                return Err(Refusal::bad_request("Session is not pending execution"));
            }
            self.emit(running);
            *status = SessionStatus::Executed { at: Moment::now() };
        }
        for agent in &session.agents {
            self.common.tasks.spawn(session.clone().run_agent(agent.clone()));
        }
        self.common.tasks.spawn(self.clone().live(session.clone(), settings));
        Ok(())
    }

    async fn live(self: Arc<Self>, session: Arc<Session>, settings: RuntimeSettings) {
        match settings.ttl {
            None => session.join().await,
            Some(ttl) => {
                let ttl = Duration::from_millis(u64::try_from(ttl).unwrap_or(0));
                if timeout(ttl, session.join()).await.is_err() {
                    let text = format!("session {} reached {}ms timeout", session.id, ttl.as_millis());
                    session.log(None, Level::Warning, text);
                    let _launched = session.cancel_and_join().await;
                }
            }
        }
        self.close(&session, settings).await;
    }

    async fn close(&self, session: &Arc<Session>, settings: RuntimeSettings) {
        let now = Moment::now();
        {
            let mut status = lock(&session.status);
            let executed = if let SessionStatus::Executed { at } = *status { at } else { now };
            *status = SessionStatus::Closing { executed, at: now };
        }
        self.emit(ManagerEvent::of_session("session_closing", "sessionState", session));
        if let Some(url) = settings.session_end {
            let report = session.report(settings.extended_end_report);
            self.common.tasks.spawn(report::send(self.common.clone(), url, report));
        }
        sleep(session.hold(settings.persistence)).await;
        session.log(None, Level::Info, format!("session {} closed", session.id));
        self.emit(ManagerEvent::of_session("session_closed", "finalSessionState", session));
        if !session.namespace.deleted.load(Ordering::SeqCst) {
            self.forget(session);
        }
        session.gone.send_replace(true);
    }
}

impl Session {
    /// How long it stays after its end.
    fn hold(&self, persistence: Persistence) -> Duration {
        match persistence {
            Persistence::Off => Duration::ZERO,
            Persistence::HoldAfterExit(millis) => Duration::from_millis(u64::try_from(millis).unwrap_or(0)),
            Persistence::MinimumTime(millis) => self.created.left_of(millis),
        }
    }

    /// `SessionEndReport`.
    fn report(&self, extended: bool) -> serde_json::Value {
        let (kind, state) = if extended { ("extended", self.show_for_report()) } else { ("base", self.show_base()) };
        serde_json::json!({
            "timestamp": Moment::now().text(),
            "namespaceState": self.namespace.show_base(),
            "sessionState": {"type": kind, "state": state},
            "agentStats": self.show_usage(),
        })
    }
}
