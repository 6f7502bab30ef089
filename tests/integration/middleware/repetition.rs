//! The guard against repeated calls.

use std::time::Duration;

use coral_tools::middleware::RepetitionGuard;
use coral_tools::testing::Harness;
use serde_json::json;

use super::{Events, echo, tools};

const HINT: &str = "this was call 3 in a row with the same arguments; the next one will not be run";
const REJECTION: &str =
    "not run: the same call was made 3 times in a row; use its result, change the arguments, or continue without it";

fn harness() -> Harness {
    Harness::new(&tools().with(RepetitionGuard::new(3)), Events::default())
}

async fn texts(harness: &Harness, count: usize) -> Vec<String> {
    let mut texts = Vec::new();
    for _ in 0..count {
        texts.push(harness.call(echo { text: "x".to_owned() }).await.text().to_owned());
    }
    texts
}

#[tokio::test]
async fn a_repeated_call_has_a_hint_and_is_rejected_then() {
    let harness = harness();
    let plain = r#"{"result":"x"}"#.to_owned();
    let hint = format!(r#"{{"result":"x","hint":"{HINT}"}}"#);
    let rejected = format!(r#"{{"success":false,"error":"{REJECTION}"}}"#);
    assert_eq!(texts(&harness, 5).await, [plain.clone(), plain.clone(), hint, rejected.clone(), rejected.clone()]);
    assert_eq!(texts(&harness.clone().by_agent("other"), 1).await, std::slice::from_ref(&plain), "another agent");
    assert_eq!(texts(&harness.clone().in_session("other"), 1).await, std::slice::from_ref(&plain), "another session");
    assert_eq!(texts(&harness, 1).await, [rejected]);
    assert!(harness.call(echo { text: "y".to_owned() }).await.is_success());
    assert_eq!(texts(&harness, 2).await, [plain.clone(), plain], "other arguments are another call");
}

#[tokio::test]
async fn errors_have_a_hint_too() {
    let harness = harness();
    for (tool, arguments, error) in [
        ("fail", json!({}), format!("it failed; {HINT}")),
        (
            "echo",
            json!({"txet": 1}),
            format!("the arguments are still invalid, as listed in `details` of the previous result; {HINT}"),
        ),
    ] {
        for _ in 0..2 {
            assert!(!harness.call((tool, arguments.clone())).await.text().contains("in a row"));
        }
        assert_eq!(harness.call((tool, arguments.clone())).await.error(), Some(error.as_str()));
        assert_eq!(harness.call((tool, arguments)).await.error(), Some(REJECTION));
    }
}

#[tokio::test(start_paused = true)]
async fn a_call_can_be_repeated_after_some_time() {
    let tools = tools().with(RepetitionGuard::new(2).forget_after(Duration::from_secs(10)));
    let harness = Harness::new(&tools, Events::default());
    texts(&harness, 2).await;
    for _ in 0..3 {
        tokio::time::sleep(Duration::from_secs(3)).await;
        assert!(texts(&harness, 1).await[0].contains("not run"));
    }
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert_eq!(texts(&harness, 1).await, [r#"{"result":"x"}"#]);
}
