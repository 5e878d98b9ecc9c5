//! Every state set of a run, and no clock, thread or I/O.
//!
//! A task is waiting (for inputs), ready, running or finished. Tasks that read something go before
//! tasks that read nothing: the former free memory, the latter (*producers*: they load or make data)
//! fill it. Ready readers are a stack, so a finished task's reader runs next, while its input is
//! still in cache; producers start in the order of their ids, which is the plan's order.
//!
//! **Budget.** Results know their size. A running task reserves what tasks of its op have needed so
//! far on average, and no producer starts that would pass the budget while anything else runs,
//! because what runs may free memory. When nothing else runs, one producer starts all the same: a
//! run always ends.
//!
//! Root tasks made ahead of their consumers are the first cause of memory failures
//! in Dask (dask/distributed#2602), hence a rule in the state machine and not a hope.
//!
//! **Spill.** Values that can be written to disk are offered ([`State::offer`]). While one is there to
//! be had, a task that would pass the budget waits, and [`State::spill`] names the value that is needed
//! last. A task that reads what is on disk reserves room for it too.
//!
//! **Places.** The tasks of an op run where its [`Placement`] says. Each place has its own stack of
//! readers and its own producers, so that a lane asks for what it can run. While the workers are not
//! ready for what has moved to them, threads of the interpreter with nothing else to do stand in.

use crate::{Place, Placement, Time};
use graph::{Graph, Op, TaskId};
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

/// What has happened so far, and what may happen next.
#[derive(Debug)]
pub struct State {
    inputs_left: Vec<u32>,
    readers_left: Vec<u32>,
    // The readers of task i: readers[readers_start[i]..readers_start[i + 1]].
    readers: Vec<TaskId>,
    readers_start: Vec<u32>,
    places: [Ready; Place::COUNT],
    // All tasks that read nothing, the groups one after the other.
    producers: Vec<TaskId>,
    running: usize,
    unfinished: usize,
    stopping: bool,
    sizes: Vec<u64>,
    group: Vec<u32>,
    groups: Vec<Group>,
    budget: u64,
    memory: u64,
    peak: u64,
    stages: Vec<Stage>,
    // What tasks read: how many values, and how many bytes as far as they have finished.
    reads: Vec<(u32, u64)>,
    spills: bool,
    // Values in memory that could be written to disk, by their next readers when that was last looked at. Readers
    // only go on, so the last of them is about the one that is needed last.
    offered: BTreeSet<(TaskId, TaskId)>,
    // The next readers of those.
    next_readers: HashMap<TaskId, TaskId>,
    // Values on their way to disk.
    leaving: HashMap<TaskId, u64>,
    // What tasks must read from disk first.
    to_load: HashMap<TaskId, u64>,
}

/// How far a task is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    Waiting,
    Started,
    Finished,
}

/// What may start at one place.
#[derive(Debug, Default)]
struct Ready {
    readers: Vec<TaskId>,
    // The groups that have producers left, each by its next one.
    producers: BTreeSet<(TaskId, u32)>,
    producers_left: usize,
}

/// The tasks of one op, whose results are taken to be of similar size and to take similar times.
#[derive(Clone, Copy, Debug)]
struct Group {
    finished: u64,
    unfinished: u64,
    bytes: u64,
    placement: Placement,
    // The group's producers that have not started: a range of `State::producers`.
    next_producer: u32,
    end_producer: u32,
}

impl Ready {
    fn next(&self) -> Option<TaskId> {
        self.readers.last().copied().or_else(|| self.producers.first().map(|(id, _)| *id))
    }

    fn add_producers(&mut self, index: u32, group: &Group, producers: &[TaskId]) {
        if group.next_producer < group.end_producer {
            self.producers.insert((producers[group.next_producer as usize], index));
            self.producers_left += (group.end_producer - group.next_producer) as usize;
        }
    }
}

impl Group {
    fn new(placement: Placement) -> Self {
        Self { finished: 0, unfinished: 0, bytes: 0, placement, next_producer: 0, end_producer: 0 }
    }

    fn expected(self) -> u64 {
        self.bytes.checked_div(self.finished).unwrap_or(0)
    }
}

impl State {
    /// The state before the first task, all of them run by threads: `budget` in bytes, `u64::MAX` for
    /// none.
    pub fn new(graph: &Graph, outputs: &[TaskId], budget: u64) -> Self {
        Self::placed(graph, outputs, budget, |_| Placement::fixed(Place::Thread))
    }

    /// The state before the first task, with a place for each op.
    pub fn placed(
        graph: &Graph,
        outputs: &[TaskId],
        budget: u64,
        mut place: impl FnMut(&dyn Op) -> Placement,
    ) -> Self {
        let counts = graph.readers();
        let mut readers_start = Vec::with_capacity(graph.len() + 1);
        let mut total = 0;
        for count in &counts {
            readers_start.push(total);
            total += count;
        }
        readers_start.push(total);
        let mut readers = vec![TaskId(0); total as usize];
        let mut next = readers_start.clone();
        let mut inputs_left = Vec::with_capacity(graph.len());
        let reads = graph.ids().map(|id| (graph.inputs(id).len() as u32, 0)).collect();
        let mut producers = Vec::new();
        let mut ops = HashMap::new();
        let mut groups = Vec::new();
        let mut group = Vec::with_capacity(graph.len());
        // A layer's tasks stand together: one look-up for all of them.
        let mut layer = (std::ptr::null(), 0);
        for id in graph.ids() {
            let task = graph.task(id);
            for input in task.inputs {
                readers[next[input.index()] as usize] = id;
                next[input.index()] += 1;
            }
            inputs_left.push(task.inputs.len() as u32);
            let op = Arc::as_ptr(task.op).cast::<()>();
            if op != layer.0 {
                let count = groups.len() as u32;
                layer = (op, *ops.entry(op).or_insert(count));
                if layer.1 == count {
                    groups.push(Group::new(place(task.op.as_ref())));
                }
            }
            group.push(layer.1);
            groups[layer.1 as usize].unfinished += 1;
            if task.inputs.is_empty() {
                producers.push(id);
                groups[layer.1 as usize].end_producer += 1;
            }
        }
        // Stable: a group's producers stay in the order of their ids.
        producers.sort_by_key(|id| group[id.index()]);
        let mut places: [Ready; Place::COUNT] = Default::default();
        let mut end = 0;
        for (index, group) in groups.iter_mut().enumerate() {
            group.next_producer = end;
            group.end_producer += end;
            end = group.end_producer;
            places[group.placement.place().index()].add_producers(index as u32, group, &producers);
        }
        let mut readers_left = counts;
        for output in outputs {
            // The caller is a reader that never finishes.
            readers_left[output.index()] += 1;
        }
        Self {
            inputs_left,
            readers_left,
            readers,
            readers_start,
            places,
            producers,
            running: 0,
            unfinished: graph.len(),
            stopping: false,
            sizes: vec![0; graph.len()],
            group,
            groups,
            budget,
            memory: 0,
            peak: 0,
            stages: vec![Stage::Waiting; graph.len()],
            reads,
            spills: false,
            offered: BTreeSet::new(),
            next_readers: HashMap::new(),
            leaving: HashMap::new(),
            to_load: HashMap::new(),
        }
    }

    /// The task to start now at `place`, if one may start; it is then running.
    ///
    /// Nothing means: wait for a running task, or, when [`State::is_over`], stop.
    pub fn start(&mut self, place: Place) -> Option<TaskId> {
        if self.stopping {
            return None;
        }
        let id = self.next(place).filter(|id| self.fits(*id))?;
        let source = self.source(place);
        let ready = &mut self.places[source.index()];
        if ready.readers.pop().is_none()
            && let Some((_, index)) = ready.producers.pop_first()
        {
            ready.producers_left -= 1;
            let group = &mut self.groups[index as usize];
            group.next_producer += 1;
            if group.next_producer < group.end_producer {
                let next = self.producers[group.next_producer as usize];
                ready.producers.insert((next, index));
            }
        }
        self.running += 1;
        self.stages[id.index()] = Stage::Started;
        self.sizes[id.index()] = self.need(id);
        self.hold(self.sizes[id.index()]);
        Some(id)
    }

    /// Where the tasks of `id`'s op run, and what is known about them.
    pub fn placement(&self, id: TaskId) -> &Placement {
        &self.groups[self.group[id.index()] as usize].placement
    }

    /// The next task that [`State::start`] would start at `place`, the budget aside.
    pub fn next(&self, place: Place) -> Option<TaskId> {
        self.places[self.source(place).index()].next()
    }

    /// Whose tasks are started at `place`.
    fn source(&self, place: Place) -> Place {
        let ready = |place: Place| self.places[place.index()].next();
        let is_settling = |id| self.placement(id).is_settling();
        match place {
            Place::Interpreter
                if ready(place).is_none() && ready(Place::Worker).is_some_and(is_settling) =>
            {
                Place::Worker
            }
            place => place,
        }
    }

    /// Task `id`, which was started, took so long, and workers would be ready after `start`
    /// nanoseconds; returns whether its op's tasks have moved.
    pub fn learn(&mut self, id: TaskId, time: Time, bytes: u64, start: u64) -> bool {
        let index = self.group[id.index()];
        let group = &mut self.groups[index as usize];
        let before = group.placement.place();
        let has_moved = group.placement.learn(time, bytes, start / group.unfinished.max(1));
        if has_moved {
            self.move_group(index, before);
        }
        has_moved
    }

    /// The tasks of `id`'s op can't travel: from now on they run in place.
    pub fn keep_here(&mut self, id: TaskId) {
        let index = self.group[id.index()];
        let placement = &mut self.groups[index as usize].placement;
        let before = placement.place();
        placement.keep_here();
        if before != placement.place() {
            self.move_group(index, before);
        }
    }

    fn move_group(&mut self, index: u32, from: Place) {
        let group = &self.groups[index as usize];
        let to = group.placement.place();
        let old = &mut self.places[from.index()];
        let (moved, stay): (Vec<_>, Vec<_>) =
            old.readers.iter().partition(|id| self.group[id.index()] == index);
        old.readers = stay;
        if group.next_producer < group.end_producer {
            old.producers.remove(&(self.producers[group.next_producer as usize], index));
            old.producers_left -= (group.end_producer - group.next_producer) as usize;
        }
        let new = &mut self.places[to.index()];
        new.readers.extend(moved);
        new.add_producers(index, group, &self.producers);
    }

    /// Task `id` has finished with a result of `bytes`; calls `free` for each value that nobody
    /// needs any more.
    pub fn finish(&mut self, id: TaskId, bytes: u64, graph: &Graph, mut free: impl FnMut(TaskId)) {
        self.running -= 1;
        self.unfinished -= 1;
        self.stages[id.index()] = Stage::Finished;
        self.to_load.remove(&id);
        let group = &mut self.groups[self.group[id.index()] as usize];
        group.finished += 1;
        group.unfinished -= 1;
        group.bytes += bytes;
        // What was reserved becomes what it is.
        self.memory -= std::mem::replace(&mut self.sizes[id.index()], bytes);
        self.hold(bytes);
        let range = self.readers_start[id.index()]..self.readers_start[id.index() + 1];
        for index in range.rev() {
            let reader = self.readers[index as usize];
            self.reads[reader.index()].1 += bytes;
            let left = &mut self.inputs_left[reader.index()];
            *left -= 1;
            if *left == 0 {
                let group = &self.groups[self.group[reader.index()] as usize];
                self.places[group.placement.place().index()].readers.push(reader);
            }
        }
        for input in graph.inputs(id) {
            self.readers_left[input.index()] -= 1;
            self.free_if_unread(*input, &mut free);
        }
        self.free_if_unread(id, &mut free);
    }

    /// Task `id`, which was started, has not finished and never will: it failed, or was dropped.
    pub fn abandon(&mut self, id: TaskId) {
        self.running -= 1;
        self.memory -= std::mem::take(&mut self.sizes[id.index()]);
        self.stopping = true;
    }

    /// Starts nothing more.
    pub fn stop(&mut self) {
        self.stopping = true;
    }

    /// Whether nothing runs and nothing will.
    pub fn is_over(&self) -> bool {
        self.running == 0 && (self.stopping || self.unfinished == 0)
    }

    /// Whether every task has started, or never will.
    pub fn is_all_started(&self) -> bool {
        self.stopping || self.unfinished == self.running
    }

    /// Whether every task has finished.
    pub fn is_complete(&self) -> bool {
        self.unfinished == 0
    }

    /// About how many tasks could start now at `place`, and none only if [`State::start`] has none:
    /// workers that the budget leaves without a task need not be woken for it.
    pub fn startable(&self, place: Place) -> usize {
        if self.stopping {
            return 0;
        }
        let ready = &self.places[self.source(place).index()];
        if ready.readers.last().is_some_and(|reader| !self.fits(*reader)) {
            return 0;
        }
        let producers = match ready.producers.first() {
            Some(&(next, _)) if self.fits(next) => {
                let room = self.budget.saturating_sub(self.memory);
                let room = room.checked_div(self.need(next)).unwrap_or(u64::MAX);
                ready.producers_left.min(usize::try_from(room).unwrap_or(usize::MAX).max(1))
            }
            _ => 0,
        };
        ready.readers.len() + producers
    }

    /// Values may go to disk from now on: no task starts that would pass the budget while one could.
    pub fn allow_spill(&mut self) {
        self.spills = true;
    }

    /// The value of task `id`, which has finished, could be written to disk.
    pub fn offer(&mut self, id: TaskId) {
        // What is tiny beside the budget does not help.
        if self.sizes[id.index()] > self.budget >> 16 {
            let next = self.next_reader(id);
            self.offered.insert((next, id));
            self.next_readers.insert(id, next);
        }
    }

    fn withdraw(&mut self, id: TaskId) {
        if let Some(next) = self.next_readers.remove(&id) {
            self.offered.remove(&(next, id));
        }
    }

    /// The first reader of a value that has not been started, or one behind all.
    fn next_reader(&self, id: TaskId) -> TaskId {
        let mut readers = self.readers_of(id).iter();
        let next = readers.find(|reader| self.stage(**reader) == Stage::Waiting);
        next.copied().unwrap_or(TaskId(u32::MAX))
    }

    /// How many bytes should go to disk, so that the next tasks can start.
    pub fn excess(&self) -> u64 {
        if self.stopping || self.offered.is_empty() {
            return 0;
        }
        let lacking = self.places.iter().filter_map(|ready| {
            let next = ready.next()?;
            let lacks = || (self.memory + self.need(next)).saturating_sub(self.budget);
            (!self.fits(next)).then(lacks)
        });
        lacking.max().unwrap_or(0).saturating_sub(self.leaving.values().sum())
    }

    /// The value that should go to disk now: of those that no running task reads, the one whose next
    /// reader comes last. It is then on its way.
    pub fn spill(&mut self) -> Option<TaskId> {
        if self.excess() == 0 {
            return None;
        }
        let is_read = |id: TaskId| {
            self.readers_of(id).iter().any(|reader| self.stage(*reader) == Stage::Started)
        };
        let (_, id) = *self.offered.iter().rev().find(|(_, id)| !is_read(*id))?;
        self.withdraw(id);
        self.leaving.insert(id, self.sizes[id.index()]);
        Some(id)
    }

    /// The value of task `id` could not be written, and stays.
    pub fn stays(&mut self, id: TaskId) {
        self.leaving.remove(&id);
    }

    /// The value of task `id` is on disk, and no longer in memory.
    pub fn spilled(&mut self, id: TaskId) {
        let Some(bytes) = self.leaving.remove(&id) else { return };
        if self.readers_left[id.index()] == 0 {
            return;
        }
        self.memory -= std::mem::take(&mut self.sizes[id.index()]);
        let range = self.readers_start[id.index()]..self.readers_start[id.index() + 1];
        for index in range {
            let reader = self.readers[index as usize];
            if self.stage(reader) == Stage::Waiting {
                *self.to_load.entry(reader).or_default() += bytes;
            }
        }
    }

    fn readers_of(&self, id: TaskId) -> &[TaskId] {
        let (start, end) = (self.readers_start[id.index()], self.readers_start[id.index() + 1]);
        &self.readers[start as usize..end as usize]
    }

    fn stage(&self, id: TaskId) -> Stage {
        self.stages[id.index()]
    }

    /// Whether the task that starts now is the only one left that reads `input`.
    pub fn is_last_reader(&self, input: TaskId) -> bool {
        self.readers_left[input.index()] == 1
    }

    /// Whether a task of this one's op has finished, so that the size of its result can be expected.
    pub fn is_foreseen(&self, id: TaskId) -> bool {
        self.groups[self.group[id.index()] as usize].finished > 0
    }

    /// Tasks not finished yet.
    pub fn unfinished(&self) -> usize {
        self.unfinished
    }

    /// Bytes that the result of task `id` holds, or that are reserved for it.
    pub fn size(&self, id: TaskId) -> u64 {
        self.sizes[id.index()]
    }

    /// Bytes held by results now, and reserved for running tasks.
    pub fn memory(&self) -> u64 {
        self.memory
    }

    /// The largest [`State::memory`] so far.
    pub fn peak(&self) -> u64 {
        self.peak
    }

    /// Whether the budget lets task `id` start now.
    fn fits(&self, id: TaskId) -> bool {
        let need = self.need(id);
        if self.memory + need <= self.budget {
            return true;
        }
        // The last resort, so that a run always ends.
        let is_alone = self.running == 0 && self.offered.is_empty() && self.leaving.is_empty();
        // Readers make room when they have run; where nothing else does, they go on.
        is_alone || (self.reads[id.index()].0 > 0 && (!self.spills || need <= self.budget >> 6))
    }

    /// What task `id` is expected to take while it runs: its result, twice if that is written into
    /// shared memory by another process, and what it must read from disk first.
    ///
    /// The first task of an op is expected to make as much as what it reads is on average.
    fn need(&self, id: TaskId) -> u64 {
        let group = &self.groups[self.group[id.index()] as usize];
        let copies = if group.placement.place() == Place::Worker { 2 } else { 1 };
        let to_load = match self.to_load.is_empty() {
            true => 0,
            false => self.to_load.get(&id).copied().unwrap_or(0),
        };
        let (count, bytes) = self.reads[id.index()];
        let average = || bytes.checked_div(u64::from(count)).unwrap_or(0);
        let result = if group.finished > 0 || !self.spills { group.expected() } else { average() };
        copies * (result + to_load)
    }

    fn hold(&mut self, bytes: u64) {
        self.memory += bytes;
        self.peak = self.peak.max(self.memory);
    }

    fn free_if_unread(&mut self, id: TaskId, free: &mut impl FnMut(TaskId)) {
        if self.readers_left[id.index()] == 0 {
            self.memory -= std::mem::take(&mut self.sizes[id.index()]);
            self.withdraw(id);
            free(id);
        }
    }
}
