"""Text columns as whole numbers and back, without a Python loop over rows."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

TEXT = pa.large_string()
STR = pd.StringDtype("pyarrow", na_value=np.nan)


def arrow(values: pd.Series | Sequence[str | None]) -> pa.Array:
    """A text column as one Arrow array."""
    found = pa.array(values, from_pandas=True)
    if isinstance(found, pa.ChunkedArray):
        found = found.combine_chunks()
    return found.cast(TEXT)


def positions(values: pa.Array, among: pa.Array) -> np.ndarray:
    """Where each value stands in `among` (int64); -1 for missing and for what is not there."""
    found = pc.index_in(values, value_set=among, skip_nulls=True)
    return np.asarray(pc.fill_null(found, -1)).astype("i8")


def is_missing(values: pa.Array) -> np.ndarray:
    """A mask of the missing values."""
    return np.asarray(values.is_null().to_numpy(zero_copy_only=False), dtype=bool)


def ranked(values: pa.Array) -> tuple[np.ndarray, pa.Array]:
    """Each value's rank among the sorted distinct values, -1 for missing; and those values. One sort, no hashing."""
    order = np.asarray(pc.array_sort_indices(values))[: len(values) - values.null_count]  # missing ones stand last
    ordered = values.take(pa.array(order))
    is_new = np.ones(len(order), dtype=bool)
    is_new[1:] = pc.not_equal(ordered[1:], ordered[:-1]).to_numpy(zero_copy_only=False)
    rank = np.full(len(values), -1, dtype="i8")
    rank[order] = np.cumsum(is_new) - 1
    return rank, ordered.filter(pa.array(is_new))


def take(values: pa.Array, at: np.ndarray) -> pa.Array:
    """The values at these positions; missing where the position is -1."""
    return values.take(pa.array(at, mask=at < 0))


def joined(*parts: pa.Array | str, between: str = "") -> pa.Array:
    """Texts put together row by row."""
    scalars = [pa.scalar(part, TEXT) if isinstance(part, str) else part for part in parts]
    return pc.binary_join_element_wise(*scalars, pa.scalar(between, TEXT))


def series(values: pa.Array) -> pd.Series:
    """An Arrow text array as a pandas column."""
    return pd.Series(pd.arrays.ArrowStringArray(values.cast(TEXT), dtype=STR))  # type: ignore[call-arg]
