//! Regions of files.

use array::view::Target;
use array::{DType, Source, Stored};
use kernel::types::Scalar;
use std::io::Write;

fn read(source: &Stored, region: &[std::ops::Range<usize>]) -> Vec<i32> {
    let shape: Vec<usize> = region.iter().map(ExactSizeIterator::len).collect();
    let mut target = Target::new(DType::Number(Scalar::I32), &shape);
    source.read(region, &mut target).unwrap();
    let view = target.freeze();
    let bytes = view.as_bytes().unwrap().as_chunks().0;
    bytes.iter().map(|bytes| i32::from_ne_bytes(*bytes)).collect()
}

#[test]
fn regions_are_read_with_and_without_gaps() {
    let path = std::env::temp_dir().join(format!("manycore-stored-{}", std::process::id()));
    // Rows so short that gaps are read with them, and so long that they are not.
    for width in [100, 40_000] {
        let numbers: Vec<i32> = (0..8 * width).collect();
        let bytes: Vec<u8> = numbers.iter().flat_map(|number| number.to_be_bytes()).collect();
        let mut file = std::fs::File::create(&path).unwrap();
        file.write_all(b"head").unwrap();
        file.write_all(&bytes).unwrap();
        let width = width as usize;
        let dtype = DType::Number(Scalar::I32);
        let swapped = cfg!(target_endian = "little").then_some(4);
        let source = Stored::open(&path, 4, &[8, width], &dtype, swapped).unwrap();
        assert_eq!(read(&source, &[0..8, 0..width]), numbers);
        let last = width - 1..width;
        for (rows, columns) in [(1..7, 3..5), (2..3, 0..width), (0..8, last), (3..3, 0..2)] {
            let expected: Vec<i32> = rows
                .clone()
                .flat_map(|row| columns.clone().map(move |column| (row * width + column) as i32))
                .collect();
            assert_eq!(read(&source, &[rows, columns]), expected);
        }
    }
    let dtype = DType::Number(Scalar::I32);
    let source = Stored::open(&path, 4, &[9, 40_000], &dtype, None).unwrap();
    let mut target = Target::new(dtype.clone(), &[1, 40_000]);
    let error = source.read(&[8..9, 0..40_000], &mut target).unwrap_err();
    assert!(error.to_string().contains("shorter"), "{error}");
    std::fs::remove_file(&path).unwrap();
    assert!(Stored::open(&path, 0, &[1], &dtype, None).is_err());
}
