//! `to_textfiles`: one file for each partition.
//!
//! A file is written under another name beside its own and renamed when it is whole, so that what
//! stands under its name is never half of a partition.

use super::{Flow, Partial, Reduction};
use crate::files::{Compression, io_error};
use crate::{BagError, Batch, Element, Partition};
use arrow_array::LargeStringArray;
use graph::{Context, OpError};
use serde::{Deserialize, Serialize};
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Files that the process has begun to write.
static WRITTEN: AtomicU64 = AtomicU64::new(0);

/// Writes each partition's strings to a file, one a line.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct WriteText {
    /// A path for each partition.
    pub paths: Arc<[PathBuf]>,
    /// Whether the last line ends with `\n` too.
    pub last_endline: bool,
    /// How to compress; nothing means what each name's end says.
    pub compression: Option<Option<Compression>>,
}

#[typetag::serde]
impl Reduction for WriteText {
    fn name(&self) -> String {
        "to_textfiles".into()
    }

    fn element(&self, input: Element) -> Result<Element, BagError> {
        match input {
            Element::Str => Ok(Element::Str),
            found => Err(BagError::Type { operation: "to_textfiles", expected: "str", found }),
        }
    }

    fn partial(&self, partition: u32) -> Box<dyn Partial> {
        let path = self.paths[partition as usize].clone();
        Box::new(Writing { options: self.clone(), path, output: None, is_first: true })
    }
}

struct Writing {
    options: WriteText,
    path: PathBuf,
    output: Option<Output>,
    is_first: bool,
}

/// The file under its other name; removed unless it is completed.
struct Output {
    encoder: Option<Encoder>,
    temporary: PathBuf,
}

enum Encoder {
    Plain(BufWriter<File>),
    Gzip(flate2::write::GzEncoder<BufWriter<File>>),
    Zstd(zstd::Encoder<'static, BufWriter<File>>),
}

impl Write for Encoder {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Plain(writer) => writer.write(bytes),
            Self::Gzip(writer) => writer.write(bytes),
            Self::Zstd(writer) => writer.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Plain(writer) => writer.flush(),
            Self::Gzip(writer) => writer.flush(),
            Self::Zstd(writer) => writer.flush(),
        }
    }
}

impl Encoder {
    fn finish(self) -> io::Result<()> {
        match self {
            Self::Plain(writer) => Ok(writer),
            Self::Gzip(writer) => writer.finish(),
            Self::Zstd(writer) => writer.finish(),
        }?
        .into_inner()
        .map(drop)
        .map_err(io::IntoInnerError::into_error)
    }
}

impl Drop for Output {
    fn drop(&mut self) {
        if self.encoder.take().is_some() {
            // Best effort: what failed before is what the user hears of.
            let _ = fs::remove_file(&self.temporary);
        }
    }
}

impl Writing {
    fn output(&mut self) -> Result<&mut Encoder, BagError> {
        if self.output.is_none() {
            let compression = match self.options.compression {
                Some(compression) => compression,
                None => Compression::infer(&self.path)?,
            };
            // Hidden, so that no folder is read with it; a number, so that two that write the same
            // file at once do not write into each other's; short, as the file's name may be long.
            let number = WRITTEN.fetch_add(1, Ordering::Relaxed);
            let name = format!(".{}-{number}.partial", std::process::id());
            let temporary = self.path.with_file_name(name);
            let failed = |source| io_error("write", &self.path, source);
            let file = BufWriter::new(File::create(&temporary).map_err(failed)?);
            let encoder = match compression {
                None => Encoder::Plain(file),
                Some(Compression::Gzip) => {
                    Encoder::Gzip(flate2::write::GzEncoder::new(file, Default::default()))
                }
                Some(Compression::Zstd) => {
                    Encoder::Zstd(zstd::Encoder::new(file, 0).map_err(failed)?)
                }
            };
            self.output = Some(Output { encoder: Some(encoder), temporary });
        }
        let output = self.output.as_mut().and_then(|output| output.encoder.as_mut());
        Ok(output.expect("the output was opened"))
    }

    fn failed(&self, source: io::Error) -> BagError {
        io_error("write", &self.path, source)
    }
}

impl Partial for Writing {
    fn push(&mut self, batch: Batch<'_>, context: &Context<'_>) -> Result<Flow, OpError> {
        let Batch::Strings(strings) = batch else { return Ok(Flow::More) };
        let mut is_first = self.is_first;
        let output = self.output()?;
        let mut written = Ok(());
        let mut items = 0;
        strings.for_each(|item| {
            items += 1;
            if written.is_ok() {
                let separator: &[u8] = if is_first { b"" } else { b"\n" };
                written =
                    output.write_all(separator).and_then(|()| output.write_all(item.as_bytes()));
                is_first = false;
            }
        });
        self.is_first = is_first;
        context.control.advance(0, items);
        written.map_err(|source| self.failed(source))?;
        Ok(Flow::More)
    }

    fn merge(&mut self, _next: Box<dyn Partial>, _: &Context<'_>) -> Result<(), OpError> {
        // Partitions are written apart and never merged.
        Ok(())
    }

    fn finish(mut self: Box<Self>, _: &Context<'_>) -> Result<Partition, OpError> {
        let last = if self.options.last_endline && !self.is_first { "\n" } else { "" };
        let written = self.output()?.write_all(last.as_bytes());
        written.map_err(|source| self.failed(source))?;
        let mut output = self.output.take().expect("the output was opened");
        let encoder = output.encoder.take().expect("the output was not completed");
        let renamed = encoder.finish().and_then(|()| fs::rename(&output.temporary, &self.path));
        if let Err(source) = renamed {
            let _ = fs::remove_file(&output.temporary);
            return Err(self.failed(source).into());
        }
        let path = self.path.to_string_lossy().into_owned();
        Ok(Partition::of(Batch::strings(LargeStringArray::from(vec![path]))))
    }

    fn bytes(&self) -> usize {
        size_of::<Self>()
    }
}
