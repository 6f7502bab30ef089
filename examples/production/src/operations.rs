//! The routes for operations: health, readiness and metrics. They are served on a port of their own, which is not public.

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::get;
use coral_tools::shutdown::Shutdown;
use metrics_exporter_prometheus::PrometheusHandle;

/// Returns the router. `/health` fails if the process has to be restarted, `/ready` if it should not get new requests.
pub(crate) fn router(shutdown: Shutdown, metrics: PrometheusHandle) -> Router {
    let metrics = get(async move || metrics.render());
    let ready = get(ready).with_state(shutdown);
    Router::new().route("/health", get(async || "healthy")).route("/ready", ready).route("/metrics", metrics)
}

/// An application with a database also checks here that it is reachable.
async fn ready(State(shutdown): State<Shutdown>) -> (StatusCode, &'static str) {
    match shutdown.is_requested() {
        false => (StatusCode::OK, "ready"),
        true => (StatusCode::SERVICE_UNAVAILABLE, "shutting down"),
    }
}
