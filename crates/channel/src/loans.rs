//! Who has which segment, seen from one end of a channel.
//!
//! A segment that is sent is lent: it is held here until the other end has said that nobody there
//! looks at it any more. What was borrowed is given back with the next message after its last user has
//! gone; to notice that takes no lock that such a user, in whatever thread, might find taken.

use crate::segment::{Buffer, Loan, Segment, Spares, forks};
use std::collections::{HashMap, VecDeque};
use std::io;
use std::ops::Range;
use std::os::fd::OwnedFd;
use std::sync::{Arc, Weak};

/// The loans of one end.
#[derive(Debug)]
pub(crate) struct Loans {
    channel: u64,
    next: u64,
    lent: HashMap<u64, Arc<Segment>>,
    borrowed: VecDeque<Borrowed>,
}

#[derive(Debug)]
struct Borrowed {
    number: u64,
    segment: Weak<Segment>,
    forks: u64,
}

/// A segment that is given back, and whether it may be filled again.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Done {
    pub number: u64,
    pub is_reusable: bool,
}

/// How many of the borrowed segments are looked at each time.
const LOOKED_AT: usize = 64;

impl Loans {
    pub fn new(channel: u64) -> Self {
        Self { channel, next: 0, lent: HashMap::new(), borrowed: VecDeque::new() }
    }

    /// The number of the next segment that is lent.
    pub fn next(&self) -> u64 {
        self.next
    }

    /// Lends a segment.
    pub fn lend(&mut self, segment: Arc<Segment>) -> u64 {
        let number = self.next;
        self.next += 1;
        self.lent.insert(number, segment);
        number
    }

    /// The number of a segment that the other end has lent us, if it is one.
    pub fn borrowed(&self, segment: &Segment) -> Option<u64> {
        let loan = segment.loan.filter(|loan| loan.channel == self.channel)?;
        Some(loan.number)
    }

    /// Notes a segment that the other end lends us.
    pub fn borrow(
        &mut self,
        descriptor: OwnedFd,
        length: usize,
        number: u64,
    ) -> io::Result<Arc<Segment>> {
        let loan = Loan { channel: self.channel, number };
        let forks = forks();
        let segment = Arc::new(Segment::open(descriptor, length, loan)?);
        let weak = Arc::downgrade(&segment);
        self.borrowed.push_back(Borrowed { number, segment: weak, forks });
        Ok(segment)
    }

    /// A buffer in a segment that we have lent.
    pub fn lent(&self, number: u64, range: Range<usize>) -> io::Result<Buffer> {
        let segment = self.lent.get(&number);
        let segment = segment.ok_or_else(|| io::Error::other("a segment was not lent"))?;
        Buffer::shared(Arc::clone(segment), range)
    }

    /// The borrowed segments that nobody here looks at any more, to be given back.
    pub fn done(&mut self) -> Vec<Done> {
        let mut done = Vec::new();
        for _ in 0..self.borrowed.len().min(LOOKED_AT) {
            let Some(borrowed) = self.borrowed.pop_front() else { break };
            if borrowed.segment.strong_count() == 0 {
                let (number, is_reusable) = (borrowed.number, borrowed.forks == forks());
                done.push(Done { number, is_reusable });
            } else {
                self.borrowed.push_back(borrowed);
            }
        }
        done
    }

    /// Takes a segment back.
    pub fn take_back(&mut self, done: Done, spares: &Spares) {
        // Somebody here may still look at it, if it came back as a result.
        let segment = self.lent.remove(&done.number).and_then(Arc::into_inner);
        if let Some(segment) = segment.filter(|_| done.is_reusable) {
            spares.give(segment);
        }
    }
}
