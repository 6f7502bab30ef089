//! Servers that send more than a client keeps.

use coral_tools::platform::qoder::Qoder;
use coral_tools::{Coral, Dialect};

use super::test_server::{TestResponse, TestServer};

#[tokio::test]
async fn a_response_over_the_limit_is_an_error() {
    let state = format!(r#"{{"id": "session", "junk": "{}"}}"#, "x".repeat(2000));
    let server = TestServer::with_responder(move |_| TestResponse::json(200, &state)).await;
    let coral = Coral::server(server.url(), "key").dialect(Dialect::Server1_2).response_limit(1000);
    let error = coral.session("default", "session").state().await.expect_err("too large").to_string();
    assert!(error.contains("larger than the `response_limit` of 1000 bytes"), "{error}");
}

#[tokio::test]
async fn the_pages_of_a_list_are_limited_together() {
    let mut number = 0;
    let endless = move |_: &str| {
        number += 1;
        let name = "n".repeat(500);
        TestResponse::json(200, &format!(r#"{{"data": [{{"id": "a", "name": "{name}"}}], "next_page": "{number}"}}"#))
    };
    let server = TestServer::with_responder(endless).await;
    let error = Qoder::at(&server.url()).key("key").response_limit(1000).agents().await.expect_err("endless");
    assert!(error.to_string().contains("the pages of the list are larger than 4000 bytes"), "{error}");
    assert!(server.requests().len() < 9, "{}", server.requests().len());
}
