//! How remote servers are compared.

use serde::Serialize;

use super::server::ServerAttributeType;

/// How remote servers are compared. The one with the highest score is chosen.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
#[non_exhaustive]
pub enum ServerScoring {
    /// All servers have the same score; `default` on the wire.
    #[serde(rename = "default")]
    Equal,
    /// The sum of several scorers.
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

/// A contribution to a server's score, from its attributes of one type.
///
/// ```
/// use coral_tools::session::{FlatScoreEffect, ServerAttributeType, ServerScorer};
///
/// let near = ServerScorer::StringEqual {
///     attribute: ServerAttributeType::GeographicLocation,
///     string: "Europe/Berlin".into(),
///     effect: FlatScoreEffect::new(2.0),
/// };
/// assert_eq!(serde_json::to_value(&near)?["op"], "string_equal");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "op", rename_all = "snake_case")]
#[non_exhaustive]
pub enum ServerScorer {
    /// Scores each such attribute that is `true`.
    IsTrue {
        /// The attribute.
        #[serde(rename = "type")]
        attribute: ServerAttributeType,
        /// The amount added.
        effect: FlatScoreEffect,
    },
    /// Scores each such attribute that is `false`.
    IsFalse {
        /// The attribute.
        #[serde(rename = "type")]
        attribute: ServerAttributeType,
        /// The amount added.
        effect: FlatScoreEffect,
    },
    /// Scores each such attribute.
    IsPresent {
        /// The attribute.
        #[serde(rename = "type")]
        attribute: ServerAttributeType,
        /// The amount added.
        effect: ScoreEffect,
    },
    /// Scores a server without such an attribute.
    IsNotPresent {
        /// The attribute.
        #[serde(rename = "type")]
        attribute: ServerAttributeType,
        /// The amount added.
        effect: FlatScoreEffect,
    },
    /// Scores each such attribute that equals a string.
    StringEqual {
        /// The attribute.
        #[serde(rename = "type")]
        attribute: ServerAttributeType,
        /// The string.
        string: String,
        /// The amount added.
        effect: FlatScoreEffect,
    },
    /// Scores each such attribute that differs from a string.
    StringNotEqual {
        /// The attribute.
        #[serde(rename = "type")]
        attribute: ServerAttributeType,
        /// The string.
        string: String,
        /// The amount added.
        effect: FlatScoreEffect,
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

/// A constant that is added to a score.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[non_exhaustive]
pub struct FlatScoreEffect {
    /// The amount; a negative one lowers the score.
    pub weight: f64,
}

impl FlatScoreEffect {
    /// A constant that is added to a score; a negative one lowers it.
    #[must_use]
    pub fn new(weight: f64) -> Self {
        Self { weight }
    }
}

/// How a present attribute changes a score.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
#[non_exhaustive]
pub enum ScoreEffect {
    /// Adds a constant.
    Flat {
        /// The amount; a negative one lowers the score.
        weight: f64,
    },
    /// Adds the attribute's own number times a factor.
    Multiplier {
        /// The factor.
        weight: f64,
    },
}
