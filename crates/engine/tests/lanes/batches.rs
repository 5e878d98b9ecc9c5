//! Workers take short tasks several at a time, and nobody notices.

use crate::suite::{add_layer, alone, engine, op, threads};
use engine::Options;
use graph::{Graph, Plan, value};
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

#[test]
fn long_tasks_among_short_ones_spread_over_the_workers() {
    let _alone = alone();
    // A thousand short tasks teach the workers to take many at a time; the long ones fit in one batch.
    let long = 1000..1010;
    let among = long.clone();
    let work = op("work", move |_, context| {
        if among.contains(&context.partition) {
            std::thread::sleep(Duration::from_millis(40));
        }
        Ok(value(()))
    });
    let mut graph = Graph::new();
    add_layer(&mut graph, &work, 2000);
    let collector = Arc::<trace::Collector>::default();
    let options = Options { trace: Some(Arc::clone(&collector)), ..threads(8) };
    engine(&options).run(Plan::new(graph, vec![])).expect("sleeping works");
    let trace = collector.trace(0);
    let events = trace.events().iter().filter(|event| long.contains(&event.task));
    let workers: BTreeSet<_> = events.map(|event| event.row).collect();
    assert!(workers.len() >= 3, "the long tasks ran on workers {workers:?}");
}
