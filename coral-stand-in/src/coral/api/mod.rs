//! The API: which path is answered by what.

mod auth;
mod body;
mod cloud;
mod headers;
mod namespaces;
mod openapi;
mod puppet;
mod registry;
mod sessions;
mod socket;

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use http::StatusCode;
use serde_json::json;

use self::auth::Cookies;
use super::answer::json_response;
use super::common::Common;
use super::plays::Plays;
use super::session::Namespaces;

/// The largest body that is read, in bytes.
const BODY: usize = 16 << 20;

/// What handlers work on.
pub(super) struct Api {
    pub(super) common: Arc<Common>,
    pub(super) namespaces: Arc<Namespaces>,
    cookies: Cookies,
}

impl Api {
    pub(super) fn new(common: Arc<Common>) -> Arc<Self> {
        let namespaces = Arc::new(Namespaces::new(common.clone()));
        Arc::new(Self { common, namespaces, cookies: Cookies::default() })
    }

    pub(super) fn router(self: Arc<Self>) -> Router {
        let plays = self.common.plays;
        let (protected, open) = match plays {
            Plays::Cloud => (cloud_routes(), Router::new()),
            Plays::Server1_1 | Plays::Server1_2 => (server_routes(), open_routes()),
        };
        let protected = protected.merge(puppet_routes());
        let router = protected
            .route_layer(from_fn_with_state(self.clone(), auth::require))
            .merge(open)
            .layer(from_fn(headers::accept))
            .layer(DefaultBodyLimit::max(BODY))
            .fallback(move || async move { unknown(plays) })
            .with_state(self);
        if plays == Plays::Cloud { router } else { router.layer(from_fn(headers::origin)) }
    }
}

type Routes = Router<Arc<Api>>;

fn server_routes() -> Routes {
    Router::new()
        .route("/api/v1/local/session", post(sessions::create))
        .route(
            "/api/v1/local/session/{namespace}/{session}",
            get(sessions::base).post(sessions::execute).delete(sessions::close),
        )
        .route("/api/v1/local/session/{namespace}/{session}/extended", get(sessions::extended))
        .route("/api/v1/local/namespace", get(namespaces::list).post(namespaces::create))
        .route("/api/v1/local/namespace/extended", get(namespaces::list_extended))
        .route("/api/v1/local/namespace/{namespace}", get(namespaces::sessions).delete(namespaces::delete))
        .route("/api/v1/local/namespace/{namespace}/extended", get(namespaces::sessions_extended))
        .merge(registry_routes())
}

/// The paths that the guide prints, in both of its ways to write them.
fn cloud_routes() -> Routes {
    Router::new()
        .route("/api/v1/local/session", post(sessions::create))
        .route(
            "/api/v1/local/session/{namespace}/{session}",
            get(sessions::extended).post(sessions::execute).delete(sessions::close),
        )
        .route("/api/v1/session", get(cloud::list))
        .route("/api/v1/session/{namespace}", get(cloud::sessions))
        .route("/api/v1/session/{namespace}/{session}", get(sessions::extended).delete(sessions::close))
        .merge(registry_routes())
}

fn registry_routes() -> Routes {
    Router::new()
        .route("/api/v1/registry", get(registry::list))
        .route("/api/v1/registry/local/{agent}/{version}", get(registry::local))
        .route("/api/v1/registry/marketplace/{agent}/{version}", get(registry::marketplace))
        .route("/api/v1/registry/linked/{server}/{agent}/{version}", get(registry::linked))
}

fn puppet_routes() -> Routes {
    Router::new()
        .route("/api/v1/puppet/{namespace}/{session}/{agent}", axum::routing::delete(puppet::kill))
        .route(
            "/api/v1/puppet/{namespace}/{session}/{agent}/thread",
            post(puppet::create_thread).delete(puppet::close_thread),
        )
        .route("/api/v1/puppet/{namespace}/{session}/{agent}/thread/message", post(puppet::send_message))
        .route(
            "/api/v1/puppet/{namespace}/{session}/{agent}/thread/participant",
            post(puppet::add_participant).delete(puppet::remove_participant),
        )
}

/// What needs no key, or has it in its path.
fn open_routes() -> Routes {
    Router::new()
        .route("/api_v1.json", get(openapi::document))
        .route("/api/v1/auth/token", post(auth::log_in))
        .route("/ws/v1/events/{key}/session/{namespace}/{session}", get(socket::session_with_key))
        .route("/ws/v1/events/session/{namespace}/{session}", get(socket::session))
        .route("/ws/v1/events/{key}/lsm", get(socket::manager_with_key))
        .route("/ws/v1/events/lsm", get(socket::manager))
        .route("/ws/v1/logs/{key}", get(socket::logs_with_key))
        .route("/ws/v1/logs", get(socket::logs))
}

fn unknown(plays: Plays) -> Response {
    match plays {
        Plays::Cloud => json_response(StatusCode::NOT_FOUND, &json!({"message": "Not found"})),
        Plays::Server1_1 | Plays::Server1_2 => StatusCode::NOT_FOUND.into_response(),
    }
}
