//! What is true of a whole function, found before it is written.

use super::walk::{self, Node};
use crate::ir::{ExprKind, Function, Local, Program, Runtime, Stmt, StmtKind};
use std::collections::{HashMap, HashSet};

/// What is true of a function.
#[derive(Debug, Default)]
pub(super) struct Facts {
    /// Managed variables that count no references, because variables that outlive every use of
    /// theirs hold the same memory: parameters that stay what they are (the caller holds those),
    /// and views of what is assigned once and for all.
    pub(super) borrowed: HashSet<Local>,
    /// Variables that never hold anything but views of another one.
    pub(super) roots: HashMap<Local, Local>,
}

impl Facts {
    pub(super) fn new(function: &Function) -> Self {
        let mut found = Assignments::default();
        found.read(&function.body, false);
        let roots = found.roots();
        let parameters = 0..function.parameters as u32;
        let mut borrowed: HashSet<Local> = parameters
            .clone()
            .map(Local)
            .filter(|local| !found.sources.contains_key(local))
            .collect();
        // Held by a variable until the function ends.
        let held: HashSet<Local> = (0..function.locals.len() as u32)
            .map(Local)
            .filter(|local| !parameters.contains(&local.0) && found.once(*local))
            .collect();
        loop {
            let more: Vec<Local> = found
                .sources
                .iter()
                .filter(|(local, _)| !parameters.contains(&local.0) && !borrowed.contains(local))
                .filter(|(_, sources)| {
                    sources.iter().all(|source| {
                        source.is_some_and(|of| borrowed.contains(&of) || held.contains(&of))
                    })
                })
                .map(|(local, _)| *local)
                .collect();
            if more.is_empty() {
                return Self { borrowed, roots };
            }
            borrowed.extend(more);
        }
    }
}

/// Of each variable: where each value that it is given comes from (nothing: not another variable),
/// and whether that is in a loop.
#[derive(Default)]
struct Assignments {
    sources: HashMap<Local, Vec<Option<Local>>>,
    looped: HashSet<Local>,
}

impl Assignments {
    fn once(&self, local: Local) -> bool {
        self.sources.get(&local).is_some_and(|all| all.len() == 1) && !self.looped.contains(&local)
    }

    fn roots(&self) -> HashMap<Local, Local> {
        let only = |local: &Local| match self.sources.get(local).map(Vec::as_slice) {
            Some([Some(source), rest @ ..]) if rest.iter().all(|other| *other == Some(*source)) => {
                Some(*source)
            }
            _ => None,
        };
        let root = |local: &Local| {
            // Not further than there are variables: they may be views of each other.
            let chain = std::iter::successors(only(local), only).take(self.sources.len());
            chain.last().map(|root| (*local, root))
        };
        self.sources.keys().filter_map(root).collect()
    }

    fn read(&mut self, body: &[Stmt], in_loop: bool) {
        for stmt in body {
            if let StmtKind::Assign(local, value) = &stmt.kind {
                self.add(*local, source(value), in_loop);
            }
            if let StmtKind::For(counted) = &stmt.kind {
                self.add(counted.variable, None, true);
            }
            walk::parts(stmt, &mut |part| {
                walk::expression(part, &mut |node| {
                    if let Node::Stmt(Stmt { kind: StmtKind::Assign(local, value), .. }) = node {
                        // Blocks in expressions: whether they hold loops is not looked at.
                        self.add(*local, source(value), true);
                    }
                });
            });
            let loops = matches!(stmt.kind, StmtKind::For(_) | StmtKind::Loop { .. });
            for inner in walk::bodies(stmt) {
                self.read(inner, in_loop || loops);
            }
        }
    }

    fn add(&mut self, local: Local, source: Option<Local>, in_loop: bool) {
        self.sources.entry(local).or_default().push(source);
        if in_loop {
            self.looped.insert(local);
        }
    }
}

/// The variable whose memory a value shares for certain.
fn source(value: &crate::ir::Expr) -> Option<Local> {
    match &value.kind {
        ExprKind::Local(local) | ExprKind::View { array: local, .. } => Some(*local),
        ExprKind::Cast(inner) | ExprKind::Block(_, inner) => source(inner),
        _ => None,
    }
}

/// Which functions draw random numbers of the context's stream, themselves or by calls.
pub(super) fn drawing(program: &Program) -> Vec<bool> {
    closure(program, |function| draws(&function.body))
}

/// Whether statements draw from the context's stream themselves.
pub(super) fn draws(body: &[Stmt]) -> bool {
    let mut found = false;
    walk::statements(body, &mut |node| {
        if let Node::Expr(expr) = node
            && let ExprKind::Runtime(Runtime::Random | Runtime::RandomBits, arguments) = &expr.kind
        {
            found |= arguments.is_empty();
        }
        if let Node::Expr(expr) = node {
            found |= matches!(&expr.kind, ExprKind::Runtime(Runtime::Seed, _));
        }
        if let Node::Stmt(Stmt { kind: StmtKind::For(counted), .. }) = node {
            found |= counted.parallel.is_some();
        }
    });
    found
}

/// Which functions call themselves, directly or by others.
pub(super) fn recursive(program: &Program) -> Vec<bool> {
    (0..program.functions.len())
        .map(|id| {
            let mut seen = HashSet::new();
            let mut waiting = callees(&program.functions[id]);
            while let Some(next) = waiting.pop() {
                if seen.insert(next) {
                    waiting.extend(callees(&program.functions[next]));
                }
            }
            seen.contains(&id)
        })
        .collect()
}

fn closure(program: &Program, of: impl Fn(&Function) -> bool) -> Vec<bool> {
    let mut found: Vec<bool> = program.functions.iter().map(of).collect();
    loop {
        let next: Vec<bool> = program
            .functions
            .iter()
            .zip(&found)
            .map(|(function, has)| *has || callees(function).into_iter().any(|id| found[id]))
            .collect();
        if next == found {
            return found;
        }
        found = next;
    }
}

fn callees(function: &Function) -> Vec<usize> {
    let mut found = Vec::new();
    walk::statements(&function.body, &mut |node| {
        if let Node::Expr(expr) = node
            && let ExprKind::Call(id, _) = &expr.kind
        {
            found.push(id.0 as usize);
        }
    });
    found
}
