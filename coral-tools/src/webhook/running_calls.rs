//! Limits of the calls that run at the same time.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};

use super::config::WebhookConfig;
use super::rejection::Rejection;
use crate::call_permit::{CallCounter, CallPermit};
use crate::toolset::Toolset;

/// Counts the running calls: all of them, those of each tool, and those of blocking tools.
#[derive(Debug)]
pub(super) struct RunningCalls {
    limit: usize,
    tool_limit: ToolLimit,
    blocking_limit: usize,
    all: Arc<CallCounter>,
    blocking: Arc<CallCounter>,
    by_tool: RwLock<BTreeMap<String, Arc<CallCounter>>>,
}

/// How many calls of one tool may run.
#[derive(Debug, Clone, Copy)]
enum ToolLimit {
    Calls(usize),
    /// Half of all calls, unless the toolset has no other tool.
    Half,
}

impl RunningCalls {
    pub(super) fn new(config: &WebhookConfig) -> Self {
        let limit = config.concurrency;
        Self {
            limit,
            tool_limit: config.tool_concurrency.map_or(ToolLimit::Half, ToolLimit::Calls),
            blocking_limit: config.blocking_concurrency.unwrap_or_else(|| half(limit)),
            all: Arc::default(),
            blocking: Arc::default(),
            by_tool: RwLock::default(),
        }
    }

    /// Returns the permit of a call, unless a limit is reached or the toolset does not contain the tool.
    pub(super) fn permit<S>(&self, tools: &Toolset<S>, tool: &str) -> Result<CallPermit, Rejection> {
        let is_blocking = tools.is_blocking(tool).ok_or(Rejection::UnknownTool)?;
        Ok(CallPermit {
            all: self.all.try_add(self.limit).ok_or(Rejection::TooManyCalls)?,
            tool: self.counter(tools, tool).try_add(self.tool_limit(tools)).ok_or(Rejection::TooManyCallsOfTool)?,
            blocking: match is_blocking {
                true => Some(self.blocking.try_add(self.blocking_limit).ok_or(Rejection::TooManyBlockingCalls)?),
                false => None,
            },
        })
    }

    fn tool_limit<S>(&self, tools: &Toolset<S>) -> usize {
        match self.tool_limit {
            ToolLimit::Calls(limit) => limit,
            ToolLimit::Half if tools.has_several_tools() => half(self.limit),
            ToolLimit::Half => self.limit,
        }
    }

    /// Returns the counter of a tool.
    fn counter<S>(&self, tools: &Toolset<S>, tool: &str) -> Arc<CallCounter> {
        let by_tool = self.by_tool.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(counter) = by_tool.get(tool) {
            return Arc::clone(counter);
        }
        drop(by_tool);
        let mut by_tool = self.by_tool.write().unwrap_or_else(PoisonError::into_inner);
        // Tools that have been removed from the toolset, and whose calls have ended.
        by_tool.retain(|name, counter| Arc::strong_count(counter) > 1 || tools.is_blocking(name).is_some());
        Arc::clone(by_tool.entry(tool.to_owned()).or_default())
    }
}

/// The default share of one tool, and of all blocking tools.
fn half(limit: usize) -> usize {
    (limit / 2).max(1)
}
