//! [`BaseUrl`].

use std::fmt;
use std::str::FromStr;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::host::HostScope;
#[cfg(feature = "client")]
use super::url_grammar::ParsedUrl;
use super::url_grammar::{parse, without_secrets};
use crate::build_error::BuildError;
use crate::env::variable;

/// All characters but those that a path segment may contain unescaped: `pchar` of RFC 3986, 3.3.
pub(crate) const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~')
    .remove(b'!')
    .remove(b'$')
    .remove(b'&')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')')
    .remove(b'*')
    .remove(b'+')
    .remove(b',')
    .remove(b';')
    .remove(b'=')
    .remove(b':')
    .remove(b'@');

/// All characters but those of a path.
const PATH: &AsciiSet = &SEGMENT.remove(b'/');

/// A URL at which Coral calls tools: the base URL of the webhooks, to which the name of each tool is appended, the URL of one
/// tool ([`CustomTools::tool_at`](crate::CustomTools::tool_at)), or that of the session-end webhook.
///
/// Converts from a `&str` or `String`:
///
/// ```
/// use coral_tools::BaseUrl;
///
/// assert!(BaseUrl::new("https://your-app.example/coral").is_ok());
/// assert!(BaseUrl::new("http://localhost:8080/coral").is_ok());
/// assert!(BaseUrl::new("http://10.0.0.7/coral").is_err());
/// assert!(BaseUrl::plain_http("http://10.0.0.7/coral").is_ok());
/// assert!(BaseUrl::new("/coral").is_err(), "Coral would resolve it against its own address");
/// ```
///
/// # Grammar
///
/// `scheme://host[:port][/path][?query]`
///
/// | part | rule |
/// | --- | --- |
/// | scheme | `https`; `http` only for loopback addresses, or with [`plain_http`](Self::plain_http) |
/// | user and password | rejected, because URLs appear in logs |
/// | host | a name in ASCII (Punycode for others), an IPv4 address, or an IPv6 address in brackets |
/// | port | 0 to 65535. Default: 443, or 80 for `http` |
/// | path | segments of RFC 3986. Other characters are percent-encoded, and escapes stay as they are. Empty segments are allowed; `.` and `..` are rejected, because proxies remove them |
/// | query | `key=value` pairs, joined by `&`, encoded like the path. It may contain a token: logs and messages show `?…` instead |
/// | fragment | rejected, because it is never sent |
///
/// # From a base URL to a call
///
/// | step | `https://h/coral?k=v` | rule |
/// | --- | --- | --- |
/// | URL of the tool | `https://h/coral/ping?k=v` | [`join`](Self::join): slashes at the end of the path are removed; the query stays at the end |
/// | call | `https://h/coral/ping/{session}/{agent}?k=v` | by Coral: *one* slash at the end of the tool's path is removed; values of a repeated key are grouped |
///
/// The URL of one tool skips the first step and is sent byte for byte. Slashes at its end are significant: Coral calls
/// `https://h/ping///` at `https://h/ping///{session}/{agent}`.
#[derive(Clone, PartialEq, Eq)]
pub struct BaseUrl(String);

impl BaseUrl {
    /// An `https` URL, or an `http` URL of this machine.
    ///
    /// # Errors
    ///
    /// Returns an error if `url` is not such a URL.
    pub fn new(url: &str) -> Result<Self, BuildError> {
        let parsed = parse(url).map_err(|problem| url_error(url, problem))?;
        if !parsed.is_https && parsed.scope() != HostScope::Loopback {
            let advice = "plain http sends calls and results unencrypted; use https, or `BaseUrl::plain_http` if the network is private";
            return Err(url_error(url, advice));
        }
        Ok(Self(url.to_owned()))
    }

    /// An `https` or `http` URL of any host. With plain `http`, calls and results are sent unencrypted.
    ///
    /// # Errors
    ///
    /// Returns an error if `url` is not an absolute http(s) URL.
    pub fn plain_http(url: &str) -> Result<Self, BuildError> {
        parse(url).map_err(|problem| url_error(url, problem))?;
        Ok(Self(url.to_owned()))
    }

    /// The URL unchanged, with its query, which may contain a token.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Reads the URL from an environment variable, such as `PUBLIC_URL`, as [`new`](Self::new) does.
    ///
    /// # Errors
    ///
    /// Returns an error if the variable is not set, is empty or not Unicode, or if its value is not such a URL.
    pub fn from_env(name: &str) -> Result<Self, BuildError> {
        let missing = || BuildError::new(name, "it is not set; set it to the public URL of the application");
        Self::new(variable(name)?.ok_or_else(missing)?.trim())
    }

    /// Appends path segments, separated by `/`, before the query. Characters that a path cannot contain are percent-encoded, `%`
    /// included, so an id of the application is always one segment or more of the path:
    ///
    /// ```
    /// use coral_tools::BaseUrl;
    ///
    /// let base_url = BaseUrl::new("https://your-app.example?token=t")?.join("coral");
    /// assert_eq!(base_url.join("order 7?").as_str(), "https://your-app.example/coral/order%207%3F?token=t");
    /// # Ok::<(), coral_tools::BuildError>(())
    /// ```
    #[must_use]
    pub fn join(&self, segments: &str) -> Self {
        let segments = utf8_percent_encode(segments.trim_matches('/'), PATH);
        Self(match self.0.split_once('?') {
            None => format!("{}/{segments}", self.0.trim_end_matches('/')),
            Some((head, query)) => format!("{}/{segments}?{query}", head.trim_end_matches('/')),
        })
    }

    /// Returns the URL with a parameter at the end of its query. Value and key consist of unreserved characters.
    pub(crate) fn with_parameter(&self, key: &str, value: &str) -> Self {
        let separator = if self.0.contains('?') { '&' } else { '?' };
        Self(format!("{}{separator}{key}={value}", self.0))
    }
}

fn url_error(url: &str, problem: impl Into<String>) -> BuildError {
    BuildError::new(format!("URL `{}`", without_secrets(url)), problem)
}

impl BaseUrl {
    /// The URL without its query, for logs and messages.
    #[cfg(feature = "client")]
    pub(crate) fn redacted(&self) -> String {
        without_secrets(&self.0)
    }

    /// The parts of the URL. `None` never occurs, because the URL has been parsed before.
    #[cfg(feature = "client")]
    pub(crate) fn parsed(&self) -> Option<ParsedUrl<'_>> {
        parse(&self.0).ok()
    }
}

impl fmt::Debug for BaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "BaseUrl({})", without_secrets(&self.0))
    }
}

impl FromStr for BaseUrl {
    type Err = BuildError;

    fn from_str(url: &str) -> Result<Self, BuildError> {
        Self::new(url)
    }
}

macro_rules! try_from {
    ($($text:ty),*) => {$(
        impl TryFrom<$text> for BaseUrl {
            type Error = BuildError;

            fn try_from(url: $text) -> Result<Self, BuildError> {
                Self::new(url.as_ref())
            }
        }
    )*};
}
try_from!(&str, &String, String);

impl TryFrom<&BaseUrl> for BaseUrl {
    type Error = BuildError;

    fn try_from(url: &BaseUrl) -> Result<Self, BuildError> {
        Ok(url.clone())
    }
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::BaseUrl;

    #[test]
    fn a_segment_goes_before_the_query() {
        for (base, joined) in [
            ("https://h", "https://h/t"),
            ("https://h/", "https://h/t"),
            ("https://h/hook", "https://h/hook/t"),
            ("https://h/hook///", "https://h/hook/t"),
            ("https://h/hook?k=v&x=1", "https://h/hook/t?k=v&x=1"),
            ("https://h/a%20b", "https://h/a%20b/t"),
            ("http://127.0.0.9:80/x", "http://127.0.0.9:80/x/t"),
            ("http://[::1]:80", "http://[::1]:80/t"),
        ] {
            assert_eq!(BaseUrl::new(base).expect(base).join("t").as_str(), joined);
        }
    }

    #[test]
    fn joined_text_stays_in_the_path() {
        let base = BaseUrl::new("https://h/hook?k=v").expect("URL");
        for (segments, joined) in [
            ("a/b", "a/b"),
            ("/a/", "a"),
            ("a?x=1#f", "a%3Fx=1%23f"),
            ("50%", "50%25"),
            ("Zo\u{eb} 1", "Zo%C3%AB%201"),
            ("a:b@c!$&'()*+,;=~", "a:b@c!$&'()*+,;=~"),
        ] {
            assert_eq!(base.join(segments).as_str(), format!("https://h/hook/{joined}?k=v"));
        }
    }

    #[test]
    fn a_variable_that_is_not_set_is_an_error() {
        let error = BaseUrl::from_env("CORAL_TOOLS_TEST_UNSET_URL").expect_err("not set");
        assert_eq!(
            error.to_string(),
            "CORAL_TOOLS_TEST_UNSET_URL: it is not set; set it to the public URL of the application"
        );
    }

    /// Runs itself in a process that has the variable.
    #[test]
    fn a_url_is_read_from_a_variable() {
        const NAME: &str = "CORAL_TOOLS_TEST_PUBLIC_URL";
        if std::env::var_os(NAME).is_some() {
            assert_eq!(BaseUrl::from_env(NAME).expect("a URL").as_str(), "https://h/x");
            return;
        }
        let mut test = Command::new(std::env::current_exe().expect("a program"));
        let test = test.args(["--exact", "session::base_url::tests::a_url_is_read_from_a_variable"]);
        let output = test.env(NAME, " https://h/x\n").output().expect("a process");
        let output = String::from_utf8_lossy(&output.stdout);
        assert!(output.contains("1 passed; 0 failed"), "{output}");
    }

    #[test]
    fn messages_about_a_url_contain_neither_its_password_nor_its_query() {
        for (url, shown) in [
            ("https://user:hunter2@h/a@b", "`https://…@h/a@b`"),
            ("http://h/x?token=hunter2", "`http://h/x?…`"),
            ("user:hunter2@h", "`…@h`"),
        ] {
            let error = BaseUrl::new(url).expect_err(url).to_string();
            assert!(error.contains(shown) && !error.contains("hunter2"), "{error}");
        }
        let url = BaseUrl::new("https://h/x?token=hunter2").expect("URL");
        assert_eq!(format!("{url:?}"), "BaseUrl(https://h/x?…)");
    }

    #[test]
    fn plain_http_to_another_machine_is_rejected() {
        let error = BaseUrl::new("http://h/").expect_err("plain http").to_string();
        assert!(error.contains("BaseUrl::plain_http"), "{error}");
        assert!(BaseUrl::plain_http("http://h/").is_ok() && BaseUrl::new("http://[::1]:80/").is_ok());
    }
}
