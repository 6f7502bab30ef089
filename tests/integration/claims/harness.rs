//! Tests of tools that are bound to a user.

use coral_tools::testing::Harness;

use super::{App, UserId, keys, tools};

#[tokio::test]
async fn the_harness_calls_as_a_user() {
    let harness = Harness::new(&tools(), App { keys: keys() });
    let ada = harness.clone().bound_to(&keys(), &UserId(7));
    assert_eq!(ada.call(("current_user", ())).await.value::<u64>().unwrap(), 7);
    assert_eq!(ada.clone().bound_to(&keys(), &UserId(8)).call(("current_user", ())).await.value::<u64>().unwrap(), 8);
    assert_eq!(ada.bound_to(&keys(), "Ada").call(("current_user", ())).await.status(), Some(400));
    assert_eq!(harness.call(("current_user", ())).await.status(), Some(400));
}
