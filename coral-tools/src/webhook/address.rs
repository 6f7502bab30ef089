//! Reads from path and headers which tool is called, and by whom.

use std::borrow::Cow;

use http::request::Parts;
use http::{HeaderMap, HeaderName, HeaderValue};
use percent_encoding::percent_decode_str;

use super::rejection::{CallerDifference, Rejection};

/// The names of the headers in which Coral names the caller.
pub(super) mod headers {
    pub(in crate::webhook) const SESSION: &str = "x-coral-sessionid";
    pub(in crate::webhook) const AGENT: &str = "x-coral-agentname";
    pub(in crate::webhook) const NAMESPACE: &str = "x-coral-namespace";
}

/// The tool that is called, and the session, agent and namespace that call it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct CallAddress<'a> {
    pub(super) tool: &'a str,
    pub(super) session: Cow<'a, str>,
    pub(super) agent: Option<Cow<'a, str>>,
    pub(super) namespace: Option<Cow<'a, str>>,
}

/// The names of headers in which a proxy passes session and agent, for platforms that cannot route path segments.
#[derive(Debug, Clone, Default)]
pub(super) struct CallerHeaderNames {
    pub(super) session: Option<HeaderName>,
    pub(super) agent: Option<HeaderName>,
}

/// The form of the session ids that calls may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SessionIdForm {
    /// Any that [`is_valid_name`] accepts.
    Any,
    Uuid,
}

/// The maximum length of a session id, an agent's name or a namespace in bytes.
const MAX_NAME_LENGTH: usize = 256;

impl<'a> CallAddress<'a> {
    /// Reads `/{tool}/{session}/{agent…}` and the headers. Each of them is enough; if both are present, they must agree.
    /// They are not signed, so their form is checked.
    pub(super) fn from_request(
        parts: &'a Parts,
        proxy: &CallerHeaderNames,
        session_ids: SessionIdForm,
    ) -> Result<Self, Rejection> {
        let path = CallPath::parse(parts.uri.path());
        let tool = path.tool.ok_or(Rejection::UnknownTool)?;
        let headers = CallerHeaders::read(&parts.headers, proxy)?;
        let session = agreed_value(headers.session, path.session, "the session ids in path and headers differ")?
            .filter(|id| !id.is_empty())
            .ok_or(Rejection::InvalidAddress("the session id is missing from path and headers"))?;
        if session_ids == SessionIdForm::Uuid && !is_uuid(session.as_bytes()) {
            return Err(Rejection::InvalidAddress("the session id is not a UUID"));
        }
        let agent = agreed_value(headers.agent, path.agent, "the names of the agent in path and headers differ")?
            .filter(|name| !name.is_empty());
        let namespace = headers.namespace.map(header_text).transpose()?.map(Cow::Borrowed);
        if ![Some(&session), agent.as_ref(), namespace.as_ref()].into_iter().flatten().all(|name| is_valid_name(name)) {
            return Err(Rejection::InvalidAddress(
                "a session id, agent name or namespace is longer than 256 bytes or has control characters",
            ));
        }
        Ok(Self { tool, session, agent, namespace })
    }
}

/// The caller, as the headers name it.
#[derive(Default)]
struct CallerHeaders<'a> {
    session: Option<&'a [u8]>,
    agent: Option<&'a [u8]>,
    namespace: Option<&'a [u8]>,
}

impl<'a> CallerHeaders<'a> {
    /// Reads all headers in one pass, which costs less than a lookup for each name.
    fn read(headers: &'a HeaderMap, proxy: &CallerHeaderNames) -> Result<Self, Rejection> {
        let mut caller = Self::default();
        for (name, value) in headers {
            match name.as_str() {
                headers::SESSION => set_header_value(&mut caller.session, value)?,
                headers::AGENT => set_header_value(&mut caller.agent, value)?,
                headers::NAMESPACE => set_header_value(&mut caller.namespace, value)?,
                _ => {}
            }
            if proxy.session.as_ref() == Some(name) {
                set_header_value(&mut caller.session, value)?;
            }
            if proxy.agent.as_ref() == Some(name) {
                set_header_value(&mut caller.agent, value)?;
            }
        }
        Ok(caller)
    }
}

/// Sets `known`, or compares the header with it.
fn set_header_value<'a>(known: &mut Option<&'a [u8]>, header: &'a HeaderValue) -> Result<(), Rejection> {
    match known {
        Some(known) => compare_headers(known, header.as_bytes()),
        None => {
            *known = Some(header.as_bytes());
            Ok(())
        }
    }
}

#[cold]
fn compare_headers(known: &[u8], other: &[u8]) -> Result<(), Rejection> {
    let (known, other) = (header_text(known)?, header_text(other)?);
    match is_same(known, other) {
        true => Ok(()),
        false => Err(different_callers("two headers contain different callers", [known, other])),
    }
}

#[cold]
fn different_callers(reason: &'static str, values: [&str; 2]) -> Rejection {
    Rejection::DifferentCallers(Box::new(CallerDifference::new(reason, values)))
}

/// The segments of a path, percent-encoded.
pub(super) struct CallPath<'a> {
    pub(super) tool: Option<&'a str>,
    pub(super) session: Option<&'a str>,
    pub(super) agent: Option<&'a str>,
}

impl<'a> CallPath<'a> {
    /// Ignores repeated slashes, which a proxy or a base URL may add, except in the agent's name, which may contain any.
    #[inline(always)]
    pub(super) fn parse(path: &'a str) -> Self {
        let (tool, rest) = split_segment(path);
        let (session, rest) = split_segment(rest);
        let agent = rest.strip_prefix('/').filter(|agent| !agent.is_empty());
        Self { tool, session, agent }
    }
}

/// Splits off the first segment that is not empty.
fn split_segment(path: &str) -> (Option<&str>, &str) {
    let path = path.trim_start_matches('/');
    let (segment, rest) = path.split_at(memchr::memchr(b'/', path.as_bytes()).unwrap_or(path.len()));
    (Some(segment).filter(|segment| !segment.is_empty()), rest)
}

/// Returns the value that header and path segment agree on. `difference` is the reason of the rejection if they do not.
fn agreed_value<'a>(
    header: Option<&'a [u8]>,
    segment: Option<&'a str>,
    difference: &'static str,
) -> Result<Option<Cow<'a, str>>, Rejection> {
    match (header, segment) {
        (Some(header), Some(segment)) if header == segment.as_bytes() => Ok(Some(Cow::Borrowed(segment))),
        (Some(header), Some(segment)) => {
            let (header, path) = (header_text(header)?, decode(segment)?);
            match common_value(header, path.clone()) {
                Some(value) => Ok(Some(value)),
                None => Err(different_callers(difference, [&path, header])),
            }
        }
        (Some(header), None) => header_text(header).map(|text| Some(Cow::Borrowed(text))),
        (None, segment) => segment.map(decode).transpose(),
    }
}

/// Returns the value of a header and a path that differ in white space or in slashes at their end. HTTP removes white space
/// around the value of a header, so the path is right about it. A proxy may add or remove slashes at the end of a path, so
/// the header is right about them.
fn common_value<'a>(header: &'a str, path: Cow<'a, str>) -> Option<Cow<'a, str>> {
    if trim_whitespace(&path) == trim_whitespace(header) {
        return Some(path);
    }
    let without_slash = path.trim_end_matches('/');
    if trim_whitespace(without_slash) == trim_whitespace(header) {
        return Some(Cow::Owned(without_slash.to_owned()));
    }
    (trimmed(&path) == trimmed(header)).then_some(Cow::Borrowed(header))
}

/// Coral sends header values in UTF-8; `HeaderValue::to_str` accepts ASCII only.
fn header_text(value: &[u8]) -> Result<&str, Rejection> {
    std::str::from_utf8(value).map_err(|_| Rejection::InvalidAddress("a header is not valid UTF-8"))
}

fn decode(segment: &str) -> Result<Cow<'_, str>, Rejection> {
    percent_decode_str(segment).decode_utf8().map_err(|_| Rejection::InvalidAddress("the path is not valid UTF-8"))
}

/// Whether two headers contain the same value. A proxy may have copied `other` from the path, so it may be percent-encoded
/// and have a slash at the end.
fn is_same(known: &str, other: &str) -> bool {
    known == other || decode(other).is_ok_and(|other| trimmed(&other) == trimmed(known))
}

/// Whether a name is short and has no control characters.
fn is_valid_name(name: &str) -> bool {
    // Visits all bytes, which is faster than to stop at the first one.
    let is_printable_ascii = name.bytes().fold(true, |is_printable, byte| is_printable & matches!(byte, b' '..=b'~'));
    name.len() <= MAX_NAME_LENGTH && (is_printable_ascii || !name.chars().any(char::is_control))
}

/// Whether an id has the form `0b7c9d3e-6a52-4f0e-9d0c-6d2d4f0e9a11`.
fn is_uuid(id: &[u8]) -> bool {
    let is_valid = |(index, byte): (usize, &u8)| match index {
        8 | 13 | 18 | 23 => *byte == b'-',
        _ => byte.is_ascii_hexdigit(),
    };
    id.len() == 36 && id.iter().enumerate().all(is_valid)
}

fn trimmed(name: &str) -> &str {
    trim_whitespace(name.trim_end_matches('/'))
}

/// Removes what HTTP removes around the value of a header.
fn trim_whitespace(name: &str) -> &str {
    name.trim_matches([' ', '\t'])
}

#[cfg(test)]
mod tests {
    use http::Request;
    use http::request::Parts;

    use super::{CallAddress, CallerHeaderNames, SessionIdForm};

    const SID: &str = "0b7c9d3e-6a52-4f0e-9d0c-6d2d4f0e9a11";

    fn parts(path: &str, headers: &[(&str, &str)]) -> Parts {
        let mut request = Request::post(path);
        for (name, value) in headers {
            request = request.header(*name, value.as_bytes());
        }
        request.body(()).expect("request").into_parts().0
    }

    fn agent_of(path: &str, headers: &[(&str, &str)]) -> Result<Option<String>, u16> {
        let parts = parts(path, headers);
        let address = CallAddress::from_request(&parts, &CallerHeaderNames::default(), SessionIdForm::Any)
            .map_err(|rejection| rejection.status().as_u16())?;
        assert_eq!((address.tool, &*address.session), ("tool", SID));
        Ok(address.agent.map(Into::into))
    }

    /// Names of agents, and how the server encodes them in a path.
    const AGENTS: [(&str, &str); 7] = [
        ("report-writer", "report-writer"),
        ("Zoë 1", "Zo%C3%AB%201"),
        ("a/b", "a/b"),
        ("a+b", "a+b"),
        ("a:b@c", "a:b@c"),
        ("100%", "100%25"),
        ("..", ".."),
    ];

    #[test]
    fn every_agent_name_is_read_from_path_header_or_both() {
        for (agent, tail) in AGENTS {
            let path = format!("/tool/{SID}/{tail}");
            let bare = format!("/tool/{SID}");
            assert_eq!(agent_of(&path, &[]), Ok(Some(agent.into())), "{agent}");
            assert_eq!(agent_of(&path, &[("x-coral-agentname", agent)]), Ok(Some(agent.into())), "{agent}");
            assert_eq!(agent_of(&bare, &[("x-coral-agentname", agent)]), Ok(Some(agent.into())), "{agent}");
        }
    }

    #[test]
    fn repeated_and_trailing_slashes_are_ignored() {
        for path in [format!("//tool/{SID}/a"), format!("/tool///{SID}/a"), format!("/tool/{SID}/a/")] {
            assert_eq!(agent_of(&path, &[("x-coral-agentname", "a")]), Ok(Some("a".into())), "{path}");
        }
        assert_eq!(agent_of(&format!("/tool/{SID}/"), &[]), Ok(None));
    }

    /// As coral-server 1.2 sends these names: encoded in the path, without the white space around them in the header.
    #[test]
    fn whitespace_around_an_agent_name_is_that_of_the_path() {
        for (tail, header, agent) in [
            ("%20lead", "lead", " lead"),
            ("trail%20", "trail", "trail "),
            ("%20", "", " "),
            ("%20lead/", "lead", " lead"),
            ("%20a/", "a/", " a/"),
            ("a", "a/", "a/"),
        ] {
            let path = format!("/tool/{SID}/{tail}");
            assert_eq!(agent_of(&path, &[("x-coral-agentname", header)]), Ok(Some(agent.into())), "{tail}");
        }
        let inside = format!("/tool/{SID}/re%20port");
        assert_eq!(agent_of(&inside, &[("x-coral-agentname", "report")]), Err(400));
    }

    #[test]
    fn contradicting_callers_are_rejected() {
        let path = format!("/tool/{SID}/writer");
        assert_eq!(agent_of(&path, &[("x-coral-agentname", "reader")]), Err(400));
        assert_eq!(agent_of(&path, &[("x-coral-sessionid", "another")]), Err(400));
        assert_eq!(agent_of(&path, &[("x-coral-agentname", "writer"), ("x-coral-agentname", "x")]), Err(400));
        assert_eq!(agent_of("/tool", &[]), Err(400), "without a session");
        assert_eq!(agent_of("/", &[]), Err(404));
        assert_eq!(agent_of(&format!("/tool/{SID}/%ff"), &[]), Err(400));
    }

    #[test]
    fn names_have_at_most_256_bytes_and_no_control_characters() {
        let long = "x".repeat(256);
        let path = |agent: &str| format!("/tool/{SID}/{agent}");
        assert_eq!(agent_of(&path(&long), &[]), Ok(Some(long.clone())));
        for agent in [format!("{long}x"), "a%00".into(), "%09a".into(), "a%7f".into(), "%C2%85".into(), "é%0A".into()]
        {
            assert_eq!(agent_of(&path(&agent), &[]), Err(400), "{agent}");
        }
        assert_eq!(agent_of(&path("a"), &[("x-coral-namespace", &format!("{long}x"))]), Err(400));
        assert_eq!(agent_of(&format!("/tool/{long}x/a"), &[]), Err(400));
        assert_eq!(agent_of("/tool/..%2f%00/a", &[]), Err(400));
        assert_eq!(agent_of(&path(""), &[("x-coral-agentname", "")]), Ok(None), "an empty header is not a name");
    }

    #[test]
    fn headers_that_differ_only_in_invalid_bytes_do_not_agree() {
        let headers = [("x-coral-agentname", "\u{fffd}"), ("x-coral-agentname", "%ff")];
        assert_eq!(agent_of(&format!("/tool/{SID}"), &headers), Err(400));
    }

    /// A proxy may have copied one of them from the path.
    #[test]
    fn headers_that_are_equal_or_differ_only_by_encoding_agree() {
        let path = format!("/tool/{SID}");
        for (first, second) in [("100%", "100%"), ("a%20b", "a%20b"), ("a b", "a%20b"), ("a", "a/")] {
            let headers = [("x-coral-agentname", first), ("x-coral-agentname", second)];
            assert_eq!(agent_of(&path, &headers), Ok(Some(first.into())), "{first} and {second}");
        }
    }

    /// A proxy may have copied the segment as it is encoded.
    #[test]
    fn a_header_that_is_equal_to_the_encoded_segment_agrees() {
        let path = format!("/tool/{SID}/a%20b");
        assert_eq!(agent_of(&path, &[("x-coral-agentname", "a%20b")]), Ok(Some("a%20b".into())));
        assert_eq!(agent_of(&path, &[("x-coral-agentname", "a%20c")]), Err(400));
    }

    #[test]
    fn only_uuids_are_session_ids_if_they_are_required() {
        let accepts = |session: &str| {
            let parts = parts(&format!("/tool/{session}/a"), &[]);
            CallAddress::from_request(&parts, &CallerHeaderNames::default(), SessionIdForm::Uuid).is_ok()
        };
        assert!(accepts(SID) && accepts(&SID.to_uppercase()));
        for session in ["session", &SID[1..], &SID.replace('-', "0"), &SID.replace('b', "g"), &format!("{SID}0")] {
            assert!(!accepts(session), "{session}");
        }
    }

    #[test]
    fn a_proxy_may_move_path_segments_into_headers() {
        let proxy = CallerHeaderNames {
            session: Some("x-sessionid".parse().expect("name")),
            agent: Some("x-agentid".parse().expect("name")),
        };
        let parts = parts("/tool", &[("X-SessionId", SID), ("X-AgentId", "my-agent")]);
        let address = CallAddress::from_request(&parts, &proxy, SessionIdForm::Any).expect("address");
        assert_eq!((&*address.session, address.agent.as_deref()), (SID, Some("my-agent")));
    }
}
