//! The tools.

use coral_tools::{CallContext, State, ToolError, coral_tool};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::atlas::{Atlas, ZoneFilter, ZoneList};
use crate::sessions::{Report, Sessions};

/// The result of `submit_report`.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Receipt {
    pub(crate) success: bool,
    pub(crate) report_id: String,
}

/// Submit a completed report to the application.
#[coral_tool]
pub(crate) async fn submit_report(
    /// The title of the report.
    #[arg(min_length = 1)]
    title: String,
    /// The report content in markdown format.
    #[arg(min_length = 1)]
    content: String,
    #[context] call: CallContext,
    #[context] State(sessions): State<Sessions>,
) -> Result<Receipt, ToolError> {
    let report = Report { title, content };
    let id = sessions.save(call.session_id(), report).ok_or_else(ToolError::unknown_session)?;
    Ok(Receipt { success: true, report_id: format!("report-{id}") })
}

/// Find time zones. Give at least one of country, text and utc_offset.
#[coral_tool(read_only, idempotent)]
pub(crate) async fn find_time_zones(
    /// The ISO 3166 code of the country, such as `NZ`.
    #[arg(min_length = 2, max_length = 2)]
    country: Option<String>,
    /// Part of the name or the note, such as `chatham`.
    #[arg(min_length = 2)]
    text: Option<String>,
    /// Hours east of UTC, in January or July.
    #[arg(minimum = -12, maximum = 14)]
    utc_offset: Option<f64>,
    /// How many zones to list at most.
    #[arg(default = 10, minimum = 1, maximum = 50)]
    limit: usize,
    #[context] State(atlas): State<Atlas>,
) -> Result<ZoneList, ToolError> {
    let filter = ZoneFilter { country, text, utc_offset };
    if filter.is_empty() {
        return Err(ToolError::new("give at least one of country, text and utc_offset"));
    }
    if filter.country.as_deref().is_some_and(|code| !atlas.has_country(code)) {
        return Err(ToolError::new("unknown country code; omit `country` and search by text"));
    }
    Ok(atlas.find(&filter, limit))
}
