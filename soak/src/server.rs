//! The server that is attacked: two toolsets, and endpoints for its statistics.

use std::io;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::Json;
use axum::Router;
use axum::extract::State as AppState;
use axum::routing::{get, post};
use coral_tools::{Context, FromContext, Secret, State, ToolError, Toolset, coral_tool, toolset};
use serde_json::{Value, json};
use tokio::net::TcpListener;

/// The secret of both toolsets.
pub(crate) const SECRET: &str = "soak";

/// The number of bytes that a call of `fill` allocates.
const FILL_BYTES: usize = 16 << 20;

/// Returns the length of a string.
#[coral_tool]
async fn fast(text: String) -> usize {
    text.len()
}

/// Returns its argument from a thread for blocking work.
#[coral_tool(blocking)]
fn quick(text: String) -> usize {
    text.len()
}

/// Never finishes.
#[coral_tool]
async fn hang() {
    std::future::pending::<()>().await;
}

/// Panics.
#[coral_tool]
async fn panics() {
    panic!("a bug");
}

/// Allocates memory, which is free again when the call ends.
#[coral_tool]
async fn fill() -> usize {
    let bytes = vec![1_u8; FILL_BYTES];
    tokio::time::sleep(Duration::from_millis(5)).await;
    bytes.len()
}

/// A value whose drop panics.
#[derive(Debug)]
struct PanicsOnDrop;

impl Drop for PanicsOnDrop {
    fn drop(&mut self) {
        panic!("a bug in drop");
    }
}

/// Exceeds its deadline with a value whose drop panics.
#[coral_tool(timeout = "20ms")]
async fn panics_when_dropped() {
    let _value = PanicsOnDrop;
    std::future::pending::<()>().await;
}

/// Panics with a value whose drop panics.
#[coral_tool]
async fn panics_with_a_panic() {
    std::panic::panic_any(PanicsOnDrop);
}

/// Blocks its thread until the server is released.
#[coral_tool(blocking, timeout = "1s")]
fn block(#[context] State(app): State<App>, #[context] Deadline(deadline): Deadline) {
    app.begun.fetch_add(1, Ordering::Relaxed);
    app.begun_late.fetch_add(usize::from(Instant::now() > deadline), Ordering::Relaxed);
    app.gate.wait();
}

/// The deadline of a call.
struct Deadline(Instant);

impl<S: Sync> FromContext<S> for Deadline {
    async fn from_context(context: &Context<'_, S>) -> Result<Self, ToolError> {
        Ok(Self(context.deadline()))
    }
}

/// The state of the server.
#[derive(Debug, Clone, Default)]
struct App {
    /// Calls of `block` that have begun, and those that began after their deadline.
    begun: Arc<AtomicUsize>,
    begun_late: Arc<AtomicUsize>,
    gate: Arc<Gate>,
}

/// Blocks threads until it is opened.
#[derive(Debug, Default)]
struct Gate {
    is_open: Mutex<bool>,
    opened: Condvar,
}

impl Gate {
    fn wait(&self) {
        let is_open = self.is_open.lock().unwrap_or_else(PoisonError::into_inner);
        drop(self.opened.wait_while(is_open, |is_open| !*is_open));
    }

    fn open(&self) {
        *self.is_open.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.opened.notify_all();
    }
}

async fn statistics(AppState(app): AppState<App>) -> Json<Value> {
    let load = |counter: &AtomicUsize| counter.load(Ordering::Relaxed);
    Json(json!({"begun": load(&app.begun), "begun_late": load(&app.begun_late)}))
}

async fn release(AppState(app): AppState<App>) {
    app.gate.open();
}

/// Serves until the process is killed. Prints the address; the log is the standard error.
pub(crate) fn run(blocking_threads: usize) -> io::Result<()> {
    tracing_subscriber::fmt().with_writer(io::stderr).with_ansi(false).init();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .max_blocking_threads(blocking_threads)
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        println!("{}", listener.local_addr()?);
        axum::serve(listener, app()).await
    })
}

fn app() -> Router {
    let tools: Toolset<App> = toolset![fast, hang, panics, fill, panics_when_dropped, panics_with_a_panic, block];
    let others: Toolset<App> = toolset![quick];
    Router::new()
        .nest("/coral", tools.webhooks(Secret::new(SECRET)))
        .nest("/other", others.webhooks(Secret::new(SECRET)))
        .route("/statistics", get(statistics))
        .route("/release", post(release))
        .with_state(App::default())
}
