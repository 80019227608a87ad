"""Keys, days and flags as integers: every fact is counted on them, so a string is hashed once at most."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

DAY_IN_US = 86_400_000_000
SECOND_IN_US = 1_000_000
NEVER = -(1 << 30)  # a day before every day
OPEN_END = 1 << 30  # a day after every day


def key_codes(keys: pd.Index, values: pd.Series) -> np.ndarray:
    """The position of each value in `keys` (int32), -1 where it is missing or no key.

    A categorical column (a dictionary from Parquet) costs one lookup per category and a gather, no hashing of rows.
    """
    if isinstance(values.dtype, pd.CategoricalDtype):
        known = keys.get_indexer(values.cat.categories).astype("i4")
        return np.append(known, np.int32(-1))[values.cat.codes.to_numpy()]  # a missing value has code -1: the last
    wanted = pa.array(keys.astype("str"), type=pa.large_string())
    found = pc.index_in(pa.array(values, type=pa.large_string()), value_set=wanted)
    return pc.fill_null(found, -1).to_numpy(zero_copy_only=False).astype("i4", copy=False)


def among(values: pd.Series, keys: pd.Series) -> np.ndarray:
    """`values.isin(keys)` for text: pandas turns the keys into Python strings one by one, Arrow does not."""
    wanted = pa.array(keys, type=pa.large_string(), from_pandas=True)
    found = pc.is_in(pa.array(values, type=pa.large_string(), from_pandas=True), value_set=wanted)
    return found.to_numpy(zero_copy_only=False)


def texts(values: pd.Series) -> pa.Array:
    """A text column as one Arrow array that starts at its first byte."""
    found = pa.array(values, type=pa.large_string(), from_pandas=True)
    return found.combine_chunks() if isinstance(found, pa.ChunkedArray) else found


def day_numbers(values: pd.Series, missing: int = NEVER) -> np.ndarray:
    """Days since 1970-01-01 (int64) of a date or moment column; `missing` where there is none."""
    moments = values.to_numpy("M8[us]")
    days = moments.view("i8") // DAY_IN_US
    empty = np.isnat(moments)
    if empty.any():
        days[empty] = missing
    return days


def second_numbers(values: pd.Series) -> np.ndarray:
    """Seconds since 1970-01-01 (int64) of a moment column without missing values."""
    return values.to_numpy("M8[us]").view("i8") // SECOND_IN_US


def flags(values: pd.Series, missing: bool = False) -> np.ndarray:
    """A boolean column as a plain array, missing values as `missing`."""
    if values.dtype == np.dtype(bool):
        return values.to_numpy()
    return values.to_numpy(dtype=bool, na_value=missing)


def dates(days: np.ndarray) -> pd.Series:
    """Day numbers as dates; missing where the day is NEVER or OPEN_END."""
    known = (days > NEVER) & (days < OPEN_END)
    return pd.Series(np.where(known, days, np.iinfo("i8").min).astype("M8[D]").astype("M8[us]"))


def counts(values: np.ndarray, missing: np.ndarray | None = None) -> pd.Series:
    """Whole numbers as a nullable Int64 column, missing where `missing`."""
    absent = np.zeros(values.shape, dtype=bool) if missing is None else missing
    return pd.Series(pd.arrays.IntegerArray(values.astype("i8"), np.ascontiguousarray(absent)))


def truths(values: np.ndarray) -> pd.Series:
    """A plain boolean array as a nullable column."""
    return pd.Series(pd.arrays.BooleanArray(np.ascontiguousarray(values), np.zeros(values.shape, dtype=bool)))


def names(keys: pd.Index, codes: np.ndarray) -> pd.Series:
    """The keys at these positions, as text."""
    return pd.Series(keys.array.take(codes)).astype("str")
