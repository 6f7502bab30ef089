//! The routes of the API.

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn_with_state;
use axum::routing::{get, post};
use http::StatusCode;

use super::state::ServerState;
use super::{agents, environments, event_stream, events, middleware, sessions};

pub(super) fn router(state: &Arc<ServerState>) -> Router {
    let api = Router::new()
        .route("/environments", get(environments::list).post(environments::create))
        .route(
            "/environments/{id}",
            get(environments::retrieve).post(environments::update).delete(environments::delete),
        )
        .route("/environments/{id}/archive", post(environments::archive))
        .route("/agents", get(agents::list).post(agents::create))
        .route("/agents/{id}", get(agents::retrieve).post(agents::update))
        .route("/agents/{id}/archive", post(agents::archive))
        .route("/sessions", get(sessions::list).post(sessions::create))
        .route("/sessions/{id}", get(sessions::retrieve).post(sessions::update).delete(sessions::delete))
        .route("/sessions/{id}/archive", post(sessions::archive))
        .route("/sessions/{id}/cancel", post(sessions::cancel))
        .route("/sessions/{id}/events", get(events::list).post(events::send))
        .route("/sessions/{id}/events/stream", get(event_stream::stream_events));
    Router::new()
        .nest("/api/v1/cloud", api)
        .fallback(async || (StatusCode::NOT_FOUND, "404 page not found"))
        // The middleware limits the body itself.
        .layer(DefaultBodyLimit::disable())
        .layer(from_fn_with_state(Arc::clone(state), middleware::handle))
        .with_state(Arc::clone(state))
}
