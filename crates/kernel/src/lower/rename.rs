//! One name for each variable: where a source uses a name again for something else, they part.
//!
//! `a = a.reshape(2, 3)` gives `a` another type, so what is read behind it must be another variable. All
//! assignments that can reach one use are one variable (a *web*); the first web of a name keeps it, the
//! others get a number behind a dot. Names that nested functions read are never parted.
//!
//! What may be read before it has been given a value is found on the way: such a variable `x` comes with
//! another, `x?`, that says whether it has one.

use crate::syntax::{
    Comprehension, Constant, Expr, ExprKind, Function, Parameter, Span, Stmt, StmtKind,
};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

/// A function with a name for each variable.
#[derive(Debug)]
pub struct Renamed {
    pub function: Arc<Function>,
    /// Where variables are read that may not have a value.
    unsure: HashSet<(Span, String)>,
    /// The variables that are given a value at one place only.
    single: HashSet<String>,
}

impl Renamed {
    /// Whether a variable is given a value at one place only.
    pub fn is_single(&self, name: &str) -> bool {
        self.single.contains(name)
    }

    /// The variable that says whether what is read here has a value, if that is not sure.
    pub fn flag(&self, span: Span, name: &str) -> Option<String> {
        // A key for each lookup of a name would cost more than asking twice.
        if self.unsure.is_empty() {
            return None;
        }
        self.unsure.contains(&(span, name.to_owned())).then(|| flag(name))
    }
}

fn flag(name: &str) -> String {
    format!("{name}?")
}

/// Gives each variable of a function a name.
pub fn rename(function: &Function) -> Renamed {
    let mut webs = Webs::new(function);
    let mut flow = Flow::default();
    for name in assigned(function) {
        flow.reaching.insert(name, BTreeSet::from([UNSET]));
    }
    for parameter in &function.parameters {
        webs.define(&mut flow, &parameter.name, function.span, true);
    }
    webs.body(&function.body, &mut flow);
    let names = webs.names();
    let mut counts: HashMap<&str, usize> = HashMap::new();
    for key in webs.definitions.keys() {
        *counts.entry(&names[key]).or_default() += 1;
    }
    let single = counts.into_iter().filter(|(_, count)| *count == 1);
    let single = single.map(|(name, _)| name.to_owned()).collect();
    let unsure: HashSet<_> = webs
        .unsure
        .iter()
        .filter_map(|key| {
            Some((key.0, names.get(key).filter(|_| webs.uses.contains_key(key))?.clone()))
        })
        .collect();
    let flagged: BTreeSet<_> = unsure.iter().map(|(_, name)| name.clone()).collect();
    let mut writer = Writer { names, flagged };
    let mut body: Vec<_> =
        writer.flagged.iter().map(|name| has_value(function.span, name, false)).collect();
    body.extend(writer.body(&function.body));
    let parameter = |parameter: &Parameter| parameter.clone();
    let function = Arc::new(Function {
        name: function.name.clone(),
        file: Arc::clone(&function.file),
        span: function.span,
        parameters: function.parameters.iter().map(parameter).collect(),
        body,
    });
    Renamed { function, unsure, single }
}

/// `x? = ...`
fn has_value(span: Span, name: &str, is_true: bool) -> Stmt {
    let target = Expr { span, kind: ExprKind::Name(flag(name)) };
    let value = Expr { span, kind: ExprKind::Constant(Constant::Bool(is_true)) };
    Stmt { span, kind: StmtKind::Assign { targets: vec![target], value } }
}

/// The names that a function assigns somewhere, nested functions aside.
pub fn assigned(function: &Function) -> HashSet<String> {
    let mut names: HashSet<_> =
        function.parameters.iter().map(|parameter| parameter.name.clone()).collect();
    collect_assigned(&function.body, &mut names);
    names
}

/// Whether a body assigns a name.
pub fn is_assigned(body: &[Stmt], name: &str) -> bool {
    let mut names = HashSet::new();
    collect_assigned(body, &mut names);
    names.contains(name)
}

fn collect_assigned(body: &[Stmt], names: &mut HashSet<String>) {
    for stmt in body {
        expressions(stmt, &mut |expr| collect_named(expr, names));
        match &stmt.kind {
            StmtKind::Assign { targets, .. } => {
                targets.iter().for_each(|target| collect_target(target, names));
            }
            StmtKind::AugAssign { target, .. } => collect_target(target, names),
            StmtKind::For { target, body, orelse, .. } => {
                collect_target(target, names);
                collect_assigned(body, names);
                collect_assigned(orelse, names);
            }
            StmtKind::While { body, orelse, .. } | StmtKind::If { body, orelse, .. } => {
                collect_assigned(body, names);
                collect_assigned(orelse, names);
            }
            StmtKind::FunctionDef(function) => {
                names.insert(function.name.clone());
            }
            _ => {}
        }
    }
}

/// The names that `:=` in an expression assigns.
fn collect_named(expr: &Expr, names: &mut HashSet<String>) {
    if let ExprKind::Named(target, _) = &expr.kind {
        collect_target(target, names);
    }
    children(expr, &mut |child| collect_named(child, names));
}

fn collect_target(target: &Expr, names: &mut HashSet<String>) {
    match &target.kind {
        ExprKind::Name(name) => {
            names.insert(name.clone());
        }
        ExprKind::Tuple(items) | ExprKind::List(items) => {
            items.iter().for_each(|item| collect_target(item, names));
        }
        ExprKind::Starred(inner) => collect_target(inner, names),
        _ => {}
    }
}

/// What stands among the definitions of a name for there being none.
const UNSET: usize = usize::MAX;

/// Which definitions reach a point of the program, by name.
#[derive(Clone, Default)]
struct Flow {
    reaching: BTreeMap<String, BTreeSet<usize>>,
    // Behind a return or a break nothing is reached.
    is_dead: bool,
}

impl Flow {
    fn join(&mut self, other: Self) {
        if other.is_dead {
            return;
        }
        if self.is_dead {
            *self = other;
            return;
        }
        for (name, definitions) in other.reaching {
            self.reaching.entry(name).or_default().extend(definitions);
        }
    }
}

/// What is read or written where: two at one place are told apart by that.
type Key = (Span, String, bool);

struct Webs {
    // Union-find over definitions.
    parents: Vec<usize>,
    named: Vec<String>,
    definitions: HashMap<Key, usize>,
    uses: HashMap<Key, usize>,
    // Those of the uses that there may be no definition for.
    unsure: HashSet<Key>,
    // Names that are never parted, and the definition that stands for all of theirs.
    whole: HashMap<String, Option<usize>>,
    // For each loop around: what flows out by break, and back by continue.
    loops: Vec<(Flow, Flow)>,
}

impl Webs {
    fn new(function: &Function) -> Self {
        let mut read = HashSet::new();
        nested(&function.body, &mut read);
        // Whether `:=` is come by depends on what stands around it.
        all_named(&function.body, &mut read);
        Self {
            parents: Vec::new(),
            named: Vec::new(),
            definitions: HashMap::new(),
            uses: HashMap::new(),
            unsure: HashSet::new(),
            whole: read.into_iter().map(|name| (name, None)).collect(),
            loops: Vec::new(),
        }
    }

    fn find(&self, mut definition: usize) -> usize {
        while self.parents[definition] != definition {
            definition = self.parents[definition];
        }
        definition
    }

    fn union(&mut self, one: usize, two: usize) {
        let (one, two) = (self.find(one), self.find(two));
        // The earlier one stands for both, so that it keeps the name.
        self.parents[one.max(two)] = one.min(two);
    }

    fn define(&mut self, flow: &mut Flow, name: &str, span: Span, is_parameter: bool) {
        let span = if is_parameter { Span::default() } else { span };
        let key = (span, name.to_owned(), true);
        let new = self.parents.len();
        let definition = *self.definitions.entry(key).or_insert(new);
        if definition == new {
            self.parents.push(new);
            self.named.push(name.to_owned());
        }
        if let Some(first) = self.whole.get_mut(name) {
            let first = *first.get_or_insert(definition);
            self.union(first, definition);
        }
        flow.reaching.insert(name.to_owned(), BTreeSet::from([definition]));
    }

    fn read(&mut self, flow: &Flow, name: &str, span: Span) {
        let Some(reaching) = flow.reaching.get(name) else { return };
        let key = (span, name.to_owned(), false);
        if reaching.contains(&UNSET) {
            self.unsure.insert(key.clone());
        }
        let mut reaching = reaching.iter().copied().filter(|definition| *definition != UNSET);
        let Some(first) = reaching.next() else { return };
        for other in reaching {
            self.union(first, other);
        }
        if let Some(&before) = self.uses.get(&key) {
            self.union(before, first);
        }
        self.uses.insert(key, first);
    }

    /// The name of what is read or written at each place.
    fn names(&self) -> HashMap<Key, String> {
        let mut numbers: HashMap<usize, usize> = HashMap::new();
        let mut counts: HashMap<&str, usize> = HashMap::new();
        for definition in 0..self.parents.len() {
            let web = self.find(definition);
            if web == definition {
                let count = counts.entry(&self.named[web]).or_default();
                numbers.insert(web, *count);
                *count += 1;
            }
        }
        let name = |definition: usize| {
            let web = self.find(definition);
            match numbers[&web] {
                0 => self.named[web].clone(),
                number => format!("{}.{number}", self.named[web]),
            }
        };
        let all = self.definitions.iter().chain(&self.uses);
        all.map(|(key, definition)| (key.clone(), name(*definition))).collect()
    }

    fn body(&mut self, body: &[Stmt], flow: &mut Flow) {
        for stmt in body {
            if flow.is_dead {
                // What can't be reached is not compiled, but it needs names.
                flow.is_dead = false;
            }
            self.stmt(stmt, flow);
        }
    }

    fn stmt(&mut self, stmt: &Stmt, flow: &mut Flow) {
        match &stmt.kind {
            StmtKind::Assign { targets, value } => {
                self.expr(value, flow);
                targets.iter().for_each(|target| self.target(target, flow));
            }
            StmtKind::AugAssign { target, value, .. } => {
                self.expr(target, flow);
                self.expr(value, flow);
                self.target(target, flow);
                // One variable: an array is changed in place.
                if let ExprKind::Name(name) = &target.kind {
                    let key = |is_target| (target.span, name.clone(), is_target);
                    let read = self.uses.get(&key(false)).copied();
                    let written = self.definitions.get(&key(true)).copied();
                    if let (Some(read), Some(written)) = (read, written) {
                        self.union(read, written);
                    }
                }
            }
            StmtKind::For { target, iter, body, orelse } => {
                self.expr(iter, flow);
                self.repeat(flow, orelse, false, |webs, flow| {
                    webs.target(target, flow);
                    webs.body(body, flow);
                });
            }
            StmtKind::While { test, body, orelse } => {
                self.expr(test, flow);
                let is_endless = matches!(test.kind, ExprKind::Constant(Constant::Bool(true)));
                self.repeat(flow, orelse, is_endless, |webs, flow| {
                    webs.expr(test, flow);
                    webs.body(body, flow);
                    webs.expr(test, flow);
                });
            }
            StmtKind::If { test, body, orelse } => {
                self.expr(test, flow);
                let mut other = flow.clone();
                self.body(body, flow);
                self.body(orelse, &mut other);
                flow.join(other);
            }
            StmtKind::Break => {
                if let Some((out, _)) = self.loops.last_mut() {
                    out.join(flow.clone());
                }
                flow.is_dead = true;
            }
            StmtKind::Continue => {
                if let Some((_, back)) = self.loops.last_mut() {
                    back.join(flow.clone());
                }
                flow.is_dead = true;
            }
            StmtKind::Return(value) | StmtKind::Raise(value) => {
                value.iter().for_each(|value| self.expr(value, flow));
                flow.is_dead = true;
            }
            StmtKind::Expr(value) => self.expr(value, flow),
            StmtKind::Delete(targets) => targets.iter().for_each(|one| self.expr(one, flow)),
            StmtKind::Assert { test, message } => {
                self.expr(test, flow);
                message.iter().for_each(|message| self.expr(message, flow));
            }
            StmtKind::FunctionDef(function) => {
                self.define(flow, &function.name, stmt.span, false);
            }
            StmtKind::Pass | StmtKind::Unknown(_) => {}
        }
    }

    fn repeat(
        &mut self,
        flow: &mut Flow,
        orelse: &[Stmt],
        is_endless: bool,
        mut round: impl FnMut(&mut Self, &mut Flow),
    ) {
        let nowhere = || Flow { is_dead: true, ..Flow::default() };
        let mut out = nowhere();
        // What a round leaves behind reaches the next.
        for _ in 0..2 {
            self.loops.push((nowhere(), nowhere()));
            let mut inside = flow.clone();
            round(self, &mut inside);
            let (broken, back) = self.loops.pop().unwrap_or_else(|| (nowhere(), nowhere()));
            flow.join(inside);
            flow.join(back);
            out.join(broken);
        }
        self.body(orelse, flow);
        flow.is_dead |= is_endless;
        flow.join(out);
    }

    fn target(&mut self, target: &Expr, flow: &mut Flow) {
        match &target.kind {
            ExprKind::Name(name) => self.define(flow, name, target.span, false),
            ExprKind::Tuple(items) | ExprKind::List(items) => {
                items.iter().for_each(|item| self.target(item, flow));
            }
            ExprKind::Starred(inner) => self.target(inner, flow),
            _ => self.expr(target, flow),
        }
    }

    fn expr(&mut self, expr: &Expr, flow: &mut Flow) {
        match &expr.kind {
            ExprKind::Name(name) => self.read(flow, name, expr.span),
            ExprKind::Named(target, value) => {
                self.expr(value, flow);
                self.target(target, flow);
            }
            ExprKind::ListComp { element, generators } => {
                // Its variables are its own: behind it names stand for what they did before.
                let mut own = HashSet::new();
                generators.iter().for_each(|one| collect_target(&one.target, &mut own));
                let outer: Vec<_> =
                    own.into_iter().map(|name| (flow.reaching.get(&name).cloned(), name)).collect();
                for Comprehension { target, iter, ifs } in generators {
                    self.expr(iter, flow);
                    self.target(target, flow);
                    ifs.iter().for_each(|test| self.expr(test, flow));
                }
                self.expr(element, flow);
                for (before, name) in outer {
                    match before {
                        Some(before) => flow.reaching.insert(name, before),
                        None => flow.reaching.remove(&name),
                    };
                }
            }
            _ => children(expr, &mut |child| self.expr(child, flow)),
        }
    }
}

/// Calls `each` with the expressions that stand directly in another; functions aside.
pub fn children<'a>(expr: &'a Expr, each: &mut dyn FnMut(&'a Expr)) {
    match &expr.kind {
        ExprKind::Constant(_) | ExprKind::Name(_) | ExprKind::Lambda(_) | ExprKind::Unknown(_) => {}
        ExprKind::Unary(_, one) | ExprKind::Attribute(one, _) | ExprKind::Starred(one) => each(one),
        ExprKind::Binary(_, one, two)
        | ExprKind::Subscript(one, two)
        | ExprKind::Named(one, two) => {
            each(one);
            each(two);
        }
        ExprKind::Bool(_, items)
        | ExprKind::Tuple(items)
        | ExprKind::List(items)
        | ExprKind::JoinedStr(items) => items.iter().for_each(each),
        ExprKind::Compare(first, others) => {
            each(first);
            others.iter().for_each(|(_, other)| each(other));
        }
        ExprKind::IfExp { test, body, orelse } => {
            [test, body, orelse].into_iter().for_each(|one| each(one))
        }
        ExprKind::Call { function, arguments, keywords } => {
            each(function);
            arguments.iter().for_each(&mut *each);
            keywords.iter().for_each(|(_, value)| each(value));
        }
        ExprKind::Slice { lower, upper, step } => {
            [lower, upper, step].into_iter().flatten().for_each(|one| each(one));
        }
        ExprKind::ListComp { element, generators } => {
            for Comprehension { target, iter, ifs } in generators {
                each(iter);
                each(target);
                ifs.iter().for_each(&mut *each);
            }
            each(element);
        }
    }
}

/// The names that `:=` assigns anywhere in a body.
fn all_named(body: &[Stmt], names: &mut HashSet<String>) {
    for stmt in body {
        expressions(stmt, &mut |expr| collect_named(expr, names));
        bodies(stmt, &mut |body| all_named(body, names));
    }
}

/// The names that functions within this body read.
fn nested(body: &[Stmt], names: &mut HashSet<String>) {
    fn function(function: &Function, names: &mut HashSet<String>) {
        all_names(&function.body, names);
        nested(&function.body, names);
    }
    fn in_expr(expr: &Expr, names: &mut HashSet<String>) {
        if let ExprKind::Lambda(lambda) = &expr.kind {
            function(lambda, names);
        }
        children(expr, &mut |child| in_expr(child, names));
    }
    fn all_names(body: &[Stmt], names: &mut HashSet<String>) {
        fn of(expr: &Expr, names: &mut HashSet<String>) {
            if let ExprKind::Name(name) = &expr.kind {
                names.insert(name.clone());
            }
            children(expr, &mut |child| of(child, names));
        }
        for stmt in body {
            expressions(stmt, &mut |expr| of(expr, names));
            bodies(stmt, &mut |body| all_names(body, names));
        }
    }
    for stmt in body {
        if let StmtKind::FunctionDef(inner) = &stmt.kind {
            function(inner, names);
        }
        expressions(stmt, &mut |expr| in_expr(expr, names));
        bodies(stmt, &mut |body| nested(body, names));
    }
}

/// Calls `each` with the expressions that stand directly in a statement.
pub fn expressions<'a>(stmt: &'a Stmt, each: &mut dyn FnMut(&'a Expr)) {
    match &stmt.kind {
        StmtKind::Assign { targets, value } => {
            each(value);
            targets.iter().for_each(each);
        }
        StmtKind::AugAssign { target, value, .. } => {
            each(target);
            each(value);
        }
        StmtKind::For { target, iter, .. } => {
            each(iter);
            each(target);
        }
        StmtKind::While { test, .. } | StmtKind::If { test, .. } => each(test),
        StmtKind::Return(value) | StmtKind::Raise(value) => value.iter().for_each(each),
        StmtKind::Expr(value) => each(value),
        StmtKind::Delete(targets) => targets.iter().for_each(each),
        StmtKind::Assert { test, message } => {
            each(test);
            message.iter().for_each(each);
        }
        StmtKind::Break
        | StmtKind::Continue
        | StmtKind::Pass
        | StmtKind::FunctionDef(_)
        | StmtKind::Unknown(_) => {}
    }
}

/// Calls `each` with the bodies of a statement.
pub fn bodies<'a>(stmt: &'a Stmt, each: &mut dyn FnMut(&'a [Stmt])) {
    match &stmt.kind {
        StmtKind::For { body, orelse, .. }
        | StmtKind::While { body, orelse, .. }
        | StmtKind::If { body, orelse, .. } => {
            each(body);
            each(orelse);
        }
        _ => {}
    }
}

/// Writes the function again, with the new names.
struct Writer {
    names: HashMap<Key, String>,
    /// Variables that come with another that says whether they have a value.
    flagged: BTreeSet<String>,
}

impl Writer {
    fn name(&self, name: &str, span: Span, is_target: bool) -> String {
        let key = (span, name.to_owned(), is_target);
        self.names.get(&key).cloned().unwrap_or_else(|| name.to_owned())
    }

    fn body(&mut self, body: &[Stmt]) -> Vec<Stmt> {
        let mut all = Vec::with_capacity(body.len());
        for stmt in body {
            all.push(self.stmt(stmt));
            match &stmt.kind {
                StmtKind::Assign { targets, .. } => {
                    targets.iter().for_each(|target| self.flags(target, &mut all));
                }
                StmtKind::AugAssign { target, .. } => self.flags(target, &mut all),
                StmtKind::FunctionDef(function) => self.flag(&function.name, stmt.span, &mut all),
                _ => {}
            }
        }
        all
    }

    /// Notes that what is assigned to has a value now.
    fn flags(&self, target: &Expr, all: &mut Vec<Stmt>) {
        match &target.kind {
            ExprKind::Name(name) => self.flag(name, target.span, all),
            ExprKind::Tuple(items) | ExprKind::List(items) => {
                items.iter().for_each(|item| self.flags(item, all));
            }
            ExprKind::Starred(inner) => self.flags(inner, all),
            _ => {}
        }
    }

    fn flag(&self, name: &str, span: Span, all: &mut Vec<Stmt>) {
        let name = self.name(name, span, true);
        if self.flagged.contains(&name) {
            all.push(has_value(span, &name, true));
        }
    }

    /// A loop's body; what is assigned to in each round has a value in it.
    fn round(&mut self, target: &Expr, body: &[Stmt]) -> Vec<Stmt> {
        let mut all = Vec::new();
        self.flags(target, &mut all);
        all.extend(self.body(body));
        all
    }

    fn stmt(&mut self, stmt: &Stmt) -> Stmt {
        let kind = match &stmt.kind {
            StmtKind::Assign { targets, value } => StmtKind::Assign {
                targets: targets.iter().map(|target| self.expr(target, true)).collect(),
                value: self.expr(value, false),
            },
            StmtKind::AugAssign { target, op, value } => StmtKind::AugAssign {
                target: self.expr(target, true),
                op: *op,
                value: self.expr(value, false),
            },
            StmtKind::For { target, iter, body, orelse } => StmtKind::For {
                target: self.expr(target, true),
                iter: self.expr(iter, false),
                body: self.round(target, body),
                orelse: self.body(orelse),
            },
            StmtKind::While { test, body, orelse } => StmtKind::While {
                test: self.expr(test, false),
                body: self.body(body),
                orelse: self.body(orelse),
            },
            StmtKind::If { test, body, orelse } => StmtKind::If {
                test: self.expr(test, false),
                body: self.body(body),
                orelse: self.body(orelse),
            },
            StmtKind::Return(value) => {
                StmtKind::Return(value.as_ref().map(|v| self.expr(v, false)))
            }
            StmtKind::Raise(value) => StmtKind::Raise(value.as_ref().map(|v| self.expr(v, false))),
            StmtKind::Expr(value) => StmtKind::Expr(self.expr(value, false)),
            StmtKind::Delete(targets) => {
                StmtKind::Delete(targets.iter().map(|target| self.expr(target, false)).collect())
            }
            StmtKind::Assert { test, message } => StmtKind::Assert {
                test: self.expr(test, false),
                message: message.as_ref().map(|message| self.expr(message, false)),
            },
            other => other.clone(),
        };
        Stmt { span: stmt.span, kind }
    }

    fn expr(&mut self, expr: &Expr, is_target: bool) -> Expr {
        let mut one = |expr: &Expr| Box::new(self.expr(expr, false));
        let kind = match &expr.kind {
            ExprKind::Name(name) => ExprKind::Name(self.name(name, expr.span, is_target)),
            ExprKind::Tuple(items) => {
                ExprKind::Tuple(items.iter().map(|item| self.expr(item, is_target)).collect())
            }
            ExprKind::List(items) => {
                ExprKind::List(items.iter().map(|item| self.expr(item, is_target)).collect())
            }
            ExprKind::Starred(inner) => ExprKind::Starred(Box::new(self.expr(inner, is_target))),
            ExprKind::Named(target, value) => {
                let target = Box::new(self.expr(target, true));
                ExprKind::Named(target, Box::new(self.expr(value, false)))
            }
            ExprKind::Unary(op, operand) => ExprKind::Unary(*op, one(operand)),
            ExprKind::Binary(op, left, right) => ExprKind::Binary(*op, one(left), one(right)),
            ExprKind::Bool(is_and, items) => {
                ExprKind::Bool(*is_and, items.iter().map(|item| self.expr(item, false)).collect())
            }
            ExprKind::JoinedStr(items) => {
                ExprKind::JoinedStr(items.iter().map(|item| self.expr(item, false)).collect())
            }
            ExprKind::Compare(first, others) => {
                let first = one(first);
                let others = others.iter().map(|(op, other)| (*op, self.expr(other, false)));
                ExprKind::Compare(first, others.collect())
            }
            ExprKind::IfExp { test, body, orelse } => {
                ExprKind::IfExp { test: one(test), body: one(body), orelse: one(orelse) }
            }
            ExprKind::Call { function, arguments, keywords } => ExprKind::Call {
                function: one(function),
                arguments: arguments.iter().map(|argument| self.expr(argument, false)).collect(),
                keywords: keywords
                    .iter()
                    .map(|(name, value)| (name.clone(), self.expr(value, false)))
                    .collect(),
            },
            ExprKind::Attribute(object, name) => ExprKind::Attribute(one(object), name.clone()),
            ExprKind::Subscript(object, index) => ExprKind::Subscript(one(object), one(index)),
            ExprKind::Slice { lower, upper, step } => {
                let mut part = |part: &Option<Box<Expr>>| part.as_deref().map(&mut one);
                ExprKind::Slice { lower: part(lower), upper: part(upper), step: part(step) }
            }
            ExprKind::ListComp { element, generators } => {
                let generator = |generator: &Comprehension| Comprehension {
                    target: self.expr(&generator.target, true),
                    iter: self.expr(&generator.iter, false),
                    ifs: generator.ifs.iter().map(|test| self.expr(test, false)).collect(),
                };
                let generators = generators.iter().map(generator).collect();
                ExprKind::ListComp { element: Box::new(self.expr(element, false)), generators }
            }
            ExprKind::Constant(_) | ExprKind::Lambda(_) | ExprKind::Unknown(_) => expr.kind.clone(),
        };
        Expr { span: expr.span, kind }
    }
}
