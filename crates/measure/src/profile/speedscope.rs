//! Export to speedscope's file format: each thread a profile of its own, its stacks in order of time.

use super::class::Class;
use super::counts::Profile;
use serde_json::{Value, json};
use std::collections::BTreeMap;

impl Profile {
    /// The profile as speedscope's JSON.
    pub fn speedscope(&self, name: &str) -> String {
        let frames: Vec<Value> = self
            .frames
            .iter()
            .map(|frame| match frame.line {
                0 => json!({"name": frame.function, "file": frame.file}),
                line => json!({"name": frame.function, "file": frame.file, "line": line}),
            })
            .collect();
        let mut threads: BTreeMap<u32, (Vec<&[u32]>, Vec<f64>)> = BTreeMap::new();
        for span in self.spans.iter().filter(|span| span.class != Class::Idle) {
            let (samples, weights) = threads.entry(span.thread).or_default();
            samples.push(&self.stacks[span.stack as usize]);
            weights.push(span.end.saturating_sub(span.start) as f64 / 1e9);
        }
        let profiles: Vec<Value> = threads
            .into_iter()
            .map(|(number, (samples, weights))| {
                let thread = &self.threads[number as usize];
                let name = format!("{} (process {})", thread.name, thread.process);
                json!({
                    "type": "sampled", "name": name, "unit": "seconds", "startValue": 0,
                    "endValue": weights.iter().sum::<f64>(),
                    "samples": samples, "weights": weights,
                })
            })
            .collect();
        json!({
            "$schema": "https://www.speedscope.app/file-format-schema.json",
            "exporter": "manycore", "name": name,
            "shared": {"frames": frames}, "profiles": profiles,
        })
        .to_string()
    }
}

#[cfg(test)]
mod tests {
    use crate::profile::class::Class;
    use crate::profile::counts::tests::{frame, profile};
    use serde_json::{Value, json};
    use std::slice::from_ref;

    #[test]
    fn samples_and_weights() {
        let (main, f) = (frame("a.py", "<module>", 1), frame("a.py", "f\"", 5));
        let profile = profile(
            3,
            &[(&[main.clone(), f], Class::Python, 2), (from_ref(&main), Class::Idle, 9)],
        );
        let read: Value = serde_json::from_str(&profile.speedscope("a script")).unwrap();
        assert_eq!(read["shared"]["frames"][1], json!({"name": "f\"", "file": "a.py", "line": 5}));
        assert_eq!(read["profiles"][0]["samples"], json!([[0, 1]]));
        assert_eq!(read["profiles"][0]["weights"], json!([0.002]));
        assert_eq!(read["profiles"][0]["name"], "MainThread (process 3)");
        assert_eq!(read["name"], "a script");
    }
}
