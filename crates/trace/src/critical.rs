//! The critical path: the chain of dependent tasks that the run could not have been shorter than.

use crate::{Event, Trace};
use std::collections::HashMap;

impl Trace {
    /// The longest chain by running time, first task first.
    ///
    /// `inputs` names the tasks that a task waited for. With every worker in the world the run would
    /// still take the sum of these tasks' times.
    pub fn critical_path<'graph>(&self, inputs: impl Fn(u32) -> &'graph [u32]) -> Vec<Event> {
        // Events are sorted by start, and a task starts after its inputs end.
        let mut longest: HashMap<u32, (u64, Option<u32>, Event)> = HashMap::new();
        for event in &self.events {
            let before = inputs(event.task)
                .iter()
                .filter_map(|input| longest.get(input).map(|(length, ..)| (*length, *input)))
                .max();
            let (length, previous) = match before {
                Some((length, input)) => (length, Some(input)),
                None => (0, None),
            };
            longest.insert(event.task, (length + event.end - event.start, previous, *event));
        }
        let mut next = longest.iter().max_by_key(|(task, (length, ..))| (*length, **task));
        let mut path = Vec::new();
        while let Some((_, (_, previous, event))) = next {
            path.push(*event);
            next = previous.and_then(|task| longest.get_key_value(&task));
        }
        path.reverse();
        path
    }
}

#[cfg(test)]
mod tests {
    use crate::{Event, Label, Lane, Recorder};

    #[test]
    fn the_critical_path_is_the_longest_chain_not_the_longest_task() {
        let recorder = Recorder::new(2);
        let event = |task, start, end| Event {
            task,
            worker: task % 2,
            lane: Lane::Threads,
            start,
            end,
            bytes: 0,
        };
        // 0 (30 ns) stands alone; 1 -> 2 -> 3 takes 20 + 15 + 5.
        for event in [event(0, 0, 30), event(1, 0, 20), event(2, 20, 35), event(3, 35, 40)] {
            recorder.record(event.worker as usize, event);
        }
        let trace = recorder.finish(|task| Label { name: "t".into(), partition: task });
        let inputs: [&[u32]; 4] = [&[], &[], &[1], &[2, 0]];
        let path: Vec<_> =
            trace.critical_path(|task| inputs[task as usize]).iter().map(|e| e.task).collect();
        assert_eq!(path, [1, 2, 3]);
    }
}
