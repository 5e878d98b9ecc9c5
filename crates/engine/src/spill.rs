//! Values on disk: written when the budget asks, read again when a task needs them.
//!
//! Each has a file of its own that has no name any more (or never had one): whatever becomes of this
//! process, nothing is left behind.

use crate::EngineError;
use graph::{Data, Load, OpError, Value, downcast, value};
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

/// A value that is on disk.
struct OnDisk {
    file: File,
    load: Box<dyn Load>,
}

impl Data for OnDisk {
    fn bytes(&self) -> usize {
        0
    }
}

/// The folder for spilled values if nobody names one: the system's for temporary files, but not one
/// that is itself in memory.
pub fn default_folder() -> PathBuf {
    const IN_MEMORY: i64 = 0x0102_1994; // TMPFS_MAGIC of statfs(2)
    let folder = std::env::temp_dir();
    let is_in_memory = rustix::fs::statfs(&folder).is_ok_and(|system| system.f_type == IN_MEMORY);
    let on_disk = Path::new("/var/tmp");
    if is_in_memory && on_disk.is_dir() { on_disk.to_owned() } else { folder }
}

/// Whether a value can be written to disk.
pub(crate) fn can_spill(value: &Value) -> bool {
    value.spill().is_some()
}

/// Writes a value to a file in `folder`; what is returned stands for it. Nothing, if the value turns
/// out to be one that can't be written.
pub(crate) fn spill(value_in_memory: &Value, folder: &Path) -> Result<Option<Value>, EngineError> {
    let failed = |source| EngineError::Spill { folder: folder.to_owned(), source };
    let Some(spill) = value_in_memory.spill() else { return Ok(None) };
    let mut file = tempfile::tempfile_in(folder).map_err(failed)?;
    match spill.spill(&mut file) {
        Ok(load) => Ok(Some(value(OnDisk { file, load }))),
        Err(error) => error.downcast::<io::Error>().map_or(Ok(None), |error| Err(failed(*error))),
    }
}

/// Whether a value is on disk.
pub(crate) fn is_on_disk(value: &Value) -> bool {
    downcast::<OnDisk>(value).is_some()
}

/// The value itself, read from disk if it is there.
pub(crate) fn load(value: &Value) -> Result<Value, OpError> {
    match downcast::<OnDisk>(value) {
        Some(on_disk) => on_disk.load.load(&on_disk.file),
        None => Ok(value.clone()),
    }
}

/// The values themselves, and how many bytes of them were on disk.
pub(crate) fn load_all(mut values: Vec<Value>) -> Result<(Vec<Value>, u64), OpError> {
    let mut bytes = 0;
    for value in &mut values {
        if is_on_disk(value) {
            *value = load(value)?;
            bytes += value.bytes() as u64;
        }
    }
    Ok((values, bytes))
}
