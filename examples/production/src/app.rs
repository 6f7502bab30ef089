//! The routes for Coral: `/{tenant}/coral`.

use axum::middleware::from_fn_with_state;
use axum::{Extension, Router};
use coral_tools::{BuildErrors, Toolset, WebhookConfig, toolset};

use crate::metrics::count_request;
use crate::tenant::TenantConfig;
use crate::tools::{ReportStore, list_reports, submit_report};

/// The calls of one tenant that run at the same time. Each tenant has its own limit, so that one cannot block another.
const CONCURRENCY: usize = 128;

fn tools() -> Toolset<ReportStore> {
    toolset![submit_report, list_reports]
}

/// Returns a router with the same tools for each tenant, verified with the tenant's own secrets.
pub(crate) fn router(tenants: Vec<TenantConfig>) -> Result<Router, BuildErrors> {
    let tools = tools();
    let mut router = Router::new();
    for TenantConfig { tenant, secrets } in tenants {
        let path = format!("/{}/coral", tenant.name());
        let webhooks = tools.try_webhooks(WebhookConfig::new(secrets).concurrency(CONCURRENCY))?;
        let count = from_fn_with_state(tenant.clone(), count_request);
        router = router.nest(&path, webhooks.layer(Extension(tenant)).layer(count));
    }
    Ok(router.with_state(ReportStore::default()))
}
