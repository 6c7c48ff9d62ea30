//! Each effect, as a client of ours meets it; rows of the fault table where one is held.

mod control;
mod deciding;
mod peer;
mod requests;
mod transfers;
