"""Great Expectations on the frames, its expectations made from `frames.toml`. The only module that imports it.

Import refuses what cannot be read or placed; this looks once more, independently, at what was kept, and gives a table
that the data check shows. Nothing here changes a score.
"""

from __future__ import annotations

import datetime as dt
import os
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from xmt_scoring import glossary
from xmt_scoring.frames import Column, Frame, conform, contract, empty

if TYPE_CHECKING:
    from great_expectations.expectations.expectation import Expectation

FRAMES = ("units", "accounts", "posts", "daily_counts", "messages", "followers", "findings", "coverage")
FIRST_DAY = dt.date(2009, 8, 14)  # 新浪微博 opened: no account of ours can be older
LAST_DAY = dt.date(2099, 12, 31)  # later years are slips of the pen
COUNTS = ("reads", "plays", "likes", "shares", "comments", "wows", "saves", "total_followers")
N_EXAMPLES = 5
ORDERED = {"coverage": (("covers_from", "covers_to"),), "accounts": (("opened_on", "closed_on"),), "messages": (("received_at", "first_reply_at"),)}
FRAME_WORDS = {
    "units": "单位登记", "accounts": "账号登记", "posts": "发布记录", "daily_counts": "每日发布数", "messages": "留言登记",
    "followers": "粉丝数据", "findings": "发现的问题", "coverage": "数据覆盖",
}  # fmt: skip


@dataclass(frozen=True)
class _Wish:
    """One expectation: its name in the frame `quality`, the column it is about, what it says, and how GX says it."""

    name: str
    column: str
    words: str
    how: Expectation


def check_quality(frames: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Frame `quality`: one row per expectation on the frames of FRAMES, met or not, with how many rows and examples.

    Required values present, codes of a choice, keys unique, dates between 2009 and 2099, counts not negative, a span not
    ending before it begins. Personal data is never an example. Runs offline, in memory, without telemetry.
    """
    os.environ["GX_ANALYTICS_ENABLED"] = "False"  # read when the library is imported
    with warnings.catch_warnings():
        # Great Expectations and what it imports use calls that they themselves have marked as deprecated.
        warnings.simplefilter("ignore")
        import great_expectations as gx
        from great_expectations.data_context.types.base import ProgressBarsConfig

        context = gx.get_context(mode="ephemeral")
        context.variables.progress_bars = ProgressBarsConfig(globally=False)
        source = context.data_sources.add_pandas("frames")
        found = [row for name in FRAMES if name in frames for row in _check(source, name, frames[name])]
    return conform(pd.DataFrame(found), "quality") if found else empty("quality")


def _check(source: Any, name: str, frame: pd.DataFrame) -> list[dict[str, object]]:
    from great_expectations import ExpectationSuite

    kept, wishes = contract(name), _wishes(contract(name))
    batch = source.add_dataframe_asset(name).add_batch_definition_whole_dataframe(name)
    suite = ExpectationSuite(name=name, expectations=[wish.how for wish in wishes])
    checked = batch.get_batch({"dataframe": _plain(frame, kept)}).validate(suite, result_format="BASIC")
    results = {_said(result.expectation_config): result for result in checked.results}
    return [_row(name, wish, results[_said(wish.how.configuration)], kept) for wish in wishes]


def _said(configuration: Any) -> tuple[str, str]:
    """What tells expectations of one frame apart: GX does not promise their order."""
    asked = {key: value for key, value in configuration.kwargs.items() if key != "batch_id"}
    return configuration.type, repr(sorted(asked.items(), key=lambda pair: pair[0]))


def _plain(frame: pd.DataFrame, kept: Frame) -> pd.DataFrame:
    """The frame in the types that GX handles: nullable counts as floats, moments as they are, text as objects."""
    kinds: dict[str, str] = {"int": "float64", "str": "object", "bool": "object", "parts": "float64", "score": "float64"}
    return frame[kept.names].astype({column.name: kinds[column.kind] for column in kept.columns if column.kind in kinds})


def _wishes(kept: Frame) -> list[_Wish]:
    import great_expectations.expectations as gxe

    wishes = [wish for column in kept.columns for wish in _column_wishes(column)]
    if len(kept.key) == 1:
        how: Expectation = gxe.ExpectColumnValuesToBeUnique(column=kept.key[0])
        wishes.append(_Wish("unique", kept.key[0], f"“{glossary.heading(kept.key[0])}”不应重复", how))
    elif kept.key:
        how = gxe.ExpectCompoundColumnsToBeUnique(column_list=list(kept.key), ignore_row_if="never")
        words = "、".join(glossary.heading(column) for column in kept.key)
        wishes.append(_Wish("unique", kept.key[0], f"“{words}”合起来不应重复", how))
    for first, second in ORDERED.get(kept.name, ()):
        how = gxe.ExpectColumnPairValuesAToBeGreaterThanB(
            column_A=second, column_B=first, or_equal=True, ignore_row_if="either_value_is_missing"
        )
        words = f"“{glossary.heading(second)}”不应早于“{glossary.heading(first)}”"
        wishes.append(_Wish("ordered", second, words, how))
    return wishes


def _column_wishes(column: Column) -> list[_Wish]:
    import great_expectations.expectations as gxe

    name, title, found = column.name, column.heading, []
    if column.required:
        found.append(_Wish("not_null", name, f"“{title}”不应为空", gxe.ExpectColumnValuesToNotBeNull(column=name)))
    if column.choice:
        codes = list(glossary.choices(column.choice))
        found.append(_Wish("in_set", name, f"“{title}”应为规定的词", gxe.ExpectColumnValuesToBeInSet(column=name, value_set=codes)))
    if column.kind in ("date", "moment"):
        end = dt.datetime.combine(LAST_DAY, dt.time.max)
        how = gxe.ExpectColumnValuesToBeBetween(column=name, min_value=dt.datetime.combine(FIRST_DAY, dt.time.min), max_value=end)
        found.append(_Wish("between", name, f"“{title}”应在 {FIRST_DAY} 到 {LAST_DAY} 之间", how))
    if column.kind == "int" and (name.startswith("n_") or name in COUNTS):
        found.append(_Wish("not_negative", name, f"“{title}”不应为负数", gxe.ExpectColumnValuesToBeBetween(column=name, min_value=0)))
    return found


def _row(frame: str, wish: _Wish, result: Any, kept: Frame) -> dict[str, object]:
    if result.exception_info and result.exception_info.get("raised_exception"):
        raise RuntimeError(f"{frame}.{wish.column} {wish.name}: {result.exception_info.get('exception_message')}")
    n_unexpected = int(result.result.get("unexpected_count") or 0)
    where = f"{FRAME_WORDS[frame]}："
    told = f"{where}{wish.words}，" + ("符合" if result.success else f"有 {n_unexpected} 行不符合，请按例子核对来源")
    is_personal = kept.column(wish.column).personal
    examples = [] if is_personal or wish.name == "not_null" else result.result.get("partial_unexpected_list", [])
    return {
        "frame": frame, "expectation": wish.name, "column": wish.column, "is_met": bool(result.success),
        "n_unexpected": n_unexpected, "message": told,
        "examples": "、".join(dict.fromkeys(_example(value) for value in examples[:N_EXAMPLES])) or None,
    }  # fmt: skip


def _example(value: object) -> str:
    """A value, or a pair of an earlier and a later column turned the right way round, as people write it."""
    if isinstance(value, tuple):
        return " → ".join(_example(part) for part in reversed(value))
    if isinstance(value, (np.datetime64, dt.datetime)):
        return f"{pd.Timestamp(value):%Y-%m-%d %H:%M}".removesuffix(" 00:00")
    return str(value)
