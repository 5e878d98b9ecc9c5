//! Copies elements from one layout to another.
#![allow(unsafe_code)]

use crate::view::{Target, View};

impl Target {
    /// Copies a view of the same dtype and shape.
    pub fn fill_from(&mut self, view: &View) {
        assert_eq!(self.shape(), view.shape(), "a view of the same shape");
        assert_eq!(self.dtype(), view.dtype(), "a view of the same dtype");
        if view.is_empty() {
            return;
        }
        let size = self.dtype().size();
        let shape: Vec<usize> = view.shape().into();
        let mut index = vec![0; shape.len()];
        let strides: Vec<isize> = self.strides().into();
        let data = self.data();
        loop {
            let offset = |strides: &[isize]| -> isize {
                index.iter().zip(strides).map(|(i, stride)| *i as isize * stride).sum()
            };
            // SAFETY: the element is there.
            unsafe {
                let from = view.data().offset(offset(view.strides()));
                std::ptr::copy_nonoverlapping(from, data.offset(offset(&strides)), size);
            }
            let Some(axis) = (0..shape.len()).rev().find(|axis| {
                index[*axis] += 1;
                let inside = index[*axis] < shape[*axis];
                if !inside {
                    index[*axis] = 0;
                }
                inside
            }) else {
                return;
            };
            let _ = axis;
        }
    }
}
