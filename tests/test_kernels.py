"""Kernels as scientists write them do the same compiled as in Python and NumPy."""

from __future__ import annotations

import copy
import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import manycore as mc
from kernels import (
    biology,
    dynamic_programming,
    dynamics,
    economics,
    graphs,
    images,
    learning,
    linear_algebra,
    monte_carlo,
    numbers,
    signals,
    statistics,
    stencils,
)

pytest.importorskip("llvmlite")

Random = np.random.Generator

# What can't be compiled yet: the first line that is said of it.
NOT_YET: dict[str, str] = {
    "biology.kmers_of_dict": "a dictionary can't be compiled",
}


def cases(module: Any, arguments: dict[str, Callable[[Random], tuple[Any, ...]]]) -> list[Any]:
    """Parameters of a test: a kernel, and what makes its arguments."""
    kind = module.__name__.rpartition(".")[2]
    parameters = []
    for name, make in arguments.items():
        key = f"{kind}.{name}"
        marks = [pytest.mark.xfail(reason=NOT_YET[key], strict=True)] if key in NOT_YET else []
        parameters.append(pytest.param(getattr(module, name), make, id=key, marks=marks))
    return parameters


def positive_definite(r: Random, n: int) -> Any:
    """A matrix that has a Cholesky factor, and an LU one without pivots."""
    a = r.random((n, n))
    return a @ a.T + n * np.eye(n)


def sparse(r: Random, n: int) -> tuple[Any, Any, Any]:
    """A matrix in compressed rows: where they start, columns, values."""
    dense = r.random((n, n)) * (r.random((n, n)) < 0.3)
    counts = np.count_nonzero(dense, axis=1)
    indptr = np.concatenate([[0], np.cumsum(counts)])
    return indptr, np.nonzero(dense)[1], dense[dense != 0]


def complexes(r: Random, *shape: int) -> Any:
    """Complex numbers of both signs."""
    return r.standard_normal(shape) + 1j * r.standard_normal(shape)


def singles(r: Random, *shape: int) -> Any:
    """Numbers in single precision."""
    return r.random(shape, dtype=np.float32)


SUDOKU = np.array(
    [
        [5, 3, 0, 0, 7, 0, 0, 0, 0],
        [6, 0, 0, 1, 9, 5, 0, 0, 0],
        [0, 9, 8, 0, 0, 0, 0, 6, 0],
        [8, 0, 0, 0, 6, 0, 0, 0, 3],
        [4, 0, 0, 8, 0, 3, 0, 0, 1],
        [7, 0, 0, 0, 2, 0, 0, 0, 6],
        [0, 6, 0, 0, 0, 0, 2, 8, 0],
        [0, 0, 0, 4, 1, 9, 0, 0, 5],
        [0, 0, 0, 0, 8, 0, 0, 7, 9],
    ]
)

LINEAR_ALGEBRA = cases(
    linear_algebra,
    {
        "gemm": lambda r: (1.5, 1.2, r.random((6, 5)), r.random((6, 7)), r.random((7, 5))),
        "gemm_loops": lambda r: (1.5, 1.2, r.random((6, 5)), r.random((6, 7)), r.random((7, 5))),
        "two_mm": lambda r: (
            *(1.5, 1.2, r.random((4, 5)), r.random((5, 6))),
            *(r.random((6, 7)), r.random((4, 7))),
        ),
        "three_mm": lambda r: tuple(r.random(s) for s in [(4, 5), (5, 6), (6, 7), (7, 3)]),
        "atax": lambda r: (r.random((5, 7)), r.random(7)),
        "bicg": lambda r: (r.random((5, 7)), r.random(7), r.random(5)),
        "mvt": lambda r: (*(r.random(6) for _ in range(4)), r.random((6, 6))),
        "gesummv": lambda r: (1.5, 1.2, r.random((6, 6)), r.random((6, 6)), r.random(6)),
        "gemver": lambda r: (1.5, 1.2, r.random((6, 6)), *(r.random(6) for _ in range(8))),
        "symm": lambda r: (1.5, 1.2, r.random((5, 7)), r.random((5, 5)), r.random((5, 7))),
        "syrk": lambda r: (1.5, 1.2, r.random((6, 6)), r.random((6, 4))),
        "syr2k": lambda r: (1.5, 1.2, r.random((6, 6)), r.random((6, 4)), r.random((6, 4))),
        "trmm": lambda r: (1.5, r.random((5, 5)), r.random((5, 6))),
        "trisolv": lambda r: (np.tril(r.random((6, 6))) + np.eye(6), np.zeros(6), r.random(6)),
        "cholesky": lambda r: (positive_definite(r, 6),),
        "cholesky_of_numpy": lambda r: (positive_definite(r, 6),),
        "lu": lambda r: (positive_definite(r, 6),),
        "ludcmp": lambda r: (positive_definite(r, 6), r.random(6)),
        "durbin": lambda r: (r.random(6) / 6,),
        "gramschmidt": lambda r: (r.random((7, 5)),),
        "covariance": lambda r: (r.random((9, 5)),),
        "correlation": lambda r: (r.random((9, 5)),),
        "doitgen": lambda r: (r.random((3, 4, 5)), r.random((5, 5))),
        "doitgen_reshaped": lambda r: (r.random((3, 4, 5)), r.random((5, 5))),
        "conjugate_gradient": lambda r: (positive_definite(r, 6), r.random(6), 1e-12),
        "power_iteration": lambda r: (positive_definite(r, 6), 30),
        "gauss_elimination": lambda r: (r.random((6, 6)), r.random(6)),
        "givens_qr": lambda r: (r.random((6, 4)),),
        "least_squares_gradient": lambda r: (r.random((20, 3)), r.random(20), 0.1, 50),
        "logistic_regression": lambda r: (
            r.choice([-1.0, 1.0], 20),
            *(r.random((20, 3)), r.random(3), 10),
        ),
        "spmv": lambda r: (*sparse(r, 8), r.random(8)),
        "spmv_loops": lambda r: (*sparse(r, 8), r.random(8)),
        "lu_pivot": lambda r: (r.random((6, 6)),),
        "householder": lambda r: (r.random((6, 4)),),
        "jacobi_eig": lambda r: (positive_definite(r, 5), 8),
        "strassen_like": lambda r: (r.random((8, 8)), r.random((8, 8))),
    },
)

STENCILS = cases(
    stencils,
    {
        "jacobi_1d": lambda r: (5, r.random(20), r.random(20)),
        "jacobi_2d": lambda r: (4, r.random((8, 9)), r.random((8, 9))),
        "jacobi_2d_until": lambda r: (r.random((8, 9)), 1e-4),
        "heat_3d": lambda r: (3, r.random((6, 7, 8)), r.random((6, 7, 8))),
        "seidel_2d": lambda r: (3, 8, r.random((8, 8))),
        "fdtd_2d": lambda r: (4, *(r.random((6, 7)) for _ in range(3)), r.random(4)),
        "adi": lambda r: (3, 8, r.random((8, 8))),
        "deriche": lambda r: (0.25, r.random((9, 8))),
        "hdiff": lambda r: (r.random((9, 10, 4)), r.random((5, 6, 4)), r.random((5, 6, 4))),
        "vadv": lambda r: (
            *(r.random((4, 5, 6)), r.random((4, 5, 6)), r.random((5, 5, 6))),
            *(r.random((4, 5, 6)), r.random((4, 5, 6)), 3.0 / 20.0),
        ),
        "cavity_flow": lambda r: (
            *(11, 10, 5, 6, np.zeros((10, 11)), np.zeros((10, 11)), 0.001, 0.2, 0.22),
            *(np.zeros((10, 11)), 1.0, 0.1),
        ),
        "channel_flow": lambda r: (
            *(np.zeros((9, 10)), np.zeros((9, 10)), 0.01, 0.2, 0.25),
            *(np.ones((9, 10)), np.zeros((9, 10)), 1.0, 0.1, 1.0),
        ),
        "gray_scott": lambda r: (r.random((8, 9)), r.random((8, 9)), 5, 0.16, 0.08, 0.06, 0.062),
        "gray_scott_rolled": lambda r: (r.random((8, 9)), r.random((8, 9)), 5, 0.06, 0.062),
        "cellular_automaton": lambda r: (110, r.integers(0, 2, 21, dtype=np.uint8), 15),
        "game_of_life": lambda r: (r.integers(0, 2, (9, 10)), 6),
        "wave_1d": lambda r: (41, 30, 0.9),
        "laplace_gauss_seidel": lambda r: (r.random((8, 9)), 1.5, 10),
        "upwind_advection": lambda r: (r.random(20), 0.5, 0.1, 0.05, 10),
    },
)

DYNAMIC_PROGRAMMING = cases(
    dynamic_programming,
    {
        "floyd_warshall": lambda r: (r.integers(1, 100, (8, 8)),),
        "floyd_warshall_loops": lambda r: (r.integers(1, 100, (8, 8)),),
        "nussinov": lambda r: (12, r.integers(0, 4, 12)),
        "edit_distance": lambda r: (r.integers(0, 4, 15), r.integers(0, 4, 12)),
        "longest_common_subsequence": lambda r: (r.integers(0, 4, 15), r.integers(0, 4, 12)),
        "knapsack": lambda r: (r.integers(1, 50, 10), r.integers(1, 12, 10), 30),
        "matrix_chain": lambda r: (r.integers(1, 40, 8),),
        "smith_waterman": lambda r: (r.integers(0, 4, 15), r.integers(0, 4, 12), -1.0, -0.5),
        "dynamic_time_warping": lambda r: (r.random(12), r.random(10)),
        "viterbi": lambda r: (
            *(r.integers(0, 4, 12), r.dirichlet(np.ones(3)), r.dirichlet(np.ones(3), 3)),
            r.dirichlet(np.ones(4), 3),
        ),
        "coin_change": lambda r: (np.array([1, 2, 5, 10]), 50),
        "longest_increasing_subsequence": lambda r: (r.random(30),),
    },
)

SIGNALS = cases(
    signals,
    {
        "dft": lambda r: (complexes(r, 12),),
        "dft_of_matrix": lambda r: (complexes(r, 12),),
        "fft_radix_2": lambda r: (complexes(r, 16),),
        "stockham_fft": lambda r: (16, 2, 4, complexes(r, 16), np.zeros(16, complex)),
        "fir_filter": lambda r: (r.random(30), r.random(5)),
        "iir_biquad": lambda r: (r.random(30), r.random(3), np.array([1.0, -0.4, 0.2])),
        "autocorrelation": lambda r: (r.random(40), 10),
        "moving_average": lambda r: (r.random(20), 4),
        "median_filter": lambda r: (r.random((8, 9)), 1),
        "sobel": lambda r: (r.random((8, 9)),),
        "haar_wavelet": lambda r: (r.random(16),),
        "goertzel": lambda r: (r.random(40), 5),
        "softmax": lambda r: (r.random((2, 3, 4, 4)),),
        "mlp": lambda r: (
            *(r.random((4, 3)), r.random((3, 6)), r.random(6), r.random((6, 5)), r.random(5)),
            *(r.random((5, 2)), r.random(2)),
        ),
        "conv2d_bias": lambda r: (singles(r, 2, 7, 8, 3), singles(r, 3, 3, 3, 4), singles(r, 4)),
        "maxpool2d": lambda r: (r.random((2, 6, 8, 3)),),
        "batchnorm2d": lambda r: (r.random((4, 3, 3, 2)),),
        "resnet_block": lambda r: (
            *(singles(r, 2, 6, 6, 8), singles(r, 1, 1, 8, 4)),
            *(singles(r, 3, 3, 4, 4), singles(r, 1, 1, 4, 8)),
        ),
        "lenet_dense": lambda r: (r.random((2, 3, 3, 4)), r.random((36, 5)), r.random(5)),
        "lfilter": lambda r: (r.random(3), np.array([1.0, -0.4, 0.2]), r.random(20)),
        "fft_recursive": lambda r: (complexes(r, 16),),
        "kalman": lambda r: (
            *(r.random((9, 1)), np.array([[1.0, 0.1], [0.0, 1.0]]), np.array([[1.0, 0.0]])),
            *(0.01 * np.eye(2), np.array([[0.1]]), np.zeros(2), np.eye(2)),
        ),
        "savgol": lambda r: (r.random(20), 5, 2),
        "lomb": lambda r: (np.sort(r.random(20)), r.random(20), np.linspace(0.5, 5, 7)),
        "stft": lambda r: (r.random(40), 8, 4, np.hanning(8)),
    },
)

STATISTICS = cases(
    statistics,
    {
        "histogram": lambda r: (r.random(100), 10, 0.2, 0.9),
        "weighted_histogram": lambda r: (r.random(100), 10, r.random(100)),
        "histogram_2d": lambda r: (r.random(100), r.random(100), 5),
        "azimuthal_average": lambda r: (r.random((9, 9)), r.random((9, 9)), 6),
        "azimuthal_average_loops": lambda r: (r.random((9, 9)), r.random((9, 9)), 6),
        "k_means": lambda r: (r.random((30, 2)), r.random((3, 2)), 5),
        "k_means_of_arrays": lambda r: (
            *(p := np.repeat(np.eye(3), 10, axis=0) + 0.1 * r.random((30, 3)), p[::10] + 0.01),
            5,
        ),
        "nearest_neighbours": lambda r: (r.random((30, 3)), r.random(3), 5),
        "nearest_neighbours_classify": lambda r: (
            *(r.random((30, 3)), r.integers(0, 3, 30), r.random((5, 3))),
            4,
        ),
        "pairwise_distances": lambda r: (r.random((9, 3)),),
        "welford": lambda r: (r.random(50),),
        "rolling_z_score": lambda r: (r.random(30), 6),
        "kernel_density": lambda r: (r.random(30), np.linspace(0, 1, 11), 0.1),
        "naive_percentiles": lambda r: (r.random(31), np.array([5.0, 50.0, 99.0, 100.0])),
        "group_sums": lambda r: (r.integers(0, 4, 30), r.random(30), 5),
        "local_maxima": lambda r: (r.random(30),),
        "simple_regression": lambda r: (r.random(30), r.random(30)),
        "permutation": lambda r: (
            *(r.random(8), r.random(7)),
            np.array([r.permutation(15) for _ in range(30)]),
        ),
        "rolling": lambda r: (r.random(20), 5),
        "kolmogorov_smirnov": lambda r: (r.random(12), r.random(9)),
        "ols": lambda r: (r.random((20, 3)), r.random(20)),
        "groupby_mean": lambda r: (r.integers(0, 4, 20), r.random(20)),
    },
)

GRAPHS = cases(
    graphs,
    {
        "pagerank": lambda r: ((r.random((9, 9)) < 0.25).astype(np.float64), 0.85, 50),
        "breadth_first": lambda r: (*sparse(r, 12)[:2], 0),
        "breadth_first_of_lists": lambda r: (*sparse(r, 12)[:2], 0),
        "dijkstra": lambda r: (r.random((9, 9)) * (r.random((9, 9)) < 0.4), 0),
        "connected_components": lambda r: (20, r.integers(0, 20, (12, 2))),
        "minimum_spanning_tree": lambda r: ((w := r.random((8, 8))) + w.T,),
        "bellman_ford": lambda r: (9, *(r.integers(0, 9, 25) for _ in range(2)), r.random(25), 0),
        "triangles": lambda r: (r.random((9, 9)) < 0.5,),
        "topological_order": lambda r: (np.triu(r.random((9, 9)) < 0.4, 1).astype(np.int64),),
        "flood_fill": lambda r: (r.integers(0, 2, (8, 9)), 4, 4, 7),
        "dijkstra_heap": lambda r: (*sparse(r, 12), 0),
        "kruskal": lambda r: (9, r.integers(0, 9, 20), r.integers(0, 9, 20), r.random(20)),
        "coo_to_csr": lambda r: (r.integers(0, 6, 15), r.integers(0, 6, 15), r.random(15), 6),
        "queens_of_bits": lambda r: (6,),
        "sudoku": lambda r: (SUDOKU,),
        "tsp_2opt": lambda r: ((d := r.random((9, 9))) + d.T, np.arange(9)),
        "heldkarp": lambda r: (r.random((6, 6)),),
    },
)

DYNAMICS = cases(
    dynamics,
    {
        "runge_kutta_lorenz": lambda r: (np.array([1.0, 0.9, 1.1]), 0.01, 50),
        "verlet": lambda r: (r.random((5, 3)), r.random((5, 3)), 0.01, 20, 2.0),
        "sir": lambda r: (990.0, 10.0, 0.0, 0.4, 0.1, 20.0, 0.5),
        "nbody": lambda r: (
            *(20.0 * np.ones((7, 1)) / 7, r.standard_normal((7, 3)), r.standard_normal((7, 3))),
            *(10, 0.01, 1.0, 0.1),
        ),
        "potential_energy": lambda r: (r.random((6, 2)), r.random((6, 1)), 1.0),
        "nbody_loops": lambda r: (r.random((6, 3)), r.random((6, 3)), r.random(6), 0.01, 10),
        "lennard_jones": lambda r: (
            *(np.mgrid[0:2, 0:2, 0:2].reshape(3, -1).T * 1.2 + 0.1 * r.random((8, 3)), 4.0),
            2.0,
        ),
        "pendulum_adaptive": lambda r: (1.0, 0.0, 2.0, 1e-3),
        "crank_nicolson": lambda r: (r.random(20), 0.4, 10),
        "lotka_volterra": lambda r: (10.0, 5.0, 1.1, 0.4, 0.4, 0.1, 0.01, 50),
        "contour_integral": lambda r: (
            *(5, 3, 2, complexes(r, 3, 5, 5), complexes(r, 4), complexes(r, 5, 3)),
        ),
        "scattering_self_energies": lambda r: (
            *(r.integers(0, 3, (3, 2)), complexes(r, 3, 2, 3, 2, 2), complexes(r, 2, 3, 3, 2, 2)),
            *(complexes(r, 2, 2, 3, 2, 3, 3), complexes(r, 2, 3, 3, 2, 2)),
        ),
        "ising_sweep": lambda r: (r.choice([-1, 1], (6, 7)), 0.4, r.random((200, 3))),
        "molecular_dynamics": lambda r: (
            np.mgrid[0:2, 0:2, 0:2].reshape(3, -1).T * 1.3 + 0.1 * r.random((8, 3)),
            *(r.random((8, 3)), 4.0, 0.001, 5),
        ),
        "barnes_hut": lambda r: (2 * r.random((30, 2)) - 1, r.random(30)),
        "lattice_boltzmann": lambda r: (
            *(1 + 0.1 * r.random((9, 8, 7)), r.random((8, 7)) < 0.2, 4, 1.2),
        ),
        "lattice_boltzmann_rolled": lambda r: (1 + 0.1 * r.random((8, 7, 9)), 4, 0.6),
        "ray_march": lambda r: (12, 11),
        "schrodinger": lambda r: (50, 20, 1e-4),
        "rk45": lambda r: (0.0, 2.0, np.array([2.0, 0.0]), 1.0, 1e-6),
        "v_cycle": lambda r: (np.zeros(33), r.random(33), 1 / 32),
        "kuramoto": lambda r: (r.random(10), r.random(10), 2.0, 0.01, 20),
        "kepler": lambda r: (r.random(10), 0.3),
        "percolation": lambda r: (r.random((9, 10)) < 0.6,),
        "rdf": lambda r: (r.random((20, 3)), 1.0, 8),
        "shallow_water": lambda r: (1 + r.random(20), r.random(20), 0.1, 0.001, 10),
        "pairwise_where": lambda r: (r.random((6, 3)), r.random((6, 1)), 1.0, 0.1),
    },
)

NUMBERS = cases(
    numbers,
    {
        "mandelbrot": lambda r: (-2.0, 1.0, -1.0, 1.0, np.zeros((8, 12), np.uint8), 20),
        "mandelbrot_of_arrays": lambda r: (-2.25, 0.75, -1.25, 1.25, 12, 10, 20),
        "julia": lambda r: (-0.8 + 0.156j, 10, 50),
        "sieve": lambda r: (100,),
        "sieve_count": lambda r: (1000,),
        "collatz": lambda r: (100,),
        "go_fast": lambda r: (r.random((6, 6)),),
        "crc16": lambda r: (r.integers(0, 256, 40, dtype=np.uint8),),
        "arc_distance": lambda r: tuple(r.random(20) for _ in range(4)),
        "compute": lambda r: (r.integers(0, 1000, (6, 7)), r.integers(0, 1000, (6, 7)), 4, 3, 9),
        "coprime_fraction": lambda r: (20,),
        "fibonacci": lambda r: (15,),
        "modular_power": lambda r: (3, 200, 1_000_007),
        "n_queens": lambda r: (6,),
        "trapezoid": lambda r: (-1.0, 2.0, 100),
        "newton_root": lambda r: (2.0, 1e-12),
        "black_scholes": lambda r: (100 * r.random(9), 100 * r.random(9), r.random(9), 0.03, 0.2),
        "bubble_sort": lambda r: (r.random(20),),
        "quicksort": lambda r: (r.random(40),),
        "binary_search": lambda r: (np.arange(0, 40, 2), 26),
        "count_bits": lambda r: (r.integers(0, 1 << 63, 20, dtype=np.uint64),),
        "horner": lambda r: (r.random(6), r.random(9)),
    },
)

ECONOMICS = cases(
    economics,
    {
        "vfi": lambda r: (np.linspace(0.1, 5, 30),),
        "vfi_vec": lambda r: (
            *(np.linspace(0, 5, 30), np.array([[0.9, 0.1], [0.2, 0.8]]), np.array([0.5, 1.5])),
            *(0.95, 20),
        ),
        "tauchen": lambda r: (0.9, 0.1, 7),
        "rouwenhorst": lambda r: (5, 0.9),
        "stationary": lambda r: (r.dirichlet(np.ones(4), 4),),
        "markov_path": lambda r: (r.dirichlet(np.ones(4), 4), 1, r.random(30)),
        "brent_root": lambda r: (1.5,),
        "nelder_mead": lambda r: (np.array([-1.0, 2.0]), 60),
        "newton_system": lambda r: (np.array([2.0, 0.3]),),
        "cubic_spline": lambda r: (np.sort(r.random(8)), r.random(8)),
        "resample_bilinear": lambda r: (r.random((5, 6)), 9, 10),
        "deferred_acceptance": lambda r: (
            np.array([r.permutation(6) for _ in range(6)]),
            np.array([r.permutation(6) for _ in range(6)]),
        ),
        "binomial": lambda r: (100.0, 105.0, 1.0, 0.05, 0.2, 30, True),
        "heston": lambda r: (
            *(100.0, 0.04, 0.02, 2.0, 0.04, 0.3, -0.7, 1.0),
            r.standard_normal((12, 50, 2)),
        ),
        "lsm": lambda r: (
            100 * np.exp(0.06 * np.cumsum(r.standard_normal((60, 10)), axis=1)),
            *(100.0, 0.05, 0.1),
        ),
        "max_drawdown": lambda r: (100 + np.cumsum(r.standard_normal(50)),),
        "rsi": lambda r: (100 + np.cumsum(r.standard_normal(50)), 14),
        "garch": lambda r: (0.01 * r.standard_normal(50), 1e-6, 0.1, 0.85),
        "portfolio": lambda r: (r.random((30, 4)), np.full(4, 0.25)),
    },
)

BIOLOGY = cases(
    biology,
    {
        "needleman_wunsch": lambda r: (r.integers(0, 4, 15), r.integers(0, 4, 12)),
        "hmm_forward": lambda r: (
            *(r.integers(0, 4, 12), r.dirichlet(np.ones(3)), r.dirichlet(np.ones(3), 3)),
            r.dirichlet(np.ones(4), 3),
        ),
        "kmers": lambda r: (r.integers(0, 4, 100), 3),
        "kmers_of_dict": lambda r: (r.integers(0, 4, 100), 3),
        "upgma": lambda r: ((d := r.random((7, 7))) + d.T,),
    },
)

LEARNING = cases(
    learning,
    {
        "mlp_train": lambda r: (
            *(r.random((20, 3)), np.eye(2)[r.integers(0, 2, 20)], r.random((3, 5)), np.zeros(5)),
            *(r.random((5, 2)), np.zeros(2), 0.5, 10),
        ),
        "stump": lambda r: (r.random((12, 3)), r.choice([-1.0, 1.0], 12), np.full(12, 1 / 12)),
        "gini_split": lambda r: (r.random(30), r.integers(0, 3, 30), 3),
        "attention": lambda r: tuple(r.random((5, 4)) for _ in range(3)),
        "multi_head_attention": lambda r: (
            *(r.random((5, 8)), *(r.random((8, 8)) for _ in range(3))),
            2,
        ),
        "pca_eigh": lambda r: (r.random((20, 4)),),
        "tsne_grad": lambda r: (((p := r.random((8, 8))) + p.T) / p.sum() / 2, r.random((8, 2))),
        "gmm_em": lambda r: (
            *(r.random(40), np.array([0.2, 0.8]), np.array([0.1, 0.2]), np.array([0.5, 0.5])),
            10,
        ),
        "naive_bayes": lambda r: (r.random((30, 3)), r.integers(0, 3, 30), 3, r.random((6, 3))),
        "lasso_cd": lambda r: (r.random((20, 5)), r.random(20), 0.5, 20),
        "dbscan": lambda r: (r.random((40, 2)), 0.2, 4),
        "lstm": lambda r: (r.random((6, 3)), r.random((16, 3)), r.random((16, 4)), r.random(16)),
        "roc_auc": lambda r: (r.integers(0, 2, 30), r.random(30)),
    },
)

IMAGES = cases(
    images,
    {
        "sobel_slices": lambda r: (r.random((8, 9)),),
        "bilateral": lambda r: (r.random((8, 9)), 2, 1.0, 0.2),
        "blur": lambda r: (r.random((8, 9)),),
        "flood_of_list": lambda r: (r.integers(0, 2, (8, 9)), 3, 3, 7),
        "label_components": lambda r: (r.random((10, 11)) < 0.5,),
        "hough": lambda r: (r.random((10, 11)) < 0.2, 30),
        "hist_eq": lambda r: (r.integers(0, 256, (10, 11), dtype=np.uint8),),
        "erode": lambda r: (
            r.random((9, 9)) < 0.8,
            np.array([[0, 1, 0], [1, 1, 1], [0, 1, 0]], dtype=bool),
        ),
        "dilate": lambda r: (r.random((9, 9)) < 0.2, 2),
        "integral_image": lambda r: (r.integers(0, 256, (8, 9), dtype=np.uint8),),
        "floyd_steinberg": lambda r: (r.integers(0, 256, (8, 9), dtype=np.uint8),),
        "newton_fractal": lambda r: (12, 30),
        "canny_nms": lambda r: (r.random((8, 9)), 6 * r.random((8, 9)) - 3),
    },
)

# A kernel, its arguments, what its answer is near, and how near.
MONTE_CARLO = [
    (monte_carlo.pi, (40_000,), math.pi, 0.05),
    (monte_carlo.pi_of_arrays, (40_000,), math.pi, 0.05),
    (monte_carlo.pi_of_generator, (np.random.default_rng(1), 40_000), math.pi, 0.05),
    (monte_carlo.call_price, (100.0, 105.0, 0.03, 0.2, 1.0, 100_000), 7.1281, 0.25),
    (monte_carlo.asian_price, (100.0, 100.0, 0.03, 0.2, 1.0, 12, 20_000), 5.49, 0.3),
    (monte_carlo.random_walk, (100, 4_000), 1.0, 0.12),
    (monte_carlo.lattice_walk, (100, 2_000), 1.0, 0.12),
    (monte_carlo.ising, (16, 0.6, 100), 0.97, 0.05),
    (monte_carlo.metropolis, (100_000, 2.5), 1.0, 0.08),
    (monte_carlo.buffon, (40_000,), math.pi, 0.12),
    (monte_carlo.bootstrap, (np.arange(25.0), 2_000), 7.2111 / 5, 0.12),
    (monte_carlo.brownian_bridge, (400, 2_000, 7), 0.84, 0.05),
]


def assert_same(found: Any, wanted: Any) -> None:
    """Compare results: tuples by their items, numbers within rounding, dtypes exactly."""
    if isinstance(wanted, tuple | list):
        assert len(found) == len(wanted)
        for one, other in zip(found, wanted, strict=True):
            assert_same(one, other)
        return
    if wanted is None:
        assert found is None
        return
    if isinstance(wanted, np.ndarray):
        assert found.dtype == wanted.dtype
    is_single = np.asarray(wanted).dtype == np.float32
    tolerance = 1e-4 if is_single else 1e-10
    np.testing.assert_allclose(found, wanted, rtol=tolerance, atol=tolerance / 100)


@pytest.mark.parametrize(
    ("function", "make"),
    [
        *LINEAR_ALGEBRA,
        *STENCILS,
        *DYNAMIC_PROGRAMMING,
        *SIGNALS,
        *STATISTICS,
        *GRAPHS,
        *DYNAMICS,
        *NUMBERS,
        *ECONOMICS,
        *BIOLOGY,
        *LEARNING,
        *IMAGES,
    ],
)
def test_a_kernel(function: Callable[..., Any], make: Callable[[Random], tuple[Any, ...]]) -> None:
    given = make(np.random.default_rng(5))
    python_given = copy.deepcopy(given)
    compiled = mc.jit(function)
    found = compiled(*given)
    assert compiled.signatures
    # Python warns of what overflows, which it does the same.
    with np.errstate(all="ignore"):
        wanted = function(*python_given)
    assert_same(found, wanted)
    assert_same(given, python_given)


@pytest.mark.parametrize(
    ("function", "given", "wanted", "tolerance"),
    [
        pytest.param(
            *case,
            id=case[0].__name__,
            marks=[pytest.mark.xfail(reason=NOT_YET[key], strict=True)]
            if (key := f"monte_carlo.{case[0].__name__}") in NOT_YET
            else [],
        )
        for case in MONTE_CARLO
    ],
)
def test_a_random_kernel(
    function: Callable[..., Any], given: tuple[Any, ...], wanted: float, tolerance: float
) -> None:
    compiled = mc.jit(function)
    found = compiled(*given)
    assert compiled.signatures
    assert found == pytest.approx(wanted, abs=tolerance)


def test_a_shuffle() -> None:
    compiled = mc.jit(monte_carlo.shuffled)
    found = compiled(50)
    assert sorted(found) == list(range(50))
    assert list(found) != list(range(50))
