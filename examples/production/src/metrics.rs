//! Metrics of the process, for Prometheus.

use std::time::Duration;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use metrics_exporter_prometheus::{BuildError, PrometheusBuilder, PrometheusHandle};

use crate::tenant::Tenant;

/// How often values that were not read are combined.
const UPKEEP_INTERVAL: Duration = Duration::from_secs(5);

/// Installs the recorder of the process: all libraries that use the crate `metrics` record to it.
pub(crate) fn install() -> Result<PrometheusHandle, BuildError> {
    let handle = PrometheusBuilder::new().install_recorder()?;
    metrics::describe_counter!("webhook_requests_total", "Requests for tools by tenant and status of the response");
    let upkeep = handle.clone();
    tokio::spawn(async move {
        loop {
            tokio::time::sleep(UPKEEP_INTERVAL).await;
            upkeep.run_upkeep();
        }
    });
    Ok(handle)
}

/// Counts the requests of a tenant by status. The path is not a label: clients choose it, and each value costs memory.
pub(crate) async fn count_request(State(tenant): State<Tenant>, request: Request, next: Next) -> Response {
    let response = next.run(request).await;
    let labels = [("tenant", tenant.name().to_owned()), ("status", response.status().as_u16().to_string())];
    metrics::counter!("webhook_requests_total", &labels).increment(1);
    response
}
