//! What was recorded between two moments, put in order.

use crate::collector::Run;
use crate::{Event, Note, Outline};
use std::collections::HashMap;
use std::ops::Range;

/// The runs that started between two moments, and what had happened in them by the second.
///
/// Times are nanoseconds since the first.
#[derive(Clone, Debug, Default)]
pub struct Trace {
    pub(crate) runs: Vec<Run>,
    events: Vec<Event>,
    notes: Vec<Note>,
    length: u64,
}

impl Trace {
    pub(crate) fn new(
        window: Range<u64>,
        all: Vec<Run>,
        mut events: Vec<Event>,
        mut notes: Vec<Note>,
    ) -> Self {
        let shift = |time: u64| time - window.start;
        let mut runs = Vec::new();
        let mut numbers = HashMap::new();
        for (number, mut run) in all.into_iter().enumerate() {
            if !window.contains(&run.start) {
                continue;
            }
            numbers.insert(number as u32, runs.len() as u32);
            run.within = run.within.and_then(|(outer, task)| Some((*numbers.get(&outer)?, task)));
            run.start = shift(run.start);
            run.end = run.end.filter(|end| *end <= window.end).map(shift);
            runs.push(run);
        }
        events.retain_mut(|event| {
            let Some(run) = numbers.get(&event.run) else { return false };
            event.run = *run;
            (event.start, event.end) = (shift(event.start), shift(event.end));
            true
        });
        events.sort_unstable_by_key(|event| (event.start, event.run, event.task));
        notes.retain_mut(|note| {
            let is_inside = note.start >= window.start && note.end <= window.end;
            if is_inside {
                (note.start, note.end) = (shift(note.start), shift(note.end));
            }
            is_inside
        });
        notes.sort_by_key(|note| note.start);
        Self { runs, events, notes, length: shift(window.end) }
    }

    /// The tasks that have run, by start.
    pub fn events(&self) -> &[Event] {
        &self.events
    }

    /// What else has happened, by start.
    pub fn notes(&self) -> &[Note] {
        &self.notes
    }

    /// How many runs have started.
    pub fn runs(&self) -> usize {
        self.runs.len()
    }

    /// Nanoseconds from the first moment to the second.
    pub fn length(&self) -> u64 {
        self.length
    }

    /// The tasks of a run.
    pub fn outline(&self, run: u32) -> &Outline {
        &self.runs[run as usize].outline
    }

    /// The op of an event's task.
    pub fn name(&self, event: &Event) -> &str {
        self.outline(event.run).name(event.task)
    }

    /// The partition of an event's task.
    pub fn partition(&self, event: &Event) -> u32 {
        self.outline(event.run).partition(event.task)
    }
}
