//! Where the time went: by lane, by op, and in what is no task.
//!
//! A task that runs a graph of its own has tasks within it, on the same worker. Each counts only the
//! time that none of its own takes, so that the ops' times add up to the workers'.

use crate::{Event, Lane, NoteKind, Trace};
use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};

/// A trace in figures; times are nanoseconds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// The lanes that anything ran on.
    pub lanes: Vec<LaneTime>,
    /// Each op on each lane, most time first.
    pub ops: Vec<OpTime>,
    /// The kinds of notes that there are.
    pub notes: Vec<NoteTime>,
}

/// What one lane's workers did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LaneTime {
    /// The lane.
    pub lane: Lane,
    /// How many workers it had.
    pub workers: usize,
    /// Tasks that they ran.
    pub tasks: usize,
    /// Time in tasks, summed over the workers.
    pub busy: u64,
    /// Time without a task while a run went on that they could have worked for.
    pub idle: u64,
}

/// What one op took on one lane.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpTime {
    /// The op's name.
    pub name: String,
    /// Where its tasks ran.
    pub lane: Lane,
    /// How many they are.
    pub tasks: usize,
    /// Their time, without that of tasks within them.
    pub time: u64,
    /// The longest task's whole time.
    pub longest: u64,
    /// Bytes of their results.
    pub bytes: u64,
}

/// All notes of a kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoteTime {
    /// Which kind.
    pub kind: NoteKind,
    /// How many.
    pub count: usize,
    /// What they took.
    pub time: u64,
    /// What they moved.
    pub bytes: u64,
}

impl Trace {
    /// Where the time went.
    pub fn summary(&self) -> Summary {
        let own = self.own_times();
        Summary { lanes: self.lanes(&own), ops: self.ops(&own), notes: self.note_times() }
    }

    /// For each event, its time without that of events within it.
    fn own_times(&self) -> Vec<u64> {
        let mut order: Vec<usize> = (0..self.events().len()).collect();
        order.sort_unstable_by_key(|index| {
            let Event { row, start, end, run, .. } = self.events()[*index];
            (row, start, Reverse(end), run)
        });
        let mut own: Vec<u64> = self.events().iter().map(Event::length).collect();
        // Those of the same worker that are not over yet, each within the one before it.
        let mut open: Vec<usize> = Vec::new();
        for index in order {
            let event = self.events()[index];
            let encloses = |outer: usize| {
                let outer = self.events()[outer];
                outer.row == event.row && outer.end >= event.end
            };
            while open.pop_if(|outer| !encloses(*outer)).is_some() {}
            if let Some(outer) = open.last() {
                own[*outer] = own[*outer].saturating_sub(event.length());
            }
            open.push(index);
        }
        own
    }

    fn lanes(&self, own: &[u64]) -> Vec<LaneTime> {
        let mut lanes: BTreeMap<Lane, LaneTime> = BTreeMap::new();
        let new = |&lane: &Lane| LaneTime { lane, workers: 0, tasks: 0, busy: 0, idle: 0 };
        let mut crews: BTreeMap<(Lane, u32), Vec<Span>> = BTreeMap::new();
        for run in &self.runs {
            let (start, end) = (run.start, run.end.unwrap_or(self.length()));
            for crew in &run.crews {
                let spans = crews.entry((crew.lane, crew.number)).or_default();
                spans.push(Span { start, end, workers: u64::from(crew.workers) });
            }
        }
        for ((lane, _), spans) in crews {
            let lane = lanes.entry(lane).or_insert_with_key(new);
            lane.workers += spans.iter().map(|span| span.workers as usize).max().unwrap_or(0);
            lane.idle += available(&spans);
        }
        for (event, own) in self.events().iter().zip(own) {
            let lane = lanes.entry(event.row.lane()).or_insert_with_key(new);
            lane.tasks += 1;
            lane.busy += own;
            // Until here the time that there was.
            lane.idle = lane.idle.saturating_sub(*own);
        }
        // A run of the mixed lane need not have anything for one of them.
        lanes.into_values().filter(|lane| lane.tasks > 0).collect()
    }

    fn ops(&self, own: &[u64]) -> Vec<OpTime> {
        let mut ops: HashMap<(&str, Lane), OpTime> = HashMap::new();
        for (event, own) in self.events().iter().zip(own) {
            let (name, lane) = (self.name(event), event.row.lane());
            let op = ops.entry((name, lane)).or_insert_with(|| OpTime {
                name: name.to_owned(),
                lane,
                tasks: 0,
                time: 0,
                longest: 0,
                bytes: 0,
            });
            op.tasks += 1;
            op.time += own;
            op.longest = op.longest.max(event.length());
            op.bytes += event.bytes;
        }
        let mut ops: Vec<_> = ops.into_values().collect();
        ops.sort_by(|one, other| {
            let key = |op: &OpTime| (Reverse(op.time), op.lane);
            key(one).cmp(&key(other)).then_with(|| one.name.cmp(&other.name))
        });
        ops
    }

    fn note_times(&self) -> Vec<NoteTime> {
        let of_kind = |kind| {
            let mut total = NoteTime { kind, count: 0, time: 0, bytes: 0 };
            for note in self.notes().iter().filter(|note| note.kind == kind) {
                total.count += 1;
                total.time += note.end - note.start;
                total.bytes += note.bytes;
            }
            (total.count > 0).then_some(total)
        };
        NoteKind::ALL.into_iter().filter_map(of_kind).collect()
    }
}

/// A run's time, and its workers.
#[derive(Clone, Copy)]
struct Span {
    start: u64,
    end: u64,
    workers: u64,
}

/// Time × workers of the spans of one crew, by start; where they overlap, the workers are the same.
fn available(spans: &[Span]) -> u64 {
    let mut joined: Vec<Span> = Vec::new();
    for span in spans {
        match joined.last_mut() {
            Some(last) if span.start <= last.end => {
                last.end = last.end.max(span.end);
                last.workers = last.workers.max(span.workers);
            }
            _ => joined.push(*span),
        }
    }
    joined.iter().map(|span| (span.end - span.start) * span.workers).sum()
}

#[cfg(test)]
mod tests {
    use super::{LaneTime, NoteTime, OpTime};
    use crate::collector::Run;
    use crate::{Crew, Event, Lane, Note, NoteKind, Outline, Row, Trace};
    use std::sync::Arc;

    fn run(names: &[&str], crews: &[Crew], start: u64, end: Option<u64>) -> Run {
        let mut outline = Outline::default();
        for name in names {
            let op = outline.op((*name).into());
            outline.task(op, 0, []);
        }
        let (outline, crews) = (Arc::new(outline), crews.to_vec());
        Run { outline, crews, caller: 0, within: None, start, end }
    }

    const THREADS: Crew = Crew { lane: Lane::Threads, number: 0, workers: 2 };

    fn event(run: u32, task: u32, row: Row, start: u64, end: u64) -> Event {
        Event { run, task, row, start, end, bytes: 1 }
    }

    fn lane(lane: Lane, workers: usize, tasks: usize, busy: u64, idle: u64) -> LaneTime {
        LaneTime { lane, workers, tasks, busy, idle }
    }

    #[test]
    fn idle_is_what_the_workers_of_the_runs_did_not_use() {
        let process = |index| Row::Process { pool: 3, index, pid: 100 + index };
        let pool = Crew { lane: Lane::Processes, number: 3, workers: 4 };
        // Two runs on the same two threads overlap; one on processes goes on at the end.
        let runs = vec![
            run(&["load", "sum"], &[THREADS], 0, Some(50)),
            run(&["sum"], &[THREADS], 40, Some(60)),
            run(&["call"], &[pool], 80, None),
        ];
        let events = vec![
            event(0, 0, Row::Thread(0), 0, 30),
            event(0, 1, Row::Thread(0), 30, 50),
            event(1, 0, Row::Thread(1), 45, 60),
            event(2, 0, process(1), 80, 90),
        ];
        let summary = Trace::new(0..100, runs, events, Vec::new()).summary();
        assert_eq!(
            summary.lanes,
            [lane(Lane::Threads, 2, 3, 65, 120 - 65), lane(Lane::Processes, 4, 1, 10, 80 - 10)]
        );
        let op = |name: &str, lane, tasks, time, longest| OpTime {
            name: name.into(),
            lane,
            tasks,
            time,
            longest,
            bytes: tasks as u64,
        };
        assert_eq!(
            summary.ops,
            [
                op("sum", Lane::Threads, 2, 35, 20),
                op("load", Lane::Threads, 1, 30, 30),
                op("call", Lane::Processes, 1, 10, 10)
            ]
        );
    }

    #[test]
    fn time_within_a_task_counts_once() {
        let mut inner = run(&["inner", "inner"], &[], 10, Some(40));
        inner.within = Some((0, 0));
        let runs = vec![run(&["outer"], &[THREADS], 0, Some(50)), inner];
        let events = vec![
            event(0, 0, Row::Thread(1), 0, 50),
            event(1, 0, Row::Thread(1), 10, 20),
            event(1, 1, Row::Thread(1), 20, 40),
        ];
        let summary = Trace::new(0..50, runs, events, Vec::new()).summary();
        assert_eq!(summary.lanes, [lane(Lane::Threads, 2, 3, 50, 50)]);
        let times: Vec<_> = summary.ops.iter().map(|op| (&*op.name, op.time, op.longest)).collect();
        assert_eq!(times, [("inner", 30, 20), ("outer", 20, 50)]);
    }

    #[test]
    fn notes_are_summed_by_kind() {
        let note = |kind, start, end, bytes| Note {
            kind,
            row: None,
            start,
            end,
            bytes,
            text: String::new(),
        };
        let notes = vec![
            note(NoteKind::Copy, 5, 9, 100),
            note(NoteKind::Spill, 0, 3, 7),
            note(NoteKind::Copy, 10, 11, 20),
            note(NoteKind::Copy, 10, 101, 1), // not over yet
        ];
        let summary = Trace::new(0..100, Vec::new(), Vec::new(), notes).summary();
        assert_eq!(
            summary.notes,
            [
                NoteTime { kind: NoteKind::Spill, count: 1, time: 3, bytes: 7 },
                NoteTime { kind: NoteKind::Copy, count: 2, time: 5, bytes: 120 },
            ]
        );
    }
}
