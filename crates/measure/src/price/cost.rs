//! Time by price.

use chrono::{NaiveDate, Utc};

use super::table::Instance;

/// A value and its 90 % interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Span {
    /// Lower end.
    pub low: f64,
    /// The median.
    pub value: f64,
    /// Upper end.
    pub high: f64,
}

impl Span {
    /// A value that is known.
    #[must_use]
    pub fn exactly(value: f64) -> Span {
        Span { low: value, value, high: value }
    }

    fn times(self, factor: f64) -> Span {
        Span { low: self.low * factor, value: self.value * factor, high: self.high * factor }
    }
}

/// What a burstable instance does under a long full load, once its credits are spent. Credits that
/// it starts with or has saved are not counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Burst {
    /// It runs on at full speed, and vCPU-hours above the baseline are billed (`unlimited`, which
    /// is how they start).
    #[default]
    Surplus,
    /// It falls to its baseline (`standard`).
    Baseline,
}

/// What an instance must have.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Ask {
    /// Memory that the work needs.
    pub gib: Option<f64>,
    /// Hours within which it must end.
    pub deadline: Option<f64>,
    /// What is assumed of burstable instances.
    pub burst: Burst,
    /// The day from which prices' ages count; today if there is none.
    pub today: Option<NaiveDate>,
}

/// What the work takes and costs on one instance.
#[derive(Clone, Debug, PartialEq)]
pub struct Offer {
    /// Where.
    pub instance: Instance,
    /// How long.
    pub hours: Span,
    /// How much.
    pub usd: Span,
    /// Whether even the upper end of the interval is within the deadline; true if there is none.
    pub in_time: bool,
    /// What to know of it: a stale price, what was assumed.
    pub notes: Vec<String>,
}

/// The offers of the instances with enough memory, the cheapest first. `hours` says how long the
/// work takes on a number of cores.
pub fn costs(instances: &[Instance], hours: impl Fn(f64) -> Span, ask: &Ask) -> Vec<Offer> {
    let today = ask.today.unwrap_or_else(|| Utc::now().date_naive());
    let fits = |instance: &&Instance| ask.gib.is_none_or(|gib| instance.gib >= gib);
    let mut offers: Vec<Offer> =
        instances.iter().filter(fits).map(|instance| offer(instance, &hours, ask, today)).collect();
    offers.sort_by(|left, right| left.usd.value.total_cmp(&right.usd.value));
    offers
}

fn offer(instance: &Instance, hours: impl Fn(f64) -> Span, ask: &Ask, today: NaiveDate) -> Offer {
    let cores = f64::from(instance.cores);
    let mut hours = hours(cores);
    let mut hourly = instance.usd_per_hour;
    let mut notes = Vec::new();
    // A worker on each core keeps as many vCPUs busy; credits come in for the baseline of all.
    let earned = instance.baseline.map(|baseline| baseline * f64::from(instance.vcpus));
    if let Some(earned) = earned.filter(|&earned| earned < cores) {
        match (ask.burst, instance.surplus_usd_per_vcpu_hour) {
            (Burst::Surplus, Some(usd)) => {
                hourly += usd * (cores - earned);
                notes.push("full speed, surplus credits billed ('unlimited')".to_owned());
            }
            _ => {
                hours = hours.times(cores / earned);
                notes.push("at its baseline, credits spent ('standard')".to_owned());
            }
        }
    }
    if instance.is_stale(today) {
        notes.push(format!("the price is of {}, more than a year ago", instance.priced));
    }
    Offer {
        instance: instance.clone(),
        hours,
        usd: hours.times(hourly),
        in_time: ask.deadline.is_none_or(|deadline| hours.high <= deadline),
        notes,
    }
}

#[cfg(test)]
mod tests {
    use super::super::table::Table;
    use super::*;

    fn divided(work: f64) -> impl Fn(f64) -> Span {
        move |cores| Span { low: 0.9 * work / cores, value: work / cores, high: 1.1 * work / cores }
    }

    fn of<'a>(offers: &'a [Offer], name: &str) -> &'a Offer {
        offers.iter().find(|offer| offer.instance.name == name).unwrap()
    }

    #[test]
    fn time_by_price_cheapest_first() {
        let rows = Table::own().matching("a1.*").unwrap();
        let offers = costs(&rows, divided(16.0), &Ask::default());
        assert!(offers.is_sorted_by(|a, b| a.usd.value <= b.usd.value));
        let metal = of(&offers, "a1.metal");
        assert_eq!(metal.hours.value, 1.0);
        assert!((metal.usd.value - 0.408).abs() < 1e-9 && metal.usd.high > metal.usd.value);
    }

    #[test]
    fn what_has_too_little_memory_is_left_out_and_what_is_late_is_told() {
        let rows = Table::own().matching("a1.*").unwrap();
        let ask = Ask { gib: Some(10.0), deadline: Some(1.5), ..Ask::default() };
        let offers = costs(&rows, divided(16.0), &ask);
        assert!(offers.iter().all(|offer| offer.instance.gib >= 10.0) && !offers.is_empty());
        assert!(of(&offers, "a1.metal").in_time);
        assert!(!of(&offers, "a1.2xlarge").in_time);
        // Half of the interval is late: that does not meet a deadline.
        let ask = Ask { deadline: Some(1.0), ..Ask::default() };
        assert!(!of(&costs(&rows, divided(16.0), &ask), "a1.metal").in_time);
    }

    #[test]
    fn a_long_load_on_a_burstable_instance_slows_down_or_costs_more() {
        let rows = Table::own().matching("t3.large").unwrap();
        // 2 vCPUs of one core, baseline 30 % each: 0.6 of a busy vCPU is earned, 0.4 is surplus.
        let full = &costs(&rows, divided(10.0), &Ask::default())[0];
        assert_eq!(full.hours.value, 10.0);
        assert!((full.usd.value - 10.0 * (rows[0].usd_per_hour + 0.4 * 0.05)).abs() < 1e-9);
        let ask = Ask { burst: Burst::Baseline, ..Ask::default() };
        let slow = &costs(&rows, divided(10.0), &ask)[0];
        assert!((slow.hours.value - 10.0 / 0.6).abs() < 1e-9);
        assert!((slow.usd.value - slow.hours.value * rows[0].usd_per_hour).abs() < 1e-9);
        assert!(full.notes[0].contains("unlimited") && slow.notes[0].contains("standard"));
    }

    #[test]
    fn a_stale_price_says_so() {
        let rows = Table::own().matching("m7i.large").unwrap();
        let later = rows[0].priced + chrono::Days::new(400);
        let offers = costs(&rows, divided(1.0), &Ask { today: Some(later), ..Ask::default() });
        assert!(offers[0].notes[0].contains("more than a year ago"));
        let then = Ask { today: Some(rows[0].priced), ..Ask::default() };
        assert!(costs(&rows, divided(1.0), &then)[0].notes.is_empty());
    }
}
