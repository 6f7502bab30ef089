//! What becomes of a request for a session.

use coral_tools::dev::stand_in::StandIn;
use coral_tools::serde_json::json;

use super::client::{create, get, post};
use super::socket::listen_to_all;
use super::{debug_agent, request};

#[tokio::test]
async fn a_session_lives_until_its_agents_have_stopped() {
    let coral = StandIn::start().await.expect("started");
    let mut events = listen_to_all(&coral).await;
    let (namespace, id) = create(&coral, &request(json!([debug_agent("seed", json!({}))]))).await;
    assert_eq!(namespace, "default");
    for kind in [
        "namespace_created",
        "session_created",
        "session_running",
        "session_closing",
        "session_closed",
        "namespace_closed",
    ] {
        assert_eq!(events.event().await.expect(kind)["type"], kind);
    }
    let reply = get(&coral, &format!("/api/v1/local/session/default/{id}")).await;
    assert_eq!((reply.status, reply.message().as_deref()), (404, Some("Namespace \"default\" does not exist")));
    let reply = post(&coral, "/api/v1/local/session", &json!({})).await;
    assert_eq!(
        (reply.status, reply.message().as_deref()),
        (500, Some("Failed to convert request body to class org.coralprotocol.coralserver.session.SessionRequest"))
    );
}
