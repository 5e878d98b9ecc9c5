//! What a task costs: native tasks through the scheduler of the threads lane, and tracing them.
//!
//! Three shapes: a fan-out (100,000 producers and one task that reads them all), a chain of 100,000,
//! and a 300 × 300 stencil (each task reads three of the row before). An op counts its runs and
//! returns nothing, so what is measured is everything around it: the state machine, the queues, the
//! values. Then two of them again with tasks of about 10 µs, which compute something, without a trace
//! and with one: their ratio is what tracing costs. Plans run as they stand ([`Plan::new`] without `optimize`: fused, the chain would be one
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
use std::hint::black_box;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use trace::Collector;

const TASKS: u32 = 100_000;
const SIDE: u32 = 300;
const ROUNDS: usize = 9;

type Outcome<T> = Result<T, Box<dyn Error>>;

/// What a task of those takes that compute something.
const WORK: Duration = Duration::from_micros(10);

/// One case: its name, how its plan is built, whether its tasks compute something, and are traced.
#[derive(Clone, Copy)]
struct Case {
    name: &'static str,
    plan: fn(&Arc<dyn Op>) -> Outcome<Plan>,
    works: bool,
    traced: bool,
}

const CASES: [Case; 7] = [
    Case { name: "fan-out", plan: fan_out, works: false, traced: false },
    Case { name: "chain", plan: chain, works: false, traced: false },
    Case { name: "stencil", plan: stencil, works: false, traced: false },
    Case { name: "fan-out", plan: fan_out, works: true, traced: false },
    Case { name: "fan-out", plan: fan_out, works: true, traced: true },
    Case { name: "stencil", plan: stencil, works: true, traced: false },
    Case { name: "stencil", plan: stencil, works: true, traced: true },
];

fn main() -> Outcome<()> {
    let mut arguments = std::env::args().skip(1).map(|argument| argument.parse());
    let rounds = arguments.next().unwrap_or(Ok(ROUNDS))?.max(1);
    let mut workers = arguments.collect::<Result<Vec<usize>, _>>()?;
    if workers.is_empty() {
        workers = vec![1, std::thread::available_parallelism()?.get()];
        workers.dedup();
    }
    let iterations = calibrate();
    let mut measured: Vec<Measured> = CASES
        .iter()
        .flat_map(|case| workers.iter().map(|workers| Measured::new(*case, *workers, iterations)))
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

fn fan_out(op: &Arc<dyn Op>) -> Outcome<Plan> {
    let mut graph = Graph::new();
    let mut producers = Vec::new();
    for partition in 0..TASKS {
        producers.push(graph.add(op, partition, &[])?);
    }
    let all = graph.add(op, TASKS, &producers)?;
    Ok(Plan::new(graph, vec![all]))
}

fn chain(op: &Arc<dyn Op>) -> Outcome<Plan> {
    let mut graph = Graph::new();
    let mut last = graph.add(op, 0, &[])?;
    for partition in 1..TASKS {
        last = graph.add(op, partition, &[last])?;
    }
    Ok(Plan::new(graph, vec![last]))
}

/// The row is a ring, so that every task has three neighbours.
fn stencil(op: &Arc<dyn Op>) -> Outcome<Plan> {
    let mut graph = Graph::new();
    let mut row: Vec<TaskId> = Vec::new();
    for y in 0..SIDE {
        let mut next = Vec::new();
        for x in 0..SIDE {
            let neighbours = [x + SIDE - 1, x, x + 1].map(|x| (x % SIDE) as usize);
            let inputs: Vec<_> = neighbours.iter().filter_map(|x| row.get(*x)).copied().collect();
            next.push(graph.add(op, y * SIDE + x, &inputs)?);
        }
        row = next;
    }
    Ok(Plan::new(graph, row))
}

/// Multiplies and adds; the iterations depend on each other, so they take their time.
fn work(iterations: u32) -> f64 {
    (0..iterations).fold(black_box(1.0), |sum, _| sum * 0.999 + 0.5)
}

/// How many iterations take as long as [`WORK`]: the best of several times, which is nobody else's.
fn calibrate() -> u32 {
    const ITERATIONS: u32 = 100_000;
    let time = |_| {
        let start = Instant::now();
        black_box(work(ITERATIONS));
        start.elapsed()
    };
    let best = (0..20).map(time).min().unwrap_or(WORK);
    (WORK.as_secs_f64() / best.as_secs_f64() * f64::from(ITERATIONS)) as u32
}

/// Works for some iterations, and counts its runs.
#[derive(Default)]
struct Task {
    iterations: u32,
    // One counter for each worker, on a cache line of its own: one for all would be what is measured.
    runs: [Line; 32],
}

#[derive(Default)]
#[repr(align(128))]
struct Line(AtomicUsize);

impl Task {
    fn runs(&self) -> usize {
        self.runs.iter().map(|line| line.0.load(Ordering::Relaxed)).sum()
    }
}

impl Op for Task {
    fn name(&self) -> String {
        "task".into()
    }

    fn run(&self, _: Vec<Value>, _: &Context<'_>) -> Result<Value, OpError> {
        let worker = rayon::current_thread_index().unwrap_or(0);
        self.runs[worker % self.runs.len()].0.fetch_add(1, Ordering::Relaxed);
        black_box(work(self.iterations));
        Ok(value(()))
    }
}

struct Measured {
    case: Case,
    workers: usize,
    iterations: u32,
    tasks: usize,
    microseconds: Vec<f64>,
    cpu_microseconds: f64,
}

impl Measured {
    fn new(case: Case, workers: usize, iterations: u32) -> Self {
        let iterations = if case.works { iterations } else { 0 };
        let microseconds = Vec::new();
        Self { case, workers, iterations, tasks: 0, microseconds, cpu_microseconds: 0.0 }
    }

    fn round(&mut self) -> Outcome<()> {
        let trace = self.case.traced.then(Arc::<Collector>::default);
        let (lane, workers) = (Lane::Threads, Some(self.workers));
        let options = Options { lane, workers, trace: trace.clone(), ..Options::default() };
        let engine = Engine::new(options)?;
        // The pool is made anew when the number of workers changes: not in the measurement.
        let mut one = Graph::new();
        let output = one.add(&(Arc::new(Task::default()) as Arc<dyn Op>), 0, &[])?;
        engine.run(Plan::new(one, vec![output]))?;

        let task = Arc::new(Task { iterations: self.iterations, ..Task::default() });
        let plan = (self.case.plan)(&(Arc::clone(&task) as Arc<dyn Op>))?;
        self.tasks = plan.graph.len();
        let cpu = cpu_microseconds()?;
        let start = Instant::now();
        let results = engine.run(plan)?;
        let elapsed = start.elapsed();
        self.cpu_microseconds += cpu_microseconds()? - cpu;
        self.microseconds.push(elapsed.as_secs_f64() * 1e6);
        drop(results);
        assert_eq!(task.runs(), self.tasks, "{}: every task runs once", self.case.name);
        // The one before the measurement is recorded too.
        let events = trace.map_or(self.tasks, |trace| trace.trace(0).events().len() - 1);
        assert_eq!(events, self.tasks, "{}: every task is recorded", self.case.name);
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
             \"work_microseconds\":{},\"traced\":{},\
             \"microseconds_per_task\":{{\"median\":{median:.3},\"min\":{min:.3},\"max\":{max:.3}}},\
             \"cpu_microseconds_per_task\":{:.3}}}",
            self.case.name,
            self.workers,
            self.tasks,
            if self.case.works { WORK.as_micros() } else { 0 },
            self.case.traced,
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
