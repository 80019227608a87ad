"""The cells of a register → values of the contract, and every cell that cannot be what its column wants."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

import pandas as pd

from xmt_scoring.frames import Column
from xmt_scoring.glossary import choices
from xmt_scoring.ingest.register_specs import Spec, key_of
from xmt_scoring.ingest.values import is_damaged_id, plain, to_bool, to_moment, to_text
from xmt_scoring.points import PARTS

_DASHES = ("-", "--", "—", "——", "/", "／")
_NONE = (*_DASHES, "无")
_MONTH_ONLY = r"[0-9]{4}\s*[./\-年]\s*[0-9]{1,2}\s*月?"
_POINTS = r"[0-9]{1,4}(?:\.[0-9]{1,4})?"
_LONG_IDS = ("platform_account_no", "phone", "document_no")
_FREE = ("description", "message_text", "message_title", "reply_text", "note", "title", "from_value", "to_value")
_FIRST, _LAST = pd.Timestamp("1990-01-01"), pd.Timestamp("2099-12-31")


@dataclass(frozen=True)
class Fault:
    """Cells of one column that cannot be used: `rows` marks them, `what` may name the cell as {value}, `todo` the way out."""

    column: str
    rows: pd.Series
    what: str
    todo: str
    texts: pd.Series | None = None

    def at(self, row: int) -> str:
        """What is wrong with the cell in this Excel row."""
        value = "" if self.texts is None or pd.isna(self.texts.get(row)) else str(self.texts[row])[:60]
        return self.what.replace("{value}", value)

    @property
    def short(self) -> str:
        """What is wrong, for the list of rows set aside."""
        return self.what.replace("“{value}”", "").replace("写着，", "").replace("写着", "认不出")


def converted(body: pd.DataFrame, spec: Spec) -> tuple[pd.DataFrame, list[Fault]]:
    """Every column of the register as its kind (missing where the sheet has no such column), and the unusable cells."""
    made, faults = {}, []
    for name, column in spec.columns.items():
        if name not in body:
            made[name] = pd.Series(pd.NA, index=body.index, dtype="str")
            if column.kind in ("date", "moment"):
                made[name] = pd.Series(pd.NaT, index=body.index, dtype="datetime64[us]")
            continue
        given = _emptied(body[name], column, name in spec.filled)
        made[name], found = _column(given, column)
        texts = to_text(body[name])
        faults += [replace(fault, texts=texts) for fault in found if fault.rows.any()]
    return pd.DataFrame(made, index=body.index), faults


def blanks(values: pd.DataFrame, body: pd.DataFrame, spec: Spec) -> list[Fault]:
    """Required cells that are blank (an unusable one has been told already)."""
    found = [Fault(name, is_blank(body, name), "空白", "请填写这一格") for name in spec.columns if name in spec.filled]
    if spec.name == "accounts":
        several = values["account_name"].str.contains("\n").fillna(False).astype(bool)
        found.append(Fault("account_name", several, "一格里写了几个账号", "请拆成每个账号一行", values["account_name"]))
    return [fault for fault in found if fault.rows.any()]


def same_ids(values: pd.DataFrame, spec: Spec, faults: list[Fault]) -> list[Fault]:
    """An id of a unit or account that two rows have, one of them with a fault of its own: `linking` compares only the
    rows without one, and whoever mends that fault should hear of this at once."""
    column = {"units": "unit_id", "accounts": "account_id"}.get(spec.name)
    if column is None or not faults:
        return []
    ids, bad = values[column], pd.concat([fault.rows for fault in faults], axis=1).any(axis=1)
    again = ids.notna() & ids.duplicated() & ids.isin(ids[bad])
    found = Fault(column, again, "“{value}”和前面一行重复", "请核对后只留一行，或改正编号", ids)
    return [found] if again.any() else []


def is_blank(body: pd.DataFrame, column: str) -> pd.Series:
    """Where a column has no text at all; everywhere when the sheet has no such column."""
    return to_text(body[column]).isna() if column in body else pd.Series(True, index=body.index)


def _emptied(cells: pd.Series, column: Column, is_filled: bool) -> pd.Series:
    """A dash or 无 in a cell that may be blank means blank."""
    if is_filled or column.name in _FREE:
        return cells
    nothing = _DASHES if column.kind == "str" and not (column.refers_to or column.choice) else _NONE
    return cells.where(~to_text(cells).isin(nothing), None)


def _column(cells: pd.Series, column: Column) -> tuple[pd.Series, list[Fault]]:
    if column.choice:
        return _choice(cells, column)
    if column.kind == "bool":
        values, unreadable = to_bool(cells)
        return values, [Fault(column.name, unreadable, "写着“{value}”", "请填“是”或“否”")]
    if column.kind in ("date", "moment"):
        return _day(cells, column)
    if column.kind == "parts":
        texts = plain(cells)
        odd = texts.notna() & ~texts.str.fullmatch(_POINTS).fillna(False)
        numbers = texts.where(~odd).map(Decimal, na_action="ignore")
        return numbers.astype(PARTS), [Fault(column.name, odd, "“{value}”不是分数", "请填不带正负号的数字，如 1 或 0.5")]
    return _words(cells, column)


def _words(cells: pd.Series, column: Column) -> tuple[pd.Series, list[Fault]]:
    compared = column.name.endswith("_id") or bool(column.refers_to) or column.name in ("check_item", "phone", "platform_account_no")
    values = plain(cells) if compared else to_text(cells)
    if column.name.endswith("_id") or column.name in _LONG_IDS:
        todo = "请把单元格设为“文本”后重新填写完整的号码"
        return values, [Fault(column.name, is_damaged_id(values), "“{value}”是长数字，Excel 已经丢掉了后几位", todo)]
    return values, []


def _choice(cells: pd.Series, column: Column) -> tuple[pd.Series, list[Fault]]:
    known = choices(str(column.choice))
    codes = pd.Series({word: code for code, words in reversed(known.items()) for word in reversed(words)})
    codes.index = key_of(codes.index.to_series())
    texts = to_text(cells)
    values = key_of(texts).map(codes[~codes.index.duplicated()]).astype("str")
    allowed = "、".join(words[0] for words in known.values())
    odd = texts.notna() & values.isna()
    return values, [Fault(column.name, odd, "写着“{value}”，认不出", f"请从这些里选：{allowed}")]


def _day(cells: pd.Series, column: Column) -> tuple[pd.Series, list[Fault]]:
    values, _, unreadable = to_moment(cells)
    month = plain(cells).str.fullmatch(_MONTH_ONLY).fillna(False).astype(bool)
    far = values.notna() & ~values.between(_FIRST, _LAST)
    faults = [
        Fault(column.name, month, "“{value}”只写到月", "请写到日，如 2024-01-02"),
        Fault(column.name, unreadable & ~month, "“{value}”不是能有的日期", "请写成 2024-01-02 这样"),
        Fault(column.name, far & ~month, "“{value}”的年份不对", "请核对年份"),
    ]
    return (values.dt.normalize() if column.kind == "date" else values), faults
