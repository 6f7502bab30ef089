//! [`ArgumentError`] and [`RejectedArgument`]: errors of argument types whose messages agents read.

use std::fmt::{self, Display, Formatter};

/// An error of an argument's type whose message is for the agent.
///
/// The message of any other error is only logged, because it can repeat a part of the value: an agent's log, or another
/// agent, must not receive it by accident. A message of this type describes the valid values, and does not repeat the value.
///
/// The type rejects a value with [`RejectedArgument`]:
///
/// ```
/// use coral_tools::{ArgumentError, RejectedArgument};
///
/// #[derive(serde::Deserialize, schemars::JsonSchema)]
/// #[serde(try_from = "String")]
/// struct Sku(String);
///
/// #[derive(Debug)]
/// struct NotASku;
///
/// impl std::fmt::Display for NotASku {
///     fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
///         f.write_str("an SKU has 8 digits")
///     }
/// }
///
/// impl ArgumentError for NotASku {}
///
/// impl TryFrom<String> for Sku {
///     type Error = RejectedArgument<NotASku>;
///
///     fn try_from(text: String) -> Result<Self, Self::Error> {
///         let is_sku = text.len() == 8 && text.bytes().all(|byte| byte.is_ascii_digit());
///         if is_sku { Ok(Self(text)) } else { Err(NotASku.into()) }
///     }
/// }
///
/// #[coral_tools::coral_tool]
/// /// Returns the stock of a product.
/// async fn stock(
///     /// The product.
///     sku: Sku,
/// ) -> u32 {
///     sku.0.len() as u32
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let tools = coral_tools::toolset![stock];
/// let outcome = tools.dispatch(coral_tools::Call::new("stock", br#"{"sku": "12"}"#.as_slice()), &()).await;
/// let json: serde_json::Value = serde_json::from_slice(&outcome.into_json()).unwrap();
/// assert_eq!(json["error"], "`sku` is not a string that the tool accepts: an SKU has 8 digits");
/// # }
/// ```
pub trait ArgumentError: Display {}

/// Rejects a value with a message for the agent: the error of `TryFrom` with `#[serde(try_from = "…")]`, or the argument of
/// `D::Error::custom` in a `Deserialize` that is written by hand.
///
/// Its `Display` marks the message with an invisible character (U+2063) before and after it, because serde passes on only
/// the text of an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RejectedArgument<E>(E);

const MARK: char = '\u{2063}';

/// The longest message that is sent to the agent, in characters.
const MAX_MESSAGE: usize = 300;

impl<E: ArgumentError> From<E> for RejectedArgument<E> {
    fn from(error: E) -> Self {
        Self(error)
    }
}

impl<E: ArgumentError> Display for RejectedArgument<E> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{MARK}{}{MARK}", self.0)
    }
}

impl<E: ArgumentError + fmt::Debug> std::error::Error for RejectedArgument<E> {}

/// Returns the message for the agent in the text of an error.
pub(crate) fn message_for_agent(text: &str) -> Option<String> {
    let (_, marked) = text.split_once(MARK)?;
    let (message, _) = marked.split_once(MARK)?;
    Some(message.chars().take(MAX_MESSAGE).collect())
}
