//! Export to the Trace Event Format (JSON), which Perfetto and `chrome://tracing` open.
//!
//! Complete events (`"ph": "X"`) with microseconds, one row per worker.

use crate::Trace;
use std::fmt::Write;

impl Trace {
    /// The trace as a JSON document in the Trace Event Format.
    pub fn chrome(&self) -> String {
        let mut json = String::from("{\"displayTimeUnit\":\"ms\",\"traceEvents\":[");
        for (index, (event, label)) in self.events.iter().zip(&self.labels).enumerate() {
            let comma = if index == 0 { "" } else { "," };
            let microseconds = |nanoseconds: u64| nanoseconds as f64 / 1e3;
            write!(
                json,
                "{comma}\n{{\"ph\":\"X\",\"pid\":1,\"tid\":{},\"ts\":{},\"dur\":{},\"cat\":\"{}\",\
                 \"name\":{},\"args\":{{\"task\":{},\"partition\":{},\"bytes\":{}}}}}",
                event.worker,
                microseconds(event.start),
                microseconds(event.end - event.start),
                event.lane.name(),
                quoted(&label.name),
                event.task,
                label.partition,
                event.bytes,
            )
            .expect("writing to a string succeeds");
        }
        json.push_str("\n]}\n");
        json
    }
}

/// `text` as a JSON string.
fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for character in text.chars() {
        match character {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            control if control < ' ' => {
                write!(quoted, "\\u{:04x}", control as u32).expect("writing to a string succeeds");
            }
            other => quoted.push(other),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn names_with_quotes_and_control_characters_stay_valid_json() {
        assert_eq!(quoted("a\"b\\c\n"), "\"a\\\"b\\\\c\\u000a\"");
    }
}
