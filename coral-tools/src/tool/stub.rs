//! What stands in for a tool that did not compile.

/// The body of every function of the stand-in. Nothing runs it: the error that it stands for ends the compilation.
pub fn stub() -> ! {
    unreachable!("this tool did not compile")
}
