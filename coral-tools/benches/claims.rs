//! Verifies a claim a number of times, for `scripts/instructions` to count under callgrind.
//!
//! Arguments: the case, the number of calls. A case is `valid`, one of the reasons below, or a position in the claim: the byte at this
//! position is wrong, and nothing else. Without arguments, the length of the claim and of its signature are printed.

#![expect(clippy::print_stdout, reason = "a bench prints its table")]

use std::hint::black_box;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use coral_tools::{
    Agent, Bound, Call, ClaimKey, ClaimKeys, Dialect, Runtime, SessionRequest, Toolset, coral_tool, toolset,
};

const URL: &str = "https://your-app.example/coral";

/// Returns the user.
#[coral_tool]
fn current_user(#[context] user: Bound<String>) -> usize {
    user.0.len()
}

/// Deletes the user.
#[coral_tool]
fn deleted_user(#[context] user: Bound<String>) -> usize {
    user.0.len()
}

fn tools() -> Toolset<ClaimKeys> {
    toolset![current_user, deleted_user]
}

fn keys(url: &str, key: u8, hour: u64) -> ClaimKeys {
    let now = UNIX_EPOCH + Duration::from_secs(1_800_000_000 + hour * 60 * 60);
    let key = ClaimKey::new("2026-11", [key; 32]).expect("a key");
    ClaimKeys::new(url, key).expect("keys").clock(move || -> SystemTime { now })
}

/// The query of the URL of `tool`.
fn query(keys: &ClaimKeys, url: &str, tool: &str, user: &str) -> String {
    let agent = Agent::local("a", "1.0.0", Runtime::Docker).can_call::<current_user>().can_call::<deleted_user>();
    let request = SessionRequest::in_namespace("default")
        .agent(agent)
        .tools(&tools(), url)
        .bound_to(keys, user)
        .ttl(Duration::from_secs(30 * 60));
    let body = request.to_json(Dialect::Server1_2).expect("a valid request");
    let url = body["agentGraphRequest"]["customTools"][tool]["transport"]["url"].as_str().expect("a URL");
    url.split_once('?').expect("a query").1.to_owned()
}

/// The query of a call of `current_user` that is rejected for this reason, all of the same length.
fn query_of(case: &str) -> String {
    let of = |keys: &ClaimKeys, url, tool| query(keys, url, tool, "user-7");
    let valid = of(&keys(URL, 1, 0), URL, "current_user");
    match case {
        "valid" => valid,
        "forged" => of(&keys(URL, 2, 0), URL, "current_user"),
        "expired" => of(&keys(URL, 1, 0), URL, "current_user"),
        "other tool" => of(&keys(URL, 1, 0), URL, "deleted_user"),
        "other path" => {
            let url = "https://your-app.example/shell";
            of(&keys(url, 1, 0), url, "current_user")
        }
        "other user" => {
            let other = query(&keys(URL, 1, 0), URL, "current_user", "user-8");
            let (signed, signature) = (other.rsplit_once('.'), valid.rsplit_once('.'));
            format!("{}.{}", signed.expect("a claim").0, signature.expect("a claim").1)
        }
        "unknown key" => valid.replace("2026-11", "2026-12"),
        position => {
            let position = position.parse::<usize>().expect("a case") + "coral-claim=".len();
            let mut bytes = valid.into_bytes();
            // Another character of the same kind. The last one of the signature encodes two bits that are zero.
            bytes[position] = if bytes[position] == b'A' { b'Q' } else { b'A' };
            String::from_utf8(bytes).expect("ASCII")
        }
    }
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let [case, calls] = &arguments[..] else {
        let query = query_of("valid");
        let signature = query.rsplit('.').next().map_or(0, str::len);
        println!("{} {signature}", query.len() - "coral-claim=".len());
        return;
    };
    let query = query_of(case);
    let keys = keys(URL, 1, u64::from(case == "expired"));
    let tools = tools();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().expect("runtime");
    for _ in 0..calls.parse().expect("calls") {
        let call = Call::new("current_user", b"{}").with_query(black_box(&query));
        let outcome = runtime.block_on(tools.dispatch(call, &keys));
        assert_eq!(outcome.is_success(), case == "valid");
    }
}
