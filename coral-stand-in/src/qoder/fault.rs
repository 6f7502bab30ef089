//! What goes wrong with requests.

/// Something that goes wrong with the next requests that it is about.
#[derive(Debug, Clone)]
#[must_use]
pub struct Fault {
    pub(super) method: Option<&'static str>,
    pub(super) path_end: String,
    pub(super) spared: usize,
    pub(super) times: usize,
    pub(super) harm: Harm,
}

#[derive(Debug, Clone)]
pub(super) enum Harm {
    /// It is not done, and this is said.
    Says { status: u16, headers: Vec<(&'static str, String)>, body: Option<String> },
    /// It is done, and the connection is cut.
    CutAfter,
    /// It is not done, and the connection is cut.
    CutBefore,
}

impl Fault {
    fn of(harm: Harm) -> Self {
        Self { method: None, path_end: String::new(), spared: 0, times: 1, harm }
    }

    /// It is not done: this status, with an error as Qoder writes them.
    pub fn says(status: u16) -> Self {
        Self::of(Harm::Says { status, headers: Vec::new(), body: None })
    }

    /// It is done, and nothing comes back.
    pub fn lost_reply() -> Self {
        Self::of(Harm::CutAfter)
    }

    /// It is not done, and nothing comes back.
    pub fn lost_request() -> Self {
        Self::of(Harm::CutBefore)
    }

    /// Of requests of this method whose path ends so.
    pub fn on(mut self, method: &'static str, path_end: &str) -> Self {
        self.method = Some(method);
        self.path_end = path_end.to_owned();
        self
    }

    /// Not of the first so many.
    pub fn after(mut self, spared: usize) -> Self {
        self.spared = spared;
        self
    }

    /// So often, instead of once.
    pub fn times(mut self, times: usize) -> Self {
        self.times = times;
        self
    }

    /// With a header.
    pub fn header(mut self, name: &'static str, value: &str) -> Self {
        if let Harm::Says { headers, .. } = &mut self.harm {
            headers.push((name, value.to_owned()));
        }
        self
    }

    /// With this text instead of an error as Qoder writes them.
    pub fn text(mut self, text: &str) -> Self {
        if let Harm::Says { body, .. } = &mut self.harm {
            *body = Some(text.to_owned());
        }
        self
    }

    pub(super) fn is_about(&self, method: &str, path: &str) -> bool {
        self.times > 0 && self.method.is_none_or(|own| own == method) && path.ends_with(&self.path_end)
    }
}
