//! The program as it is deployed: it is killed and started again, and ends on SIGTERM.
#![cfg(unix)]

use std::future::pending;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::Duration;

use coral_stand_in::coral::{AgentOption, AgentType, CoralStandIn};
use coral_tools::{Coral, Secret};
use serde_json::json;
use tokio::time::{sleep, timeout};

/// Longer than any of these tests takes.
const LONG: Duration = Duration::from_secs(60);

/// A server whose agents never submit a prediction.
async fn start_server() -> CoralStandIn {
    let interface = AgentType::local("interface", "1.0.0").option("TASK", AgentOption::text());
    let mut builder = CoralStandIn::builder().custom_tool_secret(Secret::new("secret")).agent(interface, |_| pending());
    for idle in ["predict", "firecrawl"] {
        builder = builder.agent(AgentType::local(idle, "1.0.0"), |_| pending());
    }
    builder.start().await.expect("a server")
}

/// The program. It is killed when it is dropped.
struct Program {
    child: Child,
    url: String,
}

impl Program {
    /// Starts the program, and waits until it listens.
    async fn start(server: &CoralStandIn, instance: &str) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_gateway"));
        command
            .env("CORAL_CLOUD_API_URL", server.url())
            .env("CORAL_API_KEY", server.key())
            .env("CORAL_CUSTOM_TOOL_SECRET", "secret")
            .env("PUBLIC_URL", "http://127.0.0.1:3000")
            .env("PREDICTORS", "predict")
            .env("INSTANCE", instance)
            .env("LISTEN", "127.0.0.1:0")
            .env("RUST_LOG", "info")
            .env("NO_COLOR", "1")
            .stdout(Stdio::piped());
        let start = move || {
            let mut child = command.spawn().expect("the program starts");
            let mut lines = BufReader::new(child.stdout.take().expect("a pipe")).lines().map_while(Result::ok);
            let address = lines.find_map(|line| Some(line.split_once("listening address=")?.1.to_owned()));
            // Reads the rest of the log, so that the program can write it.
            std::thread::spawn(move || lines.for_each(drop));
            Self { child, url: format!("http://{}", address.expect("it listens")) }
        };
        tokio::task::spawn_blocking(start).await.expect("no panic")
    }

    /// Asks for a prediction, and returns the status of the response.
    async fn ask(&self) -> Result<u16, reqwest::Error> {
        let question = json!({"title": "Weather", "markets": ["rain"]});
        let request = reqwest::Client::new().post(format!("{}/predict/benchmark", self.url)).json(&question);
        Ok(request.send().await?.status().as_u16())
    }

    fn send_signal(&self, signal: &str) {
        let arguments = [format!("-{signal}"), self.child.id().to_string()];
        assert!(Command::new("kill").args(arguments).status().expect("`kill` runs").success());
    }

    async fn wait(mut self) -> ExitStatus {
        tokio::task::spawn_blocking(move || self.child.wait().expect("the end")).await.expect("no panic")
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // Fails if it has ended.
        let _result = self.child.kill();
        let _result = self.child.wait();
    }
}

/// Returns the number of sessions that run.
async fn running(server: &CoralStandIn) -> usize {
    match Coral::server(server.url(), server.key()).sessions_in("predictions").await {
        Ok(sessions) => sessions.iter().filter(|session| !session.is_closing()).count(),
        Err(error) if error.is_not_found() => 0,
        Err(error) => panic!("{error}"),
    }
}

async fn wait_until_running(server: &CoralStandIn, count: usize) {
    let reached = async {
        while running(server).await != count {
            sleep(Duration::from_millis(20)).await;
        }
    };
    timeout(LONG, reached).await.expect("the number of sessions");
}

#[tokio::test(flavor = "multi_thread")]
async fn sessions_of_a_killed_process_are_closed_at_its_next_start() {
    let server = start_server().await;
    let killed = Program::start(&server, "gateway-1").await;
    let (response, ()) = tokio::join!(killed.ask(), async {
        wait_until_running(&server, 1).await;
        killed.send_signal("KILL");
    });
    response.expect_err("the connection breaks");

    let other = Program::start(&server, "gateway-2").await;
    let (response, ()) = tokio::join!(other.ask(), async {
        wait_until_running(&server, 2).await;
        let _restarted = Program::start(&server, "gateway-1").await;
        assert_eq!(running(&server).await, 1);
        other.send_signal("TERM");
    });
    assert_eq!(response.expect("a response"), 503, "the session of the other instance ran until its shutdown");
    assert!(other.wait().await.success());
    assert_eq!(running(&server).await, 0);
}
