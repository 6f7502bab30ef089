//! The attacks, and what is expected of each.

use std::io;
use std::time::Duration;

use crate::attacks::{Attack, Behaviour};
use crate::callers::{CallerLimit, CallerResults, Callers};
use crate::client_floods;
use crate::process::ServerProcess;
use crate::report::{Row, print_header};
use crate::requests::{Request, text};

/// Whether times are measured or only counts are checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    Full,
    Short,
}

/// The time of the calls without an attack.
const CALM: Duration = Duration::from_secs(2);
/// The time that an attack has before the legitimate calls.
const RAMP: Duration = Duration::from_millis(500);
/// The threads for blocking work that tokio has by default.
const THREADS: usize = 512;
/// Log lines that one request may cause: four of a panic, as many of a panic in its drop, and events.
const MAX_LOG_LINES_PER_REQUEST: usize = 12;

const FAST: &str = "/coral/fast";
const QUICK: &str = "/other/quick";

/// An attack, the tool that legitimate callers call, and the expected statuses.
struct Scenario {
    name: &'static str,
    connections: usize,
    behaviour: Behaviour,
    pause: Duration,
    /// Seconds of legitimate calls.
    seconds: u64,
    /// Whether the attack holds its connections, so that it has no end of its own.
    holds: bool,
    tool: &'static str,
    blocking_threads: usize,
    /// The statuses that the attack may receive; `closed` is always allowed when it closes connections itself.
    expected: &'static [&'static str],
}

impl Scenario {
    fn new(name: &'static str, connections: usize, behaviour: Behaviour, expected: &'static [&'static str]) -> Self {
        Self {
            name,
            connections,
            behaviour,
            pause: Duration::from_millis(2),
            seconds: 4,
            holds: false,
            tool: FAST,
            blocking_threads: THREADS,
            expected,
        }
    }

    /// An attack that holds what it gets for as long as it can.
    fn holding(self, seconds: u64) -> Self {
        Self { holds: true, seconds, pause: Duration::from_millis(50), ..self }
    }

    fn beside(self, tool: &'static str) -> Self {
        Self { tool, ..self }
    }

    fn with_blocking_threads(self, blocking_threads: usize) -> Self {
        Self { blocking_threads, ..self }
    }

    fn blocks(&self) -> bool {
        matches!(&self.behaviour, Behaviour::Call(request) if request.head.contains("/coral/block"))
    }
}

fn scenarios() -> Vec<Scenario> {
    use Behaviour::{Call, HalfClosed, HeadOnly, Reset, SlowBody, WithheldByte};
    let call = |tool: &str, body: &str| Call(Request::signed(&format!("/coral/{tool}"), body));
    let announced = |length: usize| {
        let mut request = Request::forged(FAST, "");
        request.head = request.head.replace("Content-Length: 0", &format!("Content-Length: {length}"));
        request
    };
    let headers = |count: usize| {
        let names: Vec<_> = (0..count).map(|index| format!("X-Header-{index}")).collect();
        let value = "v".repeat(100);
        let headers: Vec<_> = names.iter().map(|name| (name.as_str(), value.as_str())).collect();
        Call(Request::with_headers(FAST, "{}", &headers))
    };
    let deep = format!(r#"{{"text": {}"#, "[".repeat(100_000));
    let wide: String = (0..10_000).map(|index| format!(r#""key {index}": 1,"#)).collect();
    let block = || call("block", "{}");
    vec![
        Scenario::new("forged signatures", 16, Call(Request::forged(FAST, text(100))), &["401"]),
        Scenario::new("forged, 200 kB bodies", 8, Call(Request::forged(FAST, text(200_000))), &["401"]),
        Scenario::new("slow bodies, 1 byte/s", 520, SlowBody(Request::forged(FAST, text(1000))), &["408", "503"])
            .holding(14),
        Scenario::new(
            "withheld last bytes of 250 kB",
            200,
            WithheldByte(Request::forged(FAST, text(250_000))),
            &["408", "503", "closed"],
        )
        .holding(8),
        Scenario::new("announced bodies of 1 GB", 16, HeadOnly(announced(1 << 30)), &["413"]),
        Scenario::new("half-closed connections", 16, HalfClosed(Request::forged(FAST, text(1000))), &["400", "closed"]),
        Scenario::new("reset connections", 16, Reset(Request::forged(FAST, text(1000))), &["closed"]),
        Scenario::new("95 headers, unsigned", 16, headers(90), &["401"]),
        Scenario::new("200 headers", 16, headers(200), &["431", "closed"]),
        Scenario::new("deep JSON, signed", 8, call("fast", &deep), &["200"]),
        Scenario::new("wide JSON, signed", 8, call("fast", &format!(r#"{{{wide} "text": ""}}"#)), &["200"]),
        Scenario::new("a tool that panics", 16, call("panics", "{}"), &["200"]),
        Scenario::new("a tool that fills memory", 8, call("fill", "{}"), &["200"]),
        Scenario::new("a future whose drop panics", 8, call("panics_when_dropped", "{}"), &["200"]),
        Scenario::new("a panic whose drop panics", 8, call("panics_with_a_panic", "{}"), &["200"]),
        Scenario::new("a tool that hangs", 600, call("hang", "{}"), &["200", "503"]).holding(14),
        Scenario::new("blocked threads, async tool", 600, block(), &["200", "503"]).holding(8),
        Scenario::new("blocked threads, other toolset", 600, block(), &["200", "503"]).holding(8).beside(QUICK),
        Scenario::new("16 blocked threads, async tool", 600, block(), &["200", "503"])
            .holding(8)
            .with_blocking_threads(16),
    ]
}

pub(crate) async fn run(mode: Mode, name: &str) -> io::Result<()> {
    let mut problems = Vec::new();
    print_header(mode);
    for scenario in scenarios().iter().filter(|scenario| scenario.name.contains(name)) {
        let row = scenario.run(mode).await?;
        row.print(mode);
        if mode == Mode::Short {
            problems.extend(scenario.problems(&row));
        }
    }
    problems.extend(client_floods::run(mode, name).await?);
    if problems.is_empty() { Ok(()) } else { Err(io::Error::other(problems.join("\n"))) }
}

impl Scenario {
    async fn run(&self, mode: Mode) -> io::Result<Row> {
        let server = ServerProcess::start(self.blocking_threads)?;
        let callers = |limit, connections| Callers { path: self.tool, connections, limit };
        let mut calm = match mode {
            Mode::Full => callers(CallerLimit::Time(CALM), 16).run(server.address).await,
            Mode::Short => CallerResults::default(),
        };
        let (memory, log) = (server.memory()?, server.log_volume());
        let attack = Attack {
            connections: self.connections,
            behaviour: self.behaviour.clone(),
            // A debug build of the server has other work than rejecting calls.
            pause: if mode == Mode::Short { self.pause * 20 } else { self.pause },
            attempts: if mode == Mode::Short && !self.holds { Some(3) } else { None },
        };
        let mut attack = attack.start(server.address);
        let results = match mode {
            Mode::Full => {
                tokio::time::sleep(RAMP).await;
                callers(CallerLimit::Time(Duration::from_secs(self.seconds)), 16).run(server.address).await
            }
            Mode::Short => {
                attack.started().await;
                callers(CallerLimit::Calls(25), 4).run(server.address).await
            }
        };
        if mode == Mode::Short && !self.holds {
            attack.finished().await;
        }
        let statuses = attack.statuses();
        drop(attack);
        let blocking = if self.blocks() { Some(self.release(&server).await?) } else { None };
        let (memory_after, log_after) = (server.memory()?, server.log_volume());
        if mode == Mode::Full {
            // Before and after, because other work on the machine changes, too.
            calm.merge(callers(CallerLimit::Time(CALM), 16).run(server.address).await);
        }
        Ok(Row {
            name: self.name,
            connections: self.connections,
            calm,
            results,
            statuses,
            memory: [memory.now, memory_after.peak, memory_after.now],
            log_lines: log_after.0 - log.0,
            log_bytes: log_after.1 - log.1,
            blocking,
        })
    }

    /// Releases blocked threads. Returns how many calls began, and how many of them after their deadline.
    async fn release(&self, server: &ServerProcess) -> io::Result<(u64, u64)> {
        server.release().await?;
        // A call that is dispatched now begins after the calls that wait for a thread.
        let last = Request::signed(QUICK, text(100));
        crate::attacks::call_repeatedly(server.address, &last, 1).await?;
        Ok((server.statistic("begun").await?, server.statistic("begun_late").await?))
    }

    fn problems(&self, row: &Row) -> Vec<String> {
        let mut problems = Vec::new();
        let (whole, late) = (&row.results.whole, &row.results.late);
        for (kind, calls) in [("calls", whole), ("calls with late bodies", late)] {
            if calls.served != calls.calls {
                problems.push(format!(
                    "{}: {} of {} {kind} served: {}",
                    self.name, calls.served, calls.calls, calls.statuses
                ));
            }
        }
        if row.statuses.names().iter().any(|status| !self.expected.contains(status)) {
            problems.push(format!("{}: responses: {}; expected: {:?}", self.name, row.statuses, self.expected));
        }
        let lines = MAX_LOG_LINES_PER_REQUEST * (self.connections * 3 + whole.calls + late.calls);
        if !self.holds && row.log_lines > lines {
            problems.push(format!("{}: {} log lines; at most {lines} expected", self.name, row.log_lines));
        }
        problems
    }
}
