//! Faults of single requests.

/// A fault of the next requests that match: an error response, or a lost connection.
#[derive(Debug, Clone)]
#[must_use]
pub struct RequestFault {
    method: Option<&'static str>,
    path_suffix: String,
    skipped: usize,
    remaining: usize,
    effect: FaultEffect,
}

#[derive(Debug, Clone)]
pub(super) enum FaultEffect {
    /// The request has no effect and gets this response.
    Respond { status: u16, headers: Vec<(&'static str, String)>, body: Option<String> },
    /// The request takes effect, and the connection is closed before the response.
    LoseResponse,
    /// The request has no effect, and the connection is closed before the response.
    LoseRequest,
}

impl RequestFault {
    fn new(effect: FaultEffect) -> Self {
        Self { method: None, path_suffix: String::new(), skipped: 0, remaining: 1, effect }
    }

    /// The request has no effect and gets this status, with an error body as Qoder writes it.
    pub fn status(status: u16) -> Self {
        Self::new(FaultEffect::Respond { status, headers: Vec::new(), body: None })
    }

    /// The request takes effect, and gets no response.
    pub fn lost_response() -> Self {
        Self::new(FaultEffect::LoseResponse)
    }

    /// The request has no effect, and gets no response.
    pub fn lost_request() -> Self {
        Self::new(FaultEffect::LoseRequest)
    }

    /// Matches only requests with this method and a path with this end. Default: all requests.
    pub fn on(mut self, method: &'static str, path_suffix: &str) -> Self {
        self.method = Some(method);
        self.path_suffix = path_suffix.to_owned();
        self
    }

    /// Skips the first `count` matching requests. Default: 0.
    pub fn skip(mut self, count: usize) -> Self {
        self.skipped = count;
        self
    }

    /// Occurs for `count` requests. Default: 1.
    pub fn times(mut self, count: usize) -> Self {
        self.remaining = count;
        self
    }

    /// Adds a header to the response of [`RequestFault::status`].
    pub fn header(mut self, name: &'static str, value: &str) -> Self {
        if let FaultEffect::Respond { headers, .. } = &mut self.effect {
            headers.push((name, value.to_owned()));
        }
        self
    }

    /// Sets the body of [`RequestFault::status`]. Default: an error as Qoder writes it.
    pub fn body(mut self, text: &str) -> Self {
        if let FaultEffect::Respond { body, .. } = &mut self.effect {
            *body = Some(text.to_owned());
        }
        self
    }

    pub(super) fn matches(&self, method: &str, path: &str) -> bool {
        self.remaining > 0 && self.method.is_none_or(|own| own == method) && path.ends_with(&self.path_suffix)
    }

    /// Counts a matching request. Returns the effect if the fault occurs for it.
    pub(super) fn count_request(&mut self) -> Option<FaultEffect> {
        if self.skipped > 0 {
            self.skipped -= 1;
            return None;
        }
        self.remaining -= 1;
        Some(self.effect.clone())
    }
}
