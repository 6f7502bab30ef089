//! Checks an agent's options against those of its type.

use super::{available, constraints};
use crate::build_error::{BuildErrors, ProblemCollector};
use crate::registry::{OptionSpec, OptionType, RegistryAgent, ScalarType};
use crate::session::agent::Agent;
use crate::session::check::names::{not_finite, quoted};
use crate::session::option::OptionValue;
use crate::suggest::closest;

/// Longer names are not compared to find a misspelling.
const MAX_NAME: usize = 256;

pub(super) fn check(agent: &Agent, registry_agent: &RegistryAgent, subject: &str, problems: &mut ProblemCollector) {
    for (name, value) in &agent.options {
        match registry_agent.options.get(name) {
            Some(option) => given(name, value, option, subject, problems),
            None => problems.add_once(subject, unknown(name, &agent.options, registry_agent)),
        }
    }
    for (name, option) in &registry_agent.options {
        if !agent.options.iter().any(|(given, _)| given == name) {
            absent(name, option, subject, problems);
        }
    }
}

impl RegistryAgent {
    /// Checks one value of an option: its type, and [`OptionSpec::constraints`].
    ///
    /// A regular expression that only a server can apply is not checked.
    ///
    /// ```
    /// use coral_tools::registry::RegistryAgent;
    ///
    /// let agent: RegistryAgent = coral_tools::from_json(br#"{"registryAgent": {
    ///     "info": {"identifier": {"name": "writer", "version": "1.0.0"}},
    ///     "options": {"MAX_ITERATIONS": {"type": "i32", "validation": {"max": 200}}}
    /// }}"#)?;
    /// assert!(agent.check_option("MAX_ITERATIONS", &50.into()).is_ok());
    /// let errors = agent.check_option("MAX_ITERATIONS", &500.into()).unwrap_err();
    /// assert_eq!(errors.to_string(), "agent `writer`: option `MAX_ITERATIONS` is greater than 200");
    /// # Ok::<(), coral_tools::DecodeError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Returns an error if the agent has no such option, or if the value is not valid for it.
    pub fn check_option(&self, name: &str, value: &OptionValue) -> Result<(), BuildErrors> {
        let mut problems = ProblemCollector::new();
        let subject = format!("agent `{}`", quoted(&self.id.name));
        match self.options.get(name) {
            _ if value.typed().is_none() => problems.add(&subject, not_finite(name)),
            Some(option) => given(name, value, option, &subject, &mut problems),
            None => problems.add(&subject, unknown(name, &[], self)),
        }
        problems.finish(())
    }
}

fn unknown(name: &str, given: &[(String, OptionValue)], registry_agent: &RegistryAgent) -> String {
    let unset = registry_agent.options.keys().filter(|known| !given.iter().any(|(given, _)| given == *known));
    let nearest = if name.len() <= MAX_NAME { closest(name, unset.map(String::as_str)) } else { None };
    let advice = match nearest {
        Some(meant) => format!("did you mean `{}`?", quoted(meant)),
        None => format!("available: {}", available(registry_agent.options.keys().map(String::as_str))),
    };
    format!("its type has no option `{}`; {advice}", quoted(name))
}

fn given(name: &str, value: &OptionValue, option: &OptionSpec, subject: &str, problems: &mut ProblemCollector) {
    // A value without a type has been reported already.
    let Some(value) = value.typed() else { return };
    let (tag, kind) = (value.tag(), option.kind.name());
    if tag == option.kind.value_type() {
        for problem in constraints::problems_of(name, &value.items(), option) {
            problems.add_once(subject, problem);
        }
    } else {
        let (name, kind, advice) = (quoted(name), quoted(&kind), how_to_write(&option.kind));
        problems.add_once(subject, format!("option `{name}` has type `{kind}`, not `{tag}`; {advice}"));
    }
}

/// A server accepts no value of another type, not even of a smaller one.
fn how_to_write(kind: &OptionType) -> String {
    let one = |scalar| match scalar {
        ScalarType::Text | ScalarType::Secret => "\"…\"".to_owned(),
        ScalarType::Blob => "OptionValue::blob(…)".to_owned(),
        ScalarType::Bool => "true".to_owned(),
        ScalarType::F32 => "0.5_f32".to_owned(),
        ScalarType::F64 | ScalarType::Number => "0.5_f64".to_owned(),
        _ => format!("1_{}", scalar.name()),
    };
    match kind {
        OptionType::One(scalar) => format!("write `{}`", one(*scalar)),
        OptionType::List(ScalarType::Blob) => "write `OptionValue::blobs(…)`".to_owned(),
        OptionType::List(scalar) => format!("write `[{}]`", one(*scalar)),
        OptionType::Other(_) => "this version of `coral-tools` does not support that type".to_owned(),
    }
}

/// Without a value, a server takes the default and checks it as if it were given.
fn absent(name: &str, option: &OptionSpec, subject: &str, problems: &mut ProblemCollector) {
    let is_list = matches!(option.kind, OptionType::List(_));
    if option.required && option.default.is_none() && !is_list {
        let name = quoted(name);
        let message = format!("option `{name}` is required and has no default; add `Agent::option(\"{name}\", …)`");
        problems.add_once(subject, message);
    }
    for problem in constraints::problems_of(name, &option.default_items(), option) {
        problems.add_once(subject, format!("{problem}; this is its default, so set another value"));
    }
}
