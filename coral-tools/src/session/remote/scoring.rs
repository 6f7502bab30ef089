//! How servers are compared.

use serde::Serialize;

use super::server::ServerAttributeType;

/// How servers are compared; the one with the highest score is taken.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
#[non_exhaustive]
pub enum ServerScoring {
    /// Not at all: each scores 1.
    #[serde(rename = "default")]
    Equal,
    /// By the sum of these.
    Custom {
        /// The scorers.
        scorers: Vec<ServerScorer>,
    },
}

impl ServerScoring {
    pub(super) fn scorers(&self) -> &[ServerScorer] {
        match self {
            Self::Equal => &[],
            Self::Custom { scorers } => scorers,
        }
    }
}

/// What the attributes of a server add to its score.
///
/// ```
/// use coral_tools::session::{ServerAttributeType, ServerScorer, ScoreWeight};
///
/// let near = ServerScorer::StringEqual {
///     attribute: ServerAttributeType::GeographicLocation,
///     string: "Europe/Berlin".into(),
///     effect: ScoreWeight { weight: 2.0 },
/// };
/// assert_eq!(serde_json::to_value(&near)?["op"], "string_equal");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "op", rename_all = "snake_case")]
#[non_exhaustive]
pub enum ServerScorer {
    /// For every such attribute that is `true`.
    IsTrue {
        /// The attribute.
        #[serde(rename = "type")]
        attribute: ServerAttributeType,
        /// What is added.
        effect: ScoreWeight,
    },
    /// For every such attribute that is `false`.
    IsFalse {
        /// The attribute.
        #[serde(rename = "type")]
        attribute: ServerAttributeType,
        /// What is added.
        effect: ScoreWeight,
    },
    /// For every such attribute.
    IsPresent {
        /// The attribute.
        #[serde(rename = "type")]
        attribute: ServerAttributeType,
        /// What is added.
        effect: ScoreEffect,
    },
    /// Where there is no such attribute.
    IsNotPresent {
        /// The attribute.
        #[serde(rename = "type")]
        attribute: ServerAttributeType,
        /// What is added.
        effect: ScoreWeight,
    },
    /// For every such attribute that is this text.
    StringEqual {
        /// The attribute.
        #[serde(rename = "type")]
        attribute: ServerAttributeType,
        /// The text.
        string: String,
        /// What is added.
        effect: ScoreWeight,
    },
    /// For every such attribute that is another text.
    StringNotEqual {
        /// The attribute.
        #[serde(rename = "type")]
        attribute: ServerAttributeType,
        /// The text.
        string: String,
        /// What is added.
        effect: ScoreWeight,
    },
}

impl ServerScorer {
    pub(super) fn weight(&self) -> f64 {
        match self {
            Self::IsTrue { effect, .. }
            | Self::IsFalse { effect, .. }
            | Self::IsNotPresent { effect, .. }
            | Self::StringEqual { effect, .. }
            | Self::StringNotEqual { effect, .. } => effect.weight,
            Self::IsPresent { effect: ScoreEffect::Flat { weight } | ScoreEffect::Multiplier { weight }, .. } => {
                *weight
            }
        }
    }
}

/// What is added to a score.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct ScoreWeight {
    /// How much; less than zero takes away.
    pub weight: f64,
}

/// What an attribute that is there adds to a score.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
#[non_exhaustive]
pub enum ScoreEffect {
    /// Always the same.
    Flat {
        /// How much; less than zero takes away.
        weight: f64,
    },
    /// The attribute's own number, so many times.
    Multiplier {
        /// How many times.
        weight: f64,
    },
}
