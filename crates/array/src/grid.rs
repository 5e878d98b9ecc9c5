//! Grids: how an array is cut into chunks.

use crate::view::{Region, Shape};
use smallvec::SmallVec;
use std::ops::Range;
use std::sync::Arc;

/// Along each axis the bounds of the chunks; a grid has at least one chunk, also of an array without elements.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Grid(SmallVec<[Arc<[usize]>; 4]>);

/// The least bytes of a chunk that nobody has asked for: its task then takes much longer than to start it.
const LEAST: usize = 1 << 20;
/// The most: several of them fit beside each other into memory, and their cores end at about the same time.
const MOST: usize = 16 << 20;
/// How many chunks an array between those is cut into.
const CHUNKS: usize = 64;

impl Grid {
    /// A grid of chunks of these sizes along each axis.
    pub fn of_sizes<I: IntoIterator<Item = usize>>(axes: impl IntoIterator<Item = I>) -> Self {
        let bounds = |sizes: I| {
            let mut bounds = vec![0];
            bounds.extend(sizes.into_iter().scan(0, |end, size| {
                *end += size;
                Some(*end)
            }));
            if bounds.len() == 1 {
                bounds.push(0);
            }
            bounds.into()
        };
        Self(axes.into_iter().map(bounds).collect())
    }

    /// A grid of one chunk.
    pub fn single(shape: &[usize]) -> Self {
        Self(shape.iter().map(|size| Arc::from([0, *size])).collect())
    }

    /// The grid of an array that nobody has cut: chunks of some megabytes, which depend on the array alone, so
    /// that results don't depend on the machine. Axes are cut in `order`, which is that of their strides.
    pub fn chosen(shape: &[usize], item: usize, order: impl Iterator<Item = usize>) -> Self {
        let mut bytes = shape.iter().product::<usize>() * item;
        let target = (bytes / CHUNKS).clamp(LEAST, MOST);
        let mut grid = Self::single(shape);
        for axis in order {
            let length = shape[axis];
            if bytes <= target || length == 0 {
                break;
            }
            let row = bytes / length;
            let count = length.div_ceil((target / row.max(1)).max(1));
            let size = length.div_ceil(count);
            grid.0[axis] = (0..length).step_by(size).chain([length]).collect();
            bytes = row * size;
        }
        grid
    }

    /// How many axes.
    pub fn ndim(&self) -> usize {
        self.0.len()
    }

    /// The bounds along an axis, from 0 to its length.
    pub fn bounds(&self, axis: usize) -> &Arc<[usize]> {
        &self.0[axis]
    }

    /// The array's shape.
    pub fn shape(&self) -> Shape {
        self.0.iter().map(|bounds| bounds[bounds.len() - 1]).collect()
    }

    /// How many chunks along an axis.
    pub fn blocks(&self, axis: usize) -> usize {
        self.0[axis].len() - 1
    }

    /// How many chunks.
    pub fn count(&self) -> usize {
        (0..self.ndim()).map(|axis| self.blocks(axis)).product()
    }

    /// A chunk's index along each axis; chunks are numbered in C order.
    pub fn index(&self, mut number: usize) -> SmallVec<[usize; 4]> {
        let mut index: SmallVec<[usize; 4]> = self.0.iter().map(|_| 0).collect();
        for axis in (0..self.ndim()).rev() {
            index[axis] = number % self.blocks(axis);
            number /= self.blocks(axis);
        }
        index
    }

    /// The number of the chunk with an index.
    pub fn number(&self, index: &[usize]) -> usize {
        let axes = index.iter().enumerate();
        axes.fold(0, |number, (axis, index)| number * self.blocks(axis) + index)
    }

    /// What a chunk holds.
    pub fn region(&self, number: usize) -> Region {
        self.region_at(&self.index(number))
    }

    /// What the chunk with an index holds.
    pub fn region_at(&self, index: &[usize]) -> Region {
        let axes = self.0.iter().zip(index);
        axes.map(|(bounds, index)| bounds[*index]..bounds[index + 1]).collect()
    }

    /// Calls `each` with the number of every chunk that has some of a box, and what of the box it has.
    pub fn overlapping(&self, region: &[Range<usize>], each: &mut dyn FnMut(usize, Region)) {
        let ranges: SmallVec<[Range<usize>; 4]> = self
            .0
            .iter()
            .zip(region)
            .map(|(bounds, range)| {
                // The last chunk that begins at or before it: chunks may be empty.
                let first = bounds.partition_point(|bound| *bound <= range.start).max(1) - 1;
                let first = first.min(bounds.len() - 2);
                let last = bounds.partition_point(|bound| *bound < range.end).max(first + 1);
                first..last
            })
            .collect();
        let mut index: SmallVec<[usize; 4]> = ranges.iter().map(|range| range.start).collect();
        loop {
            let own = self.region_at(&index);
            let common = own.iter().zip(region);
            let common = common.map(|(own, asked)| {
                own.start.max(asked.start)..own.end.min(asked.end).max(own.start.max(asked.start))
            });
            each(self.number(&index), common.collect());
            let next = (0..index.len()).rev().find(|axis| {
                index[*axis] += 1;
                let inside = index[*axis] < ranges[*axis].end;
                if !inside {
                    index[*axis] = ranges[*axis].start;
                }
                inside
            });
            if next.is_none() {
                return;
            }
        }
    }

    /// The chunk that a box is, or the one that it lies within.
    pub fn chunk_around(&self, region: &[Range<usize>]) -> Option<usize> {
        let mut number = 0;
        for (axis, range) in region.iter().enumerate() {
            let bounds = &self.0[axis];
            let index = bounds.partition_point(|bound| *bound <= range.start).max(1) - 1;
            let index = index.min(bounds.len() - 2);
            if range.end > bounds[index + 1] {
                return None;
            }
            number = number * self.blocks(axis) + index;
        }
        Some(number)
    }

    /// Whether another grid's chunks lie across this one's: each has a small part of many of them.
    pub fn is_crossed_by(&self, other: &Self) -> bool {
        let mut axes = (0..self.ndim()).map(|axis| (self.blocks(axis), other.blocks(axis)));
        let is_cut = axes.clone().any(|(own, other)| other >= 4 * own);
        is_cut && axes.any(|(own, other)| own >= 2 * other)
    }

    /// The grid with other axes: `None` is a new one of size 1.
    pub fn axes(&self, axes: &[Option<usize>]) -> Self {
        let one: Arc<[usize]> = Arc::from([0, 1]);
        let all = axes.iter().map(|axis| axis.map_or(&one, |axis| &self.0[axis]));
        Self(all.map(Arc::clone).collect())
    }

    /// The grid with another cut along an axis.
    pub fn with_bounds(&self, axis: usize, bounds: Arc<[usize]>) -> Self {
        let mut grid = self.clone();
        grid.0[axis] = bounds;
        grid
    }

    /// The grid of what broadcasting makes: the axes' bounds come from the first of `grids`, which are sorted by
    /// how much they matter, that is as long there.
    pub fn broadcast<'a>(shape: &[usize], grids: impl Iterator<Item = &'a Self> + Clone) -> Self {
        let axes = shape.iter().enumerate().map(|(axis, size)| {
            let mut found = grids.clone().filter_map(|grid| {
                let own = (axis + grid.ndim()).checked_sub(shape.len())?;
                let bounds = &grid.0[own];
                (bounds[bounds.len() - 1] == *size).then(|| Arc::clone(bounds))
            });
            found.next().unwrap_or_else(|| Arc::from([0, *size]))
        });
        Self(axes.collect())
    }

    /// The grid of every `step`-th index from `start` on, `length` of them, along each axis: a chunk holds what it
    /// can get from one of this grid's.
    pub fn slice(&self, items: &[(usize, isize, usize)]) -> Self {
        let axes = self.0.iter().zip(items).map(|(bounds, &(start, step, length))| {
            if (start, step, length) == (0, 1, bounds[bounds.len() - 1]) {
                return Arc::clone(bounds);
            }
            let mut own = vec![0];
            // For each bound inside, how many indices come before it (or, backwards, from it on).
            let inner = &bounds[1..bounds.len() - 1];
            let mut cut = |bound: usize| {
                let distance = if step > 0 {
                    bound as isize - start as isize
                } else {
                    start as isize - bound as isize + 1
                };
                let count = distance.max(0).cast_unsigned().div_ceil(step.unsigned_abs());
                if count > *own.last().expect("it begins with 0") && count < length {
                    own.push(count);
                }
            };
            if step > 0 {
                inner.iter().for_each(|bound| cut(*bound));
            } else {
                inner.iter().rev().for_each(|bound| cut(*bound));
            }
            own.push(length);
            own.into()
        });
        Self(axes.collect())
    }
}

#[cfg(test)]
mod tests {
    use super::Grid;

    #[test]
    fn a_box_is_found_in_the_chunks_that_have_some_of_it() {
        let grid = Grid::of_sizes([vec![3, 0, 4], vec![2, 2]]);
        let mut found = Vec::new();
        grid.overlapping(&[2..5, 1..2], &mut |number, region| {
            found.push((number, region.to_vec()))
        });
        found.retain(|(_, region)| region.iter().all(|range| !range.is_empty()));
        assert_eq!(found, [(0, vec![2..3, 1..2]), (4, vec![3..5, 1..2])]);
        assert_eq!(grid.chunk_around(&[3..5, 0..2]), Some(4));
        assert_eq!(grid.chunk_around(&[2..5, 0..2]), None);
    }

    #[test]
    fn columns_lie_across_rows() {
        let [rows, columns] = [[vec![5; 8], vec![40]], [vec![40], vec![10; 4]]].map(Grid::of_sizes);
        assert!(rows.is_crossed_by(&columns) && columns.is_crossed_by(&rows));
        let fewer = Grid::of_sizes([vec![10; 4], vec![40]]);
        assert!(!rows.is_crossed_by(&fewer) && !fewer.is_crossed_by(&rows));
    }

    #[test]
    fn slices_keep_to_the_chunks() {
        let grid = Grid::of_sizes([vec![4, 4, 2]]);
        assert_eq!(grid.slice(&[(1, 3, 3)]).bounds(0)[..], [0, 1, 3]);
        assert_eq!(grid.slice(&[(9, -1, 10)]).bounds(0)[..], [0, 2, 6, 10]);
        assert_eq!(grid.slice(&[(0, 1, 0)]).bounds(0)[..], [0, 0]);
    }

    #[test]
    fn chosen_chunks_are_some_megabytes() {
        let grid = Grid::chosen(&[1 << 14, 1 << 12], 8, [0, 1].into_iter());
        assert_eq!((grid.blocks(0), grid.blocks(1)), (64, 1));
        assert_eq!(Grid::chosen(&[10, 10], 8, [0, 1].into_iter()).count(), 1);
        assert_eq!(Grid::chosen(&[2, 1 << 24], 8, [0, 1].into_iter()).index(3).len(), 2);
    }
}
