//! Sessions of a process that was killed.

use std::collections::BTreeSet;
use std::env;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use coral_stand_in::coral::EmulatedVersion;
use coral_tools::client::FailureStage;
use coral_tools::{Coral, Sessions};

use super::{EACH, Job, LONG, coral, started, waiting, waiting_without_ttl};

/// The URL of the server, for a process of an application that is killed.
const URL: &str = "CORAL_TOOLS_TEST_LEFT_OVER_URL";
const KEY: &str = "CORAL_TOOLS_TEST_LEFT_OVER_KEY";
const OPENED: &str = "opened ";

/// An application, which runs only in a process of its own, until it is killed.
#[tokio::test]
async fn application() {
    let (Ok(url), Ok(key)) = (env::var(URL), env::var(KEY)) else { return };
    let sessions = Sessions::new(Coral::server(url, key)).instance("gateway-1");
    for request in [waiting(), waiting(), waiting_without_ttl().deferred()] {
        let session = sessions.open(&request, Job::new(1)).await.expect("a session");
        println!("\n{OPENED}{}", session.id());
        std::mem::forget(session);
    }
    std::future::pending::<()>().await;
}

/// Starts the application in a process, and kills it when it has opened its sessions. Returns their ids.
fn run_and_kill(url: &str, key: &str) -> Vec<String> {
    let mut test = Command::new(env::current_exe().expect("a program"));
    test.args(["--exact", "sessions::left_over::application", "--nocapture"]);
    test.env(URL, url).env(KEY, key);
    let mut application: Child = test.stdout(Stdio::piped()).spawn().expect("a process");
    let lines = BufReader::new(application.stdout.take().expect("a pipe")).lines();
    let ids = lines.filter_map(|line| Some(line.expect("text").strip_prefix(OPENED)?.to_owned()));
    let ids: Vec<_> = ids.take(3).collect();
    application.kill().expect("SIGKILL");
    application.wait().expect("the end of the process");
    ids
}

async fn open_ids(coral: &Coral) -> BTreeSet<String> {
    let sessions = coral.sessions_in("default").await.expect("a list");
    sessions.into_iter().filter(|session| !session.is_closing()).map(|session| session.id).collect()
}

#[tokio::test]
async fn the_sessions_of_a_killed_process_are_closed_at_the_next_start() {
    for version in [EmulatedVersion::Server1_2, EmulatedVersion::Server1_1] {
        let stand_in = started(version).await;
        let (url, key) = (stand_in.url().to_owned(), stand_in.key().to_owned());
        let left_over = tokio::task::spawn_blocking(move || run_and_kill(&url, &key)).await.expect("no panic");
        assert_eq!(left_over.len(), 3, "{version:?}");

        let sessions = Sessions::new(coral(&stand_in)).instance("gateway-1");
        let other_instance = Sessions::new(coral(&stand_in)).instance("gateway-2");
        let kept = [
            sessions.open(&waiting(), Job::new(1)).await.expect("a session"),
            other_instance.open(&waiting(), Job::new(2)).await.expect("a session"),
        ];
        let without_instance = sessions.coral().create_session(&waiting()).await.expect("a session");
        let of_others = waiting().annotation("coral-tools.instance", "gateway-2");
        let of_another_process = of_others.annotation("coral-tools.process", "another");
        let of_others = sessions.coral().create_session(&of_another_process).await.expect("a session");
        let open = open_ids(sessions.coral()).await;
        assert!(left_over.iter().all(|id| open.contains(id)) && open.len() == 7, "{version:?}: {open:?}");

        assert_eq!(sessions.close_left_over("default").await.expect("a list"), 3, "{version:?}");
        for id in &left_over {
            // Sessions that were never executed end shortly after.
            let session = sessions.coral().session("default", id);
            let ended = session.wait_until_ended(LONG).await;
            assert!(ended.is_ok() || session.state().await.is_err_and(|error| error.is_not_found()), "{ended:?}");
        }
        let kept = kept.iter().map(|session| session.id().to_owned());
        let kept: BTreeSet<_> = kept.chain([without_instance.id().to_owned(), of_others.id().to_owned()]).collect();
        assert_eq!(open_ids(sessions.coral()).await, kept, "{version:?}");
        assert_eq!(sessions.close_left_over("default").await.expect("a list"), 0, "{version:?}");
    }
}

#[tokio::test]
async fn a_namespace_that_does_not_exist_has_no_sessions() {
    for version in EACH {
        let stand_in = started(version).await;
        let sessions: Sessions<Job> = Sessions::new(coral(&stand_in)).instance("gateway-1");
        assert_eq!(sessions.close_left_over("missing").await.expect("no error"), 0, "{version:?}");
    }
}

#[tokio::test]
async fn an_instance_without_a_name_has_no_sessions_to_close() {
    let sessions: Sessions<Job> = Sessions::new(Coral::server("http://127.0.0.1:9", "key"));
    let error = sessions.close_left_over("default").await.expect_err("an error");
    assert_eq!(error.stage(), FailureStage::InvalidRequest);
    assert!(error.to_string().contains("call `Sessions::instance`"), "{error}");
}
