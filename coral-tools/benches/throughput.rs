//! Serves one endpoint over sockets, for `scripts/throughput` to send requests to: `webhook_service` and the bare function
//! on hyper, the two routers with `axum::serve`.
//!
//! Arguments: the endpoint, the size of the body. Prints the URL and the signed request as a `wrk` script, and serves until
//! its standard input ends.

#![expect(clippy::print_stdout, reason = "a bench prints its table")]

#[allow(dead_code, reason = "each bench uses a part of it")]
mod endpoints;

use std::convert::Infallible;
use std::error::Error;
use std::io::Read;
use std::sync::Arc;

use bytes::Bytes;
use endpoints::{Call, Endpoint};
use http::{Request, Response};
use http_body::Body;
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{HttpService, service_fn};
use hyper_util::rt::TokioIo;
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpListener;
use tokio::task::LocalSet;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let [name, size] = &arguments[..] else {
        println!("run `scripts/throughput`, which sends requests to this program");
        return;
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("runtime");
    let endpoint = Endpoint::named(name);
    let request = Call::with_body_of(size.parse().expect("size")).request(&endpoint.path());
    LocalSet::new().block_on(&runtime, async {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        println!("-- http://{}{}", listener.local_addr().expect("an address"), request.uri());
        println!("{}", wrk_script(request).await);
        tokio::select! {
            () = serve(listener, endpoint) => {}
            _ = tokio::task::spawn_blocking(|| std::io::stdin().read(&mut [0])) => {}
        }
    });
}

async fn serve(listener: TcpListener, endpoint: Endpoint) {
    match endpoint {
        Endpoint::Router(router) => axum::serve(listener, *router).await.expect("the server"),
        Endpoint::Service(service) => serve_http1(listener, TowerToHyperService::new(service)).await,
        Endpoint::Function(app) => {
            let app = Arc::new(app);
            let function = move |request: Request<Incoming>| {
                let app = Arc::clone(&app);
                async move { Ok::<Response<Full<Bytes>>, Infallible>(app.call(request).await) }
            };
            serve_http1(listener, service_fn(function)).await;
        }
    }
}

async fn serve_http1<S>(listener: TcpListener, service: S)
where
    S: HttpService<Incoming, Error: Into<Box<dyn Error + Send + Sync>>, ResBody: 'static> + Clone + 'static,
    <S::ResBody as Body>::Error: Into<Box<dyn Error + Send + Sync>>,
{
    loop {
        let (connection, _) = listener.accept().await.expect("a connection");
        tokio::task::spawn_local(http1::Builder::new().serve_connection(TokioIo::new(connection), service.clone()));
    }
}

/// Returns the request as the Lua script that `wrk` reads.
async fn wrk_script(request: Request<Full<Bytes>>) -> String {
    let (parts, body) = request.into_parts();
    let body = body.collect().await.expect("body").to_bytes();
    let headers = parts.headers.iter().filter(|(name, _)| *name != http::header::CONTENT_LENGTH);
    let headers = headers.map(|(name, value)| format!("wrk.headers[{:?}] = {value:?}\n", name.as_str()));
    let body = std::str::from_utf8(&body).expect("text");
    format!("wrk.method = \"POST\"\nwrk.body = [==[{body}]==]\n{}", headers.collect::<String>())
}
