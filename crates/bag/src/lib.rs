//! Lazy, partitioned collections of text and objects.
//!
//! A [`Bag`] is an expression: a source of partitions and the steps that each element goes through.
//! Nothing happens until a [`Reduction`] (or a collection of the elements) is lowered to a graph,
//! one task a partition, and run by the engine. A task streams: its source hands over a [`Batch`] at
//! a time (a block of text that fits a core's cache), the steps pass it on, the reduction eats it.
//!
//! What makes it fast is that text stays a block of bytes for as long as it can. Splitting lines
//! into words and flattening only changes what *counts as an element* of the block
//! ([`Unit`]); counting the words of a block reads it once and makes nothing. No rule recognises
//! "read, split, count": it falls out of the representation.
//!
//! ```
//! use bag::Bag;
//! use engine::{Engine, Options};
//!
//! let folder = std::env::temp_dir().join(format!("bag-doc-{}", std::process::id()));
//! std::fs::create_dir_all(&folder)?;
//! std::fs::write(folder.join("a.txt"), "one two\nthree\n")?;
//!
//! let words = Bag::read_text(&[folder.clone()], &Default::default())?.split()?.flatten()?;
//! let engine = Engine::new(Options::default())?;
//! assert_eq!(words.count().run(&engine)?.integer(), Some(3));
//! # std::fs::remove_dir_all(folder)?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod batch;
mod decode;
mod element;
mod error;
mod expression;
mod files;
mod flatten;
mod gzip;
mod lines;
mod lower;
mod packed;
mod pipeline;
mod read;
mod reduce;
mod simd;
mod source;
mod stage;
mod step;
mod strings;
mod whitespace;

pub use batch::{Batch, Objects, Partition, Pieces, Strings, Unit};
pub use decode::Errors;
pub use element::Element;
pub use error::BagError;
pub use expression::{Bag, Reduced};
pub use files::Compression;
pub use flatten::Flatten;
pub use lines::lines;
pub use lower::{AsOp, Lowered, Run};
pub use packed::{Packed, PackedObjects};
pub use pipeline::Pipeline;
pub use read::{Blocksize, ReadText, TextOptions};
pub use reduce::{
    Collect, Count, Distinct, Extreme, Flow, Frequencies, Head, Mean, Partial, Reduction, Sum, Top,
    WriteText,
};
pub use source::{Demand, Memory, Part, Push, Reader, Source};
pub use stage::{Counts, Stage};
pub use step::Step;
pub use strings::{Affix, Case, Contains, Keep, Length, Replace, Side, Split, Strip};
pub use whitespace::{count_words, is_whitespace, words};
