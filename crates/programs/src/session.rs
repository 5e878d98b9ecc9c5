//! A program and whatever it has started: found, asked to end, killed.
//!
//! Its process group would not do: shells with job control and `timeout` put what they start into
//! groups of their own. Who wants to live on leaves the session, as daemons do.

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::process::{Pid, PidfdFlags, Signal, kill_process_group, pidfd_open, pidfd_send_signal};
use std::fs;
use std::os::fd::OwnedFd;
use std::time::{Duration, Instant};

/// How long processes that were killed may take to be gone. More than they need, but for one that
/// the kernel holds, as on a network file system that doesn't answer.
const PATIENCE: Duration = Duration::from_millis(100);

/// A session whose leader has not been waited for, so that its number is no one else's.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Session(pub Pid);

impl Session {
    /// Asks everything in the session to end.
    pub fn terminate(self) {
        for member in self.members() {
            signal(&member, Signal::TERM);
        }
    }

    /// Kills everything in the session, and waits until it is gone.
    pub fn kill(self) {
        // Also where there is no `/proc` to find the others in. It may have ended.
        let _ = kill_process_group(self.0, Signal::KILL);
        let end = Instant::now() + PATIENCE;
        loop {
            // Until none is found: one may have started another while we looked.
            let members = self.members();
            members.iter().for_each(|member| signal(member, Signal::KILL));
            let are_gone = members.iter().all(|member| is_gone(member, end));
            if members.is_empty() || !are_gone {
                return;
            }
        }
    }

    /// The processes in the session that have not ended.
    fn members(self) -> Vec<OwnedFd> {
        let Ok(processes) = fs::read_dir("/proc") else { return Vec::new() };
        let numbers =
            processes.flatten().filter_map(|entry| entry.file_name().to_str()?.parse().ok());
        let members = numbers.filter_map(|number| {
            // Most are not ours: that is asked first. And again once we hold it: the number may
            // have gone to another process meanwhile.
            if !self.has(number) {
                return None;
            }
            let process = pidfd_open(Pid::from_raw(number)?, PidfdFlags::empty()).ok()?;
            (self.has(number) && !is_gone(&process, Instant::now())).then_some(process)
        });
        members.collect()
    }

    fn has(self, process: i32) -> bool {
        // SAFETY: it takes and returns a number. (rustix's takes that for a process, and must not
        // get the 0 of a session that was begun outside of this container.)
        unsafe { libc::getsid(process) == self.0.as_raw_pid() }
    }
}

fn signal(process: &OwnedFd, signal: Signal) {
    // It may have ended; and a program that changed its user is not ours to end.
    let _ = pidfd_send_signal(process, signal);
}

/// Waits for a process's end until then.
fn is_gone(process: &OwnedFd, end: Instant) -> bool {
    let left = end.saturating_duration_since(Instant::now());
    let left = Timespec::try_from(left).expect("milliseconds");
    let mut polled = [PollFd::new(process, PollFlags::IN)];
    poll(&mut polled, Some(&left)).is_ok_and(|ready| ready > 0)
}
