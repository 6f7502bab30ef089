//! An HTTP response as it arrived.

use std::borrow::Cow;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct RawResponse {
    pub(super) status: u16,
    pub(super) content_type: Option<String>,
    pub(super) body: Vec<u8>,
}

impl RawResponse {
    /// The body, decoded by the charset of `Content-Type`, which is UTF-8 if it is unknown. `None` if the body is not text in that
    /// charset, or if the media type is malformed.
    pub(super) fn text(&self) -> Option<Cow<'_, str>> {
        if !self.is_media_type_valid() {
            return None;
        }
        match self.charset().as_deref() {
            Some("iso-8859-1" | "latin1") => Some(self.body.iter().map(|&byte| char::from(byte)).collect()),
            Some("us-ascii") if !self.body.is_ascii() => None,
            _ => std::str::from_utf8(&self.body).ok().map(Cow::Borrowed),
        }
    }

    /// Whether the media type is missing, or two non-empty names with one slash between them.
    fn is_media_type_valid(&self) -> bool {
        let content_type = self.content_type.as_deref().unwrap_or_default();
        let media_type = content_type.split(';').next().unwrap_or_default().trim();
        let is_name = |name: &str| !name.trim().is_empty() && !name.contains('/');
        media_type.is_empty()
            || media_type.split_once('/').is_some_and(|(kind, subtype)| is_name(kind) && is_name(subtype))
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
