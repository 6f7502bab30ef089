//! A place in words: in descriptions, because many readers drop the keywords, and in problems.

use super::limit::Bound;
use super::number::Numeric;
use super::shape::{Choice, Extra, Items, Kind, List, Node, Notes, Object, Pattern, Text};

/// One rule, as part of a sentence and as a sentence of its own.
struct Rule {
    phrase: String,
    sentence: String,
}

impl Rule {
    /// `of at least 1 item`, `At least 1 item.`
    fn of(words: &str) -> Self {
        Self::joined(" of", words)
    }

    /// `greater than 0`, `Greater than 0.`
    fn plain(words: &str) -> Self {
        Self::joined("", words)
    }

    fn joined(joint: &str, words: &str) -> Self {
        Self {
            phrase: format!("{joint} {words}"),
            sentence: format!("{}.", capitalized(words)),
        }
    }
}

/// The description that is shown: what was said about the place, then its rules in words.
pub(crate) fn description(node: &Node) -> Option<String> {
    let mut parts: Vec<String> = node.notes.description.clone().into_iter().collect();
    let rules = sentences(node).join(" ");
    if !rules.is_empty() {
        parts.push(rules);
    }
    (!parts.is_empty()).then(|| {
        parts.join(if is_multiline(&node.notes) {
            "\n\n"
        } else {
            " "
        })
    })
}

/// Markdown of more than one line is left alone; a plain sentence is continued.
fn is_multiline(notes: &Notes) -> bool {
    let text = notes.description.as_deref().unwrap_or_default();
    text.contains('\n') || !text.ends_with(['.', '!', '?'])
}

fn sentences(node: &Node) -> Vec<String> {
    let mut sentences = match &node.kind {
        Kind::Any if node.notes.description.is_none() => vec!["Any JSON value.".to_owned()],
        Kind::Choice(choice) => vec![choices(choice)],
        Kind::Object(object) => keys(object).into_iter().collect(),
        kind => shown_rules(kind)
            .into_iter()
            .map(|rule| rule.sentence)
            .collect(),
    };
    if let Kind::List(List {
        items: Items::Tuple(nodes),
        ..
    }) = &node.kind
    {
        sentences = vec![positions(nodes)];
    }
    sentences.extend(default(&node.notes));
    sentences.extend(
        node.notes
            .examples
            .first()
            .map(|example| format!("Example: `{example}`.")),
    );
    sentences
}

fn default(notes: &Notes) -> Option<String> {
    let default = notes.default.as_ref()?;
    Some(format!("Default: `{default}`."))
}

fn choices(choice: &Choice) -> String {
    let named = choice.values.iter().zip(&choice.docs).map(|(value, doc)| {
        let value = literal(value);
        match doc {
            Some(doc) => format!("{value} ({})", one_line(doc)),
            None => value,
        }
    });
    match &named.collect::<Vec<_>>()[..] {
        [only] => format!("Always {only}."),
        several => format!("One of: {}.", several.join(", ")),
    }
}

fn literal(value: &serde_json::Value) -> String {
    match value.as_str() {
        Some(text) => format!("`{text}`"),
        None => format!("`{value}`"),
    }
}

fn one_line(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    line.trim_end_matches('.').to_owned()
}

/// The first of the two places where words carry a rule: the order of a tuple.
fn positions(nodes: &[Node]) -> String {
    let each = nodes.iter().enumerate().map(|(index, node)| {
        let doc = node.notes.description.as_deref();
        let doc = doc
            .map(|doc| format!(" ({})", one_line(doc)))
            .unwrap_or_default();
        format!("{}. {}{doc}", index + 1, expected(node))
    });
    format!(
        "Exactly {} items, in this order: {}.",
        nodes.len(),
        each.collect::<Vec<_>>().join("; ")
    )
}

/// The second place: the form of a map's keys.
fn keys(object: &Object) -> Option<String> {
    let Extra::Each { keys, .. } = &object.extra else {
        return None;
    };
    let forms: Vec<_> = keys.iter().map(key_form).collect();
    (!forms.is_empty()).then(|| format!("Each key is {}.", forms.join(" or ")))
}

fn key_form(pattern: &Pattern) -> String {
    match pattern.source.as_str() {
        r"^\d+$" => "a whole number in quotes, zero or greater".to_owned(),
        r"^-?\d+$" => "a whole number in quotes".to_owned(),
        source => format!("text that matches `{source}`"),
    }
}

/// What a place holds, such as `an integer between 0 and 255`.
pub(crate) fn expected(node: &Node) -> String {
    let noun = match &node.kind {
        Kind::Any | Kind::Reference(_) => "a value",
        Kind::Null => "null",
        Kind::Boolean => "true or false",
        Kind::Number(numeric) if numeric.integer => "an integer",
        Kind::Number(_) => "a number",
        Kind::Text(_) => "a string",
        Kind::List(_) => "an array",
        Kind::Object(_) => "an object",
        Kind::Choice(choice) => return one_of(choice),
        Kind::Union(nodes) => return alternatives(nodes),
    };
    let rules: String = rules(&node.kind)
        .into_iter()
        .map(|rule| rule.phrase)
        .collect();
    format!("{noun}{rules}")
}

fn one_of(choice: &Choice) -> String {
    let values: Vec<_> = choice.values.iter().map(literal).collect();
    match &values[..] {
        [only] => only.clone(),
        several => format!("one of {}", several.join(", ")),
    }
}

fn alternatives(nodes: &[Node]) -> String {
    let mut each: Vec<String> = Vec::new();
    for node in nodes {
        let words = alternative(node);
        if !each.contains(&words) {
            each.push(words);
        }
    }
    each.join(", or ")
}

/// Of objects, by what they can be told apart.
fn alternative(node: &Node) -> String {
    let Kind::Object(object) = &node.kind else {
        return expected(node);
    };
    let tags: Vec<_> = object
        .tags()
        .map(|(name, value)| format!("`{name}` {}", literal(value)))
        .collect();
    let required = object.fields.iter().filter(|field| field.required);
    let required: Vec<_> = required.map(|field| format!("`{}`", field.name)).collect();
    match (&tags[..], &required[..]) {
        ([], []) => "an object".to_owned(),
        ([], names) => format!("an object with {}", names.join(", ")),
        (tags, _) => format!("an object with {}", tags.join(", ")),
    }
}

/// Every rule that is enforced.
fn rules(kind: &Kind) -> Vec<Rule> {
    match kind {
        Kind::Number(numeric) => number_rules(numeric, numeric.least(), numeric.greatest()),
        Kind::List(List {
            items: Items::Tuple(nodes),
            ..
        }) => vec![Rule::of(&format!(
            "exactly {}",
            counted(nodes.len() as u64, "item")
        ))],
        other => shown_rules(other),
    }
}

/// The rules that a description repeats: the ends of wide integer types would be noise.
fn shown_rules(kind: &Kind) -> Vec<Rule> {
    match kind {
        Kind::Number(numeric) => {
            let telling = |bound: &Bound| !is_end_of_type(*bound);
            let low = numeric.least().filter(telling);
            let high = numeric.greatest().filter(telling);
            number_rules(numeric, low, high)
        }
        Kind::Text(text) => text_rules(text),
        Kind::List(list) => {
            let mut rules = count_rules(list.min, list.max, "item");
            if list.unique {
                rules.push(Rule::plain("no item twice"));
            }
            rules
        }
        _ => Vec::new(),
    }
}

fn is_end_of_type(bound: Bound) -> bool {
    let ends: [i128; 6] = [
        i32::MIN.into(),
        i32::MAX.into(),
        u32::MAX.into(),
        i64::MIN.into(),
        i64::MAX.into(),
        u64::MAX.into(),
    ];
    ends.into_iter().any(|end| bound == Bound::Int(end))
}

fn number_rules(numeric: &Numeric, low: Option<Bound>, high: Option<Bound>) -> Vec<Rule> {
    // Between two integers there is always a tightest one that is allowed; of fractions there is not.
    let open = |limit: Option<Bound>, end: Option<Bound>| {
        !numeric.integer && limit.is_some() && limit == end
    };
    let (above, below) = (open(numeric.above, low), open(numeric.below, high));
    let mut rules = match (low, high) {
        (Some(low), Some(high)) if low == high => vec![Rule::of(&format!("exactly {low}"))],
        (Some(low), Some(high)) if !above && !below => {
            vec![Rule::plain(&format!("between {low} and {high}"))]
        }
        (low, high) => {
            let low = low.map(|low| lower(low, above));
            low.into_iter()
                .chain(high.map(|high| upper(high, below)))
                .collect()
        }
    };
    if let Some(unit) = numeric.multiple_of {
        rules.push(Rule {
            phrase: format!(", a multiple of {unit}"),
            sentence: format!("A multiple of {unit}."),
        });
    }
    rules
}

fn lower(bound: Bound, excluded: bool) -> Rule {
    match excluded {
        true => Rule::plain(&format!("greater than {bound}")),
        false => Rule::of(&format!("at least {bound}")),
    }
}

fn upper(bound: Bound, excluded: bool) -> Rule {
    match excluded {
        true => Rule::plain(&format!("less than {bound}")),
        false => Rule::of(&format!("at most {bound}")),
    }
}

fn text_rules(text: &Text) -> Vec<Rule> {
    let mut rules = count_rules(text.min, text.max, "character");
    rules.extend(text.pattern.as_ref().map(|pattern| Rule {
        phrase: format!(" matching `{}`", pattern.source),
        sentence: format!("Matches the regular expression `{}`.", pattern.source),
    }));
    rules.extend(text.format.as_deref().map(|format| Rule {
        phrase: format!(" in the format {}", format_words(format)),
        sentence: format!("Format: {}.", format_words(format)),
    }));
    rules
}

fn format_words(format: &str) -> String {
    let example = match format {
        "date-time" => "2026-01-31T09:30:00Z",
        "date" => "2026-01-31",
        "time" => "09:30:00Z",
        "partial-date-time" => "2026-01-31T09:30:00",
        "partial-time" => "09:30:00",
        "uuid" => "67e55044-10b1-426f-9247-bb680e5fe0c8",
        "uri" => "https://example.com/path",
        _ => return format!("`{format}`"),
    };
    format!("`{format}`, such as `{example}`")
}

fn count_rules(min: Option<u64>, max: Option<u64>, unit: &str) -> Vec<Rule> {
    let words = match (min.filter(|min| *min > 0), max) {
        (Some(min), Some(max)) if min == max => format!("exactly {}", counted(min, unit)),
        (Some(min), Some(max)) => format!("{min} to {}", counted(max, unit)),
        (Some(min), None) => format!("at least {}", counted(min, unit)),
        (None, Some(max)) => format!("at most {}", counted(max, unit)),
        (None, None) => return Vec::new(),
    };
    vec![Rule::of(&words)]
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
