//! The binding: converts, releases the GIL, translates errors, runs Python callables as tasks.
//!
//! The only crate with pyo3. `python/manycore` is its only user: names, defaults and documentation
//! stand there, one delegating call each.

mod accumulate;
mod array;
mod bag;
mod calls;
mod channel;
mod compiled;
mod convert;
mod door;
mod error;
mod functions;
mod gate;
mod kernel;
mod laws;
mod load;
mod node;
mod numbers;
mod object;
mod pickled;
mod picture;
mod pipeline;
mod price;
mod profiler;
mod programs;
mod random;
mod settings;
mod steps;
mod strings;
mod tracing;
mod workers;
mod zygote;

/// The private extension module behind the package `manycore`.
#[pyo3::pymodule]
mod _core {
    use pyo3::prelude::*;
    use pyo3::types::PyDict;

    #[pymodule_export]
    use crate::array::{Array, compute_arrays, explain_arrays, multiply};
    #[pymodule_export]
    use crate::bag::{Bag, Item};
    #[pymodule_export]
    use crate::channel::{Buffer, Channel};
    #[pymodule_export]
    use crate::error::WorkerDied;
    #[pymodule_export]
    use crate::gate::is_free_threaded;
    #[pymodule_export]
    use crate::kernel::{Kernel, Lowered, MachineCode, Types, kinds, make_ufunc};
    #[pymodule_export]
    use crate::kernel::{cache_key, cache_load, cache_store, processor};
    #[pymodule_export]
    use crate::kernel::{count_kernels, kernel_counts};
    #[pymodule_export]
    use crate::laws::{
        CoreTimes, NoiseWatch, SizeTimes, amdahl, gustafson, karp_flatt, noise, usl,
    };
    #[pymodule_export]
    use crate::load::load;
    #[pymodule_export]
    use crate::node::{Node, compute, persist};
    #[pymodule_export]
    use crate::numbers::{pack, unpack};
    #[pymodule_export]
    use crate::picture::{chart, flame};
    #[pymodule_export]
    use crate::pipeline::Stage;
    #[pymodule_export]
    use crate::price::offers;
    #[pymodule_export]
    use crate::profiler::{
        Profile, profile_close, profile_leave, profile_open, profile_start, profile_stop,
        profile_work,
    };
    #[pymodule_export]
    use crate::programs::run_programs;
    #[pymodule_export]
    use crate::random::{
        random_dirichlet, random_integers, random_multinomial, random_multivariate_hypergeometric,
        random_numbers, random_permutation,
    };
    #[pymodule_export]
    use crate::settings::{bandwidth, configuration, configure, machine, peak};
    #[pymodule_export]
    use crate::strings::split;
    #[pymodule_export]
    use crate::tracing::Trace;
    #[pymodule_export]
    use crate::workers::{Running, Workers};
    #[pymodule_export]
    use crate::zygote::Requests;

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        let py = module.py();
        // With the GIL held, so that Python forks before or behind.
        manycore::engine::before_forks();
        let leave = wrap_pyfunction!(crate::gate::leave, module)?;
        py.import("atexit")?.call_method1("register", (leave,))?;
        let fork = wrap_pyfunction!(crate::channel::note_fork, module)?;
        let at_fork = PyDict::new(py);
        at_fork.set_item("before", &fork)?;
        at_fork.set_item("after_in_parent", &fork)?;
        let after = wrap_pyfunction!(crate::kernel::after_fork, module)?;
        at_fork.set_item("after_in_child", &after)?;
        let register = py.import("os")?.getattr("register_at_fork")?;
        register.call((), Some(&at_fork))?;
        let profiler = PyDict::new(py);
        let after = wrap_pyfunction!(crate::profiler::after_fork, module)?;
        profiler.set_item("after_in_child", &after)?;
        register.call((), Some(&profiler)).map(drop)
    }
}
