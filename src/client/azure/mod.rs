//! Drivers of [`azure`](crate::azure) that need more than a transport.

#[cfg(not(target_arch = "wasm32"))]
pub mod context;
