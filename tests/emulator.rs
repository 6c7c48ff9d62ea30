//! Who may do what, at the registry and at ARM; every row says who may and who may not.

#[path = "emulator/arm.rs"]
mod arm;
#[path = "emulator/http.rs"]
mod http;
#[path = "emulator/imports.rs"]
mod imports;
#[path = "emulator/lab.rs"]
mod lab;
#[path = "emulator/names.rs"]
mod names;
#[path = "emulator/registry.rs"]
mod registry;
#[path = "emulator/restart.rs"]
mod restart;
#[path = "emulator/signing_in.rs"]
mod signing_in;
#[path = "emulator/tokens.rs"]
mod tokens;
