//! The table of instances.

use std::sync::OnceLock;

use chrono::{Datelike, NaiveDate};
use serde::Deserialize;

/// What is wrong with a table or a pattern.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Text that is not such a table.
    #[error("not a table of instances: {0}")]
    Syntax(#[from] toml::de::Error),
    /// A row that can't be true.
    #[error("instance {name}: {reason}")]
    Row {
        /// Which.
        name: String,
        /// Why.
        reason: String,
    },
    /// A pattern that means nothing or fits nothing.
    #[error("{0}")]
    Pattern(String),
}

/// A machine that can be rented.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Instance {
    /// Such as `m7i.large`.
    pub name: String,
    /// Who rents it out.
    pub provider: String,
    /// Where the price holds.
    pub region: String,
    /// On demand, Linux.
    pub usd_per_hour: f64,
    /// Hardware threads.
    pub vcpus: u32,
    /// Physical cores.
    pub cores: u32,
    /// Memory.
    pub gib: f64,
    /// When the price was read.
    #[serde(deserialize_with = "date")]
    pub priced: NaiveDate,
    /// Where.
    pub source: String,
    /// The kind of its GPUs.
    pub gpu: Option<String>,
    /// How many.
    pub gpu_count: Option<u32>,
    /// Memory of one.
    pub gpu_gib: Option<f64>,
    /// The share of each vCPU that may be used for ever, where that is not all.
    pub baseline: Option<f64>,
    /// What a vCPU-hour above the baseline costs, where it can be had.
    pub surplus_usd_per_vcpu_hour: Option<f64>,
}

fn date<'de, D: serde::Deserializer<'de>>(from: D) -> Result<NaiveDate, D::Error> {
    let read = toml::value::Datetime::deserialize(from)?;
    read.date
        .and_then(|date| {
            NaiveDate::from_ymd_opt(date.year.into(), date.month.into(), date.day.into())
        })
        .ok_or_else(|| serde::de::Error::custom(format!("{read} is not a date")))
}

impl Instance {
    fn check(&self) -> Result<(), Error> {
        let wrong = |reason: String| Err(Error::Row { name: self.name.clone(), reason });
        let numbers = [
            ("usd_per_hour", Some(self.usd_per_hour)),
            ("vcpus", Some(self.vcpus.into())),
            ("cores", Some(self.cores.into())),
            ("gib", Some(self.gib)),
            ("gpu_count", self.gpu_count.map(f64::from)),
            ("gpu_gib", self.gpu_gib),
            ("baseline", self.baseline),
            ("surplus_usd_per_vcpu_hour", self.surplus_usd_per_vcpu_hour),
        ];
        for (key, value) in numbers {
            if let Some(value) = value.filter(|value| !(value.is_finite() && *value > 0.0)) {
                return wrong(format!("{key} must be more than 0, not {value}"));
            }
        }
        if self.cores > self.vcpus {
            return wrong(format!("{} cores are more than its {} vcpus", self.cores, self.vcpus));
        }
        if let Some(baseline) = self.baseline.filter(|&baseline| baseline > 1.0) {
            return wrong(format!("baseline is a share of a vCPU, at most 1, not {baseline}"));
        }
        Ok(())
    }

    /// Whether its price is more than a year old.
    #[must_use]
    pub fn is_stale(&self, today: NaiveDate) -> bool {
        self.priced.with_year(self.priced.year() + 1).unwrap_or(self.priced) < today
    }
}

/// Instances by name.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Table {
    #[serde(rename = "instance")]
    rows: Vec<Instance>,
}

impl Table {
    /// The table in this crate.
    ///
    /// # Panics
    /// Never: the tests read it.
    #[must_use]
    pub fn own() -> &'static Table {
        static OWN: OnceLock<Table> = OnceLock::new();
        OWN.get_or_init(|| {
            Table::parse(include_str!("instances.toml")).expect("the crate's own table is sound")
        })
    }

    /// Reads a table: `[[instance]]` rows with the fields of [`Instance`].
    ///
    /// # Errors
    /// It is no such table, or a row can't be true (a price of 0, more cores than vCPUs).
    pub fn parse(text: &str) -> Result<Table, Error> {
        let table: Table = toml::from_str(text)?;
        table.rows.iter().try_for_each(Instance::check)?;
        Ok(table)
    }

    /// This table with another's rows in place of those of the same provider, region and name, and
    /// its new ones behind.
    #[must_use]
    pub fn with(&self, other: &Table) -> Table {
        let same = |left: &Instance, right: &Instance| {
            (&left.name, &left.provider, &left.region)
                == (&right.name, &right.provider, &right.region)
        };
        let kept = self.rows.iter().filter(|row| !other.rows.iter().any(|new| same(row, new)));
        Table { rows: kept.chain(&other.rows).cloned().collect() }
    }

    /// The rows whose names fit a pattern such as `t3.*` or `*.large`; several with commas.
    ///
    /// # Errors
    /// No pattern, or nothing fits it.
    pub fn matching(&self, patterns: &str) -> Result<Vec<Instance>, Error> {
        let compile = |pattern: &str| {
            glob::Pattern::new(pattern.trim())
                .map_err(|error| Error::Pattern(format!("{pattern:?} is no pattern: {error}")))
        };
        let compiled = patterns.split(',').map(compile).collect::<Result<Vec<_>, _>>()?;
        let fits = |row: &&Instance| compiled.iter().any(|pattern| pattern.matches(&row.name));
        let found: Vec<Instance> = self.rows.iter().filter(fits).cloned().collect();
        if found.is_empty() {
            let mut families: Vec<&str> =
                self.rows.iter().filter_map(|row| row.name.split('.').next()).collect();
            families.dedup();
            let known = families.join(", ");
            return Err(Error::Pattern(format!(
                "no instance is named {patterns:?}; there are {known} (as in \"t3.*\")"
            )));
        }
        Ok(found)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;

    /// A core for each vCPU: Arm, and AMD's since the seventh generation.
    const WHOLE: [&str; 8] = ["a1", "m7g", "m8g", "c7g", "c8g", "r7g", "c7a", "m7a"];

    fn family(row: &Instance) -> &str {
        row.name.split('.').next().unwrap()
    }

    fn families() -> BTreeMap<&'static str, Vec<&'static Instance>> {
        let mut all: BTreeMap<&str, Vec<&Instance>> = BTreeMap::new();
        for row in &Table::own().rows {
            all.entry(family(row)).or_default().push(row);
        }
        all
    }

    fn assert_constant(name: &str, rows: &[&Instance], what: impl Fn(&Instance) -> f64) {
        let values: Vec<f64> = rows.iter().map(|row| what(row)).collect();
        let most = values.iter().copied().fold(0.0, f64::max);
        let least = values.iter().copied().fold(f64::INFINITY, f64::min);
        assert!(most / least <= 1.01, "{name}: {values:?}");
    }

    #[test]
    fn the_table_has_the_families_and_each_name_once() {
        let rows = &Table::own().rows;
        assert!((50..=80).contains(&rows.len()), "{}", rows.len());
        let names: BTreeSet<&str> = rows.iter().map(|row| row.name.as_str()).collect();
        assert_eq!(names.len(), rows.len());
        for name in ["a1.medium", "a1.metal", "t3.nano", "t3.2xlarge"] {
            assert!(names.contains(name), "{name}");
        }
    }

    #[test]
    fn cores_gpus_and_bursts_are_those_of_the_family() {
        for row in &Table::own().rows {
            let name = family(row);
            let threads = if WHOLE.contains(&name) { 1 } else { 2 };
            assert_eq!(row.cores * threads, row.vcpus, "{}", row.name);
            assert_eq!(name.starts_with(['g', 'p']), row.gpu.is_some(), "{}", row.name);
            assert_eq!(row.gpu.is_some(), row.gpu_count.is_some(), "{}", row.name);
            assert_eq!(row.gpu.is_some(), row.gpu_gib.is_some(), "{}", row.name);
            assert_eq!(name == "t3", row.baseline.is_some(), "{}", row.name);
            assert_eq!(name == "t3", row.surplus_usd_per_vcpu_hour.is_some(), "{}", row.name);
            assert!(row.priced >= NaiveDate::from_ymd_opt(2023, 1, 1).unwrap(), "{}", row.name);
            assert!(!row.source.is_empty(), "{}", row.name);
        }
    }

    #[test]
    fn what_a_family_sells_has_one_price() {
        for (name, rows) in families() {
            let virtual_rows: Vec<&Instance> =
                rows.iter().copied().filter(|row| !row.name.contains(".metal")).collect();
            match name {
                "t3" => assert_constant(name, &virtual_rows, |row| row.usd_per_hour / row.gib),
                "p5" => assert_constant(name, &virtual_rows, |row| {
                    row.usd_per_hour / f64::from(row.gpu_count.unwrap())
                }),
                // GPUs come with a choice of hosts: memory goes with vCPUs, and more costs more.
                "g4dn" | "g5" | "g6" => {
                    assert_constant(name, &virtual_rows, |row| row.gib / f64::from(row.vcpus));
                    let mut sorted = virtual_rows.clone();
                    sorted.sort_by_key(|row| (row.gpu_count, row.vcpus));
                    assert!(sorted.is_sorted_by(|a, b| a.usd_per_hour < b.usd_per_hour), "{name}");
                }
                _ => {
                    assert_constant(name, &virtual_rows, |row| {
                        row.usd_per_hour / f64::from(row.vcpus)
                    });
                    assert_constant(name, &rows, |row| row.gib / f64::from(row.vcpus));
                }
            }
        }
    }

    #[test]
    fn metal_costs_about_what_its_virtual_twin_does() {
        for rows in families().values() {
            for metal in rows.iter().filter(|row| row.name.contains(".metal")) {
                for twin in rows.iter().filter(|row| row.vcpus == metal.vcpus) {
                    let ratio = metal.usd_per_hour / twin.usd_per_hour;
                    assert!((0.85..=1.15).contains(&ratio), "{}: {ratio}", metal.name);
                }
            }
        }
    }

    const ROW: &str = r#"
[[instance]]
name = "t3.nano"
provider = "aws"
region = "us-east-1"
usd_per_hour = 0.006
vcpus = 2
cores = 1
gib = 0.5
priced = 2020-02-29
source = "my contract"
"#;

    #[test]
    fn a_users_row_comes_before_ours() {
        let mine = Table::parse(ROW).unwrap();
        let both = Table::own().with(&mine);
        assert_eq!(both.rows.len(), Table::own().rows.len());
        let found = both.matching("t3.nano").unwrap();
        assert_eq!((found.len(), found[0].usd_per_hour), (1, 0.006));
        assert_eq!(both.matching("t3.nano, a1.metal").unwrap().len(), 2);
    }

    #[test]
    fn rows_that_cannot_be_true_are_refused() {
        for (old, new, reason) in [
            ("0.006", "0.0", "usd_per_hour must be more than 0, not 0"),
            ("cores = 1", "cores = 4", "4 cores are more than its 2 vcpus"),
            ("gib = 0.5", "gib = -1.0", "gib must be more than 0, not -1"),
        ] {
            let error = Table::parse(&ROW.replace(old, new)).unwrap_err().to_string();
            assert_eq!(error, format!("instance t3.nano: {reason}"));
        }
        for (old, new) in [("gib", "gigs"), ("2020-02-29", "10:00:00"), ("source", "# ")] {
            assert!(matches!(Table::parse(&ROW.replace(old, new)), Err(Error::Syntax(_))), "{new}");
        }
    }

    #[test]
    fn a_pattern_that_fits_nothing_says_what_there_is() {
        let error = Table::own().matching("x9.*").unwrap_err().to_string();
        assert!(error.contains("a1") && error.contains("t3"), "{error}");
        assert!(Table::own().matching("[").is_err());
    }

    #[test]
    fn a_price_is_stale_after_a_year() {
        let row = &Table::parse(&ROW.replace("2020-02-29", "2020-03-01")).unwrap().rows[0];
        let on = |year, month, day| NaiveDate::from_ymd_opt(year, month, day).unwrap();
        assert!(!row.is_stale(on(2021, 3, 1)));
        assert!(row.is_stale(on(2021, 3, 2)));
    }
}
