"""The golden results of the demo county, worked out from its plan (demo/county.toml) in plain Python.

Imports nothing of xmt_scoring: rules, calendar and arithmetic are written here and in the files beside a second time,
from rulings and rules.md alone. `python -m golden.build_golden`, in the folder tests, writes the tables again; look at
every difference before keeping it.
"""

from __future__ import annotations

import csv
import tomllib
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

from golden.quarter import Quarter
from golden.rubric import BY_OFFICE, BY_UNIT, CHECKS, MORE

HERE = Path(__file__).parent
PLAN = HERE.parents[1] / "xmt_scoring" / "demo" / "county.toml"
DECIDED = ("2025Q1", "2025Q2", "2025Q3")  # 2025Q4 has open items


def cents(value: Decimal) -> Decimal:
    """Half-up to two places."""
    return value.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)


def resolved_in_time(plan: dict, quarter: Quarter) -> list:
    """The county's findings of the second quarter were all put right in time: their accounts pass, the others have none."""
    named = {row[2] for entry in plan["findings"] if entry["quarter"] == "2025Q2" for row in entry["rows"] if row[4] == "县"}
    passing = [a for a in quarter.accounts if named & {a["id"], a["unit"]}]
    return ["art21_unfixed_problem", len(passing), 0, len(quarter.accounts) - len(passing)]


def tables() -> dict[str, list[list]]:
    """Every golden table by its file name, heading first."""
    plan = tomllib.loads(PLAN.read_text(encoding="utf-8"))
    made = {}
    for name in DECIDED:
        quarter = Quarter(plan, name)
        accounts = [
            [a["id"], a["unit"], str(cents(quarter.score(a))), quarter.vetoes.get(a["id"], "")]
            for a in quarter.scored()
        ]
        made[f"account_scores_{name}.csv"] = [["account_id", "unit_id", "score", "veto_code"], *sorted(accounts)]
        means = {}
        for unit in quarter.units:
            values = [Decimal(score) for _, owner, score, _ in accounts if owner == unit]
            if values:
                means[unit] = (len(values), cents(sum(values, Decimal(0)) / len(values)))
        ranked = [
            [unit, n, str(mean), 1 + sum(other > mean for _, other in means.values())]
            for unit, (n, mean) in means.items()
        ]
        made[f"unit_scores_{name}.csv"] = [["unit_id", "n_accounts_scored", "score", "rank"], *ranked]
    rows = [[a["id"], item, event, str(points)] for a in quarter.scored() for item, event, points in quarter.losses(a)]
    made["losses_2025Q3.csv"] = [["account_id", "item_id", "event", "points"], *sorted(rows)]
    counts = []
    for item, check in {**CHECKS, **MORE}.items():
        subjects = quarter.units if item in BY_UNIT else [account["id"] for account in quarter.accounts]
        subjects = ["YL01"] if item in BY_OFFICE else subjects  # the supervising office is one unit
        failing = {subject for subject in subjects if quarter.events[item, subject]}
        n_fail = sum(len(quarter.events[item, subject]) for subject in subjects)
        n_na = sum((item, subject) in quarter.na for subject in subjects)
        counts.append([check, len(subjects) - len(failing) - n_na, n_fail, n_na])
    counts.append(resolved_in_time(plan, quarter))
    made["verdict_counts_2025Q3.csv"] = [["check_id", "n_pass", "n_fail", "n_not_applicable"], *sorted(counts)]
    return made


if __name__ == "__main__":
    for file, lines in tables().items():
        with (HERE / file).open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream, lineterminator="\n").writerows(lines)
