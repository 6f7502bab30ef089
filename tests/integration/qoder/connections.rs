//! Streams, lists and error responses.

use coral_stand_in::qoder::{Fault, QoderStandIn, QoderStandInBuilder, RequestFault, Step};
use coral_tools::platform::qoder::NewEvent;
use coral_tools::platform::{RunError, RunLimits, UnknownToolPolicy};
use coral_tools::{FailureStage, Qoder};
use http::StatusCode;
use serde_json::{Value, json};

use super::{Runs, ask, error_message, order, qoder, raw, served, session_of, started, tools, turn, with_timeout};

#[tokio::test]
async fn invalid_streams_are_errors() {
    for (fault, expected) in [
        (Fault::JsonStreams, "expected text/event-stream, not application/json"),
        (Fault::MalformedData, "the event evt_broken is not a JSON object"),
        (Fault::ErrorEvents, "is an error: the server is overloaded (overloaded_error)"),
        (Fault::NamedErrorEvents, "is an error: the server is overloaded (overloaded_error)"),
    ] {
        let error = error_message(turn([Step::message("Done.")]).fault(fault)).await;
        assert!(error.contains(expected) && !error.contains("secret"), "{error}");
    }
}

#[tokio::test]
async fn a_session_without_streams_is_served_from_its_list() {
    let forgetful = || {
        turn([Step::calls([order("A1")]), Step::calls([("teleport", json!({}))])]).fault(Fault::ForgottenCursors(99))
    };
    assert_eq!(served(forgetful()).await.0.expect("a turn").calls.len(), 2);

    let stand_in = started(forgetful()).await;
    let (session, runs) = (session_of(&qoder(&stand_in)).await, Runs::default());
    let tools = tools();
    let run = with_timeout(
        session.run(&tools, &runs).limits(RunLimits::new().unknown_tools(UnknownToolPolicy::Leave)).message("Go."),
    )
    .await;
    let Err(RunError::Client(error)) = run else { panic!("no client submits the result") };
    assert_eq!(
        (error.status(), error.server_message()),
        (Some(StatusCode::BAD_REQUEST), Some("Last-Event-ID: unknown"))
    );
}

#[tokio::test]
async fn an_unknown_session_is_not_found() {
    let stand_in = started(QoderStandIn::builder()).await;
    let error = ask(&qoder(&stand_in).session("sess_nobody"), &Runs::default()).await.expect_err("not found");
    let RunError::Client(error) = error else { panic!("{error}") };
    assert!(error.is_not_found() && error.request_id() == Some("req_1"), "{error}");
}

#[tokio::test]
async fn plain_text_errors_and_missing_request_ids_are_read() {
    let plain = RequestFault::status(404).body("404 page not found");
    let stand_in = started(QoderStandIn::builder().request_fault(plain).fault(Fault::NoRequestIds)).await;
    let error = qoder(&stand_in).agents().await.expect_err("an error");
    assert_eq!(error.to_string(), "listing agents: 404 page not found (404 Not Found)");
    let error = qoder(&stand_in).agent("agent_nobody").await.expect_err("not found");
    assert_eq!((error.server_message(), error.request_id()), (Some("agent `agent_nobody` not found"), None));
}

#[tokio::test]
async fn errors_and_debug_output_never_contain_the_key() {
    let stand_in = started(QoderStandIn::builder().key("pt-right")).await;
    let client = Qoder::at(stand_in.url()).key("pt-wrong");
    let error = client.agents().await.expect_err("rejected");
    assert_eq!(error.stage(), FailureStage::KeyRejected);
    let shown = format!("{error} {error:?} {client:?} {:?}", client.session("s"));
    assert!(!shown.contains("pt-wrong"), "{shown}");
}

#[tokio::test]
async fn ids_that_are_not_path_segments_are_rejected() {
    let stand_in = started(QoderStandIn::builder()).await;
    for id in ["", ".", ".."] {
        let error = qoder(&stand_in).session(id).state().await.expect_err("not a path segment");
        assert_eq!(error.stage(), FailureStage::InvalidRequest);
    }
    let error = qoder(&stand_in).session("a/b?c").state().await.expect_err("not found");
    assert_eq!(error.status(), Some(StatusCode::NOT_FOUND));
    let paths: Vec<_> = stand_in.requests().into_iter().map(|request| request.path).collect();
    assert_eq!(paths, ["/api/v1/cloud/sessions/a%2Fb%3Fc"]);
}

#[tokio::test]
async fn a_repeated_page_cursor_is_an_error() {
    let builder = turn([Step::message("Done.")]).fault(Fault::StuckCursors).fault(Fault::MaxPageSize(1));
    let stand_in = started(builder).await;
    let session = session_of(&qoder(&stand_in)).await;
    session.send(&[NewEvent::message("Go.")]).await.expect("accepted");
    let error = session.events().await.expect_err("a repeated cursor");
    assert!(error.to_string().contains("the cursor of a page leads to the same page"), "{error}");
}

#[tokio::test]
async fn lists_are_read_to_their_end_with_both_cursors() {
    for fault in [None, Some(Fault::LastIdOnly)] {
        let builder = turn([Step::message("1"), Step::message("2"), Step::message("3")]).fault(Fault::MaxPageSize(2));
        let stand_in = started(fault.into_iter().fold(builder, QoderStandInBuilder::fault)).await;
        let session = session_of(&qoder(&stand_in)).await;
        session.send(&[NewEvent::message("Go.")]).await.expect("accepted");
        let cursor = if fault.is_some() { "after_id=" } else { "page=" };
        assert_eq!(session.events().await.expect("a list").len(), 6);
        let pages = stand_in.requests().into_iter().filter(|request| request.path.contains(cursor)).count();
        assert_eq!(pages, 2);
    }
}

#[tokio::test]
async fn no_stream_is_opened_without_a_cursor() {
    let (turn, stand_in, _) = served(turn([Step::calls([order("A1")])]).fault(Fault::ShortStreams)).await;
    drop(turn.expect("a turn"));
    let streams = stand_in.requests().into_iter().filter(|request| request.path.ends_with("/stream"));
    let mut streams = streams.peekable();
    assert!(streams.peek().is_some());
    for stream in streams {
        assert!(stream.headers.contains_key("last-event-id"), "{stream:?}");
        assert_eq!(stream.headers["accept"], "text/event-stream");
        assert_eq!(stream.body, Value::Null);
    }
}

#[tokio::test]
async fn lists_can_be_read_in_both_directions() {
    let stand_in = started(turn([Step::message("1"), Step::message("2"), Step::message("3")])).await;
    let session = session_of(&qoder(&stand_in)).await;
    session.send(&[NewEvent::message("Go.")]).await.expect("accepted");
    let ids: Vec<String> = session.events().await.expect("a list").into_iter().map(|event| event.id).collect();
    for (cursor, expected, has_more) in [
        (format!("before_id={}", ids[4]), &ids[2..4], true),
        (format!("before_id={}", ids[1]), &ids[..1], false),
        (format!("after_id={}", ids[1]), &ids[2..4], true),
        (format!("order=desc&after_id={}", ids[1]), &ids[..1], false),
    ] {
        let line = format!("GET /api/v1/cloud/sessions/{}/events?limit=2&{cursor}", session.id());
        let response = raw(&stand_in, &line, "", "").await;
        let page: Value = serde_json::from_str(response.split("\r\n\r\n").nth(1).expect("a body")).expect("JSON");
        let found: Vec<&str> =
            page["data"].as_array().expect("a list").iter().filter_map(|event| event["id"].as_str()).collect();
        assert_eq!(
            (found.as_slice(), &page["has_more"]),
            (expected.iter().map(String::as_str).collect::<Vec<_>>().as_slice(), &json!(has_more)),
            "{cursor}"
        );
    }
}
