"""Sizes in bytes, as users write and read them."""

from __future__ import annotations

_UNITS = {"": 1, "k": 10**3, "m": 10**6, "g": 10**9, "t": 10**12, "p": 10**15}
_BINARY = {"ki": 2**10, "mi": 2**20, "gi": 2**30, "ti": 2**40, "pi": 2**50}
_SIZE = r"\s*(\d+(?:\.\d*)?|\.\d+)\s*([kmgtp]i?)?b?\s*"


def parse_bytes(size: int | str) -> int:
    """
    Read a size such as ``"64MB"`` or ``"1.5 GiB"``.

    Parameters
    ----------
    size : int or str
        A number of bytes, or a number with a unit: kB, MB, GB, TB, PB are powers of 1000, KiB, MiB
        and so on powers of 1024; the B and the case don't matter.

    Returns
    -------
    int
        Bytes.

    Raises
    ------
    ValueError
        If the text is no size.

    Examples
    --------
    >>> parse_bytes("64MB"), parse_bytes("1 KiB"), parse_bytes(7)
    (64000000, 1024, 7)
    """
    if isinstance(size, int):
        return size
    import re

    match = re.fullmatch(_SIZE, size, re.IGNORECASE)
    if match is None:
        raise ValueError(f'{size!r} is not a size; write a number of bytes, or "64MB", "1.5GiB"')
    unit = (match[2] or "").lower()
    return int(float(match[1]) * (_UNITS | _BINARY)[unit])


def format_bytes(size: float) -> str:
    """
    Write a size with a unit.

    Examples
    --------
    >>> format_bytes(64_000_000), format_bytes(999)
    ('64 MB', '999 B')
    """
    for unit in ("B", "kB", "MB", "GB", "TB"):
        if size < 1000 or unit == "TB":
            break
        size /= 1000
    return f"{size:.0f} {unit}" if size >= 100 or unit == "B" else f"{size:.3g} {unit}"
