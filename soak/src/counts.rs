//! Numbers of responses.

use std::collections::BTreeMap;
use std::fmt;
use std::io;

use crate::connection::Response;

/// How often each status was received. Connections that ended without a response count as `closed`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct StatusCounts(BTreeMap<String, usize>);

impl StatusCounts {
    pub(crate) fn add(&mut self, response: &io::Result<Response>) {
        let name = match response {
            Ok(response) => response.status.to_string(),
            Err(_) => "closed".to_owned(),
        };
        *self.0.entry(name).or_default() += 1;
    }

    pub(crate) fn merge(&mut self, other: Self) {
        for (name, count) in other.0 {
            *self.0.entry(name).or_default() += count;
        }
    }

    pub(crate) fn names(&self) -> Vec<&str> {
        self.0.keys().map(String::as_str).collect()
    }
}

impl fmt::Display for StatusCounts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let counts: Vec<_> = self.0.iter().map(|(name, count)| format!("{count} x {name}")).collect();
        f.write_str(&counts.join(", "))
    }
}
