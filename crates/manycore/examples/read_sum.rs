//! The rate at which files are read and their bytes summed: what the machine can do.
//!
//! `read_sum FOLDER THREADS [REPEATS]` prints a JSON line per repeat. The bag's word count is
//! measured against it (`bench/words.py`).

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Instant;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let usage = "usage: read_sum FOLDER THREADS [REPEATS]";
    let folder = PathBuf::from(arguments.next().ok_or(usage)?);
    let threads: usize = arguments.next().ok_or(usage)?.parse()?;
    let repeats: usize = arguments.next().map_or(Ok(1), |text| text.parse())?;
    let mut files = Vec::new();
    find(&folder, &mut files)?;
    for _ in 0..repeats {
        let start = Instant::now();
        let (bytes, sum) = read(&files, threads)?;
        let seconds = start.elapsed().as_secs_f64();
        #[expect(clippy::print_stdout, reason = "the result")]
        {
            println!("{{\"bytes\": {bytes}, \"seconds\": {seconds}, \"sum\": {sum}}}");
        }
    }
    Ok(())
}

fn find(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() { find(&path, files)? } else { files.push(path) }
    }
    Ok(())
}

fn read(files: &[PathBuf], threads: usize) -> io::Result<(u64, u64)> {
    let next = AtomicUsize::new(0);
    let work = || -> io::Result<(u64, u64)> {
        let mut buffer = vec![0_u8; 128 << 10];
        let (mut bytes, mut sum) = (0, 0);
        while let Some(path) = files.get(next.fetch_add(1, Ordering::Relaxed)) {
            let mut file = File::open(path)?;
            loop {
                let count = file.read(&mut buffer)?;
                if count == 0 {
                    break;
                }
                bytes += count as u64;
                sum += buffer[..count].iter().map(|byte| u64::from(*byte)).sum::<u64>();
            }
        }
        Ok((bytes, sum))
    };
    thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        workers.into_iter().try_fold((0, 0), |(bytes, sum), worker| {
            let (more_bytes, more_sum) = worker.join().expect("the loop does not panic")?;
            Ok((bytes + more_bytes, sum + more_sum))
        })
    })
}
