//! Azure: ARM, Entra, and what ACR has beside the distribution API. Operations are values like those of [`op`](crate::op).

pub mod context;
