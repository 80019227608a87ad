"""Exact points. Inside the arithmetic they are int64 in ten-thousandths of a point; in frames they are Arrow decimals.

No binary float ever holds a point. Printed levels have two places, contributions and parts four (`rulings.md` §5).
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

import numpy as np
import pandas as pd
import pyarrow as pa

SCALE = 10_000  # units per point: four places
CENT = 100  # units per printed step: two places

PARTS = pd.ArrowDtype(pa.decimal128(14, 4))
SCORES = pd.ArrowDtype(pa.decimal128(14, 2))


def units(value: str | int | Decimal) -> int:
    """Points as whole ten-thousandths; raises ValueError where four places do not hold the value exactly."""
    scaled = Decimal(str(value)) * SCALE
    if scaled != scaled.to_integral_value():
        raise ValueError(f"more than four places: {value}")
    return int(scaled)


def half_up(numerator: np.ndarray, denominator: np.ndarray | int) -> np.ndarray:
    """numerator / denominator as whole numbers, halves away from zero; both int64, denominator > 0."""
    sign = np.where(numerator < 0, -1, 1)
    return np.asarray(sign * ((2 * np.abs(numerator) + denominator) // (2 * np.asarray(denominator))), dtype="i8")


def round_printed(in_units: np.ndarray) -> np.ndarray:
    """Units rounded half-up to two places, still in units: what is printed and what the level above starts from."""
    return half_up(in_units, CENT) * CENT


def to_decimal(in_units: np.ndarray, places: int, missing: np.ndarray | None = None) -> pd.Series:
    """An Arrow decimal column from int64 ten-thousandths; `places` 2 needs whole cents (ValueError otherwise)."""
    values = np.ascontiguousarray(in_units, dtype="i8")
    if missing is not None:
        values = np.where(missing, 0, values)
    if places == 2:
        if (values % CENT).any():
            raise ValueError("not rounded to two places")
        values = values // CENT
    # decimal128 is a little-endian 128-bit integer: low word, then the sign extension
    words = np.empty((len(values), 2), dtype="i8")
    words[:, 0], words[:, 1] = values, values >> 63
    valid = None
    if missing is not None and missing.any():
        valid = pa.py_buffer(np.packbits(~missing, bitorder="little").tobytes())
    array = pa.Array.from_buffers(pa.decimal128(14, places), len(values), [valid, pa.py_buffer(words.tobytes())])
    return pd.Series(pd.arrays.ArrowExtensionArray(array))


def from_decimal(column: pd.Series) -> np.ndarray:
    """int64 ten-thousandths of a decimal column without missing values (fill them first)."""
    array = pa.array(column, type=pa.decimal128(14, 4))
    if array.null_count:
        raise ValueError("missing points")
    words = np.frombuffer(array.buffers()[1], dtype="i8", count=2 * (array.offset + len(array)))
    return words[2 * array.offset :: 2].copy()


def printed(value: Decimal | str | int) -> Decimal:
    """One value rounded half-up to two places."""
    return Decimal(str(value)).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)
