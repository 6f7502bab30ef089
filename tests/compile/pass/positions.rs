//! Every position of a function that can be a tool.

use coral_tools::{Toolset, coral_tool, toolset};

mod outer {
    pub(crate) mod inner {
        /// Adds.
        #[coral_tools::coral_tool]
        pub(in crate::outer) fn hidden() {}

        /// Adds.
        #[coral_tools::coral_tool]
        pub(crate) fn shown(a: u32) -> u32 {
            a
        }
    }

    pub(crate) fn tools() -> coral_tools::Toolset {
        coral_tools::toolset![inner::hidden]
    }
}

macro_rules! adder {
    ($name:ident, $doc:expr, $ty:ty, $by:literal, $least:literal, $default:expr) => {
        #[doc = $doc]
        #[coral_tool(title = $by)]
        fn $name(
            #[doc = $doc]
            #[arg(minimum = $least, default = $default)]
            a: $ty,
        ) -> $ty {
            a
        }
    };
}
adder!(made, "Made by a macro.", Option<u8>, "Made", 1, 2);
adder!(made_too, concat!("Made", " too."), u16, "Made", 1, 1 + 1);

macro_rules! namer {
    ($krate:path, $args:path, $is:expr, $least:expr, $most:literal, $low:expr) => {
        /// Names.
        #[coral_tool(crate = $krate, args = $args, read_only = $is)]
        fn name(#[arg(min_length = $least, max_length = $most)] a: String, #[arg(minimum = -$low)] b: i8) -> String {
            format!("{a}{b}")
        }
    };
}
namer!(::coral_tools, Name, true, 1, 8, 5);

fn main() {
    /// Subtracts.
    #[coral_tool]
    fn local(a: u32, b: u32) -> u32 {
        a - b
    }

    let tools: Toolset = toolset![local, outer::inner::shown, made, made_too, Name];
    assert_eq!(tools.len(), 5);
    let tool = tools.descriptor("name").unwrap();
    let named = &tool.input_schema()["properties"];
    assert_eq!((&named["a"]["minLength"], &named["a"]["maxLength"]), (&1.into(), &8.into()));
    assert_eq!(named["b"]["minimum"], -5);
    assert_eq!(name("a".into(), 1), "a1");
    assert_eq!(outer::tools().len(), 1);
    assert_eq!(local(2, 1) + outer::inner::shown(1), 2);
    assert_eq!(local { a: 1, b: 2 }.b, 2);
    assert_eq!(tools.descriptor("made_too").unwrap().description(), "Made too.");
    assert_eq!(tools.descriptor("made_too").unwrap().input_schema()["properties"]["a"]["default"], 2);
    assert_eq!(tools.descriptor("made").unwrap().title(), Some("Made"));
}
