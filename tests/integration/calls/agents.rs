//! Calls of agents of the stand-in.

use coral_tools::calls::{NextCallError, OneOf2, Received};
use futures_util::{StreamExt, TryStreamExt};
use tokio::task::JoinSet;
use tokio::time::timeout;

use super::setup::{Application, agent, give_up_because, report, stay};
use super::{LONG, give_up, submit_report};

#[tokio::test]
async fn a_call_that_arrived_before_it_was_awaited_is_returned_once() {
    let application = Application::start().await;
    let session = application.session([agent("writer", &[report("Q4")])]).await;
    session.wait_until_ended(LONG).await.expect("ended");
    let submitted = session.next_call::<submit_report>().await.expect("a call");
    assert_eq!((submitted.title.as_str(), submitted.stars), ("Q4", 3), "with the default of the tool");
    let end = session.next_call::<submit_report>().await.expect_err("a session that has ended");
    assert!(matches!(end, NextCallError::SessionEnded { .. }), "{end}");
    assert_eq!(end.session_id(), Some(session.id()));
}

#[tokio::test]
async fn a_call_is_returned_with_its_caller_and_result() {
    let application = Application::start().await;
    let session = application.session([agent("a writer", &[report("Q4"), report("Q4"), stay()])]).await;
    let first = session.next_received::<submit_report>().within(LONG).await.expect("a call");
    let second = session.next_received::<submit_report>().within(LONG).await.expect("a call");
    assert_eq!(first.arguments.title, "Q4");
    assert_eq!(first.agent_name.as_deref(), Some("a writer"));
    assert_eq!((first.session_id.as_str(), first.tool.as_str()), (session.id(), "submit_report"));
    assert_eq!(first.result, br#"{"success":true}"#);
    assert_eq!(first.key, second.key, "the agent repeats its call");
    assert!(first.recorded_at <= second.recorded_at);
    assert!(!format!("{first:?}").contains("Q4"));
}

#[tokio::test]
async fn no_call_of_200_sessions_at_once_is_lost() {
    let application = Application::start().await;
    let mut sessions = JoinSet::new();
    let application = std::sync::Arc::new(application);
    for number in 0..200 {
        let application = application.clone();
        sessions.spawn(async move {
            let title = number.to_string();
            let session = application.session([agent("writer", &[report(&title)])]).await;
            let submitted = session.next_call::<submit_report>().within(LONG).unless_agent_stops("writer").await;
            (title, submitted.map(|report| report.title))
        });
    }
    while let Some(session) = sessions.join_next().await {
        let (title, submitted) = session.expect("no panic");
        assert_eq!(submitted.expect("a call"), title);
    }
}

#[tokio::test]
async fn the_first_call_of_several_tools_is_returned() {
    let application = Application::start().await;
    let steps = [give_up_because("no data"), report("Q4"), give_up_because("tired")];
    let session = application.session([agent("writer", &steps)]).await;
    let mut calls = Vec::new();
    for _ in 0..3 {
        calls.push(match session.next_call::<OneOf2<submit_report, give_up>>().within(LONG).await.expect("a call") {
            OneOf2::First(report) => report.title,
            OneOf2::Second(end) => end.reason,
        });
    }
    assert_eq!(calls, ["no data", "Q4", "tired"]);
}

#[tokio::test]
async fn calls_that_lose_a_select_are_not_lost() {
    let application = Application::start().await;
    let steps: Vec<_> = (0..20).flat_map(|n| [report(&n.to_string()), give_up_because(&n.to_string())]).collect();
    let session = application.session([agent("writer", &steps)]).await;
    let (mut reports, mut reasons) = (Vec::new(), Vec::new());
    let read = async {
        while reports.len() + reasons.len() < 40 {
            tokio::select! {
                report = session.next_call::<submit_report>() => reports.push(report.expect("a call").title),
                end = session.next_call::<give_up>() => reasons.push(end.expect("a call").reason),
                () = tokio::task::yield_now() => {}
            }
        }
    };
    timeout(LONG, read).await.expect("every call");
    let numbers: Vec<_> = (0..20).map(|number| number.to_string()).collect();
    assert_eq!((reports, reasons), (numbers.clone(), numbers));
}

#[tokio::test]
async fn a_stream_returns_all_calls_and_ends_with_the_session() {
    let application = Application::start().await;
    let agents = [agent("a", &[report("1"), report("2"), report("3")]), agent("b", &[give_up_because("done")])];
    let session = application.session(agents).await;
    let calls = session.calls::<Received<OneOf2<submit_report, give_up>>>().try_collect::<Vec<_>>();
    let calls = timeout(LONG, calls).await.expect("an end").expect("no error");
    let title = |call: &Received<OneOf2<submit_report, give_up>>| match &call.arguments {
        OneOf2::First(report) => Some(report.title.clone()),
        OneOf2::Second(_) => None,
    };
    assert_eq!(calls.iter().filter_map(title).collect::<Vec<_>>(), ["1", "2", "3"]);
    assert_eq!(calls.len(), 4);
    assert!(session.calls::<submit_report>().next().await.is_none());
}
