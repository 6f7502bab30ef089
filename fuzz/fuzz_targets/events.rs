//! Fuzz target: what a server sends to a client: the frames of a websocket, server-sent events, JSON, or a whole HTTP response. The
//! first byte selects a request; lines of `---` separate the responses to it and to the requests that follow.

#![no_main]

#[path = "../scripted_server.rs"]
mod scripted_server;

use std::fmt::Debug;
use std::pin::pin;
use std::sync::LazyLock;
use std::time::Duration;

use coral_tools::client::{LogFilter, ManagerFilter};
use coral_tools::platform::{ResultCache, Run, RunError, Turn};
use coral_tools::{ClientError, Coral, Dialect, Everruns, Qoder, Toolset, coral_tool, toolset};
use futures_util::{Stream, StreamExt};
use libfuzzer_sys::{Corpus, fuzz_target};
use scripted_server::ScriptedServer;
use tokio::runtime::{Builder, Runtime};
use tokio::time::timeout;

const KEY: &str = "hunter2-8675309";
const SEPARATOR: &[u8] = b"\n---\n";
const MAX_RESPONSES: usize = 16;
/// More than all pauses of a client. The time is paused: it passes whenever nothing else happens.
const LIMIT: Duration = Duration::from_secs(30 * 24 * 3600);

static RUNTIME: LazyLock<Runtime> =
    LazyLock::new(|| Builder::new_current_thread().enable_all().start_paused(true).build().expect("a runtime"));
static SERVER: LazyLock<ScriptedServer> = LazyLock::new(|| RUNTIME.block_on(ScriptedServer::start()));
static CORAL: LazyLock<Coral> =
    LazyLock::new(|| Coral::server(SERVER.url(), KEY).dialect(Dialect::Server1_2).retries(0));
static EVERRUNS: LazyLock<Everruns> = LazyLock::new(|| Everruns::at(SERVER.url()).key(KEY).retries(0));
static QODER: LazyLock<Qoder> = LazyLock::new(|| Qoder::at(SERVER.url()).key(KEY).retries(0));
static TOOLS: LazyLock<Toolset> = LazyLock::new(|| toolset![add]);

/// Adds two numbers.
#[coral_tool]
fn add(a: i64, b: i64) -> i64 {
    a.wrapping_add(b)
}

fuzz_target!(|data: &[u8]| -> Corpus {
    let Some((first, sent)) = data.split_first() else { return Corpus::Reject };
    SERVER.set_responses(split(sent).into_iter());
    let read = async {
        match first {
            b'0' => read_all(CORAL.session("default", "session").events()).await,
            b'1' => read_all(CORAL.manager_events(&ManagerFilter::new())).await,
            b'2' => read_all(CORAL.logs(&LogFilter::new())).await,
            b'3' => read_all(QODER.session("session").event_stream("event")).await,
            b'4' => check(CORAL.session("default", "session").state().await),
            b'5' => check_run(uncached(QODER.session("session").run(&TOOLS, &())).resume().await),
            b'6' => check_run(uncached(EVERRUNS.session("session").run(&TOOLS, &())).resume().await),
            b'7' => check_run(uncached(EVERRUNS.session("session").run(&TOOLS, &())).message("hello").await),
            _ => return Corpus::Reject,
        }
        Corpus::Keep
    };
    RUNTIME.block_on(async { timeout(LIMIT, read).await.expect("the server rejects further requests") })
});

fn split(mut bytes: &[u8]) -> Vec<Vec<u8>> {
    let mut parts = Vec::new();
    while parts.len() + 1 < MAX_RESPONSES
        && let Some(end) = bytes.windows(SEPARATOR.len()).position(|window| window == SEPARATOR)
    {
        parts.push(bytes[..end].to_vec());
        bytes = &bytes[end + SEPARATOR.len()..];
    }
    parts.push(bytes.to_vec());
    parts
}

/// Uses no results of earlier inputs, so that a failure can be reproduced.
fn uncached(run: Run<'static, ()>) -> Run<'static, ()> {
    run.result_cache(&ResultCache::new())
}

/// Reads a stream to its end.
async fn read_all<T: Debug>(items: impl Stream<Item = Result<T, ClientError>>) {
    let mut items = pin!(items);
    while let Some(item) = items.next().await {
        check(item);
    }
}

/// The error of a failed turn is the platform's own message.
fn check_run(result: Result<Turn, RunError>) {
    match result {
        Err(RunError::Client(error)) => check::<Turn>(Err(error)),
        other => drop(format!("{other:?}")),
    }
}

/// Errors of clients are logged: they are short and do not contain the key.
fn check<T: Debug>(result: Result<T, ClientError>) {
    match result {
        Ok(value) => drop(format!("{value:?}")),
        Err(error) => {
            let text = format!("{error}\n{error:?}");
            assert!(text.len() < 8192, "{} bytes: {text}", text.len());
            assert!(!text.contains(KEY), "{text}");
        }
    }
}
