//! Namespaces.

use coral_tools::serde_json::{Value, json};

use crate::client::{create, delete, get, post};
use crate::socket::listen_to_all;
use crate::{exiting_agent, puppet, request, start};

const NAMESPACES: &str = "/api/v1/local/namespace";

fn in_namespace(name: &str, agent: impl Into<Value>) -> Value {
    let mut request = request(vec![agent.into()]);
    request["namespaceProvider"] = json!({"type": "use_existing", "name": name});
    request
}

fn names(namespaces: &Value) -> Vec<&str> {
    namespaces.as_array().expect("a list").iter().map(|namespace| namespace["name"].as_str().expect("a name")).collect()
}

#[tokio::test]
async fn a_namespace_is_created_once_and_deleted_with_its_sessions() {
    let coral = start().await;
    let new = json!({"name": "n", "deleteOnLastSessionExit": false, "annotations": {"k": "v"}});
    let response = post(&coral, NAMESPACES, &new).await;
    assert_eq!((response.status, response.text.as_str()), (200, ""));
    let response = post(&coral, NAMESPACES, &new).await;
    let message = "A namespace with name \"n\" already exists";
    assert_eq!((response.status, response.message().as_deref()), (400, Some(message)));
    for _session in 0..5 {
        create(&coral, &in_namespace("n", puppet("a"))).await;
    }
    assert_eq!(get(&coral, "/api/v1/local/namespace/n").await.json().as_array().map(Vec::len), Some(5));
    let response = delete(&coral, "/api/v1/local/namespace/n").await;
    assert_eq!((response.status, response.text.as_str()), (200, ""));
    assert_eq!(get(&coral, NAMESPACES).await.json(), json!([]));
    for (response, message) in [
        (get(&coral, "/api/v1/local/namespace/n").await, "Namespace \"n\" does not exist"),
        (get(&coral, "/api/v1/local/namespace/n/extended").await, "Namespace \"n\" does not exist"),
        (delete(&coral, "/api/v1/local/namespace/n").await, "Namespace \"n\" not found"),
        (post(&coral, "/api/v1/local/session", &in_namespace("n", puppet("a"))).await, "Namespace not found"),
    ] {
        assert_eq!((response.status, response.message().as_deref()), (404, Some(message)));
    }
}

#[tokio::test]
async fn a_namespace_ends_with_its_last_session() {
    let coral = start().await;
    let mut ids = Vec::new();
    for _session in 0..10 {
        ids.push(create(&coral, &request(json!([puppet("a")]))).await.1);
    }
    let namespaces = get(&coral, "/api/v1/local/namespace/extended").await.json();
    assert_eq!(namespaces.as_array().map(Vec::len), Some(1));
    let listed = namespaces[0]["sessions"].as_array().expect("sessions").iter();
    assert_eq!(listed.map(|session| session["id"].as_str().expect("an id")).collect::<Vec<_>>(), ids);
    let mut events = listen_to_all(&coral).await;
    for id in &ids {
        assert_eq!(get(&coral, "/api/v1/local/namespace/default").await.status, 200);
        assert_eq!(delete(&coral, &format!("/api/v1/local/session/default/{id}")).await.status, 200);
    }
    events.until("namespace_closed").await;
    assert_eq!(get(&coral, "/api/v1/local/namespace/default").await.status, 404);
}

#[tokio::test]
async fn namespaces_and_sessions_are_listed_in_both_forms() {
    let coral = start().await;
    for name in ["one", "two"] {
        post(&coral, NAMESPACES, &json!({"name": name, "annotations": {"of": name}})).await;
    }
    let (_, id) = create(&coral, &in_namespace("two", puppet("a"))).await;
    let base = get(&coral, NAMESPACES).await.json();
    assert_eq!(names(&base), ["one", "two"]);
    assert_eq!(base[0], json!({"name": "one", "deleteOnLastSessionExit": true, "annotations": {"of": "one"}}));
    let extended = get(&coral, "/api/v1/local/namespace/extended").await.json();
    assert_eq!((&extended[1]["base"], extended[0]["sessions"].as_array()), (&base[1], Some(&Vec::new())));
    assert_eq!(extended[1]["sessions"][0]["id"], json!(id));
    let sessions = get(&coral, "/api/v1/local/namespace/two").await.json();
    let extended = get(&coral, "/api/v1/local/namespace/two/extended").await.json();
    assert_eq!(sessions[0], extended[0]["base"]);
    assert_eq!((extended[0]["agents"].as_array().map(Vec::len), &extended[0]["threads"]), (Some(1), &json!([])));
}

#[tokio::test]
async fn a_namespace_ends_with_its_last_session_only_if_requested() {
    let coral = start().await;
    for (name, deletes) in [("goes with it", true), ("stays & waits/here", false)] {
        let mut request = request(json!([exiting_agent()]));
        request["namespaceProvider"] = json!({
            "type": "create_if_not_exists",
            "namespaceRequest": {"name": name, "deleteOnLastSessionExit": deletes},
        });
        let mut events = listen_to_all(&coral).await;
        assert_eq!(create(&coral, &request).await.0, name);
        events.until(if deletes { "namespace_closed" } else { "session_closed" }).await;
    }
    let path = "/api/v1/local/namespace/stays%20%26%20waits%2Fhere";
    assert_eq!(get(&coral, "/api/v1/local/namespace/goes%20with%20it").await.status, 404);
    // The event precedes the removal of the session.
    let response = get(&coral, path).await;
    assert_eq!(response.status, 200, "{response:?}");
}

#[tokio::test]
async fn an_existing_namespace_is_not_changed() {
    let coral = start().await;
    post(&coral, NAMESPACES, &json!({"name": "default", "annotations": {"first": "yes"}})).await;
    let mut second = request(json!([puppet("a")]));
    second["namespaceProvider"]["namespaceRequest"] =
        json!({"name": "default", "deleteOnLastSessionExit": false, "annotations": {"second": "yes"}});
    create(&coral, &second).await;
    let expected = json!([{"name": "default", "deleteOnLastSessionExit": true, "annotations": {"first": "yes"}}]);
    assert_eq!(get(&coral, NAMESPACES).await.json(), expected);
}

#[tokio::test]
async fn a_namespace_with_a_deferred_session_is_not_deleted() {
    let coral = start().await;
    let mut deferred = request(json!([puppet("a")]));
    deferred["execution"] = json!({"mode": "defer"});
    let (_, id) = create(&coral, &deferred).await;
    assert_eq!(delete(&coral, "/api/v1/local/namespace/default").await.status, 500);
    assert_eq!(get(&coral, &format!("/api/v1/local/session/default/{id}")).await.status, 200);
}

/// Measured: the session stays `closing`, and the namespace exists, until the server is restarted.
#[tokio::test]
async fn a_half_deleted_namespace_keeps_its_sessions() {
    let coral = start().await;
    let mut events = listen_to_all(&coral).await;
    let mut deferred = request(json!([puppet("a")]));
    deferred["execution"] = json!({"mode": "defer"});
    let (_, id) = create(&coral, &deferred).await;
    let session = format!("/api/v1/local/session/default/{id}");
    assert_eq!(delete(&coral, "/api/v1/local/namespace/default").await.status, 500);
    assert_eq!(post(&coral, &session, &json!({})).await.status, 200);
    assert_eq!(delete(&coral, &session).await.status, 200);
    events.until("session_closed").await;
    let response = get(&coral, &session).await;
    assert_eq!((response.status, &response.json()["status"]["type"]), (200, &json!("closing")));
    assert_eq!(names(&get(&coral, NAMESPACES).await.json()), ["default"]);
}
