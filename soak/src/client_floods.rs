//! Servers that flood the clients of this crate.

use std::io::{self, Read};
use std::process::Stdio;

use axum::Router;
use axum::body::Body;
use axum::http::Uri;
use coral_tools::platform::everruns::Everruns;
use coral_tools::platform::qoder::Qoder;
use coral_tools::{Coral, Toolset, toolset};
use tokio::net::TcpListener;

use crate::process::{Memory, Process};
use crate::scenarios::Mode;

/// The size of a flood in bytes.
const FLOOD_BYTES: usize = 120_000_000;
/// More than a client may use, in MB.
const MAX_MEMORY: usize = 700;

/// The name of each flood, and what it is.
const FLOODS: [(&str, &str); 3] = [
    ("state", "the state of a session, 120 MB of `{},{},…`"),
    ("pages", "24 pages of 5 MB"),
    ("messages", "messages of a turn, 120 MB"),
];

/// Runs a client for each flood. Returns what is not as expected.
pub(crate) async fn run(mode: Mode, name: &str) -> io::Result<Vec<String>> {
    let mut problems = Vec::new();
    println!("\n| flood of a client | RSS MB peak | result |\n| --- | ---: | --- |");
    // The others take seconds in a debug build; integration tests have them with smaller limits.
    let floods = if mode == Mode::Short { &FLOODS[..1] } else { &FLOODS[..] };
    for (flood, description) in floods.iter().filter(|(flood, _)| format!("flood {flood}").contains(name)) {
        let (memory, result) = flood_client(flood).await?;
        println!("| {description} | {} | {result} |", memory.peak);
        if mode == Mode::Short && memory.peak > MAX_MEMORY {
            problems.push(format!("{description}: the client used {} MB", memory.peak));
        }
    }
    Ok(problems)
}

async fn flood_client(flood: &str) -> io::Result<(Memory, String)> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("http://{}", listener.local_addr()?);
    let server = tokio::spawn(async move { axum::serve(listener, Router::new().fallback(respond)).await });
    let flood = flood.to_owned();
    let client = move || {
        let (process, result) = Process::start(&["client", &flood, &url], Stdio::inherit())?;
        Ok((process.memory()?, result))
    };
    let result = tokio::task::spawn_blocking(client).await.map_err(io::Error::other)?;
    server.abort();
    result
}

/// Responds to each request with as much as it can have.
async fn respond(uri: Uri) -> ([(&'static str, &'static str); 1], Body) {
    let json = [("content-type", "application/json")];
    let path = uri.path();
    if path.ends_with("/sse") {
        return ([("content-type", "text/event-stream")], messages().into());
    }
    if path.contains("/agents") {
        return (json, page(uri.query().unwrap_or_default()).into());
    }
    if path.ends_with("/events") {
        return (json, format!(r#"{{"data": [{STARTED}]}}"#).into());
    }
    if path.contains("/sessions/flooded") {
        return (json, r#"{"id": "flooded", "status": "active"}"#.into());
    }
    let items = "{},".repeat(FLOOD_BYTES / 3);
    (json, format!(r#"{{"items": [{items}{{}}]}}"#).into())
}

/// A page of a list of agents, with a link to the next one.
fn page(query: &str) -> String {
    let number: usize = query.split('&').find_map(|pair| pair.strip_prefix("page=")?.parse().ok()).unwrap_or(0);
    let agent =
        |index| format!(r#"{{"id": "agent_{number}_{index}", "type": "agent", "name": "{}"}}"#, "n".repeat(950));
    let agents: Vec<_> = (0..5000).map(agent).collect();
    let next = if number < 23 { format!(r#""{}""#, number + 1) } else { "null".to_owned() };
    format!(r#"{{"data": [{}], "next_page": {next}}}"#, agents.join(","))
}

const STARTED: &str = r#"{"id": "event_1", "type": "turn.started", "sequence": 1, "data": {"turn_id": "turn_1", "input_message_id": "message_1"}}"#;

/// Events that start a turn and add messages to it.
fn messages() -> String {
    let message = "m".repeat(10_000);
    let events = (2..FLOOD_BYTES / 10_000).map(|sequence| {
        format!(
            "id: event_{sequence}\ndata: {{\"id\": \"event_{sequence}\", \"type\": \"output.message.completed\", \"sequence\": {sequence}, \
             \"data\": {{\"message\": {{\"content\": [{{\"type\": \"text\", \"text\": \"{message}\"}}]}}}}}}\n\n"
        )
    });
    let end = r#"{"id": "event_end", "type": "turn.completed", "sequence": 100000, "data": {"turn_id": "turn_1", "iterations": 1}}"#;
    let idle = r#"{"id": "event_idle", "type": "session.idled", "sequence": 100001, "data": {"turn_id": "turn_1"}}"#;
    format!(
        "id: event_1\ndata: {STARTED}\n\n{}id: event_end\ndata: {end}\n\nid: event_idle\ndata: {idle}\n\n",
        events.collect::<String>()
    )
}

/// Runs a client of a flood, prints its result, and waits for the end of its standard input.
pub(crate) fn run_client(flood: &str, url: &str) -> io::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let result = runtime.block_on(async {
        match flood {
            "state" => result_of(Coral::server(url, "key").session("default", "session").state().await),
            "pages" => result_of(Qoder::at(url).key("key").agents().await),
            _ => {
                let tools: Toolset = toolset![];
                result_of(Everruns::at(url).key("key").session("flooded").run(&tools, &()).resume().await)
            }
        }
    });
    println!("{result}");
    io::stdin().read_to_end(&mut Vec::new()).map(drop)
}

fn result_of<T, E: std::fmt::Display>(result: Result<T, E>) -> String {
    match result {
        Ok(_) => "accepted".to_owned(),
        Err(error) => error.to_string().chars().take(200).collect(),
    }
}
