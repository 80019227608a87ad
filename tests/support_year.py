"""A small year made by hand: registers and printed quarters in, everything else through the real facts, rules and scoring."""

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal

import pandas as pd

from xmt_scoring.checks.rules import load_rules
from xmt_scoring.checks.year import run_year_checks
from xmt_scoring.facts.year import build_year_facts
from xmt_scoring.facts.year_merge import merge_registers
from xmt_scoring.frames import conform, contracts, empty
from xmt_scoring.periods import Year
from xmt_scoring.points import SCALE, from_decimal
from xmt_scoring.scoring.annual import score_year
from xmt_scoring.scoring.rubric import load_rubric
from xmt_scoring.settings import Settings
from xmt_scoring.workspace import YearData

YEAR, AS_OF = Year(2026), dt.date(2027, 1, 31)
NAMES = [f"2026Q{number}" for number in (1, 2, 3, 4)]
POSTS = ("maintainer", "info_officer")
DOCS = ("security", "secrecy", "emergency")
EMPTY = {name: empty(name) for name in contracts()}
VETOES = [rule.id for rule in load_rules().values() if rule.is_veto]


def day(text):
    """A date, or missing."""
    return pd.Timestamp(text) if text else pd.NaT


@dataclass
class County:
    """Everything decided and clean: `quarters` are printed scores (None: no scored account; a pair: an interval).

    `vetoed`: (quarter, account) whose account has a veto. What is left out is as it should be.
    """

    quarters: dict
    accounts: dict = field(default_factory=dict)  # account → unit at the year's end; default one each, A-U1
    changes: list = field(default_factory=list)  # account, day, from, to
    inspections: list = field(default_factory=list)  # id, level, day, account or None, unit or None, is_veto, event or None
    findings: list = field(default_factory=list)  # event, item, account, level, day
    honours: list = field(default_factory=list)  # unit, points or None, day
    missing_docs: list = field(default_factory=list)  # unit, kind
    untrained: list = field(default_factory=list)  # unit, post
    rectified: dict = field(default_factory=dict)  # unit → (in time, late)
    reviews: dict = field(default_factory=dict)  # unit → day submitted, or None
    fakes: list = field(default_factory=list)  # unit, day reported or None
    vetoed: list = field(default_factory=list)
    open_vetoes: list = field(default_factory=list)
    counted: list = field(default_factory=list)  # quarter, unit, event
    closures: list = field(default_factory=list)  # unit or None, end, day
    checked: bool = True  # the notices and the cooperation of the year were looked through after its end
    absent: list = field(default_factory=list)  # quarters that were not run
    without: list = field(default_factory=list)  # registers without any row
    settings: dict = field(default_factory=dict)


def frame(name, rows, columns):
    """Rows of a register, with where they stand."""
    made = pd.DataFrame(rows, columns=columns, dtype=object)
    return conform(made.assign(src_file=f"{name}.xlsx", src_sheet=name, src_row=range(2, len(made) + 2)), name)


def registers(county):
    """The registers of the year."""
    units = sorted(county.quarters)
    accounts = county.accounts or {f"A-{unit}": unit for unit in units}
    rows = {
        "units": ([(unit, f"{unit}局") for unit in units], ["unit_id", "unit_name"]),
        "accounts": (
            [(each, f"{each}号", "weibo", unit, day("2024-01-02"), "running") for each, unit in accounts.items()],
            ["account_id", "account_name", "platform", "owner_id", "opened_on", "account_status"],
        ),
        "account_events": (
            [(f"E{n}", each, "owner_change", day(when), old, new) for n, (each, when, old, new) in enumerate(county.changes)],
            ["event_id", "account_id", "event_kind", "happened_on", "from_value", "to_value"],
        ),
        "upper_inspections": (
            [
                (number, level, day(when), f"〔2026〕{number}号", account, unit, is_veto, event, "某问题")
                for number, level, when, account, unit, is_veto, event in county.inspections
            ],
            ["inspection_id", "level", "inspected_on", "document_no", "account_id", "unit_id", "is_veto", "event_id", "description"],
        ),
        "findings": (
            [(event, item, account, level, day(when), "某问题") for event, item, account, level, when in county.findings],
            ["event_id", "check_item", "account_id", "found_by_level", "found_on", "description"],
        ),
        "honours": (
            [(unit, f"表彰{n}", f"表〔2026〕{n}号", day(when), None if points is None else Decimal(points)) for n, (unit, points, when) in enumerate(county.honours)],
            ["unit_id", "title", "document_no", "issued_on", "bonus_points"],
        ),
        "unit_docs": (
            [(unit, kind, kind, day("2023-03-01")) for unit in units for kind in DOCS if (unit, kind) not in county.missing_docs],
            ["unit_id", "doc_kind", "title", "issued_on"],
        ),
        "staff": ([(unit, post, f"张{post}", day("2024-02-01")) for unit in units for post in POSTS], ["unit_id", "staff_role", "person_name", "from_on"]),
        "trainings": (
            [(unit, f"张{post}", "before_duty", day("2024-01-02")) for unit in units for post in POSTS if (unit, post) not in county.untrained],
            ["unit_id", "person_name", "training_kind", "trained_on"],
        ),
        "rectifications": (
            [
                (f"Z-{unit}-{n}", unit, "art11_typo", "某问题", day("2026-05-10"), day("2026-05-20"), day("2026-05-20" if n < in_time else "2026-05-21"))
                for unit, (in_time, late) in county.rectified.items() for n in range(in_time + late)
            ],
            ["rectification_id", "unit_id", "check_item", "description", "found_on", "rectify_by", "resolved_on"],
        ),
        "self_reviews": (
            [(unit, "年度自查", day("2026-11-28"), day(county.reviews.get(unit, "2026-11-20"))) for unit in units],
            ["unit_id", "title", "due_on", "submitted_on"],
        ),
        "counterfeits": (
            [(f"K{n}", f"假{n}", "douyin", unit, day("2026-05-06"), day(when)) for n, (unit, when) in enumerate(county.fakes)],
            ["event_id", "counterfeit_name", "platform", "unit_id", "found_on", "reported_on"],
        ),
        "checks_done": (
            [("all", item, day("2027-01-05"), "某人") for item in ("art22_upper_veto", "art11_uncooperative_unit", "art20_unreported_counterfeit")] * county.checked,
            ["check_scope", "check_item", "checked_at", "checker"],
        ),
        "year_closures": (
            [(unit, end, "某批准人", day(when), "结〔2027〕1号", "某理由") for unit, end, when in county.closures],
            ["unit_id", "closing_end", "approver", "decided_on", "document_no", "reason"],
        ),
    }  # fmt: skip
    return {name: frame(name, *made) if made[0] and name not in county.without else EMPTY[name] for name, made in rows.items()}


def quarter(county, name):
    """The frames of one scored quarter."""
    place = NAMES.index(name)
    owners = county.accounts or {f"A-{unit}": unit for unit in county.quarters}
    scores = {unit: values[place] for unit, values in county.quarters.items()}
    ends = {unit: value if isinstance(value, tuple) else (value, value) for unit, value in scores.items()}
    score = {unit: None if value is None or isinstance(value, tuple) else Decimal(value) for unit, value in scores.items()}
    made = {each: EMPTY[each] for each in ("verdicts", "withdrawn_verdicts", "contributions", "superseded_losses")}
    made["unit_scores"] = conform(
        pd.DataFrame(
            [
                {
                    "unit_id": unit, "unit_name": f"{unit}局", "n_accounts_scored": int(low is not None),
                    "low": None if low is None else Decimal(low), "high": None if high is None else Decimal(high),
                    "score": score[unit], "is_provisional": low is not None and score[unit] is None,
                }
                for unit, (low, high) in ends.items()
            ]
        ), "unit_scores",
    )  # fmt: skip
    made["account_scores"] = conform(
        pd.DataFrame(
            [
                {
                    "account_id": account, "account_name": account, "unit_id": unit, "platform": "weibo", "is_scored": True, "is_provisional": False,
                    "is_vetoed": (name, account) in county.vetoed, "open_vetoes": "V1" if (name, account) in county.open_vetoes else None,
                }
                for account, unit in owners.items()
            ]
        ), "account_scores",
    )  # fmt: skip
    lost = [
        {
            "contribution_id": f"{name}|{unit}|{event}", "unit_id": unit, "account_id": f"A-{unit}", "item_id": "C1", "event_id": event, "kind": "loss",
            "low": Decimal(-1), "high": Decimal(-1), "points": Decimal(-1), "status": "decided", "message": "x",
        }
        for when, unit, event in county.counted if when == name
    ]  # fmt: skip
    if lost:
        made["contributions"] = conform(pd.DataFrame(lost), "contributions")
    return made


def assess(county, as_of=AS_OF):
    """The scored year, and the problems on the way."""
    scored, facts, _, _ = _all(county, as_of, Settings.default(**county.settings))
    return scored, facts["problems"]


def _all(county, as_of, settings):
    merged, differences = merge_registers([("2026", registers(county))])
    quarters = {name: quarter(county, name) for name in NAMES if name not in county.absent}
    made = build_year_facts(merged, differences, quarters, NAMES, VETOES, YEAR, as_of, settings)
    judged = run_year_checks(made.registers, made.facts, YEAR, as_of, settings)
    scored = score_year(judged.verdicts, judged.evidence, made.facts, merged, load_rubric("taibai_annual_2021"), settings, YEAR, as_of)
    return scored, {**made.facts, "problems": made.problems}, judged, merged


def units_of(county, as_of=AS_OF):
    """unit_years by unit."""
    return assess(county, as_of)[0].unit_years.set_index("unit_id")


def sums_hold(scored):
    """100 + the rows of every unit that takes part = both ends of its score, exactly."""
    rows, units = scored.year_contributions, scored.unit_years.set_index("unit_id")
    for end in ("low", "high"):
        sums = pd.Series(from_decimal(rows[end]), index=rows["unit_id"]).groupby(level=0).sum()
        for unit, total in sums.items():
            assert total + 100 * SCALE == int(units.loc[unit, end] * SCALE), (unit, end)
    return True


def year_data(county, as_of=AS_OF, version=1, changes=None):
    """The year as reports take it."""
    settings, rubric = Settings.default(**county.settings), load_rubric("taibai_annual_2021")
    scored, facts, judged, merged = _all(county, as_of, settings)
    frames = {
        **merged, **facts, "verdicts": judged.verdicts, "evidence": judged.evidence, "rules_run": judged.rules_run, **vars(scored),
        "year_changes": EMPTY["year_changes"] if changes is None else changes, "register_differences": EMPTY["register_differences"],
    }  # fmt: skip
    return YearData(YEAR, as_of, version, frames, settings, rubric.raw, {"package": "xmt-scoring 0", "version": version})
