//! The constraints of a node as text.

use crate::schema::tree::constraint::Bound;
use crate::schema::tree::node::{ArrayItems, ArraySchema, NodeKind};
use crate::schema::tree::number::NumberSchema;
use crate::schema::tree::string::StringSchema;

/// A constraint as part of a sentence and as a separate sentence.
pub(crate) struct ConstraintText {
    pub(crate) phrase: String,
    pub(crate) sentence: String,
}

impl ConstraintText {
    /// `of at least 1 item`, `At least 1 item.`
    fn with_of(words: &str) -> Self {
        Self::joined(" of", words)
    }

    /// `greater than 0`, `Greater than 0.`
    fn plain(words: &str) -> Self {
        Self::joined("", words)
    }

    fn joined(joint: &str, words: &str) -> Self {
        Self { phrase: format!("{joint} {words}"), sentence: format!("{}.", capitalized(words)) }
    }
}

/// Returns all constraints that are enforced, except for the ends of 64-bit integers.
pub(crate) fn rules(kind: &NodeKind) -> Vec<ConstraintText> {
    match kind {
        NodeKind::Number(numeric) => {
            let telling = |bound: &Bound| !is_end_of_64_bits(*bound);
            number_rules(numeric, numeric.least().filter(telling), numeric.greatest().filter(telling))
        }
        NodeKind::Array(ArraySchema { items: ArrayItems::Tuple(nodes), .. }) => {
            vec![ConstraintText::with_of(&format!("exactly {}", counted(nodes.len() as u64, "item")))]
        }
        other => described_rules(other),
    }
}

/// Returns the constraints in a description, without the ranges of wide integer types.
pub(crate) fn described_rules(kind: &NodeKind) -> Vec<ConstraintText> {
    match kind {
        NodeKind::Number(numeric) => {
            let telling = |bound: &Bound| !is_end_of_type(*bound);
            let low = numeric.least().filter(telling);
            let high = numeric.greatest().filter(telling);
            number_rules(numeric, low, high)
        }
        NodeKind::String(text) => text_rules(text),
        NodeKind::Array(array) => {
            let mut rules = count_rules(array.min_items, array.max_items, "item");
            if array.unique_items {
                rules.push(ConstraintText {
                    phrase: " without duplicate items".to_owned(),
                    sentence: "No duplicate items.".to_owned(),
                });
            }
            rules
        }
        _ => Vec::new(),
    }
}

/// Returns the constraints of a number with the ends of its type, for a number that is beyond them.
pub(crate) fn full_range(numeric: &NumberSchema) -> Vec<ConstraintText> {
    number_rules(numeric, numeric.least(), numeric.greatest())
}

fn is_end_of_64_bits(bound: Bound) -> bool {
    let ends: [i128; 3] = [i64::MIN.into(), i64::MAX.into(), u64::MAX.into()];
    ends.into_iter().any(|end| bound == Bound::Int(end))
}

fn is_end_of_type(bound: Bound) -> bool {
    let ends: [i128; 6] =
        [i32::MIN.into(), i32::MAX.into(), u32::MAX.into(), i64::MIN.into(), i64::MAX.into(), u64::MAX.into()];
    ends.into_iter().any(|end| bound == Bound::Int(end))
}

fn number_rules(numeric: &NumberSchema, low: Option<Bound>, high: Option<Bound>) -> Vec<ConstraintText> {
    // An integer always has a tightest allowed bound; a fraction may have only an excluded one.
    let open = |limit: Option<Bound>, end: Option<Bound>| !numeric.integer && limit.is_some() && limit == end;
    let (above, below) = (open(numeric.exclusive_minimum, low), open(numeric.exclusive_maximum, high));
    let mut rules = match (low, high) {
        (Some(low), Some(high)) if low == high => vec![ConstraintText::with_of(&format!("exactly {low}"))],
        (Some(low), Some(high)) if !above && !below => {
            vec![ConstraintText::plain(&format!("between {low} and {high}"))]
        }
        (low, high) => {
            let low = low.map(|low| lower(low, above));
            low.into_iter().chain(high.map(|high| upper(high, below))).collect()
        }
    };
    if let Some(unit) = numeric.multiple_of {
        rules.push(ConstraintText {
            phrase: format!(", a multiple of {unit}"),
            sentence: format!("A multiple of {unit}."),
        });
    }
    rules
}

fn lower(bound: Bound, excluded: bool) -> ConstraintText {
    match excluded {
        true => ConstraintText::plain(&format!("greater than {bound}")),
        false => ConstraintText::with_of(&format!("at least {bound}")),
    }
}

fn upper(bound: Bound, excluded: bool) -> ConstraintText {
    match excluded {
        true => ConstraintText::plain(&format!("less than {bound}")),
        false => ConstraintText::with_of(&format!("at most {bound}")),
    }
}

fn text_rules(text: &StringSchema) -> Vec<ConstraintText> {
    let mut rules = count_rules(text.min_length, text.max_length, "character");
    rules.extend(text.pattern.as_ref().map(|pattern| ConstraintText {
        phrase: format!(" matching `{}`", pattern.source),
        sentence: format!("Matches the regular expression `{}`.", pattern.source),
    }));
    rules.extend(text.format.as_deref().map(|format| ConstraintText {
        phrase: format!(" in the format {}", describe_format(format)),
        sentence: format!("Format: {}.", describe_format(format)),
    }));
    rules
}

/// Returns the name of a format and an example, such as `` `date`, such as `2026-01-31` ``.
fn describe_format(format: &str) -> String {
    match format_example(format) {
        Some(example) => format!("`{format}`, such as `{example}`"),
        None => format!("`{format}`"),
    }
}

/// Returns a noun phrase for the strings in a format, such as ``a valid date (example: `2026-01-31`)``.
pub(crate) fn valid_format(format: &str) -> String {
    let name = match format {
        "date-time" => "RFC 3339 date-time",
        "date" => "date",
        "time" => "RFC 3339 time",
        "partial-date-time" => "date and time without an offset",
        "partial-time" => "time without an offset",
        "ip" => "IP address",
        "ipv4" => "IPv4 address",
        "ipv6" => "IPv6 address",
        "uuid" => "UUID",
        "uri" => "URI",
        "email" => "email address",
        "hostname" => "hostname",
        _ => return format!("a valid string in the format `{format}`"),
    };
    match format_example(format) {
        Some(example) => format!("a valid {name} (example: `{example}`)"),
        None => format!("a valid {name}"),
    }
}

/// Returns a string in the format.
pub(crate) fn format_example(format: &str) -> Option<&'static str> {
    let example = match format {
        "date-time" => "2026-01-31T09:30:00Z",
        "date" => "2026-01-31",
        "time" => "09:30:00Z",
        "partial-date-time" => "2026-01-31T09:30:00",
        "partial-time" => "09:30:00",
        "ip" => "192.0.2.1",
        "uuid" => "67e55044-10b1-426f-9247-bb680e5fe0c8",
        "uri" => "https://example.com/path",
        _ => return None,
    };
    Some(example)
}

fn count_rules(min: Option<u64>, max: Option<u64>, unit: &str) -> Vec<ConstraintText> {
    let words = match (min.filter(|min| *min > 0), max) {
        (Some(min), Some(max)) if min == max => format!("exactly {}", counted(min, unit)),
        (Some(min), Some(max)) => format!("{min} to {}", counted(max, unit)),
        (Some(min), None) => format!("at least {}", counted(min, unit)),
        (None, Some(max)) => format!("at most {}", counted(max, unit)),
        (None, None) => return Vec::new(),
    };
    vec![ConstraintText::with_of(&words)]
}

fn counted(count: u64, unit: &str) -> String {
    let s = if count == 1 { "" } else { "s" };
    format!("{count} {unit}{s}")
}

fn capitalized(words: &str) -> String {
    let mut letters = words.chars();
    let first = letters.next().map(|letter| letter.to_ascii_uppercase());
    first.into_iter().chain(letters).collect()
}
