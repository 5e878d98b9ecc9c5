//! The critical path: the chain of dependent tasks that the runs could not have been shorter than.
//!
//! A task depends on those whose results it reads. A run depends on those that the same thread asked
//! for and saw end before it: `a.compute(); b.compute()` are one after the other whatever the number
//! of cores. What runs within a task is part of that task.

use crate::collector::Run;
use crate::{Event, Trace};
use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};

/// A chain that ends with a task.
#[derive(Clone, Copy)]
struct Link {
    // Nanoseconds of all the chain's tasks.
    length: u64,
    event: usize,
    // The link before it, in the list of all links.
    before: Option<usize>,
}

impl Trace {
    /// The longest chain by running time, first task first.
    ///
    /// With every worker in the world it would still have taken the sum of these tasks' times.
    pub fn critical_path(&self) -> Vec<Event> {
        let mut events = vec![Vec::new(); self.runs.len()];
        for (index, event) in self.events().iter().enumerate() {
            events[event.run as usize].push(index);
        }
        let mut links: Vec<Link> = Vec::with_capacity(self.events().len());
        let mut threads: HashMap<u32, Thread> = HashMap::new();
        let mut longest = None;
        // Runs are in the order of their starts.
        for (run, mut events) in self.runs.iter().zip(events) {
            if run.within.is_some() {
                continue;
            }
            let thread = threads.entry(run.caller).or_default();
            let before = thread.before(run, &links);
            // An input's number is less than its reader's.
            events.sort_unstable_by_key(|event| self.events()[*event].task);
            let last = self.follow(run, &events, before, &mut links);
            if let (Some(end), Some(last)) = (run.end, last) {
                thread.ending.push(Reverse((end, last)));
            }
            longest = longer(longest, last, &links);
        }
        let mut path = Vec::new();
        while let Some(link) = longest {
            path.push(self.events()[links[link].event]);
            longest = links[link].before;
        }
        path.reverse();
        path
    }

    /// Adds a link for each event of a run; returns the end of the longest chain.
    fn follow(
        &self,
        run: &Run,
        events: &[usize],
        before: Option<usize>,
        links: &mut Vec<Link>,
    ) -> Option<usize> {
        // By task; none for a task that has not run, or not in this trace.
        let mut chains: Vec<Option<usize>> = vec![None; run.outline.len()];
        let mut longest = None;
        for &index in events {
            let event = &self.events()[index];
            let inputs = run.outline.inputs(event.task).iter();
            let before = inputs
                .map(|input| chains[*input as usize])
                .fold(before, |longest, chain| longer(longest, chain, links));
            let length = before.map_or(0, |link| links[link].length) + event.length();
            links.push(Link { length, event: index, before });
            let link = Some(links.len() - 1);
            chains[event.task as usize] = link;
            longest = longer(longest, link, links);
        }
        longest
    }
}

/// The runs that one thread has asked for.
#[derive(Default)]
struct Thread {
    // When each ends, and its longest chain: those that no run has been found to follow, first end
    // first.
    ending: BinaryHeap<Reverse<(u64, usize)>>,
    longest: Option<usize>,
}

impl Thread {
    /// The longest chain of those that had ended when `run` started.
    fn before(&mut self, run: &Run, links: &[Link]) -> Option<usize> {
        while let Some(&Reverse((end, chain))) = self.ending.peek()
            && end <= run.start
        {
            self.ending.pop();
            self.longest = longer(self.longest, Some(chain), links);
        }
        self.longest
    }
}

/// The longer of two chains; of equal ones the first.
fn longer(one: Option<usize>, other: Option<usize>, links: &[Link]) -> Option<usize> {
    match (one, other) {
        (Some(first), Some(second)) if links[second].length <= links[first].length => one,
        (_, None) => one,
        _ => other,
    }
}

#[cfg(test)]
mod tests {
    use crate::collector::Run;
    use crate::{Event, Outline, Row, Trace};
    use std::sync::Arc;

    /// A run whose tasks read the tasks named by `inputs`.
    fn run(inputs: &[&[u32]], start: u64, end: Option<u64>) -> Run {
        let mut outline = Outline::default();
        let op = outline.op("op".into());
        for (task, inputs) in inputs.iter().enumerate() {
            outline.task(op, task as u32, inputs.iter().copied());
        }
        let outline = Arc::new(outline);
        Run { outline, crews: Vec::new(), caller: 0, within: None, start, end }
    }

    fn event(run: u32, task: u32, start: u64, end: u64) -> Event {
        Event { run, task, row: Row::Thread(task % 2), start, end, bytes: 0 }
    }

    fn path(runs: Vec<Run>, events: Vec<Event>) -> Vec<(u32, u32)> {
        let trace = Trace::new(0..1000, runs, events, Vec::new());
        trace.critical_path().iter().map(|event| (event.run, event.task)).collect()
    }

    #[test]
    fn it_is_the_longest_chain_and_not_the_longest_task() {
        // 0 (30 ns) stands alone; 1 -> 2 -> 3 takes 20 + 15 + 5.
        let events =
            vec![event(0, 0, 0, 30), event(0, 1, 0, 20), event(0, 2, 20, 35), event(0, 3, 35, 40)];
        let runs = vec![run(&[&[], &[], &[1], &[2, 0]], 0, Some(40))];
        assert_eq!(path(runs, events), [(0, 1), (0, 2), (0, 3)]);
    }

    #[test]
    fn a_run_follows_those_that_its_thread_saw_end_before_it() {
        let runs =
            || vec![run(&[&[]], 0, Some(20)), run(&[&[]], 5, Some(9)), run(&[&[]], 10, None)];
        let events = || vec![event(0, 0, 0, 20), event(1, 0, 5, 9), event(2, 0, 10, 30)];
        // The first was still going on when the last was asked for.
        assert_eq!(path(runs(), events()), [(1, 0), (2, 0)]);
        let mut by_others = runs();
        by_others[1].caller = 1;
        assert_eq!(path(by_others, events()), [(0, 0)], "of equally long ones the first");
    }

    #[test]
    fn what_runs_within_a_task_is_part_of_it() {
        let mut inner = run(&[&[], &[0]], 10, Some(60));
        inner.within = Some((0, 0));
        let runs = vec![run(&[&[]], 0, Some(70)), inner];
        let events = vec![event(0, 0, 0, 70), event(1, 0, 10, 30), event(1, 1, 30, 60)];
        assert_eq!(path(runs, events), [(0, 0)]);
    }

    #[test]
    fn nothing_has_no_path() {
        assert_eq!(path(Vec::new(), Vec::new()), []);
        assert_eq!(path(vec![run(&[&[]], 0, None)], Vec::new()), []);
    }
}
