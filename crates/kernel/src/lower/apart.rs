//! Which arrays can't share memory: what is made here is nobody else's.
//!
//! An array variable is *own* if it is never given anything but arrays that were made for it. Two own variables
//! share no memory, nor does one with an array that the function was given.

use super::Frame;
use crate::ir::{Expr, ExprKind, Local};
use std::collections::{HashMap, HashSet};

/// What is known of where arrays come from.
#[derive(Default)]
pub struct Apart {
    /// Made here, and in no variable yet.
    made: HashSet<Local>,
    /// Variables that are own, as far as has been seen, and their keys.
    own: HashMap<Local, String>,
    /// Variables that are not, from earlier rounds too.
    shared: HashSet<String>,
    /// What was given to the function, in variables that are assigned nothing else.
    given: HashMap<Local, String>,
    /// Views, and what they are of.
    parts: HashMap<Local, Local>,
    /// Variables that somebody has relied on.
    trusted: HashSet<String>,
}

impl Apart {
    /// For another round, in which what was found to be shared is known from the first.
    pub fn again(&mut self) -> Self {
        Self { shared: std::mem::take(&mut self.shared), ..Self::default() }
    }

    /// An array that was made here.
    pub fn made(&mut self, array: Local) {
        self.made.insert(array);
    }

    /// An array that the function was given.
    pub fn given(&mut self, key: &str, array: Local) {
        if !self.shared.contains(key) {
            self.given.insert(array, key.to_owned());
        }
    }

    /// A view of an array.
    pub fn part(&mut self, view: Local, array: Local) {
        self.parts.insert(view, array);
    }

    /// A variable is given an array; whether it turns out that it should not have been trusted.
    pub fn assigned(&mut self, key: &str, variable: Local, value: &Expr) -> bool {
        let is_made = match value.kind {
            // Whatever else it may be given to from now on has only a part in it.
            ExprKind::Local(from) => self.made.remove(&from),
            _ => false,
        };
        self.given.remove(&variable);
        if is_made && !self.shared.contains(key) {
            self.own.insert(variable, key.to_owned());
            return false;
        }
        self.own.remove(&variable);
        self.shared.insert(key.to_owned()) && self.trusted.contains(key)
    }

    fn root(&self, mut array: Local) -> Local {
        while let Some(whole) = self.parts.get(&array) {
            array = *whole;
        }
        array
    }

    fn is_own(&mut self, array: Local) -> bool {
        if let Some(key) = self.own.get(&array) {
            self.trusted.insert(key.clone());
            return true;
        }
        self.made.contains(&array)
    }

    fn is_given(&mut self, array: Local) -> bool {
        let key = self.given.get(&array).cloned();
        let is_given = key.is_some();
        self.trusted.extend(key);
        is_given
    }
}

impl Frame {
    /// Whether two arrays are known to share no memory.
    pub fn are_apart(&mut self, one: Local, two: Local) -> bool {
        let (one, two) = (self.apart.root(one), self.apart.root(two));
        if one == two {
            return false;
        }
        let (own, also) = (self.apart.is_own(one), self.apart.is_own(two));
        let (is_given, too) = (self.apart.is_given(one), self.apart.is_given(two));
        own && (also || too) || also && is_given
    }
}
