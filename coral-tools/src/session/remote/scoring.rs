//! How servers are compared.

use serde::Serialize;

use super::server::AttributeType;

/// How servers are compared; the one with the highest score is taken.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Scoring {
    /// Not at all: each scores 1.
    #[serde(rename = "default")]
    Equal,
    /// By the sum of these.
    Custom {
        /// The scorers.
        scorers: Vec<Scorer>,
    },
}

impl Scoring {
    pub(super) fn scorers(&self) -> &[Scorer] {
        match self {
            Self::Equal => &[],
            Self::Custom { scorers } => scorers,
        }
    }
}

/// What the attributes of a server add to its score.
///
/// ```
/// use coral_tools::session::{AttributeType, Scorer, Weight};
///
/// let near = Scorer::StringEqual {
///     attribute: AttributeType::GeographicLocation,
///     string: "Europe/Berlin".into(),
///     effect: Weight { weight: 2.0 },
/// };
/// assert_eq!(serde_json::to_value(&near)?["op"], "string_equal");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "op", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Scorer {
    /// For every such attribute that is `true`.
    IsTrue {
        /// The attribute.
        #[serde(rename = "type")]
        attribute: AttributeType,
        /// What is added.
        effect: Weight,
    },
    /// For every such attribute that is `false`.
    IsFalse {
        /// The attribute.
        #[serde(rename = "type")]
        attribute: AttributeType,
        /// What is added.
        effect: Weight,
    },
    /// For every such attribute.
    IsPresent {
        /// The attribute.
        #[serde(rename = "type")]
        attribute: AttributeType,
        /// What is added.
        effect: Effect,
    },
    /// Where there is no such attribute.
    IsNotPresent {
        /// The attribute.
        #[serde(rename = "type")]
        attribute: AttributeType,
        /// What is added.
        effect: Weight,
    },
    /// For every such attribute that is this text.
    StringEqual {
        /// The attribute.
        #[serde(rename = "type")]
        attribute: AttributeType,
        /// The text.
        string: String,
        /// What is added.
        effect: Weight,
    },
    /// For every such attribute that is another text.
    StringNotEqual {
        /// The attribute.
        #[serde(rename = "type")]
        attribute: AttributeType,
        /// The text.
        string: String,
        /// What is added.
        effect: Weight,
    },
}

impl Scorer {
    pub(super) fn weight(&self) -> f64 {
        match self {
            Self::IsTrue { effect, .. }
            | Self::IsFalse { effect, .. }
            | Self::IsNotPresent { effect, .. }
            | Self::StringEqual { effect, .. }
            | Self::StringNotEqual { effect, .. } => effect.weight,
            Self::IsPresent { effect: Effect::Flat { weight } | Effect::Multiplier { weight }, .. } => *weight,
        }
    }
}

/// What is added to a score.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Weight {
    /// How much; less than zero takes away.
    pub weight: f64,
}

/// What an attribute that is there adds to a score.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Effect {
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
