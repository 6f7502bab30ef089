//! The routes of the API and their handlers.

use std::io;
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Path, Query, Request as AxumRequest, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use futures_util::stream::once;
use http::header::{AUTHORIZATION, CONTENT_TYPE};
use http::{HeaderMap, HeaderValue, StatusCode};
use serde_json::{Value, json};

use super::decode::{self, NewMessage, NewSession, NewToolResults};
use super::event_filter::EventFilter;
use super::event_stream::EventStream;
use super::fault::{Fault, value_of};
use super::records::RequestRecord;
use super::rejection::Rejection;
use super::session::Session;
use super::state::ServerState;

/// The largest accepted body, in bytes.
const MAX_BODY: usize = 2 << 20;

type ApiResult = Result<Response, Rejection>;

pub(super) fn router(state: Arc<ServerState>) -> Router {
    let sessions = Router::new()
        .route("/sessions", post(create_session))
        .route("/sessions/{id}", get(get_session).delete(delete_session))
        .route("/sessions/{id}/messages", post(send_message))
        .route("/sessions/{id}/tool-results", post(submit_results))
        .route("/sessions/{id}/cancel", post(cancel_turn))
        .route("/sessions/{id}/events", get(list_events))
        .route("/sessions/{id}/sse", get(stream_events))
        .fallback(|| async { StatusCode::NOT_FOUND })
        .with_state(Arc::clone(&state));
    Router::new().nest("/api/v1", sessions).layer(from_fn_with_state(state, record_and_authenticate))
}

/// Records each request for tests, and rejects requests without the API key.
async fn record_and_authenticate(State(state): State<Arc<ServerState>>, request: AxumRequest, next: Next) -> Response {
    let (head, body) = request.into_parts();
    let Ok(bytes) = axum::body::to_bytes(body, MAX_BODY).await else {
        return Rejection::plain(StatusCode::PAYLOAD_TOO_LARGE, "length limit exceeded").into_response(&state.faults);
    };
    let text = |value: &HeaderValue| value.to_str().unwrap_or_default().to_owned();
    let header = |name: &str| head.headers.get(name).map(text);
    let authorization = header(AUTHORIZATION.as_str());
    state.record(RequestRecord {
        method: head.method.to_string(),
        path: head.uri.to_string(),
        authorization: authorization.clone(),
        organization: header("x-org-id"),
        reason: header("everruns-change-reason"),
        headers: head.headers.iter().map(|(name, value)| (name.to_string(), text(value))).collect(),
        body: serde_json::from_slice(&bytes).unwrap_or_default(),
    });
    if !is_key(&state.key, authorization.as_deref().unwrap_or_default()) {
        let rejection = Rejection::new(StatusCode::UNAUTHORIZED, "unauthorized", "Authentication required");
        return rejection.into_response(&state.faults);
    }
    next.run(AxumRequest::from_parts(head, Body::from(bytes))).await
}

/// Whether `authorization` is the key: as `Bearer`, as `ApiKey`, or without a scheme.
fn is_key(key: &str, authorization: &str) -> bool {
    let bare = match authorization.split_once(' ') {
        Some((scheme, rest)) if scheme.eq_ignore_ascii_case("bearer") || scheme == "ApiKey" => rest,
        _ => authorization,
    };
    bare == key
}

impl ServerState {
    fn respond(&self, result: ApiResult) -> Response {
        result.unwrap_or_else(|rejection| rejection.into_response(&self.faults))
    }

    fn session<T>(&self, id: &str, act: impl FnOnce(&mut Session) -> Result<T, Rejection>) -> Result<T, Rejection> {
        self.with_session(id, act).unwrap_or_else(|| Err(Rejection::not_found("Session")))
    }
}

async fn create_session(State(state): State<Arc<ServerState>>, headers: HeaderMap, body: Bytes) -> Response {
    let request = decode::body::<NewSession>(&headers, &body).and_then(|request| request.check().map(|()| request));
    let result = request.map(|request| {
        let created = state.create_session(request, Session::state_json);
        let lost = state.faults.find(value_of!(LosesSessionResponses));
        let is_lost = lost.is_some_and(|first| state.map_sessions(|_| ()).len() <= first);
        if is_lost { lost_response() } else { json_response(StatusCode::CREATED, &created) }
    });
    state.respond(result)
}

async fn get_session(State(state): State<Arc<ServerState>>, Path(id): Path<String>) -> Response {
    state.respond(state.session(&id, |session| session.get().map(|session| json_response(StatusCode::OK, &session))))
}

async fn delete_session(State(state): State<Arc<ServerState>>, Path(id): Path<String>) -> Response {
    let deleted = state.delete_session(&id).then(|| StatusCode::NO_CONTENT.into_response());
    state.respond(deleted.ok_or_else(|| Rejection::not_found("Session")))
}

async fn send_message(
    State(state): State<Arc<ServerState>>,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let request = decode::body::<NewMessage>(&headers, &body).and_then(|request| request.check().map(|()| request));
    let result = request.and_then(|request| {
        state.session(&id, |session| {
            let message = session.receive_message(&request)?;
            let lost = session.faults.count_down(value_of!(LosesMessageResponses));
            Ok(if lost { lost_response() } else { json_response(StatusCode::CREATED, &message) })
        })
    });
    state.respond(result)
}

async fn submit_results(
    State(state): State<Arc<ServerState>>,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let result = decode::body::<NewToolResults>(&headers, &body).and_then(|request| {
        state.session(&id, |session| {
            let accepted = session.receive_results(&request.tool_results)?;
            let lost = session.faults.count_down(value_of!(LosesResultResponses));
            Ok(if lost { lost_response() } else { json_response(StatusCode::OK, &accepted) })
        })
    });
    state.respond(result)
}

async fn cancel_turn(State(state): State<Arc<ServerState>>, Path(id): Path<String>) -> Response {
    let result = state.session(&id, |session| {
        let cancelled = session.cancel_if_active();
        let lost = session.faults.count_down(value_of!(LosesCancelResponses));
        Ok(if lost { lost_response() } else { json_response(StatusCode::OK, &cancelled) })
    });
    state.respond(result)
}

type Parameters = Query<Vec<(String, String)>>;

async fn list_events(
    State(state): State<Arc<ServerState>>,
    Path(id): Path<String>,
    Query(query): Parameters,
) -> Response {
    let result = EventFilter::parse(&query).and_then(|filter| {
        state.session(&id, |session| {
            let events = session.list_events(&filter)?;
            Ok(json_response(StatusCode::OK, &json!({"data": events})))
        })
    });
    state.respond(result)
}

async fn stream_events(
    State(state): State<Arc<ServerState>>,
    Path(id): Path<String>,
    Query(query): Parameters,
) -> Response {
    let rejection_status = state.faults.find(value_of!(RejectsStreams));
    if let Some(status) = rejection_status.and_then(|status| StatusCode::from_u16(status).ok()) {
        return Rejection::new(status, "too_many_streams", "no more streams").into_response(&state.faults);
    }
    let result = EventFilter::parse(&query).and_then(|filter| {
        let (position, is_silent) = state.session(&id, |session| {
            if session.faults.count_down(value_of!(BusyStreams)) {
                return Err(Rejection::new(StatusCode::TOO_MANY_REQUESTS, "too_many_streams", "no more streams"));
            }
            let position = start_position(session, &filter)?;
            let is_silent = session.faults.count_down(value_of!(SilentStreams));
            Ok((position, is_silent))
        })?;
        Ok(EventStream::new(Arc::clone(&state), id, filter, position, is_silent).into_response())
    });
    state.respond(result)
}

/// The position of a stream's first event. Without a cursor, newer servers send only new events.
fn start_position(session: &Session, filter: &EventFilter) -> Result<usize, Rejection> {
    let faults = &session.faults;
    match (&filter.since, filter.after) {
        _ if faults.has(Fault::IgnoresCursors) => Ok(session.events.len()),
        (Some(since), _) => session.position_after(since),
        (None, _) if faults.has(Fault::ReplaysHistory) => Ok(0),
        (None, Some(after)) => Ok(after),
        (None, None) => Ok(session.events.len()),
    }
}

fn json_response(status: StatusCode, body: &Value) -> Response {
    (status, [(CONTENT_TYPE, "application/json")], body.to_string()).into_response()
}

/// A response whose connection is cut, after the request took effect.
fn lost_response() -> Response {
    let lost: Result<Bytes, io::Error> = Err(io::ErrorKind::ConnectionAborted.into());
    Body::from_stream(once(async move { lost })).into_response()
}
