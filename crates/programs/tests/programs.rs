//! What a Rust user sees of a run: results, limits, and nothing left behind.

use programs::{
    Ended, Event, Failure, Input, Options, Program, RunError, Stream, Watch, results, run,
};
use std::error::Error;
use std::ffi::CString;
use std::fs;
use std::os::unix::process::ExitStatusExt;
use std::sync::Arc;
use std::time::{Duration, Instant};

type Test = Result<(), Box<dyn Error>>;

fn shell(scripts: &[&str]) -> Vec<Program> {
    scripts.iter().map(|script| Program::new(["/bin/sh", "-c", script]).unwrap()).collect()
}

fn code(ended: &Ended) -> Option<i32> {
    ended.status.and_then(|status| status.code())
}

/// A time to sleep that is in nobody else's command line.
fn long(number: u32) -> String {
    format!("9{number}.{}", std::process::id())
}

/// Whether a process runs that has this among its arguments.
fn runs(argument: &str) -> bool {
    let processes = fs::read_dir("/proc").unwrap().flatten();
    let mut lines = processes.filter_map(|process| fs::read(process.path().join("cmdline")).ok());
    lines.any(|line| line.split(|byte| *byte == 0).any(|word| word == argument.as_bytes()))
}

#[test]
fn results_have_the_order_of_the_programs() -> Test {
    let programs =
        shell(&["sleep 0.2; echo slow", "echo quick; echo bad >&2; exit 3", "kill -9 $$"]);
    let ended = results(&programs, &Options::new(3))?;
    assert_eq!((&ended[0].stdout[..], code(&ended[0])), (&b"slow\n"[..], Some(0)));
    assert_eq!((&ended[1].stdout[..], &ended[1].stderr[..]), (&b"quick\n"[..], &b"bad\n"[..]));
    assert_eq!(code(&ended[1]), Some(3));
    assert_eq!(ended[2].status.and_then(|status| status.signal()), Some(9));
    Ok(())
}

#[test]
fn input_folder_and_environment_are_the_options() -> Test {
    let mut options = Options::new(2);
    options.input = Input::Bytes(Arc::new(vec![b'x'; 1 << 20]));
    options.directory = Some(CString::new("/usr")?);
    options.environment =
        programs::Environment::new([("NAME", "value"), ("PATH", "/bin:/usr/bin")])?;
    let ended = results(&shell(&["wc -c; pwd; echo $NAME", "true"]), &options)?;
    assert_eq!(String::from_utf8(ended[0].stdout.clone())?, "1048576\n/usr\nvalue\n");
    assert!(ended[1].is_success(), "a program need not read its input");
    Ok(())
}

#[test]
fn a_program_that_cannot_be_started_says_which_path_was_the_reason() -> Test {
    let programs = [Program::new(["no such program"])?, Program::new(["/"])?];
    let ended = results(&programs, &Options::new(1))?;
    let reasons: Vec<_> =
        ended.iter().map(|ended| ended.failure.as_ref().unwrap().to_string()).collect();
    assert_eq!(reasons[0], "no such program: No such file or directory (os error 2)");
    assert_eq!(reasons[1], "/: Permission denied (os error 13)");
    let mut options = Options::new(1);
    options.directory = Some(CString::new("/no/such/folder")?);
    let ended = results(&shell(&["true"]), &options)?;
    assert!(
        matches!(&ended[0].failure, Some(Failure::NotStarted { path, .. }) if path == "/no/such/folder")
    );
    Ok(())
}

#[test]
fn a_program_out_of_time_goes_with_all_that_it_has_started() -> Test {
    let mut options = Options::new(2);
    options.timeout = Some(Duration::from_millis(300));
    // One in a process group of its own, and one that takes no notice of being asked.
    let times = [1, 2, 3, 4].map(long);
    let [one, two, three, four] = &times;
    let programs = shell(&[
        &format!("echo so far; sleep {one} & timeout 999 sleep {two}"),
        &format!("trap '' TERM; sleep {three}; sleep {four}"),
    ]);
    let begin = Instant::now();
    let ended = results(&programs, &options)?;
    assert!(begin.elapsed() < Duration::from_secs(2));
    assert!(ended.iter().all(|ended| matches!(ended.failure, Some(Failure::TimedOut))));
    assert_eq!(ended[0].stdout, b"so far\n");
    assert!(!times.iter().any(|time| runs(time)));
    Ok(())
}

#[test]
fn a_failure_is_retried_until_it_succeeds() -> Test {
    let file = std::env::temp_dir().join(format!("manycore-retries-{}", std::process::id()));
    let script = format!("echo x >> '{0}'; test $(wc -l < '{0}') = 3", file.display());
    let mut options = Options::new(1);
    options.retries = 5;
    let ended = results(&shell(&[&script, "false"]), &options)?;
    fs::remove_file(file)?;
    assert_eq!((code(&ended[0]), ended[0].attempts), (Some(0), 3));
    assert_eq!((code(&ended[1]), ended[1].attempts), (Some(1), 6));
    Ok(())
}

/// Keeps the lines, and stops when it has seen one.
struct First(Vec<(Stream, Vec<u8>)>);

impl Watch for First {
    fn go_on(&mut self, events: Vec<Event>) -> bool {
        for event in events {
            if let Event::Lines { stream, bytes, .. } = event {
                self.0.push((stream, bytes));
            }
        }
        self.0.is_empty()
    }
}

#[test]
fn a_watch_sees_lines_at_once_and_may_stop_the_run() -> Test {
    let mut options = Options::new(1);
    options.lines = true;
    let mut watch = First(Vec::new());
    let begin = Instant::now();
    let times = [5, 6].map(long);
    let [one, two] = &times;
    let programs = shell(&[&format!("echo one >&2; sleep {one}"), &format!("sleep {two}")]);
    let error = run(&programs, &options, &mut watch).unwrap_err();
    assert!(matches!(error, RunError::Cancelled));
    assert!(begin.elapsed() < Duration::from_secs(2));
    assert_eq!(watch.0, [(Stream::Error, b"one\n".to_vec())]);
    assert!(!times.iter().any(|time| runs(time)));
    Ok(())
}

#[test]
fn no_programs_have_no_results() -> Test {
    assert!(results(&[], &Options::new(4))?.is_empty());
    Ok(())
}
