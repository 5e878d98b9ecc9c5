//! Polynomials with whole coefficients: what indices and the bounds of loops are.

use std::collections::BTreeMap;

/// Something that has one value: a loop's variable, or what does not change in the loop.
pub(super) type Atom = u32;

/// A sum of products of atoms, at most two in each.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Polynomial {
    /// Coefficients, none of them 0, by their sorted atoms.
    terms: BTreeMap<Vec<Atom>, i64>,
}

/// The most that a coefficient may be, in absolute value, by the number of atoms in its term; there
/// are no terms of more.
const MOST: [i64; 3] = [1 << 56, 1 << 16, 1 << 2];

/// Bits of the atoms, by the number of them in a term, so that a sum of [`TERMS`] terms fits 64
/// bits.
pub(super) const BITS: [u32; 3] = [0, 40, 28];

/// The most terms.
const TERMS: usize = 8;

impl Polynomial {
    pub(super) fn constant(value: i64) -> Option<Self> {
        Self::default().plus(Vec::new(), value)
    }

    pub(super) fn atom(atom: Atom) -> Self {
        Self { terms: BTreeMap::from([(vec![atom], 1)]) }
    }

    /// Its value if there are no atoms in it.
    pub(super) fn as_constant(&self) -> Option<i64> {
        match self.terms.len() {
            0 => Some(0),
            1 => self.terms.get(&Vec::new()).copied(),
            _ => None,
        }
    }

    pub(super) fn terms(&self) -> impl Iterator<Item = (&[Atom], i64)> {
        self.terms.iter().map(|(atoms, coefficient)| (atoms.as_slice(), *coefficient))
    }

    /// The sum of this and a term; nothing if it becomes too large.
    pub(super) fn plus(mut self, mut atoms: Vec<Atom>, coefficient: i64) -> Option<Self> {
        atoms.sort_unstable();
        let most = *MOST.get(atoms.len())?;
        let sum = self.terms.get(&atoms).copied().unwrap_or(0).checked_add(coefficient)?;
        if sum == 0 {
            self.terms.remove(&atoms);
        } else {
            self.terms.insert(atoms, sum);
        }
        (sum.abs() <= most && self.terms.len() <= TERMS).then_some(self)
    }

    pub(super) fn add(self, other: &Self) -> Option<Self> {
        self.add_times(other, 1)
    }

    pub(super) fn sub(self, other: &Self) -> Option<Self> {
        self.add_times(other, -1)
    }

    fn add_times(self, other: &Self, factor: i64) -> Option<Self> {
        other.terms.iter().try_fold(self, |sum, (atoms, coefficient)| {
            sum.plus(atoms.clone(), coefficient.checked_mul(factor)?)
        })
    }

    pub(super) fn mul(&self, other: &Self) -> Option<Self> {
        self.terms.iter().try_fold(Self::default(), |sum, (atoms, coefficient)| {
            sum.add(&other.times(atoms, *coefficient)?)
        })
    }

    /// This times a term.
    pub(super) fn times(&self, atoms: &[Atom], coefficient: i64) -> Option<Self> {
        self.terms.iter().try_fold(Self::default(), |sum, (own, factor)| {
            let product = own.iter().chain(atoms).copied().collect();
            sum.plus(product, factor.checked_mul(coefficient)?)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Polynomial;

    fn line(atom: u32, factor: i64, constant: i64) -> Polynomial {
        Polynomial::default().plus(vec![atom], factor).unwrap().plus(vec![], constant).unwrap()
    }

    #[test]
    fn products_are_those_of_the_terms() {
        // (2 x + 3) (y - 1) = 2 x y - 2 x + 3 y - 3
        let product = line(0, 2, 3).mul(&line(1, 1, -1)).unwrap();
        let expected = line(0, -2, -3).add(&line(1, 3, 0)).unwrap().plus(vec![1, 0], 2).unwrap();
        assert_eq!(product, expected);
    }

    #[test]
    fn what_cancels_leaves_a_constant() {
        let rest = line(4, 7, 5).sub(&line(4, 7, 9)).unwrap();
        assert_eq!(rest.as_constant(), Some(-4));
        assert_eq!(line(4, 1, 0).as_constant(), None);
    }

    #[test]
    fn what_might_overflow_is_refused() {
        assert_eq!(Polynomial::constant(i64::MAX), None);
        let square = line(0, 1, 0).mul(&line(0, 1, 0)).unwrap();
        assert_eq!(square.mul(&line(0, 1, 0)), None);
        assert_eq!(line(0, 1 << 16, 0).add(&line(0, 1, 0)), None);
    }
}
