//! The programs of agents: their lines in the log, worded as by coral-server 1.2.0, and programs that ignore SIGTERM.

use std::sync::Arc;

use coral_stand_in::coral::{AgentOption, AgentType, CoralStandIn, ScriptedAgent};
use coral_tools::registry::ScalarType;
use coral_tools::serde_json::{Value, json};
use tokio::sync::Semaphore;
use tokio::time::timeout;

use crate::client::{TIMEOUT, create, delete, get_until};
use crate::logs::{line, lines_until};
use crate::socket::listen_to_all;
use crate::{debug_agent, puppet, request};

const SESSION: &str = "/api/v1/local/session";

/// A request for one agent of the type `writer` with this runtime.
fn writer(runtime: &str, options: &Value) -> Value {
    let mut agent = debug_agent("writer", options.clone());
    agent["provider"]["runtime"] = json!(runtime);
    request(json!([agent]))
}

/// Runs the agent of a request to its end. Returns the lines of the agent.
async fn lines_of_run<F>(
    agent_type: impl Into<AgentType>,
    request: &Value,
    script: impl Fn(ScriptedAgent) -> F + Send + Sync + 'static,
) -> Vec<(String, String)>
where
    F: Future<Output = ()> + Send + 'static,
{
    let builder = CoralStandIn::builder().allow_script_panics();
    let coral = builder.agent(agent_type, script).start().await.expect("started");
    let (_, id) = create(&coral, request).await;
    lines_until(&coral, &format!("sessionFilter={id}&agentFilter=writer"), "Agent writer runtime exited").await
}

#[tokio::test]
async fn an_executable_is_logged_with_its_options_and_exit_code() {
    let writer_type = AgentType::local("writer", "1.0.0")
        .option("TITLE", AgentOption::text().default("Q4"))
        .option("PIN", AgentOption::text().secret())
        .option("DATA", AgentOption::of(ScalarType::Blob))
        .option("FAST", AgentOption::of(ScalarType::Bool))
        .option("RATIO", AgentOption::of(ScalarType::F64))
        .option("SIZES", AgentOption::list_of(ScalarType::U8));
    let options = json!({
        "PIN": {"type": "string", "value": "1234"},
        "DATA": {"type": "blob", "value": "AAEC"},
        "FAST": {"type": "bool", "value": true},
        "RATIO": {"type": "f64", "value": 1e10},
        "SIZES": {"type": "list[u8]", "value": [1, 2]},
    });
    let lines = lines_of_run(writer_type, &writer("executable", &options), |agent| async move {
        agent.print("working");
        agent.set_exit_code(3);
    })
    .await;
    assert_eq!(lines[0], line("info", "Executing \"writer\""));
    let mut settings: Vec<&str> = lines[1..7].iter().map(|(_, text)| text.as_str()).collect();
    settings.sort_unstable();
    assert_eq!(
        settings,
        [
            "Setting option \"DATA\" = \"3b blob\" for agent DATA",
            "Setting option \"FAST\" = \"1\" for agent FAST",
            "Setting option \"PIN\" = \"****\" for agent PIN",
            "Setting option \"RATIO\" = \"1.0E10\" for agent RATIO",
            "Setting option \"SIZES\" = \"1,2\" for agent SIZES",
            "Setting option \"TITLE\" = \"Q4\" for agent TITLE",
        ]
    );
    assert_eq!(
        lines[7..],
        [
            line("info", "sse connection established"),
            line("info", "working"),
            line("warning", "exited with code 3"),
            line("info", "Agent writer runtime exited"),
        ]
    );
}

#[tokio::test]
async fn the_path_and_the_arguments_of_an_executable_are_logged() {
    let mut writer_type = crate::agent_type("writer", json!({}));
    writer_type["registryAgent"]["runtimes"] = json!({"executable": {"path": "/a/run.sh", "arguments": ["-v", "x"]}});
    let lines = lines_of_run(writer_type, &writer("executable", &json!({})), |_agent| async {}).await;
    assert_eq!(lines[0], line("info", "Executing \"/a/run.sh\" with arguments: \"-v x\""));
    assert!(lines.contains(&line("info", "exited with code 0")), "{lines:?}");
}

#[tokio::test]
async fn a_container_is_logged_with_its_id() {
    let writer_type = AgentType::local("writer", "1.0.0").option("TITLE", AgentOption::text().default("Q4"));
    let lines = lines_of_run(writer_type, &writer("docker", &json!({})), |_agent| async {}).await;
    assert_eq!(lines[0], line("info", "Setting option \"TITLE\" = \"Q4\" for agent TITLE"));
    let id = lines[1].1.strip_prefix("container ").and_then(|rest| rest.strip_suffix(" created")).expect("an id");
    assert!(id.len() == 64 && id.bytes().all(|byte| byte.is_ascii_hexdigit()), "{id}");
    assert_eq!(
        lines[3..],
        [
            line("info", format!("container {id} exited with code 0")),
            line("info", format!("container {id} removed")),
            line("info", "Agent writer runtime exited"),
        ]
    );
}

#[tokio::test]
async fn a_function_has_no_program() {
    let writer_type = AgentType::local("writer", "1.0.0").option("TITLE", AgentOption::text().default("Q4"));
    let lines = lines_of_run(writer_type, &writer("function", &json!({})), |_agent| async {}).await;
    assert_eq!(lines, [line("info", "sse connection established"), line("info", "Agent writer runtime exited")]);
}

#[tokio::test]
async fn the_program_of_a_script_that_panics_exits_with_code_1() {
    let writer_type = AgentType::local("writer", "1.0.0");
    let lines = lines_of_run(writer_type, &writer("executable", &json!({})), |_agent| async { panic!("oh") }).await;
    assert!(lines.contains(&line("warning", "exited with code 1")), "{lines:?}");
}

#[tokio::test]
async fn a_cancelled_program_has_no_exit_code() {
    let writer_type = AgentType::local("writer", "1.0.0");
    let coral = CoralStandIn::builder().agent(writer_type, |_agent| std::future::pending());
    let coral = coral.start().await.expect("started");
    let (_, id) = create(&coral, &writer("executable", &json!({}))).await;
    assert_eq!(delete(&coral, &format!("{SESSION}/default/{id}")).await.status, 200);
    let query = format!("sessionFilter={id}&agentFilter=writer");
    let lines = lines_until(&coral, &query, "Agent writer runtime exited").await;
    assert!(lines.contains(&line("info", "Agent writer cancelled")), "{lines:?}");
    assert!(!lines.iter().any(|(_, text)| text.starts_with("exited")), "{lines:?}");
}

/// A session of the agents `first`, `stubborn` and `last`, of which the second ignores SIGTERM.
struct StubbornSession {
    coral: Arc<CoralStandIn>,
    path: String,
    /// A permit ends the script of `stubborn`.
    permits: Arc<Semaphore>,
}

impl StubbornSession {
    async fn start(runtime: &str) -> Self {
        let permits = Arc::new(Semaphore::new(0));
        let permits_of_script = permits.clone();
        let script = move |_agent| {
            let permits = permits_of_script.clone();
            async move { permits.acquire().await.expect("never closed").forget() }
        };
        let agent_type = AgentType::local("stubborn", "1.0.0").ignore_sigterm();
        let coral = CoralStandIn::builder().agent(agent_type, script).start().await.expect("started");
        let mut stubborn = debug_agent("stubborn", json!({}));
        stubborn["provider"]["runtime"] = json!(runtime);
        let (_, id) = create(&coral, &request(json!([puppet("first"), stubborn, puppet("last")]))).await;
        Self { coral: Arc::new(coral), path: format!("{SESSION}/default/{id}"), permits }
    }

    /// Starts to close the session.
    fn close(&self) -> tokio::task::JoinHandle<u16> {
        let (coral, path) = (self.coral.clone(), self.path.clone());
        tokio::spawn(async move { delete(&coral, &path).await.status })
    }

    /// The status of each agent, once the first one has stopped.
    async fn statuses_after_first(&self) -> Vec<String> {
        let extended = format!("{}/extended", self.path);
        let state = get_until(&self.coral, &extended, |state| state["agents"][0]["status"]["type"] == "stopped").await;
        let agents = state["agents"].as_array().expect("agents").iter();
        agents.map(|agent| agent["status"]["type"].as_str().expect("a type").to_owned()).collect()
    }
}

/// The server stops agents one after another, and responds when the last one has stopped.
#[tokio::test]
async fn a_program_that_ignores_sigterm_delays_closing() {
    let session = StubbornSession::start("executable").await;
    let closing = session.close();
    assert_eq!(session.statuses_after_first().await, ["stopped", "running", "running"]);
    assert!(!closing.is_finished());
    session.permits.add_permits(1);
    assert_eq!(timeout(TIMEOUT, closing).await.expect("no timeout").expect("no panic"), 200);
}

#[tokio::test]
async fn closing_continues_when_the_client_has_gone() {
    let session = StubbornSession::start("executable").await;
    let mut events = listen_to_all(&session.coral).await;
    let closing = session.close();
    session.statuses_after_first().await;
    closing.abort();
    assert!(closing.await.is_err());
    session.permits.add_permits(1);
    events.until("session_closed").await;
}

#[tokio::test]
async fn a_container_does_not_receive_sigterm() {
    let session = StubbornSession::start("docker").await;
    let closing = session.close();
    assert_eq!(timeout(TIMEOUT, closing).await.expect("no timeout").expect("no panic"), 200);
}
