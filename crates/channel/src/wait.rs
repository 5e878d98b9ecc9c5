//! Waits for descriptors, whatever signals come meanwhile.

use rustix::event::{PollFd, Timespec, poll};
use std::io;
use std::time::Instant;

/// Waits until one of them is ready, which it says of itself then, or until the deadline.
pub(crate) fn wait(polled: &mut [PollFd<'_>], deadline: Option<Instant>) -> io::Result<bool> {
    loop {
        let rest = deadline.map(|deadline| deadline.saturating_duration_since(Instant::now()));
        let rest = rest.map(Timespec::try_from).transpose().map_err(io::Error::other)?;
        match poll(polled, rest.as_ref()) {
            Err(rustix::io::Errno::INTR) => {}
            ready => return Ok(ready? > 0),
        }
    }
}
