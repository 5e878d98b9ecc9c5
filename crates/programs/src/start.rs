//! Starts a program: `vfork`, what only the new process can set, `exec`.
//!
//! Not `std::process::Command`: its hook between fork and exec costs it `vfork`, and a fork copies
//! the page tables of this process, which holds somebody's data. Two things need the hook.
//!
//! **A session of its own.** A terminal's Ctrl-C is ours to pass on; and a program that asks the
//! terminal for a password fails, where it would be stopped for ever in another process group.
//!
//! **Death with us.** Each program has a life line: a pipe of which we hold both ends. When one of
//! them is closed, the kernel sends SIGKILL to the program's process group, because that is what
//! the other one asks for (`F_SETOWN`, `F_SETSIG`); and however we end, one is closed before the
//! other. So nobody has to be left to clean up. No moment is without cover, because the program
//! itself sets it, before it begins, and closes its copies when it does: if we are gone by then,
//! these are the last ones. `PR_SET_PDEATHSIG` would reach the program and not its children.
//!
//! For this, the thread has a table of descriptors of its own: a fork of this process, such as a
//! worker of `multiprocessing`, would hold the life lines of programs that it knows nothing of.

use crate::program::{Environment, Program};
use crate::session::Session;
use libc::{c_char, c_int, c_void};
use rustix::io::Errno;
use rustix::pipe::{PipeFlags, pipe_with};
use rustix::process::{Pid, WaitId, WaitIdOptions, chdir, setsid, waitid};
use std::ffi::{CStr, CString};
use std::marker::PhantomData;
use std::mem::{self, MaybeUninit};
use std::os::fd::{AsRawFd, BorrowedFd, FromRawFd, OwnedFd, RawFd};
use std::os::unix::process::ExitStatusExt;
use std::process::ExitStatus;
use std::ptr;

/// The new process runs on a stack of its own until it execs; it needs some hundred bytes.
const STACK: usize = 64 << 10;

/// Of `fcntl`; the `libc` crate lacks it for glibc. The same on all of Linux.
const F_SETSIG: c_int = 10;

/// Of `close_range`.
const CLOSE_RANGE_UNSHARE: c_int = 2;

/// A thread that starts programs; not to be sent to another.
pub(crate) struct Starter {
    stack: Box<[MaybeUninit<u8>]>,
    is_of_this_thread: PhantomData<*const ()>,
}

/// A program that was started and not waited for; its process group is killed when it is dropped.
pub(crate) struct Process {
    pub session: Session,
    /// Readable once it has ended.
    pub descriptor: OwnedFd,
    _life_line: (OwnedFd, OwnedFd),
}

/// Why a program was not started.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// The folder that it was to run in can't be entered.
    Directory(Errno),
    /// It can't be run.
    Program(Errno),
}

impl From<Errno> for Refusal {
    fn from(error: Errno) -> Self {
        Self::Program(error)
    }
}

impl Starter {
    /// Makes the calling thread one.
    ///
    /// It takes no signals any more, which are other threads' to handle, and of all descriptors it
    /// has only the standard streams, `kept`, and those that it opens from now on.
    pub fn new(kept: BorrowedFd<'_>) -> Self {
        // SAFETY: both write to the sets that they are given, or to nothing.
        unsafe {
            let mut all = MaybeUninit::uninit();
            libc::sigfillset(all.as_mut_ptr());
            libc::pthread_sigmask(libc::SIG_SETMASK, all.as_ptr(), ptr::null_mut());
        }
        let kept = kept.as_raw_fd();
        for (first, last) in [(3, kept - 1), (kept.max(2) + 1, c_int::MAX)] {
            // SAFETY: other threads' tables stay as they are, and this thread has just begun: it
            // uses no descriptor that another one has opened, but for those kept. (An empty range
            // is refused. So is all of it by a kernel before 5.9, which has no such tables.)
            unsafe { libc::syscall(libc::SYS_close_range, first, last, CLOSE_RANGE_UNSHARE) };
        }
        Self { stack: Box::new_uninit_slice(STACK), is_of_this_thread: PhantomData }
    }

    /// Starts a program with these for its standard input, output and error.
    pub fn start(
        &mut self,
        program: &Program,
        environment: &Environment,
        directory: Option<&CStr>,
        streams: [BorrowedFd<'_>; 3],
    ) -> Result<Process, Refusal> {
        let life_line = pipe_with(PipeFlags::CLOEXEC)?;
        let candidates = environment.candidates(program);
        let mut child = Child {
            candidates: &candidates,
            arguments: pointers(program.arguments()),
            variables: pointers(environment.variables()),
            directory,
            streams,
            life_line: [life_line.0.as_raw_fd(), life_line.1.as_raw_fd()],
            refusal: None,
        };
        let mut descriptor: RawFd = -1;
        // Shares our memory, as `vfork` has it: this thread sleeps until the other has gone on to
        // the program or has ended.
        let flags = libc::CLONE_VM | libc::CLONE_VFORK | libc::CLONE_PIDFD | libc::SIGCHLD;
        // SAFETY: `stack` and `child` outlive the new process's use of them, because this thread
        // sleeps meanwhile; it alone uses them. No signal handler runs over there in our memory:
        // all signals are blocked in this thread, and `become_program` unblocks them when it has
        // none left. `descriptor` is where CLONE_PIDFD expects it.
        let id = unsafe {
            libc::clone(
                become_program,
                self.stack.as_mut_ptr_range().end.cast(),
                flags,
                (&raw mut child).cast(),
                &raw mut descriptor,
            )
        };
        let Some(id) = Pid::from_raw(id.max(0)) else { return Err(last_error().into()) };
        // SAFETY: the kernel has just made it for us.
        let descriptor = unsafe { OwnedFd::from_raw_fd(descriptor) };
        let process = Process { session: Session(id), descriptor, _life_line: life_line };
        match child.refusal {
            None => Ok(process),
            Some(refusal) => {
                process.reap();
                Err(refusal)
            }
        }
    }
}

impl Process {
    /// Waits for its end; how it ended, unless somebody else has waited for it.
    pub fn reap(self) -> Option<ExitStatus> {
        use std::os::fd::AsFd;
        let status = loop {
            match waitid(WaitId::PidFd(self.descriptor.as_fd()), WaitIdOptions::EXITED) {
                Err(Errno::INTR) => {}
                status => break status.ok().flatten()?,
            }
        };
        let status = status.exit_status().map(|code| code << 8).or(status.terminating_signal())?;
        Some(ExitStatus::from_raw(status))
    }
}

/// Pointers to strings, and a null behind them.
fn pointers(strings: &[CString]) -> Vec<*const c_char> {
    strings.iter().map(|string| string.as_ptr()).chain([ptr::null()]).collect()
}

fn last_error() -> Errno {
    Errno::from_io_error(&std::io::Error::last_os_error()).unwrap_or(Errno::IO)
}

/// What the new process needs, made before there is one: it must not allocate.
struct Child<'start> {
    candidates: &'start [CString],
    arguments: Vec<*const c_char>,
    variables: Vec<*const c_char>,
    directory: Option<&'start CStr>,
    streams: [BorrowedFd<'start>; 3],
    life_line: [RawFd; 2],
    refusal: Option<Refusal>,
}

/// The new process.
///
/// It only makes system calls: locks in the memory that it shares may be held by other threads.
extern "C" fn become_program(child: *mut c_void) -> c_int {
    // SAFETY: `start` passes a `Child`, and doesn't touch it until this process has left it.
    let child = unsafe { &mut *child.cast::<Child<'_>>() };
    let Err(refusal) = child.become_program();
    child.refusal = Some(refusal);
    127
}

impl Child<'_> {
    fn become_program(&self) -> Result<std::convert::Infallible, Refusal> {
        let session = setsid()?;
        for end in self.life_line {
            // SAFETY: these set what descriptors of ours do.
            unsafe {
                check(libc::fcntl(end, libc::F_SETOWN, -session.as_raw_pid()))?;
                check(libc::fcntl(end, F_SETSIG, libc::SIGKILL))?;
                check(libc::fcntl(end, libc::F_SETFL, libc::O_ASYNC))?;
            }
        }
        self.place_streams()?;
        if let Some(directory) = self.directory {
            chdir(directory).map_err(Refusal::Directory)?;
        }
        reset_signals();
        Err(self.exec().into())
    }

    /// Leaves the program its three streams: all other descriptors close when it begins.
    fn place_streams(&self) -> Result<(), Errno> {
        // First all out of the way of the three, in case a stream of ours was closed.
        let [stdin, stdout, stderr] =
            self.streams.map(|stream| rustix::io::fcntl_dupfd_cloexec(stream, 3));
        rustix::stdio::dup2_stdin(&stdin?)?;
        rustix::stdio::dup2_stdout(&stdout?)?;
        rustix::stdio::dup2_stderr(&stderr?)
    }

    /// Becomes the first candidate that is there; returns why none is.
    fn exec(&self) -> Errno {
        let mut result = Errno::NOENT;
        for candidate in self.candidates {
            // SAFETY: strings that end with a null, and lists of such that end with one.
            unsafe {
                libc::execve(candidate.as_ptr(), self.arguments.as_ptr(), self.variables.as_ptr());
            }
            let error = last_error();
            if !matches!(error, Errno::NOENT | Errno::NOTDIR) && result == Errno::NOENT {
                result = error;
            }
        }
        result
    }
}

/// Takes away our handlers, which exec would do too, and then unblocks the signals.
///
/// What is ignored stays ignored, as for `nohup`, but for what Python ignores for itself.
fn reset_signals() {
    // SAFETY: valid for the calls, which know them as plain C structures; handlers are a process's
    // own. A signal that has none, or may not be asked about, is passed over.
    unsafe {
        let default: libc::sigaction = mem::zeroed();
        for signal in 1..=libc::SIGRTMAX() {
            let mut action = default;
            libc::sigaction(signal, ptr::null(), &raw mut action);
            let is_pythons = matches!(signal, libc::SIGPIPE | libc::SIGXFSZ);
            let is_ours = !matches!(action.sa_sigaction, libc::SIG_DFL | libc::SIG_IGN);
            if is_ours || is_pythons {
                libc::sigaction(signal, &raw const default, ptr::null_mut());
            }
        }
        let mut none = MaybeUninit::uninit();
        libc::sigemptyset(none.as_mut_ptr());
        libc::sigprocmask(libc::SIG_SETMASK, none.as_ptr(), ptr::null_mut());
    }
}

fn check(result: c_int) -> Result<c_int, Errno> {
    if result < 0 { Err(last_error()) } else { Ok(result) }
}
