//! The table.

use std::time::Duration;

use crate::callers::{CallResults, CallerResults};
use crate::counts::StatusCounts;
use crate::scenarios::Mode;

/// The results of one attack.
#[derive(Debug)]
pub(crate) struct Row {
    pub(crate) name: &'static str,
    pub(crate) connections: usize,
    pub(crate) calm: CallerResults,
    pub(crate) results: CallerResults,
    /// The responses to the attack.
    pub(crate) statuses: StatusCounts,
    /// The server's memory in MB: before, at its peak, after.
    pub(crate) memory: [usize; 3],
    pub(crate) log_lines: usize,
    pub(crate) log_bytes: usize,
    /// Blocking calls that began, and those that began after their deadline.
    pub(crate) blocking: Option<(u64, u64)>,
}

pub(crate) fn print_header(mode: Mode) {
    let times = if mode == Mode::Full {
        " p99 calm, ms | p99, ms | ratio | late p99 calm, ms | late p99, ms | ratio |"
    } else {
        ""
    };
    let rules = if mode == Mode::Full { " ---: | ---: | ---: | ---: | ---: | ---: |" } else { "" };
    println!(
        "| attack | connections | served | late bodies served |{times} RSS MB before/peak/after | log lines | log kB | responses to the attack |"
    );
    println!("| --- | ---: | ---: | ---: |{rules} ---: | ---: | ---: | --- |");
}

impl Row {
    pub(crate) fn print(&self, mode: Mode) {
        let [before, peak, after] = self.memory;
        let times = match mode {
            Mode::Full => {
                format!(
                    " {} | {} |",
                    latencies(&self.calm.whole, &self.results.whole),
                    latencies(&self.calm.late, &self.results.late)
                )
            }
            Mode::Short => String::new(),
        };
        let blocking = self.blocking.map_or_else(String::new, |(begun, late)| {
            format!("; {begun} blocking calls began, {late} of them after their deadline")
        });
        println!(
            "| {} | {} | {} | {} |{times} {before}/{peak}/{after} | {} | {} | {}{blocking} |",
            self.name,
            self.connections,
            share(&self.results.whole),
            share(&self.results.late),
            self.log_lines,
            self.log_bytes / 1000,
            self.statuses,
        );
    }
}

fn share(calls: &CallResults) -> String {
    let percent = 100.0 * calls.served as f64 / calls.calls.max(1) as f64;
    format!("{} of {} ({percent:.1} %)", calls.served, calls.calls)
}

fn latencies(calm: &CallResults, results: &CallResults) -> String {
    let milliseconds = |time: Duration| time.as_secs_f64() * 1e3;
    let (calm, loaded) = (milliseconds(calm.p99()), milliseconds(results.p99()));
    format!("{calm:.1} | {loaded:.1} | {:.1}", loaded / calm)
}
