//! Lowering: from a plan to a graph of tasks, one for each chunk.

use crate::explain::{Explanation, Stage};
use crate::fused::Backend;
use crate::grid::Grid;
use crate::node::{Array, Blocks, Item, Kind, Regions};
use crate::plan::{Id, Plan};
use crate::pull::{Items, Pull, Read, items, lengths, sliced};
use crate::view::{Canvas, Region, Shape, Target, View, shape_of};
use engine::{Engine, EngineError, Watch};
use graph::{Context, Control, Data, Graph, Load, Op, OpError, Spill, TaskId, Value, downcast};
use smallvec::{SmallVec, smallvec};
use std::collections::HashMap;
use std::fs::File;
use std::io::Write;
use std::os::unix::fs::FileExt;
use std::sync::{Arc, Mutex, PoisonError};

/// What a task makes: the arrays of one chunk.
#[derive(Clone, Default)]
pub(crate) struct Chunk {
    pub views: SmallVec<[View; 1]>,
    /// Of a reduction's states: of how many elements each is made.
    pub count: u64,
    /// Whether it is what one reader needs of a chunk.
    pub is_piece: bool,
}

impl Data for Chunk {
    fn bytes(&self) -> usize {
        self.views.iter().map(View::nbytes).sum()
    }

    fn spill(&self) -> Option<&dyn Spill> {
        Some(self)
    }
}

impl Spill for Chunk {
    fn spill(&self, file: &mut dyn Write) -> Result<Box<dyn Load>, OpError> {
        let mut views = Vec::new();
        let mut at = 0;
        for view in &self.views {
            let view = view.contiguous();
            file.write_all(view.as_bytes().unwrap_or_default())?;
            // Only their types and shapes are kept.
            views.push((at, view.dtype().clone(), Shape::from(view.shape())));
            at += view.nbytes() as u64;
        }
        Ok(Box::new(OnDisk { views, count: self.count, is_piece: self.is_piece }))
    }
}

/// What tasks add to, one after the other: each takes it away, and brings it back.
struct Sum {
    target: Mutex<Option<Target>>,
    bytes: usize,
}

impl Data for Sum {
    fn bytes(&self) -> usize {
        self.bytes
    }
}

/// What such a task leaves to the next one, which is to wait for it.
struct Added;

impl Data for Added {
    fn bytes(&self) -> usize {
        0
    }
}

struct OnDisk {
    views: Vec<(u64, crate::DType, Shape)>,
    count: u64,
    is_piece: bool,
}

impl Load for OnDisk {
    fn load(&self, file: &File, start: u64) -> Result<Value, OpError> {
        let mut views = SmallVec::new();
        for (at, dtype, shape) in &self.views {
            let mut target = Target::apart(dtype.clone(), shape);
            file.read_exact_at(target.bytes(), start + *at)?;
            views.push(target.freeze());
        }
        Ok(Arc::new(Chunk { views, count: self.count, is_piece: self.is_piece }))
    }
}

/// A graph that computes arrays.
pub struct Lowered {
    /// What is to be run.
    pub plan: graph::Plan,
    results: Vec<Outcome>,
    shared: Arc<Shared>,
    explanation: Explanation,
}

/// Where a root's elements are when the graph has run.
enum Outcome {
    /// The whole of an output's chunk.
    Chunk(usize, usize),
    /// On a canvas.
    Canvas(usize),
}

struct Shared {
    plan: Plan,
    canvases: Vec<(Id, Grid, Canvas)>,
    backend: Option<Arc<dyn Backend>>,
}

/// What a layer's tasks do.
enum Work {
    /// A chunk of a stored node.
    Store(Id),
    /// A chunk of a root, written where it belongs.
    Paint(usize),
    /// Of a reduction.
    Partial(usize),
    Merge(usize),
    Finish(usize),
    /// All outputs of a function of blocks; the node of the first that is asked for.
    Blocks(Id),
    /// What sums begin with.
    Zeros(Id),
    /// One of the calls that add to a chunk.
    Add(Id),
    /// One of several outputs, so that each can be freed, or written to disk, by itself.
    Pick(Id, usize),
    /// What the tasks of a stage need of others' chunks, cut out: of which node, and which elements.
    Piece(Id, Mutex<Vec<(Id, Box<[Item]>)>>),
}

struct Layer {
    shared: Arc<Shared>,
    work: Work,
}

/// How many partial results one task merges.
const FAN_IN: usize = 16;

/// A graph that computes `roots` with about `memory` bytes.
///
/// # Errors
/// If it would have more tasks than there are ids.
pub fn lower(
    roots: &[Array],
    backend: Option<&Arc<dyn Backend>>,
    memory: Option<u64>,
) -> Result<Lowered, OpError> {
    let mut plan = Plan::new(roots, memory);
    plan.group();
    if let Some(backend) = backend {
        plan.compile(roots, &**backend);
    }
    let mut canvases = Vec::new();
    let mut results = Vec::new();
    for (root, id) in roots.iter().zip(&plan.roots) {
        let node = plan.node(*id);
        if node.reducing.is_some() && node.array.grid().count() == 1 {
            results.push(Outcome::Chunk(results.len(), plan.place(*id)));
        } else {
            let target = Target::new(root.dtype().clone(), root.shape());
            let grid = root.grid().clone();
            let regions = (0..grid.count()).map(|number| grid.region(number));
            results.push(Outcome::Canvas(canvases.len()));
            canvases.push((*id, grid.clone(), Canvas::new(target, regions)));
        }
    }
    let shared = Arc::new(Shared { plan, canvases, backend: backend.cloned() });
    let mut lowering = Lowering {
        graph: Graph::new(),
        shared: &shared,
        tasks: HashMap::new(),
        blocks: HashMap::new(),
        inputs: Vec::new(),
        stages: Vec::new(),
        current: 0,
        pieces: None,
    };
    lowering.nodes()?;
    let mut outputs = Vec::new();
    for (place, id) in shared.plan.roots.iter().enumerate() {
        match &mut results[place] {
            Outcome::Chunk(output, _) => {
                *output = outputs.len();
                outputs.push(lowering.tasks[id][0]);
            }
            Outcome::Canvas(number) => lowering.paint(*number, &mut outputs)?,
        }
    }
    let plan = graph::Plan::new(lowering.graph, outputs);
    let results_bytes = roots.iter().map(|root| root.nbytes() as u64).sum();
    let explanation = Explanation { stages: lowering.stages, results: results_bytes };
    Ok(Lowered { plan, results, shared, explanation })
}

/// Computes arrays: each becomes one array in memory.
///
/// # Errors
/// Those of the engine.
pub fn compute(
    roots: &[Array],
    engine: &Engine,
    backend: Option<&Arc<dyn Backend>>,
    memory: Option<u64>,
    control: &Arc<Control>,
    watch: &mut dyn Watch,
) -> Result<Vec<View>, EngineError> {
    let lowered = lower(roots, backend, memory).map_err(|source| EngineError::Task {
        name: "plan".to_owned(),
        partition: 0,
        origin: None,
        source,
    })?;
    lowered.run(engine, control, watch)
}

impl Lowered {
    /// Runs the graph and returns the arrays.
    ///
    /// # Errors
    /// Those of the engine.
    pub fn run(
        self,
        engine: &Engine,
        control: &Arc<Control>,
        watch: &mut dyn Watch,
    ) -> Result<Vec<View>, EngineError> {
        let Self { plan, results, shared, explanation } = self;
        let engine = engine.with_less_memory(explanation.beside(engine.workers()));
        let values = if plan.graph.is_empty() {
            Vec::new()
        } else {
            // Chunks are no chains to be fused: the plan has done that. Nothing is there that nobody needs.
            engine.run_watched(plan.apply("order"), control, watch)?
        };
        let view = |outcome: Outcome| match outcome {
            Outcome::Chunk(output, place) => {
                let chunk = downcast::<Chunk>(&values[output]).expect("a task makes a chunk");
                chunk.views[place].clone()
            }
            Outcome::Canvas(number) => shared.canvases[number].2.view(),
        };
        Ok(results.into_iter().map(view).collect())
    }

    /// What it does.
    pub fn explanation(&self) -> &Explanation {
        &self.explanation
    }

    /// How many elements the largest array on the way has.
    pub fn elements(&self) -> usize {
        let nodes = self.shared.plan.nodes.iter();
        nodes.map(|node| node.array.len()).max().unwrap_or(0)
    }

    /// How many tasks it takes.
    pub fn tasks(&self) -> usize {
        self.plan.graph.len()
    }
}

struct Lowering<'a> {
    graph: Graph,
    shared: &'a Arc<Shared>,
    /// That make the chunks of stored nodes.
    tasks: HashMap<Id, Tasks>,
    blocks: HashMap<*const Blocks, Tasks>,
    /// For the task that is being made.
    inputs: Vec<TaskId>,
    stages: Vec<Stage>,
    /// Whose tasks are being made.
    current: usize,
    /// The op that cuts pieces for them, and its stage.
    pieces: Option<(Arc<Layer>, usize)>,
}

type Tasks = Arc<[TaskId]>;

impl Lowering<'_> {
    /// The op of a new stage.
    fn op(&mut self, work: Work) -> Arc<dyn Op> {
        self.current = self.stages.len();
        self.pieces = None;
        self.stages.push(self.shared.stage(&work));
        Arc::new(Layer { shared: Arc::clone(self.shared), work })
    }

    /// Adds a task that reads what a walk has found.
    fn add(&mut self, op: &Arc<dyn Op>, number: usize, pull: &Pull<'_>) -> Result<TaskId, OpError> {
        self.add_after(op, number, pull, &[])
    }

    /// Adds a task that reads what a walk has found, and then what other tasks have made.
    fn add_after(
        &mut self,
        op: &Arc<dyn Op>,
        number: usize,
        pull: &Pull<'_>,
        others: &[TaskId],
    ) -> Result<TaskId, OpError> {
        let found = pull.collected();
        self.stages[self.current].account(&found);
        let mut inputs = std::mem::take(&mut self.inputs);
        inputs.clear();
        for read in found.chunks {
            let chunk = self.tasks[&read.id][read.number];
            inputs.push(if read.is_piece { self.piece(read, chunk)? } else { chunk });
        }
        inputs.extend(others);
        let task = self.graph.add(op, number as u32, &inputs)?;
        self.inputs = inputs;
        Ok(task)
    }

    /// Adds a task that cuts out what another one reads of a chunk.
    fn piece(&mut self, read: Read, chunk: TaskId) -> Result<TaskId, OpError> {
        let (layer, stage) = match &self.pieces {
            Some((layer, stage)) => (Arc::clone(layer), *stage),
            None => {
                let work = Work::Piece(read.id, Mutex::default());
                let stage = self.shared.stage(&work);
                let layer = Arc::new(Layer { shared: Arc::clone(self.shared), work });
                // It comes before the stage that it is for.
                let place = self.current;
                self.stages.insert(place, stage);
                self.current += 1;
                self.pieces = Some((Arc::clone(&layer), place));
                (layer, place)
            }
        };
        let Work::Piece(_, cuts) = &layer.work else { unreachable!("it cuts pieces") };
        let mut cuts = cuts.lock().unwrap_or_else(PoisonError::into_inner);
        let array = &self.shared.plan.node(read.id).array;
        let elements: usize = lengths(&read.inside).iter().product();
        let whole: usize =
            array.grid().region(read.number).iter().map(ExactSizeIterator::len).product();
        self.stages[stage].cut(elements * array.dtype().size(), whole * array.dtype().size());
        let number = cuts.len() as u32;
        cuts.push((read.id, read.inside.into_iter().collect()));
        drop(cuts);
        let op: Arc<dyn Op> = layer;
        Ok(self.graph.add(&op, number, &[chunk])?)
    }

    /// Adds the tasks of all stored nodes.
    fn nodes(&mut self) -> Result<(), OpError> {
        let shared = Arc::clone(self.shared);
        let pull = Pull::collect(&shared.plan);
        for id in 0..shared.plan.nodes.len() as Id {
            let node = shared.plan.node(id);
            if !node.stored || self.tasks.contains_key(&id) {
                continue;
            }
            match (&node.array.0.kind, node.reducing) {
                (_, Some((number, _))) => self.reduce(number, &pull)?,
                (Kind::Blocks(blocks, _), _) if let Some(calls) = blocks.added => {
                    self.sums(id, blocks, calls, &pull)?;
                }
                (Kind::Blocks(blocks, output), _) => {
                    let count = node.array.grid().count();
                    let calls = match self.blocks.get(&Arc::as_ptr(blocks)) {
                        Some(calls) => Arc::clone(calls),
                        None => {
                            let op = self.op(Work::Blocks(id));
                            let calls = (0..count).map(|number| {
                                shared.block_inputs(&pull, id, blocks, number)?;
                                self.add(&op, number, &pull)
                            });
                            let calls: Tasks = calls.collect::<Result<_, _>>()?;
                            self.blocks.insert(Arc::as_ptr(blocks), Arc::clone(&calls));
                            calls
                        }
                    };
                    let tasks = if blocks.outputs.len() > 1 {
                        let op = self.op(Work::Pick(id, *output));
                        let picks = (0..).zip(&*calls).map(|(number, call)| {
                            self.stages[self.current].combine(0);
                            self.graph.add(&op, number, &[*call])
                        });
                        picks.collect::<Result<_, _>>()?
                    } else {
                        calls
                    };
                    self.tasks.insert(id, tasks);
                }
                _ => {
                    let op = self.op(Work::Store(id));
                    let grid = node.array.grid();
                    let tasks = (0..grid.count()).map(|number| {
                        pull.compute(id, &items(&grid.region(number)))?;
                        self.add(&op, number, &pull)
                    });
                    let tasks = tasks.collect::<Result<_, OpError>>()?;
                    self.tasks.insert(id, tasks);
                }
            }
        }
        Ok(())
    }

    /// Adds the tasks of a function that adds to chunks.
    fn sums(
        &mut self,
        id: Id,
        blocks: &Blocks,
        calls: usize,
        pull: &Pull<'_>,
    ) -> Result<(), OpError> {
        let shared = Arc::clone(self.shared);
        let count = blocks.outputs[0].1.count();
        let op = self.op(Work::Zeros(id));
        let zeros = (0..count as u32).map(|number| {
            self.stages[self.current].combine(0);
            self.graph.add(&op, number, &[])
        });
        let zeros: Vec<TaskId> = zeros.collect::<Result<_, _>>()?;
        let op = self.op(Work::Add(id));
        // Of each chunk, the last call so far.
        let mut last: Vec<TaskId> = Vec::new();
        for call in 0..calls {
            let adding = (0..count).map(|number| {
                let own = call * count + number;
                shared.block_inputs(pull, id, blocks, own)?;
                let before = last.get(number).copied();
                let others: SmallVec<[TaskId; 2]> =
                    before.into_iter().chain([zeros[number]]).collect();
                self.add_after(&op, own, pull, &others)
            });
            last = adding.collect::<Result<_, OpError>>()?;
        }
        self.tasks.insert(id, last.into());
        Ok(())
    }

    /// Adds the tasks of reductions that share a pass.
    fn reduce(&mut self, number: usize, pull: &Pull<'_>) -> Result<(), OpError> {
        let shared = Arc::clone(self.shared);
        let reducing = &shared.plan.reductions[number];
        let grid = &reducing.grid;
        let op = self.op(Work::Partial(number));
        let partials = (0..grid.count()).map(|chunk| {
            reducing.partial(pull, chunk)?;
            self.add(&op, chunk, pull)
        });
        let partials: Vec<TaskId> = partials.collect::<Result<_, OpError>>()?;
        // For each chunk of the result, the parts that it is made of.
        let reduced = reducing.reduced();
        let kept: SmallVec<[Option<usize>; 4]> =
            (0..grid.ndim()).filter(|axis| !reduced[*axis]).map(Some).collect();
        let result = grid.axes(&kept);
        let mut parts: Vec<Vec<TaskId>> = vec![Vec::new(); result.count()];
        for (chunk, partial) in partials.into_iter().enumerate() {
            let index = grid.index(chunk);
            let own: SmallVec<[usize; 4]> = index
                .iter()
                .zip(&reduced)
                .filter(|(_, reduced)| !**reduced)
                .map(|(i, _)| *i)
                .collect();
            parts[result.number(&own)].push(partial);
        }
        // Of a chunk: what partial results take.
        let region = result.region(0);
        let state = region.iter().map(ExactSizeIterator::len).product::<usize>() * reducing.bytes();
        let merge = self.op(Work::Merge(number));
        for parts in &mut parts {
            while parts.len() > FAN_IN {
                let mut merged = Vec::with_capacity(parts.len().div_ceil(FAN_IN));
                for some in parts.chunks(FAN_IN) {
                    merged.push(self.graph.add(&merge, merged.len() as u32, some)?);
                    self.stages[self.current].combine(state * some.len());
                }
                *parts = merged;
            }
        }
        let finish = self.op(Work::Finish(number));
        let finished = (0..).zip(&parts).map(|(chunk, parts)| {
            self.stages[self.current].combine(state * parts.len());
            self.graph.add(&finish, chunk, parts)
        });
        let finished: Tasks = finished.collect::<Result<_, _>>()?;
        for member in &reducing.members {
            self.tasks.insert(member.id, Arc::clone(&finished));
        }
        Ok(())
    }

    /// Adds the tasks that write a root.
    fn paint(&mut self, number: usize, outputs: &mut Vec<TaskId>) -> Result<(), OpError> {
        let shared = Arc::clone(self.shared);
        let pull = Pull::collect(&shared.plan);
        let (id, grid, _) = &shared.canvases[number];
        let op = self.op(Work::Paint(number));
        let mut nothing = Target::new(crate::DType::Opaque("".into(), 0), &[]);
        for chunk in 0..grid.count() {
            pull.fill(*id, &items(&grid.region(chunk)), &mut nothing)?;
            outputs.push(self.add(&op, chunk, &pull)?);
        }
        Ok(())
    }
}

impl Shared {
    /// A stage of which nothing is known but what it does.
    fn stage(&self, work: &Work) -> Stage {
        let plan = &self.plan;
        let (kind, id, grid) = match work {
            Work::Store(id) => ("store", *id, plan.node(*id).array.grid()),
            Work::Paint(number) => ("result", self.canvases[*number].0, &self.canvases[*number].1),
            Work::Blocks(id) => ("blocks", *id, plan.node(*id).array.grid()),
            Work::Zeros(id) => ("zeros", *id, plan.node(*id).array.grid()),
            Work::Add(id) => ("sum", *id, plan.node(*id).array.grid()),
            Work::Pick(id, _) => ("pick", *id, plan.node(*id).array.grid()),
            Work::Piece(id, _) => ("piece", *id, plan.node(*id).array.grid()),
            Work::Partial(number) => {
                let reducing = &plan.reductions[*number];
                ("partial", reducing.members[0].id, &reducing.grid)
            }
            Work::Merge(number) => {
                ("merge", plan.reductions[*number].members[0].id, &plan.reductions[*number].grid)
            }
            Work::Finish(number) => {
                let id = plan.reductions[*number].members[0].id;
                ("finish", id, plan.node(id).array.grid())
            }
        };
        let node = plan.node(id);
        let group = match work {
            Work::Partial(number) => Some(&plan.reductions[*number].group),
            Work::Store(_) | Work::Paint(_) => node.group.as_ref(),
            _ => None,
        };
        let steps = group.into_iter().flat_map(|group| &group.fused.steps);
        let chunk = shape_of(&grid.region(0));
        let count: usize = chunk.iter().product();
        // What a task makes, and all of them.
        let (own, all) = match (work, &node.array.0.kind) {
            (Work::Partial(number) | Work::Merge(number), _) => {
                let reducing = &plan.reductions[*number];
                let bytes = reducing.bytes();
                let kept = grid.region(0).into_iter().enumerate();
                let kept = kept.filter(|(axis, _)| !reducing.axes.contains(axis));
                let one = kept.map(|(_, range)| range.len()).product::<usize>() * bytes;
                let tasks = if matches!(work, Work::Partial(_)) { grid.count() } else { 1 };
                (one, one * tasks)
            }
            (Work::Add(_), _) => (0, node.array.nbytes()),
            // Counted with what is added to it, and piece by piece.
            (Work::Zeros(_) | Work::Piece(..), _) => (0, 0),
            (Work::Blocks(_), Kind::Blocks(blocks, _)) => {
                let outputs = blocks.outputs.iter();
                let sizes = outputs.map(|(dtype, grid)| {
                    let region = grid.region(0);
                    let one = region.iter().map(ExactSizeIterator::len).product::<usize>();
                    (one * dtype.size(), grid.shape().iter().product::<usize>() * dtype.size())
                });
                sizes.fold((0, 0), |(one, all), (more, whole)| (one + more, all + whole))
            }
            _ => (count * node.array.dtype().size(), node.array.nbytes()),
        };
        Stage {
            name: Layer::describe(plan, &self.canvases, work),
            kind,
            tasks: 0,
            fused: steps.map(|step| step.op.name().to_owned()).collect(),
            is_compiled: group.is_some_and(crate::group::Group::is_compiled),
            dtype: node.array.dtype().clone(),
            shape: grid.shape(),
            chunk,
            read: 0,
            received: 0,
            written: all as u64,
            own: match work {
                // Counted on the way.
                Work::Store(_) | Work::Paint(_) => 0,
                _ => own as u64,
            },
            task: own as u64,
        }
    }

    /// What a function of blocks is given for a chunk.
    fn block_inputs(
        &self,
        pull: &Pull<'_>,
        id: Id,
        blocks: &Blocks,
        number: usize,
    ) -> Result<Vec<View>, OpError> {
        let grid = &blocks.outputs[0].1;
        let index = grid.index(number % grid.count());
        let mut views = Vec::with_capacity(blocks.inputs.len());
        // A node may stand for several inputs: the plan names each in its place.
        for ((input, regions), own) in
            blocks.inputs.iter().zip(&blocks.regions).zip(&self.plan.node(id).inputs)
        {
            let all = || -> Items { input.shape().iter().map(|size| (0, 1, *size)).collect() };
            let own_items = match regions {
                Regions::All => all(),
                Regions::List(list) => items(&list[number]),
                Regions::Same => {
                    let grid = input.grid();
                    let new = index.len().saturating_sub(grid.ndim());
                    let place: SmallVec<[usize; 4]> = (0..grid.ndim())
                        .map(|axis| match grid.blocks(axis) {
                            1 => 0,
                            _ => index[axis + new],
                        })
                        .collect();
                    items(&grid.region_at(&place))
                }
            };
            views.push(pull.elements(*own, &own_items)?);
        }
        Ok(views)
    }
}

impl Layer {
    fn describe(plan: &Plan, canvases: &[(Id, Grid, Canvas)], work: &Work) -> String {
        let reduction = |number: usize| {
            let reducing = &plan.reductions[number];
            let names = reducing.members.iter().map(|member| plan.node(member.id).array.name());
            names.collect::<Vec<_>>().join("+")
        };
        match work {
            Work::Store(id) | Work::Blocks(id) | Work::Add(id) => plan.describe(*id),
            Work::Zeros(id) => format!("{}-zeros", plan.describe(*id)),
            Work::Pick(id, output) => format!("{}-{output}", plan.describe(*id)),
            Work::Piece(id, _) => format!("{}-piece", plan.describe(*id)),
            Work::Paint(number) => plan.describe(canvases[*number].0),
            Work::Partial(number) => {
                let input = plan.describe(plan.reductions[*number].input);
                format!("{}({input})", reduction(*number))
            }
            Work::Merge(number) => format!("{}-merge", reduction(*number)),
            Work::Finish(number) => format!("{}-finish", reduction(*number)),
        }
    }
}

impl Op for Layer {
    fn name(&self) -> String {
        Self::describe(&self.shared.plan, &self.shared.canvases, &self.work)
    }

    fn run(&self, mut inputs: Vec<Value>, context: &Context<'_>) -> Result<Value, OpError> {
        context.check()?;
        let shared = &*self.shared;
        let plan = &shared.plan;
        let number = context.partition as usize;
        let alarm = context.control.alarm();
        let chunks = |inputs: &[Value]| -> Result<Vec<Chunk>, OpError> {
            let each = inputs.iter().map(|input| {
                downcast::<Chunk>(input).cloned().ok_or_else(|| "parts are chunks".into())
            });
            each.collect()
        };
        let chunk = match &self.work {
            &Work::Merge(reduction) => {
                let parts = chunks(&inputs)?;
                {
                    let backend = shared.backend.as_deref();
                    plan.reductions[reduction].merge(
                        &parts.iter().collect::<Vec<_>>(),
                        backend,
                        alarm,
                    )?
                }
            }
            &Work::Finish(reduction) => {
                let parts = chunks(&inputs)?;
                let reducing = &plan.reductions[reduction];
                let backend = shared.backend.as_deref();
                let all = reducing.merge(&parts.iter().collect::<Vec<_>>(), backend, alarm)?;
                reducing.finish(&all, backend, alarm)?
            }
            &Work::Partial(reduction) => {
                let pull = Pull::run(plan, shared.backend.as_ref(), inputs, context);
                plan.reductions[reduction].partial(&pull, number)?
            }
            &Work::Pick(id, output) => {
                let mut view = chunks(&inputs)?[0].views[output].clone();
                if plan.is_shuffled(id) {
                    // A view would keep the others, too.
                    view = view.apart();
                }
                Chunk { views: smallvec![view], ..Chunk::default() }
            }
            Work::Piece(_, cuts) => {
                let parts = chunks(&inputs)?;
                let cuts = cuts.lock().unwrap_or_else(PoisonError::into_inner);
                let (id, cut) = cuts[number].clone();
                drop(cuts);
                // A copy: a view would keep the whole chunk.
                let view = sliced(&parts[0].views[plan.place(id)], &cut).apart();
                Chunk { views: smallvec![view], count: 0, is_piece: true }
            }
            &Work::Store(id) => {
                let pull = Pull::run(plan, shared.backend.as_ref(), inputs, context);
                let region: Region = plan.node(id).array.grid().region(number);
                let view = pull.compute(id, &items(&region))?;
                Chunk { views: smallvec![view], ..Chunk::default() }
            }
            &Work::Paint(canvas) => {
                let (id, grid, canvas) = &shared.canvases[canvas];
                let pull = Pull::run(plan, shared.backend.as_ref(), inputs, context);
                pull.fill(*id, &items(&grid.region(number)), &mut canvas.take(number))?;
                Chunk::default()
            }
            &Work::Zeros(id) => {
                let array = &plan.node(id).array;
                let shape = shape_of(&array.grid().region(number));
                let target = Target::zeros(array.dtype().clone(), &shape);
                let bytes = shape.iter().product::<usize>() * array.dtype().size();
                return Ok(Arc::new(Sum { target: Mutex::new(Some(target)), bytes }));
            }
            &Work::Add(id) => {
                let blocks = plan.function(id);
                let sum = inputs.pop().ok_or("a task that adds has a sum")?;
                let sum = downcast::<Sum>(&sum).ok_or("a task adds to a sum")?;
                let pull = Pull::run(plan, shared.backend.as_ref(), inputs, context);
                let views = shared.block_inputs(&pull, id, blocks, number)?;
                let place = || sum.target.lock().unwrap_or_else(PoisonError::into_inner);
                let mut target = place().take().ok_or("a call adds once")?;
                blocks.function.add(&mut target, views, context)?;
                let count = blocks.outputs[0].1.count();
                if Some(number / count + 1) != blocks.added {
                    *place() = Some(target);
                    return Ok(Arc::new(Added));
                }
                Chunk { views: smallvec![target.freeze()], ..Chunk::default() }
            }
            &Work::Blocks(id) => {
                let blocks = plan.function(id);
                let pull = Pull::run(plan, shared.backend.as_ref(), inputs, context);
                let views = shared.block_inputs(&pull, id, blocks, number)?;
                let index = blocks.outputs[0].1.index(number);
                let views = blocks.function.call(&index, views, context)?;
                for (view, (dtype, grid)) in views.iter().zip(&blocks.outputs) {
                    let region = grid.region(number);
                    let fits = view.dtype() == dtype
                        && view
                            .shape()
                            .iter()
                            .copied()
                            .eq(region.iter().map(ExactSizeIterator::len));
                    if !fits {
                        let expected: Vec<_> = region.iter().map(ExactSizeIterator::len).collect();
                        let (name, got) = (&blocks.name, view.shape());
                        return Err(format!(
                            "{name} returned {} of shape {got:?} for chunk {index:?}, \
                             not {dtype} of shape {expected:?}",
                            view.dtype()
                        )
                        .into());
                    }
                }
                Chunk { views: views.into(), ..Chunk::default() }
            }
        };
        Ok(Arc::new(chunk))
    }
}
