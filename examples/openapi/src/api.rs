//! The API: a real program sends HTTP requests.

use serde_json::{Map, Value, json};

/// A client of the API.
#[derive(Debug, Clone)]
pub(crate) struct Api;

impl Api {
    pub(crate) async fn send(&self, method: &str, path: &str, query: &Map<String, Value>) -> Result<Value, String> {
        let pets = [json!({"id": "1", "kind": "cat", "name": "Mia"}), json!({"id": "2", "kind": "dog", "name": "Bo"})];
        match (method, path) {
            ("GET", "/pets") => {
                let is_listed = |pet: &Value| query.get("kind").is_none_or(|kind| pet["kind"] == *kind);
                Ok(pets.into_iter().filter(is_listed).collect())
            }
            ("GET", path) => {
                let id = path.strip_prefix("/pets/").unwrap_or_default();
                pets.into_iter().find(|pet| pet["id"] == id).ok_or_else(|| format!("there is no pet at {path}"))
            }
            ("DELETE", path) => Ok(json!({ "deleted": path })),
            _ => Err("405".to_owned()),
        }
    }
}
