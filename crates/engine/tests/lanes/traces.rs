//! A traced run tells of each task once: where, when, and how large its result is.

use crate::suite::{add, add_layer, alone, engine, lanes, number, op, threads};
use engine::{Lane, Options};
use graph::{Graph, Plan, TaskId, value};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use trace::{Collector, Event, Row, Trace};

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

fn with(options: &Options, collector: &Arc<Collector>) -> Options {
    Options { trace: Some(Arc::clone(collector)), ..options.clone() }
}

fn traced(options: &Options) -> Trace {
    let collector = Arc::default();
    let last = TaskId(2 * LOADS - 1);
    let outcome = engine(&with(options, &collector)).run(Plan::new(graph(), vec![last]));
    outcome.expect("joining works");
    collector.trace(0)
}

/// Whether the event may stand in that row.
fn is_at_home(event: &Event, options: &Options) -> bool {
    match event.row {
        Row::Caller(number) => options.lane == Lane::Inline && number == trace::thread_number(),
        Row::Thread(number) => {
            options.lane == Lane::Threads && (number as usize) < engine(options).workers()
        }
        Row::Process { .. } => false,
    }
}

#[test]
fn each_task_has_one_event_with_its_row_times_and_bytes() {
    let _alone = alone();
    let graph = graph();
    for options in lanes() {
        let trace = traced(&options);
        let events: BTreeMap<u32, &Event> =
            trace.events().iter().map(|event| (event.task, event)).collect();
        assert_eq!(trace.events().len(), graph.len(), "{options:?}");
        assert_eq!(events.len(), graph.len(), "{options:?}: each task once");
        assert!(trace.events().is_sorted_by_key(|event| event.start));
        for id in graph.ids() {
            let event = events[&id.0];
            assert!(is_at_home(event, &options), "{options:?}: {event:?}");
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
            let task = graph.task(id);
            assert_eq!(trace.name(event), task.op.name());
            assert_eq!(trace.partition(event), task.partition);
        }
    }
}

#[test]
fn the_critical_path_is_a_chain_from_a_task_that_waits_for_nothing() {
    let _alone = alone();
    let graph = graph();
    for options in lanes() {
        let trace = traced(&options);
        let path = trace.critical_path();
        let first = path.first().expect("there are tasks");
        assert!(graph.inputs(TaskId(first.task)).is_empty(), "{options:?}: {path:?}");
        for link in path.windows(2) {
            let [before, after] = [link[0], link[1]];
            let inputs = graph.inputs(TaskId(after.task));
            assert!(inputs.contains(&TaskId(before.task)), "{options:?}: {path:?}");
            assert!(after.start >= before.end, "{options:?}: {path:?}");
        }
        let longest = trace.events().iter().map(Event::length).max().expect("there are tasks");
        assert!(path.iter().map(Event::length).sum::<u64>() >= longest, "{options:?}: {path:?}");
    }
}

#[test]
fn the_summary_adds_up_to_the_events() {
    let _alone = alone();
    for options in lanes() {
        let trace = traced(&options);
        let summary = trace.summary();
        let [lane] = summary.lanes.as_slice() else { panic!("{options:?}: {summary:?}") };
        let engine = engine(&options);
        assert_eq!((lane.lane, lane.workers), (options.lane, engine.workers()));
        let total: u64 = trace.events().iter().map(Event::length).sum();
        assert_eq!(lane.busy, total, "{options:?}");
        assert_eq!(summary.ops.iter().map(|op| op.time).sum::<u64>(), total);
        assert_eq!(summary.ops.iter().map(|op| op.tasks).sum::<usize>(), trace.events().len());
        assert!(lane.idle <= trace.length() * lane.workers as u64 - lane.busy);
    }
}

#[test]
fn a_run_that_fails_is_traced_up_to_its_failure() {
    let _alone = alone();
    for options in lanes() {
        let collector = Arc::default();
        let fail = op("fail", |_, context| match context.partition {
            3 => Err("no".into()),
            _ => Ok(value(())),
        });
        let mut graph = Graph::new();
        add_layer(&mut graph, &fail, 4);
        let outcome = engine(&with(&options, &collector)).run(Plan::new(graph, vec![]));
        assert!(outcome.is_err(), "{options:?}");
        let trace = collector.trace(0);
        let tasks: BTreeSet<_> = trace.events().iter().map(|event| event.task).collect();
        assert!(tasks.contains(&3), "{options:?}: {tasks:?}");
    }
}

#[test]
fn a_run_within_a_task_stands_in_the_same_trace_below_it() {
    let _alone = alone();
    let collector = Arc::default();
    let options = with(&threads(2), &collector);
    let inner = options.clone();
    let outer = op("outer", move |_, _| {
        let leaf = op("leaf", |_, context| Ok(value(u64::from(context.partition))));
        let mut graph = Graph::new();
        let leaves = add_layer(&mut graph, &leaf, 3);
        let results = engine(&inner).run(Plan::new(graph, leaves))?;
        Ok(value(results.iter().map(number).sum::<u64>()))
    });
    let mut graph = Graph::new();
    add_layer(&mut graph, &outer, 5);
    engine(&options).run(Plan::new(graph, vec![])).expect("adding works");
    let trace = collector.trace(0);
    assert_eq!((trace.runs(), trace.events().len()), (6, 5 + 5 * 3));
    let (outer, leaves): (Vec<&Event>, Vec<_>) =
        trace.events().iter().partition(|event| trace.name(event) == "outer");
    for leaf in leaves {
        let around = |outer: &&&Event| {
            outer.row == leaf.row && outer.start <= leaf.start && outer.end >= leaf.end
        };
        assert_eq!(outer.iter().filter(around).count(), 1, "{leaf:?}");
    }
    assert_eq!(trace.critical_path().len(), 1, "what runs within a task is part of it");
}

#[test]
fn the_chrome_export_is_json_with_a_complete_event_for_each_task_in_a_row_with_a_name() {
    let _alone = alone();
    for options in lanes() {
        let trace = traced(&options);
        let json = parse(&trace.chrome());
        let of_phase = |phase: &str| {
            let phase = text(phase);
            let events = json.get("traceEvents").items().iter();
            events.filter(|event| event.get("ph") == &phase).collect::<Vec<_>>()
        };
        let row = |event: &Json| format!("{:?} {:?}", event.get("pid"), event.get("tid"));
        let names: BTreeMap<String, &Json> = of_phase("M")
            .into_iter()
            .filter(|event| event.get("name") == &text("thread_name"))
            .map(|event| (row(event), event.get("args").get("name")))
            .collect();
        assert_eq!((of_phase("b").len(), of_phase("e").len()), (1, 1));
        let written = of_phase("X");
        assert_eq!(written.len(), trace.events().len());
        for (written, event) in written.into_iter().zip(trace.events()) {
            let name = match event.row {
                Row::Thread(number) => format!("thread {number}"),
                _ => "caller 0".into(),
            };
            assert_eq!(names[&row(written)], &text(&name));
            assert_eq!(written.get("name"), &text(trace.name(event)));
            assert_eq!(written.get("cat"), &text(options.lane.name()));
            assert_eq!(written.get("ts"), &Json::Number(event.start as f64 / 1e3));
            assert_eq!(written.get("dur"), &Json::Number(event.length() as f64 / 1e3));
            let arguments = written.get("args");
            let partition = trace.partition(event);
            assert_eq!(arguments.get("task"), &Json::Number(f64::from(event.task)));
            assert_eq!(arguments.get("partition"), &Json::Number(f64::from(partition)));
            assert_eq!(arguments.get("bytes"), &Json::Number(event.bytes as f64));
        }
    }
}

#[test]
fn an_empty_trace_is_a_document_too() {
    let trace = Collector::default().trace(0);
    let json = parse(&trace.chrome());
    assert!(json.get("traceEvents").items().iter().all(|event| event.get("ph") == &text("M")));
    assert!(trace.critical_path().is_empty());
    assert!(trace.summary().lanes.is_empty());
}

fn text(text: &str) -> Json {
    Json::Text(text.into())
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
