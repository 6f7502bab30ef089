//! The caller of a rejected request, for the log.

use std::borrow::Cow;

use http::HeaderName;
use http::request::Parts;
use percent_encoding::percent_decode_str;

use super::address::{CallPath, CallerHeaderNames, headers};
use crate::telemetry::{CallFields, shortened};

/// The tool and the caller of a request, as far as the path or else the headers name them, without any check.
#[derive(Debug)]
pub(super) struct RejectedCaller<'a> {
    tool: Option<&'a str>,
    session: Option<Cow<'a, str>>,
    agent: Option<Cow<'a, str>>,
    namespace: Option<Cow<'a, str>>,
}

impl<'a> RejectedCaller<'a> {
    #[cold]
    pub(super) fn of(parts: &'a Parts, proxy: &CallerHeaderNames) -> Self {
        let path = CallPath::parse(parts.uri.path());
        let decoded = |segment: Option<&'a str>| segment.map(|text| percent_decode_str(text).decode_utf8_lossy());
        let header = |name: &str| Some(String::from_utf8_lossy(parts.headers.get(name)?.as_bytes()));
        let caller = |segment, name, proxy_name: &Option<HeaderName>| {
            decoded(segment).or_else(|| header(name)).or_else(|| header(proxy_name.as_ref()?.as_str()))
        };
        Self {
            tool: path.tool,
            session: caller(path.session, headers::SESSION, &proxy.session),
            agent: caller(path.agent, headers::AGENT, &proxy.agent),
            namespace: header(headers::NAMESPACE),
        }
    }

    pub(super) fn fields(&self) -> CallFields<'_> {
        CallFields {
            tool: self.tool.map(shortened),
            session: self.session.as_deref().map(shortened),
            agent: self.agent.as_deref().map(shortened),
            namespace: self.namespace.as_deref().map(shortened),
            call_id: None,
        }
    }
}
