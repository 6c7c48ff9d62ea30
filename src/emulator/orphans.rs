//! Programs that a killed emulator left running.

use alloc::vec::Vec;
use core::time::Duration;
use rustix::process::{Pid, Signal, kill_process_group};
use std::{fs, io, os::unix::ffi::OsStrExt as _, path::Path, thread, time::Instant};

/// How long they may take to be gone.
const PATIENCE: Duration = Duration::from_secs(5);
const LOOK: Duration = Duration::from_millis(20);

/// Ends what was started for a working folder, with all that it started. Such a program is first in a group of its own
/// (`process::Running`), works in the folder, and was told about it; somebody who only looks around there is left alone.
pub(super) fn end(folder: &Path) -> io::Result<()> {
    let begun = Instant::now();
    loop {
        let groups = groups(folder)?;
        if groups.is_empty() {
            return Ok(());
        }
        if begun.elapsed() > PATIENCE {
            return Err(io::Error::other(
                "a program of an emulator that was killed still works here, and does not end",
            ));
        }
        // One that has ended meanwhile is no failure.
        groups.into_iter().for_each(|group| _ = kill_process_group(group, Signal::KILL));
        thread::sleep(LOOK);
    }
}

fn groups(folder: &Path) -> io::Result<Vec<Pid>> {
    let mut groups = Vec::new();
    for process in fs::read_dir("/proc")? {
        let process = process?.path();
        let number = process.file_name().and_then(|name| name.to_str()?.parse().ok()).and_then(Pid::from_raw);
        if let Some(number) = number.filter(|number| works_in(folder, &process) && leads(*number, &process)) {
            groups.push(number);
        }
    }
    Ok(groups)
}

/// True if a process is the first of its group: the third field behind its name, which is in brackets (proc_pid_stat(5)).
fn leads(number: Pid, process: &Path) -> bool {
    let stat = fs::read_to_string(process.join("stat")).unwrap_or_default();
    let group = stat.rsplit(')').next().and_then(|fields| fields.split_whitespace().nth(2)?.parse().ok());
    group == Some(number.as_raw_nonzero().get())
}

/// Looks at one process. What has ended, or belongs to somebody else, cannot be looked at.
fn works_in(folder: &Path, process: &Path) -> bool {
    let place = fs::read_link(process.join("cwd"));
    let told = || fs::read(process.join("cmdline")).unwrap_or_default();
    let folder_bytes = folder.as_os_str().as_bytes();
    place.is_ok_and(|place| place.starts_with(folder))
        && told().split(|byte| *byte == 0).skip(1).any(|word| word.starts_with(folder_bytes))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{
        os::unix::process::CommandExt as _,
        process::{Child, Command, Stdio},
    };

    /// A shell in the folder that waits, in a group of its own if `first`.
    fn shell(folder: &Path, first: bool, word: &Path) -> Child {
        let mut command = Command::new("/bin/sh");
        command.args(["-c", "read line"]).arg(word).current_dir(folder).stdin(Stdio::piped());
        if first {
            command.process_group(0);
        }
        command.spawn().unwrap()
    }

    #[test]
    fn only_what_was_started_for_the_folder_is_ended() {
        let base = tempfile::tempdir().unwrap();
        let base = base.path().canonicalize().unwrap();
        let [work, other] = ["work", "other"].map(|name| base.join(name));
        fs::create_dir(&work).unwrap();
        fs::create_dir(&other).unwrap();
        let mut orphan = shell(&work, true, &work.join("root"));
        let input = orphan.stdin.take();
        let mut bystanders = [shell(&work, true, &other), shell(&other, true, &work), shell(&work, false, &work)];
        let waiting = thread::spawn(move || orphan.wait().unwrap());
        end(&work).unwrap();
        assert!(!waiting.join().unwrap().success() && input.is_some());
        assert_eq!(groups(&work).unwrap(), []);
        for bystander in &mut bystanders {
            assert!(bystander.try_wait().unwrap().is_none());
            bystander.kill().unwrap();
            bystander.wait().unwrap();
        }
    }
}
