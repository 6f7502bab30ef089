//! One test on a stand-in or on the server in `CORAL_TEST_URL`.

use std::env;
use std::process::Stdio;

use coral_stand_in::coral::{CoralStandIn, TestServer};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::process::Command;
use tokio::time::timeout;

use crate::client::TIMEOUT;

/// Sends a request with the key. This is the test that runs on either server.
#[tokio::test]
async fn a_test_reaches_the_server_of_its_environment() {
    let server = TestServer::start(CoralStandIn::builder()).await.expect("a server");
    let host = server.url().trim_start_matches("http://").to_owned();
    let mut stream = TcpStream::connect(&host).await.expect("a connection");
    let request = format!(
        "GET /api/v1/registry HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {}\r\nConnection: close\r\n\r\n",
        server.key()
    );
    stream.write_all(request.as_bytes()).await.expect("sent");
    let mut response = String::new();
    stream.read_to_string(&mut response).await.expect("a response");
    assert!(response.starts_with("HTTP/1.1 200"), "{response}");
    assert_eq!(server.stand_in().is_none(), env::var_os("CORAL_TEST_URL").is_some());
}

/// Runs the test above again, in a process with the variables of another server.
#[tokio::test]
async fn the_environment_selects_a_real_server() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    let mut test = Command::new(env::current_exe().expect("a program"))
        .args(["--exact", "test_server::a_test_reaches_the_server_of_its_environment"])
        .envs([("CORAL_TEST_URL", url.as_str()), ("CORAL_TEST_KEY", "the key of the real server")])
        .stdout(Stdio::null())
        .spawn()
        .expect("a process");
    let (mut stream, _) = timeout(TIMEOUT, listener.accept()).await.expect("no timeout").expect("a connection");
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        assert_ne!(stream.read_buf(&mut head).await.expect("a request"), 0);
    }
    let head = String::from_utf8_lossy(&head);
    assert!(head.contains("Authorization: Bearer the key of the real server\r\n"), "{head}");
    stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n").await.expect("sent");
    drop(stream);
    assert!(timeout(TIMEOUT, test.wait()).await.expect("no timeout").expect("an end").success());
}

#[tokio::test]
async fn debug_output_of_a_test_server_does_not_contain_the_key() {
    let server = TestServer::start(CoralStandIn::builder().key("hunter2")).await.expect("a server");
    assert!(!format!("{server:?}").contains("hunter2"));
}
