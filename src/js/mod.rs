//! What all bindings for JavaScript share: records, errors, and the heap.

#[cfg_attr(not(feature = "wasm"), allow(dead_code, reason = "made for records of any shape"))]
pub(crate) mod record;

#[cfg(any(feature = "wasm-layers", feature = "wasm-layers-extra"))]
pub(crate) mod encoded;
pub(crate) mod error;
#[cfg(any(feature = "wasm-layers", feature = "wasm-layers-extra"))]
pub(crate) mod reading;

#[cfg(target_arch = "wasm32")]
#[global_allocator]
static HEAP: rlsf::SmallGlobalTlsf = rlsf::SmallGlobalTlsf::new();
