//! An agent's options, beside those that its type has.

use super::constraints;
use crate::registry::{OptionSpec, OptionType, RegistryAgent, ScalarType};
use crate::schema::likeness;
use crate::session::agent::Agent;
use crate::session::check::Problems;
use crate::session::check::names::shown;
use crate::session::option::OptionValue;

/// A longer name is no misspelt one.
const MAX_NAME: usize = 256;

pub(super) fn check(agent: &Agent, entry: &RegistryAgent, subject: &str, problems: &mut Problems) {
    for (name, value) in &agent.options {
        match entry.options.get(name) {
            Some(option) => given(name, value, option, subject, problems),
            None => problems.add_once(subject, unknown(name, agent, entry)),
        }
    }
    for (name, option) in &entry.options {
        if !agent.options.iter().any(|(given, _)| given == name) {
            not_given(name, option, subject, problems);
        }
    }
}

fn unknown(name: &str, agent: &Agent, entry: &RegistryAgent) -> String {
    let free = entry.options.keys().filter(|known| !agent.options.iter().any(|(given, _)| given == *known));
    let scored = free.map(|known| (likeness(known, name), known));
    let nearest = scored.max_by(|a, b| a.0.total_cmp(&b.0)).filter(|best| best.0 >= 0.7 && name.len() <= MAX_NAME);
    let way_out = match nearest {
        Some((_, meant)) => format!("did you mean `{}`?", shown(meant)),
        None => listed(entry),
    };
    format!("its type has no option `{}`; {way_out}", shown(name))
}

fn listed(entry: &RegistryAgent) -> String {
    let names = constraints::either(entry.options.keys().map(|name| format!("`{}`", shown(name))));
    if names.is_empty() { "it has none at all".to_owned() } else { format!("it has {names}") }
}

fn given(name: &str, value: &OptionValue, option: &OptionSpec, subject: &str, problems: &mut Problems) {
    // One that JSON cannot say is a fault already.
    let Some(tag) = value.tag() else { return };
    let kind = option.kind.name();
    if tag == kind {
        for fault in constraints::of_items(name, &value.items(), option) {
            problems.add_once(subject, fault);
        }
    } else {
        let (name, kind, write) = (shown(name), shown(&kind), how_to_write(&option.kind));
        problems.add_once(subject, format!("option `{name}` is of type `{kind}`, not `{tag}`; {write}"));
    }
}

/// A server takes no value of another type, not even of a smaller one.
fn how_to_write(kind: &OptionType) -> String {
    let one = |scalar| match scalar {
        ScalarType::Text => "\"…\"".to_owned(),
        ScalarType::Blob => "OptionValue::blob(…)".to_owned(),
        ScalarType::Bool => "true".to_owned(),
        ScalarType::F32 | ScalarType::F64 => format!("0.5_{}", scalar.name()),
        _ => format!("1_{}", scalar.name()),
    };
    match kind {
        OptionType::One(scalar) => format!("write `{}`", one(*scalar)),
        OptionType::List(ScalarType::Blob) => "write `OptionValue::blobs(…)`".to_owned(),
        OptionType::List(scalar) => format!("write `[{}]`", one(*scalar)),
        OptionType::Other(_) => "this version of `coral-tools` has no value of that type".to_owned(),
    }
}

/// What a server does without a value: it takes the default, and checks that as if it were given.
fn not_given(name: &str, option: &OptionSpec, subject: &str, problems: &mut Problems) {
    let is_list = matches!(option.kind, OptionType::List(_));
    if option.required && option.default.is_none() && !is_list {
        let name = shown(name);
        let message = format!("option `{name}` is required and has no default; say `Agent::option(\"{name}\", …)`");
        problems.add_once(subject, message);
    }
    for fault in constraints::of_items(name, &option.default_items(), option) {
        problems.add_once(subject, format!("{fault}; this is its default, so give it another value"));
    }
}
