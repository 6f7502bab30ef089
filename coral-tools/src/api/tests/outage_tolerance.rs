use std::time::Duration;

use reqwest::StatusCode;
use reqwest::header::{HeaderMap, HeaderValue, RETRY_AFTER};
use tokio::time::{Instant, advance};

use super::super::error::{ClientError, ClientErrorCause, RetryPolicy};
use super::super::error_response::ErrorResponse;
use super::super::outage_tolerance::OutageTolerance;

const SECOND: Duration = Duration::from_secs(1);

fn error(status: StatusCode, retry_after: Option<&'static str>) -> ClientError {
    let headers = retry_after.map(|after| (RETRY_AFTER, HeaderValue::from_static(after)));
    let response = ErrorResponse::new(status, &HeaderMap::from_iter(headers), b"", None);
    ClientError::new("testing", RetryPolicy::Never, ClientErrorCause::ErrorResponse(response))
}

#[tokio::test(start_paused = true)]
async fn retry_after_is_honored_up_to_the_maximum_outage() {
    let mut outage = OutageTolerance::new(60 * SECOND);
    let mut delay = |after| outage.delay_after(&error(StatusCode::CONFLICT, after), SECOND).ok();
    assert_eq!(delay(None), Some(SECOND));
    assert_eq!(delay(Some("0")), Some(SECOND), "the longer of both");
    assert_eq!(delay(Some("60")), Some(60 * SECOND));
    assert_eq!(delay(Some("61")), None);
    assert_eq!(delay(Some("86400")), None);

    advance(20 * SECOND).await;
    let mut delay = |after| outage.delay_after(&error(StatusCode::CONFLICT, after), SECOND).ok();
    assert_eq!((delay(Some("40")), delay(Some("41"))), (Some(40 * SECOND), None), "20 s have passed");
}

#[tokio::test(start_paused = true)]
async fn an_unlimited_outage_is_retried_at_least_hourly() {
    let mut outage = OutageTolerance::new(Duration::MAX);
    let delay = outage.delay_after(&error(StatusCode::SERVICE_UNAVAILABLE, Some("86400")), SECOND);
    assert_eq!(delay.expect("outage"), 3600 * SECOND);
}

#[tokio::test(start_paused = true)]
async fn transient_errors_are_tolerated_up_to_the_maximum_outage() {
    let mut outage = OutageTolerance::new(60 * SECOND);
    outage.record(error(StatusCode::SERVICE_UNAVAILABLE, Some("30"))).expect("tolerated");
    let start = Instant::now();
    outage.wait().await;
    assert_eq!(start.elapsed(), 30 * SECOND);
    let expired =
        outage.record(error(StatusCode::SERVICE_UNAVAILABLE, Some("31"))).expect_err("longer than the maximum outage");
    assert_eq!(expired.status(), Some(StatusCode::SERVICE_UNAVAILABLE));
    outage.record(error(StatusCode::CONFLICT, None)).expect_err("a conflict is not transient");
}
