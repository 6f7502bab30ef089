//! The same story everywhere.

use crate::{ANSWER, Platform, Story, run};

#[tokio::test]
async fn the_agent_sees_the_same_on_every_platform() {
    let story = Story {
        seen: vec![
            r#"{"result":"packed"}"#.to_owned(),
            r#"{"success":false,"error":"it is on its way already; it can only be sent back"}"#.to_owned(),
        ],
        said: ANSWER.to_owned(),
    };
    for on in [Platform::Coral, Platform::Everruns, Platform::Qoder] {
        assert_eq!(run(on).await.expect("a story"), story, "{on:?}");
    }
}
