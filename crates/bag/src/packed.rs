//! Partitions on their way to another process or to the disk: a head, and large parts beside it.
//!
//! Columns are written in Arrow's IPC format, which readers share without a copy. Objects stay in the
//! words of the language above until somebody looks at them.

use crate::{Batch, Objects, Partition};
use arrow_array::cast::AsArray;
use arrow_array::{ArrayRef, LargeStringArray, RecordBatch};
use arrow_buffer::Buffer;
use arrow_ipc::reader::StreamDecoder;
use arrow_ipc::writer::StreamWriter;
use arrow_schema::{ArrowError, DataType, Field, Schema};
use bytes::Bytes;
use graph::{Load, OpError, Shared, Spill, Value, value};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::fs::File;
use std::io::{self, Write};
use std::os::unix::fs::FileExt;
use std::sync::Arc;

/// Something that is written down.
pub struct Packed {
    /// What it is.
    pub head: Vec<u8>,
    /// Its large parts.
    pub parts: Vec<Shared>,
}

impl Packed {
    /// Something whose large parts are in `parts`.
    pub(crate) fn new(head: &impl Serialize, parts: Vec<Shared>) -> Result<Self, OpError> {
        Ok(Self { head: rmp_serde::to_vec(head)?, parts })
    }

    pub(crate) fn head<T: DeserializeOwned>(&self) -> Result<T, OpError> {
        Ok(rmp_serde::from_slice(&self.head)?)
    }
}

/// A batch, as a head describes it.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) enum Form {
    /// One part, in Arrow's format.
    Arrow,
    /// So many objects of so many bytes, in so many parts.
    Objects { len: usize, bytes: usize, parts: usize },
}

/// Adds a partition's parts to `parts`.
pub(crate) fn pack(partition: &Partition, parts: &mut Vec<Shared>) -> Result<Vec<Form>, OpError> {
    let pack = |batch: &Batch<'static>| {
        Ok(match batch.clone().into_owned() {
            Batch::Strings(strings) => {
                parts.push(Arc::new(write(Arc::new(strings.into_column()))?));
                Form::Arrow
            }
            Batch::Column(column) => {
                parts.push(Arc::new(write(column)?));
                Form::Arrow
            }
            Batch::Objects(objects) => {
                let packed = objects.pack()?;
                let (len, bytes, count) = (objects.len(), objects.bytes(), packed.len());
                parts.extend(packed);
                Form::Objects { len, bytes, parts: count }
            }
        })
    };
    partition.batches.iter().map(pack).collect()
}

/// The partition that was packed.
pub(crate) fn unpack(
    forms: Vec<Form>,
    parts: &mut impl Iterator<Item = Shared>,
) -> Result<Partition, OpError> {
    let unpack = |form| {
        Ok(match form {
            Form::Arrow => read(parts.next().ok_or("a batch has lost its part")?)?,
            Form::Objects { len, bytes, parts: count } => {
                let parts = parts.by_ref().take(count).collect();
                Batch::Objects(Arc::new(PackedObjects { len, bytes, parts }))
            }
        })
    };
    let batches: Result<_, OpError> = forms.into_iter().map(unpack).collect();
    Ok(Partition { batches: batches? })
}

fn write(column: ArrayRef) -> Result<Vec<u8>, ArrowError> {
    let field = Field::new("elements", column.data_type().clone(), true);
    let schema = Arc::new(Schema::new(vec![field]));
    let mut writer = StreamWriter::try_new(Vec::new(), &schema)?;
    writer.write(&RecordBatch::try_new(schema, vec![column])?)?;
    writer.into_inner()
}

/// Bytes that arrived, as Arrow holds them.
struct Arrived(Shared);

impl AsRef<[u8]> for Arrived {
    fn as_ref(&self) -> &[u8] {
        (*self.0).as_ref()
    }
}

fn read(part: Shared) -> Result<Batch<'static>, OpError> {
    let mut bytes = Buffer::from(Bytes::from_owner(Arrived(part)));
    let mut decoder = StreamDecoder::new();
    let columns = decoder.decode(&mut bytes)?.ok_or("a column ends too early")?;
    let column = Arc::clone(columns.column(0));
    Ok(match column.data_type() {
        DataType::LargeUtf8 => {
            let strings: &LargeStringArray = column.as_string();
            Batch::strings(strings.clone())
        }
        _ => Batch::Column(column),
    })
}

/// Objects that came from another process or the disk, and that nobody has looked at yet.
pub struct PackedObjects {
    len: usize,
    bytes: usize,
    parts: Vec<Shared>,
}

impl PackedObjects {
    /// What [`Objects::pack`] made of them.
    pub fn parts(&self) -> &[Shared] {
        &self.parts
    }
}

impl Objects for PackedObjects {
    fn len(&self) -> usize {
        self.len
    }

    fn bytes(&self) -> usize {
        self.bytes
    }

    fn pack(&self) -> Result<Vec<Shared>, OpError> {
        Ok(self.parts.clone())
    }
}

impl Spill for Partition {
    fn spill(&self, file: &mut File) -> Result<Box<dyn Load>, OpError> {
        let mut parts = Vec::new();
        let forms = pack(self, &mut parts)?;
        let mut lengths = Vec::with_capacity(parts.len());
        for part in &parts {
            let bytes = (**part).as_ref();
            file.write_all(bytes)?;
            lengths.push(bytes.len());
        }
        Ok(Box::new(Spilled { forms, lengths }))
    }
}

/// A partition in a file: its batches, and the lengths of their parts, which stand in a row.
struct Spilled {
    forms: Vec<Form>,
    lengths: Vec<usize>,
}

impl Load for Spilled {
    fn load(&self, file: &File) -> Result<Value, OpError> {
        let mut at = 0;
        let read = |length: &usize| {
            let mut bytes = vec![0; *length];
            file.read_exact_at(&mut bytes, at)?;
            at += *length as u64;
            Ok(Arc::new(bytes) as Shared)
        };
        let parts: io::Result<Vec<_>> = self.lengths.iter().map(read).collect();
        Ok(value(unpack(self.forms.clone(), &mut parts?.into_iter())?))
    }
}
