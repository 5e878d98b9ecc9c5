//! From expression to graph: a task a partition, then a tree of merges; and running it.

use crate::expression::Origin;
use crate::pipeline::{After, Finish, Gather, Merge, Pipeline, Pool};
use crate::{Bag, Collect, Head, Partition, Reduced, Reduction};
use engine::{Engine, EngineError, Watch};
use graph::{Control, Graph, Kind, Op, Plan, TaskId};
use std::ops::Range;
use std::sync::Arc;

/// Partials merged by one task.
const FAN_IN: usize = 16;

/// Makes an op of a pipeline; one that calls Python may have a form for other processes.
pub type AsOp = fn(Pipeline) -> Arc<dyn Op>;

fn as_it_is(pipeline: Pipeline) -> Arc<dyn Op> {
    Arc::new(pipeline)
}

/// A graph whose outputs are partitions.
pub struct Lowered {
    plan: Plan,
}

impl Lowered {
    /// How many tasks there are, before the passes make fewer of them.
    pub fn tasks(&self) -> usize {
        self.plan.graph.len()
    }
}

/// On what, and under whose eyes, a graph is run.
pub struct Run<'run> {
    engine: &'run Engine,
    control: Arc<Control>,
    watch: Option<&'run mut dyn Watch>,
}

impl<'run> Run<'run> {
    /// A run that nobody watches.
    pub fn new(engine: &'run Engine) -> Self {
        Self { engine, control: Arc::default(), watch: None }
    }

    /// A run that `watch` looks at through `control`.
    pub fn watched(
        engine: &'run Engine,
        control: Arc<Control>,
        watch: &'run mut dyn Watch,
    ) -> Self {
        Self { engine, control, watch: Some(watch) }
    }
}

impl Bag {
    /// The graph that reduces each of `partitions` by itself, each to an output of its own.
    pub fn lower(
        &self,
        reduction: Arc<dyn Reduction>,
        partitions: Range<u32>,
        as_op: AsOp,
    ) -> Lowered {
        let mut graph = Graph::new();
        let pipeline = as_op(Pipeline::new(self, reduction, After::Finish));
        let outputs = pipelines(&mut graph, self, &pipeline, partitions, as_op);
        Lowered { plan: Plan::new(graph, outputs) }
    }

    /// The graph that takes the first `count` elements of `partitions`.
    ///
    /// Where the bag is a reduction that can stop early, such as sorted frequencies, it does.
    pub fn lower_head(&self, count: usize, partitions: Range<u32>, as_op: AsOp) -> Lowered {
        if let (Origin::Reduced(reduced), []) = (&self.origin, self.steps.as_slice())
            && let Some(first) = reduced.reduction.first(count)
        {
            let (bag, element) = (reduced.bag.clone(), reduced.element);
            return Reduced { bag, reduction: first, element }.lower(as_op);
        }
        self.lower(Arc::new(Head { count }), partitions, as_op)
    }

    /// The elements of each partition.
    ///
    /// # Errors
    /// The first failure of a task.
    pub fn collect(&self, engine: &Engine) -> Result<Vec<Arc<Partition>>, EngineError> {
        let all = 0..self.partitions() as u32;
        self.lower(Arc::new(Collect), all, as_it_is).run(&mut Run::new(engine))
    }

    /// The first `count` elements of the first partition.
    ///
    /// # Errors
    /// The first failure of a task.
    pub fn take(&self, count: usize, engine: &Engine) -> Result<Arc<Partition>, EngineError> {
        let first = 0..self.partitions().min(1) as u32;
        let results = self.lower_head(count, first, as_it_is).run(&mut Run::new(engine))?;
        Ok(results.into_iter().next().unwrap_or_default())
    }
}

impl Reduced {
    /// The graph with the result as its one output.
    pub fn lower(&self, as_op: AsOp) -> Lowered {
        let mut graph = Graph::new();
        let output = reduce(&mut graph, self, as_op);
        Lowered { plan: Plan::new(graph, vec![output]) }
    }

    /// The result.
    ///
    /// # Errors
    /// The first failure of a task.
    pub fn run(&self, engine: &Engine) -> Result<Partition, EngineError> {
        let mut results = self.lower(as_it_is).run(&mut Run::new(engine))?;
        let result = results.pop().unwrap_or_default();
        Ok(Arc::unwrap_or_clone(result))
    }
}

impl Lowered {
    /// Whether any task calls Python.
    pub fn has_python(&self) -> bool {
        let graph = &self.plan.graph;
        graph.ids().any(|id| graph.task(id).op.kind() == Kind::Python)
    }

    /// The graph as it will run, and its outputs.
    pub fn plan(self) -> Plan {
        self.plan.optimize()
    }

    /// Runs the graph.
    ///
    /// # Errors
    /// The first failure of a task, or [`EngineError::Cancelled`].
    pub fn run(self, run: &mut Run<'_>) -> Result<Vec<Arc<Partition>>, EngineError> {
        let plan = self.plan();
        let mut nobody = ();
        let watch = match &mut run.watch {
            Some(watch) => &mut **watch,
            None => &mut nobody as &mut dyn Watch,
        };
        let values = run.engine.run_watched(plan, &run.control, watch)?;
        Ok(values.into_iter().map(Partition::of_value).collect())
    }
}

/// Adds a task for each partition.
fn pipelines(
    graph: &mut Graph,
    bag: &Bag,
    pipeline: &Arc<dyn Op>,
    partitions: Range<u32>,
    as_op: AsOp,
) -> Vec<TaskId> {
    let input = match &bag.origin {
        Origin::Source(_) => None,
        Origin::Reduced(reduced) => Some(reduce(graph, reduced, as_op)),
    };
    let add = |partition| {
        graph.add(pipeline, partition, input.as_slice()).expect("the input was added before")
    };
    partitions.map(add).collect()
}

/// Adds the tasks of a reduction; the last one's value is the result.
fn reduce(graph: &mut Graph, reduced: &Reduced, as_op: AsOp) -> TaskId {
    let Reduced { bag, reduction, .. } = reduced;
    let all = 0..bag.partitions() as u32;
    let add = "the inputs were added before";
    if reduction.is_commutative() {
        let pool = Arc::<Pool>::default();
        let after = After::Pool(Arc::clone(&pool));
        let op = as_op(Pipeline::new(bag, Arc::clone(reduction), after));
        let tasks = pipelines(graph, bag, &op, all, as_op);
        let gather: Arc<dyn Op> = Arc::new(Gather { reduction: Arc::clone(reduction), pool });
        return graph.add(&gather, 0, &tasks).expect(add);
    }
    let op = as_op(Pipeline::new(bag, Arc::clone(reduction), After::Merge));
    let mut tasks = pipelines(graph, bag, &op, all, as_op);
    let merge: Arc<dyn Op> = Arc::new(Merge { reduction: Arc::clone(reduction) });
    let mut number = 0;
    while tasks.len() > FAN_IN {
        let merges = tasks.chunks(FAN_IN).map(|inputs| {
            number += 1;
            graph.add(&merge, number - 1, inputs).expect(add)
        });
        tasks = merges.collect();
    }
    let finish: Arc<dyn Op> = Arc::new(Finish { reduction: Arc::clone(reduction) });
    graph.add(&finish, 0, &tasks).expect(add)
}
