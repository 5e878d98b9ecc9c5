//! Finding the files that paths, folders and patterns name.
//!
//! Everything is looked at when the bag is made, so that a mistake shows where it was made; a
//! folder that can't be read is an error and never a smaller answer.

use crate::BagError;
use serde::{Deserialize, Serialize};
use std::ffi::OsStr;
use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};

/// A file to be read.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct File {
    #[serde(with = "any_path")]
    pub path: PathBuf,
    pub size: u64,
    pub compression: Option<Compression>,
}

/// How a file is compressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Compression {
    /// gzip (RFC 1952), one member or several.
    Gzip,
    /// Zstandard (RFC 8878), one frame or several.
    Zstd,
}

impl Compression {
    /// What the end of `path`'s name says: `.gz` or `.zst`.
    ///
    /// # Errors
    /// [`BagError::Argument`] for `.bz2`, `.xz` and `.lz4`, which would otherwise be read as text.
    pub fn infer(path: &Path) -> Result<Option<Self>, BagError> {
        let extension = path.extension().map(|extension| extension.to_string_lossy());
        match extension.as_deref() {
            Some("gz") => Ok(Some(Self::Gzip)),
            Some("zst") => Ok(Some(Self::Zstd)),
            Some("bz2" | "xz" | "lz4") => Err(BagError::Argument {
                argument: "compression",
                expected: "gzip or zstd (or None to read the bytes as they are)",
                value: format!("that of {}", path.display()),
            }),
            _ => Ok(None),
        }
    }

    /// The format's name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Gzip => "gzip",
            Self::Zstd => "zstd",
        }
    }
}

/// Paths as they are, also those that are not UTF-8.
mod any_path {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};
    use std::ffi::OsString;
    use std::path::{Path, PathBuf};

    pub fn serialize<S: Serializer>(path: &Path, serializer: S) -> Result<S::Ok, S::Error> {
        path.as_os_str().serialize(serializer)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<PathBuf, D::Error> {
        OsString::deserialize(deserializer).map(PathBuf::from)
    }
}

/// The files that `paths` name, in the order of `paths`, and by name within each folder or pattern.
pub(crate) fn discover(
    paths: &[PathBuf],
    compression: impl Fn(&Path) -> Result<Option<Compression>, BagError>,
) -> Result<Vec<File>, BagError> {
    let mut found = Vec::new();
    for path in paths {
        let before = found.len();
        match fs::metadata(path) {
            Ok(metadata) if metadata.is_dir() => walk(path, &mut found)?,
            Ok(metadata) => found.push((path.clone(), metadata.len())),
            Err(_) if is_pattern(path) => expand(path, &mut found)?,
            Err(source) => return Err(io_error("open", path, source)),
        }
        if found.len() == before {
            return Err(BagError::NoFiles { pattern: path.clone() });
        }
    }
    if found.is_empty() {
        return Err(BagError::Argument {
            argument: "urlpath",
            expected: "a path, a folder, a pattern or a list of paths",
            value: "an empty list".into(),
        });
    }
    found
        .into_iter()
        .map(|(path, size)| Ok(File { compression: compression(&path)?, path, size }))
        .collect()
}

/// All files under `folder` but hidden ones, by name; folders behind links are left out, files not.
fn walk(folder: &Path, found: &mut Vec<(PathBuf, u64)>) -> Result<(), BagError> {
    let read = |source| io_error("read the folder", folder, source);
    let mut entries =
        fs::read_dir(folder).and_then(Iterator::collect::<io::Result<Vec<_>>>).map_err(read)?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        if entry.file_name().as_encoded_bytes().starts_with(b".") {
            continue;
        }
        let path = entry.path();
        let is_link = entry.file_type().map_err(read)?.is_symlink();
        let metadata = fs::metadata(&path).map_err(|source| io_error("open", &path, source))?;
        if metadata.is_file() {
            found.push((path, metadata.len()));
        } else if metadata.is_dir() && !is_link {
            walk(&path, found)?;
        }
    }
    Ok(())
}

fn is_pattern(path: &Path) -> bool {
    path.as_os_str().as_encoded_bytes().iter().any(|byte| b"*?[".contains(byte))
}

/// What stands between two slashes of a pattern.
enum Part<'pattern> {
    /// This name and no other.
    Name(&'pattern OsStr),
    /// `*.txt`: every name that matches.
    Names(glob::Pattern),
    /// `**`: here, and in all folders below.
    Below,
}

/// The files that match `pattern`, by name, each once.
///
/// Not `glob::glob`: that goes round and round where a link leads to a folder above, gives a file
/// twice that `**/b/**` matches in two ways, panics at names that are not UTF-8, and leaves out
/// what it may not look at.
fn expand(pattern: &Path, found: &mut Vec<(PathBuf, u64)>) -> Result<(), BagError> {
    let mut parts = Vec::new();
    for component in pattern.components() {
        let name = component.as_os_str();
        parts.push(match component {
            Component::Normal(name) if name == "**" => Part::Below,
            Component::Normal(name) if is_pattern(Path::new(name)) => {
                Part::Names(compile(name, pattern)?)
            }
            _ => Part::Name(name),
        });
    }
    if let Some(Part::Below) = parts.last() {
        parts.push(Part::Names(compile(OsStr::new("*"), pattern)?));
    }
    // No file's name ends in a slash.
    if !pattern.as_os_str().as_encoded_bytes().ends_with(b"/") {
        let mut matches = Vec::new();
        descend(Path::new(""), &parts, &mut matches)?;
        matches.sort_unstable();
        matches.dedup();
        found.append(&mut matches);
    }
    Ok(())
}

fn compile(name: &OsStr, pattern: &Path) -> Result<glob::Pattern, BagError> {
    glob::Pattern::new(&name.to_string_lossy()).map_err(|error| BagError::Pattern {
        pattern: pattern.to_string_lossy().into_owned(),
        message: error.to_string(),
    })
}

/// Adds what matches `parts` in the folder `base`.
fn descend(
    base: &Path,
    parts: &[Part<'_>],
    found: &mut Vec<(PathBuf, u64)>,
) -> Result<(), BagError> {
    let options = glob::MatchOptions {
        case_sensitive: true,
        require_literal_separator: true,
        require_literal_leading_dot: true,
    };
    let Some((part, behind)) = parts.split_first() else {
        let metadata = fs::metadata(base).map_err(|source| io_error("open", base, source))?;
        if !metadata.is_dir() {
            found.push((base.to_owned(), metadata.len()));
        }
        return Ok(());
    };
    match part {
        Part::Name(name) => {
            let path = base.join(name);
            match fs::symlink_metadata(&path) {
                Ok(_) => descend(&path, behind, found)?,
                Err(error) if is_absent(&error) => {}
                Err(source) => return Err(io_error("open", &path, source)),
            }
        }
        Part::Names(pattern) => {
            for entry in entries(base)? {
                let name = entry.file_name();
                if pattern.matches_with(&name.to_string_lossy(), options) {
                    descend(&base.join(name), behind, found)?;
                }
            }
        }
        Part::Below => {
            descend(base, behind, found)?;
            for entry in entries(base)? {
                let kind = entry.file_type();
                let kind = kind.map_err(|source| io_error("open", &entry.path(), source))?;
                // Neither hidden ones nor those behind links, as in `walk`.
                if kind.is_dir() && !entry.file_name().as_encoded_bytes().starts_with(b".") {
                    descend(&base.join(entry.file_name()), parts, found)?;
                }
            }
        }
    }
    Ok(())
}

/// What is in a folder; nothing if it isn't there, or isn't one.
fn entries(folder: &Path) -> Result<Vec<fs::DirEntry>, BagError> {
    let here = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    match fs::read_dir(here).and_then(Iterator::collect) {
        Err(error) if is_absent(&error) => Ok(Vec::new()),
        result => result.map_err(|source| io_error("read the folder", here, source)),
    }
}

fn is_absent(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}

pub(crate) fn io_error(action: &'static str, path: &Path, source: io::Error) -> BagError {
    BagError::Io { action, path: path.to_owned(), source }
}
