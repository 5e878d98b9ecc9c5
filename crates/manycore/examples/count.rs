//! Counts the words of a folder, and its ten most frequent words: `count FOLDER [REPEATS]`.

use manycore::bag::Bag;
use std::path::PathBuf;
use std::time::Instant;

#[expect(clippy::print_stdout, reason = "the result")]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let folder = PathBuf::from(arguments.next().ok_or("usage: count FOLDER [REPEATS]")?);
    let repeats: usize = arguments.next().map_or(Ok(1), |text| text.parse())?;
    let engine = manycore::engine()?;
    for _ in 0..repeats {
        let start = Instant::now();
        let words = Bag::read_text(std::slice::from_ref(&folder), &Default::default())?
            .split()?
            .flatten()?;
        let count = words.count().run(&engine)?.integer().unwrap_or_default();
        println!("{count} words in {:.3} s", start.elapsed().as_secs_f64());
        let start = Instant::now();
        let top = words.frequencies(true)?.take(10, &engine)?.pairs();
        println!("{top:?} in {:.3} s", start.elapsed().as_secs_f64());
    }
    Ok(())
}
