#![allow(unused)]

use coral_tools::coral_tool;
use coral_tools::serde::{Deserialize, Serialize};

#[derive(Deserialize, Serialize)]
struct Uuid(String);
#[derive(Deserialize, Serialize)]
struct DateTime<T>(T);
#[derive(Deserialize, Serialize)]
struct Url(String);
type Utc = String;

/// Finds.
#[coral_tool]
fn find(id: Uuid, since: Option<DateTime<Utc>>, links: Vec<Url>) -> DateTime<Utc> {
    DateTime(String::new())
}

fn main() {
    let _: coral_tools::Toolset = coral_tools::toolset![find];
}
