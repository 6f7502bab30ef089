//! Closing connections, and stopping the server.

use coral_stand_in::coral::CoralStandIn;
use coral_tools::serde_json::json;
use tokio::io::AsyncReadExt;
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::client::{TIMEOUT, create, get};
use crate::socket::{listen, listen_to_all};
use crate::{puppet, request, start};

/// Whether the connection is closed.
async fn is_closed(mut stream: TcpStream) -> bool {
    let mut rest = Vec::new();
    timeout(TIMEOUT, stream.read_to_end(&mut rest)).await.is_ok()
}

#[tokio::test]
async fn open_connections_are_closed_and_new_ones_accepted() {
    let coral = start().await;
    let (_, id) = create(&coral, &request(json!([puppet("a")]))).await;
    let path = format!("/ws/v1/events/{}/session/default/{id}", coral.key());
    let (mut all, mut one) = (listen_to_all(&coral).await, listen(&coral, &path).await.expect("a websocket"));
    let idle = TcpStream::connect(coral.url().trim_start_matches("http://")).await.expect("a connection");
    coral.drop_connections();
    while let Some(event) = one.event().await {
        assert_ne!(event["type"], "runtime_stopped", "the session continues");
    }
    assert!(all.event().await.is_none());
    // This connection may not have been accepted yet, so it may stay open.
    drop(idle);
    assert_eq!(get(&coral, &format!("/api/v1/local/session/default/{id}")).await.status, 200);
    listen(&coral, &path).await.expect("a websocket");
    coral.drop_connections();
    assert_eq!(get(&coral, "/api/v1/registry").await.status, 200);
}

#[tokio::test]
async fn an_incomplete_request_is_closed_too() {
    let coral = start().await;
    let mut deferred = request(json!([]));
    deferred["execution"] = json!({"mode": "immediate", "runtimeSettings": {}});
    create(&coral, &deferred).await;
    let host = coral.url().trim_start_matches("http://");
    let mut stream = TcpStream::connect(host).await.expect("a connection");
    // The server waits for the rest of the head.
    tokio::io::AsyncWriteExt::write_all(&mut stream, b"GET /api/v1/registry HTTP/1.1\r\n").await.expect("sent");
    get(&coral, "/api/v1/registry").await;
    coral.drop_connections();
    assert!(is_closed(stream).await);
}

#[tokio::test]
async fn a_stopped_server_releases_its_port_and_drops_its_sessions() {
    let coral = start().await;
    create(&coral, &request(json!([puppet("a")]))).await;
    let mut events = listen_to_all(&coral).await;
    let address = coral.url().trim_start_matches("http://").to_owned();
    coral.stop().await;
    assert!(events.event().await.is_none());
    let second =
        CoralStandIn::builder().address(address.parse().expect("an address")).start().await.expect("the port is free");
    assert_eq!(get(&second, "/api/v1/local/namespace").await.json(), json!([]));
}

#[tokio::test]
async fn a_dropped_server_stops() {
    let coral = start().await;
    let mut events = listen_to_all(&coral).await;
    drop(coral);
    assert!(events.event().await.is_none());
}
