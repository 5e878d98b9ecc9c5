//! The form of a message on the socket.
//!
//! ```text
//! message  = header, loans, table, payloads
//! header   = parcels: u32, segments: u16, other descriptors: u16, length of what follows: u64
//! loans    = number of the first segment: u64, segments given back: u32, of these not to be used
//!            again: u32, length of each segment: u64, number of each that is given back: u64
//! table    = for each parcel: kind: u32, buffers: u32, tag: u64, nanoseconds: u64, length: u64,
//!            and for each of its buffers: length: u64, segment: u64, start in the segment: u64
//! payloads = for each parcel: its bytes, then its buffers that are in no segment
//! ```
//!
//! All numbers are little endian. Descriptors travel beside the header, segments first. One system
//! call carries a batch of short tasks; what is long is sent from where it stands.

use crate::loans::{Done, Loans};
use crate::packing::{Packed, RETURNED};
use crate::segment::{Buffer, Segment, Spares};
use std::io::{self, IoSlice};
use std::ops::Range;
use std::os::fd::{BorrowedFd, OwnedFd};
use std::sync::Arc;

/// What is shorter is copied together: a slice of its own costs the kernel about as much.
const SHORT: usize = 1 << 10;

pub(crate) const HEADER: usize = 16;

/// The segment of a buffer that is in none.
const NONE: u64 = u64::MAX;

/// A parcel to be sent.
#[derive(Clone, Copy, Debug, Default)]
pub struct Outgoing<'data> {
    /// What it is, in the words of whoever sends it.
    pub kind: u32,
    /// Which one it is.
    pub tag: u64,
    /// How long it took to make; 0 where that means nothing.
    pub nanoseconds: u64,
    /// Its bytes, in pieces.
    pub bytes: &'data [&'data [u8]],
    /// Its buffers, which are not copied into the message if they are large.
    pub buffers: &'data [Outside<'data>],
}

/// Bytes that stand beside a parcel's own.
#[derive(Clone, Copy, Debug)]
pub enum Outside<'data> {
    /// In memory of this process.
    Bytes(&'data [u8]),
    /// Bytes that came through a channel: if in shared memory, they are sent on without a copy.
    Buffer(&'data Buffer),
}

impl<'data> Outside<'data> {
    pub(crate) fn bytes(&self) -> &'data [u8] {
        match self {
            Self::Bytes(bytes) => bytes,
            Self::Buffer(buffer) => (*buffer).as_ref(),
        }
    }
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
    pub bytes: Buffer,
    /// Its buffers.
    pub buffers: Vec<Buffer>,
}

/// What stands first in a message.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Header {
    parcels: u32,
    segments: u16,
    others: u16,
    /// How many bytes follow.
    pub length: u64,
}

impl Header {
    pub fn read(bytes: [u8; HEADER]) -> Self {
        let first = u64::from_le_bytes(bytes[..8].try_into().expect("8 bytes"));
        let length = u64::from_le_bytes(bytes[8..].try_into().expect("8 bytes"));
        let (segments, others) = ((first >> 32) as u16, (first >> 48) as u16);
        Self { parcels: first as u32, segments, others, length }
    }

    fn write(self) -> [u8; HEADER] {
        let (segments, others) = (u64::from(self.segments) << 32, u64::from(self.others) << 48);
        let first = u64::from(self.parcels) | segments | others;
        let mut bytes = [0; HEADER];
        bytes[..8].copy_from_slice(&first.to_le_bytes());
        bytes[8..].copy_from_slice(&self.length.to_le_bytes());
        bytes
    }
}

/// A message before it is sent: what is short stands in it, what is long stays where it is.
pub(crate) struct Draft<'data> {
    own: Vec<u8>,
    pieces: Vec<Piece<'data>>,
    length: usize,
    segments: Vec<Arc<Segment>>,
}

enum Piece<'data> {
    Own(Range<usize>),
    Borrowed(&'data [u8]),
}

impl<'data> Draft<'data> {
    /// Writes a message, and segments where it needs them; `others` are descriptors that go beside it.
    pub fn new(
        parcels: &[Outgoing<'data>],
        others: usize,
        loans: &mut Loans,
        spares: &Spares,
    ) -> io::Result<Self> {
        let first = loans.next();
        let Packed { places, segments } = Packed::new(parcels, loans, spares)?;
        let mut draft = Self { own: Vec::new(), pieces: Vec::new(), length: 0, segments };
        draft.copy(&[0; HEADER]);
        draft.loans(first, &loans.done());
        let mut place = places.iter();
        for parcel in parcels {
            let first = u64::from(parcel.kind) | (parcel.buffers.len() as u64) << 32;
            let length: usize = parcel.bytes.iter().map(|piece| piece.len()).sum();
            draft.numbers([first, parcel.tag, parcel.nanoseconds, length as u64]);
            for (buffer, place) in parcel.buffers.iter().zip(&mut place) {
                let (segment, start) = place.unwrap_or((NONE, 0));
                draft.numbers([buffer.bytes().len() as u64, segment, start as u64]);
            }
        }
        let mut place = places.iter();
        for parcel in parcels {
            for piece in parcel.bytes {
                draft.bytes(piece);
            }
            let buffers = parcel.buffers.iter().zip(&mut place);
            for (buffer, _) in buffers.filter(|(_, place)| place.is_none()) {
                draft.bytes(buffer.bytes());
            }
        }
        let header = Header {
            parcels: parcels.len() as u32,
            segments: draft.segments.len() as u16,
            others: others as u16,
            length: (draft.length - HEADER) as u64,
        };
        draft.own[..HEADER].copy_from_slice(&header.write());
        Ok(draft)
    }

    fn loans(&mut self, first: u64, done: &[Done]) {
        let (again, never): (Vec<Done>, Vec<Done>) = done.iter().partition(|done| done.is_reusable);
        self.numbers([first, done.len() as u64 | (never.len() as u64) << 32]);
        let segments = std::mem::take(&mut self.segments);
        self.numbers(segments.iter().map(|segment| segment.length() as u64));
        self.segments = segments;
        self.numbers(never.iter().chain(&again).map(|done| done.number));
    }

    fn numbers(&mut self, numbers: impl IntoIterator<Item = u64>) {
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

    /// The message, piece by piece.
    pub fn slices(&self) -> Vec<IoSlice<'_>> {
        let slice = |piece: &'_ Piece<'data>| match piece {
            Piece::Own(range) => IoSlice::new(&self.own[range.clone()]),
            Piece::Borrowed(bytes) => IoSlice::new(bytes),
        };
        self.pieces.iter().map(slice).collect()
    }

    /// The descriptors of its segments.
    pub fn descriptors(&self) -> impl Iterator<Item = BorrowedFd<'_>> {
        self.segments.iter().filter_map(|segment| segment.descriptor())
    }
}

/// What is not read yet of a message.
pub(crate) struct Body {
    bytes: Arc<Vec<u8>>,
    read: usize,
}

impl Body {
    pub fn new(bytes: Vec<u8>) -> Self {
        Self { bytes: Arc::new(bytes), read: 0 }
    }

    fn take(&mut self, length: u64) -> io::Result<Range<usize>> {
        let end = usize::try_from(length).ok().and_then(|length| self.read.checked_add(length));
        let short = || io::Error::other("a message is too short");
        let end = end.filter(|&end| end <= self.bytes.len()).ok_or_else(short)?;
        Ok(std::mem::replace(&mut self.read, end)..end)
    }

    fn number(&mut self) -> io::Result<u64> {
        let range = self.take(8)?;
        Ok(u64::from_le_bytes(self.bytes[range].try_into().expect("8 bytes")))
    }

    /// Its parcels, and the descriptors that are no segments.
    pub fn parcels(
        mut self,
        header: Header,
        mut descriptors: Vec<OwnedFd>,
        loans: &mut Loans,
        spares: &Spares,
    ) -> io::Result<(Vec<Parcel>, Vec<OwnedFd>)> {
        if usize::from(header.segments) + usize::from(header.others) != descriptors.len() {
            return Err(io::Error::other("a descriptor beside the message was lost"));
        }
        let others = descriptors.split_off(header.segments.into());
        let (lent, done) = (self.number()?, self.number()?);
        let mut segments = Vec::with_capacity(descriptors.len());
        for (descriptor, number) in descriptors.into_iter().zip(lent..) {
            segments.push(loans.borrow(descriptor, self.number()? as usize, number)?);
        }
        let (count, never) = (done as u32, (done >> 32) as u32);
        let done: io::Result<Vec<_>> = (0..count)
            .map(|index| Ok(Done { number: self.number()?, is_reusable: index >= never }))
            .collect();
        let done = done?;
        let mut table = Vec::with_capacity(header.parcels as usize);
        for _ in 0..header.parcels {
            let first = self.number()?;
            let numbers = [first, self.number()?, self.number()?, self.number()?];
            let places: io::Result<Vec<_>> = (0..first >> 32)
                .map(|_| Ok([self.number()?, self.number()?, self.number()?]))
                .collect();
            table.push((numbers, places?));
        }
        let mut parcels = Vec::with_capacity(table.len());
        for ([first, tag, nanoseconds, length], places) in table {
            let range = self.take(length)?;
            // A short one must not keep a long message alive.
            let bytes = if 2 * range.len() > self.bytes.len() {
                Buffer::own(&self.bytes, range)
            } else {
                self.bytes[range].to_vec().into()
            };
            let mut buffers = Vec::with_capacity(places.len());
            for [length, segment, start] in places {
                let range = start as usize..start.saturating_add(length) as usize;
                buffers.push(match segment {
                    NONE => {
                        let range = self.take(length)?;
                        // Copied, so that it is aligned and doesn't keep the whole message alive.
                        self.bytes[range].to_vec().into()
                    }
                    number if number & RETURNED != 0 => loans.lent(number & !RETURNED, range)?,
                    number => {
                        let segment =
                            number.checked_sub(lent).and_then(|index| segments.get(index as usize));
                        let lost = || io::Error::other("a message's segment was lost");
                        Buffer::shared(Arc::clone(segment.ok_or_else(lost)?), range)?
                    }
                });
            }
            parcels.push(Parcel { kind: first as u32, tag, nanoseconds, bytes, buffers });
        }
        // Only now, as the parcels may speak of them.
        for done in done {
            loans.take_back(done, spares);
        }
        Ok((parcels, others))
    }
}
