"""Blocks that overlap, under the names of ``dask.array.overlap``."""

from __future__ import annotations

from manycore.array._overlap import map_overlap, overlap, trim_overlap

__all__ = ["map_overlap", "overlap", "trim_overlap"]
