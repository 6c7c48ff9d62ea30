//! What `portolan emulate` keeps and serves: the distribution specification's own tests, and kills at any moment.
#![cfg(feature = "cli")]
#![allow(
    clippy::unwrap_used,
    clippy::std_instead_of_core,
    clippy::std_instead_of_alloc,
    clippy::alloc_instead_of_core,
    clippy::print_stderr,
    reason = "tests"
)]

mod emulator_content {
    mod conformance;
    mod crash;
    mod http;
    mod process;
    mod push;
}
