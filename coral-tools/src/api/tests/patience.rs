use std::time::Duration;

use reqwest::StatusCode;
use reqwest::header::{HeaderMap, HeaderValue, RETRY_AFTER};
use tokio::time::{Instant, advance};

use super::super::error::{Cause, ClientError, Repeat};
use super::super::patience::Patience;
use super::super::said::Said;

const SECOND: Duration = Duration::from_secs(1);

fn error(status: StatusCode, retry_after: Option<&'static str>) -> ClientError {
    let headers = retry_after.map(|after| (RETRY_AFTER, HeaderValue::from_static(after)));
    let said = Said::new(status, &HeaderMap::from_iter(headers), b"", None);
    ClientError::new("testing", Repeat::Never, Cause::Said(said))
}

#[tokio::test(start_paused = true)]
async fn a_server_is_left_alone_for_as_long_as_it_asks_but_not_beyond_the_patience() {
    let mut patience = Patience::of(60 * SECOND);
    let mut pause = |after| patience.pause_after(&error(StatusCode::CONFLICT, after), SECOND).ok();
    assert_eq!(pause(None), Some(SECOND));
    assert_eq!(pause(Some("0")), Some(SECOND), "the longer of both");
    assert_eq!(pause(Some("60")), Some(60 * SECOND));
    assert_eq!(pause(Some("61")), None);
    assert_eq!(pause(Some("86400")), None);

    advance(20 * SECOND).await;
    let mut pause = |after| patience.pause_after(&error(StatusCode::CONFLICT, after), SECOND).ok();
    assert_eq!((pause(Some("40")), pause(Some("41"))), (Some(40 * SECOND), None), "20 s of it are gone");
}

#[tokio::test(start_paused = true)]
async fn patience_without_end_has_no_day_without_an_attempt() {
    let mut patience = Patience::of(Duration::MAX);
    let asked = patience.pause_after(&error(StatusCode::SERVICE_UNAVAILABLE, Some("86400")), SECOND);
    assert_eq!(asked.expect("patience"), 3600 * SECOND);
}

#[tokio::test(start_paused = true)]
async fn trouble_is_borne_and_waited_out_within_the_patience() {
    let mut patience = Patience::of(60 * SECOND);
    patience.bear(error(StatusCode::SERVICE_UNAVAILABLE, Some("30"))).expect("borne");
    let begun = Instant::now();
    patience.wait().await;
    assert_eq!(begun.elapsed(), 30 * SECOND);
    let too_long = patience.bear(error(StatusCode::SERVICE_UNAVAILABLE, Some("31"))).expect_err("no patience for that");
    assert_eq!(too_long.status(), Some(503));
    patience.bear(error(StatusCode::CONFLICT, None)).expect_err("it will not pass");
}
