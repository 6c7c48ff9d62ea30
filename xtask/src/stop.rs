//! Interruption: Ctrl-C and SIGTERM set a flag that every wait looks at, so that drops end children and remove files.

use core::sync::atomic::{AtomicBool, Ordering};
use core::time::Duration;
use std::sync::{Arc, OnceLock};
use std::thread;

use anyhow::{Context, Result};
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};

static FLAG: OnceLock<Arc<AtomicBool>> = OnceLock::new();

/// How often waits look at the flag.
pub(crate) const BEAT: Duration = Duration::from_millis(20);

/// Takes over the signals. A second one ends the program at once.
///
/// # Errors
/// When the handlers cannot be installed.
pub(crate) fn install() -> Result<()> {
    let flag = FLAG.get_or_init(Arc::default);
    for signal in [SIGINT, SIGTERM, SIGHUP] {
        signal_hook::flag::register_conditional_shutdown(signal, 130, Arc::clone(flag))
            .and_then(|_| signal_hook::flag::register(signal, Arc::clone(flag)))
            .context("cannot install the signal handlers")?;
    }
    Ok(())
}

/// Whether somebody asked us to end.
pub(crate) fn requested() -> bool {
    FLAG.get().is_some_and(|flag| flag.load(Ordering::Relaxed))
}

/// Sleeps for a beat.
pub(crate) fn beat() {
    thread::sleep(BEAT);
}

/// Looks after what is being served until somebody asks us to end.
///
/// # Errors
/// What `check` fails with, unless that is the end we were asked for (Ctrl-C reaches children first).
pub(crate) fn serve(mut check: impl FnMut() -> Result<()>) -> Result<()> {
    while !requested() {
        let checked = check();
        beat();
        if checked.is_err() && !requested() {
            return checked;
        }
    }
    Ok(())
}
