//! The calls that are shown, and what is expected of each.

use coral_tools::Secret;
use coral_tools::testing::{AgentSees, CoralCaller};

/// One call of a tool.
#[derive(Debug)]
pub(crate) struct Call {
    pub(crate) title: &'static str,
    pub(crate) tool: &'static str,
    /// As a model wrote them.
    pub(crate) arguments: &'static str,
    expected: Expected,
}

/// What the agent must see.
#[derive(Debug)]
struct Expected {
    is_error: bool,
    /// Every part of the text that counts.
    parts: &'static [&'static str],
}

impl Expected {
    const fn answer(parts: &'static [&'static str]) -> Self {
        Self { is_error: false, parts }
    }

    const fn error(parts: &'static [&'static str]) -> Self {
        Self { is_error: true, parts }
    }
}

impl Call {
    /// What is not as expected.
    pub(crate) fn faults(&self, sees: &AgentSees) -> Vec<String> {
        let Expected { is_error, parts } = self.expected;
        let kind = (sees.is_error != is_error).then(|| format!("is_error should be {is_error}"));
        let missing = parts.iter().filter(|part| !sees.text.contains(**part));
        kind.into_iter().chain(missing.map(|part| format!("the text should contain {part}"))).collect()
    }
}

pub(crate) const LOOKUP: Call = Call {
    title: "The agent looks something up",
    tool: "find_time_zones",
    // Models write whole numbers like this, too.
    arguments: r#"{"country":"nz","limit":5.0}"#,
    expected: Expected::answer(&[r#""total":2"#, "Pacific/Auckland", "Pacific/Chatham", "13.75"]),
};

pub(crate) const MISTAKES: Call = Call {
    title: "It makes mistakes, and is told all of them at once",
    tool: "find_time_zones",
    arguments: r#"{"cuontry":"NZ","text":"x","utc_offset":"+13","limit":500}"#,
    expected: Expected::answer(&[r#""success":false"#, "cuontry", "country", "text", "utc_offset", "limit", "50"]),
};

pub(crate) const CORRECTION: Call = Call {
    title: "It says it again, without them",
    tool: "find_time_zones",
    arguments: r#"{"country":"NZ","text":"chatham","utc_offset":13.75,"limit":50}"#,
    expected: Expected::answer(&[r#""total":1"#, "Pacific/Chatham"]),
};

pub(crate) const REPORT: Call = Call {
    title: "It hands in its report",
    tool: "submit_report",
    arguments: r##"{"title":"Q4 sales","content":"# Summary\nUp 12 % on Q3, in the Chatham Islands, too."}"##,
    expected: Expected::answer(&[r#"{"success":true,"reportId":"report-1"}"#]),
};

/// Two calls that must not pass. `coral` calls as an agent of a session that the application knows.
pub(crate) fn refused(coral: &CoralCaller) -> [(CoralCaller, Call); 2] {
    let forged = Call {
        title: "Somebody who does not know the secret",
        tool: "submit_report",
        arguments: r#"{"title":"Forged","content":"Not from Coral"}"#,
        expected: Expected::error(&["Error code 401 returned"]),
    };
    let astray = Call {
        title: "A session that the application has not created",
        tool: "submit_report",
        arguments: r#"{"title":"Astray","content":"From another session"}"#,
        expected: Expected::error(&["Error code 400 returned"]),
    };
    [
        (coral.clone().secret(Secret::new("a guess")), forged),
        (coral.clone().in_session("d0c5a6b2-7f1e-4c39-8a44-91e2b7f3c805"), astray),
    ]
}
