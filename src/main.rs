//! The `portolan` program: thin over the library.
#![forbid(unsafe_code)]
// A program for people who have an operating system.
#![allow(clippy::std_instead_of_core, clippy::std_instead_of_alloc)]
#![cfg_attr(test, allow(clippy::unwrap_used, reason = "a failing unwrap is a failing test"))]

mod cli;

fn main() -> std::process::ExitCode {
    cli::main()
}
