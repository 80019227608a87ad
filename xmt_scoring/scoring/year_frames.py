"""The outcomes of all units as frames: unit_years, year_parts, year_contributions, year_vetoes."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd

from xmt_scoring.frames import conform
from xmt_scoring.glossary import spoken, word
from xmt_scoring.model import Level
from xmt_scoring.points import SCALE, to_decimal
from xmt_scoring.scoring.rubric import Criterion, Result, Rubric
from xmt_scoring.scoring.units import rank_interval
from xmt_scoring.scoring.year_items import PERIODS
from xmt_scoring.scoring.year_units import UnitYear

ENDS = ("low", "high")


def is_management(item: Criterion) -> bool:
    """Whether an item belongs to the management points: judged by rules, with points of its own."""
    return bool(item.checks) and item.points > 0


def is_upper(item: Criterion) -> bool:
    """Whether an item only takes points off the sum: what 上级检查 found."""
    return bool(item.checks) and item.points == 0


def unit_frame(
    made: Mapping[str, UnitYear], takes_part: Mapping[str, bool], facts: Mapping[str, pd.DataFrame], rubric: Rubric
) -> pd.DataFrame:
    """Frame `unit_years` (DESIGN section 10), every unit of the register, sorted by unit_id.

    While a unit is open it has `low` and `high` and no `score`; a part is missing where its two ends differ, and so is
    `before_veto` of a zeroed unit. `grade` is given when both ends lie in one band, `rank` when the place is certain. A
    unit that takes no part has none of it, but for the zero of a veto.
    """
    zeroing = [level for veto in rubric.vetoes if veto.outcome == "zero" for level in veto.levels]
    upper = facts["upper_findings"]
    taking = upper[upper["is_veto"].astype(bool) & upper["level"].isin(zeroing)].sort_values("inspected_on")
    documents = taking.groupby("unit_id")["document_no"].agg(lambda numbers: "、".join(dict.fromkeys(numbers.dropna())))
    lines = [
        _unit_line(outcome, takes_part[name], rubric) | {"unit_id": name, "veto_document_no": documents.get(name)}
        for name, outcome in made.items()
    ]
    frame = pd.DataFrame(lines).sort_values("unit_id", ignore_index=True)
    names = facts["year_units"].set_index("unit_id")["unit_name"]
    frame["unit_name"] = frame["unit_id"].map(names)
    frame["rank"] = year_ranks(frame)["rank"]
    return conform(frame, "unit_years")


def year_ranks(units: pd.DataFrame) -> pd.DataFrame:
    """rank (missing while the place is not certain), rank_best and rank_worst of each row of `unit_years`."""
    there = units["low"].notna().to_numpy()
    best = pd.Series(pd.NA, index=units.index, dtype="Int64")
    worst = best.copy()
    cents = {end: np.array([int(Decimal(str(value)) * 100) for value in units.loc[there, end]], dtype="i8") for end in ENDS}
    best[there], worst[there] = rank_interval(cents["low"], cents["high"])
    certain = (best == worst) & units["score"].notna()
    return pd.DataFrame({"rank": best.where(certain), "rank_best": best, "rank_worst": worst})


def _unit_line(outcome: UnitYear, takes_part: bool, rubric: Rubric) -> dict[str, Any]:
    low, high = outcome.low, outcome.high
    line: dict[str, Any] = dict.fromkeys(("before_veto", *ENDS, "score", "grade")) | {"is_zeroed": outcome.is_zeroed}
    management = [item.id for item in rubric.items if is_management(item)]
    line["management_points"] = _agreed(_sum(low, management), _sum(high, management))
    if takes_part:
        period = next(item for item in rubric.items if item.rule.type == PERIODS)
        whole = period.rule.params.get("from", Fraction(100))
        parts = [result.items[period.id].score for result in (low, high)]
        line["quarters_part"] = _agreed(*parts)
        line["quarters_mean"] = _agreed(*(part / period.points * whole for part in parts))
        upper = [item.id for item in rubric.items if is_upper(item)]
        line["upper_loss"] = _agreed(*(sum((result.items[name].lost for name in upper), Fraction(0)) for result in (low, high)))
        line["bonus"] = _agreed(low.bonus, high.bonus)
        if not outcome.is_open or (outcome.is_zeroed and low.before_veto == high.before_veto):
            line["before_veto"] = high.before_veto
    if outcome.is_zeroed:
        zero = Decimal("0.00")
        return line | {"low": zero, "high": zero, "score": zero, "grade": rubric.bands[-1].name}
    if not takes_part:
        return line
    grade = low.band if low.band == high.band else None
    return line | {"low": low.total, "high": high.total, "score": None if outcome.is_open else high.total, "grade": grade}


def _sum(result: Result, names: Collection[str]) -> Fraction:
    return sum((result.items[name].score for name in names), Fraction(0))


def _agreed(low: Fraction, high: Fraction) -> Decimal | None:
    """The value at four places where both ends agree, else missing."""
    return four_places(low) if low == high else None


def four_places(value: Fraction) -> Decimal:
    """Half-up to four places, as parts are shown."""
    sign = -1 if value < 0 else 1
    return Decimal(sign * int((abs(value) * SCALE * 2 + 1) // 2)).scaleb(-4)


def part_frame(made: Mapping[str, UnitYear], takes_part: Mapping[str, bool], rubric: Rubric) -> pd.DataFrame:
    """Frame `year_parts`: for every unit each item, what it is worth and what it brought, and why it is not all.

    Of a unit that takes no part only the management items stand: they are recorded, not ranked (readings 23).
    """
    lines = []
    for name, outcome in sorted(made.items()):
        for item in rubric.items:
            if takes_part[name] or is_management(item):
                lines.append({"unit_id": name, **_part_line(outcome, item)})
    return conform(pd.DataFrame(lines), "year_parts")


def _part_line(outcome: UnitYear, item: Criterion) -> dict[str, Any]:
    low, high = (_brought(result, item) for result in (outcome.low, outcome.high))
    rows = [row for row, _, _ in outcome.rows if row.item == item.id and row.kind in ("loss", "bonus")]
    told = [row.message for row in rows] + list(outcome.notes.get(item.id, ()))
    told = told or ["没有扣分" if item.checks else "没有"]
    return {
        "item_id": item.id,
        "item_name": item.name,
        "full_points": four_places(item.points) if item.points else None,
        "low": four_places(low),
        "high": four_places(high),
        "points": four_places(high) if low == high else None,
        "article": item.article or None,
        "check_id": item.checks[0] if item.checks else None,
        "status": "decided" if low == high else "open",
        "message": "；".join(dict.fromkeys(told)),
    }


def _brought(result: Result, item: Criterion) -> Fraction:
    part = result.items[item.id]
    if part.is_bonus:
        return part.gained
    return part.score if item.points else -part.lost


def contribution_frame(made: Mapping[str, UnitYear], takes_part: Mapping[str, bool], rubric: Rubric, year: str) -> pd.DataFrame:
    """Frame `year_contributions`: base + the sum of a unit's rows = its score (low, high), exactly, the veto included.

    `contribution_id` is `year|unit|item|event`; for a row without event the last part is `-` and its kind (and rule).
    """
    lines = []
    order = {item.id: place for place, item in enumerate(rubric.items)}
    for name, outcome in sorted(made.items()):
        if not takes_part[name]:
            continue
        rows = sorted(enumerate(outcome.rows), key=lambda pair: (order.get(pair[1][0].item, len(order)), pair[0]))
        for _, (row, low, high) in rows:
            mark = row.event if row.event is not None and row.kind != "cap" else f"-{row.kind}" + (f"-{row.check}" if row.check else "")
            file, sheet, number = row.source
            lines.append(
                {
                    "contribution_id": f"{year}|{name}|{row.item}|{mark}", "unit_id": name, "account_id": row.account, "item_id": row.item,
                    "article": row.article, "check_id": row.check, "event_id": row.event, "kind": row.kind, "low_units": low, "high_units": high,
                    "status": "decided" if low == high else "open", "message": row.message, "src_file": file, "src_sheet": sheet, "src_row": number,
                }
            )  # fmt: skip
    columns = ["contribution_id", "unit_id", "item_id", "kind", "status", "message", "low_units", "high_units"]
    frame = pd.DataFrame(lines, columns=None if lines else columns)
    at_low, at_high = (frame.pop(f"{end}_units").to_numpy(dtype="i8") for end in ENDS)
    frame = frame.assign(low=to_decimal(at_low, 4), high=to_decimal(at_high, 4), points=to_decimal(at_high, 4, at_low != at_high))
    return conform(frame, "year_contributions")


def veto_frame(upper: pd.DataFrame, units: pd.DataFrame, accounts: pd.DataFrame, zeroing: Collection[str]) -> pd.DataFrame:
    """Frame `year_vetoes`: every veto of a higher level with its chain account → finding → owner on that day → result.

    A veto of 市 stands here too, and says that it takes no year (readings 11).
    """
    rows = upper[upper["is_veto"].astype(bool)].reset_index(drop=True)
    named = accounts["account_name"] + "（" + spoken(accounts["platform"], "platform") + "）"
    names = dict(zip(accounts["account_id"], named, strict=True))
    of_units = units.set_index("unit_id")
    is_zeroing = rows["level"].isin([str(level) for level in zeroing])
    account = rows["account_id"].map(names).astype("str")
    levels = {str(level): word("level", level) + ("" if level == Level.NATIONAL else "级") for level in Level}
    before = rows["unit_id"].map(of_units["before_veto"])
    day = rows["inspected_on"].dt.strftime("%Y-%m-%d").astype("str")
    owner = rows["unit_id"].map(of_units["unit_name"]).astype("str")
    basis = spoken(rows["owner_basis"], "owner_basis").astype("str")
    told = before.map(lambda value: f"（未计否决时 {value}）", na_action="ignore").astype("str").fillna("")
    end = pd.Series(np.where(is_zeroing, "第二十二条第二款：本年度不得分" + told, "市级检查不使全年不得分，只影响当季"), dtype="str")
    message = (
        ("账号“" + account + "” → ").fillna("") + day + " " + rows["level"].map(levels).astype("str") + "检查" + ("，" + rows["document_no"]).fillna("")
        + "，单项否决：" + rows["description"] + " → 当日主办单位 " + owner + "（依据：" + basis + "） → " + end
    )  # fmt: skip
    return conform(
        pd.DataFrame(
            {
                "inspection_id": rows["finding_id"], "unit_id": rows["unit_id"], "unit_name": owner, "account_id": rows["account_id"],
                "account_name": account, "level": rows["level"], "inspected_on": rows["inspected_on"], "document_no": rows["document_no"],
                "is_zeroing": is_zeroing, "before_veto": before, "message": message,
                "src_file": rows["src_file"], "src_sheet": rows["src_sheet"], "src_row": rows["src_row"],
            }
        ),
        "year_vetoes",
    )  # fmt: skip
