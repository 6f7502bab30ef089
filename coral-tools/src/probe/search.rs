//! Other base URLs at which the webhooks may respond: those that common mistakes lead to.

use crate::session::base_url::BaseUrl;

/// The path in the documentation.
const USUAL_PATH: &str = "/coral";
/// Each of them is one request.
const MAX_CANDIDATES: usize = 8;

/// Returns base URLs of the same host and port, the most probable first.
pub(super) fn candidates<'a>(base_url: &BaseUrl, tools: impl Iterator<Item = &'a str>) -> Vec<(String, BaseUrl)> {
    let Some(url) = base_url.parsed() else { return Vec::new() };
    let with_path = |path: &str| {
        let base_url = BaseUrl::plain_http(&format!("{}{path}{}", url.origin, url.query)).ok()?;
        Some((path.to_owned(), base_url))
    };
    paths(url.path.trim_end_matches('/'), tools).iter().filter_map(|path| with_path(path)).collect()
}

fn paths<'a>(path: &str, mut tools: impl Iterator<Item = &'a str>) -> Vec<String> {
    let parent = |path: &str| path.rsplit_once('/').map(|(parent, _)| parent.to_owned());
    let is_tool = tools.any(|tool| path.rsplit('/').next() == Some(tool));
    let half = path.split_at_checked(path.len() / 2).filter(|(first, second)| first == second).map(|(half, _)| half);
    let mut paths = Vec::new();
    // The URL of a tool, and a doubled path.
    paths.extend(is_tool.then(|| parent(path)).flatten());
    paths.extend(half.map(str::to_owned));
    // A missing path, or a wrong one.
    paths.extend([format!("{path}{USUAL_PATH}"), USUAL_PATH.to_owned()]);
    // A path that a proxy removes.
    paths.push(format!("{path}{path}"));
    // A superfluous part at the end.
    paths.extend(std::iter::successors(parent(path), |path| parent(path)));
    let mut unique: Vec<String> = Vec::new();
    for candidate in paths {
        if candidate != path && !unique.contains(&candidate) {
            unique.push(candidate);
        }
    }
    unique.truncate(MAX_CANDIDATES);
    unique
}

#[cfg(test)]
mod tests {
    use super::paths;

    #[test]
    fn candidates_reverse_common_mistakes() {
        for (path, expected) in [
            ("", vec!["/coral"]),
            ("/hook", vec!["/hook/coral", "/coral", "/hook/hook", ""]),
            ("/coral/coral", vec!["/coral", "/coral/coral/coral", "/coral/coral/coral/coral", ""]),
            ("/coral/echo", vec!["/coral", "/coral/echo/coral", "/coral/echo/coral/echo", ""]),
        ] {
            assert_eq!(paths(path, ["ping", "echo"].into_iter()), expected, "{path}");
        }
        assert_eq!(paths(&"/a".repeat(50), [].into_iter()).len(), super::MAX_CANDIDATES);
    }
}
