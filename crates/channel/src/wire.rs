//! The form of a message on the socket.
//!
//! ```text
//! message  = header, table, payloads
//! header   = parcels: u32, segments: u16, other descriptors: u16, length of what follows: u64
//! table    = for each parcel: kind: u32, buffers: u32, tag: u64, nanoseconds: u64, length: u64,
//!            and for each of its buffers: length: u64, segment: u64, start in the segment: u64
//! payloads = for each parcel: its bytes, then its buffers that are in no segment (all ones)
//! ```
//!
//! All numbers are little endian. Descriptors travel beside the header, segments first. One system
//! call carries a batch of short tasks; what is long is sent from where it stands.

use crate::process::Process;
use crate::segment::{Buffer, Reader, Writer};
use crate::wait::wait;
use rustix::event::{PollFd, PollFlags};
use rustix::net::{
    RecvAncillaryBuffer, RecvAncillaryMessage, RecvFlags, SendAncillaryBuffer,
    SendAncillaryMessage, SendFlags, recvmsg, sendmsg, sockopt,
};
use rustix::process::{Signal, getpid, kill_process};
use std::io::{self, IoSlice, IoSliceMut, Read};
use std::mem::MaybeUninit;
use std::ops::Range;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::net::UnixStream;
use std::thread;
use std::time::{Duration, Instant};

/// Buffers of this size and larger go through shared memory: below it, the system calls that make a
/// segment cost more than the copies they save.
const LARGE: usize = 64 << 10;

/// What is shorter is copied together: a slice of its own costs the kernel about as much.
const SHORT: usize = 1 << 10;

/// The segment of a buffer that is in none.
const NONE: u64 = u64::MAX;

const HEADER: usize = 16;

/// How many slices, and how many descriptors, the kernel takes at one time.
const SLICES: usize = 1024;
const DESCRIPTORS: usize = 253;

/// One end of a connection to another process.
#[derive(Debug)]
pub struct Channel {
    stream: UnixStream,
}

/// A parcel to be sent.
#[derive(Clone, Copy, Debug, Default)]
pub struct Outgoing<'data> {
    /// What it is, in the words of whoever sends it.
    pub kind: u32,
    /// Which one it is.
    pub tag: u64,
    /// How long it took to make; 0 where that means nothing.
    pub nanoseconds: u64,
    /// Its bytes.
    pub bytes: &'data [u8],
    /// Its buffers, which are not copied if they are large.
    pub buffers: &'data [&'data [u8]],
}

/// A parcel that arrived.
#[derive(Clone, Debug)]
pub struct Parcel {
    /// What it is, in the words of whoever sent it.
    pub kind: u32,
    /// Which one it is.
    pub tag: u64,
    /// How long it took to make; 0 where that means nothing.
    pub nanoseconds: u64,
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// Its buffers.
    pub buffers: Vec<Buffer>,
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
        Ok((Self { stream: here }, Self { stream: there }))
    }

    /// Sends a message.
    ///
    /// # Errors
    /// `BrokenPipe` if the other end is closed.
    pub fn send(&self, parcels: &[Outgoing<'_>]) -> io::Result<()> {
        self.send_descriptors(parcels, &[])
    }

    /// Sends a message and, beside it, descriptors, such as the end of another channel.
    ///
    /// # Errors
    /// `BrokenPipe` if the other end is closed.
    pub fn send_descriptors(
        &self,
        parcels: &[Outgoing<'_>],
        descriptors: &[BorrowedFd<'_>],
    ) -> io::Result<()> {
        let mut segment = None;
        let mut draft = Draft::default();
        draft.numbers(&[0; HEADER / 8]);
        for parcel in parcels {
            let first = u64::from(parcel.kind) | (parcel.buffers.len() as u64) << 32;
            draft.numbers(&[first, parcel.tag, parcel.nanoseconds, parcel.bytes.len() as u64]);
            for buffer in parcel.buffers {
                let (number, start) = if buffer.len() < LARGE {
                    (NONE, 0)
                } else {
                    let writer = match &mut segment {
                        Some(writer) => writer,
                        None => segment.insert(Writer::new()?),
                    };
                    (0, writer.append(buffer)? as u64)
                };
                draft.numbers(&[buffer.len() as u64, number, start]);
            }
        }
        for parcel in parcels {
            draft.bytes(parcel.bytes);
            for buffer in parcel.buffers.iter().filter(|buffer| buffer.len() < LARGE) {
                draft.bytes(buffer);
            }
        }
        let sealed = segment.as_ref().map(Writer::seal).transpose()?;
        let beside: Vec<_> = sealed.into_iter().chain(descriptors.iter().copied()).collect();
        let mut header = [0; HEADER];
        header[..4].copy_from_slice(&(parcels.len() as u32).to_le_bytes());
        header[4..6].copy_from_slice(&u16::from(sealed.is_some()).to_le_bytes());
        header[6..8].copy_from_slice(&(descriptors.len() as u16).to_le_bytes());
        header[8..].copy_from_slice(&((draft.length - HEADER) as u64).to_le_bytes());
        draft.own[..HEADER].copy_from_slice(&header);
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
            match sendmsg(&self.stream, now, &mut beside, SendFlags::NOSIGNAL) {
                Err(rustix::io::Errno::INTR) => continue,
                sent => IoSlice::advance_slices(&mut slices, sent?),
            }
            descriptors = &[];
        }
        Ok(())
    }

    /// Waits until there is a message or the other end is closed, and says whether that came before
    /// the deadline.
    ///
    /// # Errors
    /// Those of `poll`.
    pub fn wait_until(&self, deadline: Instant) -> io::Result<bool> {
        wait(&mut [PollFd::new(&self.stream, PollFlags::IN)], Some(deadline))
    }

    /// Waits like [`Channel::wait_until`], and ends also when the process `peer` does: a fork of it may
    /// hold the other end open.
    ///
    /// # Errors
    /// Those of `poll`.
    pub fn wait_with(&self, peer: &Process, deadline: Option<Instant>) -> io::Result<Ready> {
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
        let mut header = [0; HEADER];
        let Some(mut segments) = self.read_header(&mut header)? else { return Ok(None) };
        let short = |from: usize| u16::from_le_bytes([header[from], header[from + 1]]) as usize;
        let count = u32::from_le_bytes(header[..4].try_into().expect("4 bytes"));
        let length = u64::from_le_bytes(header[8..].try_into().expect("8 bytes"));
        let mut body = vec![0; usize::try_from(length).map_err(io::Error::other)?];
        (&self.stream).read_exact(&mut body)?;
        if short(4) + short(6) != segments.len() {
            return Err(io::Error::other("a descriptor beside the message was lost"));
        }
        let descriptors = segments.split_off(short(4));
        let segments = segments.into_iter().map(Reader::new).collect::<io::Result<Vec<_>>>()?;
        let parcels = Body { rest: &body }.parcels(count, &segments)?;
        Ok(Some((parcels, descriptors)))
    }

    fn read_header(&self, header: &mut [u8; HEADER]) -> io::Result<Option<Vec<OwnedFd>>> {
        let mut descriptors = Vec::new();
        let mut filled = 0;
        while filled < HEADER {
            let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(DESCRIPTORS))];
            let mut beside = RecvAncillaryBuffer::new(&mut space);
            let mut slices = [IoSliceMut::new(&mut header[filled..])];
            let flags = RecvFlags::CMSG_CLOEXEC;
            let read = match recvmsg(&self.stream, &mut slices, &mut beside, flags) {
                Err(rustix::io::Errno::INTR) => continue,
                // A process that dies with unread data resets its connections.
                Err(rustix::io::Errno::CONNRESET) if filled == 0 => return Ok(None),
                result => result?.bytes,
            };
            for message in beside.drain() {
                if let RecvAncillaryMessage::ScmRights(arrived) = message {
                    descriptors.extend(arrived);
                }
            }
            match (read, filled) {
                (0, 0) => return Ok(None),
                (0, _) => return Err(io::ErrorKind::UnexpectedEof.into()),
                _ => filled += read,
            }
        }
        Ok(Some(descriptors))
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
    /// Those of `dup`, `pidfd_open`, and of starting a thread.
    pub fn die_with_peer(&self, grace: Duration) -> io::Result<()> {
        let stream = self.stream.try_clone()?;
        let peer = self.peer()?;
        let watch = move || {
            let mut polled =
                [PollFd::new(&stream, PollFlags::RDHUP), PollFd::new(&peer, PollFlags::IN)];
            // It can't fail for long, and it is better to leave than to stay for ever.
            let _ = wait(&mut polled, None);
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
        Self { stream: descriptor.into() }
    }
}

impl From<Channel> for OwnedFd {
    fn from(channel: Channel) -> Self {
        channel.stream.into()
    }
}

/// A message before it is sent: what is short stands in it, what is long stays where it is.
#[derive(Default)]
struct Draft<'data> {
    own: Vec<u8>,
    pieces: Vec<Piece<'data>>,
    length: usize,
}

enum Piece<'data> {
    Own(Range<usize>),
    Borrowed(&'data [u8]),
}

impl<'data> Draft<'data> {
    fn numbers(&mut self, numbers: &[u64]) {
        for number in numbers {
            self.copy(&number.to_le_bytes());
        }
    }

    fn bytes(&mut self, bytes: &'data [u8]) {
        if bytes.len() < SHORT {
            self.copy(bytes);
        } else {
            self.length += bytes.len();
            self.pieces.push(Piece::Borrowed(bytes));
        }
    }

    fn copy(&mut self, bytes: &[u8]) {
        let start = self.own.len();
        self.own.extend_from_slice(bytes);
        self.length += bytes.len();
        match self.pieces.last_mut() {
            Some(Piece::Own(range)) => range.end = self.own.len(),
            _ => self.pieces.push(Piece::Own(start..self.own.len())),
        }
    }

    fn slices(&self) -> Vec<IoSlice<'_>> {
        let slice = |piece: &'_ Piece<'data>| match piece {
            Piece::Own(range) => IoSlice::new(&self.own[range.clone()]),
            Piece::Borrowed(bytes) => IoSlice::new(bytes),
        };
        self.pieces.iter().map(slice).collect()
    }
}

/// What is not read yet of a message.
struct Body<'message> {
    rest: &'message [u8],
}

impl<'message> Body<'message> {
    fn take(&mut self, length: u64) -> io::Result<&'message [u8]> {
        let length = usize::try_from(length).map_err(io::Error::other)?;
        let split = self.rest.split_at_checked(length);
        let (taken, rest) = split.ok_or_else(|| io::Error::other("a message is too short"))?;
        self.rest = rest;
        Ok(taken)
    }

    fn number(&mut self) -> io::Result<u64> {
        Ok(u64::from_le_bytes(self.take(8)?.try_into().expect("8 bytes")))
    }

    fn parcels(mut self, count: u32, segments: &[Reader]) -> io::Result<Vec<Parcel>> {
        let mut table = Vec::new();
        for _ in 0..count {
            let first = self.number()?;
            let (kind, buffers) = (first as u32, first >> 32);
            let (tag, nanoseconds, length) = (self.number()?, self.number()?, self.number()?);
            let mut places = Vec::new();
            for _ in 0..buffers {
                places.push([self.number()?, self.number()?, self.number()?]);
            }
            table.push((kind, tag, nanoseconds, length, places));
        }
        let parcels = table.into_iter().map(|(kind, tag, nanoseconds, length, places)| {
            let bytes = self.take(length)?.to_vec();
            let mut buffers = Vec::with_capacity(places.len());
            for [length, segment, start] in places {
                buffers.push(if segment == NONE {
                    self.take(length)?.to_vec().into()
                } else {
                    let lost = || io::Error::other("a message's segment was lost");
                    let segment = segments.get(segment as usize).ok_or_else(lost)?;
                    segment.buffer(start as usize..start.saturating_add(length) as usize)?
                });
            }
            Ok(Parcel { kind, tag, nanoseconds, bytes, buffers })
        });
        parcels.collect()
    }
}
