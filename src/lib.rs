//! Container-registry client SDK.
#![no_std]
extern crate alloc;
