//! Export to the Trace Event Format (JSON), which Perfetto and `chrome://tracing` open.
//!
//! Each lane is a process of the format's and each worker a thread of it: a row with a name. Tasks
//! are complete events (`"X"`), with what runs within them below them; notes that take no time are
//! instants (`"i"`). Runs, and notes that take time, overlap as they like: they are asynchronous
//! events (`"b"`, `"e"`), the runs in a group of their own.

use crate::collector::Run;
use crate::{Event, Note, Row, Trace};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};

/// Ops that a run is described by.
const OPS_SHOWN: usize = 4;

/// Where a row stands: the format's process and thread.
#[derive(Clone, Copy)]
struct Position {
    process: usize,
    thread: usize,
}

/// That of the runs, and of notes that belong to no worker.
const RUNS: Position = Position { process: 1, thread: 0 };

impl Trace {
    /// The trace as a JSON document in the Trace Event Format.
    pub fn chrome(&self) -> String {
        let mut json = Vec::new();
        self.write_chrome(&mut json).expect("writing to memory succeeds");
        String::from_utf8(json).expect("it was written as text")
    }

    /// Writes that document to a file: all of it, or none.
    ///
    /// # Errors
    /// Those of the file system; then what stood there still does.
    pub fn save(&self, path: &Path) -> io::Result<()> {
        static SAVED: AtomicU32 = AtomicU32::new(0);
        // A number, so that two who save to the same file at once don't write into each other's.
        let number = SAVED.fetch_add(1, Ordering::Relaxed);
        let name = format!(".{}-{number}.trace.partial", std::process::id());
        let partial = path.with_file_name(name);
        let mut out = BufWriter::new(File::create(&partial)?);
        let saved = self.write_chrome(&mut out).and_then(|()| out.flush());
        saved.and_then(|()| fs::rename(&partial, path)).inspect_err(|_| {
            // Best effort: what failed before is what the caller hears of.
            let _ = fs::remove_file(&partial);
        })
    }

    /// Writes that document to `out`.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn write_chrome(&self, out: &mut impl Write) -> io::Result<()> {
        let positions = self.positions();
        write!(out, "{{\"displayTimeUnit\":\"ms\",\"traceEvents\":[")?;
        self.write_names(out, &positions)?;
        for (number, run) in self.runs.iter().enumerate() {
            self.write_run(out, number, run)?;
        }
        for event in self.events() {
            self.write_event(out, event, positions[&event.row])?;
        }
        for (number, note) in self.notes().iter().enumerate() {
            write_note(out, note, number, note.row.map_or(RUNS, |row| positions[&row]))?;
        }
        write!(out, "\n]}}\n")
    }

    /// Where each row stands: callers together, behind them the threads, then each pool by itself.
    fn positions(&self) -> BTreeMap<Row, Position> {
        let of_events = self.events().iter().map(|event| event.row);
        let of_notes = self.notes().iter().filter_map(|note| note.row);
        let rows: BTreeSet<Row> = of_events.chain(of_notes).collect();
        let mut positions = BTreeMap::new();
        let (mut position, mut last) = (RUNS, None);
        for row in rows {
            let group = match row {
                Row::Caller(_) => (row.lane(), 0),
                Row::Thread(_) | Row::Process { .. } => row.crew(),
            };
            if last.replace(group) != Some(group) {
                position = Position { process: position.process + 1, thread: 0 };
            }
            position.thread += 1;
            positions.insert(row, position);
        }
        positions
    }

    fn write_names(
        &self,
        out: &mut impl Write,
        positions: &BTreeMap<Row, Position>,
    ) -> io::Result<()> {
        write_name(out, "", "process_name", RUNS, "runs")?;
        for (row, position) in positions {
            let lane = row.lane().name();
            let (group, name) = match row {
                Row::Caller(_) => (lane.to_owned(), format!("caller {}", position.thread - 1)),
                Row::Thread(number) => (lane.to_owned(), format!("thread {number}")),
                Row::Process { pool, index, pid } => {
                    (format!("{lane}, pool {pool}"), format!("process {index} (pid {pid})"))
                }
            };
            if position.thread == 1 {
                write_name(out, ",", "process_name", *position, &group)?;
            }
            write_name(out, ",", "thread_name", *position, &name)?;
        }
        Ok(())
    }

    fn write_run(&self, out: &mut impl Write, number: usize, run: &Run) -> io::Result<()> {
        let mut ops: Vec<&str> = Vec::new();
        for name in run.outline.names() {
            if ops.len() > OPS_SHOWN {
                break;
            }
            if !ops.contains(&name.as_str()) {
                ops.push(if ops.len() < OPS_SHOWN { name } else { "…" });
            }
        }
        for (phase, time) in [("b", run.start), ("e", run.end.unwrap_or(self.length()))] {
            write!(
                out,
                ",\n{{\"ph\":\"{phase}\",\"cat\":\"run\",\"id\":{number},\"pid\":{},\"tid\":{},\
                 \"ts\":{},\"name\":\"run\",\"args\":{{\"run\":{number},\"tasks\":{},\"ops\":{}}}}}",
                RUNS.process,
                RUNS.thread,
                Microseconds(time),
                run.outline.len(),
                Quoted(&ops.join(", "))
            )?;
        }
        Ok(())
    }

    fn write_event(
        &self,
        out: &mut impl Write,
        event: &Event,
        position: Position,
    ) -> io::Result<()> {
        write!(
            out,
            ",\n{{\"ph\":\"X\",\"cat\":\"{}\",\"pid\":{},\"tid\":{},\"ts\":{},\"dur\":{},\
             \"name\":{},\"args\":{{\"run\":{},\"task\":{},\"partition\":{},\"bytes\":{}}}}}",
            event.row.lane().name(),
            position.process,
            position.thread,
            Microseconds(event.start),
            Microseconds(event.length()),
            Quoted(self.name(event)),
            event.run,
            event.task,
            self.partition(event),
            event.bytes,
        )
    }
}

fn write_name(
    out: &mut impl Write,
    comma: &str,
    what: &str,
    position: Position,
    name: &str,
) -> io::Result<()> {
    let (Position { process, thread }, name) = (position, Quoted(name));
    write!(
        out,
        "{comma}\n{{\"ph\":\"M\",\"pid\":{process},\"tid\":{thread},\"name\":\"{what}\",\
         \"args\":{{\"name\":{name}}}}}",
    )
}

/// What takes time may overlap a worker's tasks, so it can't stand in the worker's row.
fn write_note(
    out: &mut impl Write,
    note: &Note,
    number: usize,
    position: Position,
) -> io::Result<()> {
    let mut write = |phase: &str, time: u64| {
        write!(
            out,
            ",\n{{{phase},\"cat\":\"{}\",\"pid\":{},\"tid\":{},\"ts\":{},\"name\":{},\
             \"args\":{{\"bytes\":{}}}}}",
            note.kind.name(),
            position.process,
            position.thread,
            Microseconds(time),
            Quoted(&note.text),
            note.bytes
        )
    };
    if note.start == note.end {
        let scope = if note.row.is_some() { "t" } else { "g" };
        return write(&format!("\"ph\":\"i\",\"s\":\"{scope}\""), note.start);
    }
    write(&format!("\"ph\":\"b\",\"id\":{number}"), note.start)?;
    write(&format!("\"ph\":\"e\",\"id\":{number}"), note.end)
}

/// Nanoseconds, written as the format's microseconds.
struct Microseconds(u64);

impl fmt::Display for Microseconds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{:03}", self.0 / 1000, self.0 % 1000)
    }
}

/// A text as a JSON string.
struct Quoted<'text>(&'text str);

impl fmt::Display for Quoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("\"")?;
        for character in self.0.chars() {
            match character {
                '"' => f.write_str("\\\"")?,
                '\\' => f.write_str("\\\\")?,
                control if control < ' ' => write!(f, "\\u{:04x}", control as u32)?,
                other => write!(f, "{other}")?,
            }
        }
        f.write_str("\"")
    }
}

#[cfg(test)]
mod tests {
    use super::{Microseconds, Quoted};

    #[test]
    fn names_with_quotes_and_control_characters_stay_valid_json() {
        assert_eq!(Quoted("a\"b\\c\n").to_string(), "\"a\\\"b\\\\c\\u000a\"");
    }

    #[test]
    fn times_keep_every_nanosecond() {
        assert_eq!(Microseconds(1_000_002).to_string(), "1000.002");
    }
}
