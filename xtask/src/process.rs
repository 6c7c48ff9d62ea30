//! Other programs: run to the end, read, or kept running and ended by their own pid.

use std::fs::File;
use std::io::{Read, Seek};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use rustix::process::{Pid, Signal, kill_process, kill_process_group};

use crate::stop;

/// How long a child may take to end after it was asked to.
const GRACE: Duration = Duration::from_secs(10);

/// The command as a person would type it.
pub(crate) fn shown(command: &Command) -> String {
    let program = Path::new(command.get_program());
    let words = core::iter::once(program.file_name().unwrap_or_default()).chain(command.get_args());
    words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
}

/// Runs to the end with our own output.
///
/// # Errors
/// When it cannot be started, fails, or we are interrupted.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let text = shown(command);
    let status = wait(spawn(command.stdin(Stdio::null()))?)?;
    if !status.success() {
        bail!("`{text}` failed ({status})");
    }
    Ok(())
}

/// Runs to the end quietly; what it said is shown only when it fails.
///
/// # Errors
/// As for [`run`].
pub(crate) fn run_quietly(command: &mut Command) -> Result<()> {
    output(command).map(drop)
}

/// Runs to the end and gives its standard output.
///
/// # Errors
/// As for [`run`], with what it wrote.
pub(crate) fn output(command: &mut Command) -> Result<String> {
    let text = shown(command);
    // Files, not pipes: nobody has to read while we watch for an interruption.
    let (stdout, stderr) = (tempfile::tempfile()?, tempfile::tempfile()?);
    command.stdin(Stdio::null()).stdout(stdout.try_clone()?).stderr(stderr.try_clone()?);
    let status = wait(spawn(command)?)?;
    let stdout = whole(stdout)?;
    if !status.success() {
        bail!("`{text}` failed ({status}):\n{stdout}{}", whole(stderr)?);
    }
    Ok(stdout)
}

fn whole(mut file: File) -> Result<String> {
    let mut bytes = Vec::new();
    file.rewind()?;
    file.read_to_end(&mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// Starts it as the head of a group: cargo and npm start programs of their own, and do not take them along when they end.
fn spawn(command: &mut Command) -> Result<Child> {
    let text = shown(command);
    command.process_group(0).spawn().with_context(|| format!("cannot start `{text}`"))
}

fn wait(mut child: Child) -> Result<ExitStatus> {
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(status);
        }
        if stop::requested() {
            end(&mut child, kill_process_group);
            bail!("interrupted");
        }
        stop::beat();
    }
}

/// Asks, waits, insists; of the child alone or of its group, as `kill` does.
fn end(child: &mut Child, kill: fn(Pid, Signal) -> rustix::io::Result<()>) {
    if matches!(child.try_wait(), Ok(Some(_))) {
        return;
    }
    let pid = Pid::from_child(child);
    let _ = kill(pid, Signal::TERM);
    let deadline = Instant::now() + GRACE;
    while Instant::now() < deadline {
        if !matches!(child.try_wait(), Ok(None)) {
            return;
        }
        stop::beat();
    }
    let _ = kill(pid, Signal::KILL);
    let _ = child.wait();
}

/// A program kept running until dropped, its output in a file.
pub(crate) struct Service {
    name: String,
    child: Child,
    log: PathBuf,
}

impl Service {
    /// Starts it.
    ///
    /// # Errors
    /// When it cannot be started or the log cannot be made.
    pub(crate) fn start(name: &str, command: &mut Command, log: &Path) -> Result<Self> {
        let file = File::create(log).with_context(|| format!("cannot write {}", log.display()))?;
        let child = command
            .stdin(Stdio::null())
            .stdout(file.try_clone()?)
            .stderr(file)
            .spawn()
            .with_context(|| format!("cannot start `{}`", shown(command)))?;
        Ok(Self { name: name.into(), child, log: log.into() })
    }

    /// Asks `ready` again and again, until it gives something.
    ///
    /// # Errors
    /// When the program ends, time runs out, `ready` fails, or we are interrupted; with the end of the log.
    pub(crate) fn until<T>(&mut self, limit: Duration, mut ready: impl FnMut(&Path) -> Result<Option<T>>) -> Result<T> {
        let deadline = Instant::now() + limit;
        loop {
            if let Some(value) = ready(&self.log)? {
                return Ok(value);
            }
            self.check()?;
            if Instant::now() > deadline {
                bail!("{} did not get ready within {} s:\n{}", self.name, limit.as_secs(), self.tail());
            }
            stop::beat();
        }
    }

    /// Fails when the program has ended or we are interrupted.
    ///
    /// # Errors
    /// As said.
    pub(crate) fn check(&mut self) -> Result<()> {
        if stop::requested() {
            bail!("interrupted");
        }
        if let Some(status) = self.child.try_wait()? {
            bail!("{} ended ({status}):\n{}", self.name, self.tail());
        }
        Ok(())
    }

    fn tail(&self) -> String {
        let text = std::fs::read(&self.log).unwrap_or_default();
        let text = String::from_utf8_lossy(&text);
        let lines: Vec<_> = text.lines().rev().take(20).collect();
        lines.into_iter().rev().collect::<Vec<_>>().join("\n")
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        end(&mut self.child, kill_process);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_child_started_ends_with_it() -> Result<()> {
        let mut script = Command::new("sh");
        // A script as npm runs it: the shell waits for the program, and ends without it.
        script.args(["-c", "sleep 60 & echo $!; wait"]).stdin(Stdio::null()).stdout(Stdio::piped());
        let mut child = spawn(&mut script)?;
        let mut output = child.stdout.take().context("no pipe")?;
        let mut first = [0];
        output.read_exact(&mut first)?;
        let start = Instant::now();
        end(&mut child, kill_process_group);
        // The pipe is at its end when nobody holds it any more.
        output.read_to_end(&mut Vec::new())?;
        assert!(start.elapsed() < Duration::from_secs(30), "the child's child lived on");
        Ok(())
    }
}
