//! Test that the conversation is the same on every platform.

use crate::{Conversation, LAST_MESSAGE, Platform, run};

#[tokio::test]
async fn the_agent_reads_the_same_results_on_every_platform() {
    let conversation = Conversation {
        results: vec![
            r#"{"result":"packed"}"#.to_owned(),
            r#"{"success":false,"error":"the order has been shipped; it can only be returned"}"#.to_owned(),
        ],
        last_message: LAST_MESSAGE.to_owned(),
    };
    for on in [Platform::Coral, Platform::Everruns, Platform::Qoder] {
        assert_eq!(run(on).await.expect("a conversation"), conversation, "{on:?}");
    }
}
