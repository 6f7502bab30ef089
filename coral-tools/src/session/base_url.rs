//! The public URL of the webhooks.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

use http::Uri;
use http::uri::{Authority, Scheme};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

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

/// The base URL of the webhooks: the absolute URL at which Coral reaches the nested router.
///
/// Converts from a `&str` or `String`. Plain `http` is accepted only for loopback addresses, or with
/// [`plain_http`](Self::plain_http):
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
#[derive(Clone, PartialEq, Eq)]
pub struct BaseUrl(String);

impl BaseUrl {
    /// An `https` URL, or an `http` URL of this machine. Its query, if any, is kept, and may contain a token.
    ///
    /// # Errors
    ///
    /// Returns an error if `url` is not such a URL.
    pub fn new(url: &str) -> Result<Self, BuildError> {
        let uri = absolute(url)?;
        if uri.scheme() == Some(&Scheme::HTTP) && !uri.host().is_some_and(is_loopback) {
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
        absolute(url).map(|_| Self(url.to_owned()))
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
}

fn absolute(url: &str) -> Result<Uri, BuildError> {
    let uri: Uri = url.parse().map_err(|_| url_error(url, "not a valid URL"))?;
    let http = [Some(&Scheme::HTTPS), Some(&Scheme::HTTP)].contains(&uri.scheme());
    if !http || uri.host().is_none_or(str::is_empty) {
        return Err(url_error(url, "must be an absolute http(s) URL, for example `https://your-app.example/coral`"));
    }
    if url.contains('#') {
        return Err(url_error(url, "fragments are never sent; remove it"));
    }
    if uri.authority().is_some_and(has_bad_port) {
        return Err(url_error(url, "its port is not a number from 0 to 65535"));
    }
    if uri.authority().is_some_and(|authority| authority.as_str().contains('@')) {
        return Err(url_error(url, "credentials in a URL end up in logs; remove them"));
    }
    Ok(uri)
}

/// `http` parses an out-of-range port as an absent one.
fn has_bad_port(authority: &Authority) -> bool {
    authority.as_str().len() > authority.host().len() && authority.port().is_none() && !authority.as_str().contains('@')
}

fn url_error(url: &str, problem: &str) -> BuildError {
    BuildError::new(format!("base URL `{}`", without_secrets(url)), problem)
}

/// The URL without a password or query, for logs and messages.
fn without_secrets(url: &str) -> String {
    let (head, query) = url.split_once('?').map_or((url, ""), |(head, _)| (head, "?…"));
    let authority = head.find("//").map_or(0, |at| at + 2);
    let end = head[authority..].find('/').map_or(head.len(), |at| authority + at);
    let host = head[authority..end].rfind('@').map_or(authority, |at| authority + at);
    let user = if host > authority { "…" } else { "" };
    format!("{}{user}{}{query}", &head[..authority], &head[host..])
}

impl fmt::Debug for BaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "BaseUrl({})", without_secrets(&self.0))
    }
}

pub(crate) fn is_loopback(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    host.eq_ignore_ascii_case("localhost") || bare.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
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
    fn what_coral_could_not_call_is_refused() {
        for bad in [
            "",
            "hook",
            "/hook",
            "ftp://h/",
            "https://",
            "https://h:99999/",
            "https://h/#x",
            "https://u:p@h/",
            "http://h/",
        ] {
            assert!(BaseUrl::new(bad).is_err(), "{bad}");
        }
        let error = BaseUrl::new("http://h/").expect_err("plain http").to_string();
        assert!(error.contains("BaseUrl::plain_http"), "{error}");
    }
}
