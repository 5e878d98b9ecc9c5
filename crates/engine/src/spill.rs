//! Values on disk: written when the budget asks, read again when a task needs them.
//!
//! They stand behind one another in files that have no name any more (or never had one): whatever becomes of
//! this process, nothing is left behind. A file goes when the last of its values does. One for each value would
//! be too many files: a shuffle cuts chunks into thousands of pieces.

use crate::EngineError;
use graph::{Data, Load, OpError, Value, downcast, value};
use std::fs::File;
use std::io::{self, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Where a run's values go.
pub(crate) struct Disk {
    folder: PathBuf,
    /// Files that nobody writes to now, and that have room.
    open: Mutex<Vec<Arc<File>>>,
}

/// A value that is on disk.
struct OnDisk {
    file: Arc<File>,
    start: u64,
    load: Box<dyn Load>,
}

/// How long a file may be for another value to go there.
const FULL: u64 = 64 << 20;
/// A value that may be mapped starts at a page.
const PAGE: u64 = 4096;

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

impl Disk {
    /// Files will be in this folder.
    pub fn new(folder: PathBuf) -> Self {
        Self { folder, open: Mutex::default() }
    }

    fn open(&self) -> MutexGuard<'_, Vec<Arc<File>>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Writes a value to disk; what is returned stands for it. Nothing, if the value turns out to be one that
    /// can't be written.
    pub fn spill(&self, value_in_memory: &Value) -> Result<Option<Value>, EngineError> {
        let failed = |source| EngineError::Spill { folder: self.folder.clone(), source };
        let Some(spill) = value_in_memory.spill() else { return Ok(None) };
        let known = self.open().pop();
        let file = match known {
            Some(file) => file,
            None => Arc::new(tempfile::tempfile_in(&self.folder).map_err(failed)?),
        };
        let end = (&*file).seek(SeekFrom::End(0)).map_err(failed)?;
        let start = end.next_multiple_of(PAGE);
        (&*file).seek(SeekFrom::Start(start)).map_err(failed)?;
        // Whoever fails leaves a file with something in it that nobody reads.
        match spill.spill(&mut &*file) {
            Ok(load) => {
                if (&*file).stream_position().map_err(failed)? < FULL {
                    self.open().push(Arc::clone(&file));
                }
                Ok(Some(value(OnDisk { file, start, load })))
            }
            Err(error) => {
                error.downcast::<io::Error>().map_or(Ok(None), |error| Err(failed(*error)))
            }
        }
    }
}

/// Whether a value is on disk.
pub(crate) fn is_on_disk(value: &Value) -> bool {
    downcast::<OnDisk>(value).is_some()
}

/// The value itself, read from disk if it is there.
pub(crate) fn load(value: &Value) -> Result<Value, OpError> {
    match downcast::<OnDisk>(value) {
        Some(on_disk) => on_disk.load.load(&on_disk.file, on_disk.start),
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
