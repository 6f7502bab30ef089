//! Tickets.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use tokio::time::advance;

use super::MINUTE;
use crate::call::CallOrigin;
use crate::store::{MemoryStore, OpenedTicket, Store, StoreError, Ticket, TicketStatus};

const WORKING: TicketStatus = TicketStatus::Working(None);

fn completed(result: &str) -> TicketStatus {
    TicketStatus::Completed(result.as_bytes().to_vec())
}

/// A ticket whose id is the session and the key.
fn ticket(session_id: &str, key: &str, status: TicketStatus) -> Ticket {
    Ticket {
        id: format!("{session_id}/{key}"),
        session_id: session_id.to_owned(),
        agent_name: None,
        namespace: None,
        origin: CallOrigin::Direct,
        call_id: None,
        query: None,
        tool: "a".to_owned(),
        key: key.to_owned(),
        arguments: Vec::new(),
        created_at: SystemTime::UNIX_EPOCH,
        time_to_live: MINUTE,
        status,
    }
}

async fn open(store: &MemoryStore, ticket: Ticket) -> Result<OpenedTicket, StoreError> {
    store.open_ticket(ticket).await
}

async fn open_working(store: &MemoryStore, session_id: &str, key: &str) {
    assert_eq!(open(store, ticket(session_id, key, WORKING)).await.expect("opened"), OpenedTicket::New);
}

async fn settle(store: &MemoryStore, id: &str, status: TicketStatus) -> bool {
    store.set_ticket_status(id, status, MINUTE).await.expect("room")
}

async fn ids(store: &MemoryStore, session_id: Option<&str>) -> Vec<String> {
    Store::tickets(store, session_id).await.expect("a list").into_iter().map(|ticket| ticket.id).collect()
}

async fn status(store: &MemoryStore, id: &str) -> Option<TicketStatus> {
    store.ticket(id).await.expect("a store").map(|ticket| ticket.status)
}

#[tokio::test(start_paused = true)]
async fn a_session_has_one_ticket_for_each_key() {
    let store = MemoryStore::new();
    open_working(&store, "s1", "k").await;
    assert!(settle(&store, "s1/k", completed("1")).await);
    let again = open(&store, Ticket { id: "another".to_owned(), ..ticket("s1", "k", WORKING) }).await.expect("opened");
    assert_eq!(again, OpenedTicket::Existing(ticket("s1", "k", completed("1"))));
    open_working(&store, "s2", "k").await;
    for (session_id, key, id) in [("s1", "k", Some("s1/k")), ("s2", "k", Some("s2/k")), ("s1", "other", None)] {
        let found = store.ticket_with_key(session_id, key).await.expect("a store");
        assert_eq!(found.as_ref().map(|ticket| &*ticket.id), id);
    }
    assert_eq!(ids(&store, Some("s1")).await, ["s1/k"]);
    assert_eq!(ids(&store, None).await, ["s1/k", "s2/k"]);
}

#[tokio::test(start_paused = true)]
async fn a_final_status_never_changes() {
    let finals = [completed("1"), TicketStatus::Failed("no".to_owned()), TicketStatus::Cancelled("over".to_owned())];
    for (number, status_set) in finals.into_iter().enumerate() {
        let store = MemoryStore::new();
        open_working(&store, "s1", "k").await;
        assert!(settle(&store, "s1/k", TicketStatus::InputRequired(Some(number.to_string()))).await);
        assert!(settle(&store, "s1/k", status_set.clone()).await);
        for other in [WORKING, completed("2"), TicketStatus::Cancelled("late".to_owned())] {
            assert!(!settle(&store, "s1/k", other).await);
        }
        assert_eq!(status(&store, "s1/k").await, Some(status_set));
    }
}

#[tokio::test(start_paused = true)]
async fn an_expired_ticket_is_unknown() {
    let store = MemoryStore::new();
    open_working(&store, "s1", "k").await;
    advance(MINUTE / 2).await;
    assert!(settle(&store, "s1/k", TicketStatus::InputRequired(None)).await, "expires a minute later");
    advance(MINUTE - Duration::from_millis(1)).await;
    assert_eq!(status(&store, "s1/k").await, Some(TicketStatus::InputRequired(None)));
    advance(Duration::from_millis(1)).await;
    assert_eq!(status(&store, "s1/k").await, None);
    assert!(!settle(&store, "s1/k", completed("1")).await);
    assert!(ids(&store, None).await.is_empty());
    assert_eq!(store.ticket_with_key("s1", "k").await.expect("a store"), None);
    assert_eq!(store.ticket_changed("s1/k", &WORKING).await.expect("a store"), None);
    open_working(&store, "s1", "k").await;
}

#[tokio::test(start_paused = true)]
async fn the_time_to_live_counts_from_the_creation() {
    let store = MemoryStore::new();
    open_working(&store, "s1", "k").await;
    let time_to_live = async || store.ticket("s1/k").await.expect("a store").map(|ticket| ticket.time_to_live);
    assert_eq!(time_to_live().await, Some(MINUTE));
    advance(MINUTE / 2).await;
    assert!(settle(&store, "s1/k", TicketStatus::InputRequired(None)).await);
    assert_eq!(time_to_live().await, Some(MINUTE / 2 + MINUTE));
    assert!(store.set_ticket_status("s1/k", completed("1"), MINUTE / 4).await.expect("room"));
    assert_eq!(time_to_live().await, Some(MINUTE / 2 + MINUTE / 4));
    advance(MINUTE / 4).await;
    assert_eq!(time_to_live().await, None, "it has expired");
    let endless = Ticket { time_to_live: Duration::MAX, ..ticket("s1", "k", WORKING) };
    assert_eq!(open(&store, endless).await.expect("opened"), OpenedTicket::New);
    assert!(store.set_ticket_status("s1/k", completed("1"), Duration::MAX).await.expect("room"));
}

#[tokio::test(start_paused = true)]
async fn a_change_an_end_and_an_expiry_end_a_wait() {
    let store = Arc::new(MemoryStore::new());
    let wait = |id: &'static str| {
        let store = Arc::clone(&store);
        tokio::spawn(async move { store.ticket_changed(id, &WORKING).await.expect("a store").map(|it| it.status) })
    };
    for key in ["changed", "removed", "forgotten", "expired"] {
        open_working(&store, if key == "forgotten" { "s2" } else { "s1" }, key).await;
    }
    let waits = ["s1/changed", "s1/removed", "s2/forgotten", "s1/expired"].map(wait);
    tokio::task::yield_now().await;
    assert!(settle(&store, "s1/changed", completed("1")).await);
    store.remove_ticket("s1/removed").await.expect("removed");
    store.forget_session("s2").await.expect("forgotten");
    let mut ends = Vec::new();
    for wait in waits {
        ends.push(wait.await.expect("no panic"));
    }
    assert_eq!(ends, [Some(completed("1")), None, None, None]);
    assert_eq!(ids(&store, None).await, Vec::<String>::new(), "all expire after a minute");
}

#[tokio::test(start_paused = true)]
async fn only_final_tickets_make_room() {
    let store = MemoryStore::new().tickets_per_session(2);
    for key in ["k1", "k2"] {
        open_working(&store, "s1", key).await;
    }
    let full = open(&store, ticket("s1", "k3", WORKING)).await;
    assert!(matches!(full, Err(StoreError::Full(_))), "{full:?}");
    open_working(&store, "s2", "k3").await;
    assert!(settle(&store, "s1/k2", completed("1")).await);
    open_working(&store, "s1", "k3").await;
    assert_eq!(ids(&store, None).await, ["s1/k1", "s2/k3", "s1/k3"]);
}

#[tokio::test(start_paused = true)]
async fn a_result_makes_room_among_older_results() {
    let store = MemoryStore::new().bytes_per_session(30_000);
    let large = "x".repeat(10_000);
    for key in ["k1", "k2", "k3"] {
        open_working(&store, "s1", key).await;
        assert!(settle(&store, &format!("s1/{key}"), completed(&large)).await);
    }
    assert_eq!(ids(&store, None).await, ["s1/k2", "s1/k3"]);
    open_working(&store, "s1", "k4").await;
    let too_large = store.set_ticket_status("s1/k4", completed(&large.repeat(4)), MINUTE).await;
    assert!(matches!(too_large, Err(StoreError::Full(_))), "{too_large:?}");
    assert_eq!(status(&store, "s1/k4").await, Some(WORKING), "it can still fail with a short message");
    assert_eq!(ids(&store, None).await, ["s1/k2", "s1/k3", "s1/k4"], "nothing was dropped for it");
}

#[tokio::test(start_paused = true)]
async fn results_of_a_session_do_not_push_out_those_of_another() {
    let store = MemoryStore::new().bytes_per_session(15_000);
    for key in ["k1", "k2", "k3"] {
        for session_id in ["s1", "s2"] {
            let result = if session_id == "s1" { "x".repeat(10_000) } else { "short".to_owned() };
            open_working(&store, session_id, key).await;
            assert!(settle(&store, &format!("{session_id}/{key}"), completed(&result)).await);
        }
    }
    assert_eq!(ids(&store, Some("s1")).await, ["s1/k3"]);
    assert_eq!(ids(&store, Some("s2")).await, ["s2/k1", "s2/k2", "s2/k3"]);
}

#[tokio::test(start_paused = true)]
async fn one_of_several_changes_from_the_same_status_takes_place() {
    let store = MemoryStore::new();
    let required = TicketStatus::ApprovalRequired("a person decides".to_owned());
    open(&store, ticket("s1", "k", required.clone())).await.expect("opened");
    let replace = async |status| store.replace_ticket_status("s1/k", &required, status, MINUTE).await.expect("room");
    assert!(replace(WORKING).await);
    assert!(!replace(TicketStatus::Denied("no".to_owned())).await);
    assert_eq!(status(&store, "s1/k").await, Some(WORKING));
    assert!(settle(&store, "s1/k", TicketStatus::Denied("no".to_owned())).await);
    assert!(!settle(&store, "s1/k", WORKING).await, "a denied ticket is final");
    advance(MINUTE).await;
    assert!(!replace(WORKING).await, "an expired ticket is unknown");
}
