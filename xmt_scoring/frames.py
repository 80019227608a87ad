"""The contract of every frame: columns, kinds, key, Chinese heading, personal-data flag. The data is in frames.toml."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import pandas as pd
import pyarrow as pa

from xmt_scoring.errors import ContractError, Problem
from xmt_scoring.glossary import heading
from xmt_scoring.points import PARTS, SCORES

DTYPES: dict[str, object] = {
    "str": "str",
    "int": "Int64",
    "bool": "boolean",
    "date": "datetime64[us]",
    "moment": "datetime64[us]",
    "parts": PARTS,
    "score": SCORES,
}
ARROW = {
    "str": pa.string(),
    "int": pa.int64(),
    "bool": pa.bool_(),
    "date": pa.date32(),
    "moment": pa.timestamp("us"),
    "parts": pa.decimal128(14, 4),
    "score": pa.decimal128(14, 2),
}
SOURCE_COLUMNS = "src_file str !\nsrc_sheet str\nsrc_row int !"


@dataclass(frozen=True)
class Column:
    """One column: its name, kind (a key of DTYPES) and flags."""

    name: str
    kind: str
    required: bool
    personal: bool
    refers_to: str | None  # "unit" or "account"
    choice: str | None

    @property
    def heading(self) -> str:
        """The Chinese heading, from the glossary."""
        return heading(self.name)


@dataclass(frozen=True)
class Frame:
    """One frame: its columns in order, and the columns that together occur once.

    `year_key`: of a register, the columns by which the rows of several quarters are one row of the year; else empty.
    """

    name: str
    source: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    year_key: tuple[str, ...] = ()

    @property
    def names(self) -> list[str]:
        """Column names in order."""
        return [column.name for column in self.columns]

    def column(self, name: str) -> Column:
        """The column of that name; KeyError when there is none."""
        return next(column for column in self.columns if column.name == name)


def _column(line: str) -> Column:
    name, kind, *flags = line.split()
    choice = next((flag.removeprefix("choice:") for flag in flags if flag.startswith("choice:")), None)
    refers_to = next((flag for flag in flags if flag in ("unit", "account")), None)
    return Column(name, kind, "!" in flags, "personal" in flags, refers_to, choice)


@cache
def contracts() -> Mapping[str, Frame]:
    """All frames by name."""
    raw = tomllib.loads(files("xmt_scoring").joinpath("frames.toml").read_text(encoding="utf-8"))
    found = {}
    for name, entry in raw.items():
        lines = entry["columns"].strip().splitlines()
        if entry["source"] != "derived":
            lines += SOURCE_COLUMNS.splitlines()
        columns = tuple(_column(line) for line in lines)
        found[name] = Frame(name, entry["source"], tuple(entry["key"]), columns, tuple(entry.get("year_key", ())))
    return found


def contract(name: str) -> Frame:
    """The contract of one frame."""
    return contracts()[name]


def empty(name: str) -> pd.DataFrame:
    """A frame without rows that keeps its contract."""
    return _empty(name).copy()


@cache
def _empty(name: str) -> pd.DataFrame:
    return pd.DataFrame(
        {column.name: pd.Series(dtype=DTYPES[column.kind]) for column in contract(name).columns}  # type: ignore[call-overload]
    )


def conform(frame: pd.DataFrame, name: str) -> pd.DataFrame:
    """The frame with the contract's columns in order and dtypes; a column that is not required may be left out.

    Raises ContractError when a required column or value is missing, a column is not in the contract, a value does not
    fit its kind, or the key occurs twice.
    """
    made, key = fitted(frame, name), list(contract(name).key)
    if key and made.duplicated(key).any():
        twice = made[made.duplicated(key)].iloc[0][key].to_dict()
        raise ContractError(Problem(f"数据表 {name}", f"主键重复：{twice}", "这是程序的错误，请把这句话发给维护人员"))
    return made


def fitted(frame: pd.DataFrame, name: str) -> pd.DataFrame:
    """As `conform`, but no key is looked for twice: for a frame whose maker knows that its keys are all different.

    Hashing millions of keys again costs more than making them.
    """
    wanted = contract(name)
    where = f"数据表 {name}"
    unknown = [column for column in frame.columns if column not in wanted.names]
    absent = [c.name for c in wanted.columns if c.required and c.name not in frame.columns]
    if unknown or absent:
        raise ContractError(Problem(where, f"多出列 {unknown}，缺少列 {absent}", "这是程序的错误，请把这句话发给维护人员"))
    columns = {}
    for column in wanted.columns:
        dtype = DTYPES[column.kind]
        if column.name not in frame.columns:
            columns[column.name] = pd.Series(pd.NA, index=frame.index, dtype=dtype)  # type: ignore[call-overload]
            continue
        values = frame[column.name]
        try:
            if values.dtype != dtype:
                values = values.astype(dtype)  # type: ignore[call-overload]
        except (ValueError, TypeError, pa.ArrowException) as error:
            raise ContractError(
                Problem(f"{where} 的 {column.name} 列", f"不能转为 {column.kind}：{error}", "这是程序的错误，请发给维护人员")
            ) from error
        if column.kind == "date":
            values = values.dt.normalize()
        if column.required and values.isna().any():
            raise ContractError(Problem(f"{where} 的 {column.name} 列", "有空值", "这是程序的错误，请发给维护人员"))
        columns[column.name] = values
    return pd.DataFrame(columns, index=frame.index, copy=False).reset_index(drop=True)


def to_arrow(frame: pd.DataFrame, name: str) -> pa.Table:
    """The frame as an Arrow table with the contract's types: dates as date32, points as decimals, no pandas metadata."""
    wanted = contract(name)
    schema = pa.schema([(column.name, ARROW[column.kind]) for column in wanted.columns])
    table = pa.Table.from_pandas(frame[wanted.names], schema=schema, preserve_index=False)
    return table.replace_schema_metadata({})


def from_arrow(table: pa.Table, name: str) -> pd.DataFrame:
    """The frame back from an Arrow table, with the dtypes of the contract."""
    if not table.num_rows:  # a text column without a row would have not one chunk, which merges cannot join
        return empty(name)
    return conform(table.to_pandas(date_as_object=False), name)
