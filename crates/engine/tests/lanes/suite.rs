//! What the suite stands on: the lanes, and ops made of closures.

use engine::{Engine, EngineError, Lane, Options};
use graph::{Context, Graph, Op, OpError, Plan, TaskId, Value, downcast, value};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// How long a test waits for an event before it calls it missing.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// Every lane, the threads lane with one, two and four workers.
pub fn lanes() -> Vec<Options> {
    let mut lanes = vec![Options { lane: Lane::Inline, ..Options::default() }];
    lanes.extend([1, 2, 4].map(threads));
    lanes
}

pub fn threads(workers: usize) -> Options {
    Options { lane: Lane::Threads, workers: Some(workers), ..Options::default() }
}

pub fn engine(options: &Options) -> Engine {
    Engine::new(options.clone()).expect("the options are sound")
}

/// Runs `plan`, which must fail, and returns why it did.
pub fn failure(options: &Options, plan: Plan) -> EngineError {
    match engine(options).run(plan) {
        Ok(results) => panic!("{options:?} gave {} results", results.len()),
        Err(error) => error,
    }
}

/// Keeps other tests away from the process's one pool: some hold its threads, some measure time.
pub fn alone() -> MutexGuard<'static, ()> {
    static ALONE: Mutex<()> = Mutex::new(());
    ALONE.lock().unwrap_or_else(PoisonError::into_inner)
}

struct Act<F> {
    name: &'static str,
    run: F,
}

impl<F> Op for Act<F>
where
    F: Fn(Vec<Value>, &Context<'_>) -> Result<Value, OpError> + Send + Sync,
{
    fn name(&self) -> String {
        self.name.into()
    }

    fn origin(&self, partition: u32) -> Option<String> {
        (self.name == "read").then(|| format!("day-{partition}.txt"))
    }

    fn run(&self, inputs: Vec<Value>, context: &Context<'_>) -> Result<Value, OpError> {
        (self.run)(inputs, context)
    }
}

/// An op that calls `run`; one called "read" knows the file that its partition comes from.
pub fn op<F>(name: &'static str, run: F) -> Arc<dyn Op>
where
    F: Fn(Vec<Value>, &Context<'_>) -> Result<Value, OpError> + Send + Sync + 'static,
{
    Arc::new(Act { name, run })
}

/// Mixes its inputs and its partition in an order-dependent way.
pub fn mix() -> Arc<dyn Op> {
    op("mix", |inputs, context| {
        let start = u64::from(context.partition) + 1;
        Ok(value(
            inputs
                .iter()
                .fold(start, |mixed, input| mixed.wrapping_mul(31).wrapping_add(number(input))),
        ))
    })
}

/// A little work that leaves the core to others, for tasks that look at something again and again.
pub fn breathe() {
    std::thread::sleep(Duration::from_millis(1));
}

/// Adds its inputs.
pub fn sum() -> Arc<dyn Op> {
    op("sum", |inputs, _| Ok(value(inputs.iter().map(number).sum::<u64>())))
}

pub fn number(value: &Value) -> u64 {
    *downcast::<u64>(value).expect("a u64")
}

pub fn numbers(values: &[Value]) -> Vec<u64> {
    values.iter().map(number).collect()
}

/// Adds a task whose inputs are known to be there.
pub fn add(graph: &mut Graph, op: &Arc<dyn Op>, partition: u32, inputs: &[TaskId]) -> TaskId {
    graph.add(op, partition, inputs).expect("inputs come first")
}

/// Tasks 0..`count` of `op`, which read nothing.
pub fn add_layer(graph: &mut Graph, op: &Arc<dyn Op>, count: u32) -> Vec<TaskId> {
    (0..count).map(|partition| add(graph, op, partition, &[])).collect()
}
