//! What a run costs on machines that can be rented.
//!
//! The table of instances is in the crate (`instances.toml`, which says where each number comes
//! from); a user's own rows come before it. A run has one worker on each physical core, and a core
//! there is taken to be as fast as the one that was measured.
//!
//! ```
//! use measure::price::{Ask, Span, Table, costs};
//!
//! let table = Table::own();
//! // Eight hours of work that divides without loss.
//! let hours = |cores: f64| Span::exactly(8.0 / cores);
//! let offers = costs(&table.matching("m7i.*")?, hours, &Ask::default());
//! assert!(offers.iter().all(|offer| offer.usd.value > 0.0));
//! # Ok::<(), measure::price::Error>(())
//! ```

mod cost;
mod table;

pub use cost::{Ask, Burst, Offer, Span, costs};
pub use table::{Error, Instance, Table};
