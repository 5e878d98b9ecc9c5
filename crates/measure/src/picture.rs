//! Pictures of measurements, as SVG text: charts and flame graphs.
//!
//! A picture is one string that needs nothing else: no script from elsewhere, no font file, no
//! network. It carries its own background and a style for dark screens, so that it can be read in a
//! report, in a notebook and as a file alike.
//!
//! ```
//! use measure::picture::{Axis, Chart, Ink, Mark, Shape};
//!
//! let cores = vec![1.0, 2.0, 4.0];
//! let chart = Chart {
//!     title: "Speed-up".to_owned(),
//!     x: Axis::new("cores"),
//!     y: Axis::new("times as fast"),
//!     marks: vec![Mark {
//!         name: "measured".to_owned(),
//!         ink: Ink::Measured,
//!         shape: Shape::Points,
//!         x: cores,
//!         y: vec![1.0, 1.9, 3.4],
//!     }],
//!     size: (720, 420),
//! };
//! assert!(chart.svg()?.contains("times as fast"));
//! # Ok::<(), measure::picture::Unfit>(())
//! ```

mod chart;
mod flame;
mod paint;

pub use chart::{Axis, Chart, Mark, Shape, Unit};
pub use flame::flame;
pub use paint::Ink;

/// Why there is no picture of it.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Unfit {
    /// A chart of nothing.
    #[error("a chart needs at least one mark with at least one point")]
    Empty,
    /// Coordinates that don't belong together.
    #[error("'{name}' has {x} values of x and {y} that belong to them; it needs as many of each")]
    Lengths {
        /// The mark.
        name: String,
        /// Values of x.
        x: usize,
        /// Values of y, upper bounds or labels.
        y: usize,
    },
    /// A number that has no place on its axis.
    #[error("'{name}' has the value {value}, which has no place on {axis}")]
    Place {
        /// The mark.
        name: String,
        /// The number.
        value: f64,
        /// What the axis asks for.
        axis: &'static str,
    },
    /// A line of stacks that is none.
    #[error("line {line} of the stacks is {text:?}; a stack is 'root;caller;callee 12'")]
    Stack {
        /// Counted from 1.
        line: usize,
        /// What stands there.
        text: String,
    },
    /// Stacks without any time in them.
    #[error("there are no samples to draw a flame graph of")]
    NoSamples,
    /// What the plotting library says.
    #[error("the chart can't be drawn: {0}")]
    Drawing(String),
}
