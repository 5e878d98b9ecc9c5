//! Prints what this machine has and how fast its memory is.
//!
//! `cargo run --release -p manycore-measure --example machine`

#![allow(clippy::print_stdout)]

use std::time::Instant;

fn main() {
    let begun = Instant::now();
    let machine = measure::Machine::detect();
    println!("{machine:#?}\nread in {:?}", begun.elapsed());
    for threads in [1, machine.usable_cores] {
        let begun = Instant::now();
        let measured = measure::bandwidth(threads);
        println!("{measured:?} in {:?}", begun.elapsed());
    }
}
