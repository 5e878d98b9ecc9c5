//! The form of a message on the socket.
//!
//! ```text
//! message  = header, parcel …
//! header   = parcels: u32, has a segment: u32, length of all parcels: u64     (16 bytes; the
//!            segment's descriptor travels with it)
//! parcel   = kind: u32, buffers: u32, tag: u64, nanoseconds: u64, length: u64, buffer …, bytes,
//!            small buffers' bytes
//! buffer   = length: u64, start in the segment: u64 (all ones: small, its bytes follow)
//! ```
//!
//! All numbers are little endian. A message is built in memory and written at once: one system call
//! carries a batch of short tasks.

use crate::segment::{Buffer, Reader, Writer};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::net::{
    RecvAncillaryBuffer, RecvAncillaryMessage, RecvFlags, SendAncillaryBuffer,
    SendAncillaryMessage, SendFlags, recvmsg, sendmsg,
};
use rustix::process::{Signal, getpid, kill_process};
use std::io::{self, IoSlice, IoSliceMut, Read, Write};
use std::mem::MaybeUninit;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::net::UnixStream;
use std::thread;
use std::time::{Duration, Instant};

/// Buffers of this size and larger go through shared memory: below it, the system calls that make a
/// segment cost more than the copies they save.
const LARGE: usize = 64 << 10;

/// The start of a buffer that is not in the segment.
const SMALL: u64 = u64::MAX;

const HEADER: usize = 16;

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
        self.send_with(parcels, None)
    }

    /// Sends a message and, beside it, a descriptor, such as the end of another channel.
    ///
    /// # Errors
    /// `BrokenPipe` if the other end is closed; an error if a buffer is large, because a message has
    /// room for one descriptor.
    pub fn send_descriptor(
        &self,
        parcels: &[Outgoing<'_>],
        descriptor: BorrowedFd<'_>,
    ) -> io::Result<()> {
        self.send_with(parcels, Some(descriptor))
    }

    fn send_with(
        &self,
        parcels: &[Outgoing<'_>],
        descriptor: Option<BorrowedFd<'_>>,
    ) -> io::Result<()> {
        let mut segment = None;
        let mut message = vec![0; HEADER];
        for parcel in parcels {
            push(&mut message, (parcel.kind as u64) | (parcel.buffers.len() as u64) << 32);
            push(&mut message, parcel.tag);
            push(&mut message, parcel.nanoseconds);
            push(&mut message, parcel.bytes.len() as u64);
            for buffer in parcel.buffers {
                push(&mut message, buffer.len() as u64);
                let start = if buffer.len() < LARGE {
                    SMALL
                } else {
                    let writer = match &mut segment {
                        Some(writer) => writer,
                        None => segment.insert(Writer::new()?),
                    };
                    writer.append(buffer)? as u64
                };
                push(&mut message, start);
            }
            message.extend_from_slice(parcel.bytes);
            for buffer in parcel.buffers.iter().filter(|buffer| buffer.len() < LARGE) {
                message.extend_from_slice(buffer);
            }
        }
        let sealed = segment.as_ref().map(Writer::seal).transpose()?;
        let descriptor = match (sealed, descriptor) {
            (Some(_), Some(_)) => return Err(io::Error::other("one descriptor a message")),
            (sealed, descriptor) => sealed.or(descriptor),
        };
        let length = (message.len() - HEADER) as u64;
        let flags = u32::from(descriptor.is_some());
        message[..4].copy_from_slice(&(parcels.len() as u32).to_le_bytes());
        message[4..8].copy_from_slice(&flags.to_le_bytes());
        message[8..HEADER].copy_from_slice(&length.to_le_bytes());
        self.write(&message, descriptor)
    }

    fn write(&self, message: &[u8], descriptor: Option<BorrowedFd<'_>>) -> io::Result<()> {
        let mut sent = 0;
        if let Some(descriptor) = descriptor {
            let descriptors = [descriptor];
            let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(1))];
            let mut beside = SendAncillaryBuffer::new(&mut space);
            beside.push(SendAncillaryMessage::ScmRights(&descriptors));
            sent = loop {
                let slices = [IoSlice::new(message)];
                match sendmsg(&self.stream, &slices, &mut beside, SendFlags::NOSIGNAL) {
                    Err(rustix::io::Errno::INTR) => {}
                    result => break result?,
                }
            };
        }
        // Rust's own writes to a socket never raise SIGPIPE.
        (&self.stream).write_all(&message[sent..])
    }

    /// Waits until there is a message or the other end is closed, and says whether that came before
    /// the deadline.
    ///
    /// # Errors
    /// Those of `poll`.
    pub fn wait_until(&self, deadline: Instant) -> io::Result<bool> {
        loop {
            let rest = deadline.saturating_duration_since(Instant::now());
            let rest = Timespec::try_from(rest).map_err(io::Error::other)?;
            let mut polled = [PollFd::new(&self.stream, PollFlags::IN)];
            match poll(&mut polled, Some(&rest)) {
                Err(rustix::io::Errno::INTR) => {}
                result => return Ok(result? > 0),
            }
        }
    }

    /// Waits for a message; nothing if the other end is closed.
    ///
    /// # Errors
    /// `UnexpectedEof` if the other end is closed within a message.
    pub fn receive(&self) -> io::Result<Option<Vec<Parcel>>> {
        Ok(self.receive_descriptor()?.map(|(parcels, _)| parcels))
    }

    /// Waits for a message, and for the descriptor beside it unless that was a segment.
    ///
    /// # Errors
    /// `UnexpectedEof` if the other end is closed within a message.
    pub fn receive_descriptor(&self) -> io::Result<Option<(Vec<Parcel>, Option<OwnedFd>)>> {
        let mut header = [0; HEADER];
        let Some(mut descriptor) = self.read_header(&mut header)? else { return Ok(None) };
        let field = |from: usize| u32::from_le_bytes(header[from..from + 4].try_into().expect("4"));
        let length = u64::from_le_bytes(header[8..].try_into().expect("8 bytes"));
        let mut body = vec![0; usize::try_from(length).map_err(io::Error::other)?];
        (&self.stream).read_exact(&mut body)?;
        if (field(4) != 0) != descriptor.is_some() {
            return Err(io::Error::other("the message's descriptor was lost"));
        }
        let mut body = Body { rest: &body };
        let mut segment = None;
        let mut parcels = Vec::with_capacity(field(0) as usize);
        for _ in 0..field(0) {
            parcels.push(body.parcel(&mut descriptor, &mut segment)?);
        }
        Ok(Some((parcels, descriptor)))
    }

    fn read_header(&self, header: &mut [u8; HEADER]) -> io::Result<Option<Option<OwnedFd>>> {
        let mut descriptor = None;
        let mut filled = 0;
        while filled < HEADER {
            let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(1))];
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
                if let RecvAncillaryMessage::ScmRights(mut descriptors) = message {
                    descriptor = descriptors.next().or(descriptor);
                }
            }
            match (read, filled) {
                (0, 0) => return Ok(None),
                (0, _) => return Err(io::ErrorKind::UnexpectedEof.into()),
                _ => filled += read,
            }
        }
        Ok(Some(descriptor))
    }

    /// Ends this process, killed, when the other end has been closed for `grace`.
    ///
    /// For a worker whose parent may be killed while the worker is in the middle of something.
    ///
    /// # Errors
    /// Those of `dup`, and of starting a thread.
    pub fn die_with_peer(&self, grace: Duration) -> io::Result<()> {
        let stream = self.stream.try_clone()?;
        let watch = move || {
            let mut polled = [PollFd::new(&stream, PollFlags::RDHUP)];
            while poll(&mut polled, None) == Err(rustix::io::Errno::INTR) {}
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

fn push(message: &mut Vec<u8>, number: u64) {
    message.extend_from_slice(&number.to_le_bytes());
}

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

    fn parcel(
        &mut self,
        descriptor: &mut Option<OwnedFd>,
        segment: &mut Option<Reader>,
    ) -> io::Result<Parcel> {
        let first = self.number()?;
        let (kind, count) = (first as u32, first >> 32);
        let (tag, nanoseconds, length) = (self.number()?, self.number()?, self.number()?);
        let mut places = Vec::new();
        for _ in 0..count {
            places.push((self.number()?, self.number()?));
        }
        let bytes = self.take(length)?.to_vec();
        let mut buffers = Vec::with_capacity(places.len());
        for (length, start) in places {
            if start == SMALL {
                buffers.push(self.take(length)?.to_vec().into());
                continue;
            }
            if segment.is_none() {
                let descriptor = descriptor.take();
                let lost = || io::Error::other("the message's segment was lost");
                *segment = Some(Reader::new(descriptor.ok_or_else(lost)?)?);
            }
            let reader = segment.as_ref().expect("just set");
            let end = start.saturating_add(length);
            buffers.push(reader.buffer(start as usize..end as usize)?);
        }
        Ok(Parcel { kind, tag, nanoseconds, bytes, buffers })
    }
}
