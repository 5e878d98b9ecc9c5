//! How often each word occurs: a hash table made for words in a stream of text.
//!
//! Counting words with a large vocabulary waits for memory, not for arithmetic. So:
//!
//! - A slot is 32 bytes, half a cache line, and holds a word of up to 16 bytes itself, beside its
//!   count. Nearly every word costs one cache miss at the most; longer words live in an arena.
//! - Words come in groups. All of a group are hashed and their slots prefetched before the first is
//!   looked up, so that their misses overlap.
//! - Open addressing with linear probing, three quarters full at the most, capacity a power of two.
//!
//! A general hash map can't do the first two: hashbrown offers no prefetch and would follow a pointer
//! to compare a string. The hash is the 128-bit product of the word's halves with secret
//! odd numbers, folded, as in wyhash and foldhash; the secrets are drawn once per process, so that
//! nobody can write a document that makes all words collide.

use super::slots::{Slot, Slots};
use crate::simd::prefetch;
use crate::whitespace::word_spans;
use crate::{Strings, Unit};
use std::hash::{BuildHasher, RandomState};
use std::sync::OnceLock;

/// Words looked up together: enough to overlap cache misses, few enough for the miss buffers.
const GROUP: usize = 32;
const FIRST_CAPACITY: usize = 1024;

/// A word on its way into the table.
#[derive(Clone, Copy, Default)]
struct Key {
    low: u64,
    high: u64,
    length: u64,
    hash: u64,
    // Where the word starts in the text it was found in.
    start: usize,
}

/// Words and their counts.
pub(crate) struct Table {
    slots: Slots,
    used: usize,
    arena: Vec<u8>,
    secrets: [u64; 3],
}

fn secrets() -> [u64; 3] {
    static SECRETS: OnceLock<[u64; 3]> = OnceLock::new();
    *SECRETS.get_or_init(|| {
        let state = RandomState::new();
        [1, 2, 3].map(|number: u64| state.hash_one(number) | 1)
    })
}

impl Table {
    pub fn new() -> Self {
        Self { slots: Slots::new(FIRST_CAPACITY), used: 0, arena: Vec::new(), secrets: secrets() }
    }

    /// Distinct words.
    pub fn len(&self) -> usize {
        self.used
    }

    pub fn bytes(&self) -> usize {
        size_of_val::<[Slot]>(&self.slots) + self.arena.capacity()
    }

    /// Counts every element of `strings`, and says how many there were.
    pub fn add(&mut self, strings: &Strings<'_>) -> u64 {
        let mut items = 0;
        if strings.unit == Unit::Word {
            strings.pieces.for_each(|piece| items += self.add_text(piece));
        } else {
            strings.for_each(|item| {
                items += 1;
                self.add_item(item, 1);
            });
        }
        items
    }

    /// Counts every word of `text`, and says how many there were.
    pub fn add_text(&mut self, text: &str) -> u64 {
        let mut spans = [(0, 0); GROUP];
        let mut filled = 0;
        let mut words = 0;
        let bytes = text.as_bytes();
        word_spans(text, |start, end| {
            spans[filled] = (start, end);
            filled += 1;
            if filled == GROUP {
                self.add_spans(&spans, bytes);
                words += GROUP as u64;
                filled = 0;
            }
        });
        self.add_spans(&spans[..filled], bytes);
        words + filled as u64
    }

    /// Counts `item` as one word, whatever is in it.
    pub fn add_item(&mut self, item: &str, count: u64) {
        let key = self.key(item.as_bytes(), 0, item.len());
        self.add_keys(&[key], item.as_bytes(), count);
    }

    /// Takes in the counts of `other`.
    pub fn merge(&mut self, other: Self) {
        if other.used > self.used {
            let smaller = std::mem::replace(self, other);
            return self.merge(smaller);
        }
        let mut group = [Key::default(); GROUP];
        for slots in other.slots.chunks(GROUP) {
            // All words of a group but the counts differ, so the group is added one by one.
            let mut filled = 0;
            for slot in slots.iter().filter(|slot| slot.count > 0) {
                let Slot { low, high, length, .. } = *slot;
                let hash = if length <= 16 { self.hash(low, high, length) } else { low };
                prefetch(&self.slots, self.place(hash));
                let start = high as usize;
                let high = if length <= 16 { high } else { u64::MAX };
                group[filled] = Key { low, high, length, hash, start };
                filled += 1;
            }
            let counts = slots.iter().filter(|slot| slot.count > 0).map(|slot| slot.count);
            for (key, count) in group[..filled].iter().zip(counts) {
                self.add_keys(std::slice::from_ref(key), &other.arena, count);
            }
        }
    }

    /// Calls `each` with every word and its count, in no order.
    pub fn for_each<'table>(&'table self, mut each: impl FnMut(Word<'table>, u64)) {
        for slot in self.slots.iter().filter(|slot| slot.count > 0) {
            each(self.word(slot), slot.count);
        }
    }

    fn word(&self, slot: &Slot) -> Word<'_> {
        if slot.length <= 16 {
            let both = u128::from(slot.low) | u128::from(slot.high) << 64;
            Word::Short(both.to_le_bytes(), slot.length as u8)
        } else {
            let start = slot.high as usize;
            Word::Long(&self.arena[start..start + slot.length as usize])
        }
    }

    /// Counts the words at `spans` of `bytes`: their misses overlap.
    #[inline(never)]
    fn add_spans(&mut self, spans: &[(usize, usize)], bytes: &[u8]) {
        let mut keys = [Key::default(); GROUP];
        for (key, &(start, end)) in keys.iter_mut().zip(spans) {
            *key = self.key(bytes, start, end);
            prefetch(&self.slots, self.place(key.hash));
        }
        self.add_keys(&keys[..spans.len()], bytes, 1);
    }

    #[inline(always)]
    fn key(&self, bytes: &[u8], start: usize, end: usize) -> Key {
        let length = end - start;
        if length > 16 {
            return self.long_key(bytes, start, length);
        }
        // Sixteen bytes from the word's start, then those behind its end cleared.
        let loaded = match bytes.get(start..start + 16) {
            Some(sixteen) => u128::from_le_bytes(sixteen.try_into().expect("sixteen bytes")),
            None => {
                let mut padded = [0; 16];
                padded[..length].copy_from_slice(&bytes[start..end]);
                u128::from_le_bytes(padded)
            }
        };
        let both = if length == 16 { loaded } else { loaded & ((1 << (8 * length)) - 1) };
        let (low, high, length) = (both as u64, (both >> 64) as u64, length as u64);
        Key { low, high, length, hash: self.hash(low, high, length), start }
    }

    #[cold]
    fn long_key(&self, bytes: &[u8], start: usize, length: usize) -> Key {
        let mut hash = self.secrets[2];
        for chunk in bytes[start..start + length].chunks(16) {
            let mut padded = [0; 16];
            padded[..chunk.len()].copy_from_slice(chunk);
            let both = u128::from_le_bytes(padded);
            hash = self.hash(both as u64 ^ hash, (both >> 64) as u64, chunk.len() as u64);
        }
        Key { low: hash, high: u64::MAX, length: length as u64, hash, start }
    }

    #[inline(always)]
    fn hash(&self, low: u64, high: u64, length: u64) -> u64 {
        let [first, second, third] = self.secrets;
        let product = u128::from(low ^ first) * u128::from(high ^ second ^ (length << 56));
        let folded = product as u64 ^ (product >> 64) as u64;
        // A factor can be zero, or small: one more round spreads what little there is.
        let product = u128::from(folded ^ low.rotate_left(32)) * u128::from(third);
        product as u64 ^ (product >> 64) as u64
    }

    #[inline(always)]
    fn place(&self, hash: u64) -> usize {
        hash as usize & (self.slots.len() - 1)
    }

    /// Adds `count` to each key's word; long words stand in `bytes`.
    #[inline(always)]
    fn add_keys(&mut self, keys: &[Key], bytes: &[u8], count: u64) {
        if (self.used + keys.len()) * 4 > self.slots.len() * 3 {
            self.grow();
        }
        let mask = self.slots.len() - 1;
        for key in keys {
            let mut place = key.hash as usize & mask;
            loop {
                let slot = &mut self.slots[place];
                let is_short = slot.low == key.low && slot.high == key.high;
                if is_short && slot.length == key.length && slot.count > 0 {
                    slot.count += count;
                    break;
                }
                if slot.count == 0 {
                    self.insert(place, key, bytes, count);
                    break;
                }
                if key.length > 16 && self.is_long(place, key, bytes) {
                    self.slots[place].count += count;
                    break;
                }
                place = (place + 1) & mask;
            }
        }
    }

    #[cold]
    fn insert(&mut self, place: usize, key: &Key, bytes: &[u8], count: u64) {
        let high = if key.length <= 16 {
            key.high
        } else {
            let word = &bytes[key.start..key.start + key.length as usize];
            self.arena.extend_from_slice(word);
            (self.arena.len() - word.len()) as u64
        };
        self.slots[place] = Slot { low: key.low, high, length: key.length, count };
        self.used += 1;
    }

    #[cold]
    fn is_long(&self, place: usize, key: &Key, bytes: &[u8]) -> bool {
        let slot = &self.slots[place];
        if (slot.low, slot.length) != (key.low, key.length) {
            return false;
        }
        let (start, length) = (slot.high as usize, key.length as usize);
        self.arena[start..start + length] == bytes[key.start..key.start + length]
    }

    #[cold]
    fn grow(&mut self) {
        let capacity = self.slots.len() * 2;
        let slots = std::mem::replace(&mut self.slots, Slots::new(capacity));
        for &slot in slots.iter().filter(|slot| slot.count > 0) {
            let hash = if slot.length <= 16 {
                self.hash(slot.low, slot.high, slot.length)
            } else {
                slot.low
            };
            let mut place = self.place(hash);
            while self.slots[place].count > 0 {
                place = (place + 1) & (capacity - 1);
            }
            self.slots[place] = slot;
        }
    }
}

/// A word of a table.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Word<'table> {
    Short([u8; 16], u8),
    Long(&'table [u8]),
}

impl Word<'_> {
    pub fn as_bytes(&self) -> &[u8] {
        match self {
            Self::Short(bytes, length) => &bytes[..usize::from(*length)],
            Self::Long(bytes) => bytes,
        }
    }

    pub fn as_str(&self) -> &str {
        std::str::from_utf8(self.as_bytes()).expect("words were cut out of text between characters")
    }
}

#[cfg(test)]
mod tests {
    use super::Table;
    use proptest::prelude::*;
    use std::collections::HashMap;

    fn counts(table: &Table) -> HashMap<String, u64> {
        let mut counts = HashMap::new();
        table.for_each(|word, count| {
            assert!(
                counts.insert(word.as_str().to_owned(), count).is_none(),
                "a word stands twice"
            );
        });
        assert_eq!(counts.len(), table.len());
        counts
    }

    fn expected<'a>(words: impl Iterator<Item = &'a str>) -> HashMap<String, u64> {
        let mut counts = HashMap::new();
        for word in words {
            *counts.entry(word.to_owned()).or_default() += 1;
        }
        counts
    }

    proptest! {
        #[test]
        fn counts_equal_those_of_a_hash_map(
            words in prop::collection::vec("[ab\0]{1,3}|[a-d]{15,18}|(é|日){1,12}|x{0,40}y", 0..400),
            cut in 0usize..400,
        ) {
            let (left, right) = words.split_at(cut.min(words.len()));
            let mut table = Table::new();
            prop_assert_eq!(table.add_text(&left.join(" ")), left.len() as u64);
            let mut other = Table::new();
            other.add_text(&right.join("\u{3000}\n"));
            table.merge(other);
            prop_assert_eq!(counts(&table), expected(words.iter().map(String::as_str)));
        }
    }

    #[test]
    fn the_table_grows_over_many_words_of_all_lengths() {
        let words: Vec<_> = (0..20_000).map(|i| format!("{i}{}", "z".repeat(i % 30))).collect();
        let mut table = Table::new();
        for _ in 0..3 {
            table.add_text(&words.join("\n"));
        }
        let counts = counts(&table);
        assert_eq!(counts.len(), words.len());
        assert!(counts.values().all(|count| *count == 3));
    }

    #[test]
    fn items_may_hold_white_space_and_nothing() {
        let mut table = Table::new();
        for item in ["a b", "", "a b", "\n"] {
            table.add_item(item, 1);
        }
        assert_eq!(counts(&table), expected(["a b", "", "a b", "\n"].into_iter()));
    }
}
