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
//! **Places.** The tasks of an op run where its [`Placement`] says. Each place has its own stack of
//! readers and its own producers, so that a lane asks for what it can run.

use crate::{Place, Placement};
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
    bytes: u64,
    placement: Placement,
    // The group's producers that have not started: a range of `State::producers`.
    next_producer: u32,
    end_producer: u32,
}

impl Ready {
    fn add_producers(&mut self, index: u32, group: &Group, producers: &[TaskId]) {
        if group.next_producer < group.end_producer {
            self.producers.insert((producers[group.next_producer as usize], index));
            self.producers_left += (group.end_producer - group.next_producer) as usize;
        }
    }
}

impl Group {
    fn new(placement: Placement) -> Self {
        Self { finished: 0, bytes: 0, placement, next_producer: 0, end_producer: 0 }
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
        }
    }

    /// The task to start now at `place`, if one may start; it is then running.
    ///
    /// Nothing means: wait for a running task, or, when [`State::is_over`], stop.
    pub fn start(&mut self, place: Place) -> Option<TaskId> {
        if self.stopping {
            return None;
        }
        let ready = &mut self.places[place.index()];
        let id = match ready.readers.pop() {
            Some(id) => id,
            None => {
                let &(id, index) = ready.producers.first()?;
                if !self.fits(id) {
                    return None;
                }
                let ready = &mut self.places[place.index()];
                ready.producers.pop_first();
                ready.producers_left -= 1;
                let group = &mut self.groups[index as usize];
                group.next_producer += 1;
                if group.next_producer < group.end_producer {
                    let next = self.producers[group.next_producer as usize];
                    ready.producers.insert((next, index));
                }
                id
            }
        };
        self.running += 1;
        self.sizes[id.index()] = self.expected(id);
        self.hold(self.sizes[id.index()]);
        Some(id)
    }

    /// Where the tasks of `id`'s op run, and what is known about them.
    pub fn placement(&self, id: TaskId) -> &Placement {
        &self.groups[self.group[id.index()] as usize].placement
    }

    /// The next task that [`State::start`] would start at `place`, the budget aside.
    pub fn next(&self, place: Place) -> Option<TaskId> {
        let ready = &self.places[place.index()];
        ready.readers.last().copied().or_else(|| ready.producers.first().map(|(id, _)| *id))
    }

    /// Task `id`, which was started, took so long; returns whether its op's tasks have moved.
    pub fn learn(&mut self, id: TaskId, nanoseconds: u64, bytes: u64) -> bool {
        let index = self.group[id.index()];
        let placement = &mut self.groups[index as usize].placement;
        let before = placement.place();
        let has_moved = placement.learn(nanoseconds, bytes);
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
        let group = &mut self.groups[self.group[id.index()] as usize];
        group.finished += 1;
        group.bytes += bytes;
        // What was reserved becomes what it is.
        self.memory -= std::mem::replace(&mut self.sizes[id.index()], bytes);
        self.hold(bytes);
        let range = self.readers_start[id.index()]..self.readers_start[id.index() + 1];
        for index in range.rev() {
            let reader = self.readers[index as usize];
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
        let ready = &self.places[place.index()];
        let producers = match ready.producers.first() {
            Some(&(next, _)) if self.fits(next) => {
                let room = self.budget.saturating_sub(self.memory);
                let room = room.checked_div(self.expected(next)).unwrap_or(u64::MAX);
                ready.producers_left.min(usize::try_from(room).unwrap_or(usize::MAX).max(1))
            }
            _ => 0,
        };
        ready.readers.len() + producers
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

    /// Whether the budget lets producer `id` start now.
    fn fits(&self, id: TaskId) -> bool {
        self.running == 0 || self.memory + self.expected(id) <= self.budget
    }

    fn expected(&self, id: TaskId) -> u64 {
        self.groups[self.group[id.index()] as usize].expected()
    }

    fn hold(&mut self, bytes: u64) {
        self.memory += bytes;
        self.peak = self.peak.max(self.memory);
    }

    fn free_if_unread(&mut self, id: TaskId, free: &mut impl FnMut(TaskId)) {
        if self.readers_left[id.index()] == 0 {
            self.memory -= std::mem::take(&mut self.sizes[id.index()]);
            free(id);
        }
    }
}
