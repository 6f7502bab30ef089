//! Metrics of calls and rejected requests.

use coral_tools::testing::{CallerError, CoralCaller};
use coral_tools::{Secret, WebhookConfig};
use metrics_util::debugging::{DebugValue, DebuggingRecorder, Snapshotter};

use super::{BASE, app, app_state, coral, secret, tools};

/// The metrics that were recorded, such as `coral_tools.calls{gen_ai.tool.name=echo,outcome=success} 1`, sorted. The values of a
/// histogram are their number, because durations differ.
fn recorded(snapshotter: &Snapshotter) -> Vec<String> {
    let mut lines: Vec<_> = snapshotter
        .snapshot()
        .into_vec()
        .into_iter()
        .map(|(key, _, _, value)| {
            let key = key.key();
            let labels: Vec<_> = key.labels().map(|label| format!("{}={}", label.key(), label.value())).collect();
            let value = match value {
                DebugValue::Counter(count) => count.to_string(),
                DebugValue::Gauge(value) => value.to_string(),
                DebugValue::Histogram(values) if key.name().ends_with("bytes") => format!("{values:?}"),
                DebugValue::Histogram(values) => format!("{} values", values.len()),
            };
            format!("{}{{{}}} {value}", key.name(), labels.join(","))
        })
        .collect();
    lines.sort();
    lines
}

#[tokio::test]
async fn calls_are_counted_by_tool_and_outcome() -> Result<(), CallerError> {
    let recorder = DebuggingRecorder::new();
    let snapshotter = recorder.snapshotter();
    let _guard = metrics::set_default_local_recorder(&recorder);
    for (tool, arguments) in
        [("echo", r#"{"text": "hello"}"#), ("increment", r#"{"number": 1}"#), ("increment", "{}"), ("fail", "null")]
    {
        coral().call_in_process(app(secret()), &format!("{BASE}/{tool}"), arguments).await?;
    }
    let expected = [
        "coral_tools.argument_bytes{gen_ai.tool.name=echo} [23.0]",
        "coral_tools.argument_bytes{gen_ai.tool.name=fail} [4.0]",
        "coral_tools.argument_bytes{gen_ai.tool.name=increment} [19.0, 2.0]",
        "coral_tools.calls_in_flight{gen_ai.tool.name=echo} 0",
        "coral_tools.calls_in_flight{gen_ai.tool.name=fail} 0",
        "coral_tools.calls_in_flight{gen_ai.tool.name=increment} 0",
        "coral_tools.calls{gen_ai.tool.name=echo,outcome=success} 1",
        "coral_tools.calls{gen_ai.tool.name=fail,outcome=internal_error} 1",
        "coral_tools.calls{gen_ai.tool.name=increment,outcome=bad_arguments} 1",
        "coral_tools.calls{gen_ai.tool.name=increment,outcome=success} 1",
        "coral_tools.result_bytes{gen_ai.tool.name=echo} [18.0]",
        "coral_tools.result_bytes{gen_ai.tool.name=increment} [12.0]",
        "gen_ai.execute_tool.duration{gen_ai.tool.name=echo,outcome=success} 1 values",
        "gen_ai.execute_tool.duration{gen_ai.tool.name=fail,outcome=internal_error} 1 values",
        "gen_ai.execute_tool.duration{gen_ai.tool.name=increment,outcome=bad_arguments} 1 values",
        "gen_ai.execute_tool.duration{gen_ai.tool.name=increment,outcome=success} 1 values",
    ];
    assert_eq!(recorded(&snapshotter), expected);
    Ok(())
}

/// Names that a client invents are not labels.
#[tokio::test]
async fn rejected_requests_are_counted_by_reason() -> Result<(), CallerError> {
    let recorder = DebuggingRecorder::new();
    let snapshotter = recorder.snapshotter();
    let _guard = metrics::set_default_local_recorder(&recorder);
    for tool in ["a1", "a2"] {
        coral().call_in_process(app(secret()), &format!("{BASE}/{tool}"), ()).await?;
        let forger = CoralCaller::new(Secret::new("forged"));
        forger.call_in_process(app(secret()), &format!("{BASE}/{tool}"), ()).await?;
    }
    let busy = app(WebhookConfig::new(secret()).concurrency(0));
    coral().call_in_process(busy, &format!("{BASE}/echo"), ()).await?;
    let expected = [
        "coral_tools.rejected_requests{reason=signature_mismatch} 2",
        "coral_tools.rejected_requests{reason=too_many_calls} 1",
        "coral_tools.rejected_requests{reason=unknown_tool} 2",
        "coral_tools.shed_requests{reason=too_many_calls} 1",
    ];
    assert_eq!(recorded(&snapshotter), expected);
    Ok(())
}

#[tokio::test]
async fn a_running_call_is_in_flight_until_it_ends_or_is_cancelled() -> Result<(), CallerError> {
    let recorder = DebuggingRecorder::new();
    let snapshotter = recorder.snapshotter();
    let _guard = metrics::set_default_local_recorder(&recorder);
    let (state, mut control) = app_state();
    let app = tools().webhooks(secret()).with_state(state);
    let (coral, url) = (coral(), format!("{BASE}/wait"));
    let mut call = Box::pin(coral.call_in_process(app, &url, ()));
    tokio::select! {
        view = &mut call => panic!("the call is not released: {view:?}"),
        _started = control.started.recv() => {}
    }
    let lines = recorded(&snapshotter);
    let running = "coral_tools.calls_in_flight{gen_ai.tool.name=wait} 1";
    assert!(lines.iter().any(|recorded| recorded == running), "{lines:#?}");

    drop(call);

    let lines = recorded(&snapshotter);
    for line in [
        // A snapshot resets the gauges, so this is the difference.
        "coral_tools.calls_in_flight{gen_ai.tool.name=wait} -1",
        "coral_tools.calls{gen_ai.tool.name=wait,outcome=cancelled} 1",
    ] {
        assert!(lines.iter().any(|recorded| recorded == line), "{line}: {lines:#?}");
    }
    Ok(())
}
