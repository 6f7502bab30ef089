//! `#[agent_options]` without the prelude, with shadowed names and denied lints.

#![no_implicit_prelude]
#![deny(warnings, missing_docs, missing_debug_implementations, unreachable_pub, unused_qualifications)]

/// The options of the writer.
#[::coral_tools::agent_options("registry/agent.json")]
pub struct NaturalTone;

#[allow(non_camel_case_types, dead_code)]
mod shadowed {
    struct String;
    struct Vec;
    struct Option;
    struct Result;
    struct u8;
    struct i32;
    struct str;

    #[::coral_tools::agent_options("registry/agent.json", crate = ::coral_tools)]
    pub(super) struct Tone;
}

fn in_a_function() -> ::coral_tools::Agent {
    #[::coral_tools::agent_options("registry/enum.json")]
    struct Local;

    Local { style: LocalStyle::Plain, ..::std::default::Default::default() }.docker()
}

fn main() {
    let writer = NaturalTone { max_iterations: 7, ..::std::default::Default::default() };
    ::std::assert_eq!(writer, ::std::clone::Clone::clone(&writer));
    let agents = [writer.docker(), <shadowed::Tone as ::std::default::Default>::default().docker(), in_a_function()];
    let mut request = ::coral_tools::SessionRequest::in_namespace("default");
    for (agent, name) in ::std::iter::Iterator::zip(::std::iter::IntoIterator::into_iter(agents), ["a", "b", "c"]) {
        request = request.agent(agent.named(name));
    }
    ::std::assert_eq!(request.check(), ::std::result::Result::Ok(()));
}
