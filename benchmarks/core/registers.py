"""The office's registers for the peers' accounts, invented: what `check` and `score` read beside the exports.

One accounts register, filings of 98 in 100 accounts (one form in fifty has a gap), changes, people in office, a clearance
for 97 in 100 posts of nine in ten accounts, findings on one account in twenty, 已核查 rows that decide the other manual
items, a few upper inspections. Everything follows from the seed.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from ten_items import TEXT, text

from xmt_scoring.checks.rules import GENERAL_SEVERITIES, load_rules
from xmt_scoring.frames import fitted, to_arrow
from xmt_scoring.glossary import choices
from xmt_scoring.model import Platform

START, END = np.datetime64("2026-07-01", "D"), np.datetime64("2026-09-30", "D")
MANUAL = [rule for rule in load_rules().values() if rule.kind == "manual"]


def numbered(prefix: str, n: int) -> pd.Series:
    """prefix0, prefix1 … as text."""
    return text(pc.binary_join_element_wise(pa.scalar(prefix, TEXT), pc.cast(pa.array(np.arange(n)), TEXT), pa.scalar("", TEXT)))


def source(n: int, file: str) -> dict[str, pd.Series]:
    """The place that every register row keeps."""
    return {"src_file": same(file, n), "src_sheet": same("Sheet1", n), "src_row": pd.Series(np.arange(2, n + 2), dtype="Int64")}


def same(word: str, n: int) -> pd.Series:
    """One word n times."""
    return text(pa.repeat(pa.scalar(word, TEXT), n))


def moment(days: np.ndarray) -> np.ndarray:
    """Day numbers as moments."""
    return days.astype("M8[us]")


def accounts_of(raw: pd.DataFrame) -> pd.DataFrame:
    """The accounts register; the accounts of a unit lie on different platforms, as 第五条 asks, as far as they go."""
    nth = raw.groupby("unit_id").cumcount().to_numpy() % len(Platform)
    return pd.DataFrame(
        {
            "account_id": raw["account_id"], "account_name": raw["account_id"] + "号",
            "platform": np.array(list(map(str, Platform)))[nth], "owner_id": raw["unit_id"], "account_kind": "publishing",
            "account_subtype": "subscription", "is_main": False, "opened_on": raw["opened_on"],
            "account_status": np.where(raw["closed_on"].isna(), "running", "deregistered"), "closed_on": raw["closed_on"],
            **source(len(raw), "账号备案台账.xlsx"),
        }
    )  # fmt: skip


def coverage_of(raw: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """The span of every list of posts; message lists that state the whole quarter for 95 in 100 accounts; clearances."""
    first, last = pd.Timestamp(START), pd.Timestamp(END)
    posts = raw[["account_id", "covered_from", "covered_to"]].set_axis(["account_id", "covers_from", "covers_to"], axis=1)
    parts = [posts.assign(covers="posts", coverage_basis="stated")]
    for kind, share in (("messages", 0.95), ("clearances", 0.9)):
        chosen = raw.loc[rng.random(len(raw)) < share, ["account_id"]]
        parts.append(chosen.assign(covers_from=first, covers_to=last, covers=kind, coverage_basis="manifest"))
    rows = pd.concat(parts, ignore_index=True)
    return rows.assign(proves_absence=True, **source(len(rows), "导出文件清单.xlsx"))


def filings_of(raw: pd.DataFrame, events: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Opening forms, and a new form within ten days for four in five changes."""
    opened = raw[rng.random(len(raw)) < 0.98]
    changed = events[rng.random(len(events)) < 0.8]
    forms = pd.concat(
        [
            opened[["account_id"]].assign(filing_kind="opening", filed_on=opened["opened_on"] + pd.Timedelta(days=3)),
            changed[["account_id", "event_id"]].assign(
                filing_kind="change", filed_on=changed["happened_on"] + pd.to_timedelta(rng.integers(0, 10, len(changed)), unit="D")
            ),
        ],
        ignore_index=True,
    )  # fmt: skip
    n = len(forms)
    named = {name: same("某人", n) for name in ("leader_in_charge", "filed_owner", "filed_platform")}
    return forms.assign(
        filing_id=numbered("F", n), filed_name=forms["account_id"], **named,
        maintainer=same("某人", n).where(pd.Series(rng.random(n) >= 0.02)), is_signed=True, is_sealed=True,
        **source(n, "备案表.xlsx"),
    )  # fmt: skip


def events_of(raw: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """A change of name in the quarter for one account in fifty."""
    changed = raw.loc[rng.random(len(raw)) < 0.02, ["account_id"]].reset_index(drop=True)
    n = len(changed)
    return changed.assign(
        event_id=numbered("E", n), event_kind="rename", happened_on=moment(START + rng.integers(0, 80, n)), **source(n, "账号变更.xlsx")
    )


def staff_of(units: pd.Series, rng: np.random.Generator) -> pd.DataFrame:
    """One person for every role of a unit; two in a hundred posts are vacant."""
    roles = list(choices("staff_role"))
    rows = pd.DataFrame({"unit_id": units.repeat(len(roles)).to_numpy(), "staff_role": roles * len(units)})
    rows = rows[rng.random(len(rows)) >= 0.02].reset_index(drop=True)
    return rows.assign(person_name=numbered("某", len(rows)), **source(len(rows), "人员.xlsx"))


def clearances_of(posts: pd.DataFrame, ids: pd.Series, kept: np.ndarray, rng: np.random.Generator) -> pd.DataFrame:
    """A review a few hours before the post, too late for one in a hundred, incomplete for one in two hundred."""
    day = posts["published_at"].to_numpy().astype("M8[D]")
    at = np.flatnonzero((day >= START) & (day <= END) & posts["account_id"].isin(ids[kept]).to_numpy() & (rng.random(len(posts)) < 0.97))
    n = len(at)
    posted = posts["published_at"].to_numpy()[at]
    hours = np.where(rng.random(n) < 0.01, -rng.integers(1, 48, n), rng.integers(1, 48, n))
    return pd.DataFrame(
        {
            "account_id": posts["account_id"].array.take(at), "native_id": posts["native_id"].array.take(at), "posted_at": posted,
            "cleared_at": posted - hours.astype("m8[h]"), "clearer": same("某人", n), "is_complete": rng.random(n) >= 0.005,
            **source(n, "审核记录.xlsx"),
        }
    )  # fmt: skip


def findings_of(raw: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """One to three findings on one account in twenty, over all manual items."""
    at = np.repeat(np.arange(len(raw)), np.where(rng.random(len(raw)) < 0.05, rng.integers(1, 4, len(raw)), 0))
    n = len(at)
    rule = rng.integers(0, len(MANUAL), n)
    case = np.array([(each.severities if each.severities is not None else GENERAL_SEVERITIES) or (None,) for each in MANUAL], dtype=object)
    kinds = np.array([(each.forbidden_kinds or (None,))[0] for each in MANUAL], dtype=object)
    return pd.DataFrame(
        {
            "event_id": numbered("人工", n), "check_item": np.array([each.id for each in MANUAL])[rule],
            "account_id": raw["account_id"].array.take(at), "unit_id": raw["unit_id"].array.take(at),
            "severity": pd.Series([cases[0] for cases in case[rule]], dtype="str"), "forbidden_kind": pd.Series(kinds[rule], dtype="str"),
            "found_on": moment(START + rng.integers(0, 90, n)), "found_by_level": np.where(rng.random(n) < 0.9, "county", "city"),
            "description": same("核查时发现的问题", n), "confirmer_1": "甲", "confirmer_2": "乙", **source(n, "人工核查.xlsx"),
        }
    )  # fmt: skip


def checks_of(checks: pd.DataFrame) -> pd.DataFrame:
    """The check moments of the peers' data, and one 已核查 row for every manual item."""
    rows = checks.rename(columns={"check_at": "checked_at"}).assign(check_scope="account")
    done = pd.DataFrame({"check_scope": "all", "check_item": [rule.id for rule in MANUAL], "checked_at": moment(np.full(len(MANUAL), END))})
    rows = pd.concat([rows, done], ignore_index=True)
    return rows.assign(checker="某人", **source(len(rows), "人工检查时点.xlsx"))


def generate(folder: Path) -> None:
    """Register frames beside the peers' tables, as Parquet; also the ids of posts, which the peers do not need."""
    rng = np.random.default_rng(11)
    raw = pd.read_parquet(folder / "accounts.parquet")
    posts = pd.read_parquet(folder / "posts.parquet", columns=["account_id", "published_at"])
    posts["native_id"] = numbered("n", len(posts))
    units = raw["unit_id"].drop_duplicates().reset_index(drop=True)
    coverage = coverage_of(raw, rng)
    keepers = raw["account_id"].isin(coverage.loc[coverage["covers"] == "clearances", "account_id"]).to_numpy()
    events = events_of(raw, rng)
    one = raw.iloc[:1]
    made = {
        "units": pd.DataFrame({"unit_id": units, "unit_name": units + "局", **source(len(units), "单位.xlsx")}),
        "accounts": accounts_of(raw), "coverage": coverage, "account_events": events, "filings": filings_of(raw, events, rng),
        "staff": staff_of(units, rng), "clearances": clearances_of(posts, raw["account_id"], keepers, rng),
        "findings": findings_of(raw, rng), "checks_done": checks_of(pd.read_parquet(folder / "checks.parquet")),
        "upper_inspections": pd.DataFrame(
            {
                "inspection_id": ["S1"], "level": ["city"], "inspected_on": [pd.Timestamp("2026-08-20")], "document_no": ["市检〔2026〕1号"],
                "account_id": one["account_id"].tolist(), "unit_id": one["unit_id"].tolist(), "is_veto": [True],
                "description": ["上级通报"], **source(1, "上级检查.xlsx"),
            }
        ),
    }  # fmt: skip
    (folder / "registers").mkdir(exist_ok=True)
    for name, frame in made.items():
        pq.write_table(to_arrow(fitted(frame, name), name), folder / "registers" / f"{name}.parquet")
