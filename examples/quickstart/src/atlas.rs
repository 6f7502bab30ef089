//! The time zones of the world, from `data/time_zones.csv`.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

const TIME_ZONES: &str = include_str!("../data/time_zones.csv");

/// One time zone in one country.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct TimeZone {
    /// The name in the IANA time zone database.
    pub(crate) name: String,
    pub(crate) country_code: String,
    pub(crate) country: String,
    pub(crate) latitude: f64,
    pub(crate) longitude: f64,
    /// Hours east of UTC.
    pub(crate) utc_offset_january: f64,
    /// Hours east of UTC.
    pub(crate) utc_offset_july: f64,
    /// The part of the country.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) note: Option<String>,
}

/// The criteria of a search.
#[derive(Debug, Default)]
pub(crate) struct ZoneFilter {
    pub(crate) country: Option<String>,
    pub(crate) text: Option<String>,
    pub(crate) utc_offset: Option<f64>,
}

/// The result of a search.
#[derive(Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct ZoneList {
    /// How many zones match; `zones` may list fewer.
    pub(crate) total: usize,
    pub(crate) zones: Vec<TimeZone>,
}

/// All time zones.
#[derive(Debug, Clone)]
pub(crate) struct Atlas {
    zones: Arc<[TimeZone]>,
}

impl Atlas {
    /// Parses the embedded file.
    pub(crate) fn load() -> Result<Self, csv::Error> {
        let zones = csv::Reader::from_reader(TIME_ZONES.as_bytes()).into_deserialize().collect::<Result<_, _>>()?;
        Ok(Self { zones })
    }

    pub(crate) fn has_country(&self, code: &str) -> bool {
        self.zones.iter().any(|zone| zone.country_code.eq_ignore_ascii_case(code))
    }

    pub(crate) fn find(&self, filter: &ZoneFilter, limit: usize) -> ZoneList {
        let found: Vec<_> = self.zones.iter().filter(|zone| filter.matches(zone)).collect();
        ZoneList { total: found.len(), zones: found.into_iter().take(limit).cloned().collect() }
    }
}

impl ZoneFilter {
    pub(crate) fn is_empty(&self) -> bool {
        self.country.is_none() && self.text.is_none() && self.utc_offset.is_none()
    }

    fn matches(&self, zone: &TimeZone) -> bool {
        let offsets = [zone.utc_offset_january, zone.utc_offset_july];
        self.country.as_ref().is_none_or(|code| zone.country_code.eq_ignore_ascii_case(code))
            && self.text.as_ref().is_none_or(|text| zone.mentions(text))
            && self.utc_offset.is_none_or(|offset| offsets.contains(&offset))
    }
}

impl TimeZone {
    fn mentions(&self, text: &str) -> bool {
        let text = text.to_lowercase();
        let name = self.name.replace('_', " ").to_lowercase();
        let note = self.note.as_deref().unwrap_or_default().to_lowercase();
        name.contains(&text) || self.name.to_lowercase().contains(&text) || note.contains(&text)
    }
}
