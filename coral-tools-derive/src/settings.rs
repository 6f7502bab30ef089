//! The keys of `#[coral_tool(…)]`, `#[arg(…)]` and `#[tool_error(…)]`, and their parser.

use proc_macro2::{Group, Ident, TokenStream};
use syn::ext::IdentExt;
use syn::parse::{ParseStream, Parser};
use syn::{Expr, Token, token};

use crate::errors::{Errors, did_you_mean};

/// The keys of an attribute.
pub(crate) trait Key: Copy + PartialEq + 'static {
    /// The attribute, as in `#[arg]`.
    const ATTRIBUTE: &'static str;
    const ALL: &'static [Self];

    /// Returns the key as users write it.
    fn name(self) -> &'static str;

    /// Returns the key with a value, as an example.
    fn example(self) -> &'static str;
}

/// Each line is a variant, its key, and the rest of an example.
macro_rules! keys {
    ($(#[$doc:meta])* $type:ident, $attribute:literal, { $($variant:ident = $name:literal $value:literal,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq)]
        pub(crate) enum $type {
            $($variant,)*
        }

        impl Key for $type {
            const ATTRIBUTE: &'static str = $attribute;
            const ALL: &'static [Self] = &[$(Self::$variant,)*];

            fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)*
                }
            }

            fn example(self) -> &'static str {
                match self {
                    $(Self::$variant => concat!($name, $value),)*
                }
            }
        }
    };
}

keys!(
    /// A key of `#[coral_tool(…)]`.
    ToolKey, "#[coral_tool]", {
        Name = "name" " = \"…\"",
        Title = "title" " = \"…\"",
        Description = "description" " = \"…\"",
        ReadOnly = "read_only" "",
        Destructive = "destructive" " = false",
        Idempotent = "idempotent" "",
        OpenWorld = "open_world" " = false",
        Timeout = "timeout" " = \"5s\"",
        Once = "once" " = \"10m\"",
        Blocking = "blocking" "",
        Args = "args" " = SubmitReport",
        RenameAll = "rename_all" " = \"camelCase\"",
        Crate = "crate" " = my_crate::coral_tools",
    }
);

keys!(
    /// A key of `#[arg(…)]`. Those that are constraints are named like the variants of the library's `Constraint`.
    ArgKey, "#[arg]", {
        Rename = "rename" " = \"…\"",
        Default = "default" " = …",
        Example = "example" " = …",
        Minimum = "minimum" " = 1",
        Maximum = "maximum" " = 5",
        ExclusiveMinimum = "exclusive_minimum" " = 0",
        ExclusiveMaximum = "exclusive_maximum" " = 1",
        MultipleOf = "multiple_of" " = 5",
        MinLength = "min_length" " = 1",
        MaxLength = "max_length" " = 80",
        Pattern = "pattern" " = \"^[a-z]+$\"",
        Format = "format" " = \"email\"",
        MinItems = "min_items" " = 1",
        MaxItems = "max_items" " = 10",
        UniqueItems = "unique_items" "",
        Items = "items" "(min_length = 1)",
        Flatten = "flatten" "",
    }
);

keys!(
    /// A key of `#[tool_error(…)]`.
    ErrorKey, "#[tool_error]", {
        Display = "display" "",
        Message = "message" " = \"…\"",
        Internal = "internal" "",
        UnknownSession = "unknown_session" "",
        Transparent = "transparent" "",
        Crate = "crate" " = my_crate::coral_tools",
    }
);

keys!(
    /// A key of `#[coral_tools(…)]`.
    BlockKey, "#[coral_tools]", {
        Toolset = "toolset" " = admin_tools",
        Crate = "crate" " = my_crate::coral_tools",
    }
);

/// One `key` or `key = value`.
pub(crate) struct Setting<K> {
    pub(crate) key: K,
    /// The token of the key.
    pub(crate) ident: Ident,
    pub(crate) value: SettingValue,
}

/// The part of a setting after its key.
pub(crate) enum SettingValue {
    /// Nothing: `key`.
    Absent,
    /// Only the sign: `key =`.
    Missing,
    /// A value: `key = value`.
    Expr(Expr),
    /// Keys of its own: `key(…)`.
    List(Group),
}

/// Parses `key, key = value, …`. Invalid settings are reported and left out.
pub(crate) fn parse<K: Key>(tokens: TokenStream, errors: &Errors) -> Vec<Setting<K>> {
    let mut settings: Vec<Setting<K>> = Vec::new();
    let parser = |input: ParseStream<'_>| {
        while !input.is_empty() {
            match key_and_value(input) {
                Ok((ident, value)) => add(&mut settings, ident, value, errors),
                Err(error) => {
                    errors.push(error);
                    skip_setting(input)?;
                }
            }
        }
        Ok(())
    };
    if let Err(error) = parser.parse2(tokens) {
        errors.push(error);
    }
    settings
}

/// Parses one setting and the comma after it.
fn key_and_value(input: ParseStream<'_>) -> syn::Result<(Ident, SettingValue)> {
    if !input.peek(Ident::peek_any) {
        return Err(input.error("expected a key: `key` or `key = value`"));
    }
    let key = Ident::parse_any(input)?;
    let value = match input.parse::<Option<Token![=]>>()? {
        None if input.peek(token::Paren) => SettingValue::List(input.parse()?),
        None => SettingValue::Absent,
        Some(_) if input.is_empty() || input.peek(Token![,]) => SettingValue::Missing,
        Some(_) => SettingValue::Expr(input.parse()?),
    };
    if !input.is_empty() && input.parse::<Option<Token![,]>>()?.is_none() {
        let expected = match value {
            SettingValue::Absent => "`= value` or `,`",
            SettingValue::Missing | SettingValue::Expr(_) | SettingValue::List(_) => "`,`",
        };
        return Err(input.error(format!("expected {expected} after `{key}`")));
    }
    Ok((key, value))
}

/// Skips the rest of an invalid setting.
fn skip_setting(input: ParseStream<'_>) -> syn::Result<()> {
    while !input.is_empty() && input.parse::<Option<Token![,]>>()?.is_none() {
        input.parse::<proc_macro2::TokenTree>()?;
    }
    Ok(())
}

/// Adds a setting with a known key that was not set before.
fn add<K: Key>(settings: &mut Vec<Setting<K>>, ident: Ident, value: SettingValue, errors: &Errors) {
    let name = ident.unraw().to_string();
    match K::ALL.iter().find(|key| key.name() == name) {
        None => {
            errors.report(&ident, unknown_key::<K>(&name));
        }
        Some(key) if settings.iter().any(|earlier| earlier.key == *key) => {
            errors.report(&ident, format!("`{name}` is repeated: keep one"));
        }
        Some(key) => settings.push(Setting { key: *key, ident, value }),
    }
}

fn unknown_key<K: Key>(name: &str) -> String {
    let names: Vec<_> = K::ALL.iter().map(|key| key.name()).collect();
    let hint = did_you_mean(name, &names).unwrap_or_else(|| format!("use one of `{}`", names.join("`, `")));
    format!("unknown key `{name}` in `{}`: {hint}", K::ATTRIBUTE)
}
