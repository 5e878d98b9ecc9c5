//! What a plan does, for people: its stages, what is fused, what is read, and how much memory it takes at most.

use crate::DType;
use crate::pull::Collected;
use crate::view::Shape;

/// Tasks that do the same to different chunks.
#[derive(Clone, Debug)]
pub struct Stage {
    /// What they do, as traces name it.
    pub name: String,
    /// What becomes of it: `"store"`, `"result"`, `"partial"`, `"merge"`, `"finish"`, `"blocks"`, `"sum"`; `"pick"`,
    /// which is one output of blocks that have several, `"piece"`, which is what a reader needs of a chunk, or `"zeros"`,
    /// which sums begin with.
    pub kind: &'static str,
    /// How many there are.
    pub tasks: usize,
    /// The operations that are one loop.
    pub fused: Vec<String>,
    /// Whether the loop is machine code; otherwise it is interpreted.
    pub is_compiled: bool,
    /// Of the elements.
    pub dtype: DType,
    /// Of the whole array.
    pub shape: Shape,
    /// Of the first chunk.
    pub chunk: Shape,
    /// Bytes of arrays in memory and of files that all of them read.
    pub read: u64,
    /// Bytes of other stages' results that all of them read.
    pub received: u64,
    /// Bytes of all their results.
    pub written: u64,
    /// Bytes of one of their results, where that is not made on the way.
    pub(crate) own: u64,
    /// The most that one of them has in memory at one time, beside what is there anyway: what it receives, what it
    /// makes on the way, and its result.
    pub task: u64,
}

impl Stage {
    /// Counts a task that reads what a walk has found.
    pub(crate) fn account(&mut self, found: &Collected) {
        self.tasks += 1;
        self.read += found.read as u64;
        self.received += found.received as u64;
        // Functions of blocks are taken to need as much again as they are given.
        let is_function = matches!(self.kind, "blocks" | "sum");
        let beside = if is_function { found.made + found.received } else { 0 };
        self.task = self.task.max((found.made + found.received + beside) as u64 + self.own);
    }

    /// Counts a task that receives so many bytes, and makes as much as one of them.
    pub(crate) fn combine(&mut self, received: usize) {
        self.tasks += 1;
        self.received += received as u64;
        self.task = self.task.max(2 * received as u64);
    }

    /// Counts a task that cuts so many bytes out of so many.
    pub(crate) fn cut(&mut self, bytes: usize, whole: usize) {
        self.tasks += 1;
        self.received += bytes as u64;
        self.written += bytes as u64;
        self.task = self.task.max((bytes + whole) as u64);
    }
}

/// What a plan does.
#[derive(Clone, Debug)]
pub struct Explanation {
    /// In the order in which they are made; many run at one time.
    pub stages: Vec<Stage>,
    /// Bytes of the arrays that were asked for.
    pub results: u64,
}

impl Explanation {
    /// The most memory, in bytes, beside what is there before, that `workers` tasks at one time take, where results of
    /// stages may take `memory`; the engine keeps them to that, or writes them to disk.
    ///
    /// It is a bound: chunks are freed when the last task that reads them has ended.
    pub fn peak(&self, workers: usize, memory: Option<u64>) -> u64 {
        let stored: u64 = self
            .stages
            .iter()
            .filter(|stage| !matches!(stage.kind, "result" | "pick" | "zeros"))
            .map(|stage| stage.written)
            .sum();
        let kept = stored.min(memory.unwrap_or(u64::MAX));
        self.beside(workers) + kept
    }

    /// Bytes of what is no stage's result, at most: the arrays that were asked for, and what tasks have while they run.
    pub(crate) fn beside(&self, workers: usize) -> u64 {
        let all = self.stages.iter();
        let tasks = all.flat_map(|stage| std::iter::repeat_n(stage.task, stage.tasks.min(workers)));
        let mut tasks: Vec<u64> = tasks.collect();
        tasks.sort_unstable_by(|one, other| other.cmp(one));
        self.results + tasks.iter().take(workers).sum::<u64>()
    }
}
