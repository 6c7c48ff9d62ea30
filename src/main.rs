//! The `portolan` program: thin over the library.
#![forbid(unsafe_code)]
// A program for people who have an operating system.
#![allow(clippy::std_instead_of_core, clippy::std_instead_of_alloc)]

mod cli;

fn main() -> std::process::ExitCode {
    cli::main()
}
