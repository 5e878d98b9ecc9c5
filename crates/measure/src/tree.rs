//! A made-up `/proc` and `/sys`, for tests about machines that are not this one.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

static TREES: AtomicUsize = AtomicUsize::new(0);

/// A folder that is removed when the test ends.
pub(crate) struct Tree(PathBuf);

impl Tree {
    /// Writes each `(path, text)` below a new folder.
    pub(crate) fn new(files: &[(&str, &str)]) -> Tree {
        let number = TREES.fetch_add(1, Ordering::Relaxed);
        let name = format!("manycore-measure-{}-{number}", std::process::id());
        let tree = Tree(std::env::temp_dir().join(name));
        fs::create_dir_all(&tree.0).expect("a folder for the test");
        for (path, text) in files {
            tree.write(path, text);
        }
        tree
    }

    /// Adds one file.
    pub(crate) fn write(&self, path: &str, text: &str) {
        let path = self.0.join(path);
        fs::create_dir_all(path.parent().expect("a file has a folder")).expect("a folder");
        fs::write(path, text).expect("a file for the test");
    }

    /// What stands for `/`.
    pub(crate) fn root(&self) -> &Path {
        &self.0
    }
}

impl Drop for Tree {
    fn drop(&mut self) {
        // A folder left behind in the temporary directory is not worth failing a test for.
        let _ = fs::remove_dir_all(&self.0);
    }
}
