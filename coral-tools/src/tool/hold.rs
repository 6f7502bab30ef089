//! Values that a call holds until its function has ended, also if that is after its deadline.

use std::any::Any;
use std::future::Future;
use std::sync::Arc;

tokio::task_local! {
    static HELD: Arc<dyn Any + Send + Sync>;
}

/// Runs a call and drops `value` afterwards. If a blocking function of the call continues after its deadline, `value` is dropped
/// when that function ends.
pub(crate) async fn hold_until_finished<V, F>(value: V, call: F) -> F::Output
where
    V: Send + Sync + 'static,
    F: Future,
{
    let outer = held();
    HELD.scope(Arc::new((value, outer)), call).await
}

/// Returns the values that the current call holds.
pub(in crate::tool) fn held() -> Option<Arc<dyn Any + Send + Sync>> {
    HELD.try_with(Arc::clone).ok()
}
