//! "Did you mean …?"

/// The least similarity, from 0 to 1, of a name that is suggested.
const MIN_SIMILARITY: f64 = 0.7;

/// Returns the candidate that is most similar to a misspelled name, if one is similar enough. Callers limit the length of
/// names from outside: the cost is the product of the two lengths.
pub(crate) fn closest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let scored = candidates.into_iter().map(|candidate| (similarity(name, candidate), candidate));
    let (score, candidate) = scored.max_by(|a, b| a.0.total_cmp(&b.0))?;
    (score >= MIN_SIMILARITY).then_some(candidate)
}

/// Returns the similarity of two names, from 0 to 1.
pub(crate) fn similarity(a: &str, b: &str) -> f64 {
    strsim::normalized_damerau_levenshtein(&normalized(a), &normalized(b))
}

/// `userName`, `user-name` and `USER_NAME` are spellings of one name.
fn normalized(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::closest;

    #[test]
    fn similar_names_are_suggested_whatever_their_case_style() {
        let names = ["user_name", "userMail", "limit"];
        assert_eq!(closest("USER-NAME", names), Some("user_name"));
        assert_eq!(closest("limt", names), Some("limit"));
        assert_eq!(closest("content", names), None);
    }
}
