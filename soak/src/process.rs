//! Processes of this program: their memory and their logs.

use std::io::{self, BufRead, BufReader, Read};
use std::net::SocketAddr;
use std::process::{Child, ChildStderr, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use serde_json::Value;

use crate::connection::{BodyTiming, Connection};
use crate::requests::Request;

/// A process of this program. Killed when it is dropped.
#[derive(Debug)]
pub(crate) struct Process(Child);

impl Process {
    /// Starts this program with these arguments. Returns the first line that it prints.
    pub(crate) fn start(arguments: &[&str], stderr: Stdio) -> io::Result<(Self, String)> {
        let mut command = Command::new(std::env::current_exe()?);
        command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(stderr);
        // A backtrace of each panic would be most of the log.
        command.env("RUST_BACKTRACE", "0");
        let mut process = Self(command.spawn()?);
        let stdout = process.0.stdout.as_mut().ok_or(io::ErrorKind::BrokenPipe)?;
        let mut line = String::new();
        BufReader::new(stdout).read_line(&mut line)?;
        Ok((process, line.trim().to_owned()))
    }

    pub(crate) fn memory(&self) -> io::Result<Memory> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.0.id()))?;
        let megabytes = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name));
            line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<usize>().ok()).unwrap_or_default() / 1024
        };
        Ok(Memory { now: megabytes("VmRSS:"), peak: megabytes("VmHWM:") })
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It may have ended already.
        let _killed = self.0.kill();
        let _status = self.0.wait();
    }
}

/// A server in a process of its own.
#[derive(Debug)]
pub(crate) struct ServerProcess {
    process: Process,
    pub(crate) address: SocketAddr,
    log: Arc<LogVolume>,
}

/// The volume of a log.
#[derive(Debug, Default)]
struct LogVolume {
    bytes: AtomicUsize,
    lines: AtomicUsize,
}

impl ServerProcess {
    pub(crate) fn start(blocking_threads: usize) -> io::Result<Self> {
        let (mut process, address) = Process::start(&["serve", &blocking_threads.to_string()], Stdio::piped())?;
        let address = address.parse().map_err(io::Error::other)?;
        let log = Arc::new(LogVolume::default());
        if let Some(stderr) = process.0.stderr.take() {
            let log = Arc::clone(&log);
            thread::spawn(move || count(stderr, &log));
        }
        Ok(Self { process, address, log })
    }

    /// Lines and bytes of the log until now.
    pub(crate) fn log_volume(&self) -> (usize, usize) {
        (self.log.lines.load(Ordering::Relaxed), self.log.bytes.load(Ordering::Relaxed))
    }

    pub(crate) fn memory(&self) -> io::Result<Memory> {
        self.process.memory()
    }

    /// Returns a number of the server's statistics.
    pub(crate) async fn statistic(&self, name: &str) -> io::Result<u64> {
        let response = self.request("GET", "/statistics").await?;
        let statistics: Value = serde_json::from_slice(&response).map_err(io::Error::other)?;
        Ok(statistics[name].as_u64().unwrap_or_default())
    }

    /// Lets calls of `block` finish.
    pub(crate) async fn release(&self) -> io::Result<()> {
        self.request("POST", "/release").await.map(drop)
    }

    async fn request(&self, method: &str, path: &str) -> io::Result<Vec<u8>> {
        let mut connection = Connection::open(self.address).await?;
        Ok(connection.call(&Request::plain(method, path), BodyTiming::WithHead).await?.body)
    }
}

/// The memory of a process, in MB.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Memory {
    pub(crate) now: usize,
    pub(crate) peak: usize,
}

fn count(mut log: ChildStderr, volume: &LogVolume) {
    let mut buffer = vec![0; 1 << 16];
    while let Ok(length @ 1..) = log.read(&mut buffer) {
        volume.bytes.fetch_add(length, Ordering::Relaxed);
        let lines = buffer[..length].iter().filter(|byte| **byte == b'\n').count();
        volume.lines.fetch_add(lines, Ordering::Relaxed);
    }
}
