//! The API: which path is answered by what.

use std::io;
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Path, Query, Request as HttpRequest, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use futures_util::stream::once;
use http::header::{AUTHORIZATION, CONTENT_TYPE};
use http::{HeaderMap, HeaderValue, StatusCode};
use serde_json::{Value, json};

use super::decode::{self, NewMessage, NewSession, Results};
use super::filter::Filter;
use super::record::Request;
use super::refusal::Refusal;
use super::session::Session;
use super::shared::Shared;
use super::stream::Stream;
use super::trap::Trap;

/// The largest body that is read, in bytes.
const BODY: usize = 2 << 20;

type Answer = Result<Response, Refusal>;

pub(super) fn router(shared: Arc<Shared>) -> Router {
    let sessions = Router::new()
        .route("/sessions", post(create))
        .route("/sessions/{id}", get(show).delete(delete))
        .route("/sessions/{id}/messages", post(message))
        .route("/sessions/{id}/tool-results", post(results))
        .route("/sessions/{id}/cancel", post(cancel))
        .route("/sessions/{id}/events", get(events))
        .route("/sessions/{id}/sse", get(stream))
        .fallback(|| async { StatusCode::NOT_FOUND })
        .with_state(Arc::clone(&shared));
    Router::new().nest("/api/v1", sessions).layer(from_fn_with_state(shared, record))
}

/// Keeps each request for tests, and lets nobody in without the token.
async fn record(State(shared): State<Arc<Shared>>, request: HttpRequest, next: Next) -> Response {
    let (head, body) = request.into_parts();
    let Ok(bytes) = axum::body::to_bytes(body, BODY).await else {
        return Refusal::plain(StatusCode::PAYLOAD_TOO_LARGE, "length limit exceeded").response(&shared.traps);
    };
    let text = |value: &HeaderValue| value.to_str().unwrap_or_default().to_owned();
    let header = |name: &str| head.headers.get(name).map(text);
    let authorization = header(AUTHORIZATION.as_str());
    shared.record(Request {
        method: head.method.to_string(),
        path: head.uri.to_string(),
        authorization: authorization.clone(),
        organization: header("x-org-id"),
        reason: header("everruns-change-reason"),
        headers: head.headers.iter().map(|(name, value)| (name.to_string(), text(value))).collect(),
        body: serde_json::from_slice(&bytes).unwrap_or_default(),
    });
    if !is_token(&shared.token, authorization.as_deref().unwrap_or_default()) {
        let refusal = Refusal::new(StatusCode::UNAUTHORIZED, "unauthorized", "Authentication required");
        return refusal.response(&shared.traps);
    }
    next.run(HttpRequest::from_parts(head, Body::from(bytes))).await
}

/// As a bearer, as an API key, or bare.
fn is_token(token: &str, given: &str) -> bool {
    let bare = match given.split_once(' ') {
        Some((scheme, rest)) if scheme.eq_ignore_ascii_case("bearer") || scheme == "ApiKey" => rest,
        _ => given,
    };
    bare == token
}

impl Shared {
    fn answer(&self, answer: Answer) -> Response {
        answer.unwrap_or_else(|refusal| refusal.response(&self.traps))
    }

    fn of<T>(&self, id: &str, act: impl FnOnce(&mut Session) -> Result<T, Refusal>) -> Result<T, Refusal> {
        self.with(id, act).unwrap_or_else(|| Err(Refusal::not_found("Session")))
    }
}

async fn create(State(shared): State<Arc<Shared>>, headers: HeaderMap, body: Bytes) -> Response {
    let read = decode::body::<NewSession>(&headers, &body).and_then(|request| request.check().map(|()| request));
    let answer = read.map(|request| {
        let created = shared.create(request, Session::show);
        let lost = shared.traps.find(|trap| if let Trap::LosesSessions(first) = trap { Some(first) } else { None });
        let is_lost = lost.is_some_and(|first| shared.look(|_| ()).len() <= first);
        if is_lost { cut() } else { json_response(StatusCode::CREATED, &created) }
    });
    shared.answer(answer)
}

async fn show(State(shared): State<Arc<Shared>>, Path(id): Path<String>) -> Response {
    shared.answer(shared.of(&id, |session| session.look().map(|shown| json_response(StatusCode::OK, &shown))))
}

async fn delete(State(shared): State<Arc<Shared>>, Path(id): Path<String>) -> Response {
    let deleted = shared.delete(&id).then(|| StatusCode::NO_CONTENT.into_response());
    shared.answer(deleted.ok_or_else(|| Refusal::not_found("Session")))
}

async fn message(
    State(shared): State<Arc<Shared>>,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let read = decode::body::<NewMessage>(&headers, &body).and_then(|request| request.check().map(|()| request));
    let answer = read.and_then(|request| {
        shared.of(&id, |session| {
            let message = session.message(&request)?;
            let lost =
                session.traps.springs(|trap| if let Trap::LosesMessages(left) = trap { Some(left) } else { None });
            Ok(if lost { cut() } else { json_response(StatusCode::CREATED, &message) })
        })
    });
    shared.answer(answer)
}

async fn results(
    State(shared): State<Arc<Shared>>,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let answer = decode::body::<Results>(&headers, &body).and_then(|request| {
        shared.of(&id, |session| {
            let accepted = session.results(&request.tool_results)?;
            let lost =
                session.traps.springs(|trap| if let Trap::LosesResponses(left) = trap { Some(left) } else { None });
            Ok(if lost { cut() } else { json_response(StatusCode::OK, &accepted) })
        })
    });
    shared.answer(answer)
}

async fn cancel(State(shared): State<Arc<Shared>>, Path(id): Path<String>) -> Response {
    let answer = shared.of(&id, |session| {
        let cancelled = session.cancel();
        let lost = session.traps.springs(|trap| if let Trap::LosesCancels(left) = trap { Some(left) } else { None });
        Ok(if lost { cut() } else { json_response(StatusCode::OK, &cancelled) })
    });
    shared.answer(answer)
}

type Parameters = Query<Vec<(String, String)>>;

async fn events(State(shared): State<Arc<Shared>>, Path(id): Path<String>, Query(query): Parameters) -> Response {
    let answer = Filter::of(&query).and_then(|filter| {
        shared.of(&id, |session| {
            let events = session.list(&filter)?;
            Ok(json_response(StatusCode::OK, &json!({"data": events})))
        })
    });
    shared.answer(answer)
}

async fn stream(State(shared): State<Arc<Shared>>, Path(id): Path<String>, Query(query): Parameters) -> Response {
    let refused = shared.traps.find(|trap| if let Trap::RefusesStreams(status) = trap { Some(status) } else { None });
    if let Some(status) = refused.and_then(|status| StatusCode::from_u16(status).ok()) {
        return Refusal::new(status, "too_many_streams", "no more streams").response(&shared.traps);
    }
    let answer = Filter::of(&query).and_then(|filter| {
        let (place, is_mute) = shared.of(&id, |session| {
            if session.traps.springs(|trap| if let Trap::BusyStreams(left) = trap { Some(left) } else { None }) {
                return Err(Refusal::new(StatusCode::TOO_MANY_REQUESTS, "too_many_streams", "no more streams"));
            }
            let place = place(session, &filter)?;
            let mute = session.traps.springs(|trap| if let Trap::Mute(left) = trap { Some(left) } else { None });
            Ok((place, mute))
        })?;
        Ok(Stream::new(Arc::clone(&shared), id, filter, place, is_mute).response())
    });
    shared.answer(answer)
}

/// Where a stream begins: newer servers begin with what comes next, unless they are told.
fn place(session: &Session, filter: &Filter) -> Result<usize, Refusal> {
    let traps = &session.traps;
    match (&filter.since, filter.after) {
        _ if traps.has(Trap::AlwaysLive) => Ok(session.events.len()),
        (Some(since), _) => session.after(since),
        (None, _) if traps.has(Trap::Replays) => Ok(0),
        (None, Some(after)) => Ok(after),
        (None, None) => Ok(session.events.len()),
    }
}

fn json_response(status: StatusCode, body: &Value) -> Response {
    (status, [(CONTENT_TYPE, "application/json")], body.to_string()).into_response()
}

/// What was asked is done, and the answer lost.
fn cut() -> Response {
    let lost: Result<Bytes, io::Error> = Err(io::ErrorKind::ConnectionAborted.into());
    Body::from_stream(once(async move { lost })).into_response()
}
