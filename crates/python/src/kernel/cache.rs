//! Machine code on disk, in the user's cache folder.
//!
//! A file's name is a hash of all that its content depends on: LLVM's text, into which called functions and
//! constants have been put, the compiler and the processor. So nothing in it is ever out of date, and it
//! matters to nobody who wrote it. Files are written under another name and renamed; what is damaged is
//! compiled again. What was not used for a month is removed.

use blake3::Hasher;
use pyo3::prelude::*;
use pyo3::types::PyBytes;
use std::env;
use std::fs::{self, File, Permissions};
use std::io::{self, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

/// What a file begins with; behind it come a hash of the code, and the code.
const MAGIC: &[u8] = b"manycore kernel 2\n";
const HASH: usize = 16;
const DAY: Duration = Duration::from_secs(24 * 3600);
const MONTH: Duration = Duration::from_secs(30 * 24 * 3600);

/// Names the machine code that a compiler makes of LLVM's text; `compiler` is all that it depends on.
#[pyfunction]
pub fn cache_key(text: &str, compiler: &str) -> String {
    // The hash of a text has a length that is always the same, so there is no other way to get both.
    let mut hasher = Hasher::new();
    hasher.update(blake3::hash(compiler.as_bytes()).as_bytes()).update(text.as_bytes());
    hasher.finalize().to_hex()[..40].to_owned()
}

/// The code of that name, if it is there and whole.
#[pyfunction]
pub fn cache_load<'py>(py: Python<'py>, name: &str) -> Option<Bound<'py, PyBytes>> {
    let path = folder()?.join(name);
    let content = fs::read(&path).ok()?;
    let (hash, code) = content.strip_prefix(MAGIC)?.split_at_checked(HASH)?;
    if hash != hash_of(code) {
        return None;
    }
    // For whoever removes old ones; on most systems reading does not change a file's times.
    if age(&path).is_ok_and(|age| age > DAY) {
        let _ = File::options().append(true).open(&path).and_then(|file| touch(&file));
    }
    Some(PyBytes::new(py, code))
}

/// Keeps code; where that is impossible, it is compiled again the next time.
#[pyfunction]
pub fn cache_store(name: &str, code: &[u8]) {
    if let Some(folder) = folder() {
        let _ = store(&folder, name, code);
    }
}

fn store(folder: &Path, name: &str, code: &[u8]) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    let mut file = tempfile::Builder::new()
        .prefix(name)
        // As far as the user's mask lets others read.
        .permissions(Permissions::from_mode(0o666))
        .tempfile_in(folder)?;
    file.write_all(&[MAGIC, &hash_of(code), code].concat())?;
    file.persist(folder.join(name))?;
    remove_old(folder)
}

/// Where machine code is kept: `MANYCORE_CACHE`, or the system's place for caches.
fn folder() -> Option<PathBuf> {
    let given = |name: &str| env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    given("MANYCORE_CACHE").or_else(|| {
        let base = if cfg!(target_os = "macos") {
            env::home_dir()?.join("Library").join("Caches")
        } else {
            given("XDG_CACHE_HOME").or_else(|| Some(env::home_dir()?.join(".cache")))?
        };
        Some(base.join("manycore").join("kernels"))
    })
}

fn hash_of(code: &[u8]) -> [u8; HASH] {
    let mut hash = [0; HASH];
    hash.copy_from_slice(&blake3::hash(code).as_bytes()[..HASH]);
    hash
}

fn age(path: &Path) -> io::Result<Duration> {
    // What was written in the future is new.
    Ok(fs::metadata(path)?.modified()?.elapsed().unwrap_or_default())
}

fn touch(file: &File) -> io::Result<()> {
    file.set_modified(SystemTime::now())
}

/// Removes what nobody has used for a month, once a day.
fn remove_old(folder: &Path) -> io::Result<()> {
    let stamp = folder.join("swept");
    if age(&stamp).is_ok_and(|age| age < DAY) {
        return Ok(());
    }
    touch(&File::create(&stamp)?)?;
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path != stamp && age(&path).is_ok_and(|age| age > MONTH) {
            let _ = fs::remove_file(path);
        }
    }
    Ok(())
}
