"""NumPy's functions in the language that is compiled: see `manycore._kernel_library`."""
