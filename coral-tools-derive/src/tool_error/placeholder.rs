//! Placeholders in a fixed message, which `#[error("…")]` of `thiserror` would replace.

use syn::{Fields, Member};

/// Returns the first `{field}`, `{0}` or `{}` in `text` that refers to one of the fields.
pub(super) fn find(text: &str, fields: &Fields) -> Option<String> {
    text.split('{').skip(1).find_map(|rest| {
        let (inside, _) = rest.split_once('}')?;
        let name = inside.split(':').next().unwrap_or_default();
        let is_field =
            (name.is_empty() && !fields.is_empty()) || fields.members().any(|member| is_named(&member, name));
        is_field.then(|| inside.to_owned())
    })
}

fn is_named(member: &Member, name: &str) -> bool {
    match member {
        Member::Named(ident) => ident == name,
        Member::Unnamed(index) => index.index.to_string() == name,
    }
}
