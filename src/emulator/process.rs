//! Programs that are ended with all that they started.

use core::time::Duration;
use std::{io, process::Stdio};
use tokio::{
    io::{AsyncBufReadExt as _, AsyncRead, BufReader},
    process::{Child, Command},
    sync::mpsc,
};

/// Longest line that is handed on whole.
const LINE: usize = 64 << 10;
/// Time that a program has to end by itself when it is asked to.
const GRACE: Duration = Duration::from_secs(3);

/// A program in a group of its own.
pub(crate) struct Running {
    child: Child,
    /// What it says on either output, line by line, until it has closed both.
    pub(crate) lines: mpsc::Receiver<alloc::vec::Vec<u8>>,
    ended: bool,
    /// The group, which has the number of its first process.
    #[cfg(unix)]
    group: Option<rustix::process::Pid>,
}

impl Running {
    /// Starts a program; its input is empty.
    pub(crate) fn start(command: &mut Command) -> io::Result<Self> {
        #[cfg(unix)]
        command.process_group(0);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
        let mut child = command.spawn()?;
        let (sender, lines) = mpsc::channel(64);
        if let Some(out) = child.stdout.take() {
            tokio::spawn(forward(out, sender.clone()));
        }
        if let Some(out) = child.stderr.take() {
            tokio::spawn(forward(out, sender));
        }
        #[cfg(unix)]
        let group = child.id().and_then(|id| i32::try_from(id).ok()).and_then(rustix::process::Pid::from_raw);
        Ok(Self {
            child,
            lines,
            ended: false,
            #[cfg(unix)]
            group,
        })
    }

    /// Waits for its end; the status that it ended with, if it was not killed.
    pub(crate) async fn wait(&mut self) -> io::Result<Option<i32>> {
        let status = self.child.wait().await?;
        self.ended = true;
        Ok(status.code())
    }

    /// Asks it to end, and makes it, with all that it started.
    pub(crate) async fn end(&mut self) -> io::Result<()> {
        self.signal(Signal::Terminate);
        let patience = tokio::time::Instant::now() + GRACE;
        while !self.has_ended() && tokio::time::Instant::now() < patience {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        // Not yet waited for, so that its number, and its group's, is nobody else's.
        self.signal(Signal::Kill);
        self.wait().await.map(|_| ())
    }

    /// True if it has ended; it stays to be waited for.
    #[cfg(unix)]
    fn has_ended(&self) -> bool {
        use rustix::process::{WaitId, WaitIdOptions, waitid};
        let options = WaitIdOptions::EXITED | WaitIdOptions::NOHANG | WaitIdOptions::NOWAIT;
        self.group.is_none_or(|process| !matches!(waitid(WaitId::Pid(process), options), Ok(None)))
    }

    #[cfg(not(unix))]
    fn has_ended(&mut self) -> bool {
        self.child.try_wait().is_ok_and(|status| status.is_some())
    }

    #[cfg(unix)]
    fn signal(&self, signal: Signal) {
        let signal = match signal {
            Signal::Terminate => rustix::process::Signal::TERM,
            Signal::Kill => rustix::process::Signal::KILL,
        };
        if let Some(group) = self.group {
            // Nobody may be left in it.
            let _ = rustix::process::kill_process_group(group, signal);
        }
    }

    #[cfg(not(unix))]
    fn signal(&mut self, _: Signal) {
        let _ = self.child.start_kill();
    }
}

#[derive(Clone, Copy)]
enum Signal {
    Terminate,
    Kill,
}

impl Drop for Running {
    fn drop(&mut self) {
        if !self.ended {
            self.signal(Signal::Kill);
        }
    }
}

/// Hands on lines; one that is too long comes in pieces.
async fn forward(out: impl AsyncRead + Unpin, sender: mpsc::Sender<alloc::vec::Vec<u8>>) {
    let mut out = BufReader::with_capacity(LINE, out);
    let mut line = alloc::vec::Vec::new();
    // What it said before its output broke is handed on as well.
    while let Ok(buffer) = out.fill_buf().await {
        if buffer.is_empty() {
            break;
        }
        let end = buffer.iter().position(|byte| *byte == b'\n');
        let taken = end.map_or(buffer.len(), |end| end + 1);
        line.extend_from_slice(buffer.get(..taken).unwrap_or_default());
        out.consume(taken);
        if (end.is_some() || line.len() >= LINE) && sender.send(core::mem::take(&mut line)).await.is_err() {
            return;
        }
    }
    if !line.is_empty() {
        let _ = sender.send(line).await;
    }
}

#[cfg(all(test, unix))]
mod tests;
