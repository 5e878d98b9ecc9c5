//! How fast elements are copied between layouts, beside `memcpy` of the same bytes.
//!
//! `cargo run --release -p manycore-array --example copies`
#![allow(clippy::print_stdout)]

use array::DType;
use array::view::Target;
use kernel::types::Scalar;
use std::time::Instant;

/// Nanoseconds that a call takes: the least of several.
fn nanoseconds(mut call: impl FnMut()) -> f64 {
    let once = |call: &mut dyn FnMut()| {
        let start = Instant::now();
        call();
        start.elapsed().as_nanos() as f64
    };
    (0..std::env::var("N").map_or(15, |n| n.parse().unwrap()))
        .map(|_| once(&mut call))
        .fold(f64::INFINITY, f64::min)
}

fn main() {
    for (rows, columns) in [(100, 100), (1000, 1000), (4096, 4096), (5000, 3000), (3_000_000, 3)] {
        for scalar in [Scalar::U8, Scalar::I16, Scalar::F32, Scalar::F64, Scalar::C128] {
            let shape = [rows, columns];
            let mut source = Target::new(DType::Number(scalar), &shape);
            source.bytes().fill(1);
            let view = source.freeze();
            let mut bytes = Target::zeros(DType::Number(scalar), &shape);
            let memcpy = nanoseconds(|| bytes.bytes().copy_from_slice(view.as_bytes().unwrap()));
            let mut same = Target::zeros(DType::Number(scalar), &shape);
            let same = nanoseconds(|| same.fill_from(&view));
            let turned = view.axes(&[Some(1), Some(0)]);
            let mut target = Target::zeros(DType::Number(scalar), turned.shape());
            let transpose = nanoseconds(|| target.fill_from(&turned));
            let mut target = Target::zeros(DType::Number(scalar), &shape);
            let backwards = view.slice(1, columns - 1, -1, columns);
            let reverse = nanoseconds(|| target.fill_from(&backwards));
            let every = view.slice(1, 0, 2, columns / 2);
            let mut target = Target::zeros(DType::Number(scalar), every.shape());
            let half = nanoseconds(|| target.fill_from(&every));
            println!(
                "{scalar:>10} {rows:>8} x {columns:<5} memcpy {:6.3} ns, \
                 times it: same {:5.2} transpose {:5.2} reverse {:5.2} half {:5.2}",
                memcpy / view.len() as f64,
                same / memcpy,
                transpose / memcpy,
                reverse / memcpy,
                half / memcpy,
            );
        }
    }
}
