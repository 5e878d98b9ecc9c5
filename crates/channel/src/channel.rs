//! One end of a connection to another process.

use crate::loans::Loans;
use crate::process::Process;
use crate::segment::Spares;
use crate::wait::wait;
use crate::wire::{Body, Draft, HEADER, Header, Outgoing, Parcel};
use rustix::buffer::spare_capacity;
use rustix::event::{PollFd, PollFlags};
use rustix::io::Errno;
use rustix::net::{
    RecvAncillaryBuffer, RecvAncillaryMessage, RecvFlags, SendAncillaryBuffer,
    SendAncillaryMessage, SendFlags, recv, recvmsg, sendmsg, sockopt,
};
use rustix::process::{Signal, getpid, kill_process};
use std::collections::VecDeque;
use std::io::{self, IoSlice, IoSliceMut};
use std::mem::MaybeUninit;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::net::UnixStream;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

/// How many slices, and how many descriptors, the kernel takes at one time.
const SLICES: usize = 1024;
const DESCRIPTORS: usize = 253;

/// One end of a connection to another process.
///
/// Both ends may send long messages at the same time: whoever can't go on sending receives meanwhile.
#[derive(Debug)]
pub struct Channel {
    stream: UnixStream,
    inbox: Mutex<Inbox>,
    loans: Mutex<Loans>,
    spares: Arc<Spares>,
}

type Message = (Vec<Parcel>, Vec<OwnedFd>);

/// What has arrived and nobody has asked for: while something was sent.
#[derive(Debug, Default)]
struct Inbox {
    messages: VecDeque<Message>,
    arriving: Arriving,
}

/// A message that has not arrived as a whole.
#[derive(Debug, Default)]
struct Arriving {
    header: [u8; HEADER],
    filled: usize,
    descriptors: Vec<OwnedFd>,
    body: Vec<u8>,
}

impl Arriving {
    fn is_whole(&self) -> bool {
        self.filled == HEADER && self.body.len() as u64 == Header::read(self.header).length
    }

    /// Reads something; false at the end of the connection.
    fn read(&mut self, stream: &UnixStream, flags: RecvFlags) -> io::Result<bool> {
        if self.filled == HEADER {
            return self.read_body(stream, flags);
        }
        let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(DESCRIPTORS))];
        let mut beside = RecvAncillaryBuffer::new(&mut space);
        let mut slices = [IoSliceMut::new(&mut self.header[self.filled..])];
        let flags = flags | RecvFlags::CMSG_CLOEXEC;
        let read = match recvmsg(stream, &mut slices, &mut beside, flags) {
            Err(Errno::INTR) => return Ok(true),
            // A process that dies with unread data resets its connections.
            Err(Errno::CONNRESET) => 0,
            result => result?.bytes,
        };
        for message in beside.drain() {
            if let RecvAncillaryMessage::ScmRights(arrived) = message {
                self.descriptors.extend(arrived);
            }
        }
        if read == 0 && self.filled > 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        self.filled += read;
        if self.filled == HEADER {
            let length = Header::read(self.header).length;
            self.body.try_reserve_exact(usize::try_from(length).map_err(io::Error::other)?)?;
        }
        Ok(read > 0)
    }

    fn read_body(&mut self, stream: &UnixStream, flags: RecvFlags) -> io::Result<bool> {
        let length = Header::read(self.header).length;
        match recv(stream, spare_capacity(&mut self.body), flags) {
            Err(Errno::INTR) => {}
            Ok((0, _)) | Err(Errno::CONNRESET) => return Err(io::ErrorKind::UnexpectedEof.into()),
            result => drop(result?),
        }
        if self.body.len() as u64 > length {
            return Err(io::Error::other("a message is longer than its header says"));
        }
        Ok(true)
    }
}

/// What a wait ended with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ready {
    /// A message, or the end of the connection.
    Message,
    /// The other process is gone.
    Gone,
    /// Neither before the deadline.
    Late,
}

impl Channel {
    /// Two connected ends.
    ///
    /// # Errors
    /// Those of `socketpair`.
    pub fn pair() -> io::Result<(Self, Self)> {
        let (here, there) = UnixStream::pair()?;
        Ok((Self::new(here), Self::new(there)))
    }

    fn new(stream: UnixStream) -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let loans = Mutex::new(Loans::new(NEXT.fetch_add(1, Ordering::Relaxed)));
        Self { stream, inbox: Mutex::default(), loans, spares: Arc::default() }
    }

    /// Has this end take its spare segments from where others take theirs.
    #[must_use]
    pub fn with_spares(self, spares: &Arc<Spares>) -> Self {
        Self { spares: Arc::clone(spares), ..self }
    }

    /// Sends a message.
    ///
    /// # Errors
    /// `BrokenPipe` if the other end is closed.
    pub fn send(&self, parcels: &[Outgoing<'_>]) -> io::Result<()> {
        self.send_descriptors(parcels, &[])
    }

    /// Sends a message and, beside it, up to 32 descriptors, such as the end of another channel.
    ///
    /// # Errors
    /// `BrokenPipe` if the other end is closed.
    pub fn send_descriptors(
        &self,
        parcels: &[Outgoing<'_>],
        descriptors: &[BorrowedFd<'_>],
    ) -> io::Result<()> {
        let draft = Draft::new(parcels, descriptors.len(), &mut lock(&self.loans), &self.spares)?;
        let beside: Vec<_> = draft.descriptors().chain(descriptors.iter().copied()).collect();
        self.write(&mut draft.slices(), &beside)
    }

    fn write(
        &self,
        mut slices: &mut [IoSlice<'_>],
        mut descriptors: &[BorrowedFd<'_>],
    ) -> io::Result<()> {
        while !slices.is_empty() {
            let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(DESCRIPTORS))];
            let mut beside = SendAncillaryBuffer::new(&mut space);
            if !descriptors.is_empty() && !beside.push(SendAncillaryMessage::ScmRights(descriptors))
            {
                return Err(io::Error::other("too many descriptors beside one message"));
            }
            let now = &slices[..slices.len().min(SLICES)];
            let flags = SendFlags::NOSIGNAL | SendFlags::DONTWAIT;
            match sendmsg(&self.stream, now, &mut beside, flags) {
                Err(Errno::INTR) => continue,
                Err(Errno::AGAIN) => {
                    self.receive_until_writable()?;
                    continue;
                }
                sent => IoSlice::advance_slices(&mut slices, sent?),
            }
            descriptors = &[];
        }
        Ok(())
    }

    /// Waits until something can be sent; what arrives meanwhile is kept, as the other end may be
    /// waiting for just that.
    fn receive_until_writable(&self) -> io::Result<()> {
        // If another thread is receiving, it will take what arrives.
        let mut inbox = self.inbox.try_lock().ok();
        let reads = if inbox.is_some() { PollFlags::IN } else { PollFlags::empty() };
        let mut polled = [PollFd::new(&self.stream, PollFlags::OUT | reads)];
        wait(&mut polled, None)?;
        if let Some(inbox) = &mut inbox
            && polled[0].revents().contains(PollFlags::IN)
        {
            match self.read(inbox, RecvFlags::DONTWAIT) {
                Ok(Some(message)) => inbox.messages.push_back(message),
                Ok(None) => return Err(io::ErrorKind::BrokenPipe.into()),
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// Waits until there is a message or the other end is closed, and says whether that came before
    /// the deadline.
    ///
    /// # Errors
    /// Those of `poll`.
    pub fn wait_until(&self, deadline: Instant) -> io::Result<bool> {
        let is_here = !lock(&self.inbox).messages.is_empty();
        let mut polled = [PollFd::new(&self.stream, PollFlags::IN)];
        Ok(is_here || wait(&mut polled, Some(deadline))?)
    }

    /// Waits like [`Channel::wait_until`], and ends also when the process `peer` does: a fork of it may
    /// hold the other end open.
    ///
    /// # Errors
    /// Those of `poll`.
    pub fn wait_with(&self, peer: &Process, deadline: Option<Instant>) -> io::Result<Ready> {
        if !lock(&self.inbox).messages.is_empty() {
            return Ok(Ready::Message);
        }
        let mut polled =
            [PollFd::new(&self.stream, PollFlags::IN), PollFd::new(peer, PollFlags::IN)];
        let in_time = wait(&mut polled, deadline)?;
        Ok(match polled.map(|polled| !polled.revents().is_empty()) {
            [true, _] => Ready::Message,
            _ if in_time => Ready::Gone,
            _ => Ready::Late,
        })
    }

    /// Waits for a message; nothing if the other end is closed.
    ///
    /// # Errors
    /// `UnexpectedEof` if the other end is closed within a message.
    pub fn receive(&self) -> io::Result<Option<Vec<Parcel>>> {
        Ok(self.receive_descriptors()?.map(|(parcels, _)| parcels))
    }

    /// Waits for a message, and for the descriptors beside it.
    ///
    /// # Errors
    /// `UnexpectedEof` if the other end is closed within a message.
    pub fn receive_descriptors(&self) -> io::Result<Option<(Vec<Parcel>, Vec<OwnedFd>)>> {
        if !self.spares.is_empty() && !self.wait_until(Instant::now() + Spares::KEPT)? {
            self.spares.clear();
        }
        let mut inbox = lock(&self.inbox);
        match inbox.messages.pop_front() {
            Some(message) => Ok(Some(message)),
            None => self.read(&mut inbox, RecvFlags::WAITALL),
        }
    }

    /// Reads on until a message is whole; nothing at the end of the connection.
    fn read(&self, inbox: &mut Inbox, flags: RecvFlags) -> io::Result<Option<Message>> {
        while !inbox.arriving.is_whole() {
            if !inbox.arriving.read(&self.stream, flags)? {
                return Ok(None);
            }
        }
        let Arriving { header, descriptors, body, .. } = std::mem::take(&mut inbox.arriving);
        let mut loans = lock(&self.loans);
        Body::new(body)
            .parcels(Header::read(header), descriptors, &mut loans, &self.spares)
            .map(Some)
    }

    /// The process that made this connection, unless it has ended.
    ///
    /// # Errors
    /// Those of `pidfd_open`.
    pub fn peer(&self) -> io::Result<Process> {
        let peer = sockopt::socket_peercred(&self.stream)?;
        Process::open(peer.pid.as_raw_nonzero().get().unsigned_abs())
    }

    /// Ends this process, killed, when its parent's end or the parent itself has been gone for `grace`.
    ///
    /// For a worker whose parent may be killed while the worker is in the middle of something, and
    /// whose parent's end may be held open by a fork of the parent.
    ///
    /// # Errors
    /// Those of `dup`, and of starting a thread.
    pub fn die_with_peer(&self, grace: Duration) -> io::Result<()> {
        let stream = self.stream.try_clone()?;
        let peer = self.peer();
        let watch = move || {
            // If it can't be looked at, it has ended already.
            if let Ok(peer) = peer {
                let mut polled =
                    [PollFd::new(&stream, PollFlags::RDHUP), PollFd::new(&peer, PollFlags::IN)];
                // It is better to leave than to stay for ever.
                let _ = wait(&mut polled, None);
            }
            thread::sleep(grace);
            // Nothing can be done about a failure to end oneself.
            let _ = kill_process(getpid(), Signal::KILL);
        };
        thread::Builder::new().name("manycore-watch".into()).spawn(watch).map(drop)
    }

    /// Breaks the connection: whoever waits at either end is told that it is closed.
    pub fn shut_down(&self) {
        // The other end may have done so already.
        let _ = self.stream.shutdown(std::net::Shutdown::Both);
    }
}

impl AsFd for Channel {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.stream.as_fd()
    }
}

impl From<OwnedFd> for Channel {
    fn from(descriptor: OwnedFd) -> Self {
        Self::new(descriptor.into())
    }
}

impl From<Channel> for OwnedFd {
    fn from(channel: Channel) -> Self {
        channel.stream.into()
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
