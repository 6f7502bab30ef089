//! Which generation of Coral a server is of, found out once.

use serde_json::Value;
use tokio::sync::Mutex;

use crate::api::ClientError;
use crate::api::Path;
use crate::api::{Call, Transport};
use crate::session::{Dialect, SessionRequest};

/// What is tried where a server does not say what it is, in this order: the guide's form, and the servers' own since
/// May 2026, which is what Coral Cloud is likely to have moved to.
const GUESSES: [Dialect; 3] = [Dialect::Cloud, Dialect::Server1_2, Dialect::Next];

/// What is known of a server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Known {
    pub(super) dialect: Dialect,
    pub(super) paths: Family,
    pub(super) from: Source,
}

/// Where sessions are found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Family {
    /// `/api/v1/session…`, as in the guide.
    Guide,
    /// `/api/v1/local/…`, of servers since 1.1.
    Local,
    /// `/api/v1/sessions…`, of servers before.
    Sessions,
}

/// How it is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Source {
    /// The application said so.
    Told,
    /// The server's own description of its API.
    Described,
    /// The server describes nothing.
    Guessed,
    /// The server understood it.
    Tried,
}

impl Known {
    fn new(dialect: Dialect, from: Source) -> Self {
        let paths = match dialect {
            Dialect::Cloud => Family::Guide,
            Dialect::Nested | Dialect::Server1_0 => Family::Sessions,
            _ => Family::Local,
        };
        Self { dialect, paths, from }
    }

    pub(super) fn is_a_guess(self) -> bool {
        self.from == Source::Guessed
    }

    /// The form to try first, and the one after it: of a guess, what can say the request at all.
    pub(super) fn forms_for(self, request: &SessionRequest) -> (Dialect, Option<Dialect>) {
        if !self.is_a_guess() {
            return (self.dialect, None);
        }
        let mut sayable = GUESSES.into_iter().filter(|dialect| request.to_json(*dialect).is_ok());
        (sayable.next().unwrap_or(self.dialect), sayable.next())
    }
}

/// What is known of the server so far.
#[derive(Debug, Default)]
pub(super) struct Generation(Mutex<Option<Known>>);

impl Generation {
    pub(super) fn told(dialect: Dialect) -> Self {
        Self(Mutex::new(Some(Known::new(dialect, Source::Told))))
    }

    /// Asks the server the first time. Whoever asks meanwhile waits for the same answer.
    pub(super) async fn known(&self, transport: &Transport) -> Result<Known, ClientError> {
        let mut known = self.0.lock().await;
        if let Some(known) = *known {
            return Ok(known);
        }
        let found = ask(transport).await?;
        *known = Some(found);
        Ok(found)
    }

    /// The server has understood a request in this form.
    pub(super) async fn understood(&self, dialect: Dialect) {
        self.learn(|known| {
            if known.is_a_guess() {
                tracing::info!(?dialect, "Coral understands this form of requests; it is used from now on");
                *known = Known { paths: known.paths, ..Known::new(dialect, Source::Tried) };
                if dialect != Dialect::Cloud {
                    known.paths = Family::Local;
                }
            }
        })
        .await;
    }

    /// The server has answered on these paths.
    pub(super) async fn answers_on(&self, paths: Family) {
        self.learn(|known| known.paths = paths).await;
    }

    async fn learn(&self, change: impl FnOnce(&mut Known)) {
        if let Some(known) = self.0.lock().await.as_mut() {
            change(known);
        }
    }
}

/// Reads the description that every coral-server has of itself.
async fn ask(transport: &Transport) -> Result<Known, ClientError> {
    let call = Call::get("asking the server which generation it is of", Path::new("api_v1.json"));
    let described = match transport.send(&call).await {
        Ok(answer) => answer.json().as_ref().and_then(described),
        // A server that says anything at all is there, and the call itself will show what is the matter.
        Err(error) if error.status().is_some() => None,
        Err(error) => return Err(error),
    };
    let (known, why) = match described {
        Some(dialect) => (Known::new(dialect, Source::Described), "its api_v1.json says so"),
        None => (Known::new(GUESSES[0], Source::Guessed), "it has no api_v1.json, so it is taken for Coral Cloud"),
    };
    let server = transport.server();
    tracing::info!(server, dialect = ?known.dialect, why, "found out which Coral this is");
    Ok(known)
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
