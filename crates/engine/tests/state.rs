//! The state machine, replayed: no thread, no clock, and every interleaving that chance finds.

use engine::{Place, Placement, State, Time};
use graph::{Context, Graph, Op, OpError, TaskId, Value, value};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

const MEGABYTE: u64 = 1_000_000;
const PRODUCER: &[u32] = &[];

/// Stands in a graph and is never run.
struct Idle;

impl Op for Idle {
    fn name(&self) -> String {
        "idle".into()
    }

    fn run(&self, _: Vec<Value>, _: &Context<'_>) -> Result<Value, OpError> {
        Ok(value(()))
    }
}

fn ops(count: usize) -> Vec<Arc<dyn Op>> {
    (0..count).map(|_| Arc::new(Idle) as Arc<dyn Op>).collect()
}

/// A graph of one op; each task names its inputs.
fn graph_of(tasks: &[&[u32]]) -> Graph {
    let idle = &ops(1)[0];
    let mut graph = Graph::new();
    for inputs in tasks {
        let inputs: Vec<_> = inputs.iter().map(|input| TaskId(*input)).collect();
        graph.add(idle, 0, &inputs).expect("inputs come first");
    }
    graph
}

/// Finishes `id` and returns what was freed.
fn finish(state: &mut State, id: u32, bytes: u64, graph: &Graph) -> Vec<u32> {
    let mut freed = Vec::new();
    state.finish(TaskId(id), bytes, graph, |id| freed.push(id.0));
    freed
}

fn start(state: &mut State) -> Option<u32> {
    state.start(Place::Thread).map(|id| id.0)
}

// What must hold for any graph.

/// A run of any shape, and who finishes when.
#[derive(Clone, Debug)]
struct Scenario {
    /// Each task's inputs (modulo its own place), op and size.
    tasks: Vec<(Vec<u32>, usize, u64)>,
    outputs: Vec<u32>,
    budget: u64,
    /// How many tasks run at one time.
    workers: usize,
    /// What happens next: consumed one by one, and again from the start.
    chances: Vec<u32>,
}

const OPS: usize = 3;

fn scenarios() -> impl Strategy<Value = Scenario> {
    let task = (prop::collection::vec(0u32..1000, 0..4), 0..OPS, 0u64..100);
    let budget = prop_oneof![Just(u64::MAX), 1u64..50, 50u64..1000];
    (
        prop::collection::vec(task, 0..60),
        prop::collection::vec(0u32..1000, 0..5),
        budget,
        1usize..6,
        prop::collection::vec(any::<u32>(), 1..100),
    )
        .prop_map(|(tasks, outputs, budget, workers, chances)| Scenario {
            tasks,
            outputs,
            budget,
            workers,
            chances,
        })
}

impl Scenario {
    fn graph(&self) -> Graph {
        let ops = ops(OPS);
        let mut graph = Graph::new();
        for (index, (inputs, op, _)) in self.tasks.iter().enumerate() {
            let inputs = inputs.iter().filter(|_| index > 0);
            let inputs: Vec<_> = inputs.map(|input| TaskId(input % index as u32)).collect();
            graph.add(&ops[*op], 0, &inputs).expect("inputs come first");
        }
        graph
    }

    fn outputs(&self) -> Vec<TaskId> {
        let tasks = self.tasks.len() as u32;
        self.outputs.iter().filter(|_| tasks > 0).map(|wanted| TaskId(wanted % tasks)).collect()
    }
}

/// The state machine beside a plain account of what it has done.
struct Replay<'scenario> {
    scenario: &'scenario Scenario,
    graph: Graph,
    outputs: Vec<TaskId>,
    state: State,
    started: BTreeSet<TaskId>,
    /// With what each reserves.
    running: BTreeMap<TaskId, u64>,
    finished: BTreeSet<TaskId>,
    freed: BTreeSet<TaskId>,
    peak: u64,
    next_chance: usize,
}

impl<'scenario> Replay<'scenario> {
    fn new(scenario: &'scenario Scenario) -> Self {
        let (graph, outputs) = (scenario.graph(), scenario.outputs());
        let state = State::new(&graph, &outputs, scenario.budget);
        Self {
            scenario,
            graph,
            outputs,
            state,
            started: BTreeSet::new(),
            running: BTreeMap::new(),
            finished: BTreeSet::new(),
            freed: BTreeSet::new(),
            peak: 0,
            next_chance: 0,
        }
    }

    fn chance(&mut self) -> usize {
        let chances = &self.scenario.chances;
        self.next_chance += 1;
        chances[self.next_chance % chances.len()] as usize
    }

    fn size(&self, id: TaskId) -> u64 {
        self.scenario.tasks[id.index()].2
    }

    fn is_producer(&self, id: TaskId) -> bool {
        self.graph.inputs(id).is_empty()
    }

    fn has_its_inputs(&self, id: TaskId) -> bool {
        self.graph.inputs(id).iter().all(|input| self.finished.contains(input))
    }

    fn waiting(&self) -> impl Iterator<Item = TaskId> {
        self.graph.ids().filter(|id| !self.started.contains(id))
    }

    fn ready_readers(&self) -> usize {
        let ready = |id: &TaskId| !self.is_producer(*id) && self.has_its_inputs(*id);
        self.waiting().filter(ready).count()
    }

    fn next_producer(&self) -> Option<TaskId> {
        self.waiting().find(|id| self.is_producer(*id))
    }

    /// How often each result is still to be read; by the caller, for ever.
    fn reads_left(&self) -> Vec<usize> {
        let mut left = vec![0; self.graph.len()];
        for reader in self.graph.ids().filter(|reader| !self.finished.contains(reader)) {
            for input in self.graph.inputs(reader) {
                left[input.index()] += 1;
            }
        }
        for output in &self.outputs {
            left[output.index()] += 1;
        }
        left
    }

    /// The mean of what this op's tasks have needed.
    fn expected(&self, id: TaskId) -> u64 {
        let op = |id: TaskId| self.scenario.tasks[id.index()].1;
        let sizes: Vec<u64> =
            self.finished.iter().filter(|f| op(**f) == op(id)).map(|f| self.size(*f)).collect();
        sizes.iter().sum::<u64>().checked_div(sizes.len() as u64).unwrap_or(0)
    }

    fn is_held(&self, id: TaskId) -> bool {
        self.finished.contains(&id) && !self.freed.contains(&id)
    }

    fn memory(&self) -> u64 {
        let held = self.graph.ids().filter(|id| self.is_held(*id));
        held.map(|id| self.size(id)).sum::<u64>() + self.running.values().sum::<u64>()
    }

    fn check_accounts(&self) -> Result<(), TestCaseError> {
        prop_assert_eq!(self.state.memory(), self.memory());
        prop_assert_eq!(self.state.peak(), self.peak);
        prop_assert_eq!(self.state.unfinished(), self.graph.len() - self.finished.len());
        prop_assert_eq!(self.state.is_complete(), self.finished.len() == self.graph.len());
        for (id, left) in self.graph.ids().zip(self.reads_left()) {
            prop_assert_eq!(self.state.is_last_reader(id), left == 1, "{:?}", id);
        }
        Ok(())
    }

    /// Starts a task if the state lets one start, which must be the right one.
    fn start(&mut self) -> Result<bool, TestCaseError> {
        let before = self.state.memory();
        let next_producer = self.next_producer();
        let fits = |replay: &Self, id| {
            replay.running.is_empty() || before + replay.expected(id) <= replay.scenario.budget
        };
        let may = self.ready_readers() > 0 || next_producer.is_some_and(|id| fits(self, id));
        prop_assert_eq!(
            self.state.startable(Place::Thread) > 0,
            may,
            "startable(Place::Thread) knows what start() will do"
        );
        let Some(id) = self.state.start(Place::Thread) else {
            prop_assert!(!may, "a task may start, and none does");
            return Ok(false);
        };
        prop_assert!(self.has_its_inputs(id), "{:?} starts before its inputs have finished", id);
        for input in self.graph.inputs(id) {
            prop_assert!(self.is_held(*input), "{:?} starts and its input is gone", id);
        }
        if self.is_producer(id) {
            prop_assert_eq!(self.ready_readers(), 0, "readers run before producers");
            prop_assert_eq!(Some(id), next_producer, "producers start in order");
            prop_assert!(fits(self, id), "{:?} passes the budget while others run", id);
        }
        prop_assert!(self.started.insert(id), "{:?} starts twice", id);
        self.running.insert(id, self.expected(id));
        self.peak = self.peak.max(self.memory());
        self.check_accounts()?;
        Ok(true)
    }

    fn some_running(&mut self) -> TaskId {
        let index = self.chance() % self.running.len();
        *self.running.keys().nth(index).expect("index is below the length")
    }

    fn finish_some(&mut self) -> Result<(), TestCaseError> {
        let id = self.some_running();
        self.running.remove(&id);
        self.finished.insert(id);
        self.peak = self.peak.max(self.memory());
        let mut freed = Vec::new();
        self.state.finish(id, self.size(id), &self.graph, |id| freed.push(id));
        let left = self.reads_left();
        for id in freed {
            prop_assert!(self.finished.contains(&id), "{:?} is freed before it is made", id);
            prop_assert_eq!(left[id.index()], 0, "{:?} is freed before its last reader", id);
            prop_assert!(!self.outputs.contains(&id), "{:?} is asked for, and freed", id);
            prop_assert!(self.freed.insert(id), "{:?} is freed twice", id);
        }
        for id in self.graph.ids().filter(|id| self.is_held(*id)) {
            prop_assert!(left[id.index()] > 0, "nobody needs {:?}, and it is kept", id);
        }
        self.check_accounts()
    }

    /// One thing happens: a start or a finish; false when nothing is left to happen.
    fn step(&mut self) -> Result<bool, TestCaseError> {
        let room = self.running.len() < self.scenario.workers;
        let eager = self.running.is_empty() || !self.chance().is_multiple_of(3);
        if room && eager && self.start()? {
            return Ok(true);
        }
        if self.running.is_empty() {
            return Ok(false);
        }
        self.finish_some()?;
        Ok(true)
    }

    fn run(&mut self) -> Result<(), TestCaseError> {
        let mut steps = 0;
        while self.step()? {
            prop_assert_eq!(
                self.state.is_over(),
                self.finished.len() == self.graph.len(),
                "a run is over when all has finished"
            );
            steps += 1;
            prop_assert!(steps <= 2 * self.graph.len(), "a run takes two steps for each task");
        }
        Ok(())
    }
}

proptest! {
    #[test]
    fn a_run_ends_with_every_task_finished_once_and_only_the_outputs_held(scenario in scenarios()) {
        let mut replay = Replay::new(&scenario);
        replay.run()?;
        prop_assert_eq!(replay.started.len(), replay.graph.len());
        prop_assert_eq!(replay.finished.len(), replay.graph.len());
        prop_assert!(replay.state.is_over() && replay.state.is_complete());
        let outputs: BTreeSet<_> = replay.outputs.iter().copied().collect();
        let kept: BTreeSet<_> = replay.graph.ids().filter(|id| replay.is_held(*id)).collect();
        prop_assert_eq!(kept, outputs);
    }

    #[test]
    fn after_a_stop_nothing_starts_and_the_run_is_over_with_the_last_that_runs(
        scenario in scenarios(),
        steps in 0usize..120,
        abandon in any::<bool>(),
    ) {
        let mut replay = Replay::new(&scenario);
        for _ in 0..steps {
            if !replay.step()? {
                break;
            }
        }
        if abandon && !replay.running.is_empty() {
            let id = replay.some_running();
            replay.running.remove(&id);
            replay.state.abandon(id);
        } else {
            replay.state.stop();
        }
        loop {
            prop_assert_eq!(replay.state.start(Place::Thread), None);
            prop_assert_eq!(replay.state.startable(Place::Thread), 0);
            prop_assert_eq!(replay.state.is_over(), replay.running.is_empty());
            prop_assert_eq!(replay.state.memory(), replay.memory());
            if replay.running.is_empty() {
                break;
            }
            replay.finish_some()?;
        }
    }
}

// What a reader wants to know, in small.

/// Runs all of `graph` with at most `workers` tasks at one time, the oldest finishing first.
fn drain(state: &mut State, graph: &Graph, workers: usize, size: impl Fn(TaskId) -> u64) {
    let mut running = std::collections::VecDeque::new();
    loop {
        while running.len() < workers
            && let Some(id) = state.start(Place::Thread)
        {
            running.push_back(id);
        }
        let Some(id) = running.pop_front() else { break };
        state.finish(id, size(id), graph, |_| ());
    }
}

/// `pairs` producers of a megabyte, all of them before their readers, and a sum over all readers.
fn pairs(pairs: u32) -> (Graph, TaskId) {
    let [make, read, sum] =
        ops(3).try_into().unwrap_or_else(|_| unreachable!("three are asked for"));
    let mut graph = Graph::new();
    let made: Vec<_> = (0..pairs).map(|pair| graph.add(&make, pair, &[])).collect();
    let mut readers = Vec::new();
    for made in made {
        readers.push(graph.add(&read, 0, &[made.expect("no input")]).expect("it was made"));
    }
    let sum = graph.add(&sum, 0, &readers).expect("they were added");
    (graph, sum)
}

#[test]
fn a_thousand_megabytes_go_through_a_budget_of_ten() {
    let (graph, sum) = pairs(1000);
    let workers = 4;
    let size = |id: TaskId| if id.0 < 1000 { MEGABYTE } else { 8 };
    let mut state = State::new(&graph, &[sum], 10 * MEGABYTE);
    drain(&mut state, &graph, workers, size);
    assert!(state.is_complete() && state.is_over());
    let wave = workers as u64 * MEGABYTE;
    assert!(state.peak() <= 10 * MEGABYTE + wave, "peak: {} bytes", state.peak());
    assert_eq!(state.memory(), 8, "only the sum is left");
}

#[test]
fn producers_that_nobody_reads_yet_stop_at_the_budget() {
    // All are outputs, so nothing is ever freed: past the budget they run one by one.
    let graph = graph_of(&[PRODUCER; 20]);
    let outputs: Vec<_> = graph.ids().collect();
    let mut state = State::new(&graph, &outputs, 10 * MEGABYTE);
    assert_eq!(start(&mut state), Some(0));
    finish(&mut state, 0, MEGABYTE, &graph);
    let mut wave = 0;
    while state.start(Place::Thread).is_some() {
        wave += 1;
    }
    assert_eq!(wave, 9, "one megabyte is held and nine more are reserved");
    assert_eq!(state.memory(), 10 * MEGABYTE);
    assert_eq!(state.startable(Place::Thread), 0);
    assert!(!state.is_over(), "it waits");
    for id in 1..=wave {
        finish(&mut state, id, MEGABYTE, &graph);
    }
    for id in 10..20 {
        assert_eq!(start(&mut state), Some(id), "alone, a task may pass the budget");
        assert_eq!(start(&mut state), None);
        finish(&mut state, id, MEGABYTE, &graph);
    }
    assert!(state.is_complete());
}

#[test]
fn without_a_budget_every_producer_may_start_at_once() {
    let graph = graph_of(&[PRODUCER; 100]);
    let mut state = State::new(&graph, &[], u64::MAX);
    assert_eq!(state.startable(Place::Thread), 100);
    let started: Vec<_> = std::iter::from_fn(|| start(&mut state)).collect();
    assert_eq!(started, (0..100).collect::<Vec<_>>());
}

#[test]
fn a_result_larger_than_the_budget_runs_alone_and_the_run_ends() {
    let (graph, sum) = pairs(5);
    let mut state = State::new(&graph, &[sum], 1);
    drain(&mut state, &graph, 4, |_| MEGABYTE);
    assert!(state.is_complete());
}

#[test]
fn a_reader_is_never_held_back_by_the_budget() {
    let graph = graph_of(&[&[], &[], &[0]]);
    let mut state = State::new(&graph, &[TaskId(2)], 1);
    assert_eq!(start(&mut state), Some(0));
    assert_eq!(start(&mut state), Some(1), "no size is known yet");
    finish(&mut state, 0, MEGABYTE, &graph);
    assert_eq!(start(&mut state), Some(2), "reading is how memory is freed");
}

#[test]
fn a_finished_tasks_reader_goes_before_older_readers_and_before_producers() {
    //  0 -> 2, 1 -> 3, and 4 reads nothing.
    let graph = graph_of(&[&[], &[], &[0], &[1], &[]]);
    let mut state = State::new(&graph, &[], u64::MAX);
    assert_eq!((start(&mut state), start(&mut state)), (Some(0), Some(1)));
    finish(&mut state, 0, 1, &graph);
    finish(&mut state, 1, 1, &graph);
    let order: Vec<_> = std::iter::from_fn(|| start(&mut state)).collect();
    assert_eq!(order, [3, 2, 4]);
}

#[test]
fn readers_of_one_result_start_in_the_order_of_the_plan() {
    let graph = graph_of(&[&[], &[0], &[0], &[0]]);
    let mut state = State::new(&graph, &[], u64::MAX);
    start(&mut state);
    finish(&mut state, 0, 1, &graph);
    let order: Vec<_> = std::iter::from_fn(|| start(&mut state)).collect();
    assert_eq!(order, [1, 2, 3]);
}

#[test]
fn a_running_task_reserves_what_its_op_has_needed_on_average() {
    let graph = graph_of(&[PRODUCER; 4]);
    let outputs: Vec<_> = graph.ids().collect();
    let mut state = State::new(&graph, &outputs, u64::MAX);
    start(&mut state);
    assert!(!state.is_foreseen(TaskId(1)));
    assert_eq!(state.memory(), 0, "nothing is known of the op yet");
    finish(&mut state, 0, 10, &graph);
    assert!(state.is_foreseen(TaskId(1)));
    start(&mut state);
    assert_eq!(state.memory(), 10 + 10);
    finish(&mut state, 1, 20, &graph);
    start(&mut state);
    assert_eq!(state.memory(), 10 + 20 + 15);
    finish(&mut state, 2, 0, &graph);
    assert_eq!(state.memory(), 10 + 20, "what was reserved becomes what it is");
}

#[test]
fn an_abandoned_task_gives_its_reservation_back_and_ends_the_run() {
    let graph = graph_of(&[PRODUCER; 3]);
    let outputs: Vec<_> = graph.ids().collect();
    let mut state = State::new(&graph, &outputs, u64::MAX);
    start(&mut state);
    finish(&mut state, 0, 10, &graph);
    start(&mut state);
    state.abandon(TaskId(1));
    assert_eq!(state.memory(), 10);
    assert!(state.is_over() && !state.is_complete());
    assert_eq!(start(&mut state), None);
}

#[test]
fn a_value_read_twice_by_one_task_is_freed_once() {
    let graph = graph_of(&[&[], &[0, 0]]);
    let mut state = State::new(&graph, &[TaskId(1)], u64::MAX);
    start(&mut state);
    assert_eq!(finish(&mut state, 0, 1, &graph), []);
    assert_eq!(start(&mut state), Some(1));
    assert_eq!(start(&mut state), None, "it does not start once for each input");
    assert_eq!(finish(&mut state, 1, 1, &graph), [0]);
}

#[test]
fn a_value_is_freed_with_the_last_of_its_readers() {
    let graph = graph_of(&[&[], &[0], &[0]]);
    let mut state = State::new(&graph, &[TaskId(1), TaskId(2)], u64::MAX);
    start(&mut state);
    finish(&mut state, 0, 1, &graph);
    assert_eq!((start(&mut state), start(&mut state)), (Some(1), Some(2)));
    assert!(!state.is_last_reader(TaskId(0)), "two are left that read it");
    assert_eq!(finish(&mut state, 2, 1, &graph), []);
    assert!(state.is_last_reader(TaskId(0)));
    assert_eq!(finish(&mut state, 1, 1, &graph), [0]);
}

#[test]
fn an_output_is_never_freed_though_it_is_read_and_asked_for_twice() {
    let graph = graph_of(&[&[], &[0]]);
    let mut state = State::new(&graph, &[TaskId(0), TaskId(0)], u64::MAX);
    start(&mut state);
    finish(&mut state, 0, 7, &graph);
    start(&mut state);
    assert_eq!(finish(&mut state, 1, 5, &graph), [1], "nobody asked for the reader's result");
    assert_eq!(state.memory(), 7);
}

#[test]
fn a_graph_without_tasks_is_over_before_it_starts() {
    let graph = Graph::new();
    let mut state = State::new(&graph, &[], 1);
    assert!(state.is_over() && state.is_complete());
    assert_eq!((start(&mut state), state.startable(Place::Thread)), (None, 0));
}

// Where tasks run.

const MILLISECOND: u64 = 1_000_000;

/// Of a task in place that waited for the interpreter's lock for as long as it had it.
fn held_up() -> Time {
    let half = 10 * MILLISECOND;
    Time { elapsed: 2 * half, closely: Some((half, half)) }
}

/// A hundred tasks that were begun in this interpreter.
fn hundred() -> (Graph, State) {
    let graph = graph_of(&[PRODUCER; 100]);
    let movable = |_: &dyn Op| Placement::movable(Place::Interpreter);
    let state = State::placed(&graph, &[TaskId(99)], u64::MAX, movable);
    (graph, state)
}

#[test]
fn threads_stand_in_until_the_first_worker_has_answered() {
    let (graph, mut state) = hundred();
    let first = state.start(Place::Interpreter).expect("it is ready");
    assert!(state.learn(first, held_up(), 0, 0), "it moves");
    finish(&mut state, first.0, 1, &graph);

    let at_worker = state.start(Place::Worker).expect("they are a worker's");
    let here = state.start(Place::Interpreter).expect("and a thread may have one meanwhile");
    assert!(state.startable(Place::Interpreter) > 0);
    assert_eq!(state.start(Place::Thread), None, "a native one may not");
    state.learn(here, held_up(), 0, 0);
    finish(&mut state, here.0, 1, &graph);
    assert!(state.startable(Place::Interpreter) > 0, "no worker has answered yet");

    state.learn(at_worker, Time { elapsed: 10 * MILLISECOND, closely: None }, 0, 0);
    finish(&mut state, at_worker.0, 1, &graph);
    assert_eq!(state.start(Place::Interpreter), None);
    assert_eq!(state.startable(Place::Interpreter), 0);
    assert!(state.start(Place::Worker).is_some());
}

#[test]
fn what_would_be_done_before_the_workers_are_ready_stays() {
    for (start, moves) in [(500 * MILLISECOND, true), (2000 * MILLISECOND, false)] {
        let (graph, mut state) = hundred();
        let moved = (0..100).any(|_| {
            let id = state.start(Place::Interpreter).expect("it is ready");
            let has_moved = state.learn(id, held_up(), 0, start);
            finish(&mut state, id.0, 1, &graph);
            has_moved
        });
        assert_eq!(moved, moves, "a hundred tasks of 10 ms, workers ready after {start} ns");
    }
}
