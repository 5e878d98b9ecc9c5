//! The line of an instruction, by a code object's location table (CPython's `Objects/locations.md`).

/// The line of the instruction at byte `instruction` of a code whose first line is `first`; nothing
/// for one that belongs to none.
pub fn line(table: &[u8], first: i32, instruction: i32) -> Option<i32> {
    let mut bytes = table.iter().copied();
    let (mut end, mut line) = (0i32, first);
    while let Some(head) = bytes.next() {
        end = end.saturating_add((i32::from(head & 7) + 1) * 2);
        let mut is_nowhere = false;
        // How a line is told, and how many columns' numbers stand behind it.
        let skipped = match (head >> 3) & 15 {
            15 => {
                is_nowhere = true;
                0
            }
            13 => {
                line = line.wrapping_add(signed(&mut bytes));
                0
            }
            14 => {
                line = line.wrapping_add(signed(&mut bytes));
                for _ in 0..3 {
                    unsigned(&mut bytes);
                }
                0
            }
            kind @ 10..=12 => {
                line = line.wrapping_add(i32::from(kind) - 10);
                2
            }
            _ => 1,
        };
        for _ in 0..skipped {
            bytes.next();
        }
        if end > instruction {
            return (!is_nowhere).then_some(line);
        }
    }
    None
}

/// Six bits a byte, the lowest first.
fn unsigned(bytes: &mut impl Iterator<Item = u8>) -> u32 {
    let (mut value, mut shift) = (0u32, 0);
    for byte in bytes {
        value |= u32::from(byte & 63).checked_shl(shift).unwrap_or(0);
        shift += 6;
        if byte & 64 == 0 {
            break;
        }
    }
    value
}

/// The sign is the lowest bit.
fn signed(bytes: &mut impl Iterator<Item = u8>) -> i32 {
    let value = unsigned(bytes);
    let size = (value >> 1) as i32;
    if value & 1 == 1 { -size } else { size }
}

#[cfg(test)]
mod tests {
    use super::line;

    /// `def f(n):\n    t = 0\n    for i in range(n):\n        t += i\n    return t`, by CPython 3.11.
    const TABLE: &[u8] = &[
        0x80, 0x00, 0xd8, 0x08, 0x09, 0x80, 0x41, 0xdd, 0x0d, 0x12, 0x90, 0x31, 0x89, 0x58, 0x8c,
        0x58, 0xf0, 0x00, 0x01, 0x05, 0x0f, 0xf0, 0x00, 0x01, 0x05, 0x0f, 0x88, 0x01, 0xd8, 0x08,
        0x09, 0x88, 0x51, 0x89, 0x06, 0x88, 0x01, 0x88, 0x01, 0xd8, 0x0b, 0x0c, 0x80, 0x48,
    ];

    #[test]
    fn lines_of_a_loop() {
        // As `co_lines` has them.
        for (range, known) in
            [(0..2, 1), (2..6, 2), (6..40, 3), (40..52, 4), (52..56, 5)].map(|(r, l)| (r, Some(l)))
        {
            for at in range.step_by(2) {
                assert_eq!(line(TABLE, 1, at), known, "{at}");
            }
        }
        assert_eq!(line(TABLE, 1, 56), None);
    }

    /// The first byte of what so many instructions have in common.
    fn entry(kind: u8, instructions: u8) -> u8 {
        0x80 | kind << 3 | (instructions - 1)
    }

    #[test]
    fn every_form() {
        // Short; one line on; long with a line back; no column; none at all.
        let table = [
            entry(0, 2),
            0,
            entry(11, 1),
            0,
            0,
            entry(14, 1),
            0b0000_0101,
            0,
            0,
            0,
            entry(13, 1),
            0b100_1000,
            0b1,
            entry(15, 1),
        ];
        let lines: Vec<_> = (0..16).step_by(2).map(|at| line(&table, 10, at)).collect();
        let known =
            [Some(10), Some(10), Some(11), Some(9), Some(9 + (8 + 64) / 2), None, None, None];
        assert_eq!(lines, known);
    }

    #[test]
    fn a_torn_table_is_no_panic() {
        for length in 0..TABLE.len() {
            for at in [-20, 0, 30, i32::MAX] {
                line(&TABLE[..length], 1, at);
            }
        }
        line(&[0xff; 4096], i32::MAX, i32::MAX);
        line(&[0xf7; 4096], i32::MAX, i32::MAX);
    }
}
