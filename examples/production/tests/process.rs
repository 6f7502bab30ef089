//! The program as it is deployed: its configuration, log, routes and its end on SIGTERM.
#![cfg(unix)]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, ChildStdout, Command, ExitStatus, Stdio};

use coral_tools::Secret;
use coral_tools::testing::CoralCaller;
use serde_json::{Value, json};

/// The program with one tenant. It is killed if a test ends early.
struct Program {
    child: Child,
    log: BufReader<ChildStdout>,
    webhooks: String,
    operations: String,
}

impl Program {
    fn start() -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_production"))
            .env("TENANTS", "acme")
            .env("CORAL_CUSTOM_TOOL_SECRET_ACME", "secret")
            .env("WEBHOOK_ADDRESS", "127.0.0.1:0")
            .env("OPERATIONS_ADDRESS", "127.0.0.1:0")
            .env("DRAIN_SECONDS", "0")
            .env("RUST_LOG", "info")
            .stdout(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let mut log = BufReader::new(child.stdout.take().expect("a pipe"));
        let listening = next_event(&mut log);
        let address = |name: &str| listening[name].as_str().expect("an address").to_owned();
        Self { webhooks: address("webhooks"), operations: address("operations"), child, log }
    }

    fn get(&self, path: &str) -> String {
        let mut connection = TcpStream::connect(&self.operations).expect("a connection");
        write!(connection, "GET {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n").expect("written");
        let mut response = String::new();
        connection.read_to_string(&mut response).expect("a response");
        response
    }

    /// Sends SIGTERM, and returns the status and the messages that were logged since.
    fn terminate(mut self) -> (ExitStatus, Vec<Value>) {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &pid]).status().expect("`kill` runs").success());
        let mut log = String::new();
        self.log.read_to_string(&mut log).expect("the log");
        let messages = log.lines().map(|line| parse(line)["message"].take()).collect();
        (self.child.wait().expect("the end"), messages)
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // Fails if it has ended.
        let _result = self.child.kill();
    }
}

fn next_event(log: &mut BufReader<ChildStdout>) -> Value {
    let mut line = String::new();
    log.read_line(&mut line).expect("a line");
    parse(&line)
}

fn parse(line: &str) -> Value {
    serde_json::from_str(line).expect("each line of the log is JSON")
}

#[tokio::test]
async fn the_program_serves_tools_and_ends_on_sigterm() {
    let mut program = Program::start();
    assert!(program.get("/ready").starts_with("HTTP/1.1 200 "));

    let url = format!("http://{}/acme/coral/submit_report", program.webhooks);
    let report = json!({"title": "Q4", "content": "# Done"});
    let call = async |secret| CoralCaller::new(Secret::new(secret)).call(&url, report.clone()).await.expect("a call");
    assert_eq!(call("secret").await.status(), Some(200));
    assert_eq!(call("another secret").await.status(), Some(401));
    assert_eq!(next_event(&mut program.log)["message"], "tool call ended");
    assert_eq!(next_event(&mut program.log)["level"], "WARN", "the rejection");

    let metrics = program.get("/metrics");
    for status in ["200", "401"] {
        let line = format!(r#"webhook_requests_total{{tenant="acme",status="{status}"}} 1"#);
        assert!(metrics.contains(&line), "{metrics}");
    }

    let (status, messages) = program.terminate();
    assert!(status.success(), "{status}");
    assert_eq!(messages, ["shutting down", "all calls have ended"]);
}

#[test]
fn the_program_does_not_start_without_a_secret() {
    let output = Command::new(env!("CARGO_BIN_EXE_production"))
        .env("TENANTS", "acme")
        .env_remove("CORAL_CUSTOM_TOOL_SECRET_ACME")
        .output()
        .expect("the program runs");
    assert!(!output.status.success());
    let event = parse(&String::from_utf8_lossy(&output.stdout));
    assert_eq!(event["level"], "ERROR");
    let error = event["error"].as_str().expect("a message");
    assert!(error.contains("CORAL_CUSTOM_TOOL_SECRET_ACME is not set"), "{error}");
}
