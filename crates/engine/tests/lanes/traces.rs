//! A traced run tells of each task once: where, when, and how large its result is.

use crate::suite::{add, add_layer, alone, engine, lanes, op};
use engine::Options;
use graph::{Graph, Plan, TaskId, value};
use std::collections::BTreeMap;
use std::sync::Arc;
use trace::{Event, Trace};

const LOADS: u32 = 200;

/// Loads of 0, 1, 2... bytes, a reader for each pair of neighbours, and a fan-in.
fn graph() -> Graph {
    let load =
        op("load \"text\"\n", |_, context| Ok(value(vec![0_u8; context.partition as usize])));
    let join = op("join", |inputs, _| {
        let bytes = inputs.iter().map(|input| input.bytes()).sum();
        Ok(value(vec![0_u8; bytes]))
    });
    let mut graph = Graph::new();
    let loads = add_layer(&mut graph, &load, LOADS);
    let pairs: Vec<_> = loads.windows(2).map(|pair| add(&mut graph, &join, 7, pair)).collect();
    add(&mut graph, &join, 0, &pairs);
    graph
}

fn traced(options: &Options) -> Trace {
    let options = Options { trace: true, ..options.clone() };
    let last = TaskId(2 * LOADS - 1);
    let plan = Plan::new(graph(), vec![last]);
    let outcome = engine(&options).run_watched(plan, &Arc::default(), &mut ());
    outcome.expect("joining works").1
}

#[test]
fn each_task_has_one_event_with_its_lane_worker_times_and_bytes() {
    let _alone = alone();
    let graph = graph();
    for options in lanes() {
        let trace = traced(&options);
        let workers = engine(&options).workers() as u32;
        let events: BTreeMap<u32, &Event> =
            trace.events().iter().map(|event| (event.task, event)).collect();
        assert_eq!(trace.events().len(), graph.len(), "{options:?}");
        assert_eq!(events.len(), graph.len(), "{options:?}: each task once");
        assert!(trace.events().is_sorted_by_key(|event| event.start));
        for id in graph.ids() {
            let event = events[&id.0];
            assert_eq!(event.lane, options.lane);
            assert!(event.worker < workers, "{options:?}: {event:?}");
            assert!(event.end >= event.start, "{options:?}: {event:?}");
            for input in graph.inputs(id) {
                assert!(event.start >= events[&input.0].end, "{options:?}: {event:?}");
            }
            let loaded = |id: TaskId| u64::from(id.0);
            let bytes = match graph.inputs(id) {
                [] => loaded(id),
                &[left, right] => loaded(left) + loaded(right),
                all => all.iter().map(|pair| events[&pair.0].bytes).sum(),
            };
            assert_eq!(event.bytes, bytes, "{options:?}: {event:?}");
        }
    }
}

#[test]
fn the_labels_name_op_and_partition_in_the_order_of_the_events() {
    let _alone = alone();
    let graph = graph();
    for options in lanes() {
        let trace = traced(&options);
        assert_eq!(trace.labels().len(), trace.events().len());
        for (event, label) in trace.events().iter().zip(trace.labels()) {
            let task = graph.task(TaskId(event.task));
            assert_eq!((&*label.name, label.partition), (&*task.op.name(), task.partition));
        }
    }
}

#[test]
fn the_critical_path_is_a_chain_from_a_task_that_waits_for_nothing() {
    let _alone = alone();
    let graph = graph();
    let ids: Vec<Vec<u32>> =
        graph.ids().map(|id| graph.inputs(id).iter().map(|input| input.0).collect()).collect();
    for options in lanes() {
        let trace = traced(&options);
        let path = trace.critical_path(|task| &ids[task as usize]);
        let first = path.first().expect("there are tasks");
        assert!(ids[first.task as usize].is_empty(), "{options:?}: {path:?}");
        for link in path.windows(2) {
            let [before, after] = [link[0], link[1]];
            assert!(ids[after.task as usize].contains(&before.task), "{options:?}: {path:?}");
            assert!(after.start >= before.end, "{options:?}: {path:?}");
        }
        let length = |event: &Event| event.end - event.start;
        let longest = trace.events().iter().map(length).max().expect("there are tasks");
        assert!(path.iter().map(length).sum::<u64>() >= longest, "{options:?}: {path:?}");
    }
}

#[test]
fn an_untraced_run_has_no_events() {
    let _alone = alone();
    for options in lanes() {
        let plan = Plan::new(graph(), vec![]);
        let outcome = engine(&options).run_watched(plan, &Arc::default(), &mut ());
        let (_, trace) = outcome.expect("joining works");
        assert!(trace.events().is_empty(), "{options:?}");
        assert!(trace.critical_path(|_| &[]).is_empty());
        assert_eq!(parse(&trace.chrome()).get("traceEvents").items().len(), 0);
    }
}

#[test]
fn the_chrome_export_is_json_with_one_complete_event_for_each_task() {
    let _alone = alone();
    for options in lanes() {
        let trace = traced(&options);
        let json = parse(&trace.chrome());
        let events = json.get("traceEvents").items();
        assert_eq!(events.len(), trace.events().len());
        for ((written, event), label) in events.iter().zip(trace.events()).zip(trace.labels()) {
            assert_eq!(written.get("ph"), &Json::Text("X".into()));
            assert_eq!(written.get("name"), &Json::Text(label.name.clone()));
            assert_eq!(written.get("cat"), &Json::Text(options.lane.name().into()));
            assert_eq!(written.get("tid"), &Json::Number(f64::from(event.worker)));
            assert_eq!(written.get("ts"), &Json::Number(event.start as f64 / 1e3));
            let duration = (event.end - event.start) as f64 / 1e3;
            assert_eq!(written.get("dur"), &Json::Number(duration));
            let arguments = written.get("args");
            assert_eq!(arguments.get("task"), &Json::Number(f64::from(event.task)));
            assert_eq!(arguments.get("partition"), &Json::Number(f64::from(label.partition)));
            assert_eq!(arguments.get("bytes"), &Json::Number(event.bytes as f64));
        }
    }
}

// As much of RFC 8259 as a judge needs; anything else in the text is a panic.

#[derive(Debug, PartialEq)]
enum Json {
    Number(f64),
    Text(String),
    List(Vec<Json>),
    Object(BTreeMap<String, Json>),
}

impl Json {
    fn get(&self, key: &str) -> &Json {
        match self {
            Self::Object(fields) => &fields[key],
            other => panic!("{other:?} has no {key:?}"),
        }
    }

    fn items(&self) -> &[Json] {
        match self {
            Self::List(items) => items,
            other => panic!("{other:?} is no list"),
        }
    }
}

fn parse(text: &str) -> Json {
    let mut rest = text;
    let json = take_value(&mut rest);
    assert_eq!(rest.trim_start(), "", "nothing stands behind the value");
    json
}

fn take_value(rest: &mut &str) -> Json {
    *rest = rest.trim_start();
    match rest.chars().next() {
        Some('{') => {
            let field = |rest: &mut &str| {
                let Json::Text(key) = take_value(rest) else { panic!("a key is a text") };
                assert!(take(rest, ':'), "a colon is missing before {rest:?}");
                (key, take_value(rest))
            };
            Json::Object(take_items(rest, '}', field).into_iter().collect())
        }
        Some('[') => Json::List(take_items(rest, ']', take_value)),
        Some('"') => Json::Text(take_text(rest)),
        _ => {
            let digit = |c: char| c.is_ascii_digit() || "+-.eE".contains(c);
            let end = rest.find(|c| !digit(c)).unwrap_or(rest.len());
            let (number, behind) = rest.split_at(end);
            *rest = behind;
            Json::Number(number.parse().unwrap_or_else(|_| panic!("{number:?} before {rest:?}")))
        }
    }
}

fn take(rest: &mut &str, expected: char) -> bool {
    *rest = rest.trim_start();
    let behind = rest.strip_prefix(expected);
    *rest = behind.unwrap_or(rest);
    behind.is_some()
}

fn take_items<T>(rest: &mut &str, end: char, item: impl Fn(&mut &str) -> T) -> Vec<T> {
    let mut items = Vec::new();
    *rest = &rest[1..];
    if take(rest, end) {
        return items;
    }
    loop {
        items.push(item(rest));
        if take(rest, end) {
            return items;
        }
        assert!(take(rest, ','), "a comma is missing before {rest:?}");
    }
}

fn take_text(rest: &mut &str) -> String {
    let mut text = String::new();
    let mut characters = rest[1..].char_indices();
    while let Some((index, character)) = characters.next() {
        match character {
            '"' => {
                *rest = &rest[1 + index + 1..];
                return text;
            }
            '\\' => match characters.next().expect("something is escaped").1 {
                plain @ ('"' | '\\' | '/') => text.push(plain),
                'u' => {
                    let digits: String = characters.by_ref().take(4).map(|(_, c)| c).collect();
                    let code = u32::from_str_radix(&digits, 16).expect("four hex digits");
                    text.push(char::from_u32(code).expect("no surrogates"));
                }
                other => panic!("\\{other} is not expected"),
            },
            control if control < ' ' => panic!("{control:?} must be escaped"),
            other => text.push(other),
        }
    }
    panic!("a text does not end: {rest:?}");
}
