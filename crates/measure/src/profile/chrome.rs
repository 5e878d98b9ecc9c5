//! Export to the Trace Event Format (JSON), which Perfetto and `chrome://tracing` open: what each thread
//! was seen in, over time.
//!
//! A frame lasts from the first sample that it is in to the last one before a sample that it is not in,
//! lines of one function together.

use super::counts::{Frame, Profile, Span};
use serde_json::{Value, json};

/// A frame that goes on.
struct Open<'profile> {
    frame: &'profile Frame,
    start: u64,
}

impl Profile {
    /// The profile as a JSON document in the Trace Event Format.
    pub fn chrome(&self) -> String {
        let mut events: Vec<Value> = Vec::new();
        for (number, thread) in self.threads.iter().enumerate() {
            let mut spans = self.spans.iter().filter(|span| span.thread as usize == number);
            let Some(first) = spans.next() else { continue };
            let (process, row) = (thread.process, thread.number);
            events.push(json!({
                "ph": "M", "name": "thread_name", "pid": process, "tid": row,
                "args": {"name": thread.name},
            }));
            self.write_thread(std::iter::once(first).chain(spans), |frame, start, end| {
                let at = start.saturating_sub(self.start) as f64 / 1e3;
                events.push(json!({
                    "ph": "X", "cat": "python", "pid": process, "tid": row, "ts": at,
                    "dur": (end - start) as f64 / 1e3, "name": frame.function,
                    "args": {"file": frame.file, "line": frame.line},
                }));
            });
        }
        json!({"displayTimeUnit": "ms", "traceEvents": events}).to_string()
    }

    fn write_thread<'profile>(
        &'profile self,
        spans: impl Iterator<Item = &'profile Span>,
        mut write: impl FnMut(&Frame, u64, u64),
    ) {
        let mut open: Vec<Open<'profile>> = Vec::new();
        let mut end = 0;
        let is_same = |one: &Frame, other: &Frame| {
            (&one.file, &one.function) == (&other.file, &other.function)
        };
        for span in spans {
            let places: Vec<&Frame> = self.places(span.stack).collect();
            let pairs = open.iter().zip(&places);
            let common = if span.start > end {
                0
            } else {
                pairs.take_while(|(open, place)| is_same(open.frame, place)).count()
            };
            for Open { frame, start } in open.drain(common..).rev() {
                write(frame, start, end);
            }
            let start = span.start.max(end);
            open.extend(places[common..].iter().map(|frame| Open { frame, start }));
            end = span.end.max(end);
        }
        for Open { frame, start } in open.into_iter().rev() {
            write(frame, start, end);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::profile::class::Class;
    use crate::profile::counts::tests::{frame, profile};
    use serde_json::Value;

    #[test]
    fn a_caller_lasts_as_long_as_what_it_calls() {
        let main = |line| frame("a.py", "<module>", line);
        let (f, g) = (frame("a.py", "f", 5), frame("a.py", "g", 9));
        let profile =
            profile(3, &[(&[main(1), f], Class::Python, 2), (&[main(2), g], Class::Python, 3)]);
        let read: Value = serde_json::from_str(&profile.chrome()).unwrap();
        let events: Vec<_> = read["traceEvents"].as_array().unwrap()[1..]
            .iter()
            .map(|event| {
                let number = |key: &str| event[key].as_f64().unwrap();
                (event["name"].as_str().unwrap(), number("ts"), number("dur"))
            })
            .collect();
        assert_eq!(events, [("f", 0.0, 2000.0), ("g", 2000.0, 3000.0), ("<module>", 0.0, 5000.0)]);
    }
}
