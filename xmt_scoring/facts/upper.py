"""What 市, 省 and 国家 found in a year, each finding with the unit that owned the account on that day (第二十二条)."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import numpy as np
import pandas as pd

from xmt_scoring.errors import Problem, place
from xmt_scoring.facts.ownership import owner_on
from xmt_scoring.frames import conform
from xmt_scoring.glossary import heading, word
from xmt_scoring.model import Level, Severity
from xmt_scoring.periods import Year
from xmt_scoring.settings import Settings

SOURCE = ["src_file", "src_sheet", "src_row"]
ZEROING = (Level.PROVINCE, Level.NATIONAL)  # 第二十二条第2款: 国家、省
_FOUND = ["finding_id", "event_id", "unit_id", "account_id", "level", "inspected_on", "document_no", "is_veto", "description", *SOURCE]


def upper_findings(
    registers: Mapping[str, pd.DataFrame],
    owners: pd.DataFrame,
    counted: pd.DataFrame,
    veto_checks: Collection[str],
    year: Year,
    as_of: pd.Timestamp,
) -> tuple[pd.DataFrame, list[Problem]]:
    """Frame `upper_findings`: the inspections of the year and the findings of 市/省/国家, one row per event and unit.

    `counted`: event_id, unit_id, quarter of what the quarters have counted: such an event is named, not counted again
    (`rulings.md` §4). The date of the check decides the year (readings 12). A veto recorded only as a finding of
    省 or 国家, without its inspection, is a fatal problem: nothing says by which document the year is zero.
    """
    inspections = registers["upper_inspections"]
    first, last = pd.Timestamp(year.start), min(pd.Timestamp(year.end), as_of)
    is_ours = inspections["inspected_on"].between(first, last)
    problems = [
        Problem(where, f"检查日期 {day:%Y-%m-%d} 不在 {first:%Y-%m-%d} 至 {last:%Y-%m-%d}，本年度没有采用", "日期写错的请改正；其他年度的不用管", False)
        for where, day in zip(_places(inspections[~is_ours], "inspected_on"), inspections.loc[~is_ours, "inspected_on"], strict=True)
    ]
    inspections = inspections[is_ours]
    problems += [
        Problem(where, "检查层级写着“县”；县级检查不是上级检查，不计入年度扣分", "县级发现的问题请登记在“人工核查.xlsx”", False)
        for where in _places(inspections[inspections["level"] == Level.COUNTY], "level")
    ]
    inspections = inspections[inspections["level"] != Level.COUNTY]
    official = inspections.assign(
        finding_id=inspections["inspection_id"], event_id=inspections["event_id"].fillna(inspections["inspection_id"])
    )[_FOUND]
    found, more = _from_findings(registers["findings"], official, veto_checks, year, as_of)
    every = pd.concat([part for part in (official, found) if len(part)] or [official], ignore_index=True)
    owner = owner_on(owners, every["account_id"], every["inspected_on"])
    stated = every["unit_id"]
    differs = (owner.notna() & stated.notna() & (owner != stated)).to_numpy(dtype=bool)
    problems += more + [
        Problem(where, f"写的单位和检查当日的主办单位（{unit}）不同，记到当日的主办单位", "请核对账号变更记录和这一行的单位", False)
        for where, unit in zip(_places(every[differs], "unit_id"), owner[differs], strict=True)
    ]
    changed = owners.loc[owners["event_id"].notna(), "account_id"]
    basis = np.select([owner.isna(), every["account_id"].isin(changed)], ["stated", "history"], "register")
    every = every.assign(unit_id=owner.fillna(stated), owner_basis=basis)
    nobody = every["unit_id"].isna()
    problems += [
        Problem(where, "不知道检查当日这个账号属于哪个单位", "请补登主办单位变更（变更前、变更后、日期），或填写当日的单位")
        for where in _places(every[nobody], "account_id")
    ]
    once = every[~nobody].sort_values(["is_veto", "inspected_on", "finding_id"], ascending=[False, True, True], kind="stable")
    once = once.drop_duplicates(["finding_id", "unit_id"])
    is_repeat = once.duplicated(["event_id", "unit_id"])
    once = once[~is_repeat | once["is_veto"]].reset_index(drop=True)
    where = counted.drop_duplicates(["event_id", "unit_id"])
    quarter = once[["event_id", "unit_id"]].merge(where, how="left", on=["event_id", "unit_id"], validate="many_to_one")
    once = once.assign(counted_quarter=quarter["quarter"].where(~once["is_veto"].astype(bool)).astype("str"))
    return conform(once.sort_values(["unit_id", "inspected_on", "finding_id"]), "upper_findings"), problems


def _from_findings(
    findings: pd.DataFrame, official: pd.DataFrame, veto_checks: Collection[str], year: Year, as_of: pd.Timestamp
) -> tuple[pd.DataFrame, list[Problem]]:
    """Findings of a higher level in 人工核查: point items as they are; a veto must stand in 上级检查 too."""
    rows = findings[findings["found_by_level"] != Level.COUNTY]
    rows = rows[rows["found_on"].between(pd.Timestamp(year.start), min(pd.Timestamp(year.end), as_of))]
    is_veto = rows["check_item"].isin(list(veto_checks)) | (rows["severity"] == Severity.GRAVE_MISSTATEMENT).fillna(False)
    recorded = official.loc[official["is_veto"].astype(bool), "event_id"]
    lonely = rows[is_veto & rows["found_by_level"].isin([str(level) for level in ZEROING]) & ~rows["event_id"].isin(recorded)]
    todo = "请在“上级检查.xlsx”登记这次检查：层级、日期、文号、是否单项否决、事件编号"
    problems = [
        Problem(where, f"登记为{word('level', level)}级发现的单项否决，“上级检查”里却没有这一事件（{event}）", todo)
        for where, level, event in zip(_places(lonely, "found_by_level"), lonely["found_by_level"], lonely["event_id"], strict=True)
    ]
    points = rows[~is_veto]
    made = points.assign(
        finding_id="F|" + points["event_id"] + "|" + points["check_item"] + "|" + points["account_id"].fillna(""),
        level=points["found_by_level"],
        inspected_on=points["found_on"],
        document_no=pd.Series(pd.NA, index=points.index, dtype="str"),
        is_veto=False,
    )
    return made[_FOUND], problems


def counted_events(quarters: Mapping[str, Mapping[str, pd.DataFrame]]) -> pd.DataFrame:
    """event_id, unit_id, quarter of every event that a quarter has counted: as a loss, as a repetition of one, or under
    a veto that took everything. What cost nothing there (not sampled, an account that is not scored) is not counted."""
    found = []
    for quarter, frames in quarters.items():
        lost, repeated = frames["contributions"], frames["superseded_losses"]
        units = frames["account_scores"].set_index("account_id")["unit_id"]
        vetoed = frames["account_scores"].loc[frames["account_scores"]["is_vetoed"].astype(bool), "account_id"]
        failed = frames["verdicts"]
        failed = failed[(failed["outcome"] == "fail") & failed["account_id"].isin(vetoed)]
        part = pd.concat(
            [
                lost.loc[lost["kind"].isin(["loss", "carried", "veto"]), ["event_id", "unit_id"]],
                repeated[["event_id"]].assign(unit_id=repeated["account_id"].map(units)),
                failed[["event_id", "unit_id"]],
            ],
            ignore_index=True,
        )
        found.append(part.dropna().drop_duplicates().assign(quarter=quarter))
    return pd.concat(found, ignore_index=True) if found else pd.DataFrame(columns=["event_id", "unit_id", "quarter"], dtype="str")


def vetoes_left_out(upper: pd.DataFrame, quarters: Mapping[str, Mapping[str, pd.DataFrame]], settings: Settings) -> list[Problem]:
    """Vetoes of accounts that the scored quarter of their day did not count: their notice came after it was scored, or they
    stand in the folder of another quarter. One withdrawn after an appeal was counted.

    A veto counts in its quarter whoever found it (`rulings.md` §4): the printed score that the year starts from is too high.
    Below 省 nothing else makes good for it, so the year waits for the quarter; from 省 up the year is zero anyway.
    """
    found = []
    for name, frames in quarters.items():
        span, scores = settings.quarter(name), frames["account_scores"]
        passed = scores.loc[~scores["is_vetoed"].astype(bool), "account_id"]
        known = upper["is_veto"] & upper["account_id"].isin(passed) & ~upper["event_id"].isin(frames["withdrawn_verdicts"]["event_id"])
        rows = upper[known & upper["inspected_on"].between(pd.Timestamp(span.start), pd.Timestamp(span.end))]
        for where, level in zip(_places(rows, "inspected_on"), rows["level"], strict=True):
            todo = f"请把这一行登记到 data/raw/{name} 的“上级检查.xlsx”，运行 xmt run {name}，再运行 xmt annual"
            found.append(Problem(where, f"{span.label}计分时没有这项单项否决，该账号当季没有因此不合格", todo, level not in ZEROING))
    return found


def _places(rows: pd.DataFrame, column: str) -> list[str]:
    sheets = rows["src_sheet"]
    return [
        place(file, sheet if isinstance(sheet, str) else None, int(line), heading(column))
        for file, sheet, line in zip(rows["src_file"], sheets, rows["src_row"], strict=True)
    ]
