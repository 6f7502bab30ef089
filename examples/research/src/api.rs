//! The routes of the application.

use std::collections::HashMap;
use std::convert::Infallible;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::extract::{DefaultBodyLimit, Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::IntoResponse;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::routing::{get, post};
use axum::{Json, Router};
use coral_tools::calls::{NextCallError, ReplayChannel};
use coral_tools::store::MemoryStore;
use coral_tools::{BaseUrl, BuildErrors, OwnedSession, Secret, SessionRequest, Sessions, Toolset, toolset};
use futures_util::stream::{StreamExt, TryStreamExt, iter};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::team::{get_initial_request, send_research_result, team};

/// The longest time of a research, and its most results.
const MAX_TIME: Duration = Duration::from_secs(1800);
const MAX_RESULTS: usize = 200;
/// The time in which a browser reconnects.
const RECONNECT_TIME: Duration = Duration::from_secs(10);
/// How long the results are kept after the end.
const RETENTION: Duration = Duration::from_secs(300);

#[derive(Clone)]
struct App {
    /// The value of a session is the uploaded text.
    sessions: Sessions<String>,
    request: SessionRequest,
    /// The results of each research.
    results: Arc<Mutex<HashMap<Uuid, ReplayChannel<String>>>>,
}

impl App {
    fn results(&self) -> MutexGuard<'_, HashMap<Uuid, ReplayChannel<String>>> {
        self.results.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

pub(crate) fn router(sessions: Sessions<String>, base_url: BaseUrl, secret: Secret) -> Result<Router, BuildErrors> {
    let tools: Toolset<_> = toolset![get_initial_request, send_research_result].with_store(MemoryStore::new());
    let webhooks = tools.try_webhooks(secret)?.with_state(sessions.clone());
    let request = team().tools(&tools, base_url).ttl(MAX_TIME);
    let routes = Router::new()
        .route("/research", post(start).layer(DefaultBodyLimit::max(256 * 1024)))
        .route("/research/{id}/events", get(events))
        .route("/research/{id}/status", get(status));
    Ok(routes.with_state(App { sessions, request, results: Arc::default() }).nest("/coral", webhooks))
}

async fn start(State(app): State<App>, text: String) -> (StatusCode, Json<Value>) {
    if text.trim().is_empty() {
        return (StatusCode::UNPROCESSABLE_ENTITY, Json(json!({"error": "the text is empty"})));
    }
    let session = match app.sessions.open(&app.request, text).await {
        Ok(session) => session,
        Err(error) => {
            tracing::error!(%error, "a research was not started");
            return (StatusCode::BAD_GATEWAY, Json(json!({"error": "the agents cannot be reached"})));
        }
    };
    let (id, results) = (Uuid::new_v4(), ReplayChannel::new(MAX_RESULTS));
    app.results().insert(id, results.clone());
    tokio::spawn(async move {
        if let Err(error) = publish(&session, &results).await {
            tracing::error!(%error, session = session.id(), "a research was cut off");
        }
        results.close();
        tokio::time::sleep(RETENTION).await;
        app.results().remove(&id);
    });
    (StatusCode::CREATED, Json(json!({"id": id})))
}

/// Publishes the results until the session has ended. Closes it if no browser shows them, or if there are too many.
async fn publish(session: &OwnedSession<String>, results: &ReplayChannel<String>) -> Result<(), NextCallError> {
    let calls = session.calls::<send_research_result>().map_ok(|call| call.result);
    results.send_all(calls.take_until(results.unused_for(RECONNECT_TIME))).await?;
    Ok(session.close().await?)
}

async fn events(
    State(app): State<App>,
    Path(id): Path<Uuid>,
    headers: HeaderMap,
) -> Result<impl IntoResponse, StatusCode> {
    let results = app.results().get(&id).cloned().ok_or(StatusCode::NOT_FOUND)?;
    let last_id = headers.get("last-event-id").and_then(|id| id.to_str().ok()?.parse().ok());
    let results = results.subscribe_after(last_id.unwrap_or(0));
    let results = results.map(|(number, result)| Event::default().event("result").id(number.to_string()).data(result));
    let end = iter([Event::default().event("end").data("")]);
    Ok(Sse::new(results.chain(end).map(Ok::<_, Infallible>)).keep_alive(KeepAlive::default()))
}

async fn status(State(app): State<App>, Path(id): Path<Uuid>) -> Result<Json<Value>, StatusCode> {
    let results = app.results().get(&id).cloned().ok_or(StatusCode::NOT_FOUND)?;
    let status = if results.is_closed() { "ended" } else { "running" };
    Ok(Json(json!({"status": status, "results": results.len()})))
}
