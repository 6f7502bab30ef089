//! The calls that are shown, and what is expected of each.

use coral_tools::Secret;
use coral_tools::dev::{AgentSees, CoralCaller};

/// The session that the application knows.
pub(crate) const SESSION: &str = "6f1c2e7a-3b84-4d09-9a5e-2c7d81f0b364";
pub(crate) const AGENT: &str = "report-writer";

/// One call, as it is shown.
#[derive(Debug)]
pub(crate) struct Call {
    pub(crate) title: &'static str,
    pub(crate) caller: CoralCaller,
    pub(crate) tool: &'static str,
    /// As a model wrote them.
    pub(crate) arguments: &'static str,
    pub(crate) expected: Expected,
}

/// What the agent must see.
#[derive(Debug)]
pub(crate) struct Expected {
    is_error: bool,
    /// Every part of the text that counts.
    parts: &'static [&'static str],
}

impl Expected {
    fn answer(parts: &'static [&'static str]) -> Self {
        Self { is_error: false, parts }
    }

    fn error(parts: &'static [&'static str]) -> Self {
        Self { is_error: true, parts }
    }

    /// What is not as expected.
    pub(crate) fn faults(&self, sees: &AgentSees) -> Vec<String> {
        let kind = (sees.is_error != self.is_error).then(|| format!("is_error should be {}", self.is_error));
        let missing = self.parts.iter().filter(|part| !sees.text.contains(**part));
        kind.into_iter().chain(missing.map(|part| format!("the text should contain {part}"))).collect()
    }
}

/// The guide's call, a lookup, a mistake that the agent can mend, and two calls that must not pass.
pub(crate) fn calls(coral: &CoralCaller) -> [Call; 5] {
    [
        Call {
            title: "The agent hands in its report",
            caller: coral.clone(),
            tool: "submit_report",
            arguments: r##"{"title":"Q4 sales","content":"# Summary\nUp 12 % on Q3."}"##,
            expected: Expected::answer(&[r#"{"success":true,"reportId":"report-1"}"#]),
        },
        Call {
            title: "The agent looks something up",
            caller: coral.clone(),
            tool: "find_time_zones",
            // Models write whole numbers like this, too.
            arguments: r#"{"country":"nz","limit":5.0}"#,
            expected: Expected::answer(&[r#""total":2"#, "Pacific/Auckland", "Pacific/Chatham", "13.75"]),
        },
        Call {
            title: "The agent makes mistakes, and is told all of them at once",
            caller: coral.clone(),
            tool: "find_time_zones",
            arguments: r#"{"cuontry":"NZ","text":"x","utc_offset":"+13","limit":500}"#,
            expected: Expected::answer(&[
                r#""success":false"#,
                "cuontry",
                "country",
                "text",
                "utc_offset",
                "limit",
                "50",
            ]),
        },
        Call {
            title: "Somebody who does not know the secret",
            caller: coral.clone().secret(Secret::new("a guess")),
            tool: "submit_report",
            arguments: r#"{"title":"Forged","content":"Not from Coral"}"#,
            expected: Expected::error(&["Error code 401 returned"]),
        },
        Call {
            title: "A session that the application has not created",
            caller: coral.clone().in_session("d0c5a6b2-7f1e-4c39-8a44-91e2b7f3c805"),
            tool: "submit_report",
            arguments: r#"{"title":"Astray","content":"From another session"}"#,
            expected: Expected::error(&["Error code 400 returned"]),
        },
    ]
}
