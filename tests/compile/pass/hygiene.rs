//! Names in the user's scope do not affect the generated code.
#![allow(non_camel_case_types, non_upper_case_globals, dead_code)]

use coral_tools::{CallContext, Toolset, coral_tool, toolset};

struct Result;
struct Option;
struct Vec;
struct Send;
struct Sync;
struct Box;
struct Some;
struct None;
struct Ok;
struct Err;
struct Future;
struct Default;
struct Debug;
struct Context;
struct Tool;
struct Handler;
struct Parameter;
struct Serialize;
struct Deserialize;
struct Serializer;
struct usize;
struct bool;
struct u64;
struct Self_;
struct S;
struct T;
struct E;
struct D;
struct A;
trait FromContext {}
trait Into {}
mod core {}
mod std {}
mod serde {}
mod alloc {}
const context: u8 = 0;
const slots: u8 = 0;
const index: u8 = 0;
const map: u8 = 0;
const given: u8 = 0;
const out: u8 = 0;
static returned: u8 = 0;
fn output() {}
fn value() {}
macro_rules! concat { () => {} }
macro_rules! panic { () => {} }
macro_rules! assert { ($($t:tt)*) => { compile_error!("the user's own"); } }

type String = ::std::string::String;

/// Takes arguments named like local names of the generated code.
#[coral_tool]
async fn take(
    input: String,
    ctx: u8,
    self_: i8,
    map_: char,
    context_: u16,
    slots_: ::std::vec::Vec<u8>,
    #[arg(default = 1, example = 2, minimum = 0)] index_: u32,
    returned_: ::std::option::Option<u8>,
    #[context] call: CallContext,
    #[context] other: CallContext,
) -> ::std::result::Result<String, ::std::fmt::Error> {
    let _ = (input, ctx, self_, map_, context_, slots_, index_, returned_, call, other);
    ::std::result::Result::Ok(String::new())
}

mod more {
    use coral_tools::coral_tool;

    /// Takes arguments named like constants above.
    #[coral_tool]
    pub fn more(input: u8, ctx: u8, map: u8, context: u8, slots: u8, index: u8, returned: u8, tools: u8, f: u8) -> u8 {
        input + ctx + map + context + slots + index + returned + tools + f
    }
}

struct Value(u8);

#[coral_tools::coral_tools]
impl Value {
    /// Takes arguments named like local names of the generated code.
    #[coral_tool]
    async fn take_more(&self, value: u8, tools: u8, state: u8, #[context] call: CallContext) -> u8 {
        let _ = call;
        self.0 + value + tools + state
    }

    /// Blocks.
    #[coral_tool(blocking)]
    fn block(&self, value: u8) -> u8 {
        self.0 + value
    }
}

fn main() {
    let tools: Toolset = toolset![take, more::more];
    ::std::assert_eq!(tools.len(), 2);
    let tools: Toolset = Value::toolset(Value(1));
    ::std::assert_eq!(tools.len(), 2);
}
