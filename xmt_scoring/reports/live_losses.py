"""扣分明细 answers to a change: a figure in 复核扣分 moves its row, the repetition of its event, floors and 折算.

The same arithmetic as `scoring`, in formulas. Every cell stores the library's value. Three levels, so that nothing
refers to itself: 净最低 and 净最高 of a loss, then what the floors give back, then what 折算 changes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pandas as pd

from xmt_scoring.reports.excel_live import Ranges, letter, named
from xmt_scoring.reports.live_repeats import Repeated, repeated_events
from xmt_scoring.reports.sheet_names import LOSS_TOP, LOSSES
from xmt_scoring.reports.sheets_data import LISTED, SUPERSEDED, Sheets, worth_of
from xmt_scoring.scoring.options import options

CAP, VETO, CARRIED, NOT_APPLICABLE = "扣完为止", "单项否决", "单位项结转", "NA"
OPEN, DECIDED = "待定", "已定"
HEADINGS = (
    "扣分编号", "单位", "账号", "评分项", "条款", "类型", "扣分", "最低", "最高", "状态", "事由", "证据", "网址", "看证据", "看单位", "整改建议",
    "申诉意见", "复核结论", "复核扣分", "账号序号", "同一事件", "原最低", "原最高", "净最低", "净最高", "最重", "至少",
)  # fmt: skip
SHOWN = HEADINGS.index("账号序号")  # the columns from here on only serve formulas
NAMED = ("扣分", "最低", "最高", "状态", "评分项", "账号序号", "同一事件", "净最低", "净最高", "最重", "至少")
_AT = {heading: letter(number) for number, heading in enumerate(HEADINGS)}
of: Ranges = named(LOSSES)


@dataclass(frozen=True)
class LiveRow:
    """The formulas of one row by heading (none: the value stands there as it is), and where its review is typed in.

    `review`: the 0-based row of the loss sheet that holds it; None: the row is not reviewed.
    """

    formulas: Mapping[str, str]
    review: int | None


def live_rows(sheets: Sheets) -> list[LiveRow]:
    """For every row of `sheets.losses` its formulas."""
    rows = sheets.losses.to_dict("records")
    repeated = repeated_events(sheets)
    firsts: dict[tuple[str, ...], int] = {}
    caps: dict[int, list[int]] = {}
    adjusted: dict[int, int] = {}
    for at, row in enumerate(rows):
        if row["kind"] == CAP and row["item_id"] not in extras():
            caps.setdefault(row["account_serial"], []).append(LOSS_TOP + 2 + at)
        if row["item_id"] == NOT_APPLICABLE:
            adjusted[row["account_serial"]] = LOSS_TOP + 2 + at
    made = []
    for at, row in enumerate(rows):
        line = LOSS_TOP + 2 + at
        if row["kind"] == LISTED or (row["kind"] == SUPERSEDED and at not in repeated):
            made.append(LiveRow({}, None))
        elif row["kind"] == CAP:
            own = caps.get(row["account_serial"], [])
            made.append(LiveRow(_shown(line) | _floor(sheets, row, line, own, adjusted.get(row["account_serial"])), None))
        elif row["item_id"] == NOT_APPLICABLE:
            made.append(LiveRow(_shown(line) | _rescaled(sheets, row, line, caps.get(row["account_serial"], [])), None))
        else:
            key = tuple("" if pd.isna(row[name]) else str(row[name]) for name in ("unit_id", "item_id", "check_id", "event_id"))
            first = firsts.setdefault(key, at) if row["kind"] == CARRIED else at
            made.append(LiveRow(_shown(line) | _loss(row, line, LOSS_TOP + 2 + first, repeated.get(at)), LOSS_TOP + 1 + first))
    return made


def extras() -> set[str]:
    """The items that stand outside the base."""
    return {str(entry["id"]) for entry in options()["extras"]}


def _shown(line: int) -> dict[str, str]:
    """What every live row prints: both ends, the points once they are one figure, and whether they are."""
    low, high = (f"{_AT[end]}{line}" for end in ("最低", "最高"))
    return {
        "扣分": f'=IF({low}={high},{high},"{OPEN}")', "状态": f'=IF({low}={high},"{DECIDED}","{OPEN}")',
        "最低": f"={_AT['净最低']}{line}", "最高": f"={_AT['净最高']}{line}",
    }  # fmt: skip


def _loss(row: Mapping[Any, Any], line: int, review_line: int, repeated: Repeated | None) -> dict[str, str]:
    review = f"${_AT['复核扣分']}${review_line}"
    own = {end: f"IF(ISNUMBER({review}),{review},{_AT[f'原{end}']}{line})" for end in ("最低", "最高")}
    if row["kind"] == VETO:  # without its veto the account has to be scored anew: all is open between nothing and everything
        return {"净最低": f"={_AT['原最低']}{line}", "净最高": f"={own['最高']}"}
    if repeated is None:
        return {f"净{end}": f"={formula}" for end, formula in own.items()}
    most, least = f"{_AT['最重']}{line}", f"{_AT['至少']}{line}"
    mine = f"{of('账号序号')},${_AT['账号序号']}{line},{of('同一事件')},${_AT['同一事件']}{line}"
    counts_low = f'COUNTIFS({mine},{of("至少")},">"&{most})=0'
    counts_high = f'COUNTIFS({mine},{of("最重")},">="&{least})=1'
    net = {"净最低": (own["最低"], counts_low), "净最高": (own["最高"], counts_high)}
    made = {name: f"={own_end}" if row["kind"] == CARRIED else f"=IF(AND({own_end}<0,{counts}),{own_end},0)" for name, (own_end, counts) in net.items()}
    keys = {"最重": own["最低"], "至少": own["最高"]}
    made |= {name: f"=IF({value}<0,ROUND(-({value})*10000,0)*1000+{repeated.preference},-1)" for name, value in keys.items()}
    word = row["kind"] if row["kind"] != SUPERSEDED else "扣分"
    made["类型"] = f'=IF(AND({_AT["净最低"]}{line}=0,{most}>0),"{SUPERSEDED}","{word}")'
    return made


def _sum(end: str, line: int, item: bool = False) -> str:
    more = f",{of('评分项')},${_AT['评分项']}{line}" if item else ""
    return f"SUMIFS({of(f'净{end}')},{of('账号序号')},${_AT['账号序号']}{line}{more})"


def _floor(sheets: Sheets, row: Mapping[Any, Any], line: int, caps: list[int], adjusted: int | None) -> dict[str, str]:
    """What goes beyond an item's points is given back; an item outside the base never takes more than is left."""
    made, worth = {}, worth_of(sheets, row["account_id"], row["item_id"])
    for end in ("最低", "最高"):
        limit = f"{worth}"
        if row["item_id"] in extras():
            inside = "".join(f"+{_AT[end]}{cap}" for cap in (*caps, *([adjusted] if adjusted else [])))
            limit = f"MIN({worth},MAX(0,{base_of(sheets)}+{_sum(end, line)}-{_sum(end, line, True)}{inside}))"
        made[end] = f"=MAX(0,ROUND(-{_sum(end, line, True)}-{limit},4))"
    return made


def _rescaled(sheets: Sheets, row: Mapping[Any, Any], line: int, caps: list[int]) -> dict[str, str]:
    """What 折算 changes against base − losses."""
    made, base, left = {}, base_of(sheets), left_of(sheets, row["account_id"])
    for end in ("最低", "最高"):
        mine = f"{of(f'净{end}')},{of('账号序号')},${_AT['账号序号']}{line}"
        others = "".join(f'-SUMIFS({mine},{of("评分项")},"{item.label}")' for item in sheets.items if item.id in extras())
        lost = f"({_sum(end, line)}{others}{''.join(f'+{_AT[end]}{cap}' for cap in caps)})"
        made[end] = f"=ROUND(ROUND(ROUND({base}*({left}+{lost})/{left},6),2)-({base}+{lost}),4)"
    return made


def base_of(sheets: Sheets) -> Decimal:
    """The points that every account starts from."""
    return Decimal(str(sheets.data.scheme.get("base", "100")))


def left_of(sheets: Sheets, account_id: str) -> Decimal:
    """The points that an account is scored on, before they are turned into the whole."""
    return sheets.worth["left"].get(account_id, base_of(sheets))
