//! Which tool a call is for and who makes it: from the path, the headers, or both.

use std::borrow::Cow;

use http::request::Parts;
use http::{HeaderName, HeaderValue};
use percent_encoding::percent_decode_str;

use super::rejection::Rejection;

const SESSION: HeaderName = HeaderName::from_static("x-coral-sessionid");
const AGENT: HeaderName = HeaderName::from_static("x-coral-agentname");
const NAMESPACE: HeaderName = HeaderName::from_static("x-coral-namespace");

/// What a call says of itself.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Address<'a> {
    pub(super) tool: &'a str,
    pub(super) session: Cow<'a, str>,
    pub(super) agent: Option<Cow<'a, str>>,
    pub(super) namespace: Option<Cow<'a, str>>,
}

/// The headers that a proxy puts path segments into, for platforms that cannot route them.
#[derive(Debug, Clone, Default)]
pub(super) struct ProxyHeaders {
    pub(super) session: Option<HeaderName>,
    pub(super) agent: Option<HeaderName>,
}

impl<'a> Address<'a> {
    /// Reads `/{tool}/{session}/{agent…}` and the headers; either is enough, and where both speak they must agree.
    pub(super) fn of(parts: &'a Parts, proxy: &ProxyHeaders) -> Result<Self, Rejection> {
        let path = Path::of(parts.uri.path());
        let tool = path.tool.ok_or(Rejection::NotFound)?;
        let session = agreed(parts, &[Some(&SESSION), proxy.session.as_ref()], path.session)?;
        Ok(Self {
            tool,
            session: session.filter(|id| !id.is_empty()).ok_or(Rejection::BadAddress("the call names no session"))?,
            agent: agreed(parts, &[Some(&AGENT), proxy.agent.as_ref()], path.agent)?,
            namespace: agreed(parts, &[Some(&NAMESPACE)], None)?,
        })
    }
}

/// The segments of a path, still percent-encoded.
struct Path<'a> {
    tool: Option<&'a str>,
    session: Option<&'a str>,
    agent: Option<&'a str>,
}

impl<'a> Path<'a> {
    /// Slashes that a proxy or a base URL has doubled are passed over, except in the agent's name, which may hold any.
    fn of(path: &'a str) -> Self {
        let (tool, rest) = segment(path);
        let (session, rest) = segment(rest);
        let agent = rest.strip_prefix('/').filter(|agent| !agent.is_empty());
        Self { tool, session, agent }
    }
}

/// The first segment of a path that is not empty, and what follows it.
fn segment(path: &str) -> (Option<&str>, &str) {
    let is_slash = |byte| byte == b'/';
    let start = path.bytes().position(|byte| !is_slash(byte)).unwrap_or(path.len());
    let path = &path[start..];
    let (first, rest) = path.split_at(path.bytes().position(is_slash).unwrap_or(path.len()));
    (Some(first).filter(|first| !first.is_empty()), rest)
}

/// The one value that all sources agree on.
fn agreed<'a>(
    parts: &'a Parts,
    headers: &[Option<&HeaderName>],
    segment: Option<&'a str>,
) -> Result<Option<Cow<'a, str>>, Rejection> {
    let mut value = None;
    for name in headers.iter().flatten() {
        for header in parts.headers.get_all(*name) {
            let given = text(header)?;
            match &value {
                None => value = Some(Cow::Borrowed(given)),
                Some(known) if same(known, given) => {}
                Some(_) => return Err(Rejection::BadAddress("two headers disagree about who calls")),
            }
        }
    }
    match (value, segment) {
        (Some(known), Some(segment)) if !same(&known, segment) => {
            Err(Rejection::BadAddress("path and headers disagree about who calls"))
        }
        (Some(known), _) => Ok(Some(known)),
        (None, Some(segment)) => decode(segment).map(Some),
        (None, None) => Ok(None),
    }
}

/// Header values are raw UTF-8 on this wire, so `HeaderValue::to_str` would refuse honest ones.
fn text(value: &HeaderValue) -> Result<&str, Rejection> {
    std::str::from_utf8(value.as_bytes()).map_err(|_| Rejection::BadAddress("a header is not valid UTF-8"))
}

fn decode(segment: &str) -> Result<Cow<'_, str>, Rejection> {
    percent_decode_str(segment).decode_utf8().map_err(|_| Rejection::BadAddress("the path is not valid UTF-8"))
}

/// Whether `segment`, maybe percent-encoded and maybe with a slash that a proxy has added, says `known`, which may have
/// lost white space around it as header values do.
fn same(known: &str, segment: &str) -> bool {
    if known == segment {
        return true;
    }
    let decoded = percent_decode_str(segment).decode_utf8_lossy();
    decoded == known || bare(&decoded) == bare(known)
}

fn bare(name: &str) -> &str {
    name.trim_end_matches('/').trim_matches([' ', '\t'])
}

#[cfg(test)]
mod tests {
    use http::Request;
    use http::request::Parts;

    use super::{Address, ProxyHeaders};

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
        let address = Address::of(&parts, &ProxyHeaders::default()).map_err(|r| r.status().as_u16())?;
        assert_eq!((address.tool, &*address.session), ("tool", SID));
        Ok(address.agent.map(Into::into))
    }

    /// The rows of agent names and the path tails that the server makes of them.
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
    fn doubled_and_trailing_slashes_change_nothing() {
        for path in [format!("//tool/{SID}/a"), format!("/tool///{SID}/a"), format!("/tool/{SID}/a/")] {
            assert_eq!(agent_of(&path, &[("x-coral-agentname", "a")]), Ok(Some("a".into())), "{path}");
        }
        assert_eq!(agent_of(&format!("/tool/{SID}/"), &[]), Ok(None));
    }

    #[test]
    fn disagreement_is_refused() {
        let path = format!("/tool/{SID}/writer");
        assert_eq!(agent_of(&path, &[("x-coral-agentname", "reader")]), Err(400));
        assert_eq!(agent_of(&path, &[("x-coral-sessionid", "another")]), Err(400));
        assert_eq!(agent_of(&path, &[("x-coral-agentname", "writer"), ("x-coral-agentname", "x")]), Err(400));
        assert_eq!(agent_of("/tool", &[]), Err(400), "no session anywhere");
        assert_eq!(agent_of("/", &[]), Err(404));
        assert_eq!(agent_of(&format!("/tool/{SID}/%ff"), &[]), Err(400));
    }

    #[test]
    fn a_proxy_may_move_the_path_into_headers() {
        let proxy = ProxyHeaders {
            session: Some("x-sessionid".parse().expect("name")),
            agent: Some("x-agentid".parse().expect("name")),
        };
        let parts = parts("/tool", &[("X-SessionId", SID), ("X-AgentId", "my-agent")]);
        let address = Address::of(&parts, &proxy).expect("address");
        assert_eq!((&*address.session, address.agent.as_deref()), (SID, Some("my-agent")));
    }
}
