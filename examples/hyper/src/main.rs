//! Tools served by hyper alone: no axum, and state through a context type of the application.
//!
//! ```sh
//! CORAL_CUSTOM_TOOL_SECRET=secret cargo run -p hyper-server
//! ```

use std::error::Error;
use std::io;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use coral_tools::shutdown::Shutdown;
use coral_tools::webhook::WebhookService;
use coral_tools::{Context, FromContext, Secret, ToolError, Toolset, coral_tool, toolset};
use hyper::server::conn::http1;
use hyper_util::rt::TokioIo;
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpListener;

/// The application's state.
#[derive(Debug, Clone, Default)]
struct App {
    visits: Arc<AtomicU64>,
}

/// The counter of the application, as a context parameter of tools.
struct Visits(Arc<AtomicU64>);

impl FromContext<App> for Visits {
    async fn from_context(context: &Context<'_, App>) -> Result<Self, ToolError> {
        Ok(Self(Arc::clone(&context.state().visits)))
    }
}

/// Counts a visit and returns the number of visits.
#[coral_tool]
fn visit(#[context] Visits(visits): Visits) -> u64 {
    visits.fetch_add(1, Ordering::Relaxed) + 1
}

fn app(secret: Secret) -> Result<WebhookService<App>, coral_tools::BuildErrors> {
    let tools: Toolset<App> = toolset![visit];
    tools.try_webhook_service(secret, App::default())
}

/// Serves connections until `stop` completes, then waits for the running calls. Ends earlier if a connection cannot be accepted.
async fn serve(listener: TcpListener, service: WebhookService<App>, stop: impl Future<Output = ()>) -> io::Result<()> {
    let connections = GracefulShutdown::new();
    let mut stop = pin!(stop);
    loop {
        let (stream, _) = tokio::select! {
            accepted = listener.accept() => accepted?,
            () = &mut stop => break,
        };
        let service = TowerToHyperService::new(service.clone());
        let connection = http1::Builder::new().serve_connection(TokioIo::new(stream), service);
        // A client that disconnects is not an error of the server.
        tokio::spawn(connections.watch(connection));
    }
    drop(listener);
    connections.shutdown().await;
    Ok(())
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    // Prints why a request was rejected, and how calls ended; with `RUST_LOG=warn`, only failures.
    tracing_subscriber::fmt::init();
    let service = app(Secret::from_env("CORAL_CUSTOM_TOOL_SECRET")?)?;
    let shutdown = Shutdown::on_signal()?;
    let server = serve(TcpListener::bind("127.0.0.1:3000").await?, service, shutdown.requested());
    Ok(shutdown.run_with_timeout(Duration::from_secs(15), server).await?)
}

#[cfg(test)]
mod tests {
    use std::future::pending;

    use bytes::Bytes;
    use coral_tools::Secret;
    use http::{Request, StatusCode};
    use http_body_util::{BodyExt, Full};
    use hyper_util::rt::TokioIo;
    use tokio::net::{TcpListener, TcpStream};

    use super::{app, serve};

    const SESSION: &str = "0b7c9d3e-6a52-4f0e-9d0c-6d2d4f0e9a11";

    async fn call(signature: &str) -> (StatusCode, Bytes) {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        tokio::spawn(serve(listener, app(Secret::new("secret")).expect("valid tools"), pending()));

        let io = TokioIo::new(TcpStream::connect(address).await.expect("a connection"));
        let (mut client, connection) = hyper::client::conn::http1::handshake(io).await.expect("a handshake");
        tokio::spawn(connection);
        let request = Request::post(format!("/visit/{SESSION}/agent"))
            .header("host", "localhost")
            .header("x-coral-signature", signature)
            .body(Full::new(Bytes::from_static(b"{}")))
            .expect("a request");
        let response = client.send_request(request).await.expect("a response");
        let status = response.status();
        (status, response.into_body().collect().await.expect("a body").to_bytes())
    }

    #[tokio::test]
    async fn a_signed_call_reaches_the_tool_and_its_state() {
        let (status, body) = call(&Secret::new("secret").sign("{}")).await;
        assert_eq!((status, &body[..]), (StatusCode::OK, &br#"{"result":1}"#[..]));
    }

    #[tokio::test]
    async fn a_call_with_another_signature_is_rejected() {
        let (status, body) = call(&Secret::new("other").sign("{}")).await;
        assert_eq!((status, body.is_empty()), (StatusCode::UNAUTHORIZED, true));
    }
}
