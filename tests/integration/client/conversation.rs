//! One session on a server that does as the test says: what is in its state, what it tells, when it breaks.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

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

/// The server, and what it says.
#[derive(Clone)]
pub(crate) struct Conversation {
    shared: Arc<Shared>,
    url: String,
}

struct Shared {
    held: Mutex<Held>,
    told: broadcast::Sender<Told>,
    /// How many listen.
    listeners: watch::Sender<usize>,
    /// How often the state was read.
    reads: watch::Sender<usize>,
}

#[derive(Default)]
struct Held {
    status: Status,
    agents: Vec<Value>,
    threads: BTreeMap<String, Vec<Value>>,
    /// How many reads fail before one goes well.
    trouble: usize,
    has_no_events: bool,
}

#[derive(Clone, Copy, Default, PartialEq)]
enum Status {
    #[default]
    Executed,
    Closing,
    Gone,
}

#[derive(Clone)]
enum Told {
    Text(String),
    Cut,
}

impl Conversation {
    pub(crate) async fn start() -> Self {
        let shared = Arc::new(Shared {
            held: Mutex::default(),
            told: broadcast::channel(1024).0,
            listeners: watch::channel(0).0,
            reads: watch::channel(0).0,
        });
        let app = Router::new()
            .route("/api/v1/local/session/default/s1/extended", get(state))
            .route("/ws/v1/events/{key}/session/default/s1", get(events))
            .with_state(Arc::clone(&shared));
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        tokio::spawn(async move { axum::serve(listener, app).await });
        Self { shared, url }
    }

    pub(crate) fn session(&self) -> Session {
        let coral = Coral::server(&self.url, KEY).dialect(Dialect::Server1_2).retries(0);
        coral.poll_interval(std::time::Duration::from_millis(20)).session("default", "s1")
    }

    fn held(&self) -> std::sync::MutexGuard<'_, Held> {
        self.shared.held.lock().expect("no panic")
    }

    pub(crate) fn without_events(self) -> Self {
        self.held().has_no_events = true;
        self
    }

    /// Puts a message into the state, and tells of it or not.
    pub(crate) fn say(&self, thread: &str, id: &str, timestamp: &Value, tell: bool) {
        let message = json!({"id": id, "threadId": thread, "text": format!("text of {id}"), "senderName": "writer",
            "mentionNames": [], "timestamp": timestamp});
        self.held().threads.entry(thread.to_owned()).or_default().push(message.clone());
        if tell {
            self.tell(&json!({"type": "thread_message_sent", "timestamp": timestamp, "message": message}));
        }
    }

    pub(crate) fn tell(&self, event: &Value) {
        self.tell_text(format!("{event:#}"));
    }

    pub(crate) fn tell_text(&self, text: impl Into<String>) {
        let _nobody_listens = self.shared.told.send(Told::Text(text.into()));
    }

    /// Breaks every websocket, as a server does that is killed.
    pub(crate) fn cut(&self) {
        let _nobody_listens = self.shared.told.send(Told::Cut);
    }

    /// Lets the next reads of the state fail.
    pub(crate) fn trouble(&self, reads: usize) {
        self.held().trouble = reads;
    }

    /// The agents as `(name, status)`.
    pub(crate) fn agents(&self, agents: &[(&str, Value)]) {
        self.held().agents = agents.iter().map(|(name, status)| json!({"name": name, "status": status})).collect();
    }

    /// The server wipes a thread that is closed.
    pub(crate) fn close_thread(&self, thread: &str) {
        self.held().threads.insert(thread.to_owned(), Vec::new());
    }

    pub(crate) fn close(&self) {
        self.held().status = Status::Closing;
        self.cut();
    }

    pub(crate) fn gone(&self) {
        self.held().status = Status::Gone;
        self.cut();
    }

    /// Until somebody listens to the events.
    pub(crate) async fn heard(&self) {
        self.shared.listeners.subscribe().wait_for(|listeners| *listeners > 0).await.expect("the server");
    }

    /// Until the state has been read once more, from the beginning.
    pub(crate) async fn read(&self) {
        let mut reads = self.shared.reads.subscribe();
        let until = *reads.borrow() + 2;
        reads.wait_for(|reads| *reads >= until).await.expect("the server");
    }
}

async fn state(State(shared): State<Arc<Shared>>) -> Response {
    shared.reads.send_modify(|reads| *reads += 1);
    let mut held = shared.held.lock().expect("no panic");
    if held.trouble > 0 {
        held.trouble -= 1;
        return (StatusCode::BAD_GATEWAY, "<html>").into_response();
    }
    let status = match held.status {
        Status::Executed => "executed",
        Status::Closing => "closing",
        Status::Gone => return gone(),
    };
    let threads: Vec<_> = held.threads.iter().map(|(id, messages)| thread(id, messages)).collect();
    Json(json!({"base": {"id": "s1", "namespace": "default", "status": {"type": status}}, "agents": held.agents,
        "threads": threads}))
    .into_response()
}

fn thread(id: &str, messages: &[Value]) -> Value {
    json!({"id": id, "name": format!("name of {id}"), "creatorName": "writer", "participants": ["writer"],
        "messages": messages, "state": {"state": "open"}, "timestamp": "2026-05-08T14:56:15Z"})
}

fn gone() -> Response {
    (StatusCode::NOT_FOUND, Json(json!({"message": "Session not found"}))).into_response()
}

async fn events(State(shared): State<Arc<Shared>>, upgrade: WebSocketUpgrade) -> Response {
    let (status, has_none) = {
        let held = shared.held.lock().expect("no panic");
        (held.status, held.has_no_events)
    };
    if has_none {
        return StatusCode::NOT_FOUND.into_response();
    }
    if status == Status::Gone {
        return gone();
    }
    let mut told = shared.told.subscribe();
    upgrade.on_upgrade(async move |mut socket| {
        shared.listeners.send_modify(|listeners| *listeners += 1);
        while let Ok(Told::Text(text)) = told.recv().await {
            if socket.send(Message::from(text)).await.is_err() {
                break;
            }
        }
        shared.listeners.send_modify(|listeners| *listeners -= 1);
    })
}
