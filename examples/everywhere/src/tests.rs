//! The conversation is the same on every platform.

use crate::{ANSWER, Conversation, Platform, run};

#[tokio::test]
async fn the_agent_reads_the_same_results_on_every_platform() {
    let conversation = Conversation {
        results: vec![
            r#"{"result":"packed"}"#.to_owned(),
            r#"{"success":false,"error":"it is on its way already; it can only be sent back"}"#.to_owned(),
        ],
        last_message: ANSWER.to_owned(),
    };
    for on in [Platform::Coral, Platform::Everruns, Platform::Qoder] {
        assert_eq!(run(on).await.expect("a conversation"), conversation, "{on:?}");
    }
}
