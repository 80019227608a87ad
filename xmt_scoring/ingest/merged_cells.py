"""Cells that were merged downwards hold their value in the first row only: what the rows below take from it, and say so."""

from __future__ import annotations

import numpy as np
import pandas as pd

from xmt_scoring.errors import Problem, place
from xmt_scoring.ingest.grids import Grid
from xmt_scoring.ingest.register_specs import specs
from xmt_scoring.ingest.register_words import MOST_TOLD
from xmt_scoring.ingest.values import to_text

_ASKED = ("account_id", "platform", "message_id", "netizen", "message_title", "received_at", "message_text", "message_source")


def filled_down(name: str, body: pd.DataFrame, grid: Grid) -> tuple[pd.DataFrame, list[Problem]]:
    """The rows of a register with what merged cells above them say; other registers as they are."""
    if name == "accounts" and "owner_id" in body:
        return _owners(body, grid)
    if name == "messages" and {"received_at", "message_text"} <= set(body):
        return _threads(body, grid)
    return body, []


def _owners(body: pd.DataFrame, grid: Grid) -> tuple[pd.DataFrame, list[Problem]]:
    """A merged 主办单位 cell."""
    owner = to_text(body["owner_id"])
    filled = owner.ffill()
    taken = owner.isna() & filled.notna()
    if not taken.any():
        return body, []
    what = f"{_rows(taken)}的主办单位空白，按合并单元格沿用了上面一行的单位"
    note = Problem(place(grid.file, grid.sheet, column=specs()["accounts"].columns["owner_id"].heading), what, "请核对；不对的请逐行填写", False)
    return body.assign(owner_id=filled.astype(object)), [note]


def _threads(body: pd.DataFrame, grid: Grid) -> tuple[pd.DataFrame, list[Problem]]:
    """A second reply stands below its message, whose cells are merged or left blank: the row takes the message from above,
    or from the row with its number."""
    given = body[[name for name in _ASKED if name in body]].apply(to_text)
    replied = body[[name for name in ("reply_text", "first_reply_at") if name in body]].apply(to_text).notna().any(axis=1)
    more = replied & given[["received_at", "message_text"]].isna().all(axis=1)
    rows = pd.Series(range(len(body)), index=body.index)
    above = rows.where(~more).ffill()
    if "message_id" in given:
        number = given["message_id"]
        first = rows[~more & number.notna()].groupby(number[~more & number.notna()]).first()
        above = above.where(number.isna() | (number == number.iloc[above.fillna(0).astype(int)].to_numpy()), number.map(first))
    more &= above.notna()
    target = np.flatnonzero(more.to_numpy())
    origin = above.fillna(0).astype("int64").to_numpy()[target]
    known = given[[name for name in ("message_id", "message_text") if name in given]].notna().any(axis=1).to_numpy()[origin]
    target, origin = target[known], origin[known]
    if not len(target):
        return body, []
    made = {}
    for name in given:
        cells, is_blank = body[name].to_numpy(dtype=object, copy=True), given[name].isna().to_numpy()[target]
        cells[target] = np.where(is_blank, cells[origin], cells[target])
        made[str(name)] = pd.Series(cells, index=body.index, dtype=object)
    is_taken = pd.Series(np.isin(np.arange(len(body)), target), index=body.index)
    what = f"{_rows(is_taken)}没有写留言，按上面同一条留言的又一次答复读"
    return body.assign(**made), [Problem(place(grid.file, grid.sheet), what, "请核对；不对的请逐行填写留言编号、时间和内容", False)]


def _rows(taken: pd.Series) -> str:
    return f"第 {'、'.join(str(row) for row in taken.index[taken][:MOST_TOLD])} 行等共 {taken.sum()} 行"
