//! Options that can't work are refused before anything runs.

use crate::suite::{engine, lanes};
use engine::{Engine, EngineError, Lane, Options};

fn refusal(options: Options) -> String {
    let error = Engine::new(options).expect_err("the option can't work");
    assert!(matches!(error, EngineError::Option { .. }));
    error.to_string()
}

#[test]
fn no_workers_is_an_error_that_says_what_would_do() {
    for options in lanes() {
        let options = Options { workers: Some(0), ..options };
        assert_eq!(refusal(options), "workers must be at least 1, not 0");
    }
}

#[test]
fn no_memory_is_an_error_that_says_what_would_do() {
    for options in lanes() {
        let options = Options { memory: Some(0), ..options };
        assert_eq!(refusal(options), "memory must be at least 1, not 0");
    }
}

#[test]
fn an_engine_has_the_workers_it_was_given_and_one_inline() {
    let workers: Vec<_> = lanes().iter().map(|options| engine(options).workers()).collect();
    assert_eq!(workers, [1, 1, 2, 4]);
}

#[test]
fn an_engine_takes_every_usable_core_when_nobody_says_how_many() {
    let cores = std::thread::available_parallelism().expect("Linux knows").get();
    let options = Options::default();
    assert_eq!((options.lane, engine(&options).workers()), (Lane::Threads, cores));
}
