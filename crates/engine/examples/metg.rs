//! Task Bench's METG(50 %): how small tasks may be before the scheduler eats half of the machine.
//!
//! After Slaughter et al., "Task Bench: A Parameterized Benchmark for Evaluating Parallel Runtime
//! Performance", SC20. The graph is their `stencil_1d`: `width` columns, a task of each step reads
//! what its column and its two neighbours made in the step before (two at the edges). The kernel is
//! their `compute_bound`: 64 multiply-adds an iteration. Iterations shrink; for each number of them,
//!
//! - *granularity* is wall time × cores / tasks,
//! - *efficiency* is FLOP/s over the best FLOP/s of all, and of the bare kernel on every core.
//!
//! METG(50 %) is the smallest granularity with an efficiency of at least a half, interpolated
//! between two measured points. As in the paper the clock also sees the tasks being made: the graph
//! is built within it. Each task checks what it was given.
//!
//! Rounds are interleaved: each one runs every width with every number of iterations. A JSON line for
//! each point, then one for each width:
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
        .flat_map(|width| sizes.iter().map(|size| Point::new(*width, steps, *size, cores)))
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
    let best = points.iter().map(|point| point.flops()).fold(median(&mut bare), f64::max);
    for point in &points {
        println!("{}", point.json(best));
    }
    for width in widths {
        let points: Vec<_> = points.iter().filter(|point| point.width == width).collect();
        println!("{}", summary(width, cores, steps, best, &points));
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
    cores: usize,
    seconds: Vec<f64>,
}

impl Point {
    fn new(width: u32, steps: u32, iterations: u32, cores: usize) -> Self {
        Self { width, steps, iterations, cores, seconds: Vec::new() }
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

    fn tasks(&self) -> f64 {
        f64::from(self.width) * f64::from(self.steps)
    }

    fn median(&self) -> f64 {
        median(&mut self.seconds.clone())
    }

    fn flops(&self) -> f64 {
        self.tasks() * flops_a_task(self.iterations) / self.median()
    }

    /// Microseconds that a core has for a task.
    fn granularity(&self) -> f64 {
        self.median() * self.cores as f64 / self.tasks() * 1e6
    }

    fn json(&self, best: f64) -> String {
        format!(
            "{{\"width\":{},\"steps\":{},\"iterations\":{},\"rounds\":{},\
             \"granularity_microseconds\":{:.3},\"efficiency\":{:.4}}}",
            self.width,
            self.steps,
            self.iterations,
            self.seconds.len(),
            self.granularity(),
            self.flops() / best,
        )
    }
}

fn summary(width: u32, cores: usize, steps: u32, best: f64, points: &[&Point]) -> String {
    let measured: Vec<_> =
        points.iter().map(|point| (point.granularity(), point.flops() / best)).collect();
    let metg = metg(&measured).map_or("null".into(), |metg| format!("{metg:.3}"));
    format!(
        "{{\"width\":{width},\"steps\":{steps},\"cores\":{cores},\"peak_gflops\":{:.3},\
         \"metg_microseconds\":{metg}}}",
        best / 1e9,
    )
}

/// The granularity at which the efficiency falls through a half; points come largest first.
fn metg(points: &[(f64, f64)]) -> Option<f64> {
    points.windows(2).find_map(|pair| {
        let [(above, high), (below, low)] = [pair[0], pair[1]];
        // Linear in the logarithm of the granularity, as both axes of the paper's figures are read.
        (high >= 0.5 && low < 0.5)
            .then(|| above * (below / above).powf((high - 0.5) / (high - low)))
    })
}
