//! The edge that Coral calls: bytes → `Signed` → [`Call`] → `Outcome` → response.

mod address;
mod body;
mod config;
mod rejection;
mod response;
mod secret;
mod session_end;
mod signature;

use std::pin::Pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::handler::Handler;
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get};
use http::Method;
use http::request::Parts;
use tokio::sync::Semaphore;

pub use self::config::Webhooks;
pub use self::secret::{Secret, SecretError};
pub use self::session_end::session_end;
#[cfg(feature = "dev")]
pub(crate) use self::signature::sign;

use self::address::Address;
use self::body::Reception;
use self::rejection::Rejection;
use crate::call::{Call, Origin};
use crate::toolset::{Limits, Toolset};

/// Where Coral Cloud asks for the application's id.
const VERIFICATION: &str = "/_coral/verification";

/// Every path but `/`. A route, because axum forgets the fallback of a router that is nested twice. By this name, which
/// axum gives to fallbacks, the parameter is not handed on and costs nothing; under another one it would cost a little.
const ANY_PATH: &str = "/{*__private__axum_fallback}";

/// Coral hangs up after 15 s, connection and body included; an answer after that is lost.
const CEILING: Duration = Duration::from_secs(14);

impl<S: Clone + Send + Sync + 'static> Toolset<S> {
    /// A router that answers Coral's calls: `POST /{tool}/{session}/{agent…}`, verified before anything is parsed.
    ///
    /// Nest it under the path of the URL that [`Toolset::custom_tools`] is given. Takes a [`Secret`], several of them,
    /// or [`Webhooks`] with everything else that can be said.
    ///
    /// | answer | when | who reads it |
    /// | --- | --- | --- |
    /// | 200 and the value | the tool returned | the agent |
    /// | 200 and `{"success": false, "error": "…", "details": […]}` | bad arguments, a [`ToolError`](crate::ToolError), deadline passed | the agent |
    /// | 400 and `{"success": false, "error": "Invalid session"}` | [`ToolError::unknown_session`](crate::ToolError::unknown_session) | the agent sees the number |
    /// | 400, 401, 404, 405, 408, 413, 415, 503, no body | not a call, or no room for it | the log says why |
    ///
    /// When the caller goes away the call is dropped. For the end of a session, merge [`webhook::session_end`](session_end).
    pub fn webhooks(&self, config: impl Into<Webhooks>) -> Router<S> {
        let endpoint = Endpoint { edge: Arc::new(Edge::new(self.clone(), config.into())) };
        Router::new().route(ANY_PATH, any(endpoint))
    }
}

/// A router that answers `GET /_coral/verification` with the application's id, to be merged at the root where the
/// webhooks themselves are nested under a path.
pub fn verification<S: Clone + Send + Sync + 'static>(application_id: impl Into<String>) -> Router<S> {
    let id: Arc<str> = application_id.into().into();
    Router::new().route(VERIFICATION, get(async move || id.to_string()))
}

/// Everything that is made once and serves every call.
#[derive(Debug)]
struct Edge<S> {
    tools: Toolset<S>,
    config: Webhooks,
    reception: Reception,
    room: Semaphore,
}

impl<S: Sync> Edge<S> {
    fn new(tools: Toolset<S>, config: Webhooks) -> Self {
        report(&tools);
        Self { tools, reception: Reception::new(&config), room: Semaphore::new(config.concurrency), config }
    }

    /// The whole line of a call.
    async fn answer(&self, parts: &Parts, body: Body, state: &S) -> Result<Response, Rejection> {
        if let Some(id) = self.verification(parts) {
            return Ok(id.into_response());
        }
        if parts.method != Method::POST {
            return Err(Rejection::MethodNotAllowed);
        }
        let arrived = Instant::now();
        let signed = self.reception.receive(parts, body, arrived).await?;
        let _room = self.room.try_acquire().map_err(|_| Rejection::Overloaded)?;
        let address = Address::of(parts, &self.config.proxy)?;
        let call = call(address, signed.json(&parts.headers)?).with_extensions(&parts.extensions);
        let outcome = self.tools.dispatch_within(&call, state, self.limits(arrived)).await;
        response::respond(outcome)
    }

    fn verification(&self, parts: &Parts) -> Option<String> {
        let id = self.config.application_id.as_ref()?;
        let asked = parts.method == Method::GET && parts.uri.path() == VERIFICATION;
        asked.then(|| id.clone())
    }

    /// A tool's own deadline may be longer than Coral waits; an answer in time beats one that is lost.
    fn limits(&self, arrived: Instant) -> Limits {
        let default = self.config.timeout;
        Limits { arrived, default, most: CEILING.max(default) }
    }
}

fn call<'a>(address: Address<'a>, arguments: &'a [u8]) -> Call<'a> {
    let mut call = Call::new(address.tool, arguments).in_session(address.session).from_origin(Origin::Coral);
    if let Some(agent) = address.agent {
        call = call.by_agent(agent);
    }
    if let Some(namespace) = address.namespace {
        call = call.in_namespace(namespace);
    }
    call
}

/// Says at start-up what would otherwise be found out call by call.
fn report<S>(tools: &Toolset<S>) {
    if let Err(errors) = tools.check() {
        for error in &errors {
            tracing::error!(%error, "this tool cannot be served");
        }
    }
}

/// The edge as axum takes it: a handler that is given the application's state.
struct Endpoint<S> {
    edge: Arc<Edge<S>>,
}

impl<S> Clone for Endpoint<S> {
    fn clone(&self) -> Self {
        Self { edge: Arc::clone(&self.edge) }
    }
}

impl<S: Clone + Send + Sync + 'static> Handler<Edge<S>, S> for Endpoint<S> {
    type Future = Pin<Box<dyn Future<Output = Response> + Send>>;

    fn call(self, request: Request, state: S) -> Self::Future {
        let (parts, body) = request.into_parts();
        Box::pin(async move { self.edge.answer(&parts, body, &state).await.unwrap_or_else(Rejection::into_response) })
    }
}
