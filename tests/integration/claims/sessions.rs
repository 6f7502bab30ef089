//! From `bound_to` to the tool, over sockets: through a proxy that removes a prefix, on every server version.

use axum::Router;
use axum::extract::Request;
use axum::response::Response;
use coral_stand_in::coral::{CoralStandIn, TestServer};
use coral_tools::{
    Agent, Bound, ClaimKeys, Coral, FromRef, Runtime, SessionRequest, State, Toolset, coral_tool, toolset,
};
use tokio::net::TcpListener;
use tokio::sync::mpsc::{self, UnboundedSender};
use tokio::time::timeout;
use tower::ServiceExt;

use super::{UserId, key};
use crate::client::stand_in::{EACH, LONG};
use crate::webhook::log_capture::{captured_lines, start_capture};

#[derive(Clone)]
struct Shop {
    keys: ClaimKeys,
    orders: UnboundedSender<(u64, String)>,
}

impl FromRef<Shop> for ClaimKeys {
    fn from_ref(shop: &Shop) -> Self {
        shop.keys.clone()
    }
}

/// Orders an article for the user.
#[coral_tool]
fn order(article: String, #[context] Bound(user): Bound<UserId>, #[context] State(shop): State<Shop>) -> bool {
    shop.orders.send((user.0, article)).is_ok()
}

/// A reverse proxy for `/api`.
async fn without_prefix(app: Router, request: Request) -> Response {
    let (mut parts, body) = request.into_parts();
    let target = parts.uri.path_and_query().expect("a path").as_str();
    parts.uri = target.strip_prefix("/api").expect("the prefix").parse().expect("a URI");
    app.oneshot(Request::from_parts(parts, body)).await.unwrap_or_else(|never| match never {})
}

#[tokio::test]
async fn a_tool_receives_the_user_of_its_session_on_every_server_version() {
    start_capture();
    for version in EACH {
        let server = TestServer::start(CoralStandIn::builder().emulates(version)).await.expect("a server");
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let base_url = format!("http://{}/api/coral", listener.local_addr().expect("an address"));
        let keys = ClaimKeys::new(&base_url, key("a")).expect("keys");
        let (orders, mut received) = mpsc::unbounded_channel();
        let tools: Toolset<Shop> = toolset![order];
        let app = Router::new()
            .nest("/coral", tools.webhooks(server.custom_tool_secret()))
            .with_state(Shop { keys: keys.clone(), orders });
        let proxy = Router::new().fallback(move |request: Request| without_prefix(app.clone(), request));
        tokio::spawn(async move { axum::serve(listener, proxy).await });

        let coral = Coral::server(server.url(), server.key());
        for user in [7, 8] {
            let agent = Agent::local("tool", "1.0.0", Runtime::Function)
                .option("TOOL_NAME", "order")
                .option("TOOL_INPUT", r#"{"article": "tea"}"#)
                .can_call::<order>();
            let request = SessionRequest::in_namespace("default")
                .agent(agent)
                .tools(&tools, base_url.as_str())
                .bound_to(&keys, &UserId(user))
                .ttl(LONG);
            let session = match user {
                7 => coral.create_session(&request).await,
                _ => coral.create_session_with(&request, |_session| {}).await,
            };
            let session = session.expect("a session");
            let ordered = timeout(LONG, received.recv()).await.expect("in time").expect("the application");
            assert_eq!(ordered, (user, "tea".to_owned()), "{version:?}");
            // The session ends with its only agent.
            drop(session);
        }
    }
    // The server logs the URLs that it calls, as the real one does. The other lines are those of the application.
    let is_of_server = |line: &String| line.contains("message=stand-in ") || line.contains("message=webhook call ");
    let lines: Vec<_> = captured_lines().into_iter().filter(|line| !is_of_server(line)).collect();
    assert!(lines.iter().any(|line| line.contains("the server calls the tool at this URL")), "{lines:?}");
    assert!(lines.iter().all(|line| !line.contains("coral-claim")), "{lines:?}");
}
