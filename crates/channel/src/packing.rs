//! Finds a segment for each large buffer of a message.
//!
//! One that came through a channel in shared memory is sent on in the segment in which it came, back to
//! who lent it or to somebody else. The others are written, those of a parcel into one segment, so that
//! it is free again when that parcel is.

use crate::loans::Loans;
use crate::segment::{ALIGNMENT, Segment, Spares};
use crate::wire::{Outgoing, Outside};
use std::collections::HashMap;
use std::sync::Arc;
use std::{io, iter};

/// Buffers of this size and larger go through shared memory: below it, the system calls that make a
/// segment cost more than the copies they save.
pub(crate) const LARGE: usize = 64 << 10;

/// How many parcels of a message have segments of their own, and how many segments are sent on. With
/// what else goes beside a message that must be less than the 253 descriptors that the kernel takes.
const OWN: usize = 128;
const SENT_ON: usize = 64;

/// Set in the number of a segment that goes back to who lent it.
pub(crate) const RETURNED: u64 = 1 << 63;

/// A segment's number, and where in there a buffer lies.
pub(crate) type Place = (u64, usize);

/// A message's large buffers.
#[derive(Default)]
pub(crate) struct Packed {
    /// One for each buffer; nothing if it is small.
    pub places: Vec<Option<Place>>,
    /// The segments that go along.
    pub segments: Vec<Arc<Segment>>,
}

impl Packed {
    pub fn new(parcels: &[Outgoing<'_>], loans: &mut Loans, spares: &Spares) -> io::Result<Self> {
        let mut packed = Self::default();
        // What is sent twice is written once: where these bytes have their place.
        let mut known = HashMap::new();
        let mut again = Vec::new();
        let (alone, rest) = parcels.split_at(parcels.len().min(OWN));
        for group in alone.chunks(1).chain(iter::once(rest)) {
            let mut new = Vec::new();
            let mut length = 0_usize;
            for buffer in group.iter().flat_map(|parcel| parcel.buffers) {
                let (index, bytes) = (packed.places.len(), buffer.bytes());
                packed.places.push(None);
                if bytes.len() < LARGE {
                    continue;
                }
                if let Some(&first) = known.get(&(bytes.as_ptr(), bytes.len())) {
                    again.push((index, first));
                    continue;
                }
                known.insert((bytes.as_ptr(), bytes.len()), index);
                packed.places[index] = packed.send_on(buffer, loans);
                if packed.places[index].is_none() {
                    let start = length.next_multiple_of(ALIGNMENT);
                    length = start + bytes.len();
                    new.push((index, start, bytes));
                }
            }
            if new.is_empty() {
                continue;
            }
            let mut segment = spares.take(length)?;
            for (_, start, bytes) in &new {
                segment.write(bytes, *start)?;
            }
            let number = packed.lend(Arc::new(segment), loans);
            for (index, start, _) in new {
                packed.places[index] = Some((number, start));
            }
        }
        for (index, first) in again {
            packed.places[index] = packed.places[first];
        }
        Ok(packed)
    }

    /// The place of a buffer that is in shared memory already, if that can be sent on.
    fn send_on(&mut self, buffer: &Outside<'_>, loans: &mut Loans) -> Option<Place> {
        let Outside::Buffer(buffer) = buffer else { return None };
        let (segment, range) = buffer.place()?;
        if let Some(number) = loans.borrowed(segment) {
            return Some((number | RETURNED, range.start));
        }
        let mut sent = self.segments.iter().zip(loans.next() - self.segments.len() as u64..);
        if let Some((_, number)) = sent.find(|(sent, _)| Arc::ptr_eq(sent, segment)) {
            return Some((number, range.start));
        }
        if self.segments.len() >= OWN + SENT_ON {
            return None;
        }
        segment.descriptor()?;
        Some((self.lend(Arc::clone(segment), loans), range.start))
    }

    fn lend(&mut self, segment: Arc<Segment>, loans: &mut Loans) -> u64 {
        self.segments.push(Arc::clone(&segment));
        loans.lend(segment)
    }
}
