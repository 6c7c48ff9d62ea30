//! Links the core for a bare target: with a panic handler and an allocator of its own, so that a second one, which
//! `std` would bring, cannot come in unnoticed.
//!
//! Built by `cargo xtask test --only no-std`; empty on targets that have an operating system.
#![no_std]
#![cfg(target_arch = "wasm32")]

#[cfg(feature = "std")]
extern crate std;

mod bump;

use core::time::Duration;

use portolan::http::ResponseHead;
use portolan::layers::{Scan, ScanOptions};
use portolan::op::{ManifestGet, Operation};
use portolan::{Digest, Error, Event, Exchange, Reference, RegistryConfig, Session, Step, Tick};

#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    core::arch::wasm32::unreachable()
}

#[global_allocator]
static ALLOCATOR: bump::Bump = bump::Bump::new();

/// Reads a reference, hashes it, carries a manifest request through, and takes the same bytes for a layer; the answer
/// depends on all of it.
///
/// # Safety
/// `text` points to `length` readable bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn probe(text: *const u8, length: usize) -> u64 {
    // SAFETY: the caller's promise.
    let bytes = unsafe { core::slice::from_raw_parts(text, length) };
    let fetched = core::str::from_utf8(bytes).ok().and_then(fetch);
    fetched.map_or(0, |size| size + Digest::sha256(bytes).encoded().len() as u64 + scan(bytes))
}

fn scan(bytes: &[u8]) -> u64 {
    let mut scan = Scan::new(ScanOptions::new(Digest::sha256(bytes)));
    let pushed = scan.push(bytes).is_ok();
    let index = scan.into_index();
    index.listing.len() as u64 + index.checkpoints.len() as u64 + u64::from(pushed)
}

fn fetch(text: &str) -> Option<u64> {
    let reference: Reference = text.parse().ok()?;
    let config = RegistryConfig::new("https://registry.example".parse().ok()?);
    let mut session = Session::new(config);
    let operation = ManifestGet::new(reference.repository(), reference.target());
    let fetched = drive(operation, &mut session, text.as_bytes())?.ok()?;
    Some(fetched.manifest.bytes().len() as u64)
}

/// A driver with one canned answer.
fn drive<O: Operation>(operation: O, session: &mut Session, body: &[u8]) -> Option<Result<O::Output, Error>> {
    let mut exchange = Exchange::new(operation, session);
    let tick = Tick { monotonic: Duration::ZERO, unix: 0, random: 0 };
    loop {
        match exchange.poll(session, tick) {
            Step::Send(request) => {
                let kind = request.headers.get("accept").unwrap_or("application/json");
                let headers = [("Content-Type", kind)].into_iter().collect();
                exchange.handle(session, tick, Event::Head(ResponseHead { status: 200, headers }));
                exchange.handle(session, tick, Event::Chunk(body));
                exchange.handle(session, tick, Event::End);
            }
            Step::Done(result) => return Some(result),
            Step::Read(_) | Step::Wait(_) => return None,
        }
    }
}
