//! The string formats that are enforced.

use std::net::{Ipv4Addr, Ipv6Addr};

use crate::rfc3339::{parse_date, parse_date_time, parse_time};

/// The formats of JSON Schema 2020-12. Some consumers reject a schema with any other format.
const REGISTERED: [&str; 19] = [
    "date-time",
    "date",
    "time",
    "duration",
    "email",
    "idn-email",
    "hostname",
    "idn-hostname",
    "ipv4",
    "ipv6",
    "uri",
    "uri-reference",
    "iri",
    "iri-reference",
    "uuid",
    "uri-template",
    "json-pointer",
    "relative-json-pointer",
    "regex",
];

/// Whether JSON Schema defines this format. Other formats are only in the description.
pub(crate) fn is_registered(name: &str) -> bool {
    REGISTERED.contains(&name)
}

/// A format of JSON Schema 2020-12 that is enforced here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum EnforcedFormat {
    /// RFC 3339, `date-time`.
    DateTime,
    /// RFC 3339, `full-date`.
    Date,
    /// RFC 3339, `full-time`.
    Time,
    /// RFC 5321, `Mailbox`, without quoted local parts and address literals.
    Email,
    /// RFC 1123, section 2.1.
    Hostname,
    /// RFC 2673, section 3.2: dotted quad.
    Ipv4,
    /// RFC 4291, section 2.2.
    Ipv6,
    /// RFC 3986, with a scheme.
    Uri,
    /// RFC 9562, section 4: 8-4-4-4-12 hexadecimal digits.
    Uuid,
}

impl EnforcedFormat {
    /// Returns the format with this name in JSON Schema.
    pub(crate) fn from_name(name: &str) -> Option<Self> {
        Some(match name {
            "date-time" => Self::DateTime,
            "date" => Self::Date,
            "time" => Self::Time,
            "email" => Self::Email,
            "hostname" => Self::Hostname,
            "ipv4" => Self::Ipv4,
            "ipv6" => Self::Ipv6,
            "uri" => Self::Uri,
            "uuid" => Self::Uuid,
            _ => return None,
        })
    }

    /// Returns a string in this format.
    pub(crate) fn sample(self) -> &'static str {
        match self {
            Self::DateTime => "2026-01-31T09:30:00Z",
            Self::Date => "2026-01-31",
            Self::Time => "09:30:00Z",
            Self::Email => "ada@example.com",
            Self::Hostname => "example.com",
            Self::Ipv4 => "192.0.2.1",
            Self::Ipv6 => "2001:db8::1",
            Self::Uri => "https://example.com/path",
            Self::Uuid => "67e55044-10b1-426f-9247-bb680e5fe0c8",
        }
    }

    /// Whether the string is in this format.
    pub(crate) fn allows(self, text: &str) -> bool {
        match self {
            Self::DateTime => parse_date_time(text).is_some(),
            Self::Date => parse_date(text).is_some(),
            Self::Time => parse_time(text).is_some(),
            Self::Email => is_email(text),
            Self::Hostname => is_hostname(text),
            Self::Ipv4 => text.parse::<Ipv4Addr>().is_ok(),
            Self::Ipv6 => text.parse::<Ipv6Addr>().is_ok(),
            Self::Uri => is_uri(text),
            Self::Uuid => is_uuid(text),
        }
    }
}

fn is_email(text: &str) -> bool {
    let Some((local, domain)) = text.rsplit_once('@') else {
        return false;
    };
    let is_atom = |atom: &str| !atom.is_empty() && atom.bytes().all(is_atom_byte);
    local.len() <= 64 && local.split('.').all(is_atom) && is_hostname(domain)
}

fn is_atom_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&byte)
}

fn is_hostname(text: &str) -> bool {
    text.len() <= 253 && text.split('.').all(is_label)
}

fn is_label(label: &str) -> bool {
    let fits = (1..=63).contains(&label.len());
    let edges = !label.starts_with('-') && !label.ends_with('-');
    fits && edges && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

fn is_uri(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once(':') else {
        return false;
    };
    let starts_well = scheme.starts_with(|first: char| first.is_ascii_alphabetic());
    let is_scheme = scheme.bytes().all(|b| b.is_ascii_alphanumeric() || b"+-.".contains(&b));
    starts_well && is_scheme && rest.bytes().all(is_uri_byte) && has_whole_escapes(rest) && has_sound_host(rest)
}

fn is_uri_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~:/?#[]@!$&'()*+,;=%".contains(&byte)
}

/// Whether two hexadecimal digits follow every `%`.
fn has_whole_escapes(text: &str) -> bool {
    let mut escapes = text.split('%').skip(1);
    escapes.all(|escape| escape.len() >= 2 && escape.bytes().take(2).all(|b| b.is_ascii_hexdigit()))
}

/// Whether brackets are only around an IP address, and there is at most one fragment.
fn has_sound_host(rest: &str) -> bool {
    let authority = rest.strip_prefix("//").unwrap_or_default();
    let authority = authority.split(['/', '?', '#']).next().unwrap_or_default();
    let outside = &rest[if authority.is_empty() { 0 } else { 2 + authority.len() }..];
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    let brackets_fit = match host.strip_prefix('[').and_then(|host| host.split_once(']')) {
        Some((address, port)) => address.parse::<Ipv6Addr>().is_ok() && !port.contains(['[', ']']),
        None => !authority.contains(['[', ']']),
    };
    brackets_fit && !outside.contains(['[', ']']) && outside.matches('#').count() <= 1
}

fn is_uuid(text: &str) -> bool {
    let lengths = text.split('-').map(str::len);
    lengths.eq([8, 4, 4, 4, 12]) && text.bytes().all(|byte| byte == b'-' || byte.is_ascii_hexdigit())
}
