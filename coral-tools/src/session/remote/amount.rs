//! Amounts of money.

use serde::Serialize;

/// An amount of money, in one of the units that remote servers accept.
///
/// ```
/// use coral_tools::session::Amount;
///
/// assert_eq!(serde_json::to_string(&Amount::Usd(0.5))?, r#"{"type":"usd","amount":0.5}"#);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(tag = "type", content = "amount", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Amount {
    /// US dollars.
    Usd(f64),
    /// Coral's currency.
    Coral(f64),
    /// A millionth of [`Coral`](Self::Coral).
    MicroCoral(i64),
}

impl Amount {
    pub(super) fn fraction(self) -> Option<f64> {
        match self {
            Self::Usd(amount) | Self::Coral(amount) => Some(amount),
            Self::MicroCoral(_) => None,
        }
    }
}
