//! The destination of a call: `URLBuilder(url).appendPathSegments(sessionId, agentName)`, as the URL library of the server
//! evaluates it.

use percent_encoding::utf8_percent_encode;

use super::base_url::SEGMENT;

/// The server and the request target of a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Destination {
    pub(crate) tls: bool,
    /// An IPv6 address is in brackets.
    pub(crate) host: String,
    pub(crate) port: u16,
    pub(crate) target: String,
}

impl Destination {
    /// Appends the session and the agent to the URL of a tool.
    ///
    /// # Errors
    ///
    /// Returns the reason if the server could not build a URL from `url`.
    pub(crate) fn from_tool_url(url: &str, session_id: &str, agent_name: &str) -> Result<Self, &'static str> {
        Self::with_path(url, |path| format!("{}/{}/{}", base_path(path), escape(session_id), escape(agent_name)))
    }

    /// Takes a URL unchanged, as for the report of a session's end.
    ///
    /// # Errors
    ///
    /// Returns the reason if the server could not build a URL from `url`.
    pub(crate) fn from_url(url: &str) -> Result<Self, &'static str> {
        Self::with_path(url, |path| if path.starts_with('/') { path.to_owned() } else { format!("/{path}") })
    }

    fn with_path(url: &str, path_of: impl FnOnce(&str) -> String) -> Result<Self, &'static str> {
        let url = url.trim();
        let url = url.split_once('#').map_or(url, |(url, _fragment)| url);
        let (tls, rest) = scheme(url)?;
        let (authority, rest) = authority(rest);
        let (host, port) = host_and_port(authority, tls)?;
        let (path, query) = rest.split_once('?').map_or((rest, None), |(path, query)| (path, Some(query)));
        let query = query.map(group_repeated_keys).map_or(String::new(), |query| format!("?{query}"));
        let target = format!("{}{query}", path_of(path));
        if target.contains(|c: char| c.is_ascii_whitespace() || c.is_ascii_control()) {
            return Err("the URL contains white space");
        }
        Ok(Self { tls, host, port, target })
    }

    /// The value of the `Host` header, without the default port of the scheme.
    pub(crate) fn authority(&self) -> String {
        if self.port == default_port(self.tls) { self.host.clone() } else { format!("{}:{}", self.host, self.port) }
    }
}

fn default_port(tls: bool) -> u16 {
    if tls { 443 } else { 80 }
}

/// A URL without a scheme is an `http` URL.
fn scheme(url: &str) -> Result<(bool, &str), &'static str> {
    let end = url.find(['/', '?']).unwrap_or(url.len());
    let Some(colon) = url[..end].find(':') else { return Ok((false, url)) };
    match url[..colon].to_ascii_lowercase().as_str() {
        "http" => Ok((false, &url[colon + 1..])),
        "https" => Ok((true, &url[colon + 1..])),
        _ => Err("the URL's scheme is neither http nor https"),
    }
}

/// A URL without `//` has no host; the call goes to `localhost`, not to the Coral server.
fn authority(rest: &str) -> (&str, &str) {
    let Some(rest) = rest.strip_prefix("//") else { return ("localhost", rest) };
    rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()))
}

fn host_and_port(authority: &str, tls: bool) -> Result<(String, u16), &'static str> {
    let server = authority.rsplit_once('@').map_or(authority, |(_user, server)| server);
    let bracket = server.find(']').unwrap_or(0);
    let colon = server[bracket..].find(':').map(|at| bracket + at);
    let (host, port) = colon.map_or((server, ""), |at| (&server[..at], &server[at + 1..]));
    let port = if port.is_empty() {
        default_port(tls)
    } else {
        port.parse().map_err(|_| "the URL's port is not a valid port number")?
    };
    Ok((if host.is_empty() { "localhost".to_owned() } else { host.to_owned() }, port))
}

/// Removes one slash at the end; further slashes stay.
fn base_path(path: &str) -> String {
    let path = path.strip_suffix('/').unwrap_or(path);
    if path.is_empty() || path.starts_with('/') { path.to_owned() } else { format!("/{path}") }
}

/// Escapes a name. A slash in it separates path segments and is not escaped.
fn escape(name: &str) -> String {
    let segments: Vec<String> = name.split('/').map(|part| utf8_percent_encode(part, SEGMENT).to_string()).collect();
    segments.join("/")
}

/// The server keeps a query as a map from keys, which ignores case, to their values.
fn group_repeated_keys(query: &str) -> String {
    let mut groups: Vec<(&str, Vec<&str>)> = Vec::new();
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (key, value) = pair.split_once('=').map_or((pair, None), |(key, value)| (key, Some(value)));
        match groups.iter_mut().find(|(known, _)| known.eq_ignore_ascii_case(key)) {
            Some((_, values)) => values.extend(value),
            None => groups.push((key, value.into_iter().collect())),
        }
    }
    let pairs = groups.iter().flat_map(|(key, values)| match values.as_slice() {
        [] => vec![(*key).to_owned()],
        values => values.iter().map(|value| format!("{key}={value}")).collect(),
    });
    pairs.collect::<Vec<_>>().join("&")
}

#[cfg(test)]
mod tests {
    use super::Destination;

    fn call(url: &str) -> String {
        let destination = Destination::from_tool_url(url, "sid", "a").expect(url);
        format!(
            "{}://{} {}",
            if destination.tls { "https" } else { "http" },
            destination.authority(),
            destination.target
        )
    }

    #[test]
    fn session_and_agent_are_appended_to_the_path() {
        for (url, expected) in [
            ("https://h", "https://h /sid/a"),
            ("https://h/", "https://h /sid/a"),
            ("https://h/hook", "https://h /hook/sid/a"),
            ("https://h/hook/", "https://h /hook/sid/a"),
            ("https://h/hook///", "https://h /hook///sid/a"),
            ("https://h/hook?k=v&x=1", "https://h /hook/sid/a?k=v&x=1"),
            ("https://h/hook?k=1&x&K=2", "https://h /hook/sid/a?k=1&k=2&x"),
            ("https://h?k=", "https://h /sid/a?k="),
            ("https://h/hook#frag", "https://h /hook/sid/a"),
            ("https://h/a%20b", "https://h /a%20b/sid/a"),
            ("customTool", "http://localhost /customTool/sid/a"),
            ("/customTool", "http://localhost /customTool/sid/a"),
            (" ", "http://localhost /sid/a"),
            ("HTTP://u:p@[::1]:8080/x", "http://[::1]:8080 /x/sid/a"),
            ("https://h:443/x", "https://h /x/sid/a"),
            (
                "https://p/X-SessionId/X-AgentId///https://h/hook///",
                "https://p /X-SessionId/X-AgentId///https://h/hook///sid/a",
            ),
        ] {
            assert_eq!(call(url), expected, "{url}");
        }
    }

    #[test]
    fn agent_names_are_split_at_slashes_and_escaped() {
        for (agent, tail) in [
            ("report-writer", "/sid/report-writer"),
            ("Zoë 1", "/sid/Zo%C3%AB%201"),
            ("a/b", "/sid/a/b"),
            ("a+b", "/sid/a+b"),
            ("a:b@c", "/sid/a:b@c"),
            ("-._~:@!$&'()*+,;=", "/sid/-._~:@!$&'()*+,;="),
            ("100%", "/sid/100%25"),
            ("?#\"", "/sid/%3F%23%22"),
            ("..", "/sid/.."),
            ("", "/sid/"),
        ] {
            assert_eq!(Destination::from_tool_url("https://h", "sid", agent).expect(agent).target, tail, "{agent}");
        }
    }

    #[test]
    fn invalid_urls_are_rejected() {
        for url in ["http://h:x/", "http://h:99999/", "ftp://h/", "mailto:a", "http://h/a b"] {
            assert!(Destination::from_tool_url(url, "sid", "a").is_err(), "{url}");
        }
    }
}
