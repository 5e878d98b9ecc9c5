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
    fn spill(&self, file: &mut dyn Write) -> Result<Box<dyn Load>, OpError> {
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
    fn load(&self, file: &File, start: u64) -> Result<Value, OpError> {
        let mut at = start;
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

#[cfg(test)]
mod tests {
    use super::{Packed, pack, unpack};
    use crate::{Batch, Part, Partition, Pieces, Strings, Unit};
    use arrow_array::{BooleanArray, Int64Array, LargeStringArray};
    use graph::{Data, Shared, downcast};
    use proptest::collection;
    use proptest::prelude::*;
    use std::sync::Arc;

    /// A batch of one of the forms that a batch may have.
    fn batch(form: u8, texts: Vec<String>) -> Batch<'static> {
        match form {
            0 => Batch::strings(LargeStringArray::from(texts)),
            1 => Batch::block(texts.join("\n")),
            2 => {
                let pieces = Pieces::Column(LargeStringArray::from(texts));
                Batch::Strings(Strings { pieces, unit: Unit::WordList })
            }
            3 => Batch::Column(Arc::new(Int64Array::from_iter_values(
                texts.iter().map(|text| text.len() as i64),
            ))),
            _ => Batch::Column(Arc::new(BooleanArray::from_iter(
                texts.iter().map(|text| Some(text.is_ascii())),
            ))),
        }
    }

    /// What a partition holds, in words.
    fn shown(partition: &Partition) -> Vec<String> {
        let show = |batch: &Batch<'static>| match batch.clone().into_owned() {
            Batch::Strings(strings) => format!("{:?}", strings.into_column()),
            Batch::Column(column) => format!("{column:?}"),
            Batch::Objects(_) => unreachable!("there are no objects without a language above"),
        };
        partition.batches.iter().map(show).collect()
    }

    proptest! {
        #[test]
        fn a_partition_comes_back_from_another_process_and_from_disk(
            batches in collection::vec((0..5_u8, collection::vec(".*", 0..9)), 0..5),
        ) {
            let batches = batches.into_iter().map(|(form, texts)| batch(form, texts)).collect();
            let partition = Arc::new(Partition { batches });
            let mut parts = Vec::<Shared>::new();
            let forms = pack(&partition, &mut parts).unwrap();
            let back = unpack(forms, &mut parts.into_iter()).unwrap();
            prop_assert_eq!(shown(&back), shown(&partition));

            let mut file = tempfile::tempfile().unwrap();
            let load = partition.spill().unwrap().spill(&mut file).unwrap();
            let value = load.load(&file, 0).unwrap();
            prop_assert_eq!(shown(downcast(&value).unwrap()), shown(&partition));

            let packed = Part::Memory(Arc::clone(&partition)).pack().unwrap();
            prop_assert!(packed.head.len() < 100 + 10 * partition.batches.len());
        }
    }

    #[test]
    fn what_has_lost_a_part_is_an_error() {
        let partition = Partition::of(Batch::strings(LargeStringArray::from(vec!["a"])));
        let mut parts = Vec::new();
        let forms = pack(&partition, &mut parts).unwrap();
        assert!(unpack(forms, &mut std::iter::empty()).is_err());
        let packed = Packed { head: vec![0xc1], parts: Vec::new() };
        assert!(packed.head::<u32>().is_err());
    }
}
