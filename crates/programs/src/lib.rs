//! Many external programs, bounded in number: pipes, statuses, timeouts, nothing left behind.
//!
//! [`run()`] starts the programs one after the other, each on one of a few threads that only wait for
//! it, and tells a [`Watch`] what they write and how they end. Every program has a session of its
//! own, so that it is stopped together with whatever it has started, and it dies with this process,
//! whichever way that ends (`start.rs` says how).
//!
//! ```
//! use programs::{Options, Program, results};
//!
//! let commands = [vec!["echo", "to be"], vec!["false"], vec!["no such program"]];
//! let commands = commands.map(Program::new).into_iter().collect::<Result<Vec<_>, _>>()?;
//! let ended = results(&commands, &Options::new(2))?;
//! assert_eq!(ended[0].stdout, b"to be\n");
//! assert_eq!(ended[1].status.and_then(|status| status.code()), Some(1));
//! assert!(ended[2].failure.is_some());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod attempt;
mod pipes;
mod program;
mod run;
mod session;
mod start;
mod stop;

pub use attempt::{Ended, Failure};
pub use pipes::Stream;
pub use program::{Environment, Program, ProgramError};
pub use run::{Event, Input, Options, RunError, Watch, results, run};
