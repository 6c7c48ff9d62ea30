//! Regions that agree in the end, and what is seen until then.

mod fleet;
mod order;
mod random;
mod restarts;
mod travelling;
