//! A server with one session, whose state, events and failures the test controls.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use axum::extract::State;
use axum::extract::ws::{Message, WebSocketUpgrade};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use coral_tools::{Coral, Dialect, Session};
use http::StatusCode;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::{broadcast, watch};

use super::KEY;

/// A running server. Clones share the session.
#[derive(Clone)]
pub(crate) struct SessionServer {
    shared: Arc<Shared>,
    url: String,
}

struct Shared {
    session: Mutex<SessionData>,
    socket_actions: broadcast::Sender<SocketAction>,
    /// The number of open websockets.
    listeners: watch::Sender<usize>,
    /// The number of reads of the state.
    reads: watch::Sender<usize>,
}

#[derive(Default)]
struct SessionData {
    status: Status,
    agents: Vec<Value>,
    /// Messages by thread.
    threads: BTreeMap<String, Vec<Value>>,
    /// The number of reads that fail before one succeeds.
    failing_reads: usize,
    is_without_events: bool,
    /// Lines of the log: the agent and the text.
    log: Vec<(&'static str, String)>,
}

#[derive(Clone, Copy, Default, PartialEq)]
enum Status {
    #[default]
    Executed,
    Closing,
    Removed,
}

#[derive(Clone)]
enum SocketAction {
    Send(String),
    Disconnect,
}

impl SessionServer {
    pub(crate) async fn start() -> Self {
        let shared = Arc::new(Shared {
            session: Mutex::default(),
            socket_actions: broadcast::channel(1024).0,
            listeners: watch::channel(0).0,
            reads: watch::channel(0).0,
        });
        let app = Router::new()
            .route("/api/v1/local/session/default/s1/extended", get(state))
            .route("/ws/v1/events/{key}/session/default/s1", get(events))
            .route("/ws/v1/logs/{key}", get(log))
            .with_state(Arc::clone(&shared));
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        tokio::spawn(async move { axum::serve(listener, app).await });
        Self { shared, url }
    }

    /// Returns a client's session, which polls every 20 ms.
    pub(crate) fn session(&self) -> Session {
        let coral = Coral::server(&self.url, KEY).dialect(Dialect::Server1_2).retries(0);
        coral.poll_interval(Duration::from_millis(20)).session("default", "s1")
    }

    fn data(&self) -> MutexGuard<'_, SessionData> {
        self.shared.session.lock().expect("not poisoned")
    }

    pub(crate) fn without_events(self) -> Self {
        self.data().is_without_events = true;
        self
    }

    /// Adds a message to the state, and sends its event if `sends_event` is true.
    pub(crate) fn add_message(&self, thread: &str, id: &str, timestamp: &Value, sends_event: bool) {
        let message = json!({"id": id, "threadId": thread, "text": format!("text of {id}"), "senderName": "writer",
            "mentionNames": [], "timestamp": timestamp});
        self.data().threads.entry(thread.to_owned()).or_default().push(message.clone());
        if sends_event {
            self.send_event(&json!({"type": "thread_message_sent", "timestamp": timestamp, "message": message}));
        }
    }

    pub(crate) fn send_event(&self, event: &Value) {
        self.send_text(format!("{event:#}"));
    }

    /// Sends text to all websockets.
    pub(crate) fn send_text(&self, text: impl Into<String>) {
        let _without_listeners = self.shared.socket_actions.send(SocketAction::Send(text.into()));
    }

    /// Closes all websockets without a closing handshake, like a server that is killed.
    pub(crate) fn disconnect(&self) {
        let _without_listeners = self.shared.socket_actions.send(SocketAction::Disconnect);
    }

    /// Makes the next reads of the state fail.
    pub(crate) fn fail_reads(&self, count: usize) {
        self.data().failing_reads = count;
    }

    /// Sets the agents, as pairs of name and status.
    pub(crate) fn set_agents(&self, agents: &[(&str, Value)]) {
        self.data().agents = agents.iter().map(|(name, status)| json!({"name": name, "status": status})).collect();
    }

    /// Sets the lines of the log, as pairs of agent and text.
    pub(crate) fn set_log(&self, lines: &[(&'static str, String)]) {
        self.data().log = lines.to_vec();
    }

    /// Closes a thread, whose messages the server deletes.
    pub(crate) fn close_thread(&self, thread: &str) {
        self.data().threads.insert(thread.to_owned(), Vec::new());
    }

    /// Ends the session. Its state remains.
    pub(crate) fn close(&self) {
        self.data().status = Status::Closing;
        self.disconnect();
    }

    /// Removes the session.
    pub(crate) fn remove(&self) {
        self.data().status = Status::Removed;
        self.disconnect();
    }

    /// Waits until a websocket is open.
    pub(crate) async fn wait_for_listener(&self) {
        self.shared.listeners.subscribe().wait_for(|listeners| *listeners > 0).await.expect("the server");
    }

    /// Waits until a read of the state has started and completed.
    pub(crate) async fn wait_for_read(&self) {
        let mut reads = self.shared.reads.subscribe();
        let target = *reads.borrow() + 2;
        reads.wait_for(|reads| *reads >= target).await.expect("the server");
    }
}

async fn state(State(shared): State<Arc<Shared>>) -> Response {
    shared.reads.send_modify(|reads| *reads += 1);
    let mut session = shared.session.lock().expect("not poisoned");
    if session.failing_reads > 0 {
        session.failing_reads -= 1;
        return (StatusCode::BAD_GATEWAY, "<html>").into_response();
    }
    let status = match session.status {
        Status::Executed => "executed",
        Status::Closing => "closing",
        Status::Removed => return session_not_found(),
    };
    let threads: Vec<_> = session.threads.iter().map(|(id, messages)| thread(id, messages)).collect();
    Json(json!({"base": {"id": "s1", "namespace": "default", "status": {"type": status}}, "agents": session.agents,
        "threads": threads}))
    .into_response()
}

fn thread(id: &str, messages: &[Value]) -> Value {
    json!({"id": id, "name": format!("name of {id}"), "creatorName": "writer", "participants": ["writer"],
        "messages": messages, "state": {"state": "open"}, "timestamp": "2026-05-08T14:56:15Z"})
}

fn session_not_found() -> Response {
    (StatusCode::NOT_FOUND, Json(json!({"message": "Session not found"}))).into_response()
}

async fn log(State(shared): State<Arc<Shared>>, upgrade: WebSocketUpgrade) -> Response {
    let lines = shared.session.lock().expect("not poisoned").log.clone();
    upgrade.on_upgrade(async move |mut socket| {
        for (agent, text) in lines {
            let tags = json!([{"type": "session", "sessionId": "s1"}, {"type": "agent", "name": agent}]);
            let line = json!({"type": "info", "timestamp": "2026-05-08T14:56:15Z", "text": text, "tags": tags});
            if socket.send(Message::from(line.to_string())).await.is_err() {
                return;
            }
        }
        // Servers keep the connection open for further lines.
        while socket.recv().await.is_some_and(|message| message.is_ok()) {}
    })
}

async fn events(State(shared): State<Arc<Shared>>, upgrade: WebSocketUpgrade) -> Response {
    let (status, is_without_events) = {
        let session = shared.session.lock().expect("not poisoned");
        (session.status, session.is_without_events)
    };
    if is_without_events {
        return StatusCode::NOT_FOUND.into_response();
    }
    if status == Status::Removed {
        return session_not_found();
    }
    let mut actions = shared.socket_actions.subscribe();
    upgrade.on_upgrade(async move |mut socket| {
        shared.listeners.send_modify(|listeners| *listeners += 1);
        while let Ok(SocketAction::Send(text)) = actions.recv().await {
            if socket.send(Message::from(text)).await.is_err() {
                break;
            }
        }
        shared.listeners.send_modify(|listeners| *listeners -= 1);
    })
}
