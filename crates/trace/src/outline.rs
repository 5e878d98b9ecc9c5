//! What a run's tasks are called, and what they wait for.

/// A run's graph as far as a trace needs it: each task's op, partition and inputs.
#[derive(Debug, Default)]
pub struct Outline {
    names: Vec<String>,
    tasks: Vec<Task>,
    // All inputs of all tasks, one after the other: task i's end at tasks[i].inputs_end.
    inputs: Vec<u32>,
}

#[derive(Debug)]
struct Task {
    op: u32,
    partition: u32,
    inputs_end: usize,
}

impl Outline {
    /// Adds an op, and returns its number.
    pub fn op(&mut self, name: String) -> u32 {
        self.names.push(name);
        self.names.len() as u32 - 1
    }

    /// Adds the next task, which is numbered by its place; its inputs stand before it.
    pub fn task(&mut self, op: u32, partition: u32, inputs: impl IntoIterator<Item = u32>) {
        self.inputs.extend(inputs);
        self.tasks.push(Task { op, partition, inputs_end: self.inputs.len() });
    }

    /// How many tasks there are.
    pub fn len(&self) -> usize {
        self.tasks.len()
    }

    /// Whether there is no task.
    pub fn is_empty(&self) -> bool {
        self.tasks.is_empty()
    }

    /// The ops' names.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// The name of a task's op.
    pub fn name(&self, task: u32) -> &str {
        &self.names[self.tasks[task as usize].op as usize]
    }

    /// A task's partition.
    pub fn partition(&self, task: u32) -> u32 {
        self.tasks[task as usize].partition
    }

    /// The tasks whose results a task reads.
    pub fn inputs(&self, task: u32) -> &[u32] {
        let task = task as usize;
        let start = if task == 0 { 0 } else { self.tasks[task - 1].inputs_end };
        &self.inputs[start..self.tasks[task].inputs_end]
    }
}
