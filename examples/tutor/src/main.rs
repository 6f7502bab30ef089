//! A tutor: a person asks questions in a web page, and an agent answers them, in a session of their own.
//!
//! The agent calls `request_question` and waits for the person, who may think for minutes. Coral limits a call to 15 seconds, so the
//! tool returns early without a question, and the agent calls it again.
//!
//! ```sh
//! PUBLIC_URL=http://127.0.0.1:3000 INSTANCE=tutor-1 CORAL_CUSTOM_TOOL_SECRET=secret-1 CORAL_WEBHOOK_SECRET=secret-2 \
//!     CORAL_CLOUD_API_URL=http://127.0.0.1:5555 CORAL_API_KEY=key cargo run -p tutor
//! ```
//!
//! | variable | default | meaning |
//! | --- | --- | --- |
//! | `CORAL_CLOUD_API_URL`, `CORAL_API_KEY` | the URL: Coral Cloud | the Coral server, whose local registry has an agent `tutor` 1.0.0 |
//! | `CORAL_CUSTOM_TOOL_SECRET` | required | the secret with which Coral signs calls |
//! | `CORAL_WEBHOOK_SECRET` | required | the secret with which Coral signs the report of a session's end |
//! | `PUBLIC_URL` | required | the URL of this application, for Coral |
//! | `INSTANCE` | required | the name of this process, the same after a restart: see `Sessions::instance` |
//! | `LISTEN_ADDRESS` | `127.0.0.1:3000` | where the application listens |
//! | `RUST_LOG` | `info` | which events are logged |

mod lesson;
#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use axum::Router;
use axum::extract::{FromRef, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{Html, IntoResponse};
use axum::routing::{get, post};
use axum_extra::extract::cookie::{Cookie, CookieJar, SameSite};
use coral_tools::shutdown::Shutdown;
use coral_tools::webhook::session_end_with_context;
use coral_tools::{BaseUrl, Coral, OwnedSession, Secret, SessionEndReport, SessionValue, Sessions, WebhookConfig};
use futures_util::{StreamExt, stream};
use tokio::net::TcpListener;
use tokio::sync::{OnceCell, oneshot};
use uuid::Uuid;

use crate::lesson::{Lesson, Line, NAMESPACE, session_request};

/// A lesson with its session, once that is open. The session is closed when this is dropped.
type OpenLesson = OnceCell<OwnedSession<Lesson>>;

/// The state of the application.
#[derive(Debug, Clone, FromRef)]
struct App {
    sessions: Sessions<Lesson>,
    /// The lessons by the ids of browsers.
    lessons: Arc<Mutex<HashMap<Uuid, Weak<OpenLesson>>>>,
    public_url: BaseUrl,
    /// How long a lesson is kept for a person who has closed the page or lost the connection.
    returns_within: Duration,
    shutdown: Shutdown,
}

impl App {
    /// Returns the lesson of a browser, or a new one if it has none or that has ended.
    fn lesson(&self, browser: Uuid) -> Arc<OpenLesson> {
        let mut lessons = self.lessons.lock().unwrap_or_else(PoisonError::into_inner);
        lessons.retain(|_, lesson| lesson.strong_count() > 0);
        let is_open = |open: &Arc<OpenLesson>| open.get().is_none_or(|session| !session.value().borrow().has_ended);
        let lesson = lessons.get(&browser).and_then(Weak::upgrade).filter(is_open).unwrap_or_default();
        lessons.insert(browser, Arc::downgrade(&lesson));
        lesson
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    tracing_subscriber::fmt::init();
    // Each agent waits in a call, and Coral runs at most 100 calls to one host at a time.
    let sessions = Sessions::new(Coral::from_env()?).instance(std::env::var("INSTANCE")?).max_sessions(100);
    let app = App {
        sessions: sessions.clone(),
        lessons: Arc::default(),
        public_url: BaseUrl::from_env("PUBLIC_URL")?,
        returns_within: Duration::from_secs(300),
        shutdown: Shutdown::on_signal()?,
    };
    let webhooks = WebhookConfig::new(Secret::from_env("CORAL_CUSTOM_TOOL_SECRET")?);
    let (shutdown, router) = (app.shutdown.clone(), router(app, webhooks, Secret::from_env("CORAL_WEBHOOK_SECRET")?));
    sessions.close_left_over(NAMESPACE).await?;
    let address = std::env::var("LISTEN_ADDRESS").unwrap_or_else(|_| "127.0.0.1:3000".to_owned());
    let server = axum::serve(TcpListener::bind(address).await?, router).with_graceful_shutdown(shutdown.requested());
    let served = shutdown.run_with_timeout(Duration::from_secs(15), server).await;
    sessions.close_all(Duration::from_secs(10)).await;
    Ok(served?)
}

fn router(app: App, webhooks: WebhookConfig, session_end_secret: Secret) -> Router {
    // A session that the application has closed itself has no value.
    let ended = async |_: SessionEndReport, _: App, lesson: Option<SessionValue<Lesson>>| {
        lesson.inspect(|SessionValue(lesson)| lesson.send_modify(|lesson| lesson.has_ended = true));
        Ok(())
    };
    let coral = lesson::tools().webhooks(webhooks).merge(session_end_with_context(session_end_secret, ended));
    let routes = Router::new().route("/", get(page)).route("/ask", post(ask));
    routes.route("/answers", get(answers)).nest("/coral", coral).with_state(app)
}

async fn page(cookies: CookieJar) -> impl IntoResponse {
    let browser = browser(&cookies).unwrap_or_else(|_| Uuid::new_v4()).to_string();
    let cookie = Cookie::build(("lesson", browser)).http_only(true).same_site(SameSite::Strict).path("/");
    (cookies.add(cookie), Html(include_str!("page.html")))
}

async fn ask(State(app): State<App>, cookies: CookieJar, question: String) -> Result<StatusCode, StatusCode> {
    if question.trim().is_empty() || question.len() > 10_000 {
        return Err(StatusCode::UNPROCESSABLE_ENTITY);
    }
    let lesson = app.lesson(browser(&cookies)?);
    let session = lesson.get().ok_or(StatusCode::NOT_FOUND)?;
    let question = Line("question", question.trim().to_owned());
    let is_added = session.value().send_if_modified(|lesson| lesson.add(question));
    is_added.then_some(StatusCode::ACCEPTED).ok_or(StatusCode::TOO_MANY_REQUESTS)
}

/// Sends each line as an event with the id `session/number`, where a browser resumes that was disconnected, and at last `end`.
async fn answers(
    State(app): State<App>,
    cookies: CookieJar,
    headers: HeaderMap,
) -> Result<impl IntoResponse, StatusCode> {
    let (lesson, request) = (app.lesson(browser(&cookies)?), session_request(&app.public_url));
    let session = lesson.get_or_try_init(|| app.sessions.open(&request, Lesson::default())).await;
    let session = session.inspect_err(|error| tracing::error!(%error, "no lesson")).map_err(|e| e.gateway_status())?;
    let (id, lines) = (session.id().to_owned(), session.value().subscribe());
    let last = headers.get("last-event-id").and_then(|last| last.to_str().ok()?.split_once('/'));
    let seen = last.filter(|last| last.0 == id).and_then(|last| last.1.parse().ok()).unwrap_or(0_usize);
    let (mut left, viewer) = oneshot::channel::<()>();
    tokio::spawn(async move {
        left.closed().await;
        tokio::time::sleep(app.returns_within).await;
        drop(lesson);
    });
    let lines = stream::unfold((lines, seen, viewer), async |(mut lines, seen, viewer)| {
        let news = lines.wait_for(|lesson| lesson.lines.len() > seen || lesson.has_ended).await;
        let line = news.ok()?.lines.get(seen)?.clone();
        Some(((seen + 1, line), (lines, seen + 1, viewer)))
    });
    let events = lines.map(move |(number, Line(kind, text))| {
        // axum would end two lines at `\r\n`.
        Event::default().event(kind).id(format!("{id}/{number}")).data(text.replace("\r\n", "\n"))
    });
    // Browsers ignore an event without data.
    let end = stream::once(async { Event::default().event("end").data("The lesson is over.") });
    let events = events.take_until(app.shutdown.requested()).chain(end).map(Ok::<_, std::convert::Infallible>);
    Ok(Sse::new(events).keep_alive(KeepAlive::default()))
}

fn browser(cookies: &CookieJar) -> Result<Uuid, StatusCode> {
    cookies.get("lesson").and_then(|cookie| cookie.value().parse().ok()).ok_or(StatusCode::BAD_REQUEST)
}
