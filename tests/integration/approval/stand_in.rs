//! Approval on the fake server.

use coral_stand_in::coral::{AgentType, CoralStandIn, ScriptedAgent};
use coral_tools::{Agent, Coral, Runtime, SessionRequest, WebhookConfig};
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use tokio::time::timeout;

use super::*;

/// Asks for a refund, and then for the result until there is one. Sends each value that it reads.
async fn refund_until_there_is_a_result(agent: ScriptedAgent, read: mpsc::UnboundedSender<Value>) {
    let mut view = agent.call_tool("refund", json!({ "euros": 80 }).to_string().as_str()).await;
    loop {
        let json: Value = serde_json::from_str(&view.text).expect("JSON");
        let _sent = read.send(json.clone());
        let Some(id) = json["ticket"]["id"].as_str() else { return };
        view = agent.call_tool("refund_result", json!({ "ticket": id }).to_string().as_str()).await;
    }
}

#[tokio::test]
async fn an_agent_reads_the_result_of_an_approved_call() {
    let (sender, mut read) = mpsc::unbounded_channel();
    let script = move |agent| refund_until_there_is_a_result(agent, sender.clone());
    let stand_in = CoralStandIn::builder().agent(AgentType::local("clerk", "1.0.0"), script);
    let stand_in = stand_in.start().await.expect("a stand-in");
    let (tools, app) = (tools(), App::default());
    let config = WebhookConfig::new(stand_in.custom_tool_secret().clone()).timeout(Duration::from_millis(400));
    let webhooks = tools.webhooks(config).with_state(app.clone());
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    tokio::spawn(async move { axum::serve(listener, webhooks).await });
    let agent = Agent::local("clerk", "1.0.0", Runtime::Executable).can_call::<refund>();
    let request = SessionRequest::in_namespace("n").agent(agent).tools(&tools, url.as_str());
    let session = Coral::server(stand_in.url(), stand_in.key()).create_session(&request).await.expect("a session");
    let asked = async {
        for _ in 0..2 {
            let json = read.recv().await.expect("the agent reads");
            assert_eq!(json["ticket"]["status"], "input_required", "{json}");
        }
        let pending = tools.approvals().list_of::<refund>(Some(session.id())).await.expect("a list");
        assert_eq!(pending[0].1.euros, 80);
        tools.approvals().approve(&pending[0].0.id, app.clone()).await.expect("approved");
        loop {
            let json = read.recv().await.expect("the agent reads");
            if json.get("ticket").is_none() {
                return json;
            }
        }
    };
    let result = timeout(Duration::from_secs(60), asked).await.expect("in time");
    assert_eq!((result, app.refunds()), (json!({ "result": 80 }), vec![80]));
}
