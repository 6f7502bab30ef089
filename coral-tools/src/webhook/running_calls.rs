//! Limits of the calls that run at the same time.

use std::sync::Arc;

use super::config::WebhookConfig;
use super::rejection::Rejection;
use crate::call_permit::{CallCounter, CallPermit, PerTool};
use crate::tool::RegisteredTool;
use crate::toolset::Toolset;

/// Counts the running calls: all of them, those of each tool, and those of blocking tools.
#[derive(Debug)]
pub(super) struct RunningCalls {
    limit: usize,
    tool_limit: ToolLimit,
    blocking_limit: usize,
    all: Arc<CallCounter>,
    blocking: Arc<CallCounter>,
    by_tool: PerTool<CallCounter>,
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
            by_tool: PerTool::default(),
        }
    }

    /// Returns the permit of a call of `tool`, one of `tools`, unless a limit is reached.
    pub(super) fn permit<S>(&self, tools: &Toolset<S>, tool: &RegisteredTool<S>) -> Result<CallPermit, Rejection> {
        let of_tool = self.by_tool.get(tool.descriptor.name(), CallCounter::default);
        Ok(CallPermit {
            all: self.all.try_add(self.limit).ok_or(Rejection::TooManyCalls)?,
            tool: of_tool.try_add(self.tool_limit(tools)).ok_or(Rejection::TooManyCallsOfTool)?,
            blocking: match tool.blocking {
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
}

/// The default share of one tool, and of all blocking tools.
fn half(limit: usize) -> usize {
    (limit / 2).max(1)
}
