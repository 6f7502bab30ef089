//! `/ws/v1`: events and logs over websockets.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::ws::{Message, Utf8Bytes, WebSocket, WebSocketUpgrade};
use axum::extract::{FromRequestParts, Path, Query, Request, State};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE;
use bytes::Bytes;
use http::HeaderMap;
use serde::Deserialize;
use tokio::sync::broadcast::error::{RecvError, TryRecvError};
use tokio::sync::{broadcast, watch};
use tokio::time::{Instant, MissedTickBehavior, interval_at, timeout};

use super::Api;
use crate::coral::decode::{JsonTree, text_map};
use crate::coral::logs::{LogFilter, LogSubject};
use crate::coral::rejection::Rejection;
use crate::coral::response::{ApiResult, pretty};
use crate::coral::session::ManagerEvent;

/// The interval of pings.
const PING_INTERVAL: Duration = Duration::from_secs(5);

/// The longest silence of a client, and the longest time to send a message.
const IDLE_TIMEOUT: Duration = Duration::from_secs(15);

/// The largest message of a client, in bytes. Messages of clients are ignored.
const MAX_CLIENT_MESSAGE: usize = 64 << 10;

type Key = Path<String>;

pub(super) async fn session_with_key(
    State(api): State<Arc<Api>>,
    Path((key, namespace, id)): Path<(String, String, String)>,
    request: Request,
) -> ApiResult {
    require_key(&api, &key)?;
    follow_session(&api, &namespace, &id, request).await
}

pub(super) async fn session(
    State(api): State<Arc<Api>>,
    Path((namespace, id)): Path<(String, String)>,
    request: Request,
) -> ApiResult {
    api.require_cookie(request.headers())?;
    follow_session(&api, &namespace, &id, request).await
}

pub(super) async fn manager_with_key(
    State(api): State<Arc<Api>>,
    Path(key): Key,
    Query(filter): Query<ManagerFilter>,
    request: Request,
) -> ApiResult {
    require_key(&api, &key)?;
    follow_manager(&api, filter, request).await
}

pub(super) async fn manager(
    State(api): State<Arc<Api>>,
    headers: HeaderMap,
    Query(filter): Query<ManagerFilter>,
    request: Request,
) -> ApiResult {
    api.require_cookie(&headers)?;
    follow_manager(&api, filter, request).await
}

pub(super) async fn logs_with_key(
    State(api): State<Arc<Api>>,
    Path(key): Key,
    Query(query): Query<LogQuery>,
    request: Request,
) -> ApiResult {
    require_key(&api, &key)?;
    follow_logs(&api, query, request).await
}

pub(super) async fn logs(
    State(api): State<Arc<Api>>,
    headers: HeaderMap,
    Query(query): Query<LogQuery>,
    request: Request,
) -> ApiResult {
    api.require_cookie(&headers)?;
    follow_logs(&api, query, request).await
}

fn require_key(api: &Api, key: &str) -> Result<(), Rejection> {
    if api.is_key(key) { Ok(()) } else { Err(Rejection::unauthorized("Invalid token")) }
}

async fn follow_session(api: &Api, namespace: &str, id: &str, request: Request) -> ApiResult {
    let session = api.namespaces.session(namespace, id)?;
    let (ended, events) = (session.ended(), session.subscribe());
    Ok(upgrade(request, move |socket| {
        send_all(socket, events, Some(ended), Vec::new(), |event| Some(event.as_ref().into()))
    })
    .await)
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ManagerFilter {
    namespace_filter: Option<String>,
    namespace_annotation_filters: Option<String>,
}

async fn follow_manager(api: &Api, filter: ManagerFilter, request: Request) -> ApiResult {
    let annotations = filter.namespace_annotation_filters.as_deref().map(annotations).transpose()?.unwrap_or_default();
    let matches = move |event: &ManagerEvent| {
        let namespace = &event.namespace;
        filter.namespace_filter.as_ref().is_none_or(|name| *name == namespace.name)
            && annotations.iter().all(|pair| namespace.annotations.contains(pair))
    };
    let events = api.namespaces.subscribe();
    let write = move |event: &ManagerEvent| matches(event).then(|| event.text.as_ref().into());
    Ok(upgrade(request, move |socket| send_all(socket, events, None, Vec::new(), write)).await)
}

/// Decodes a JSON object of strings in URL-safe base64.
fn annotations(encoded: &str) -> Result<Vec<(String, String)>, Rejection> {
    let bytes = URL_SAFE.decode(encoded).map_err(|error| Rejection::unexpected(error.to_string()))?;
    let text = String::from_utf8_lossy(&bytes);
    let annotations = JsonTree::parse(&text).and_then(text_map);
    annotations.map_err(|error| Rejection::bad_request(error.to_string()))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct LogQuery {
    namespace_filter: Option<String>,
    session_filter: Option<String>,
    agent_filter: Option<String>,
    #[serde(default)]
    allow_sensitive: bool,
    #[serde(default = "default_log_limit")]
    limit: i32,
}

fn default_log_limit() -> i32 {
    1024
}

async fn follow_logs(api: &Api, query: LogQuery, request: Request) -> ApiResult {
    let subject = LogSubject {
        namespace: query.namespace_filter,
        session: query.session_filter,
        agent: query.agent_filter,
        is_stdout: false,
    };
    let filter = LogFilter { subject, includes_sensitive: query.allow_sensitive };
    let (history, events) = api.context.logs.follow(&filter, usize::try_from(query.limit).unwrap_or(0));
    let history = history.iter().map(|event| pretty(&event.to_json()).into()).collect();
    let write = move |event: &Arc<_>| filter.matches(event).then(|| pretty(&event.to_json()).into());
    Ok(upgrade(request, move |socket| send_all(socket, events, None, history, write)).await)
}

/// Upgrades the connection to a websocket, if the client requested it.
async fn upgrade<F>(request: Request, run: impl FnOnce(WebSocket) -> F + Send + 'static) -> Response
where
    F: Future<Output = ()> + Send + 'static,
{
    let (mut parts, _body) = request.into_parts();
    match WebSocketUpgrade::from_request_parts(&mut parts, &()).await {
        Ok(upgrade) => upgrade.max_message_size(MAX_CLIENT_MESSAGE).on_upgrade(run),
        Err(rejection) => rejection.into_response(),
    }
}

/// Sends the history and then new events, until the client disconnects or the session has ended.
async fn send_all<T: Clone>(
    mut socket: WebSocket,
    mut events: broadcast::Receiver<T>,
    ended: Option<watch::Receiver<bool>>,
    history: Vec<Utf8Bytes>,
    write: impl Fn(&T) -> Option<Utf8Bytes>,
) {
    let mut session_end = std::pin::pin!(wait_for_end(ended));
    let mut pings = interval_at(Instant::now() + PING_INTERVAL, PING_INTERVAL);
    pings.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut last_received = Instant::now();
    for text in history {
        if !send(&mut socket, Some(Message::Text(text))).await {
            return;
        }
    }
    loop {
        let message = tokio::select! {
            from_client = socket.recv() => match from_client {
                Some(Ok(Message::Close(_)) | Err(_)) | None => return,
                Some(Ok(_)) => {
                    last_received = Instant::now();
                    None
                }
            },
            event = events.recv() => match event {
                Ok(event) => write(&event).map(Message::Text),
                // The oldest events were dropped.
                Err(RecvError::Lagged(_)) => None,
                Err(RecvError::Closed) => return,
            },
            () = &mut session_end => break,
            _ = pings.tick() => {
                if last_received.elapsed() > IDLE_TIMEOUT {
                    return;
                }
                Some(Message::Ping(Bytes::new()))
            }
        };
        if !send(&mut socket, message).await {
            return;
        }
    }
    // Sends the events that happened before the end.
    loop {
        let message = match events.try_recv() {
            Ok(event) => write(&event).map(Message::Text),
            Err(TryRecvError::Lagged(_)) => None,
            Err(TryRecvError::Empty | TryRecvError::Closed) => break,
        };
        if !send(&mut socket, message).await {
            return;
        }
    }
    close(socket).await;
}

/// Sends a close frame and waits for that of the client. Otherwise the client could lose events that it has not read.
async fn close(mut socket: WebSocket) {
    if send(&mut socket, Some(Message::Close(None))).await {
        let rest = async { while let Some(Ok(_)) = socket.recv().await {} };
        // A client that does not respond is disconnected.
        let _elapsed = timeout(IDLE_TIMEOUT, rest).await;
    }
}

async fn wait_for_end(ended: Option<watch::Receiver<bool>>) {
    match ended {
        // An error means that the session was dropped, which is an end, too.
        Some(mut ended) => drop(ended.wait_for(|ended| *ended).await),
        None => std::future::pending().await,
    }
}

/// Sends a message, if there is one. Returns `false` if the client is disconnected or does not read.
async fn send(socket: &mut WebSocket, message: Option<Message>) -> bool {
    let Some(message) = message else { return true };
    matches!(timeout(IDLE_TIMEOUT, socket.send(message)).await, Ok(Ok(())))
}
