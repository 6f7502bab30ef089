//! Wrong addresses, each with what the probe reports.

use coral_tools::WebhookProbe;
use coral_tools::probe::{ConnectProblem, PathProblem, ProbeFailure, ProbeInstance, TlsProblem};
use tokio::net::TcpListener;

use super::{application, failure, probe, secret, serve, tools};

/// The `host:port` of a port on which nothing listens.
async fn unused_address() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    listener.local_addr().expect("an address").to_string()
}

#[tokio::test]
async fn a_right_address_is_reached() {
    let host = serve(application(secret())).await;
    for base_url in [format!("http://{host}/coral"), format!("http://{host}/coral/?token=t&x=%20")] {
        let report = probe(&base_url).await;
        for tool in report.tools() {
            let success = tool.result().expect("reached");
            assert_eq!(*success.instance(), ProbeInstance::ThisProcess);
            assert_eq!(success.warnings(), []);
        }
        let text = report.to_string();
        assert!(text.starts_with("webhook probe: 2 of 2 tools reached\n  ping at http://127.0.0.1:"), "{text}");
        assert!(text.contains("cannot see which key the Coral server holds") && !text.contains("token=t"), "{text}");
        assert!(report.is_ok() && report.into_result().is_ok());
    }
}

#[tokio::test]
async fn each_wrong_address_has_its_failure() {
    let host = &serve(application(secret())).await;
    let unused = unused_address().await;
    let coral = || Some(format!("http://{host}/coral"));
    let missing = || ProbeFailure::Path(PathProblem::Missing { suffix: "/coral".to_owned() });
    let wrong_addresses = [
        // Nothing listens.
        (
            format!("http://{unused}/coral"),
            ProbeFailure::Connect { address: unused.clone(), problem: ConnectProblem::Refused },
            None,
        ),
        // A wrong path.
        (
            format!("http://{host}/hook"),
            ProbeFailure::Path(PathProblem::Different { path: "/coral".to_owned() }),
            coral(),
        ),
        // No path.
        (format!("http://{host}"), missing(), coral()),
        (format!("http://{host}/"), missing(), coral()),
        // https on a plain port.
        (format!("https://{host}/coral"), ProbeFailure::Tls(TlsProblem::NotTls), None),
        // The placeholder of the documentation.
        (
            "https://your-app.example/coral".to_owned(),
            ProbeFailure::UnreachableHost {
                host: "your-app.example".to_owned(),
                reason: "it is a placeholder, which is reserved for documentation".to_owned(),
            },
            None,
        ),
        // The path doubled.
        (
            format!("http://{host}/coral/coral"),
            ProbeFailure::Path(PathProblem::Extra { prefix: "/coral".to_owned(), is_tool: false }),
            coral(),
        ),
    ];
    for (base_url, expected, working) in wrong_addresses {
        let report = probe(&base_url).await;
        assert_eq!(*failure(&report), expected, "{base_url}");
        assert_eq!(report.working_base_url(), working.as_deref(), "{base_url}");
        let advice = expected.advice();
        let error = report.into_result().expect_err("not reached").to_string();
        assert!(error.contains(&expected.to_string()) && error.contains(&advice), "{error}");
    }
}

#[tokio::test]
async fn the_url_of_a_tool_as_base_url_is_recognized() {
    let host = serve(application(secret())).await;
    let report = probe(&format!("http://{host}/coral/echo")).await;
    let extra = |is_tool| ProbeFailure::Path(PathProblem::Extra { prefix: "/echo".to_owned(), is_tool });
    assert_eq!(report.failures().collect::<Vec<_>>(), [("ping", &extra(false)), ("echo", &extra(true))]);
    assert_eq!(report.working_base_url(), Some(&*format!("http://{host}/coral")));
}

#[tokio::test]
async fn the_query_of_the_base_url_is_kept_in_the_search_and_not_shown() {
    let host = serve(application(secret())).await;
    let report = probe(&format!("http://{host}/hook?token=hunter2")).await;
    assert_eq!(report.working_base_url(), Some(&*format!("http://{host}/coral?…")));
    assert!(!format!("{report} {report:?}").contains("hunter2"));
}

#[tokio::test]
async fn a_tool_that_the_webhooks_do_not_serve_is_named() {
    let served: coral_tools::Toolset = coral_tools::toolset![super::ping];
    let host = serve(axum::Router::new().nest("/coral", served.webhooks(secret()))).await;
    let declared = tools().custom_tools(&*format!("http://{host}/coral")).expect("valid tools");
    let report = WebhookProbe::new(secret()).probe(&declared).await;
    let unknown = ProbeFailure::UnknownTool { tool: "echo".to_owned() };
    assert_eq!(report.failures().collect::<Vec<_>>(), [("echo", &unknown)]);
}
