//! What is run: a program's arguments, and the environment that it finds itself in.

use std::ffi::{CString, OsStr, OsString};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use thiserror::Error;

/// Where programs are looked for if nothing says where, as `execvp` has it.
const DEFAULT_PATH: &[u8] = b"/bin:/usr/bin";

/// A program and its arguments.
#[derive(Clone, Debug)]
pub struct Program {
    arguments: Vec<CString>,
}

/// What cannot be an argument or a variable: it has a null byte in it, or there is none at all.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum ProgramError {
    /// There is no program's name.
    #[error("a command must name a program")]
    Empty,
    /// The system's strings end at the first null byte.
    #[error("{0:?} has a null byte in it")]
    Null(OsString),
}

impl Program {
    /// The first of the arguments is the program: a path, or a name that is looked for in `PATH`.
    ///
    /// # Errors
    /// If there is none, or one has a null byte in it.
    pub fn new<A: AsRef<OsStr>>(
        arguments: impl IntoIterator<Item = A>,
    ) -> Result<Self, ProgramError> {
        let arguments: Vec<CString> = arguments
            .into_iter()
            .map(|argument| string(argument.as_ref()))
            .collect::<Result<_, _>>()?;
        match arguments.first() {
            Some(name) if !name.is_empty() => Ok(Self { arguments }),
            _ => Err(ProgramError::Empty),
        }
    }

    /// The program's name.
    pub(crate) fn name(&self) -> OsString {
        OsString::from_vec(self.arguments[0].as_bytes().to_vec())
    }

    pub(crate) fn arguments(&self) -> &[CString] {
        &self.arguments
    }
}

/// The environment's variables.
#[derive(Clone, Debug)]
pub struct Environment {
    variables: Vec<CString>,
    path: Vec<u8>,
}

impl Environment {
    /// These variables and no others.
    ///
    /// # Errors
    /// If one has a null byte in it.
    pub fn new<V: AsRef<OsStr>>(
        variables: impl IntoIterator<Item = (V, V)>,
    ) -> Result<Self, ProgramError> {
        let mut environment = Self { variables: Vec::new(), path: DEFAULT_PATH.to_vec() };
        for (name, value) in variables {
            let (name, value) = (name.as_ref(), value.as_ref());
            if name == "PATH" {
                environment.path = value.as_bytes().to_vec();
            }
            let mut variable = name.to_owned();
            variable.push("=");
            variable.push(value);
            environment.variables.push(string(&variable)?);
        }
        Ok(environment)
    }

    /// This process's own.
    pub fn inherited() -> Self {
        Self::new(std::env::vars_os()).expect("a variable that exists has no null byte in it")
    }

    pub(crate) fn variables(&self) -> &[CString] {
        &self.variables
    }

    /// The paths at which a program may be, in the order in which to try them.
    pub(crate) fn candidates(&self, program: &Program) -> Vec<CString> {
        let name = &program.arguments[0];
        if name.as_bytes().contains(&b'/') {
            return vec![name.clone()];
        }
        let folders = self.path.split(|byte| *byte == b':');
        let candidates = folders.map(|folder| {
            // An empty entry stands for the current folder.
            let separator: &[u8] = if folder.is_empty() { b"" } else { b"/" };
            [folder, separator, name.as_bytes()].concat()
        });
        candidates.map(|path| CString::new(path).expect("no part has a null byte in it")).collect()
    }
}

fn string(text: &OsStr) -> Result<CString, ProgramError> {
    CString::new(text.as_bytes()).map_err(|_| ProgramError::Null(text.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn candidates(name: &str, path: &str) -> Vec<String> {
        let environment = Environment::new([("PATH", path)]).unwrap();
        let found = environment.candidates(&Program::new([name]).unwrap());
        found.into_iter().map(|path| path.into_string().unwrap()).collect()
    }

    #[test]
    fn a_name_is_looked_for_in_path_and_a_path_is_taken_as_it_is() {
        assert_eq!(candidates("ls", "/a:/b/c"), ["/a/ls", "/b/c/ls"]);
        assert_eq!(candidates("ls", ":/a"), ["ls", "/a/ls"]);
        assert_eq!(candidates("./ls", "/a"), ["./ls"]);
        let bare = Environment::new::<&str>([]).unwrap();
        assert_eq!(bare.candidates(&Program::new(["ls"]).unwrap()).len(), 2);
    }

    #[test]
    fn null_bytes_and_no_program_are_refused() {
        assert_eq!(Program::new::<&str>([]).unwrap_err(), ProgramError::Empty);
        assert_eq!(Program::new([""]).unwrap_err(), ProgramError::Empty);
        assert_eq!(Program::new(["a", "b\0"]).unwrap_err(), ProgramError::Null("b\0".into()));
        assert!(Environment::new([("a", "\0")]).is_err());
    }
}
