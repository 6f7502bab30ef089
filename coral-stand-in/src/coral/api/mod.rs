//! The routes of the API.

mod auth;
mod body;
mod cloud;
mod cookies;
mod headers;
mod namespaces;
mod openapi;
mod puppet;
mod registry;
mod sessions;
mod socket;
mod state;

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{get, post};
use http::StatusCode;
use serde_json::json;

pub(super) use self::state::Api;
use super::emulated_version::EmulatedVersion;
use super::response::json_response;

/// The page that shows the OpenAPI document.
const DOCS_PAGE: &str = "<!DOCTYPE html>\n<html><head><title>Scalar API Reference</title></head></html>";

impl Api {
    pub(super) fn router(self: Arc<Self>) -> Router {
        let emulated = self.context.emulated;
        let (protected, public) = match emulated {
            EmulatedVersion::Cloud => (cloud_routes(), Router::new()),
            EmulatedVersion::Server1_1 | EmulatedVersion::Server1_2 => (server_routes(), public_routes()),
        };
        let protected = protected.merge(puppet_routes());
        let router = protected
            .route_layer(from_fn_with_state(self.clone(), auth::require_authentication))
            .merge(public)
            .layer(from_fn(headers::check_accept))
            .layer(DefaultBodyLimit::disable())
            .fallback(move || async move { not_found(emulated) })
            .with_state(self);
        if emulated == EmulatedVersion::Cloud {
            return router;
        }
        // The layer is around a router of its own, because axum adds `Allow` outside of the layers of a route.
        Router::new()
            .fallback_service(router.layer(from_fn(headers::check_origin)))
            .layer(from_fn(headers::set_headers))
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
        .route("/api/v1/local/namespace/extended", get(namespaces::list_extended).delete(namespaces::delete_extended))
        .route("/api/v1/local/namespace/{namespace}", get(namespaces::sessions).delete(namespaces::delete))
        .route("/api/v1/local/namespace/{namespace}/extended", get(namespaces::sessions_extended))
        .merge(registry_routes())
}

/// The paths of the API guide, in both of its forms.
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

/// Routes without a key, or with the key in the path.
fn public_routes() -> Routes {
    Router::new()
        .route("/api_v1.json", get(openapi::document))
        .route("/ui/docs", get(async || Html(DOCS_PAGE)))
        .route("/api/v1/auth/token", post(auth::log_in))
        .route("/ws/v1/events/{key}/session/{namespace}/{session}", get(socket::session_with_key))
        .route("/ws/v1/events/session/{namespace}/{session}", get(socket::session))
        .route("/ws/v1/events/{key}/lsm", get(socket::manager_with_key))
        .route("/ws/v1/events/lsm", get(socket::manager))
        .route("/ws/v1/logs/{key}", get(socket::logs_with_key))
        .route("/ws/v1/logs", get(socket::logs))
}

fn not_found(emulated: EmulatedVersion) -> Response {
    match emulated {
        EmulatedVersion::Cloud => json_response(StatusCode::NOT_FOUND, &json!({"message": "Not found"})),
        EmulatedVersion::Server1_1 | EmulatedVersion::Server1_2 => StatusCode::NOT_FOUND.into_response(),
    }
}
