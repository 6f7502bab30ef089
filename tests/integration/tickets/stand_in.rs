//! Deferred results on the fake server.

use std::time::Duration;

use coral_stand_in::coral::{AgentType, CoralStandIn, ScriptedAgent};
use coral_tools::serde_json::Value;
use coral_tools::{Agent, Coral, Runtime, SessionRequest, WebhookConfig};
use serde_json::json;
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep, timeout};

use super::{App, ask, deferred_tools};

/// Asks a question, and then for the result until there is one. Sends each value that it reads.
async fn ask_until_there_is_a_result(agent: ScriptedAgent, read: mpsc::UnboundedSender<Value>) {
    let question = json!({ "question": "Red or blue?" }).to_string();
    let mut view = agent.call_tool("ask", question.as_str()).await;
    loop {
        let json: Value = serde_json::from_str(&view.text).expect("JSON");
        let _sent = read.send(json.clone());
        let Some(id) = json["ticket"]["id"].as_str() else { return };
        view = agent.call_tool("ask_result", json!({ "ticket": id }).to_string().as_str()).await;
    }
}

/// Runs a session whose agent asks a question. The application answers after `answer` has returned. Returns what the agent read.
async fn run(
    limit: Duration,
    config: impl FnOnce(WebhookConfig) -> WebhookConfig,
    answer: impl AsyncFnOnce(&mut mpsc::UnboundedReceiver<Value>),
) -> Value {
    let (sender, mut read) = mpsc::unbounded_channel();
    let script = move |agent| ask_until_there_is_a_result(agent, sender.clone());
    let stand_in = CoralStandIn::builder().call_timeout(limit).agent(AgentType::local("asker", "1.0.0"), script);
    let stand_in = stand_in.start().await.expect("a stand-in");
    let tools = deferred_tools();
    tools.remove("review");
    let webhooks =
        tools.webhooks(config(WebhookConfig::new(stand_in.custom_tool_secret().clone()))).with_state(App::open());
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    tokio::spawn(async move { axum::serve(listener, webhooks).await });
    let agent = Agent::local("asker", "1.0.0", Runtime::Executable).can_call::<ask>();
    let request = SessionRequest::in_namespace("n").agent(agent).tools(&tools, url.as_str());
    let session = Coral::server(stand_in.url(), stand_in.key()).create_session(&request).await.expect("a session");
    answer(&mut read).await;
    let open = tools.tickets().list(Some(session.id())).await.expect("a list");
    tools.tickets().complete::<ask>(&open[0].id, &"blue").await.expect("completed");
    loop {
        let json = read.recv().await.expect("the agent reads");
        if json.get("ticket").is_none() {
            return json;
        }
    }
}

#[tokio::test]
async fn an_agent_receives_a_result_after_several_calls() {
    let answered = run(
        Duration::from_secs(5),
        |config| config.timeout(Duration::from_millis(400)),
        async |read| {
            for _ in 0..3 {
                let json = read.recv().await.expect("the agent reads");
                assert_eq!(json["ticket"]["status"], "input_required", "{json}");
            }
        },
    );
    let result = timeout(Duration::from_secs(60), answered).await.expect("in time");
    assert_eq!(result, json!({ "result": "blue" }));
}

/// With the time that Coral waits. `scripts/release-check` runs it.
#[tokio::test]
#[ignore = "takes 40 s"]
async fn an_agent_receives_an_answer_after_40_seconds() {
    let began = Instant::now();
    let result = run(Duration::from_secs(15), |config| config, async |_| sleep(Duration::from_secs(40)).await).await;
    assert_eq!(result, json!({ "result": "blue" }));
    println!("the agent had the answer after {:.2} s", began.elapsed().as_secs_f64());
}
