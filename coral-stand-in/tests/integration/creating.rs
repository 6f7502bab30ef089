//! Creating sessions, and the errors of invalid requests.

use coral_stand_in::coral::EmulatedVersion;
use coral_tools::serde_json::{Value, json};

use crate::client::{Response, get, post, send};
use crate::{debug_agent, exiting_agent, named, puppet, request, start, start_version};

#[track_caller]
fn assert_rejected(response: &Response, status: u16, message: &str) {
    assert_eq!((response.status, response.message().as_deref()), (status, Some(message)), "{response:?}");
}

#[tokio::test]
async fn a_created_session_is_returned_as_indented_json() {
    let coral = start().await;
    let response = post(&coral, "/api/v1/local/session", &request(json!([puppet("a")]))).await;
    let id = response.json()["sessionId"].as_str().expect("an id").to_owned();
    assert_eq!(response.text, format!("{{\n    \"namespace\": \"default\",\n    \"sessionId\": \"{id}\"\n}}"));
    assert_eq!(response.header("content-type"), Some("application/json"));
    let state = get(&coral, &format!("/api/v1/local/session/default/{id}")).await.json();
    assert_eq!((&state["id"], &state["status"]["type"]), (&json!(id), &json!("executed")));
}

#[tokio::test]
async fn an_invalid_graph_is_rejected_with_the_message_of_the_server() {
    let coral = start().await;
    let with = |key: &str, value: Value| {
        let mut agent = puppet("a");
        agent[key] = value;
        request(json!([agent]))
    };
    let mut grouped = request(json!([puppet("a")]));
    grouped["agentGraphRequest"]["groups"] = json!([["a", "b"], ["c"]]);
    let remote = json!({
        "type": "remote_request",
        "runtime": "docker",
        "maxCost": {"type": "usd", "amount": 1},
        "serverSource": {"type": "servers", "servers": []},
    });
    for (request, message) in [
        (request(json!([puppet("x"), puppet("y"), puppet("x")])), "Agent graph contains duplicate agent names: {x=2}"),
        (grouped, "Agent graph groups contain missing agents: [b, c]"),
        (with("customToolAccess", json!(["t", "u"])), "Agent a contains custom tools that were not provided : [t, u]"),
        (
            with("id", json!({"name": "puppet", "version": "1.0.0", "registrySourceId": {"type": "marketplace"}})),
            "No registry sources for 'marketplace' found",
        ),
        (
            with("id", json!({"name": "puppet", "version": "2.0.0", "registrySourceId": {"type": "local"}})),
            "Agent 'puppet' not found in any of the 1 registry sources matching 'local'",
        ),
        (
            with("options", json!({"A": {"type": "bool", "value": true}, "B": {"type": "bool", "value": true}})),
            "Agent local/puppet:1.0.0 contains unknown options: A, B",
        ),
        (
            request(json!([debug_agent("seed", json!({"START_DELAY": {"type": "i32", "value": 1}}))])),
            "Agent local/seed:1.0.0 contains wrong types for options: START_DELAY",
        ),
        (
            request(json!([debug_agent("seed", json!({"SEED_THREAD_COUNT": {"type": "u32", "value": 0}}))])),
            "Value given for option \"SEED_THREAD_COUNT\" is invalid: Value 0 is less than the minimum value 1",
        ),
        (
            request(json!([debug_agent("tool", json!({}))])),
            "Agent local/tool:1.0.0 is missing required options: TOOL_NAME",
        ),
        (with("provider", remote), "Payment services are disabled"),
    ] {
        assert_rejected(&post(&coral, "/api/v1/local/session", &request).await, 500, message);
    }
    let mut linked = request(json!([puppet("a")]));
    linked["agentGraphRequest"]["agents"][0] = json!({
        "id": {"name": "natural-tone-agent", "version": "1.1.0", "registrySourceId": {"type": "local"}},
        "name": "a",
        "provider": {"type": "linked", "linkedServerName": "berlin", "runtime": "docker"},
    });
    let message = "Agent local/natural-tone-agent:1.1.0 may only be run on the local server";
    assert_rejected(&post(&coral, "/api/v1/local/session", &linked).await, 500, message);
}

#[tokio::test]
async fn checks_run_in_the_order_of_the_server() {
    let coral = start().await;
    let mut request = request(json!([puppet("x"), puppet("x")]));
    request["agentGraphRequest"]["groups"] = json!([["unknown"]]);
    request["agentGraphRequest"]["agents"][0]["customToolAccess"] = json!(["nothing"]);
    request["agentGraphRequest"]["agents"][0]["id"]["version"] = json!("9");
    request["namespaceProvider"] = json!({"type": "use_existing", "name": "nowhere"});
    let mut messages = Vec::new();
    let path = "/api/v1/local/session";
    messages.push(post(&coral, path, &request).await);
    request["agentGraphRequest"]["agents"][1]["name"] = json!("y");
    messages.push(post(&coral, path, &request).await);
    request["agentGraphRequest"]["groups"] = json!([]);
    messages.push(post(&coral, path, &request).await);
    request["agentGraphRequest"]["agents"][0]["customToolAccess"] = json!([]);
    messages.push(post(&coral, path, &request).await);
    request["agentGraphRequest"]["agents"][0]["id"]["version"] = json!("1.0.0");
    messages.push(post(&coral, path, &request).await);
    let found: Vec<(u16, String)> =
        messages.into_iter().map(|response| (response.status, response.message().expect("a message"))).collect();
    let expected = [
        (500, "Agent graph contains duplicate agent names: {x=2}"),
        (500, "Agent graph groups contain missing agents: [unknown]"),
        (500, "Agent x contains custom tools that were not provided : [nothing]"),
        (500, "Agent 'puppet' not found in any of the 1 registry sources matching 'local'"),
        (404, "Namespace not found"),
    ];
    assert_eq!(found, expected.map(|(status, message)| (status, message.to_owned())));
}

#[tokio::test]
async fn bodies_need_a_json_content_type() {
    let coral = start().await;
    let class = "org.coralprotocol.coralserver.session.SessionRequest";
    let body = request(json!([exiting_agent()])).to_string();
    for headers in [&[][..], &[("Content-Type", "text/plain")]] {
        let response = send(&coral, "POST", "/api/v1/local/session", headers, Some(&body)).await;
        assert_rejected(&response, 500, &format!("Cannot transform this request's content to {class}"));
    }
    let json = [("Content-Type", "application/json; charset=UTF-8")];
    let response = send(&coral, "POST", "/api/v1/local/session", &json, Some(&body)).await;
    assert_eq!(response.status, 200, "{response:?}");
    for body in ["{", "null", "[]", "\"x\"", "{\"agentGraphRequest\": {}"] {
        let response = send(&coral, "POST", "/api/v1/local/session", &json, Some(body)).await;
        assert_rejected(&response, 500, &format!("Failed to convert request body to class {class}"));
    }
}

#[tokio::test]
async fn an_empty_body_or_a_missing_content_type_gets_the_response_of_the_version() {
    let body = request(json!([exiting_agent()])).to_string();
    let json = [("Content-Type", "application/json")];
    let class = "org.coralprotocol.coralserver.session.SessionRequest";
    let error = format!("Cannot transform this request's content to {class}");
    for (version, status, message) in
        [(EmulatedVersion::Server1_2, 500, Some(error)), (EmulatedVersion::Server1_1, 415, None)]
    {
        let coral = start_version(version).await;
        for (headers, body) in [(&json[..], ""), (&[], body.as_str())] {
            let response = send(&coral, "POST", "/api/v1/local/session", headers, Some(body)).await;
            assert_eq!((response.status, response.message()), (status, message.clone()), "{version}");
            assert_eq!(response.text.is_empty(), message.is_none(), "{version}");
        }
    }
}

#[tokio::test]
async fn bodies_are_limited_in_depth_but_not_in_size() {
    let coral = start().await;
    let json = [("Content-Type", "application/json")];
    let mut large = request(json!([exiting_agent()]));
    large["annotations"] = json!({"k": "x".repeat(17 << 20)});
    let response = send(&coral, "POST", "/api/v1/local/session", &json, Some(&large.to_string())).await;
    assert_eq!(response.status, 200);
    let deep = "[".repeat(10_000);
    let response = send(&coral, "POST", "/api/v1/local/session", &json, Some(&deep)).await;
    assert_eq!(response.status, 500);
}

#[tokio::test]
async fn clients_that_do_not_accept_json_get_a_406() {
    let coral = start().await;
    for (accept, status) in
        [("text/html", 406), ("text/html, */*;q=0.1", 200), ("application/json", 200), ("application/*", 200)]
    {
        let response = send(&coral, "GET", "/api/v1/registry", &[("Accept", accept)], None).await;
        assert_eq!(response.status, status, "{accept}");
    }
}

#[tokio::test]
async fn agents_of_the_same_type_have_different_names() {
    let coral = start().await;
    let response = post(
        &coral,
        "/api/v1/local/session",
        &request(json!([named(exiting_agent(), "a"), named(exiting_agent(), "b")])),
    )
    .await;
    assert_eq!(response.status, 200, "{response:?}");
}
