//! The answer to invalid arguments, which is limited to 8 KB.

use coral_tools::{Call, Toolset, coral_tool, toolset};
use serde_json::{Value, json};

/// So long that the descriptions of few problems fill the answer.
const PATTERN: &str = "^(?:one-of-the-codes-that-are-accepted-here|another-one-of-the-codes-that-are-accepted|\
                       or-one-more-of-the-codes-that-are-accepted-here|a-code-that-is-accepted-until-next-year|\
                       a-code-that-is-accepted-from-next-year-on|a-code-that-was-accepted-until-last-year)$";

/// Orders.
#[coral_tool]
fn order(#[arg(items(pattern = PATTERN))] codes: Vec<String>) -> usize {
    codes.len()
}

async fn answer(invalid: usize) -> (usize, Value) {
    let tools: Toolset = toolset![order];
    let body = json!({ "codes": vec!["-"; invalid] }).to_string();
    let answer = tools.dispatch(Call::new("order", body.as_bytes()), &()).await.into_json();
    (answer.len(), serde_json::from_slice(&answer).expect("JSON"))
}

#[tokio::test]
async fn problems_that_do_not_fit_into_the_answer_are_counted() {
    let mut listed_at_most = 0;
    for invalid in 1..=80 {
        let (size, json) = answer(invalid).await;
        assert!(size <= 8 * 1024, "{size} bytes");
        let message = match invalid {
            1 => format!("`codes[0]` must be a string matching `{PATTERN}`"),
            _ => format!("{invalid} arguments are invalid; see `details`"),
        };
        assert_eq!(json["error"], message);

        let details = json["details"].as_array().expect("details");
        let listed: Vec<_> = details.iter().filter(|problem| problem["path"] != "").collect();
        assert!(listed.iter().enumerate().all(|(index, problem)| problem["path"] == format!("codes[{index}]")));
        let others = match invalid - listed.len() {
            0 => Vec::new(),
            1 => vec!["and 1 more problem".to_owned()],
            more => vec![format!("and {more} more problems")],
        };
        let counted: Vec<_> = details[listed.len()..].iter().map(|problem| problem["expected"].clone()).collect();
        assert_eq!(counted, others, "of {invalid} problems, {} are listed", listed.len());

        listed_at_most = listed_at_most.max(listed.len());
        let size_of_one = listed[0].to_string().len();
        let fits = 7 * 1024 / (size_of_one + 2);
        assert!(
            listed.len() >= invalid.min(fits),
            "{} of {invalid} are listed, {size_of_one} bytes each",
            listed.len()
        );
    }
    assert!((10..32).contains(&listed_at_most), "the list is not cut by its size: {listed_at_most} problems");
}
