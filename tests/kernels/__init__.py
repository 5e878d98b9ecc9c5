"""What scientists write: one module a kind, in plain Python and NumPy, as for Numba."""
