//! Complex numbers: two leaves, computed as NumPy does.

use super::leaf::{float, number};
use super::writer::{Leaves, Writer};
use crate::ir::{Binary, Compare, Unary};
use crate::types::Scalar;

impl Writer<'_, '_> {
    pub(super) fn unary_complex(&mut self, op: Unary, scalar: Scalar, row: &[String]) -> Leaves {
        match op {
            Unary::Neg => {
                let (ty, flags) = (number(scalar), self.flags());
                row.iter().map(|part| self.op(format_args!("fneg {flags}{ty} {part}"))).collect()
            }
            Unary::Abs => vec![self.function_of("hypot", scalar.real(), &[&row[0], &row[1]])],
            _ => unreachable!("{op:?} of {scalar}"),
        }
    }

    pub(super) fn binary_complex(
        &mut self,
        op: Binary,
        scalar: Scalar,
        one: &[String],
        two: &[String],
    ) -> Leaves {
        let ([a, b], [c, d]) = ([&*one[0], &*one[1]], [&*two[0], &*two[1]]);
        match op {
            Binary::Add => {
                vec![self.float("fadd", scalar, a, c), self.float("fadd", scalar, b, d)]
            }
            Binary::Sub => {
                vec![self.float("fsub", scalar, a, c), self.float("fsub", scalar, b, d)]
            }
            Binary::Mul => {
                let (ac, bd) = (self.float("fmul", scalar, a, c), self.float("fmul", scalar, b, d));
                let (ad, bc) = (self.float("fmul", scalar, a, d), self.float("fmul", scalar, b, c));
                vec![self.float("fsub", scalar, &ac, &bd), self.float("fadd", scalar, &ad, &bc)]
            }
            Binary::Div => self.divide_complex(scalar, [a, b], [c, d]),
            _ => unreachable!("{op:?} of {scalar}"),
        }
    }

    /// Smith's method (Communications of the ACM 5, 1962), as NumPy's: the part of the divisor that
    /// is the larger one divides, so that nothing overflows on the way.
    fn divide_complex(&mut self, scalar: Scalar, [a, b]: [&str; 2], [c, d]: [&str; 2]) -> Leaves {
        let ty = number(scalar);
        let real = scalar.real();
        let (c_size, d_size) =
            (self.intrinsic("fabs", real, &[c]), self.intrinsic("fabs", real, &[d]));
        let first = self.op(format_args!("fcmp oge {ty} {c_size}, {d_size}"));
        let either = |writer: &mut Self, one: &str, two: &str| {
            writer.op(format_args!("select i1 {first}, {ty} {one}, {ty} {two}"))
        };
        let large = either(self, c, d);
        let small = either(self, d, c);
        let ratio = self.float("fdiv", scalar, &small, &large);
        let part = self.float("fmul", scalar, &small, &ratio);
        let whole = self.float("fadd", scalar, &large, &part);
        let scale = self.float("fdiv", scalar, &float(real, 1.0), &whole);
        // (a + b r, b - a r) if the real part is the larger one, else (a r + b, b r - a).
        let (ar, br) =
            (self.float("fmul", scalar, a, &ratio), self.float("fmul", scalar, b, &ratio));
        let (one, two) = (self.float("fadd", scalar, a, &br), self.float("fadd", scalar, &ar, b));
        let upper = either(self, &one, &two);
        let (one, two) = (self.float("fsub", scalar, b, &ar), self.float("fsub", scalar, &br, a));
        let lower = either(self, &one, &two);
        let found = [
            self.float("fmul", scalar, &upper, &scale),
            self.float("fmul", scalar, &lower, &scale),
        ];
        // By zero: each part by it.
        let none = self.op(format_args!("fcmp oeq {ty} {c_size}, {}", float(real, 0.0)));
        let also = self.op(format_args!("fcmp oeq {ty} {d_size}, {}", float(real, 0.0)));
        let none = self.op(format_args!("and i1 {none}, {also}"));
        let [upper, lower] = found;
        let parts =
            [self.float("fdiv", scalar, a, &c_size), self.float("fdiv", scalar, b, &c_size)];
        [(parts[0].clone(), upper), (parts[1].clone(), lower)]
            .map(|(zero, value)| {
                self.op(format_args!("select i1 {none}, {ty} {zero}, {ty} {value}"))
            })
            .to_vec()
    }

    /// Equal if both parts are; there is no order.
    pub(super) fn compare_complex(
        &mut self,
        op: Compare,
        scalar: Scalar,
        one: &[String],
        two: &[String],
    ) -> String {
        let [real, imaginary] =
            [0, 1].map(|at| self.compare(op, scalar.real(), &one[at..=at], &two[at..=at]));
        let name = if op == Compare::Eq { "and" } else { "or" };
        self.op(format_args!("{name} i1 {real}, {imaginary}"))
    }
}
