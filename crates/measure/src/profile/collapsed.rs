//! Export to collapsed stacks, which flame graph programs read: frames from the outermost on, separated
//! by semicolons, and a number of microseconds.

use super::class::Class;
use super::counts::{Frame, Profile};
use std::collections::BTreeMap;
use std::fmt::Write;

impl Profile {
    /// The profile as collapsed stacks, a line each, in the order of their names.
    pub fn collapsed(&self) -> String {
        let mut lines: BTreeMap<String, u64> = BTreeMap::new();
        for ((_, stack, class), count) in &self.counts {
            if *class != Class::Idle {
                let names: Vec<String> = self.places(*stack).map(label).collect();
                *lines.entry(names.join(";")).or_default() += count.time;
            }
        }
        let mut text = String::new();
        for (names, time) in lines {
            writeln!(text, "{names} {}", time / 1000).expect("writing to memory succeeds");
        }
        text
    }
}

/// `function (file.py:12)`, without what separates.
fn label(frame: &Frame) -> String {
    let name = frame.file.rsplit('/').next().unwrap_or(&frame.file);
    let label = match frame.line {
        0 => frame.function.clone(),
        line => format!("{} ({name}:{line})", frame.function),
    };
    label.replace(';', ",").replace(['\n', '\r'], " ")
}

#[cfg(test)]
mod tests {
    use crate::profile::class::Class;
    use crate::profile::counts::tests::{frame, profile};
    use std::slice::from_ref;

    #[test]
    fn stacks_and_microseconds() {
        let (main, f) = (frame("/x/a.py", "<module>", 1), frame("/x/a.py", "f;g", 5));
        let profile = profile(
            1,
            &[
                (&[main.clone(), f], Class::Python, 2),
                (from_ref(&main), Class::Native, 1),
                (from_ref(&main), Class::Python, 1),
                (from_ref(&main), Class::Idle, 9),
            ],
        );
        let text = "<module> (a.py:1) 2000\n<module> (a.py:1);f,g (a.py:5) 2000\n";
        assert_eq!(profile.collapsed(), text);
    }
}
