//! The rules of `Store`, and the limits of `MemoryStore`.

mod calls;
mod model;
mod tickets;

use std::io;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use crate::store::RecordedCall;

const MINUTE: Duration = Duration::from_secs(60);

/// A call of `tool` whose arguments are `text`.
fn call(session_id: &str, tool: &str, text: &str) -> RecordedCall {
    RecordedCall {
        session_id: session_id.to_owned(),
        tool: tool.to_owned(),
        agent_name: Some("writer".to_owned()),
        recorded_at: SystemTime::UNIX_EPOCH,
        key: "k".to_owned(),
        arguments: text.as_bytes().to_vec(),
        result: Vec::new(),
    }
}

fn text(call: RecordedCall) -> String {
    String::from_utf8(call.arguments).expect("UTF-8")
}

/// The log of a test.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    /// Logs the events of this thread until the guard is dropped.
    fn start() -> (Self, tracing::subscriber::DefaultGuard) {
        let log = Self::default();
        let writer = log.clone();
        let subscriber = tracing_subscriber::fmt().with_ansi(false).with_writer(move || writer.clone()).finish();
        (log, tracing::subscriber::set_default(subscriber))
    }

    fn lines(&self) -> Vec<String> {
        let log = self.0.lock().expect("not poisoned");
        String::from_utf8_lossy(&log).lines().map(str::to_owned).collect()
    }
}

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().expect("not poisoned").write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
