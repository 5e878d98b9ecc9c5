//! What a task costs: empty native tasks through the scheduler of the threads lane.
//!
//! Three shapes: a fan-out (100,000 producers and one task that reads them all), a chain of 100,000,
//! and a 300 × 300 stencil (each task reads three of the row before). An op counts its runs and
//! returns nothing, so what is measured is everything around it: the state machine, the queues, the
//! values. Plans run as they stand ([`Plan::new`] without `optimize`: fused, the chain would be one
//! task). Building the graph is not counted; setting up the run is.
//!
//! Rounds are interleaved, each one runs every case with every number of workers. One JSON line each:
//!
//! ```text
//! cargo run --release -p manycore-engine --example tasks [ROUNDS [WORKERS...]]
//! ```
#![allow(clippy::print_stdout)]

use engine::{Engine, Lane, Options};
use graph::{Context, Graph, Op, OpError, Plan, TaskId, Value, value};
use std::error::Error;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

const TASKS: u32 = 100_000;
const SIDE: u32 = 300;
const ROUNDS: usize = 9;

type Outcome<T> = Result<T, Box<dyn Error>>;

/// One case: its name and how its plan is built.
type Case = (&'static str, fn(&Arc<dyn Op>) -> Outcome<Plan>);

const CASES: [Case; 3] = [("fan-out", fan_out), ("chain", chain), ("stencil", stencil)];

fn main() -> Outcome<()> {
    let mut arguments = std::env::args().skip(1).map(|argument| argument.parse());
    let rounds = arguments.next().unwrap_or(Ok(ROUNDS))?.max(1);
    let mut workers = arguments.collect::<Result<Vec<usize>, _>>()?;
    if workers.is_empty() {
        workers = vec![1, std::thread::available_parallelism()?.get()];
        workers.dedup();
    }
    let mut measured: Vec<Measured> = CASES
        .iter()
        .flat_map(|case| workers.iter().map(|workers| Measured::new(*case, *workers)))
        .collect();
    for _ in 0..rounds {
        for measured in &mut measured {
            measured.round()?;
        }
    }
    for measured in &mut measured {
        println!("{}", measured.json());
    }
    Ok(())
}

fn fan_out(empty: &Arc<dyn Op>) -> Outcome<Plan> {
    let mut graph = Graph::new();
    let mut producers = Vec::new();
    for partition in 0..TASKS {
        producers.push(graph.add(empty, partition, &[])?);
    }
    let all = graph.add(empty, TASKS, &producers)?;
    Ok(Plan::new(graph, vec![all]))
}

fn chain(empty: &Arc<dyn Op>) -> Outcome<Plan> {
    let mut graph = Graph::new();
    let mut last = graph.add(empty, 0, &[])?;
    for partition in 1..TASKS {
        last = graph.add(empty, partition, &[last])?;
    }
    Ok(Plan::new(graph, vec![last]))
}

/// The row is a ring, so that every task has three neighbours.
fn stencil(empty: &Arc<dyn Op>) -> Outcome<Plan> {
    let mut graph = Graph::new();
    let mut row: Vec<TaskId> = Vec::new();
    for y in 0..SIDE {
        let mut next = Vec::new();
        for x in 0..SIDE {
            let neighbours = [x + SIDE - 1, x, x + 1].map(|x| (x % SIDE) as usize);
            let inputs: Vec<_> = neighbours.iter().filter_map(|x| row.get(*x)).copied().collect();
            next.push(graph.add(empty, y * SIDE + x, &inputs)?);
        }
        row = next;
    }
    Ok(Plan::new(graph, row))
}

/// Does nothing, and counts how often.
#[derive(Default)]
struct Empty {
    // One counter for each worker, on a cache line of its own: one for all would be what is measured.
    runs: [Line; 32],
}

#[derive(Default)]
#[repr(align(128))]
struct Line(AtomicUsize);

impl Empty {
    fn runs(&self) -> usize {
        self.runs.iter().map(|line| line.0.load(Ordering::Relaxed)).sum()
    }
}

impl Op for Empty {
    fn name(&self) -> String {
        "empty".into()
    }

    fn run(&self, _: Vec<Value>, _: &Context<'_>) -> Result<Value, OpError> {
        let worker = rayon::current_thread_index().unwrap_or(0);
        self.runs[worker % self.runs.len()].0.fetch_add(1, Ordering::Relaxed);
        Ok(value(()))
    }
}

struct Measured {
    case: Case,
    workers: usize,
    tasks: usize,
    microseconds: Vec<f64>,
    cpu_microseconds: f64,
}

impl Measured {
    fn new(case: Case, workers: usize) -> Self {
        Self { case, workers, tasks: 0, microseconds: Vec::new(), cpu_microseconds: 0.0 }
    }

    fn round(&mut self) -> Outcome<()> {
        let options =
            Options { lane: Lane::Threads, workers: Some(self.workers), ..Options::default() };
        let engine = Engine::new(options)?;
        // The pool is made anew when the number of workers changes: not in the measurement.
        let mut one = Graph::new();
        let output = one.add(&(Arc::new(Empty::default()) as Arc<dyn Op>), 0, &[])?;
        engine.run(Plan::new(one, vec![output]))?;

        let empty = Arc::new(Empty::default());
        let plan = (self.case.1)(&(Arc::clone(&empty) as Arc<dyn Op>))?;
        self.tasks = plan.graph.len();
        let cpu = cpu_microseconds()?;
        let start = Instant::now();
        let results = engine.run(plan)?;
        let elapsed = start.elapsed();
        self.cpu_microseconds += cpu_microseconds()? - cpu;
        self.microseconds.push(elapsed.as_secs_f64() * 1e6);
        drop(results);
        assert_eq!(empty.runs(), self.tasks, "{}: every task runs once", self.case.0);
        Ok(())
    }

    fn json(&mut self) -> String {
        self.microseconds.sort_by(f64::total_cmp);
        let rounds = self.microseconds.len();
        let per_task = |microseconds: f64| microseconds / self.tasks as f64;
        let [median, min, max] =
            [rounds / 2, 0, rounds - 1].map(|index| per_task(self.microseconds[index]));
        format!(
            "{{\"case\":\"{}\",\"workers\":{},\"tasks\":{},\"rounds\":{rounds},\
             \"microseconds_per_task\":{{\"median\":{median:.3},\"min\":{min:.3},\"max\":{max:.3}}},\
             \"cpu_microseconds_per_task\":{:.3}}}",
            self.case.0,
            self.workers,
            self.tasks,
            per_task(self.cpu_microseconds / rounds as f64),
        )
    }
}

/// Processor time of the whole process so far. The kernel counts it in hundredths of a second, which
/// averages out over the rounds.
fn cpu_microseconds() -> Outcome<f64> {
    let stat = std::fs::read_to_string("/proc/self/stat")?;
    // The second field is the program's name in parentheses, and may hold anything.
    let (_, fields) = stat.rsplit_once(')').ok_or("/proc/self/stat has no name")?;
    let mut ticks = 0.0;
    // User and system time: fields 14 and 15 of proc(5), counted from 1; the third comes first here.
    for field in fields.split_whitespace().skip(11).take(2) {
        ticks += field.parse::<f64>()?;
    }
    Ok(ticks * 1e4)
}
