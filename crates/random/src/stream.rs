//! The random bits of one element.

use crate::philox::Key;
use rand::TryRng;
use std::convert::Infallible;

/// The random words that belong to one element, for a sampler that takes as many as it likes.
///
/// The first is the element's word of [`Key::words`], which were worked out many at a time; what few need
/// more comes from blocks of the element's own.
#[derive(Debug)]
pub struct Stream {
    key: Key,
    element: u64,
    first: u64,
    /// Words that were taken.
    taken: u32,
    /// The second word of the last block.
    rest: u64,
}

impl Stream {
    /// The words of an element whose first one is known.
    #[inline]
    pub fn new(key: Key, element: u64, first: u64) -> Self {
        Self { key, element, first, taken: 0, rest: 0 }
    }

    #[inline]
    fn next(&mut self) -> u64 {
        self.taken += 1;
        match self.taken {
            1 => self.first,
            taken => self.more(taken - 2),
        }
    }

    /// Word `number` of those from the element's own blocks: few samplers ask for it often.
    #[inline(never)]
    fn more(&mut self, number: u32) -> u64 {
        if number % 2 == 1 {
            return self.rest;
        }
        // Purpose 0 is that of the first words.
        let [word, rest] = self.key.block(self.element, number / 2 + 1);
        self.rest = rest;
        word
    }
}

impl TryRng for Stream {
    type Error = Infallible;

    #[inline]
    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok((self.next() >> 32) as u32)
    }

    #[inline]
    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        Ok(self.next())
    }

    fn try_fill_bytes(&mut self, out: &mut [u8]) -> Result<(), Infallible> {
        for part in out.chunks_mut(8) {
            part.copy_from_slice(&self.next().to_le_bytes()[..part.len()]);
        }
        Ok(())
    }
}
