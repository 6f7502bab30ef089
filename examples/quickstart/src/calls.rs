//! The calls of the demonstration, with their expected results.

use coral_tools::Secret;
use coral_tools::testing::{AgentView, CoralCaller};

/// A call of a tool, with its expected result.
#[derive(Debug)]
pub(crate) struct ScriptedCall {
    pub(crate) title: &'static str,
    pub(crate) tool: &'static str,
    /// JSON, as a model writes it.
    pub(crate) arguments: &'static str,
    expected: ExpectedResult,
}

/// The expected result of a call.
#[derive(Debug)]
struct ExpectedResult {
    is_error: bool,
    /// Strings that the text must contain.
    parts: &'static [&'static str],
}

impl ExpectedResult {
    const fn success(parts: &'static [&'static str]) -> Self {
        Self { is_error: false, parts }
    }

    const fn error(parts: &'static [&'static str]) -> Self {
        Self { is_error: true, parts }
    }
}

impl ScriptedCall {
    /// Returns the differences from the expected result.
    pub(crate) fn differences(&self, result: &AgentView) -> Vec<String> {
        let ExpectedResult { is_error, parts } = self.expected;
        let status = (result.is_error != is_error).then(|| format!("is_error should be {is_error}"));
        let missing = parts.iter().filter(|part| !result.text.contains(**part));
        status.into_iter().chain(missing.map(|part| format!("the text should contain {part}"))).collect()
    }
}

pub(crate) const LOOKUP: ScriptedCall = ScriptedCall {
    title: "An agent looks up time zones",
    tool: "find_time_zones",
    // Some models write integers like this.
    arguments: r#"{"country":"nz","limit":5.0}"#,
    expected: ExpectedResult::success(&[r#""total":2"#, "Pacific/Auckland", "Pacific/Chatham", "13.75"]),
};

pub(crate) const INVALID_ARGUMENTS: ScriptedCall = ScriptedCall {
    title: "Invalid arguments are reported together",
    tool: "find_time_zones",
    arguments: r#"{"cuontry":"NZ","text":"x","utc_offset":"+13","limit":500}"#,
    expected: ExpectedResult::success(&[
        r#""success":false"#,
        "cuontry",
        "country",
        "text",
        "utc_offset",
        "limit",
        "50",
    ]),
};

pub(crate) const CORRECTION: ScriptedCall = ScriptedCall {
    title: "The agent corrects its call",
    tool: "find_time_zones",
    arguments: r#"{"country":"NZ","text":"chatham","utc_offset":13.75,"limit":50}"#,
    expected: ExpectedResult::success(&[r#""total":1"#, "Pacific/Chatham"]),
};

pub(crate) const REPORT: ScriptedCall = ScriptedCall {
    title: "The agent submits its report",
    tool: "submit_report",
    arguments: r##"{"title":"Q4 sales","content":"# Summary\nUp 12 % on Q3, including the Chatham Islands."}"##,
    expected: ExpectedResult::success(&[r#"{"success":true,"reportId":"report-1"}"#]),
};

/// Two calls that must be rejected. `coral` calls as an agent of a known session.
pub(crate) fn rejected_calls(coral: &CoralCaller) -> [(CoralCaller, ScriptedCall); 2] {
    let forged = ScriptedCall {
        title: "A call with a wrong secret is rejected",
        tool: "submit_report",
        arguments: r#"{"title":"Forged","content":"Not from Coral"}"#,
        expected: ExpectedResult::error(&["Error code 401 returned"]),
    };
    let unknown = ScriptedCall {
        title: "A call from an unknown session is rejected",
        tool: "submit_report",
        arguments: r#"{"title":"Unknown","content":"From another session"}"#,
        expected: ExpectedResult::error(&["Error code 400 returned"]),
    };
    [
        (coral.clone().secret(Secret::new("a guess")), forged),
        (coral.clone().in_session("d0c5a6b2-7f1e-4c39-8a44-91e2b7f3c805"), unknown),
    ]
}
