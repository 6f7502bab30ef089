//! Legitimate callers.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use tokio::task::JoinSet;
use tokio::time::sleep;

use crate::connection::{BodyTiming, Connection};
use crate::counts::StatusCounts;
use crate::requests::{Request, text};

/// The pause of a caller between two calls.
const PAUSE: Duration = Duration::from_millis(5);

/// How long legitimate callers call.
#[derive(Debug, Clone, Copy)]
pub(crate) enum CallerLimit {
    /// Each caller makes this number of calls.
    Calls(usize),
    Time(Duration),
}

/// The legitimate callers of one measurement: half of them send each body after its head.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Callers {
    pub(crate) path: &'static str,
    pub(crate) connections: usize,
    pub(crate) limit: CallerLimit,
}

/// The results of one kind of legitimate calls.
#[derive(Debug, Default)]
pub(crate) struct CallResults {
    pub(crate) statuses: StatusCounts,
    pub(crate) calls: usize,
    /// Calls with status 200 and a value.
    pub(crate) served: usize,
    pub(crate) latencies: Vec<Duration>,
}

impl CallResults {
    fn merge(&mut self, other: Self) {
        self.statuses.merge(other.statuses);
        self.calls += other.calls;
        self.served += other.served;
        self.latencies.extend(other.latencies);
    }

    pub(crate) fn p99(&self) -> Duration {
        let mut latencies = self.latencies.clone();
        latencies.sort();
        latencies.get((latencies.len() * 99 / 100).min(latencies.len().saturating_sub(1))).copied().unwrap_or_default()
    }
}

/// The results of calls whose bodies came with the heads, and of those whose bodies came late.
#[derive(Debug, Default)]
pub(crate) struct CallerResults {
    pub(crate) whole: CallResults,
    pub(crate) late: CallResults,
}

impl CallerResults {
    pub(crate) fn merge(&mut self, other: Self) {
        self.whole.merge(other.whole);
        self.late.merge(other.late);
    }
}

impl Callers {
    pub(crate) async fn run(self, address: SocketAddr) -> CallerResults {
        let mut tasks = JoinSet::new();
        for index in 0..self.connections {
            let timing = if index % 2 == 0 { BodyTiming::WithHead } else { BodyTiming::Late };
            tasks.spawn(async move { (timing, self.call_repeatedly(address, timing).await) });
        }
        let mut results = CallerResults::default();
        for (timing, result) in tasks.join_all().await {
            match timing {
                BodyTiming::WithHead => results.whole.merge(result),
                BodyTiming::Late => results.late.merge(result),
            }
        }
        results
    }

    async fn call_repeatedly(self, address: SocketAddr, timing: BodyTiming) -> CallResults {
        let request = Request::signed(self.path, text(100));
        let (mut results, started, mut connection) = (CallResults::default(), Instant::now(), None);
        while match self.limit {
            CallerLimit::Calls(calls) => results.calls < calls,
            CallerLimit::Time(time) => started.elapsed() < time,
        } {
            let sent = Instant::now();
            let response = match &mut connection {
                Some(connection) => Connection::call(connection, &request, timing).await,
                empty => match Connection::open(address).await {
                    Ok(opened) => empty.insert(opened).call(&request, timing).await,
                    Err(error) => Err(error),
                },
            };
            results.calls += 1;
            results.served +=
                usize::from(response.as_ref().is_ok_and(|response| response.body == br#"{"result":100}"#));
            results.latencies.push(sent.elapsed());
            results.statuses.add(&response);
            if response.is_err() {
                connection = None;
            }
            if matches!(self.limit, CallerLimit::Time(_)) {
                sleep(PAUSE).await;
            }
        }
        results
    }
}
