//! The library enforces every format that the macro accepts.
#![allow(unused)]

use coral_tools::{Toolset, coral_tool, toolset};

/// Takes a string in each format.
#[coral_tool]
fn take(
    #[arg(format = "date-time", default = "2026-01-31T09:30:00Z".to_owned())] date_time: String,
    #[arg(format = "date", default = "2026-01-31".to_owned())] date: String,
    #[arg(format = "time", default = "09:30:00Z".to_owned())] time: String,
    #[arg(format = "email", default = "a@example.com".to_owned())] email: String,
    #[arg(format = "hostname", default = "example.com".to_owned())] hostname: String,
    #[arg(format = "ipv4", default = "127.0.0.1".to_owned())] ipv4: String,
    #[arg(format = "ipv6", default = "::1".to_owned())] ipv6: String,
    #[arg(format = "uri", default = "https://example.com".to_owned())] uri: String,
    #[arg(format = "uuid", default = "67e55044-10b1-426f-9247-bb680e5fe0c8".to_owned())] uuid: String,
) {
}

fn main() {
    let tools: Toolset = toolset![take];
    tools.check().expect("every default has its format");
    let tool = tools.descriptor("take").unwrap();
    let properties = tool.input_schema()["properties"].as_object().unwrap();
    assert_eq!(properties.len(), 9);
    for (name, property) in properties {
        assert_eq!(property["format"], name.replace('_', "-"));
    }
}
