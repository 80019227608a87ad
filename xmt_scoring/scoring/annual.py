"""A year's verdicts and facts, and the annual rubric → unit_years, year_parts, year_contributions, year_vetoes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd

from xmt_scoring.facts.upper import ZEROING
from xmt_scoring.glossary import word
from xmt_scoring.periods import Year
from xmt_scoring.scoring.rubric import Rubric
from xmt_scoring.scoring.year_frames import contribution_frame, is_upper, part_frame, unit_frame, veto_frame
from xmt_scoring.scoring.year_items import (
    PERIODS,
    SHARE,
    Honour,
    Inputs,
    Score,
    Verdict,
    check_annual,
    closed_at,
    item_inputs,
)
from xmt_scoring.scoring.year_units import Standing, UnitYear, unit_year

Source = tuple[str | None, str | None, int | None]


@dataclass(frozen=True)
class YearScored:
    """The frames of a scored year, as `frames.toml` describes them."""

    unit_years: pd.DataFrame
    year_parts: pd.DataFrame
    year_contributions: pd.DataFrame
    year_vetoes: pd.DataFrame


def score_year(
    verdicts: pd.DataFrame,
    evidence: pd.DataFrame,
    facts: Mapping[str, pd.DataFrame],
    registers: Mapping[str, pd.DataFrame],
    rubric: Rubric,
    settings: Any,
    year: Year,
    as_of: dt.date,
) -> YearScored:
    """Score a year (`rulings.md` §§4–5): printed quarters × their part + management − upper losses + bonus, printed,
    then the veto of 国家 or 省 last.

    A unit with fewer than `min_quarters` scored quarters takes no part and has no score, but a veto still zeroes it.
    Raises SchemeError when the rubric does not fit a year.
    """
    check_annual(rubric)
    source = _sources(evidence)
    told = _verdicts(verdicts, source, facts["upper_findings"])
    n_all = facts["rectification_facts"].groupby("unit_id").size()
    honours = _honours(registers["honours"], year, as_of)
    closures = closing_ends(registers["year_closures"], facts["year_units"]["unit_id"], as_of)
    repeated = facts["upper_findings"][facts["upper_findings"]["counted_quarter"].notna()]
    words = "事件 " + repeated["event_id"] + " 已在 " + repeated["counted_quarter"] + " 计入，不重复扣分"
    counted = words.groupby(repeated["unit_id"]).agg(list).to_dict()
    made: dict[str, UnitYear] = {}
    takes_part: dict[str, bool] = {}
    for unit in facts["year_units"].to_dict("records"):
        name = str(unit["unit_id"])
        scores = _scores(facts["year_quarters"], name, settings)
        standing = _standing(unit, scores, facts, told.get(name, []), rubric, settings, year, as_of, closures.get(name))
        inputs = {
            item.id: item_inputs(
                item, [each for each in told.get(name, []) if each.check in item.checks],
                scores if standing.takes_part or item.rule.type != PERIODS else [Score(s.quarter, None, None) for s in scores],
                honours.get(name, []), int(n_all.get(name, 0)) if item.rule.type == SHARE else 0, settings["year_rollup"],
            )
            for item in rubric.items
        }  # fmt: skip
        notes = {item.id: counted.get(name, []) for item in rubric.items if is_upper(item)}
        made[name] = unit_year(rubric, _closed(inputs, standing), standing, f"{unit['unit_name']} {year.label}", notes)
        takes_part[name] = standing.takes_part
    units = unit_frame(made, takes_part, facts, rubric)
    return YearScored(
        units, part_frame(made, takes_part, rubric), contribution_frame(made, takes_part, rubric, str(year)),
        veto_frame(facts["upper_findings"], units, registers["accounts"], ZEROING),
    )  # fmt: skip


def _closed(inputs: dict[str, Inputs], standing: Standing) -> dict[str, Inputs]:
    return closed_at(inputs, standing.closed_end) if standing.closed_end else inputs


def closing_ends(closures: pd.DataFrame, unit_ids: pd.Series, as_of: dt.date) -> dict[str, str]:
    """Unit → the end (low or high) at which its open year is closed by decision: a decision on the unit itself before
    one on all units, a later one before an earlier."""
    rows = closures[closures["decided_on"] <= pd.Timestamp(as_of)].sort_values(["decided_on", "document_no"])
    on_all = rows.loc[rows["unit_id"].isna(), "closing_end"]
    found = dict.fromkeys(unit_ids, str(on_all.iloc[-1])) if len(on_all) else {}
    own = rows[rows["unit_id"].notna()]
    return {**found, **dict(zip(own["unit_id"], own["closing_end"], strict=True))}


def _sources(evidence: pd.DataFrame) -> dict[tuple[str, str, str | None], Source]:
    """(check, unit, event) → file, sheet and row of its first evidence."""
    rows = evidence.drop_duplicates(["check_id", "unit_id", "event_id"])
    plain = rows[["check_id", "unit_id", "event_id", "src_file", "src_sheet", "src_row"]].astype(object)
    plain = plain.where(plain.notna(), None)
    return {(check, unit, event): (file, sheet, line) for check, unit, event, file, sheet, line in plain.to_numpy().tolist()}


def _verdicts(
    verdicts: pd.DataFrame, source: Mapping[tuple[str, str, str | None], Source], upper: pd.DataFrame
) -> dict[str, list[Verdict]]:
    columns = ["unit_id", "check_id", "article", "event_id", "severity", "outcome", "message"]
    plain = verdicts[columns].drop_duplicates(["unit_id", "check_id", "event_id", "outcome"])
    plain = plain.sort_values(columns[:4], kind="stable").astype(object)
    accounts = upper.drop_duplicates(["unit_id", "event_id"]).set_index(["unit_id", "event_id"])["account_id"].dropna().to_dict()
    found: dict[str, list[Verdict]] = {}
    for unit, check, article, event, severity, outcome, message in plain.where(plain.notna(), None).to_numpy().tolist():
        where = source.get((check, unit, event), (None, None, None))
        found.setdefault(unit, []).append(
            Verdict(check, article, event, severity, outcome, message, accounts.get((unit, event)), where)
        )
    return found


def _scores(quarters: pd.DataFrame, unit: str, settings: Any) -> list[Score]:
    """The unit's four quarters. One that is absent is left out, or open between 0 and 100, as the office has decided."""
    rows = quarters[quarters["unit_id"] == unit].sort_values("quarter")
    found = []
    for row in rows[["quarter", "quarter_state", "low", "high"]].to_dict("records"):
        low, high = (None if pd.isna(row[end]) else Fraction(Decimal(row[end])) for end in ("low", "high"))
        if row["quarter_state"] == "absent" and settings["missing_quarter"] == "open":
            low, high = Fraction(0), Fraction(100)
        found.append(Score(str(row["quarter"]), low, high))
    return found


def _standing(
    unit: Mapping[Any, Any],
    scores: list[Score],
    facts: Mapping[str, pd.DataFrame],
    told: list[Verdict],
    rubric: Rubric,
    settings: Any,
    year: Year,
    as_of: dt.date,
    closed_end: str | None,
) -> Standing:
    name = unit["unit_id"]
    upper = facts["upper_findings"]
    mine = upper[(upper["unit_id"] == name) & upper["is_veto"].astype(bool) & upper["level"].isin([str(level) for level in ZEROING])]
    zero_checks = [check for veto in rubric.vetoes if veto.outcome == "zero" for check in veto.checks]
    message = {each.event: each.message for each in told if each.check in zero_checks}
    zeroing = tuple(
        (str(row["event_id"]), message.get(row["event_id"], f"{word('level', row['level'])}级检查单项否决，本年度不得分"), str(row["level"]))
        for row in mine.to_dict("records")
    )
    states = facts["year_quarters"].loc[facts["year_quarters"]["unit_id"] == name, "quarter_state"]
    has_scores = int(unit["n_quarters"]) >= settings["min_quarters"]
    return Standing(
        zeroing,
        any(each.is_open for each in told if each.check in zero_checks) and not zeroing,
        bool(unit["has_veto"]),
        bool(unit["has_open_veto"]),
        has_scores and any(score.low is not None for score in scores),
        as_of >= year.end,
        bool((states == "open").any()),
        closed_end,
    )


def _honours(rows: pd.DataFrame, year: Year, as_of: dt.date) -> dict[str, list[Honour]]:
    """Praise issued in the year, by unit; each has its document, or it was not read at all."""
    rows = rows[rows["issued_on"].between(pd.Timestamp(year.start), min(pd.Timestamp(year.end), pd.Timestamp(as_of)))]
    found: dict[str, list[Honour]] = {}
    for row in rows.sort_values(["unit_id", "issued_on", "document_no", "title"]).to_dict("records"):
        points = None if pd.isna(row["bonus_points"]) else Fraction(Decimal(row["bonus_points"]))
        told = f"{row['title']}（{row['document_no']}，{row['issued_on']:%Y-%m-%d}）" + ("，没有写加几分" if points is None else "")
        sheet = None if pd.isna(row["src_sheet"]) else row["src_sheet"]
        key = f"{row['document_no']} {row['title']}"
        found.setdefault(row["unit_id"], []).append(Honour(points, told, key, (row["src_file"], sheet, int(np.int64(row["src_row"])))))
    return found
