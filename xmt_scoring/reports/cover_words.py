"""What the cover says in words: failed accounts and why, what is open, what changed since the quarter before."""

from __future__ import annotations

from decimal import Decimal

import pandas as pd

from xmt_scoring.points import from_decimal
from xmt_scoring.reports.masking import mask_numbers
from xmt_scoring.reports.sheets_data import Sheets, item_labels
from xmt_scoring.reports.tables import points_text
from xmt_scoring.scoring.states import FAIL, NOT_COUNTED, OPEN, PASS, account_states, fail_below

MOST_NAMED = 12  # names in one sentence
TOP_ITEMS = 3
_PROMINENT = "存在突出问题，按设置算不合格"


def pass_mark(sheets: Sheets) -> Decimal:
    """The score below which an account fails, as in the circular."""
    return fail_below(sheets.data.scheme)


def failed_accounts(sheets: Sheets) -> pd.DataFrame:
    """The accounts that fail whatever is still open, scored or not: the columns of `sheets.accounts`, and `why`."""
    failed = sheets.accounts[(sheets.accounts["result"] == FAIL).to_numpy(dtype=bool)].reset_index(drop=True)
    why = [_PROMINENT if is_prominent else _why(sheets, serial) for serial, is_prominent in zip(failed["serial"], failed["is_prominent"], strict=True)]
    return failed.assign(why=why)


def _why(sheets: Sheets, serial: int) -> str:
    """The veto with its finding; else the items that cost most."""
    rows = sheets.losses[(sheets.losses["account_serial"] == serial).to_numpy(dtype=bool)]
    vetoes = rows[rows["kind"] == "单项否决"]
    if len(vetoes):
        return "单项否决 " + "；".join(vetoes["item"] + "：" + mask_numbers(vetoes["message"]))
    rows = rows[rows["points"].notna()]
    points = pd.Series(from_decimal(rows["points"]), index=rows["item"].to_numpy()).groupby(level=0).sum().sort_values(kind="stable")
    named = [f"{item} {points_text(Decimal(int(value)) / 10_000)}" for item, value in points.items() if value < 0]
    more = f"等 {len(named)} 项" if len(named) > TOP_ITEMS else ""
    return "、".join(named[:TOP_ITEMS]) + more


def open_lines(sheets: Sheets) -> list[str]:
    """What is still to be decided, one line each: items, vetoes, missing data."""
    losses, accounts = sheets.losses, sheets.accounts
    waiting = losses[(losses["status"] == "待定").to_numpy()].drop_duplicates(["item", "account_serial"])
    counts = waiting.groupby("item", sort=False).size()
    order = [item.label for item in sheets.items if item.label in counts.index]
    lines = [f"{label}：{counts[label]} 个账号" for label in order]
    labels = item_labels(sheets.data.scheme)
    codes = accounts["open_vetoes"].dropna().str.split("、").explode()
    lines += [f"否决项 {labels.get(str(code), code)}：{n} 个账号还没有核查" for code, n in codes.value_counts(sort=False).sort_index().items()]
    n_gaps = len(sheets.data.frames["gaps"])
    return lines + ([f"缺数据 {n_gaps} 处，见“数据清单”"] if n_gaps else [])


def change_lines(sheets: Sheets) -> list[str]:
    """What differs from the quarter before: grades of units, accounts that began or ceased to fail, came or went."""
    before = sheets.data.previous
    if not before:
        return ["上季度没有计分结果，不作比较。"]
    named = sheets.names.accounts
    now, then = (frame.set_index("account_id") for frame in (sheets.data.frames["account_scores"], before["account_scores"]))
    states = account_states(before, sheets.data.previous_scheme or sheets.data.scheme, sheets.data.settings)
    fails_then = set(states.loc[states["state"] == FAIL, "account_id"])
    is_now = {state: set(rows["account_id"]) for state, rows in sheets.accounts.groupby("result")}
    fails_now = is_now.get(FAIL, set())
    old_names = dict(zip(then.index, then["account_name"], strict=True))

    def listed(ids: set[str]) -> str:
        ordered = sorted(ids)
        words = "、".join(str(named.get(one, old_names.get(one, one))) for one in ordered[:MOST_NAMED])
        return words + (f"等 {len(ordered)} 个" if len(ordered) > MOST_NAMED else "")

    lines = _grade_lines(sheets)
    for told, ids in (
        ("新出现的不合格账号", fails_now - fails_then), ("上季度不合格、本季度合格的账号", fails_then & is_now.get(PASS, set())),
        ("上季度不合格、本季度还没有定下来的账号", fails_then & is_now.get(OPEN, set())),
        ("上季度不合格、本季度不计分的账号", fails_then & is_now.get(NOT_COUNTED, set())),
        ("两个季度都不合格的账号", fails_now & fails_then), ("新列入检查的账号", set(now.index) - set(then.index)),
        ("不再检查的账号", set(then.index) - set(now.index)),
    ):  # fmt: skip
        if ids:
            lines.append(f"{told}：{listed(ids)}。")
    return lines or ["各单位等次、不合格账号和检查的账号都没有变化。"]


def _grade_lines(sheets: Sheets) -> list[str]:
    then = sheets.data.previous["unit_scores"].set_index("unit_id")["grade"]
    units = sheets.units.assign(before=sheets.units["unit_id"].map(then))
    units = units[(units["grade"].notna() & units["before"].notna() & (units["grade"] != units["before"])).to_numpy(dtype=bool)]
    order = {band["name"]: Decimal(str(band["from"])) for band in sheets.data.scheme["bands"]}
    lines = []
    for told, wanted in (("等次上升的单位", True), ("等次下降的单位", False)):
        some = [
            f"{row.unit_name}（{row.before}→{row.grade}）" for row in units.itertuples()
            if (order.get(row.grade, Decimal(0)) > order.get(row.before, Decimal(0))) is wanted
        ]  # fmt: skip
        if some:
            lines.append(f"{told}：{'、'.join(some[:MOST_NAMED])}{f'等 {len(some)} 个' if len(some) > MOST_NAMED else ''}。")
    return lines
