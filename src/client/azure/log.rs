//! A log, line by line.

use crate::{
    Error,
    azure::storage::{LogOutcome, LogRead},
    client::{Stream, Transport},
};
use alloc::{string::String, vec::Vec};

/// A line that has no end is cut here, in bytes.
const LINE: usize = 64 << 10;

/// The log of a run under way.
#[derive(Debug)]
pub struct Log<T: Transport> {
    stream: Stream<T, LogRead>,
    rest: Vec<u8>,
    ended: bool,
}

impl<T: Transport> Log<T> {
    pub(super) fn new(stream: Stream<T, LogRead>) -> Self {
        Self { stream, rest: Vec::new(), ended: false }
    }

    /// The next line, without its end; nothing after the last. It is what the build wrote: untrusted text.
    ///
    /// # Errors
    /// Whatever storage or the network has to say.
    pub async fn line(&mut self) -> Result<Option<String>, Error> {
        loop {
            if let Some(line) = self.whole_line() {
                return Ok(Some(line));
            }
            match self.stream.next().await {
                Some(chunk) => self.rest.extend_from_slice(chunk?.as_ref()),
                None => {
                    self.ended = true;
                    let rest = core::mem::take(&mut self.rest);
                    return Ok((!rest.is_empty()).then(|| text(&rest)));
                }
            }
        }
    }

    fn whole_line(&mut self) -> Option<String> {
        let end = self.rest.iter().position(|b| *b == b'\n').map(|at| at + 1);
        let end = end.or_else(|| (self.rest.len() > LINE).then_some(LINE))?;
        let line = self.rest.drain(..end).collect::<Vec<_>>();
        Some(text(&line))
    }

    /// How the build ended; nothing before the end of the log.
    #[must_use]
    pub fn outcome(self) -> Option<LogOutcome> {
        if self.ended { self.stream.finish() } else { None }
    }
}

fn text(line: &[u8]) -> String {
    String::from(String::from_utf8_lossy(line).trim_end_matches(['\r', '\n']))
}
