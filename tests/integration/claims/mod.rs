//! Claims in the URLs of tools: which user a call belongs to.

mod harness;
mod rejections;
mod requests;
mod sessions;

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use coral_tools::serde::{Deserialize, Serialize};
use coral_tools::{
    Agent, Bound, ClaimKey, ClaimKeys, Dialect, FromRef, Runtime, SessionRequest, ToolError, Toolset, coral_tool,
    toolset,
};

/// The public URL of the webhooks. A proxy removes `/api`.
const URL: &str = "https://your-app.example/api/coral";
const NOW: u64 = 1_800_000_000;

#[derive(Serialize, Deserialize)]
struct UserId(u64);

#[derive(Clone)]
struct App {
    keys: ClaimKeys,
}

impl FromRef<App> for ClaimKeys {
    fn from_ref(app: &App) -> Self {
        app.keys.clone()
    }
}

/// Returns the user.
#[coral_tool]
fn current_user(#[context] user: Bound<UserId>) -> u64 {
    user.0.0
}

/// Deletes the account of the user.
#[coral_tool]
fn delete_account(#[context] _user: Bound<UserId>) {}

/// Responds as to a call from an unknown session.
#[coral_tool]
fn unknown_session() -> Result<(), ToolError> {
    Err(ToolError::unknown_session())
}

fn tools() -> Toolset<App> {
    toolset![current_user, delete_account, unknown_session]
}

/// A key that depends on its id.
fn key(id: &str) -> ClaimKey {
    ClaimKey::new(id, id.repeat(32)).expect("a key")
}

fn keys() -> ClaimKeys {
    ClaimKeys::new(URL, key("a")).expect("keys").clock(at(NOW))
}

fn at(seconds: u64) -> impl Fn() -> SystemTime + Send + Sync + 'static {
    move || UNIX_EPOCH + Duration::from_secs(seconds)
}

/// A request with all tools.
fn request(base_url: &str) -> SessionRequest {
    let agent = Agent::local("tool", "1.0.0", Runtime::Function)
        .can_call::<current_user>()
        .can_call::<delete_account>()
        .can_call::<unknown_session>();
    SessionRequest::in_namespace("default").agent(agent).tools(&tools(), base_url)
}

/// The URL of a tool in a session request.
fn url_in(request: &SessionRequest, tool: &str) -> String {
    let body = request.to_json(Dialect::Server1_2).expect("a valid request");
    body["agentGraphRequest"]["customTools"][tool]["transport"]["url"].as_str().expect("a URL").to_owned()
}

/// The URL at which Coral calls the tool of a user.
fn url(keys: &ClaimKeys, tool: &str, user: u64) -> String {
    url_in(&request(URL).bound_to(keys, &UserId(user)), tool)
}

fn claim_in(url: &str) -> &str {
    url.split_once("?coral-claim=").expect("a claim").1
}
