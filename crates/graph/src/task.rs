//! The graph: a flat list of tasks, each an op, a partition and its inputs.

use crate::{Kind, Op};
use std::error::Error;
use std::fmt;
use std::sync::Arc;

/// A task's place in its graph.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TaskId(pub u32);

impl TaskId {
    /// The id as an index.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// One task, borrowed from its graph.
#[derive(Clone, Copy)]
pub struct Task<'graph> {
    /// What it does.
    pub op: &'graph Arc<dyn Op>,
    /// Its number within its layer.
    pub partition: u32,
    /// The tasks whose results it reads, in order; one may stand twice.
    pub inputs: &'graph [TaskId],
}

impl Task<'_> {
    /// What its op needs of a lane.
    pub fn kind(&self) -> Kind {
        self.op.kind()
    }
}

struct Node {
    op: Arc<dyn Op>,
    partition: u32,
    inputs_end: u32,
}

/// Tasks and their dependencies; inputs always stand before the tasks that read them.
#[derive(Default)]
pub struct Graph {
    nodes: Vec<Node>,
    // All inputs of all tasks, one after the other: task i's end at nodes[i].inputs_end.
    inputs: Vec<TaskId>,
}

impl Graph {
    /// An empty graph.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a task that reads the results of `inputs`, and returns its id.
    ///
    /// # Errors
    /// [`GraphError::UnknownInput`] if an input is not in the graph yet;
    /// [`GraphError::TooLarge`] past 2³² tasks or inputs.
    pub fn add(
        &mut self,
        op: &Arc<dyn Op>,
        partition: u32,
        inputs: &[TaskId],
    ) -> Result<TaskId, GraphError> {
        let id = u32::try_from(self.nodes.len()).map_err(|_| GraphError::TooLarge)?;
        if let Some(&unknown) = inputs.iter().find(|input| input.0 >= id) {
            return Err(GraphError::UnknownInput { name: op.name(), input: unknown.0, tasks: id });
        }
        self.inputs.extend_from_slice(inputs);
        let inputs_end = u32::try_from(self.inputs.len()).map_err(|_| GraphError::TooLarge)?;
        self.nodes.push(Node { op: Arc::clone(op), partition, inputs_end });
        Ok(TaskId(id))
    }

    /// How many tasks there are.
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Whether there is no task.
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// The task `id`; it must be of this graph.
    pub fn task(&self, id: TaskId) -> Task<'_> {
        let node = &self.nodes[id.index()];
        Task { op: &node.op, partition: node.partition, inputs: self.inputs(id) }
    }

    /// The tasks whose results `id` reads.
    pub fn inputs(&self, id: TaskId) -> &[TaskId] {
        let start = match id.index() {
            0 => 0,
            index => self.nodes[index - 1].inputs_end as usize,
        };
        &self.inputs[start..self.nodes[id.index()].inputs_end as usize]
    }

    /// All ids, inputs before the tasks that read them.
    pub fn ids(&self) -> impl DoubleEndedIterator<Item = TaskId> + ExactSizeIterator + use<> {
        (0..self.nodes.len() as u32).map(TaskId)
    }

    /// For each task, how many times its result is read.
    pub fn readers(&self) -> Vec<u32> {
        let mut readers = vec![0; self.len()];
        for input in &self.inputs {
            readers[input.index()] += 1;
        }
        readers
    }

    // For the passes: appends a task whose inputs are known to be there.
    pub(crate) fn push(
        &mut self,
        op: Arc<dyn Op>,
        partition: u32,
        inputs: impl Iterator<Item = TaskId>,
    ) -> TaskId {
        let id = TaskId(self.nodes.len() as u32);
        self.inputs.extend(inputs);
        debug_assert!(self.inputs.iter().all(|input| *input < id));
        self.nodes.push(Node { op, partition, inputs_end: self.inputs.len() as u32 });
        id
    }
}

/// Why a task could not be added.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GraphError {
    /// The task reads one that is not there yet, which would also be the way to make a cycle.
    UnknownInput {
        /// The new task's op.
        name: String,
        /// The id that is not there.
        input: u32,
        /// How many tasks there are.
        tasks: u32,
    },
    /// More tasks or dependencies than ids.
    TooLarge,
}

impl fmt::Display for GraphError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownInput { name, input, tasks } => write!(
                f,
                "task {name:?} reads task {input}, but the graph has {tasks} tasks; \
                 add the task that it reads first"
            ),
            Self::TooLarge => f.write_str("a graph holds at most 2^32 tasks and inputs"),
        }
    }
}

impl Error for GraphError {}
