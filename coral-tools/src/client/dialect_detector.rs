//! Detection of the server's version.

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use futures_util::FutureExt;
use futures_util::future::{BoxFuture, Shared};
use serde_json::Value;

use crate::api::{ClientError, FailureStage, HttpRequest, RequestPath, Transport};
use crate::session::CheckedRequest;
use crate::session::dialect::Dialect;

/// Dialects to try, in this order, if a server has no OpenAPI document: the guide's, and those of coral-server since May 2026, which
/// Coral Cloud has probably adopted.
const GUESSES: [Dialect; 3] = [Dialect::Cloud, Dialect::Server1_2, Dialect::Next];

/// The dialect and paths of a server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct DetectedServer {
    pub(super) dialect: Dialect,
    pub(super) paths: PathScheme,
    source: DialectOrigin,
}

/// The paths of sessions and namespaces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PathScheme {
    /// `/api/v1/session…`, as in the guide.
    Guide,
    /// `/api/v1/local/…`, of servers since 1.1.
    Local,
    /// `/api/v1/sessions…`, of servers before 1.1.
    Sessions,
}

impl PathScheme {
    /// Schemes to try, in this order.
    pub(super) fn candidates(self) -> &'static [Self] {
        match self {
            Self::Guide => &[Self::Guide, Self::Local],
            Self::Local => &[Self::Local],
            Self::Sessions => &[Self::Sessions],
        }
    }
}

/// How a dialect was determined.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum DialectOrigin {
    /// The application has set it.
    Configured,
    /// The server's OpenAPI document describes it.
    Document,
    /// The server has no OpenAPI document.
    Guess,
    /// The server has accepted a request in it.
    AcceptedRequest,
}

impl DetectedServer {
    fn new(dialect: Dialect, source: DialectOrigin) -> Self {
        let paths = match dialect {
            Dialect::Cloud => PathScheme::Guide,
            Dialect::Nested | Dialect::Server1_0 => PathScheme::Sessions,
            _ => PathScheme::Local,
        };
        Self { dialect, paths, source }
    }

    pub(super) fn is_configured(self) -> bool {
        self.source == DialectOrigin::Configured
    }

    pub(super) fn is_guess(self) -> bool {
        self.source == DialectOrigin::Guess
    }

    /// Returns the dialect to try first, and the one to try next. A guess skips dialects that do not support the request.
    pub(super) fn dialects_for(self, request: &CheckedRequest<'_>) -> (Dialect, Option<Dialect>) {
        if !self.is_guess() {
            return (self.dialect, None);
        }
        let mut supported = GUESSES.into_iter().filter(|dialect| request.check_dialect(*dialect).is_ok());
        (supported.next().unwrap_or(self.dialect), supported.next())
    }
}

/// Detects the server's dialect and paths once, and keeps them up to date.
#[derive(Default)]
pub(super) struct DialectDetector {
    state: Mutex<DetectionState>,
    is_without_events: AtomicBool,
}

type SharedDetection = Shared<BoxFuture<'static, Result<DetectedServer, ClientError>>>;

#[derive(Default)]
struct DetectionState {
    server: Option<DetectedServer>,
    /// A detection in progress. All callers wait for its result, which may be an error.
    pending: Option<SharedDetection>,
}

impl DialectDetector {
    /// Creates a detector for a dialect that the application has set.
    pub(super) fn new(dialect: Dialect) -> Self {
        let server = Some(DetectedServer::new(dialect, DialectOrigin::Configured));
        let state = Mutex::new(DetectionState { server, pending: None });
        Self { state, is_without_events: AtomicBool::new(false) }
    }

    /// Returns the detected server. Sends a request only if it is not known yet.
    pub(super) async fn detect(&self, transport: &Arc<Transport>) -> Result<DetectedServer, ClientError> {
        let pending = {
            let mut state = self.state();
            if let Some(server) = state.server {
                return Ok(server);
            }
            let start = || detect(Arc::clone(transport)).boxed().shared();
            state.pending.get_or_insert_with(start).clone()
        };
        let detected = pending.clone().await;
        let mut state = self.state();
        // Another waiting caller may have stored the result already, and a later detection may be in progress.
        if state.pending.as_ref().is_some_and(|current| current.ptr_eq(&pending)) {
            state.pending = None;
            state.server = state.server.or(detected.as_ref().ok().copied());
        }
        detected
    }

    /// Records that the server has accepted a request in this dialect.
    pub(super) fn record_accepted(&self, dialect: Dialect) {
        if let Some(server) = self.state().server.as_mut().filter(|server| server.is_guess()) {
            tracing::info!(?dialect, "the server accepted a request in this dialect, which is used from now on");
            let paths = if dialect == Dialect::Cloud { server.paths } else { PathScheme::Local };
            *server = DetectedServer { paths, ..DetectedServer::new(dialect, DialectOrigin::AcceptedRequest) };
        }
    }

    /// Records that the server could not decode a request in the detected dialect. The server may have been replaced, so the next
    /// call detects it again.
    pub(super) fn record_rejected(&self) {
        let mut state = self.state();
        let is_kept =
            |server: &DetectedServer| matches!(server.source, DialectOrigin::Configured | DialectOrigin::Guess);
        state.server = state.server.filter(is_kept);
    }

    /// Records the paths that the server has.
    pub(super) fn record_paths(&self, paths: PathScheme) {
        if let Some(server) = self.state().server.as_mut() {
            server.paths = paths;
        }
    }

    /// Whether the server may have events. If it has none, no request is sent, because the key would be in its path.
    pub(super) fn can_have_events(&self) -> bool {
        let is_too_old = self.state().server.is_some_and(|server| server.paths == PathScheme::Sessions);
        !is_too_old && !self.is_without_events.load(Ordering::Relaxed)
    }

    /// Records that the server does not know the paths of events.
    pub(super) fn record_no_events(&self) {
        self.is_without_events.store(true, Ordering::Relaxed);
    }

    fn state(&self) -> MutexGuard<'_, DetectionState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for DialectDetector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("DialectDetector").field(&self.state().server).finish()
    }
}

/// Reads the OpenAPI document that every coral-server has.
async fn detect(transport: Arc<Transport>) -> Result<DetectedServer, ClientError> {
    let request = HttpRequest::get("detecting the server version", RequestPath::new("api_v1.json"));
    let dialect = match transport.send(&request).await {
        Ok(response) => response.json().as_ref().and_then(described_dialect),
        Err(error) if is_document_missing(&error) => None,
        // An outage or a rejected key does not tell the versions apart.
        Err(error) => return Err(error),
    };
    let (detected, reason) = match dialect {
        Some(dialect) => (DetectedServer::new(dialect, DialectOrigin::Document), "described by its api_v1.json"),
        None => (DetectedServer::new(GUESSES[0], DialectOrigin::Guess), "no api_v1.json, so Coral Cloud is assumed"),
    };
    tracing::info!(server = transport.server(), dialect = ?detected.dialect, reason, "detected the server version");
    Ok(detected)
}

/// Whether a working server has no OpenAPI document. A page instead of one is not an error yet: that of the next request is clearer.
fn is_document_missing(error: &ClientError) -> bool {
    let is_key_rejected = error.stage() == FailureStage::KeyRejected;
    let is_redirect_or_client_error =
        error.status().is_some_and(|status| status.is_redirection() || status.is_client_error());
    error.is_html_page() || (is_redirect_or_client_error && !is_key_rejected && !error.is_outage())
}

/// Returns the dialect that an OpenAPI document describes.
fn described_dialect(document: &Value) -> Option<Dialect> {
    let paths = document.get("paths")?;
    let has_property = |schema: &str, property: &str| {
        document.pointer(&format!("/components/schemas/{schema}/properties/{property}")).is_some()
    };
    if paths.get("/api/v1/local/session").is_some() {
        return Some(if has_property("SessionRequest", "budgetSettings") {
            Dialect::Next
        } else if has_property("GraphAgentTool", "schema") {
            Dialect::Server1_1
        } else {
            Dialect::Server1_2
        });
    }
    if paths.get("/api/v1/sessions/{namespace}").is_some() {
        return Some(Dialect::Nested);
    }
    paths.get("/api/v1/sessions").map(|_| Dialect::Server1_0)
}
