//! An HTTP response as it arrived.

use std::borrow::Cow;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct RawResponse {
    pub(super) status: u16,
    pub(super) content_type: Option<String>,
    pub(super) body: Vec<u8>,
}

impl RawResponse {
    /// The body, decoded by the charset of `Content-Type`; `None` if it is not text in that charset.
    pub(super) fn text(&self) -> Option<Cow<'_, str>> {
        match self.charset().as_deref() {
            None | Some("utf-8" | "utf8") => std::str::from_utf8(&self.body).ok().map(Cow::Borrowed),
            Some("iso-8859-1" | "latin1") => Some(self.body.iter().map(|&byte| char::from(byte)).collect()),
            Some("us-ascii") if self.body.is_ascii() => Some(String::from_utf8_lossy(&self.body)),
            Some(_) => None,
        }
    }

    fn charset(&self) -> Option<String> {
        let parameters = self.content_type.as_deref()?.split(';').skip(1);
        let charset =
            parameters.filter_map(|p| p.split_once('=')).find(|(k, _)| k.trim().eq_ignore_ascii_case("charset"));
        charset.map(|(_, value)| value.trim().trim_matches('"').to_ascii_lowercase())
    }

    /// The body as text, with invalid bytes replaced.
    pub(super) fn lossy_text(&self) -> String {
        self.text().map_or_else(|| String::from_utf8_lossy(&self.body).into_owned(), Cow::into_owned)
    }
}
