//! Task Bench's stencil with tasks of many sizes, from which `bench/metg.py` reads METG(50 %).
//!
//! After Slaughter et al., "Task Bench: A Parameterized Benchmark for Evaluating Parallel Runtime
//! Performance", SC20. The graph is their `stencil_1d`: `width` columns, a task of each step reads
//! what its column and its two neighbours made in the step before (two at the edges). The kernel is
//! their `compute_bound`: 64 multiply-adds an iteration. Each task checks what it was given. As in
//! the paper the clock also sees the tasks being made: the graph is built within it.
//!
//! Rounds are interleaved: each one runs every width with every number of iterations, and the bare
//! kernel on every core. One JSON line each:
//!
//! ```text
//! cargo run --release -p manycore-engine --example metg [ROUNDS [STEPS [WIDTHS...]]]
//! ```
#![allow(clippy::print_stdout)]

use engine::{Engine, Lane, Options};
use graph::{Context, Graph, Op, OpError, Plan, TaskId, Value, downcast, value};
use std::error::Error;
use std::hint::black_box;
use std::sync::Arc;
use std::time::Instant;

const ROUNDS: usize = 5;
const STEPS: u32 = 1000;
/// Multiply-adds an iteration.
const LANES: usize = 64;
/// Iterations of the largest kernel, which is halved down to the smallest.
const LARGEST: u32 = 1 << 13;
const SIZES: u32 = 10;

type Outcome<T> = Result<T, Box<dyn Error>>;

fn main() -> Outcome<()> {
    let mut arguments = std::env::args().skip(1);
    let rounds = arguments.next().map_or(Ok(ROUNDS), |text| text.parse())?.max(1);
    let steps = arguments.next().map_or(Ok(STEPS), |text| text.parse())?.max(2);
    let cores = std::thread::available_parallelism()?.get();
    let mut widths = arguments.map(|text| text.parse()).collect::<Result<Vec<u32>, _>>()?;
    if widths.is_empty() {
        widths = vec![cores as u32, 4 * cores as u32];
    }

    let engine = Engine::new(Options { lane: Lane::Threads, ..Options::default() })?;
    let sizes: Vec<u32> = (0..SIZES).map(|halvings| LARGEST >> halvings).collect();
    let mut points: Vec<Point> = widths
        .iter()
        .flat_map(|width| sizes.iter().map(|size| Point::new(*width, steps, *size)))
        .collect();
    let mut bare = Vec::new();
    for round in 0..=rounds {
        // The first round starts threads and wakes the processor: it does not count.
        let counts = round > 0;
        let flops = bare_flops(cores);
        bare.extend(counts.then_some(flops));
        for point in &mut points {
            let seconds = point.measure(&engine)?;
            point.seconds.extend(counts.then_some(seconds));
        }
    }
    println!("{{\"cores\":{cores},\"rounds\":{rounds},\"bare_flops\":{:e}}}", median(&mut bare));
    for point in &mut points {
        println!("{}", point.json());
    }
    Ok(())
}

/// 64 multiply-adds, again and again; as in Task Bench they soon overflow, at the same speed.
fn kernel(iterations: u32) -> f64 {
    let mut lanes = black_box([1.2345_f64; LANES]);
    for _ in 0..iterations {
        for lane in &mut lanes {
            *lane = *lane * *lane + *lane;
        }
    }
    black_box(lanes)[0]
}

/// FLOP/s of the kernel on every core, with nobody in between.
fn bare_flops(cores: usize) -> f64 {
    const TIMES: u32 = 100;
    let start = Instant::now();
    std::thread::scope(|scope| {
        for _ in 0..cores {
            scope.spawn(|| black_box((0..TIMES).map(|_| kernel(LARGEST)).sum::<f64>()));
        }
    });
    cores as f64 * f64::from(TIMES) * flops_a_task(LARGEST) / start.elapsed().as_secs_f64()
}

fn flops_a_task(iterations: u32) -> f64 {
    2.0 * LANES as f64 * f64::from(iterations)
}

/// Sorts them.
fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// A column's task in each step: checks its inputs, computes, says who it is.
struct Column {
    width: u32,
    iterations: u32,
}

/// The columns that a task reads.
fn neighbours(column: u32, width: u32) -> std::ops::RangeInclusive<u32> {
    column.saturating_sub(1)..=(column + 1).min(width - 1)
}

impl Op for Column {
    fn name(&self) -> String {
        "stencil_1d".into()
    }

    fn run(&self, inputs: Vec<Value>, context: &Context<'_>) -> Result<Value, OpError> {
        let (step, column) = (context.partition / self.width, context.partition % self.width);
        if step > 0 {
            let before = (step - 1) * self.width;
            let expected = neighbours(column, self.width).map(|column| u64::from(before + column));
            let given = inputs.iter().map(|input| downcast::<u64>(input).copied());
            if !given.eq(expected.map(Some)) {
                return Err(format!("step {step} of column {column} read the wrong tasks").into());
            }
        }
        black_box(kernel(self.iterations));
        Ok(value(u64::from(context.partition)))
    }
}

/// One width with one number of iterations.
struct Point {
    width: u32,
    steps: u32,
    iterations: u32,
    seconds: Vec<f64>,
}

impl Point {
    fn new(width: u32, steps: u32, iterations: u32) -> Self {
        Self { width, steps, iterations, seconds: Vec::new() }
    }

    /// Seconds for building the graph and running it.
    fn measure(&self, engine: &Engine) -> Outcome<f64> {
        let start = Instant::now();
        let column = Column { width: self.width, iterations: self.iterations };
        let results = engine.run(self.plan(&(Arc::new(column) as Arc<dyn Op>))?)?;
        let seconds = start.elapsed().as_secs_f64();
        assert_eq!(results.len(), self.width as usize);
        Ok(seconds)
    }

    fn plan(&self, column: &Arc<dyn Op>) -> Outcome<Plan> {
        let mut graph = Graph::new();
        let mut row: Vec<TaskId> = Vec::new();
        for step in 0..self.steps {
            let mut next = Vec::with_capacity(self.width as usize);
            for place in 0..self.width {
                let inputs: Vec<_> = match step {
                    0 => Vec::new(),
                    _ => neighbours(place, self.width).map(|place| row[place as usize]).collect(),
                };
                next.push(graph.add(column, step * self.width + place, &inputs)?);
            }
            row = next;
        }
        Ok(Plan::new(graph, row))
    }

    fn json(&mut self) -> String {
        let (tasks, iterations) = (self.width * self.steps, self.iterations);
        let flops = f64::from(tasks) * flops_a_task(iterations);
        format!(
            "{{\"width\":{},\"steps\":{},\"iterations\":{iterations},\"flops\":{flops:e},\
             \"seconds\":{{\"median\":{:e},\"min\":{:e},\"max\":{:e}}}}}",
            self.width,
            self.steps,
            median(&mut self.seconds),
            self.seconds[0],
            self.seconds[self.seconds.len() - 1],
        )
    }
}
