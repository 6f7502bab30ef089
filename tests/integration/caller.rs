//! `CoralCaller`: the requests it sends, and how it handles responses.

use std::error::Error;
use std::time::Duration;

use axum::Router;
use axum::response::Redirect;
use axum::routing::post;
use coral_tools::Secret;
use coral_tools::serde_json::json;
use coral_tools::testing::{CallerError, CoralCaller};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

fn coral() -> CoralCaller {
    CoralCaller::new(Secret::new("test-secret"))
}

#[test]
fn requests_equal_those_of_coral_byte_for_byte() -> Result<(), CallerError> {
    let request = coral()
        .in_session("0b7c9d3e-6a52-4f0e-9d0c-6d2d4f0e9a11")
        .in_namespace("Große Räume")
        .by_agent("a/b c")
        .signature_header("X-My-Signature")
        .request("https://your-app.example:8443/hook/?token=t", json!({"title": "Q4", "content": "# Done"}))?;
    let expected = "POST /hook/0b7c9d3e-6a52-4f0e-9d0c-6d2d4f0e9a11/a/b%20c?token=t HTTP/1.1\r\n\
        Host: your-app.example:8443\r\n\
        Content-Length: 46\r\n\
        X-My-Signature: dfd31bf31bb9c11dcbd2585347d957426dacbce07ca02adf56017b85bae90ae1\r\n\
        X-Coral-Namespace: Große Räume\r\n\
        X-Coral-SessionId: 0b7c9d3e-6a52-4f0e-9d0c-6d2d4f0e9a11\r\n\
        X-Coral-AgentName: a/b c\r\n\
        Accept: application/json\r\n\
        User-Agent: ktor-client\r\n\
        Content-Type: application/json\r\n\
        \r\n\
        {\n    \"title\": \"Q4\",\n    \"content\": \"# Done\"\n}";
    assert_eq!(String::from_utf8_lossy(&request.to_bytes()), expected);
    Ok(())
}

#[test]
fn debug_output_does_not_contain_the_secret() {
    let caller = CoralCaller::new(Secret::new("hunter2"));
    assert!(!format!("{caller:?}").contains("hunter2"));
}

#[tokio::test]
async fn requests_that_coral_cannot_send_are_unknown_errors() -> Result<(), CallerError> {
    for (caller, url) in [
        (coral(), "http://127.0.0.1:x/"),
        (coral(), "ftp://127.0.0.1/"),
        (coral().by_agent("a\nb"), "http://127.0.0.1:9/"),
        (coral().in_namespace("\0"), "http://127.0.0.1:9/"),
        (coral().signature_header("not a name"), "http://127.0.0.1:9/"),
    ] {
        let view = caller.call(url, ()).await?;
        assert_eq!((view.text.as_str(), view.is_error, view.status()), ("Unknown error", true, None), "{view:?}");
        assert!(view.cause().is_some());
    }
    Ok(())
}

#[tokio::test]
async fn invalid_arguments_and_unsupported_urls_are_errors() {
    let url = "http://127.0.0.1:9/";
    assert!(matches!(coral().call(url, "[]").await, Err(CallerError::Arguments(_))));
    assert!(matches!(coral().call(url, "{").await, Err(CallerError::Arguments(_))));
    assert_eq!(coral().call("https://127.0.0.1:9/", ()).await, Err(CallerError::Https));
}

/// A server that reads one request and sends these bytes. Returns its URL.
async fn server_with_response(response: &'static [u8]) -> std::io::Result<String> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("http://{}/", listener.local_addr()?);
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await?;
        let mut request = Vec::new();
        while !request.ends_with(b"null") && stream.read_buf(&mut request).await? > 0 {}
        stream.write_all(response).await?;
        stream.shutdown().await
    });
    Ok(url)
}

#[tokio::test]
async fn agents_see_the_body_of_a_200_and_an_error_otherwise() -> Result<(), Box<dyn Error>> {
    for (response, text, is_error) in [
        ("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nyes", "yes", false),
        ("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", "", false),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nye\r\n1\r\ns\r\n0\r\n\r\n", "yes", false),
        ("HTTP/1.0 200 OK\r\n\r\nto the end", "to the end", false),
        ("HTTP/1.1 200 OK\r\n\r\nto the end", "Unknown error", true),
        // A cut body of chunks is a success with the part that arrived.
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nhello", "hello", false),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n", "hello", false),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "", false),
        (
            "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nyes",
            "Error code 100 returned",
            true,
        ),
        ("HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=klingon\r\nContent-Length: 3\r\n\r\nyes", "yes", false),
        ("HTTP/1.1 200 OK\r\nContent-Type: ///\r\nContent-Length: 3\r\n\r\nyes", "Unknown error", true),
        ("HTTP/1.1 201 Created\r\nContent-Length: 3\r\n\r\nyes", "Error code 201 returned", true),
        ("HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n", "Error code 202 returned", true),
        ("HTTP/1.1 204 No Content\r\n\r\n", "Error code 204 returned", true),
        ("HTTP/1.1 204 No Content\r\nContent-Length: 3\r\n\r\nyes", "Unknown error", true),
        (
            "HTTP/1.1 307 Temporary Redirect\r\nLocation: /x\r\nContent-Length: 0\r\n\r\n",
            "Error code 307 returned",
            true,
        ),
        ("HTTP/1.1 500 No\r\nContent-Length: 6\r\n\r\nsecret", "Error code 500 returned", true),
        ("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nshort", "Unknown error", true),
        ("", "Unknown error", true),
    ] {
        let url = server_with_response(response.as_bytes()).await?;
        let view = coral().call(&url, ()).await?;
        assert_eq!((view.text.as_str(), view.is_error), (text, is_error), "{response}: {view:?}");
    }
    let url = server_with_response(b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n\xff").await?;
    assert_eq!(coral().call(&url, ()).await?.text, "Unknown error");
    Ok(())
}

#[tokio::test]
async fn a_refused_connection_is_an_unknown_error() -> Result<(), Box<dyn Error>> {
    let closed = TcpListener::bind("127.0.0.1:0").await?.local_addr()?;
    let view = coral().call(&format!("http://{closed}/"), ()).await?;
    assert_eq!((view.text.as_str(), view.is_error), ("Unknown error", true));
    Ok(())
}

#[tokio::test(start_paused = true)]
async fn the_default_timeout_is_15_seconds() -> Result<(), CallerError> {
    let response_after = |seconds| {
        let handler = post(async move || tokio::time::sleep(Duration::from_secs(seconds)).await);
        Router::new().fallback_service(handler)
    };
    assert_eq!(coral().call_in_process(response_after(14), "/", ()).await?.status(), Some(200));
    assert_eq!(coral().call_in_process(response_after(16), "/", ()).await?.text, "Unknown error");
    let with_timeout = coral().timeout(Duration::from_secs(60));
    assert_eq!(with_timeout.call_in_process(response_after(16), "/", ()).await?.status(), Some(200));
    Ok(())
}

#[tokio::test]
async fn redirects_are_not_followed() -> Result<(), CallerError> {
    let app: Router = Router::new().fallback(async || Redirect::permanent("/elsewhere"));
    let view = coral().call_in_process(app, "/", ()).await?;
    assert_eq!(view.text, "Error code 308 returned");
    Ok(())
}
