//! The grammar of webhook URLs, which [`BaseUrl`](super::base_url::BaseUrl) documents.

use http::Uri;
use http::uri::Authority;

use super::host::HostScope;

const EXAMPLE: &str = "for example `https://your-app.example/coral`";

/// The parts of a valid URL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ParsedUrl<'a> {
    pub(crate) is_https: bool,
    /// Without the port. An IPv6 address is in brackets.
    pub(crate) host: String,
    /// `https://host:port`.
    pub(crate) origin: &'a str,
    /// Empty, or with a slash at the start.
    pub(crate) path: &'a str,
    /// With the question mark, or empty.
    pub(crate) query: &'a str,
}

impl ParsedUrl<'_> {
    pub(crate) fn scope(&self) -> HostScope {
        HostScope::of(&self.host)
    }
}

/// Parses a URL, or returns what is wrong with it and the fix.
pub(crate) fn parse(url: &str) -> Result<ParsedUrl<'_>, String> {
    if url.is_empty() {
        return Err(format!("it is empty; write an absolute http(s) URL, {EXAMPLE}"));
    }
    if url.contains(|c: char| c.is_whitespace() || c.is_control()) {
        return Err("it contains white space or a control character; remove or percent-encode it".to_owned());
    }
    let (scheme, rest) = url.split_once("://").ok_or_else(|| without_scheme(url))?;
    let is_https = scheme.eq_ignore_ascii_case("https");
    if !is_https && !scheme.eq_ignore_ascii_case("http") {
        return Err(wrong_scheme(scheme));
    }
    if url.contains('#') {
        return Err("fragments are never sent; remove it".to_owned());
    }
    let path_start = rest.find(['/', '?']).unwrap_or(rest.len());
    let (authority, path_and_query) = rest.split_at(path_start);
    let host = host(authority)?;
    let (path, query) = path_and_query.split_at(path_and_query.find('?').unwrap_or(path_and_query.len()));
    check_path(path)?;
    check_characters(query)?;
    // A check of the whole: whatever HTTP clients reject is not a URL either.
    url.parse::<Uri>().map_err(|error| format!("it is not a valid URL: {error}"))?;
    Ok(ParsedUrl { is_https, host, origin: &url[..url.len() - path_and_query.len()], path, query })
}

fn without_scheme(url: &str) -> String {
    let first = url.split(['/', '?']).next().unwrap_or_default();
    match first.split_once(':') {
        Some((scheme @ ("http" | "https"), _)) => format!("write two slashes after `{scheme}:`, {EXAMPLE}"),
        Some((scheme @ ("ws" | "wss" | "ftp" | "file" | "mailto" | "data"), _)) => wrong_scheme(scheme),
        None if url.starts_with('/') || !first.contains('.') => {
            format!("it is relative, and Coral would call `http://localhost`; write an absolute http(s) URL, {EXAMPLE}")
        }
        _ => format!("it has no scheme; write an absolute http(s) URL, {EXAMPLE}"),
    }
}

fn wrong_scheme(scheme: &str) -> String {
    format!(
        "its scheme is `{}`, but Coral calls tools with HTTP; write `https://`, or `http://`",
        scheme.escape_debug()
    )
}

fn host(authority: &str) -> Result<String, String> {
    if authority.contains('@') {
        return Err("credentials in a URL end up in logs; remove them".to_owned());
    }
    if !authority.is_ascii() {
        return Err("its host is not ASCII; write the name in Punycode (`xn--…`)".to_owned());
    }
    if authority.is_empty() || authority.starts_with(':') {
        return Err(format!("its host is missing; write an absolute http(s) URL, {EXAMPLE}"));
    }
    let parsed: Authority = authority.parse().map_err(|_| invalid_authority(authority))?;
    // `http` parses an out-of-range port as an absent one.
    if parsed.port_u16().is_none() && authority.len() > parsed.host().len() {
        return Err(invalid_authority(authority));
    }
    Ok(parsed.host().to_owned())
}

fn invalid_authority(authority: &str) -> String {
    let port = authority.rsplit_once(':').map(|(_, port)| port).filter(|port| !port.contains(']'));
    match port {
        Some(port) if port.parse::<u16>().is_err() => "its port is not a number from 0 to 65535".to_owned(),
        _ => "its host is neither a valid name nor an IP address".to_owned(),
    }
}

fn check_path(path: &str) -> Result<(), String> {
    check_characters(path)?;
    match path.split('/').any(|segment| matches!(segment, "." | "..")) {
        true => Err("its path contains `.` or `..`, which proxies remove; write the resulting path".to_owned()),
        false => Ok(()),
    }
}

/// Checks that only characters of RFC 3986 occur, and that each `%` starts an escape.
fn check_characters(text: &str) -> Result<(), String> {
    let is_allowed = |c: char| c.is_ascii_alphanumeric() || "-._~!$&'()*+,;=:@/?%".contains(c);
    if let Some(c) = text.chars().find(|c| !is_allowed(*c)) {
        return Err(format!("it contains `{}`; percent-encode it", c.escape_debug()));
    }
    let is_escape = |rest: &str| rest.len() >= 2 && rest.bytes().take(2).all(|byte| byte.is_ascii_hexdigit());
    match text.split('%').skip(1).all(is_escape) {
        true => Ok(()),
        false => Err("a `%` in it is not followed by two hex digits; write `%25` for the character itself".to_owned()),
    }
}

/// The URL without a password or query, for logs and messages.
pub(crate) fn without_secrets(url: &str) -> String {
    let (head, query) = url.split_once('?').map_or((url, ""), |(head, _)| (head, "?…"));
    let authority = head.find("//").map_or(0, |at| at + 2);
    let end = head[authority..].find('/').map_or(head.len(), |at| authority + at);
    let host = head[authority..end].rfind('@').map_or(authority, |at| authority + at);
    let user = if host > authority { "…" } else { "" };
    format!("{}{user}{}{query}", &head[..authority], &head[host..])
}

#[cfg(test)]
mod tests {
    use super::{ParsedUrl, parse};

    #[test]
    fn messages_name_the_problem_of_a_url() {
        for (url, message) in [
            ("", "it is empty"),
            ("hook", "it is relative"),
            ("/hook", "it is relative"),
            ("your-app.example/coral", "it has no scheme"),
            ("localhost:3000/coral", "it has no scheme"),
            ("https:/h/x", "write two slashes after `https:`"),
            ("wss://h/x", "its scheme is `wss`"),
            ("ftp://h/", "its scheme is `ftp`"),
            ("mailto:a@h", "its scheme is `mailto`"),
            ("https://", "its host is missing"),
            ("https://:80/", "its host is missing"),
            ("https://h:99999/", "its port is not a number"),
            ("https://h:x/", "its port is not a number"),
            ("https://h:/", "its port is not a number"),
            ("https://h:1:2/", "its host is neither"),
            ("https://[::1/", "its host is neither"),
            ("https://m\u{fc}nchen.example/", "Punycode"),
            ("https://h/#x", "fragments are never sent"),
            ("https://u:p@h/", "credentials in a URL"),
            ("https://h/a b", "white space"),
            ("https://h/{tenant}", "it contains `{`"),
            ("https://h/Zo\u{eb}", "it contains `\u{eb}`"),
            ("https://h/50%", "two hex digits"),
            ("https://h/a?x=%zz", "two hex digits"),
            ("https://h/a/../b", "its path contains `.` or `..`"),
        ] {
            let problem = parse(url).expect_err(url);
            assert!(problem.contains(message), "{url}: {problem}");
        }
    }

    #[test]
    fn a_url_is_split_into_its_parts() {
        let url = "HTTP://[::1]:8080/a//b%20c/?k=v&x=/y?";
        let parts = ParsedUrl {
            is_https: false,
            host: "[::1]".to_owned(),
            origin: "HTTP://[::1]:8080",
            path: "/a//b%20c/",
            query: "?k=v&x=/y?",
        };
        assert_eq!(parse(url), Ok(parts));
        let proxied = parse("https://p/X-SessionId/X-AgentId///https://h/hook///").expect("a URL");
        assert_eq!((proxied.host.as_str(), proxied.path), ("p", "/X-SessionId/X-AgentId///https://h/hook///"));
        assert_eq!(parse("https://h?k=v").map(|url| (url.path, url.query)), Ok(("", "?k=v")));
    }
}
