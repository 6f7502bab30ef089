//! What the operator is told about calls.

use std::cell::RefCell;
use std::fmt::{Debug, Write};
use std::sync::Once;

use coral_tools::Secret;
use coral_tools::testing::{CallerError, CoralCaller};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Subscriber};
use tracing_subscriber::Registry;
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};

use super::{BASE, SECRET, app, coral, doorman, secret, tools};

thread_local! {
    /// Everything that is said on this test's thread, a line each: `span tool_call tool="echo" …`, `record …`,
    /// `event …`.
    static LINES: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
}

/// One subscriber for all threads: with one for each, what a thread without any has asked first stays off for all.
fn listen() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        tracing::subscriber::set_global_default(Registry::default().with(Log)).expect("the first");
        tracing::callsite::rebuild_interest_cache();
    });
    LINES.take();
}

struct Log;

impl Log {
    fn add(what: &str, record: impl FnOnce(&mut Fields)) {
        let mut fields = Fields(what.to_owned());
        record(&mut fields);
        LINES.with_borrow_mut(|lines| lines.push(fields.0));
    }
}

struct Fields(String);

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        let _infallible = write!(self.0, " {}={value:?}", field.name());
    }
}

impl<S: Subscriber> Layer<S> for Log {
    fn on_new_span(&self, span: &Attributes<'_>, _id: &Id, _context: Context<'_, S>) {
        Log::add(&format!("span {}", span.metadata().name()), |fields| span.record(fields));
    }

    fn on_record(&self, _id: &Id, values: &Record<'_>, _context: Context<'_, S>) {
        Log::add("record", |fields| values.record(fields));
    }

    fn on_event(&self, event: &Event<'_>, _context: Context<'_, S>) {
        Log::add(&format!("event {}", event.metadata().level()), |fields| event.record(fields));
    }
}

/// What is logged while `coral` calls `tool`.
async fn logged(coral: CoralCaller, tool: &str, arguments: &str) -> Result<Vec<String>, CallerError> {
    listen();
    let app = app(secret());
    coral.call_in_process(app, &format!("{BASE}/{tool}"), arguments).await?;
    Ok(LINES.take())
}

#[tokio::test]
async fn a_call_is_one_span_without_arguments_or_secrets() -> Result<(), CallerError> {
    let coral = coral().in_session("sid").by_agent("Zoë");
    let lines = logged(coral, "echo", r#"{"text": "private"}"#).await?;
    let spans: Vec<_> = lines.iter().filter(|line| line.starts_with("span")).collect();
    assert_eq!(spans, [r#"span tool_call tool="echo" session="sid" agent="Zoë""#]);
    let all = lines.join("\n");
    assert!(all.contains(r#"record outcome="success""#), "{all}");
    assert!(all.contains("record duration_ms="), "{all}");
    assert!(!all.contains("private") && !all.contains(SECRET), "{all}");
    Ok(())
}

#[tokio::test]
async fn each_way_to_end_has_its_word() -> Result<(), CallerError> {
    for (tool, arguments, outcome) in [
        ("fail", "null", "failed"),
        ("explode", "null", "panicked"),
        ("stranger", "null", "unknown_session"),
        ("increment", r#"{"number": "private"}"#, "bad_arguments"),
    ] {
        let all = logged(coral(), tool, arguments).await?.join("\n");
        assert!(all.contains(&format!("record outcome={outcome:?}")), "{tool}: {all}");
        assert!(!all.contains("private"), "{all}");
    }
    Ok(())
}

#[tokio::test]
async fn a_call_whose_caller_goes_away_is_told_of_too() -> Result<(), CallerError> {
    listen();
    let (state, mut watch) = doorman();
    let app = tools().webhooks(secret()).with_state(state);
    let (coral, url) = (coral(), format!("{BASE}/wait"));
    tokio::select! {
        sees = coral.call_in_process(app, &url, ()) => panic!("nobody opens the gate: {sees:?}"),
        _entered = watch.entered.recv() => {}
    }
    let all = LINES.take().join("\n");
    assert!(all.contains(r#"record outcome="cancelled""#) && all.contains("record duration_ms="), "{all}");
    assert!(all.contains("event INFO message=tool call ended"), "{all}");
    Ok(())
}

#[tokio::test]
async fn what_a_tool_says_when_it_panics_is_for_the_log() -> Result<(), CallerError> {
    let all = logged(coral(), "explode", "null").await?.join("\n");
    assert!(all.contains(r#"panic="hunter2""#), "{all}");
    Ok(())
}

#[tokio::test]
async fn a_blocking_tool_has_a_thread_of_its_own_within_the_span_of_its_call() -> Result<(), CallerError> {
    listen();
    let sees = coral().call_in_process(app(secret()), &format!("{BASE}/stand"), ()).await?;
    let answer: serde_json::Value = serde_json::from_str(&sees.text).expect("JSON");
    let here = format!("{:?}", std::thread::current().id());
    assert_ne!(answer["result"][0], here);
    assert_eq!(answer["result"][1], "tool_call");
    Ok(())
}

#[tokio::test]
async fn what_a_type_refuses_is_told_to_the_log_by_its_place() -> Result<(), CallerError> {
    for (code, is_told) in [("private", true), ("loud", false)] {
        let all = logged(coral(), "order", &format!(r#"{{"code": "{code}"}}"#)).await?.join("\n");
        assert!(all.contains("event WARN message=argument matched the schema but failed to deserialize"), "{all}");
        assert!(all.contains(r#"path="code""#) && !all.contains("private") && !all.contains("LOUD"), "{all}");
        assert_eq!(all.contains(r#"reason="codes have 4 letters""#), is_told, "{all}");
    }
    Ok(())
}

#[tokio::test]
async fn a_value_that_nobody_was_told_of_is_an_error_for_the_operator() -> Result<(), CallerError> {
    listen();
    let sees = coral().call_in_process(app(secret()), &format!("{BASE}/forgetful"), ()).await?;
    assert_eq!(sees.text, r#"{"success":false,"error":"the tool failed"}"#);
    let all = LINES.take().join("\n");
    assert!(all.contains("event ERROR") && all.contains(".returns::<T>()"), "{all}");
    Ok(())
}

#[tokio::test]
async fn the_cause_of_a_failure_is_for_the_log() -> Result<(), CallerError> {
    let all = logged(coral(), "fail", "null").await?.join("\n");
    assert!(all.contains("password=hunter2"), "{all}");
    Ok(())
}

#[tokio::test]
async fn a_refusal_says_why_and_leaks_nothing() -> Result<(), CallerError> {
    let forger = CoralCaller::new(Secret::new("forged"));
    let signature = forger.request(BASE, r#"{"text": "private"}"#)?.signature().to_owned();
    let all = logged(forger, "echo", r#"{"text": "private"}"#).await?.join("\n");
    assert!(all.contains("customToolSecret") && all.contains("status=401"), "{all}");
    for leak in ["private", SECRET, "forged", &signature] {
        assert!(!all.contains(leak), "{all}");
    }
    Ok(())
}

#[tokio::test]
async fn a_call_of_a_tool_that_is_not_there_is_told_to_the_log() -> Result<(), CallerError> {
    let all = logged(coral(), "echoo", "null").await?.join("\n");
    assert!(all.contains("there is no tool at this path") && all.contains("status=404"), "{all}");
    Ok(())
}
