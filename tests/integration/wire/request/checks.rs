//! Problems of a request are reported without a server, all at once, in terms of the methods that built it.

use std::time::Duration;

use coral_tools::registry::RegistrySource;
use coral_tools::session::{AgentProvider, Amount, NewNamespace, RemoteRequest, ServerSource};
use coral_tools::{Agent, BaseUrl, Dialect, Runtime, SessionRequest, Toolset, coral_tool, toolset};

use super::{agent, session};

/// Does nothing.
#[coral_tool]
fn some_tool() {}

/// Does nothing either.
#[coral_tool]
fn another_tool() {}

fn tools() -> Toolset {
    toolset![some_tool]
}

/// The problems of the request, which are the same in every dialect.
#[track_caller]
fn problems(request: &SessionRequest) -> Vec<String> {
    let errors = request.check().expect_err("problems");
    for dialect in [Dialect::Cloud, Dialect::Server1_2] {
        assert_eq!(request.to_json(dialect).expect_err("problems"), errors);
    }
    errors.iter().map(ToString::to_string).collect()
}

#[test]
fn all_problems_of_a_request_are_reported_at_once() {
    let request = SessionRequest::in_namespace("a/b")
        .agent(agent("writer").option("", f64::NAN).can_call::<another_tool>())
        .agent(agent("writer"))
        .agent(agent(".."))
        .group(["writer", "reader"])
        .group(Vec::<String>::new())
        .tools(&tools(), "https://your-app.example")
        .hold_after_exit(Duration::from_micros(999))
        .session_end_webhook_at("/end")
        .extra("execution", "now");
    assert_eq!(
        problems(&request),
        [
            "agent `writer`: two agents have this name; rename one with `Agent::named`",
            "agent `writer`: `` is not a valid option name",
            "agent `writer`: option `` contains an infinite or NaN number",
            "agent `..`: its name cannot be `.` or `..`, because it is a segment of URL paths",
            "agent `writer`: it can call `another_tool`, which no toolset of this session contains; add one that does with `SessionRequest::tools`",
            "group 1: `reader` is not an agent of this session",
            "group 2: the group is empty",
            "namespace `a/b`: its name contains `/`, but it is one segment of URL paths",
            "hold after exit: 999µs is out of range: 1 ms to 292 million years",
            "session-end webhook, URL `/end`: it is relative, and Coral would call `http://localhost`; write an absolute http(s) URL, for example `https://your-app.example/coral`",
            "session: extra field `execution` is set already; use the method for it",
        ]
    );
}

#[test]
fn names_must_be_path_segments() {
    for name in ["", ".", "..", "a/b", "/", "a\nb", "\u{0}", "\u{7f}"] {
        assert_eq!(problems(&SessionRequest::in_namespace(name).agent(agent("a"))).len(), 1, "{name:?}");
        assert_eq!(problems(&SessionRequest::in_existing_namespace(name).agent(agent("a"))).len(), 1, "{name:?}");
        assert_eq!(problems(&SessionRequest::in_namespace("default").agent(agent(name))).len(), 1, "{name:?}");
    }
    for name in ["a b", "zoë", "☃", "...", "a.b", "extended "] {
        assert_eq!(SessionRequest::in_namespace(name).agent(agent(name)).check(), Ok(()), "{name:?}");
    }
    assert_eq!(
        problems(&SessionRequest::in_namespace("extended").agent(agent("extended"))),
        ["namespace `extended`: the name is reserved: it is part of the path that lists all namespaces"]
    );
}

#[test]
fn an_agent_must_have_a_type() {
    let nameless = Agent::linked("", "", "1.\t0", Runtime::Docker).named("a");
    assert_eq!(
        problems(&SessionRequest::in_namespace("default").agent(nameless)),
        [
            "agent `a`: `` is not a valid type name",
            "agent `a`: `1.\\t0` is not a valid version",
            "agent `a`: `` is not a valid linked server name",
        ]
    );
}

#[test]
fn a_session_must_be_able_to_end() {
    let empty = SessionRequest::in_namespace("default");
    assert_eq!(
        problems(&empty),
        ["session: without agents it never ends and cannot be deleted; add an `agent`, or set a `ttl`"]
    );
    assert_eq!(empty.clone().ttl(Duration::from_secs(1)).check(), Ok(()));
    assert_eq!(empty.deferred().check(), Ok(()), "its time may be set when it is executed");
}

#[test]
fn a_deferred_session_has_no_settings_yet() {
    assert_eq!(
        problems(&session().ttl(Duration::from_secs(1)).deferred()),
        ["session: a deferred session takes its `RuntimeSettings` when it is executed, not when it is created"]
    );
}

#[test]
fn times_must_be_in_range() {
    for time in [Duration::ZERO, Duration::from_nanos(1), Duration::MAX] {
        assert_eq!(problems(&session().ttl(time)).len(), 1, "{time:?}");
        assert_eq!(problems(&session().hold_after_exit(time)).len(), 1, "{time:?}");
    }
    assert_eq!(session().ttl(Duration::from_millis(1)).check(), Ok(()));
}

#[test]
fn tools_are_unique_and_have_a_callable_url() {
    let base = "https://your-app.example";
    let both: Toolset = toolset![some_tool, another_tool];
    let twice = session().tools(&tools(), base).tools(&both, base);
    assert_eq!(
        problems(&twice),
        ["tool `some_tool`: two toolsets contain a tool of this name; rename one of the tools"]
    );

    // The names of its tools are unknown, so nothing is reported about agents that call them.
    let unsafe_url = SessionRequest::in_namespace("default").agent(agent("a").can_call::<some_tool>());
    let problems = problems(&unsafe_url.clone().tools(&tools(), "http://10.0.0.7/coral"));
    assert!(problems.len() == 1 && problems[0].contains("BaseUrl::plain_http"), "{problems:?}");
    let private = BaseUrl::plain_http("http://10.0.0.7/coral").expect("a URL");
    assert_eq!(unsafe_url.tools(&tools(), private).check(), Ok(()));
}

#[test]
fn a_derived_webhook_url_needs_tools() {
    let request = session().session_end_webhook();
    assert_eq!(
        problems(&request),
        [
            "session-end webhook: its URL is derived from the base URL of the tools, and there are none; use `session_end_webhook_at`"
        ]
    );
    let body = request.tools(&tools(), "https://h/coral?token=x").to_json(Dialect::Server1_2).expect("a valid request");
    let url = &body["execution"]["runtimeSettings"]["webhooks"]["sessionEnd"]["url"];
    assert_eq!(url, "https://h/coral/session-end?token=x");
}

#[test]
fn an_explicit_webhook_url_is_rendered_unchanged() {
    let body = session().session_end_webhook_at("https://h/end/").to_json(Dialect::Server1_2).expect("a valid request");
    assert_eq!(body["execution"]["runtimeSettings"]["webhooks"]["sessionEnd"]["url"], "https://h/end/");
}

#[test]
fn all_numbers_must_be_finite() {
    let source = || ServerSource::Servers { servers: vec![] };
    let remote = |cost| AgentProvider::RemoteRequest(RemoteRequest::new(Runtime::Docker, cost, source()));
    let with_cost = |cost| {
        let agent = Agent::new(RegistrySource::Local, "a", "1.0.0", remote(cost));
        SessionRequest::in_namespace("default").agent(agent)
    };
    assert_eq!(with_cost(Amount::Usd(0.5)).check(), Ok(()));
    assert_eq!(
        problems(&with_cost(Amount::Coral(f64::INFINITY))),
        ["agent `a`: its provider contains an infinite or NaN number, which JSON cannot represent"]
    );
    assert_eq!(problems(&session().agent(agent("b").option("O", vec![1.0, f64::NAN]))).len(), 1);
}

#[test]
fn warnings_do_not_prevent_rendering() {
    let request = SessionRequest::in_namespace(NewNamespace::new("default").kept())
        .agent(agent("a"))
        .agent(agent("b"))
        .agent(agent("c"))
        .group(["a", "b"])
        .group(["c"])
        .tools(&tools(), "https://your-app.example");
    assert_eq!(request.check(), Ok(()));
    let warnings: Vec<_> = request.warnings().iter().map(ToString::to_string).collect();
    assert_eq!(
        warnings,
        [
            "tool `some_tool`: no agent can call it; add `Agent::can_call`, or remove the tool",
            "agent `c`: it shares no group with another agent, so it cannot see any; add it to a group with `SessionRequest::group`",
        ]
    );
    assert!(session().warnings().is_empty(), "an agent alone needs no group");
}
