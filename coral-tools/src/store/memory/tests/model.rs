//! A property: the store returns the same calls as a list of all of them.

use std::time::Duration;

use futures_util::FutureExt;
use proptest::prelude::*;

use super::{call, text};
use crate::store::{MemoryStore, Store};

const TOOLS: [&str; 3] = ["a", "b", "c"];
const LIMIT: usize = 3;
const RETENTION: u64 = 10;

#[derive(Debug, Clone)]
enum Step {
    Record { session: usize, tool: usize },
    Take { session: usize, tools: Vec<usize> },
    Forget { session: usize },
    Wait { seconds: u64 },
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        6 => (0..2usize, 0..3usize).prop_map(|(session, tool)| Step::Record { session, tool }),
        3 => (0..2usize, prop::collection::vec(0..3usize, 0..3)).prop_map(|(session, tools)| Step::Take { session, tools }),
        1 => (0..2usize).prop_map(|session| Step::Forget { session }),
        2 => (1..8u64).prop_map(|seconds| Step::Wait { seconds }),
    ]
}

/// A call in the list: session, tool, text, and when it expires.
struct ListedCall(usize, usize, String, u64);

async fn run(steps: Vec<Step>) {
    let store = MemoryStore::new().calls_per_tool(LIMIT).call_retention(Duration::from_secs(RETENTION));
    let (mut list, mut now): (Vec<ListedCall>, u64) = (Vec::new(), 0);
    for (number, step) in steps.into_iter().enumerate() {
        match step {
            Step::Record { session, tool } => {
                let text = number.to_string();
                store.record_call(call(&session.to_string(), TOOLS[tool], &text)).await.expect("recorded");
                list.push(ListedCall(session, tool, text, now + RETENTION));
                let same: Vec<_> = (0..list.len()).filter(|i| (list[*i].0, list[*i].1) == (session, tool)).collect();
                if same.len() > LIMIT {
                    list.remove(same[0]);
                }
            }
            Step::Take { session, tools } => {
                let names: Vec<_> = tools.iter().map(|tool| TOOLS[*tool]).collect();
                let session_id = session.to_string();
                let is_waiting = store.call_recorded(&session_id, &names).now_or_never().is_none();
                let taken = store.take_call(&session_id, &names).await.expect("a store").map(text);
                let listed = list.iter().position(|it| it.0 == session && tools.contains(&it.1));
                assert_eq!(is_waiting, taken.is_none());
                assert_eq!(taken, listed.map(|index| list.remove(index).2));
            }
            Step::Forget { session } => {
                store.forget_session(&session.to_string()).await.expect("forgotten");
                list.retain(|it| it.0 != session);
            }
            Step::Wait { seconds } => {
                tokio::time::advance(Duration::from_secs(seconds)).await;
                now += seconds;
                list.retain(|it| it.3 > now);
            }
        }
    }
    for session in ["0", "1"] {
        store.forget_session(session).await.expect("forgotten");
    }
    assert_eq!(store.calls().session_count(), 0, "a session without calls and readers is not kept");
}

proptest! {
    #[test]
    fn the_store_returns_what_a_list_returns(steps in prop::collection::vec(step(), 0..60)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build();
        runtime.expect("a runtime").block_on(run(steps));
    }
}
