//! Which generation of Coral a server is of, found out once.

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use futures_util::FutureExt;
use futures_util::future::{BoxFuture, Shared};
use serde_json::Value;

use crate::api::{ClientError, FailureStage, HttpRequest, RequestPath, Transport};
use crate::session::CheckedRequest;
use crate::session::dialect::Dialect;

/// What is tried where a server does not say what it is, in this order: the guide's form, and the servers' own since
/// May 2026, which is what Coral Cloud is likely to have moved to.
const GUESSES: [Dialect; 3] = [Dialect::Cloud, Dialect::Server1_2, Dialect::Next];

/// What is known of a server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct DetectedServer {
    pub(super) dialect: Dialect,
    pub(super) paths: PathScheme,
    pub(super) from: DetectionSource,
}

/// Where sessions are found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PathScheme {
    /// `/api/v1/session…`, as in the guide.
    Guide,
    /// `/api/v1/local/…`, of servers since 1.1.
    Local,
    /// `/api/v1/sessions…`, of servers before.
    Sessions,
}

impl PathScheme {
    /// Where to look, in this order.
    pub(super) fn to_try(self) -> &'static [Self] {
        match self {
            Self::Guide => &[Self::Guide, Self::Local],
            Self::Local => &[Self::Local],
            Self::Sessions => &[Self::Sessions],
        }
    }
}

/// How it is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum DetectionSource {
    /// The application said so.
    Told,
    /// The server's own description of its API.
    Described,
    /// The server describes nothing.
    Guessed,
    /// The server understood it.
    Tried,
}

impl DetectedServer {
    fn new(dialect: Dialect, from: DetectionSource) -> Self {
        let paths = match dialect {
            Dialect::Cloud => PathScheme::Guide,
            Dialect::Nested | Dialect::Server1_0 => PathScheme::Sessions,
            _ => PathScheme::Local,
        };
        Self { dialect, paths, from }
    }

    pub(super) fn is_a_guess(self) -> bool {
        self.from == DetectionSource::Guessed
    }

    /// The form to try first, and the one after it: of a guess, what can say the request at all.
    pub(super) fn forms_for(self, request: &CheckedRequest<'_>) -> (Dialect, Option<Dialect>) {
        if !self.is_a_guess() {
            return (self.dialect, None);
        }
        let mut sayable = GUESSES.into_iter().filter(|dialect| request.check_dialect(*dialect).is_ok());
        (sayable.next().unwrap_or(self.dialect), sayable.next())
    }
}

/// What is known of the server so far.
#[derive(Default)]
pub(super) struct DialectDetector {
    found: Mutex<DetectionState>,
    has_no_events: AtomicBool,
}

#[derive(Default)]
struct DetectionState {
    known: Option<DetectedServer>,
    /// The question, while it is on the way. Whoever asks meanwhile waits for the same answer, also if it is an error.
    asking: Option<Shared<BoxFuture<'static, Result<DetectedServer, ClientError>>>>,
}

impl DialectDetector {
    pub(super) fn told(dialect: Dialect) -> Self {
        let known = Some(DetectedServer::new(dialect, DetectionSource::Told));
        Self { found: Mutex::new(DetectionState { known, asking: None }), has_no_events: AtomicBool::new(false) }
    }

    /// Asks the server the first time.
    pub(super) async fn known(&self, transport: &Arc<Transport>) -> Result<DetectedServer, ClientError> {
        let asking = {
            let mut found = self.found();
            if let Some(known) = found.known {
                return Ok(known);
            }
            let ask = || ask(Arc::clone(transport)).boxed().shared();
            found.asking.get_or_insert_with(ask).clone()
        };
        let answer = asking.clone().await;
        let mut found = self.found();
        // Another who waited may have been here before, and somebody else may ask again by now.
        if found.asking.as_ref().is_some_and(|now| now.ptr_eq(&asking)) {
            found.asking = None;
            found.known = found.known.or(answer.as_ref().ok().copied());
        }
        answer
    }

    /// The server has understood a request in this form.
    pub(super) fn understood(&self, dialect: Dialect) {
        if let Some(known) = self.found().known.as_mut().filter(|known| known.is_a_guess()) {
            tracing::info!(?dialect, "Coral understands this form of requests; it is used from now on");
            let paths = if dialect == Dialect::Cloud { known.paths } else { PathScheme::Local };
            *known = DetectedServer { paths, ..DetectedServer::new(dialect, DetectionSource::Tried) };
        }
    }

    /// The server did not understand what it should have: it may be another by now, so it is asked again.
    pub(super) fn misunderstood(&self) {
        let mut found = self.found();
        found.known =
            found.known.filter(|known| matches!(known.from, DetectionSource::Told | DetectionSource::Guessed));
    }

    /// The server has answered on these paths.
    pub(super) fn answers_on(&self, paths: PathScheme) {
        if let Some(known) = self.found().known.as_mut() {
            known.paths = paths;
        }
    }

    /// Whether there may be events to listen to. Where there are none, the key need not be sent in a path.
    pub(super) fn may_have_events(&self) -> bool {
        let too_old = self.found().known.is_some_and(|known| known.paths == PathScheme::Sessions);
        !too_old && !self.has_no_events.load(Ordering::Relaxed)
    }

    /// The server knows no such path.
    pub(super) fn has_no_events(&self) {
        self.has_no_events.store(true, Ordering::Relaxed);
    }

    fn found(&self) -> MutexGuard<'_, DetectionState> {
        self.found.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for DialectDetector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Generation").field(&self.found().known).finish()
    }
}

/// Reads the description that every coral-server has of itself.
async fn ask(transport: Arc<Transport>) -> Result<DetectedServer, ClientError> {
    let call = HttpRequest::get("detecting the server version", RequestPath::new("api_v1.json"));
    let described = match transport.send(&call).await {
        Ok(answer) => answer.json().as_ref().and_then(described),
        Err(error) if has_none(&error) => None,
        // Trouble, or a key that is refused, says nothing of what the server is.
        Err(error) => return Err(error),
    };
    let (known, why) = match described {
        Some(dialect) => (DetectedServer::new(dialect, DetectionSource::Described), "its api_v1.json says so"),
        None => (
            DetectedServer::new(GUESSES[0], DetectionSource::Guessed),
            "it describes nothing, so it is taken for Coral Cloud",
        ),
    };
    let server = transport.server();
    tracing::info!(server, dialect = ?known.dialect, why, "found out which Coral this is");
    Ok(known)
}

/// Whether a server that is well has no such document.
fn has_none(error: &ClientError) -> bool {
    let refused = error.stage() == FailureStage::KeyRejected;
    error.status().is_some_and(|status| (300..500).contains(&status.as_u16())) && !refused && !error.is_outage()
}

/// The generation that an OpenAPI document is of.
fn described(document: &Value) -> Option<Dialect> {
    let paths = document.get("paths")?;
    let fields = |schema: &str, field: &str| {
        document.pointer(&format!("/components/schemas/{schema}/properties/{field}")).is_some()
    };
    if paths.get("/api/v1/local/session").is_some() {
        return Some(if fields("SessionRequest", "budgetSettings") {
            Dialect::Next
        } else if fields("GraphAgentTool", "schema") {
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
