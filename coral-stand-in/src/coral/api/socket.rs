//! `/ws/v1`: what happens, while it happens.

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
use crate::coral::answer::{Answer, pretty};
use crate::coral::decode::{Tree, text_map};
use crate::coral::logs::{About, LogFilter};
use crate::coral::refusal::Refusal;
use crate::coral::session::ManagerEvent;

/// How often a client is pinged, and how long it may be silent.
const PING: Duration = Duration::from_secs(5);
const SILENCE: Duration = Duration::from_secs(15);

/// The most that a client may say at once; nothing of it is read.
const FROM_CLIENT: usize = 64 << 10;

type Key = Path<String>;

pub(super) async fn session_with_key(
    State(api): State<Arc<Api>>,
    Path((key, namespace, id)): Path<(String, String, String)>,
    request: Request,
) -> Answer {
    require_key(&api, &key)?;
    follow_session(&api, &namespace, &id, request).await
}

pub(super) async fn session(
    State(api): State<Arc<Api>>,
    Path((namespace, id)): Path<(String, String)>,
    request: Request,
) -> Answer {
    api.require_cookie(request.headers())?;
    follow_session(&api, &namespace, &id, request).await
}

pub(super) async fn manager_with_key(
    State(api): State<Arc<Api>>,
    Path(key): Key,
    Query(filter): Query<ManagerFilter>,
    request: Request,
) -> Answer {
    require_key(&api, &key)?;
    follow_manager(&api, filter, request).await
}

pub(super) async fn manager(
    State(api): State<Arc<Api>>,
    headers: HeaderMap,
    Query(filter): Query<ManagerFilter>,
    request: Request,
) -> Answer {
    api.require_cookie(&headers)?;
    follow_manager(&api, filter, request).await
}

pub(super) async fn logs_with_key(
    State(api): State<Arc<Api>>,
    Path(key): Key,
    Query(wanted): Query<WantedLogs>,
    request: Request,
) -> Answer {
    require_key(&api, &key)?;
    follow_logs(&api, wanted, request).await
}

pub(super) async fn logs(
    State(api): State<Arc<Api>>,
    headers: HeaderMap,
    Query(wanted): Query<WantedLogs>,
    request: Request,
) -> Answer {
    api.require_cookie(&headers)?;
    follow_logs(&api, wanted, request).await
}

fn require_key(api: &Api, key: &str) -> Result<(), Refusal> {
    if api.is_key(key) { Ok(()) } else { Err(Refusal::unauthorized("Invalid token")) }
}

async fn follow_session(api: &Api, namespace: &str, id: &str, request: Request) -> Answer {
    let session = api.namespaces.session(namespace, id)?;
    let (gone, events) = (session.gone(), session.follow());
    Ok(upgrade(request, move |socket| {
        send_all(socket, events, Some(gone), Vec::new(), |event| Some(event.as_ref().into()))
    })
    .await)
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ManagerFilter {
    namespace_filter: Option<String>,
    namespace_annotation_filters: Option<String>,
}

async fn follow_manager(api: &Api, filter: ManagerFilter, request: Request) -> Answer {
    let annotations = filter.namespace_annotation_filters.as_deref().map(annotations).transpose()?.unwrap_or_default();
    let passes = move |event: &ManagerEvent| {
        let namespace = &event.namespace;
        filter.namespace_filter.as_ref().is_none_or(|name| *name == namespace.name)
            && annotations.iter().all(|pair| namespace.annotations.contains(pair))
    };
    let events = api.namespaces.follow();
    let write = move |event: &ManagerEvent| passes(event).then(|| event.text.as_ref().into());
    Ok(upgrade(request, move |socket| send_all(socket, events, None, Vec::new(), write)).await)
}

/// A map of strings in JSON, in the base64 of URLs.
fn annotations(written: &str) -> Result<Vec<(String, String)>, Refusal> {
    let bytes = URL_SAFE.decode(written).map_err(|error| Refusal::unexpected(error.to_string()))?;
    let text = String::from_utf8_lossy(&bytes);
    let read = Tree::parse(&text).and_then(text_map);
    read.map_err(|fault| Refusal::bad_request(fault.to_string()))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct WantedLogs {
    namespace_filter: Option<String>,
    session_filter: Option<String>,
    agent_filter: Option<String>,
    #[serde(default)]
    allow_sensitive: bool,
    #[serde(default = "logs_by_default")]
    limit: i32,
}

fn logs_by_default() -> i32 {
    1024
}

async fn follow_logs(api: &Api, wanted: WantedLogs, request: Request) -> Answer {
    let about =
        About { namespace: wanted.namespace_filter, session: wanted.session_filter, agent: wanted.agent_filter };
    let filter = LogFilter { about, sensitive: wanted.allow_sensitive };
    let (past, events) = api.common.logs.follow(&filter, usize::try_from(wanted.limit).unwrap_or(0));
    let past = past.iter().map(|event| pretty(&event.to_json()).into()).collect();
    let write = move |event: &Arc<_>| filter.passes(event).then(|| pretty(&event.to_json()).into());
    Ok(upgrade(request, move |socket| send_all(socket, events, None, past, write)).await)
}

/// Becomes a websocket, if that was asked for.
async fn upgrade<F>(request: Request, talk: impl FnOnce(WebSocket) -> F + Send + 'static) -> Response
where
    F: Future<Output = ()> + Send + 'static,
{
    let (mut parts, _body) = request.into_parts();
    match WebSocketUpgrade::from_request_parts(&mut parts, &()).await {
        Ok(upgrade) => upgrade.max_message_size(FROM_CLIENT).on_upgrade(talk),
        Err(rejection) => rejection.into_response(),
    }
}

/// Sends what is past and then what happens, until the client leaves or there is nothing more to happen.
async fn send_all<T: Clone>(
    mut socket: WebSocket,
    mut events: broadcast::Receiver<T>,
    gone: Option<watch::Receiver<bool>>,
    past: Vec<Utf8Bytes>,
    write: impl Fn(&T) -> Option<Utf8Bytes>,
) {
    let mut over = std::pin::pin!(over(gone));
    let mut pings = interval_at(Instant::now() + PING, PING);
    pings.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut heard = Instant::now();
    for text in past {
        if !send(&mut socket, Some(Message::Text(text))).await {
            return;
        }
    }
    loop {
        let message = tokio::select! {
            from_client = socket.recv() => match from_client {
                Some(Ok(Message::Close(_)) | Err(_)) | None => return,
                Some(Ok(_)) => {
                    heard = Instant::now();
                    None
                }
            },
            event = events.recv() => match event {
                Ok(event) => write(&event).map(Message::Text),
                // The oldest were dropped.
                Err(RecvError::Lagged(_)) => None,
                Err(RecvError::Closed) => return,
            },
            () = &mut over => break,
            _ = pings.tick() => {
                if heard.elapsed() > SILENCE {
                    return;
                }
                Some(Message::Ping(Bytes::new()))
            }
        };
        if !send(&mut socket, message).await {
            return;
        }
    }
    // What happened before the end is still told.
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
    part(socket).await;
}

/// Says that it is over, and waits until the client has said so: what is closed before loses what the client has not read.
async fn part(mut socket: WebSocket) {
    if send(&mut socket, Some(Message::Close(None))).await {
        let rest = async { while let Some(Ok(_)) = socket.recv().await {} };
        // A client that stays silent is left.
        let _parted = timeout(SILENCE, rest).await;
    }
}

async fn over(gone: Option<watch::Receiver<bool>>) {
    match gone {
        // A session that is dropped is over, too.
        Some(mut gone) => drop(gone.wait_for(|gone| *gone).await),
        None => std::future::pending().await,
    }
}

/// Whether it was sent, if there is anything. A client that does not read is left after a while.
async fn send(socket: &mut WebSocket, message: Option<Message>) -> bool {
    let Some(message) = message else { return true };
    matches!(timeout(SILENCE, socket.send(message)).await, Ok(Ok(())))
}
