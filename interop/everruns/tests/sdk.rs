//! The vendor's client serves a turn on the fake server, which tests that the fake server follows the platform's API.

use std::collections::HashMap;
use std::time::Duration;

use coral_stand_in::everruns::{ErrorFormat, EverrunsStandIn, Fault, Step};
use everruns_sdk::Everruns;
use everruns_sdk::models::{ContentPart, CreateSessionRequest, ToolDefinition};
use everruns_sdk::sse::StreamOptions;
use futures_util::StreamExt;
use serde_json::json;

fn client(stand_in: &EverrunsStandIn) -> Everruns {
    Everruns::builder().api_key(stand_in.key()).base_url(stand_in.url()).build().expect("a client")
}

fn request() -> CreateSessionRequest {
    let parameters = json!({"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]});
    CreateSessionRequest::new()
        .agent_id("agent_01933b5a000070008000000000000001")
        .tools(vec![ToolDefinition::client_side("lookup_weather", "Looks up the weather.", parameters)])
        .hints(HashMap::from([("setup_connection".to_owned(), json!(true))]))
}

#[tokio::test]
async fn the_vendors_client_serves_a_turn() {
    let stand_in = EverrunsStandIn::builder()
        .turn([Step::calls([("lookup_weather", json!({"city": "Paris"}))]), Step::message("18 degrees in Paris.")])
        .fault(Fault::ReplaysHistory)
        .fault(Fault::LateWaitingStatus(2))
        .start()
        .await
        .expect("a stand-in");
    let everruns = client(&stand_in);
    let session = everruns.sessions().create_with_options(request()).await.expect("a session");
    everruns.messages().create(&session.id, "How warm is it?").await.expect("sent");

    let mut events = everruns.events().stream_with_options(&session.id, StreamOptions::exclude_deltas());
    let mut message = String::new();
    let turn = async {
        while let Some(event) = events.next().await {
            let event = event.expect("an event");
            match event.event_type.as_str() {
                "tool.call_requested" => {
                    let calls = event.tool_calls();
                    let results =
                        calls.iter().map(|call| ContentPart::tool_result(call.id, json!({"temp_c": 18}))).collect();
                    everruns.messages().create_tool_results(&session.id, results).await.expect("accepted");
                }
                "output.message.completed" => message = event.data.to_string(),
                "turn.completed" => return,
                _ => (),
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(20), turn).await.expect("no timeout");

    assert!(message.contains("18 degrees in Paris."), "{message}");
    let [result] = &stand_in.tool_results()[..] else { panic!("one call") };
    assert_eq!((result.status, result.text.as_str()), ("success", r#"{"temp_c":18}"#));
    assert_eq!(stand_in.calls()[0].result_count, 1);
    let session = everruns.sessions().get(&session.id).await.expect("a session");
    assert_eq!(session.tools.len(), 1);
    everruns.sessions().delete(&session.id).await.expect("deleted");
}

#[tokio::test]
async fn the_vendors_client_parses_an_error() {
    let stand_in =
        EverrunsStandIn::builder().fault(Fault::ErrorFormat(ErrorFormat::Nested)).start().await.expect("a stand-in");
    let error = client(&stand_in).sessions().get("session_0").await.expect_err("not found");
    assert!(error.to_string().contains("Session not found"), "{error}");
}
