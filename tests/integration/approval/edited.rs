//! Arguments that a person edits.

use coral_tools::TicketError;

use super::*;

#[tokio::test(start_paused = true)]
async fn the_tool_runs_with_the_edited_arguments() {
    let (tools, app) = (tools(), App::default());
    let argument = ticket_argument(call(&tools, &app, "refund", json!({ "euros": 80 })).await);
    let id = only_pending(&tools).await.id;
    tools.approvals().approve_with(&id, &json!({ "euros": 60 }), app.clone()).await.expect("approved");
    assert_eq!(json_of(call(&tools, &app, "refund_result", argument).await), json!({ "result": 60 }));
    assert_eq!(json_of(call(&tools, &app, "refund", json!({ "euros": 80 })).await), json!({ "result": 60 }));
    ticket_argument(call(&tools, &app, "refund", json!({ "euros": 60 })).await);
    assert_eq!(app.refunds(), [60], "only the request was approved, not its edited arguments");
}

#[tokio::test(start_paused = true)]
async fn edited_arguments_that_are_invalid_or_denied_are_not_a_decision() {
    let (tools, app) = (tools(), App::default());
    ticket_argument(call(&tools, &app, "refund", json!({ "euros": 80 })).await);
    let (approvals, id) = (tools.approvals(), only_pending(&tools).await.id);
    for arguments in
        [json!({ "euros": 1001 }), json!({ "euros": "60" }), json!({}), json!({ "euros": 60, "x": 1 }), json!(60)]
    {
        let error = approvals.approve_with(&id, &arguments, app.clone()).await.expect_err("invalid");
        assert!(matches!(&error, TicketError::InvalidArguments(problems) if !problems.is_empty()), "{error:?}");
        assert!(error.to_string().starts_with("the tool does not accept the arguments: "), "{error}");
    }
    let two = json!({ "euros": "60", "x": 1 });
    let error = approvals.approve_with(&id, &two, app.clone()).await.expect_err("two problems");
    let problems = "`euros` must be an integer between 0 and 1000, not a string; unknown argument `x`";
    assert_eq!(error.to_string(), format!("the tool does not accept the arguments: {problems}"));
    let denied = approvals.approve_with(&id, &json!({ "euros": 903 }), app.clone()).await.expect_err("denied");
    assert_eq!(denied.to_string(), "a policy rejects the call: the call was denied: at most 900 EUR can be refunded");
    assert!(app.refunds().is_empty());
    approvals.approve(&id, app.clone()).await.expect("still pending");
    tokio::time::sleep(Duration::from_secs(3)).await;
    assert_eq!(app.refunds(), [80]);
}
