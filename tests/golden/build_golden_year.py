"""The golden year of the demo county, worked out from its plan in plain arithmetic; imports nothing of xmt_scoring.

Quarters come from quarter.py, which decides 2025Q1 to Q3; what 2025Q4 leaves open is listed here by hand,
from the comments of county.toml. `python -m golden.build_golden_year`, in the folder tests, writes the table again.
"""

from __future__ import annotations

import csv
import datetime as dt
import tomllib
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from pathlib import Path

from golden.quarter import Quarter

HERE = Path(__file__).parent
YEAR_END, AS_OF = dt.date(2025, 12, 31), dt.date(2026, 1, 31)
POSTS = ("运维人员", "信息员")
PAPERS = ("安全管理制度", "保密审查制度", "应急预案")
# what stays open in 2025Q4, from the plan: account → points that may still be lost; units with an open veto
OPEN_POINTS = {
    "YLWB06": 6,  # C1 was looked at for one of the unit's accounts only
    "YLWB07": 0,  # its silent week counts as missed at the low end (B1 −2, already an event of the plan) and as met at the high end
    "YLWX11": 2,  # a message that was answered before it came: somebody mistyped (D1)
    "YLSP01": 20 + 8,  # no export at all: ten weeks due (B1), no post whose clearance could be looked at (E1)
}
OPEN_WEEK = "YLWB07"
OPEN_VETO = {"YL03", "YL04", "YL09"}  # V1 with one confirmer; V3 not answered; V3 and no data for V2


def cents(value: Fraction) -> Decimal:
    """Half-up to two places."""
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    return exact.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)


def owner(plan: dict, account: str, day: dt.date) -> str:
    """The unit that owned the account on that day."""
    unit = next(each["unit"] for each in plan["accounts"] if each["id"] == account)
    for change in plan["changes"]:
        if change["account"] == account and change["kind"] == "主办单位变更" and change["on"] <= day:
            unit = next(key for key, (name, _) in plan["units"].items() if name == change["to"])
    return unit


def quarter_scores(plan: dict, name: str) -> dict[str, tuple[Decimal, Decimal]]:
    """Unit → (low, high) of a quarter, printed."""
    quarter = Quarter(plan, name)
    if name == "2025Q4":
        for account in plan["accounts"]:  # the register of the fourth quarter shows who owned it at the end
            account["unit"] = owner(plan, account["id"], YEAR_END)
        quarter = Quarter(plan, name)
    found: dict[str, list[tuple[Decimal, Decimal]]] = {}
    for account in quarter.scored():
        low = high = quarter.score(account)
        if name == "2025Q4" and account["id"] in OPEN_POINTS and account["id"] not in quarter.vetoes:
            low -= OPEN_POINTS[account["id"]]
            high += 2 if account["id"] == OPEN_WEEK else 0
        found.setdefault(account["unit"], []).append((max(low, Decimal(0)), high))
    return {unit: tuple(cents(sum(map(Fraction, ends)) / len(ends)) for ends in zip(*scores, strict=True)) for unit, scores in found.items()}


def untrained(plan: dict, unit: str) -> int:
    """People of the unit who began without training or left without education, each once for each."""
    at = list(plan["units"]).index(unit)
    numeral = ("一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二", "十三", "十四")[at]
    planned = {(e["unit"], e["role"]): e["people"] for e in plan["staff"]}
    trained = {f"{s}{numeral}": [dt.date(2022, 12, 15)] for s in "孙李"}
    taught = set()
    for where, person, kind, day in plan["year"]["trainings"]:
        if where == unit and kind == "上岗培训":
            trained.setdefault(person, []).append(day)
        elif where == unit:
            taught.add(person)
    lost = 0
    for role, surname in zip(("主要负责人", "分管领导", "运维人员", "信息员"), "赵钱孙李", strict=True):
        for person, start, end in planned.get((unit, role), [[f"{surname}{numeral}", dt.date(2023, 1, 1), ""]]):
            if role not in POSTS:
                continue
            lost += not any(day <= max(start, dt.date(2025, 1, 1)) for day in trained.get(person, []))
            lost += bool(end) and end <= YEAR_END and person not in taught
    return lost


def management(plan: dict, unit: str) -> Fraction:
    """M1 to M5."""
    year = plan["year"]
    papers = 6 - 2 * sum(where == unit for where, kind in year["missing_docs"] if kind in PAPERS)
    people = max(4 - untrained(plan, unit), 0)
    late, done, total = dict(year["rectified_late"]), 0, 0
    for name in ("2025Q1", "2025Q2", "2025Q3", "2025Q4"):
        for event, _, subject, _, level, found, *_ in [r for e in plan["findings"] if e["quarter"] == name for r in e["rows"]]:
            place = owner(plan, subject, found) if subject not in plan["units"] else subject
            if level == "县" and place == unit:
                total += 1
                closed = late.get(event, found + dt.timedelta(days=8))
                done += bool(closed) and closed <= found + dt.timedelta(days=10)
    put_right = Fraction(str(cents(Fraction(5 * done, total)))) if total else Fraction(5)
    review = 0 if unit in year["missing_reviews"] else 2 if unit in year["late_reviews"] else 3
    fakes = 2 - sum(row[3] == unit and not row[-1] for row in year["counterfeits"])
    refused = {r[0] for e in plan["findings"] for r in e["rows"] if r[1] == "配合上级监测" and r[2] == unit and r[4] == "县"}
    return papers + people + put_right + review + max(fakes - len(refused), 0)


def upper(plan: dict, unit: str, with_late: bool) -> tuple[int, list[str], bool]:
    """Points lost by findings of 市 and above; documents of vetoes that zero the year; whether any veto was found above."""
    counted = {r[0] for e in plan["findings"] for r in e["rows"] if r[4] == "县"}
    found, documents, vetoed = set(), [], False
    for event, item, subject, _, level, day, *_ in [r for e in plan["findings"] for r in e["rows"]]:
        if level != "县" and item != "V1" and owner(plan, subject, day) == unit:
            found.add(event)
    rows = [r for e in plan["upper_inspections"] for r in e["rows"]] + (plan["year"]["late_findings"] if with_late else [])
    for number, level, day, document, account, is_veto, _, event, _ in rows:
        if owner(plan, account, day) != unit:
            continue
        vetoed |= is_veto
        if is_veto and level in ("国家", "省"):
            documents.append(document)
        elif not is_veto and event not in counted:
            found.add(event or number)
    return min(5 * len(found), 20), documents, vetoed


def year_table(with_late: bool) -> list[list[str]]:
    """One line for each unit: parts, low, high, score (empty while open), grade, document."""
    plan = tomllib.loads((HERE.parents[1] / "xmt_scoring" / "demo" / "county.toml").read_text(encoding="utf-8"))
    names = ("2025Q1", "2025Q2", "2025Q3", "2025Q4")
    vetoed = {account["unit"] for n in names for account in plan["accounts"] if account["id"] in Quarter(plan, n).vetoes}
    honours = {unit: Fraction(points) for unit, _, _, _, points in plan["year"]["honours"]}
    decided = {unit: end for unit, end, *_ in plan["year"]["closures"]}
    fixed = [
        (unit, management(plan, unit), *upper(plan, unit, with_late)) for unit in plan["units"]
    ]  # before quarter_scores moves the account of the changed owner
    scores = [quarter_scores(plan, name) for name in names]
    rows = []
    for unit, points, loss, documents, has_veto in fixed:
        own = [each[unit] for each in scores if unit in each]
        if not own:
            rows.append([unit, "", str(Decimal(points.numerator) / points.denominator), "", "", "", "", "", "", "", ""])
            continue
        ends, bonuses = [], []
        for place in (0, 1):
            if decided.get(unit) == "最低":
                place = 0
            base = Fraction(8, 10) * sum(Fraction(score[place]) for score in own) / len(own) + points - loss
            bonus = Fraction(0)
            if unit in honours and cents(base) > 80 and not has_veto and unit not in vetoed:
                bonus = min(honours[unit], Fraction(5))
            bonuses.append(bonus)
            ends.append(cents(max(min(base + bonus, Fraction(100)), Fraction(0))))
        is_open = unit not in decided and (ends[0] != ends[1] or unit in OPEN_VETO)
        before = ends[1] if ends[0] == ends[1] else None
        low, high = (Decimal("0.00"), Decimal("0.00")) if documents else ends
        score = "" if is_open and not documents else str(high)
        grades = ["优秀" if v >= 90 else "良好" if v >= 80 else "合格" if v >= 60 else "不合格" for v in (low, high)]
        rows.append(
            [
                unit, str(len(own)), str(Decimal(points.numerator) / points.denominator), str(loss), str(bonuses[1]),
                "" if before is None or (is_open and not documents) else str(before), str(low), str(high), score,
                grades[0] if grades[0] == grades[1] else "", "、".join(documents),
            ]
        )  # fmt: skip
    return [
        ["unit_id", "n_quarters", "management_points", "upper_loss", "bonus", "before_veto", "low", "high", "score", "grade", "veto_document_no"],
        *rows,
    ]


def tables() -> dict[str, list[list[str]]]:
    """The first result, and the one after the late notice."""
    return {"unit_years_2025_first.csv": year_table(False), "unit_years_2025.csv": year_table(True)}


if __name__ == "__main__":
    for file, lines in tables().items():
        with (HERE / file).open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream, lineterminator="\n").writerows(lines)
