//! From syntax to typed kernels: inference, and loops for everything that is done to arrays.
//!
//! A function is lowered for the types of its arguments. A variable's type is that of all that is assigned to
//! it; where a later assignment makes it wider, the function is lowered again, until nothing changes: types only
//! ever grow, so that ends. Functions of the library (NumPy's, written in the language that is compiled), lambdas
//! and nested functions are lowered where they are called.

mod apart;
mod arrays;
mod builtins;
mod calls;
mod elementwise;
mod expressions;
mod indexing;
mod inlining;
mod iterate;
mod lists;
mod making;
mod numpy;
mod raising;
mod reductions;
mod rename;
mod scalar;
mod statements;
mod stores;
mod texts;
mod ufunc;
mod value;

use crate::error::CompileError;
use crate::globals::{Callee, Global, Globals, Options, Scope};
use crate::ir::{
    Exception, Expr, ExprKind, Function, FunctionId, Local, Piece, Program, Raise, Stmt, StmtKind,
    Value as Constant, Variable,
};
use crate::syntax::{self, Span};
use crate::types::{ArrayType, Scalar, Type};
use apart::Apart;
use rename::Renamed;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use value::{Meta, Value};

type Result<T> = std::result::Result<T, CompileError>;

/// A function compiled for arguments of certain types.
#[derive(Clone, Debug)]
pub struct Compiled {
    /// What it does; the entry's parameters are the function's, then the captured arrays.
    pub program: Program,
    /// Arrays among the globals, as [`Global::Array`] numbered them.
    pub captured: Vec<u32>,
    /// The types of the source's variables, by name and line of the first assignment.
    pub variables: Vec<(String, u32, Type)>,
    /// What was fused, run in parallel, allocated: sentences with line numbers.
    pub notes: Vec<(u32, String)>,
}

/// Compiles `callee` for arguments of `arguments`' types, one for each parameter; a number that it returns is cast to
/// `result` if that is given.
///
/// # Errors
/// What can't be compiled, and where.
pub fn compile(
    callee: &Arc<Callee>,
    arguments: &[Type],
    result: Option<Scalar>,
    globals: &mut dyn Globals,
) -> Result<Compiled> {
    let mut lowering = Lowering {
        globals,
        functions: Vec::new(),
        known: HashMap::new(),
        renamed: HashMap::new(),
        library: HashMap::new(),
        places: HashMap::new(),
        notes: Vec::new(),
        variables: Vec::new(),
        result,
    };
    lowering.function(callee, arguments)?;
    let captured = lowering.functions.first().map(|first| first.captured.clone());
    let functions = lowering
        .functions
        .into_iter()
        .map(|built| built.function.expect("a function that is called has been lowered"));
    let program = Program { functions: functions.collect() };
    if let Err(breach) = crate::check::check(&program) {
        return Err(CompileError {
            function: callee.function.name.clone(),
            file: Arc::clone(&callee.function.file),
            span: callee.function.span,
            message: format!("this is a bug in manycore's compiler: {breach}"),
            hint: None,
        });
    }
    Ok(Compiled {
        program,
        captured: captured.unwrap_or_default().into_iter().map(|(number, _)| number).collect(),
        variables: lowering.variables,
        notes: lowering.notes,
    })
}

/// One program under way.
struct Lowering<'globals> {
    globals: &'globals mut dyn Globals,
    functions: Vec<Built>,
    known: HashMap<(u64, Vec<Type>), FunctionId>,
    renamed: HashMap<usize, Arc<Renamed>>,
    /// What the library has at paths that were asked for.
    library: HashMap<String, Option<Arc<Callee>>>,
    /// The numbers of bodies that are lowered in place, by where they are.
    places: HashMap<String, usize>,
    notes: Vec<(u32, String)>,
    variables: Vec<(String, u32, Type)>,
    /// The number that the first function is declared to return.
    result: Option<Scalar>,
}

/// A function that has been lowered, or is being.
struct Built {
    function: Option<Function>,
    result: Type,
    /// What it is called with: lists among it may have become wider than what was asked for.
    parameters: Vec<Type>,
    captured: Vec<(u32, ArrayType)>,
    // Whether somebody has called it while it was being lowered.
    is_recursive: bool,
}

/// The function that is being lowered.
struct Frame {
    callee: Arc<Callee>,
    /// The result type so far.
    result: Type,
    locals: Vec<Variable>,
    bindings: HashMap<String, Binding>,
    /// What variables turned out to be in earlier rounds.
    types: HashMap<String, Type>,
    changed: bool,
    blocks: Vec<Vec<Stmt>>,
    captured: Vec<(u32, ArrayType)>,
    /// The functions whose bodies are being lowered here, innermost last; the first is the callee itself.
    scopes: Vec<Inlined>,
    loops: Vec<Loop>,
    defined: Vec<(String, u32)>,
    narrowed: HashMap<String, Local>,
    /// Where lists in variables that the source does not know are from.
    origins: HashMap<Local, lists::Origin>,
    /// How many lists have been made, or bodies lowered, at a place.
    made: HashMap<String, u32>,
    /// Whether lists are known to be ones at run time that were not.
    has_realised: bool,
    binds: u32,
    apart: Apart,
    /// The number that the function is declared to return.
    declared: Option<Scalar>,
    /// What variables hold that are given a constant and nothing else.
    constants: HashMap<String, Value>,
}

/// A body that is being lowered in place.
struct Inlined {
    /// Put before the names of its variables.
    prefix: String,
    names: HashSet<String>,
    scope: Scope,
    /// Where its name lookups go on: the enclosing bodies' prefixes.
    outer: Vec<String>,
    function: Arc<Renamed>,
    /// Where the call stands, for errors in the library.
    site: Option<Span>,
    /// How it returns: nothing for the callee itself.
    exit: Option<Exit>,
}

/// How a body that is lowered in place returns.
struct Exit {
    /// How many blocks are open where a return leaves nothing behind it to be done.
    blocks: usize,
    /// What was returned there.
    value: Option<Value>,
    /// Whether there was a return elsewhere.
    needs_wrap: bool,
    /// If a loop was made around the body, to be left by a break: the result's name, and the variable that
    /// says that it has returned.
    wrapped: Option<(String, Local)>,
}

/// A loop around what is being lowered.
struct Loop {
    /// A variable that is true once the loop was left by `break`, if somebody asks.
    broken: Option<Local>,
    is_parallel: bool,
    /// How many variables there were before it.
    locals: u32,
}

/// What a name stands for.
#[derive(Clone)]
enum Binding {
    Local(Local),
    /// Something known; each binding has a number of its own.
    Meta(Value, u32),
    /// One thing or another, as it comes: nothing that can be compiled.
    Either,
    /// What was given a value by the rounds of a parallel loop, each for itself.
    Private,
}

fn is_some(optional: Expr) -> Expr {
    let span = optional.span;
    Expr::new(span, Type::scalar(Scalar::Bool), ExprKind::IsSome(Box::new(optional)))
}

fn unwrap(optional: Expr) -> Expr {
    let span = optional.span;
    let ty = match &optional.ty {
        Type::Optional(inner) => (**inner).clone(),
        other => other.clone(),
    };
    Expr::new(span, ty, ExprKind::Unwrap(Box::new(optional)))
}

impl Lowering<'_> {
    /// The function for arguments of these types; lowered now, unless it has been or is being.
    fn function(&mut self, callee: &Arc<Callee>, arguments: &[Type]) -> Result<FunctionId> {
        let key = (callee.id, arguments.to_vec());
        if let Some(&id) = self.known.get(&key) {
            if self.functions[id.0 as usize].function.is_none() {
                self.functions[id.0 as usize].is_recursive = true;
            }
            return Ok(id);
        }
        let id = FunctionId(self.functions.len() as u32);
        self.known.insert(key, id);
        self.functions.push(Built {
            function: None,
            result: Type::Unknown,
            parameters: arguments.to_vec(),
            captured: Vec::new(),
            is_recursive: false,
        });
        let lowered = self.rounds(id, callee, arguments);
        if lowered.is_err() {
            // Whoever tries again, in another round or otherwise, begins without it.
            self.functions.truncate(id.0 as usize);
            self.known.retain(|_, known| known.0 < id.0);
        }
        lowered
    }

    /// Lowers a function until nothing changes.
    fn rounds(
        &mut self,
        id: FunctionId,
        callee: &Arc<Callee>,
        arguments: &[Type],
    ) -> Result<FunctionId> {
        let mut types: HashMap<String, Type> = HashMap::new();
        let mut apart = Apart::default();
        for _ in 0..MOST_ROUNDS {
            let before = types.clone();
            let notes = self.notes.len();
            let mut frame = Frame::new(callee, std::mem::take(&mut types));
            frame.apart = apart.again();
            frame.declared = self.result.filter(|_| id.0 == 0);
            frame.result = self.functions[id.0 as usize].result.clone();
            frame.captured = self.functions[id.0 as usize].captured.clone();
            let known = frame.captured.len();
            let wider = widened(&callee.function, arguments, &frame.types);
            if id.0 > 0 {
                self.known.entry((callee.id, wider.clone())).or_insert(id);
                self.functions[id.0 as usize].parameters = wider;
            } else if wider.iter().zip(arguments).any(|(wider, given)| !given.is_alike(wider)) {
                let message = "a list that is given takes in what its items are not".to_owned();
                let hint = "give a list whose items are of the type that it is to hold";
                return Err(frame.error(callee.function.span, message, Some(hint)));
            }
            let arguments = &self.functions[id.0 as usize].parameters.clone();
            let body = match self.whole(&mut frame, callee, arguments) {
                Ok(body) => body,
                // It may be wrong only for what the variables were thought to be.
                Err(_) if frame.changed && frame.types != before => {
                    apart = std::mem::take(&mut frame.apart);
                    types = frame.next_types();
                    self.notes.truncate(notes);
                    continue;
                }
                // Or for what a list was not known to hold.
                Err(error) if id.0 == 0 => {
                    types = frame.next_types();
                    if !fill_lists(&mut types) {
                        return Err(error);
                    }
                    self.notes.truncate(notes);
                    continue;
                }
                Err(error) => return Err(error),
            };
            let built = &mut self.functions[id.0 as usize];
            let is_grown = built.result != frame.result || known != frame.captured.len();
            built.result = frame.result.clone();
            built.captured = frame.captured.clone();
            if frame.has_realised {
                built.result = Type::Unknown;
            }
            if frame.changed || (built.is_recursive && is_grown) {
                apart = std::mem::take(&mut frame.apart);
                types = frame.next_types();
                if types == before && !is_grown {
                    let is_empty = fill_lists(&mut types);
                    if is_empty && id.0 > 0 {
                        // The caller will know.
                        let message = "what a list holds is not known".to_owned();
                        let frame = Frame::new(callee, HashMap::new());
                        return Err(frame.error(callee.function.span, message, None));
                    }
                }
                self.notes.truncate(notes);
                continue;
            }
            if frame.result == Type::Unknown && !self.functions[id.0 as usize].is_recursive {
                // It always raises.
                frame.result = Type::None;
                self.functions[id.0 as usize].result = Type::None;
            }
            if let Type::Unknown = frame.result {
                let message =
                    format!("the result type of {} can't be inferred", callee.function.name);
                let hint =
                    "return something that does not depend on a recursive call, or declare it";
                return Err(frame.error(callee.function.span, message, Some(hint)));
            }
            return Ok(self.finish(id, frame, body, arguments.len()));
        }
        let frame = Frame::new(callee, HashMap::new());
        let message = format!("the types of {}'s variables do not settle", callee.function.name);
        Err(frame.error(callee.function.span, message, None))
    }

    fn finish(
        &mut self,
        id: FunctionId,
        frame: Frame,
        body: Vec<Stmt>,
        given: usize,
    ) -> FunctionId {
        if id.0 == 0 {
            for (name, line) in &frame.defined {
                let ty = match frame.bindings.get(name) {
                    Some(Binding::Local(local)) => frame.locals[local.0 as usize].ty.clone(),
                    _ => continue,
                };
                self.variables.push((name.clone(), *line, ty));
            }
        }
        let built = &mut self.functions[id.0 as usize];
        built.function = Some(Function {
            name: frame.callee.function.name.clone(),
            file: Arc::clone(&frame.callee.function.file),
            parameters: given + frame.captured.len(),
            locals: frame.locals,
            result: frame.result,
            body,
            math: frame.callee.options.fastmath,
        });
        id
    }

    /// The function's parameters and body.
    fn whole(
        &mut self,
        frame: &mut Frame,
        callee: &Arc<Callee>,
        arguments: &[Type],
    ) -> Result<Vec<Stmt>> {
        let renamed = self.renamed(&callee.function);
        let function = &renamed.function;
        for (parameter, ty) in function.parameters.iter().zip(arguments) {
            if let Type::Object(object) = ty {
                frame.local(&parameter.name, Type::None);
                let span = function.span;
                let unknown = || Global::Unknown(format!("the argument {}", object.name));
                let global = self.globals.object(object.id).unwrap_or_else(unknown);
                let value = self.global(frame, span, global)?;
                frame.bind(&parameter.name, value);
                continue;
            }
            let local = frame.local(&parameter.name, ty.clone());
            frame.bindings.insert(parameter.name.clone(), Binding::Local(local));
            frame.apart.given(&parameter.name, local);
            frame.defined.push((parameter.name.clone(), function.span.line));
        }
        for (index, (number, array)) in frame.captured.clone().into_iter().enumerate() {
            let name = format!("captured.{index}");
            let local = frame.local(&name, Type::Array(array));
            frame.bindings.insert(format!("captured#{number}"), Binding::Local(local));
        }
        frame.scopes.push(Inlined {
            prefix: String::new(),
            names: rename::assigned(function),
            scope: callee.scope,
            outer: Vec::new(),
            function: Arc::clone(&renamed),
            site: None,
            exit: None,
        });
        frame.blocks.push(Vec::new());
        for (index, (parameter, ty)) in function.parameters.iter().zip(arguments).enumerate() {
            if matches!(ty, Type::Object(_)) {
                continue;
            }
            if ty.has_list() {
                // It is the caller's own, whatever was known of it before.
                frame.types.insert(parameter.name.clone(), ty.clone());
            }
            let wider = frame.types.entry(parameter.name.clone()).or_insert_with(|| ty.clone());
            if wider != ty {
                // The body gives it values of another type too.
                let wider = wider.clone();
                let given = frame.read(function.span, Local(index as u32));
                let given = self.convert(frame, given, &wider)?;
                let local = frame.local(&parameter.name, wider);
                frame.emit(function.span, StmtKind::Assign(local, given));
                frame.bindings.insert(parameter.name.clone(), Binding::Local(local));
            }
        }
        let goes_on = self.body(frame, &function.body)?;
        if goes_on {
            let none = Value::none(function.span);
            self.return_value(frame, function.span, none)?;
        }
        frame.scopes.pop();
        Ok(frame.blocks.pop().unwrap_or_default())
    }

    /// The prefix of variables of a body that is lowered here: the same one in all rounds.
    fn prefix(&mut self, frame: &mut Frame, span: Span, name: &str) -> String {
        let place = frame.key(&format!("{name}@{}:{}", span.line, span.column));
        let number = frame.made.entry(place.clone()).or_default();
        *number += 1;
        let place = format!("{place}#{number}");
        let next = self.places.len();
        format!("{}/", self.places.entry(place).or_insert(next))
    }

    /// The function with a name for each variable.
    fn renamed(&mut self, function: &Arc<syntax::Function>) -> Arc<Renamed> {
        let key = Arc::as_ptr(function).addr();
        let renamed = || Arc::new(rename::rename(function));
        Arc::clone(self.renamed.entry(key).or_insert_with(renamed))
    }

    /// A variable that is read, or what else its name stands for.
    fn variable(&mut self, frame: &mut Frame, span: Span, name: &str) -> Result<Value> {
        let scope = frame.scopes.last().expect("a body is being lowered");
        let Some(flag) = scope.function.flag(span, name) else {
            return self.name(frame, span, name);
        };
        let key = frame.key(name);
        if !frame.bindings.contains_key(&key) {
            // It is given a value further down, in an earlier round of a loop.
            match frame.types.get(&key).cloned() {
                None => {
                    frame.types.insert(key, Type::Unknown);
                    return Ok(Value::Expr(frame.unknown(span)));
                }
                Some(Type::Unknown) => {}
                Some(ty) => {
                    let local = frame.local(name, ty);
                    frame.bindings.insert(key, Binding::Local(local));
                }
            }
        }
        if let Value::Expr(flag) = self.name(frame, span, &flag)? {
            let name = name.split('.').next().unwrap_or(name);
            let text = format!(
                "cannot access local variable '{name}' where it is not associated with a value"
            );
            frame.raise_if(scalar::not(flag), Exception::UnboundLocal, vec![Piece::Text(text)]);
        }
        self.name(frame, span, name)
    }

    /// What a name stands for here.
    fn name(&mut self, frame: &mut Frame, span: Span, name: &str) -> Result<Value> {
        let scope = frame.scopes.last().expect("a body is being lowered");
        let base = name.split('.').next().unwrap_or(name);
        let own = format!("{}{name}", scope.prefix);
        if let Some(Binding::Private) = frame.bindings.get(&own) {
            let message = format!("{base} is read behind a prange that gives it a value");
            let hint = "each round has its own: write to an array, or add up";
            return Err(frame.error(span, message, Some(hint)));
        }
        if let Some(constant) = frame.constants.get(&own) {
            return Ok(constant.clone());
        }
        if let Some(binding) = frame.bindings.get(&own) {
            return Ok(frame.value(span, binding.clone()));
        }
        if scope.names.contains(base) {
            let message = format!("{base} is read before it is given a value");
            return Err(frame.error(span, message, None));
        }
        for prefix in &scope.outer {
            if let Some(binding) = frame.bindings.get(&format!("{prefix}{name}")) {
                return Ok(frame.value(span, binding.clone()));
            }
        }
        let lookup = scope.scope;
        match self.globals.name(lookup, name) {
            Some(global) => self.global(frame, span, global),
            None => {
                let message = format!("the name {name} is not defined");
                Err(frame.error(span, message, None))
            }
        }
    }

    fn global(&mut self, frame: &mut Frame, span: Span, global: Global) -> Result<Value> {
        Ok(match global {
            Global::Constant(constant) => self.constant(span, &constant)?,
            Global::Known(path) => Value::Meta(known(path)),
            Global::Function(callee) => Value::Meta(Meta::Function(callee)),
            Global::Ufunc(callee) => Value::Meta(Meta::Ufunc(callee)),
            Global::Named(named) => Value::Meta(Meta::Named(named)),
            Global::Array(number, array) => {
                let key = format!("captured#{number}");
                if let Some(binding) = frame.bindings.get(&key) {
                    return Ok(frame.value(span, binding.clone()));
                }
                // It becomes a parameter when the function is lowered again.
                frame.captured.push((number, array));
                frame.changed = true;
                let local = frame.local("captured", Type::Array(array));
                frame.bindings.insert(key, Binding::Local(local));
                frame.value(span, Binding::Local(local))
            }
            Global::Unknown(what) => {
                return Err(frame.error(
                    span,
                    format!("{what} can't be used in compiled code"),
                    None,
                ));
            }
        })
    }

    /// A constant of the source.
    fn constant(&mut self, span: Span, constant: &syntax::Constant) -> Result<Value> {
        let expr = |ty, constant| Value::Expr(Expr::new(span, ty, ExprKind::Const(constant)));
        Ok(match constant {
            syntax::Constant::None => Value::none(span),
            syntax::Constant::Ellipsis => Value::Meta(Meta::Ellipsis),
            syntax::Constant::Bool(value) => expr(Type::weak(Scalar::Bool), Constant::Bool(*value)),
            syntax::Constant::Int(value) => expr(Type::weak(Scalar::I64), Constant::Int(*value)),
            syntax::Constant::Unsigned(value) => {
                expr(Type::weak(Scalar::U64), Constant::Int(value.cast_signed()))
            }
            syntax::Constant::Float(value) => {
                expr(Type::weak(Scalar::F64), Constant::Float(*value))
            }
            syntax::Constant::Complex(real, imaginary) => {
                expr(Type::weak(Scalar::C128), Constant::Complex(*real, *imaginary))
            }
            syntax::Constant::Str(text) => expr(Type::Str, Constant::Str(Arc::clone(text))),
            syntax::Constant::Tuple(items) => {
                let items = items.iter().map(|item| self.constant(span, item));
                Value::Tuple(items.collect::<Result<_>>()?)
            }
        })
    }
}

/// A function's arguments as the types that its parameters have: lists are the caller's own.
fn widened(
    function: &syntax::Function,
    arguments: &[Type],
    types: &HashMap<String, Type>,
) -> Vec<Type> {
    let wider = |(parameter, given): (&syntax::Parameter, &Type)| match types.get(&parameter.name) {
        Some(wider) if given.has_list() => given.unify(wider).unwrap_or_else(|| wider.clone()),
        _ => given.clone(),
    };
    function.parameters.iter().zip(arguments).map(wider).collect()
}

/// Lists into which nothing is put are lists of numbers; whether there are any.
fn fill_lists(types: &mut HashMap<String, Type>) -> bool {
    let mut found = false;
    for ty in types.values_mut() {
        if *ty == Type::list(Type::Unknown) {
            *ty = Type::list(Type::weak(Scalar::F64));
            found = true;
        }
    }
    found
}

/// How often a function may be lowered before its types must have settled.
const MOST_ROUNDS: usize = 24;

/// Something known by its path; dtypes are told apart at once.
fn known(path: String) -> Meta {
    if let Some(name) = path.strip_prefix("numpy.").or(path.strip_prefix("manycore.types.")) {
        let is_type = !matches!(name, "int" | "float" | "complex" | "?");
        if let Some(scalar) = Scalar::named(name).filter(|_| is_type) {
            return Meta::Dtype(scalar);
        }
    }
    Meta::Known(path)
}

impl Frame {
    fn new(callee: &Arc<Callee>, types: HashMap<String, Type>) -> Self {
        Self {
            callee: Arc::clone(callee),
            result: Type::Unknown,
            locals: Vec::new(),
            bindings: HashMap::new(),
            types,
            changed: false,
            blocks: Vec::new(),
            captured: Vec::new(),
            scopes: Vec::new(),
            loops: Vec::new(),
            defined: Vec::new(),
            narrowed: HashMap::new(),
            origins: HashMap::new(),
            made: HashMap::new(),
            has_realised: false,
            binds: 0,
            apart: Apart::default(),
            declared: None,
            constants: HashMap::new(),
        }
    }

    /// What the next round begins with.
    fn next_types(self) -> HashMap<String, Type> {
        let mut types = self.types;
        if self.has_realised {
            // What was found out with displays in their places may have been wrong.
            types.retain(|_, ty| matches!(ty, Type::List(_)));
            types.values_mut().for_each(|ty| *ty = Type::list(Type::Unknown));
        }
        types
    }

    fn options(&self) -> Options {
        self.callee.options
    }

    /// An error at a place of the source; in the library, at the call of it.
    fn error(&self, span: Span, message: String, hint: Option<&str>) -> CompileError {
        let site = self.scopes.iter().find_map(|scope| scope.site);
        let function = match (site, self.scopes.last()) {
            (None, Some(scope)) => Arc::clone(&scope.function.function),
            _ => Arc::clone(&self.callee.function),
        };
        CompileError {
            function: function.name.clone(),
            file: Arc::clone(&function.file),
            span: site.unwrap_or(span),
            message,
            hint: hint.map(str::to_owned),
        }
    }

    /// A new variable.
    fn local(&mut self, name: &str, ty: Type) -> Local {
        self.locals.push(Variable { name: name.to_owned(), ty });
        Local(self.locals.len() as u32 - 1)
    }

    fn ty(&self, local: Local) -> &Type {
        &self.locals[local.0 as usize].ty
    }

    fn array(&self, local: Local) -> ArrayType {
        self.ty(local).as_array().expect("an array variable")
    }

    /// A variable's value.
    fn read(&self, span: Span, local: Local) -> Expr {
        Expr::new(span, self.ty(local).clone(), ExprKind::Local(local))
    }

    fn value(&self, span: Span, binding: Binding) -> Value {
        match binding {
            Binding::Local(local) => Value::Expr(self.read(span, local)),
            Binding::Meta(value, _) => value,
            Binding::Either | Binding::Private => {
                Value::Meta(Meta::Known("one thing or another".into()))
            }
        }
    }

    fn emit(&mut self, span: Span, kind: StmtKind) {
        self.blocks.last_mut().expect("a block is open").push(Stmt { span, kind });
    }

    /// A new variable with that value.
    fn temporary(&mut self, name: &str, expr: Expr) -> Local {
        let local = self.local(&format!(".{name}"), expr.ty.clone());
        if expr.ty.has_list() {
            self.origins.insert(local, lists::Origin::Value(expr.clone()));
        }
        self.emit(expr.span, StmtKind::Assign(local, expr));
        local
    }

    /// The expression as one that can be written several times and is computed once.
    fn once(&mut self, expr: Expr) -> Expr {
        if matches!(expr.kind, ExprKind::Const(_)) {
            return expr;
        }
        if let ExprKind::Local(local) = expr.kind
            && self.locals[local.0 as usize].name.starts_with('.')
        {
            return expr;
        }
        let (span, ty) = (expr.span, expr.ty.clone());
        let local = self.temporary("once", expr);
        Expr::new(span, ty, ExprKind::Local(local))
    }

    /// The expression, its number no longer Python's own.
    fn plain(&self, expr: Expr) -> Expr {
        match expr.ty {
            Type::Scalar(scalar, true) => Expr { ty: Type::scalar(scalar), ..expr },
            _ => expr,
        }
    }

    /// Something of which nothing is known yet.
    fn unknown(&mut self, span: Span) -> Expr {
        self.changed = true;
        Expr::new(span, Type::Unknown, ExprKind::Const(Constant::Int(0)))
    }

    fn raise_if(&mut self, test: Expr, exception: Exception, message: Vec<Piece>) {
        let span = test.span;
        let raise = StmtKind::Raise(Raise { exception, message });
        let body = vec![Stmt { span, kind: raise }];
        self.emit(span, StmtKind::If { test, body, orelse: Vec::new() });
    }

    /// Lowers something into a block of its own.
    fn block<T>(&mut self, work: impl FnOnce(&mut Self) -> Result<T>) -> Result<(T, Vec<Stmt>)> {
        self.blocks.push(Vec::new());
        let made = work(self);
        let block = self.blocks.pop().expect("the block that was opened");
        Ok((made?, block))
    }

    /// `for variable in range(stop)`, with a body made by `body`.
    fn count_loop(
        &mut self,
        span: Span,
        stop: Expr,
        body: impl FnOnce(&mut Self, Expr) -> Result<()>,
    ) -> Result<()> {
        let variable = self.local(".index", Type::scalar(Scalar::I64));
        let index = self.read(span, variable);
        let ((), body) = self.block(|frame| body(frame, index))?;
        let (start, step) = (Expr::int(span, 0), Expr::int(span, 1));
        let looped = crate::ir::For { variable, start, stop, step, body, parallel: None };
        self.emit(span, StmtKind::For(Box::new(looped)));
        Ok(())
    }
}

/// The expression behind statements that it needs.
fn after(block: Vec<Stmt>, expr: Expr) -> Expr {
    if block.is_empty() {
        return expr;
    }
    let (span, ty) = (expr.span, expr.ty.clone());
    Expr::new(span, ty, ExprKind::Block(block, Box::new(expr)))
}
