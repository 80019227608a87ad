"""The year's assessment in order: quarters and registers → facts → rules → score → versions → deliverables."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from xmt_scoring import __version__
from xmt_scoring.changes import changed_files, changed_settings
from xmt_scoring.errors import Problem, XmtError
from xmt_scoring.facts.year_merge import merge_registers, year_registers
from xmt_scoring.frames import empty
from xmt_scoring.periods import Quarter, Year
from xmt_scoring.pipeline import Progress, Run, Step, render, rules_hash
from xmt_scoring.settings import Settings
from xmt_scoring.workspace import Workspace, YearData, sha256_of

if TYPE_CHECKING:
    from xmt_scoring.scoring.rubric import Rubric
    from xmt_scoring.scoring.selection import Chosen

OF_QUARTER = ["verdicts", "withdrawn_verdicts", "contributions", "superseded_losses", "account_scores", "unit_scores"]
RESULT = ["unit_years", "year_parts", "year_contributions", "year_vetoes"]  # what makes a version
FACTS = [
    "account_owners", "upper_findings", "year_quarters", "year_units", "policy_facts", "training_facts", "rectification_facts",
    "year_registers",
]  # fmt: skip
JUDGED = ["verdicts", "evidence", "rules_run"]
ALSO = ["year_changes", "register_differences", "year_closures", "honours", "units", "accounts", "files", "quarantine"]
ALL = [*RESULT, *FACTS, *JUDGED, *ALSO]


def default_as_of(ws: Workspace, year: Year) -> dt.date:
    """The last day of use when nobody names another: year end plus the office's grace days for a year."""
    return year.default_as_of(ws.settings["annual_grace_days"])


def _quiet(_: str) -> None:
    return None


@dataclass(frozen=True)
class YearInputs:
    """What a year is made of, read once: the scored quarters, the registers put together, and what its own folder held."""

    year: Year
    expected: tuple[str, ...]  # the names of the four quarters
    scored: Mapping[str, Mapping[str, pd.DataFrame]]
    registers: Mapping[str, pd.DataFrame]
    differences: pd.DataFrame
    own: Mapping[str, pd.DataFrame]  # files, quarantine


def score_annual(ws: Workspace, year: Year, as_of: dt.date, progress: Progress = _quiet) -> Step:
    """The scored quarters and the registers of a year → its frames in data/processed/<year>/, with a receipt.

    When the result differs from the one that stands there, the earlier one is kept under versions/ and compared. Raises
    XmtError with every message when the year cannot be scored; then nothing is saved.
    """
    progress("读取各季度的得分和登记表")
    inputs, problems = read_year(ws, year, progress)
    ws.prepare(year)
    chosen = scheme_of(ws, year)
    frames, more = assess(inputs, chosen.scheme, ws.settings, as_of, progress, problems)
    frames["register_differences"] = inputs.differences
    frames |= {name: inputs.registers[name] for name in ("year_closures", "honours", "units", "accounts")}
    frames |= inputs.own
    version, changes = _version(ws, year, frames)
    frames["year_changes"] = changes
    ws.save_frames(year, {name: frames[name] for name in ALL}, _origin(ws, year, as_of, version, inputs.scored, inputs.own["files"], chosen))
    return Step(frames, [*more, *chosen.notes])


def scheme_of(ws: Workspace, year: Year) -> Chosen[Rubric]:
    """The annual scheme in force on the year's last day: the workspace's adopted one, else the package's."""
    from xmt_scoring.checks.rules import load_rules
    from xmt_scoring.scoring.year_scheme import FOLDER, annual_scheme_in_force

    return annual_scheme_in_force(year.end, ws.root / FOLDER, list(load_rules()))


def read_year(ws: Workspace, year: Year, progress: Progress = _quiet) -> tuple[YearInputs, list[Problem]]:
    """The inputs of a year and the messages that do not stop it; XmtError with all where something does. Writes nothing."""
    from xmt_scoring.ingest import import_year_folder
    from xmt_scoring.ingest.grids import limits_of
    from xmt_scoring.scoring.item_words import check_items

    settings = ws.settings
    quarters = [settings.quarter(f"{year}Q{number}") for number in (1, 2, 3, 4)]
    told = dict.fromkeys(problem for quarter in quarters for problem in settings.window_problems(quarter))
    problems = [*told, *_absent(ws, quarters)]
    there = [quarter for quarter in quarters if ws.receipt(quarter)]
    problems += [problem for quarter in there for problem in (*changed_files(ws, quarter), *changed_settings(quarter, ws.receipt(quarter), settings))]
    scored = {str(quarter): _of_quarter(ws, quarter) for quarter in there}
    if not scored and not any(problem.is_fatal for problem in problems):
        problems.append(Problem(f"{year} 年度", "一个计过分的季度也没有", f"请先运行 xmt run {quarters[0]} 等季度"))
    _stop(problems)
    parts = list(scored.items())
    registers, differences = merge_registers(parts)
    own = {"files": empty("files"), "quarantine": empty("quarantine")}
    if ws.raw(year).is_dir():
        imported = import_year_folder(ws.raw(year), registers, check_items(), progress, limits_of(settings))
        problems += imported.problems
        _stop(problems)
        own = {name: imported.frames[name] for name in own}
        registers, differences = merge_registers([*parts, (str(year), imported.frames)])
    problems += _unread([*parts, (str(year), own)])
    return YearInputs(year, tuple(map(str, quarters)), scored, registers, differences, own), problems


def assess(
    inputs: YearInputs, scheme: Rubric, settings: Settings, as_of: dt.date, progress: Progress = _quiet, problems: Sequence[Problem] = ()
) -> tuple[dict[str, pd.DataFrame], list[Problem]]:
    """Inputs of a year → the frames of FACTS, JUDGED and RESULT, and `problems` with what came up; XmtError where one stops."""
    from xmt_scoring.checks.rules import load_rules
    from xmt_scoring.checks.year import run_year_checks
    from xmt_scoring.facts.year import build_year_facts
    from xmt_scoring.scoring.annual import score_year

    progress("认定主办单位、上级检查、制度、培训与整改")
    vetoes = [rule.id for rule in load_rules().values() if rule.is_veto]
    registers, year = inputs.registers, inputs.year
    made = build_year_facts(registers, inputs.differences, inputs.scored, inputs.expected, vetoes, year, as_of, settings)
    told = [*problems, *_late_decisions(registers["year_closures"], as_of), *made.problems]
    _stop(told)
    progress("逐条年度规则检查，计分与排名")
    judged = run_year_checks(made.registers, made.facts, year, as_of, settings)
    result = score_year(judged.verdicts, judged.evidence, made.facts, registers, scheme, settings, year, as_of)
    return {
        **made.facts, **{name: getattr(judged, name) for name in JUDGED}, **{name: getattr(result, name) for name in RESULT},
    }, told  # fmt: skip


def _stop(problems: Sequence[Problem]) -> None:
    if any(problem.is_fatal for problem in problems):
        raise XmtError(problems)


def _absent(ws: Workspace, quarters: Sequence[Quarter]) -> list[Problem]:
    """A quarter with files that has not been scored stops the year; one that is simply not there is left out and told."""
    problems = []
    for quarter in quarters:
        if ws.receipt(quarter):
            continue
        if ws.raw(quarter).is_dir() and any(ws.raw(quarter).rglob("*.*")):
            problems.append(Problem(f"data/raw/{quarter}", "有文件，但还没有计分", f"请先运行 xmt run {quarter}"))
        elif ws.settings["missing_quarter"] == "open":
            problems.append(Problem(f"{quarter}", "缺这个季度，年度得分待定（设置 missing_quarter = open）", f"请补做并运行 xmt run {quarter}", False))
        else:
            told = f"确实没有检查的可以不管；漏做的请放好文件运行 xmt run {quarter}"
            problems.append(Problem(f"{quarter}", f"没有检查结果（data/raw/{quarter} 不存在或是空的），不计入年度平均", told, False))
    return problems


def _of_quarter(ws: Workspace, quarter: Quarter) -> dict[str, pd.DataFrame]:
    """Scores and registers of a quarter; a register that an older version of the program did not know is empty."""
    saved = ws.receipt(quarter).get("frames", {})
    names = [name for name in year_registers() if name in saved]
    frames = ws.load_frames(quarter, [*OF_QUARTER, *names, "quarantine"], "check")
    return {**{name: empty(name) for name in year_registers()}, **frames}


def _unread(parts: Sequence[tuple[str, Mapping[str, pd.DataFrame]]]) -> list[Problem]:
    """Rows of registers that were set aside as unreadable: what they would prove is missing from the year."""
    from xmt_scoring.ingest.register_specs import sheets

    names = {sheet.name for sheet in sheets() if sheet.register in year_registers()}
    problems = []
    for part, frames in parts:
        rows = frames["quarantine"]
        rows = rows[rows["src_sheet"].isin(list(names)) & ~rows["reason"].str.startswith("重复").fillna(False).astype(bool)]
        for (file, sheet), some in rows.groupby(["src_file", "src_sheet"], sort=True):
            lines = "、".join(str(row) for row in some["src_row"].dropna().head(20))
            where = f"{part}/{file}「{sheet}」表第 {lines} 行"
            problems.append(Problem(where, f"没有读进来（{some['reason'].iloc[0]}），年度里不算", "请改正后重新运行该季度，再运行 xmt annual", False))
    return problems


def _late_decisions(closures: pd.DataFrame, as_of: dt.date) -> list[Problem]:
    late = closures.loc[closures["decided_on"] > pd.Timestamp(as_of), "decided_on"]
    return [
        Problem("年度结案", f"决定日期 {day:%Y-%m-%d} 在截止日 {as_of} 之后，没有采用", f"请用 --as-of {day:%Y-%m-%d} 运行", False)
        for day in late.drop_duplicates()
    ]


def _version(ws: Workspace, year: Year, frames: Mapping[str, pd.DataFrame]) -> tuple[int, pd.DataFrame]:
    """The number of this result and what it changes against the one before; the earlier result is kept first."""
    from xmt_scoring.scoring.year_changes import year_changes

    receipt = ws.receipt(year)
    if not receipt.get("frames"):
        return 1, empty("year_changes")
    number = int(receipt["version"])
    try:
        earlier = ws.load_frames(year, RESULT, "annual")
    except XmtError:  # a run that was interrupted while it replaced the files; its receipt is the earlier one
        return number, empty("year_changes")
    if all(_figures(earlier[name]).equals(_figures(frames[name])) for name in RESULT):
        if number == 1:
            return 1, empty("year_changes")
        earlier = ws.load_version(year, number - 1, RESULT)
    else:
        ws.keep_version(year, number)
        number += 1
    return number, year_changes(
        earlier["unit_years"], frames["unit_years"], earlier["year_contributions"], frames["year_contributions"], number - 1
    )


def _figures(frame: pd.DataFrame) -> pd.DataFrame:
    """A result without its sentences: another wording of the program is no other result."""
    return frame.drop(columns=["message", "item_name"], errors="ignore")


def _origin(
    ws: Workspace, year: Year, as_of: dt.date, version: int, scored: Mapping[str, Any], files: pd.DataFrame, chosen: Chosen[Rubric]
) -> dict[str, Any]:
    seen = files.drop_duplicates("file").sort_values("file")
    return {
        "package": f"xmt-scoring {__version__}",
        "rules_sha256": rules_hash(),
        "year": str(year),
        "as_of": as_of.isoformat(),
        "version": version,
        "settings": dict(ws.settings.values),
        "settings_sha256": sha256_of(ws.root / "xmt.toml"),
        "scheme": chosen.scheme.id,
        "scheme_source": chosen.source,
        "scheme_sha256": chosen.sha256,
        "quarters": {name: ws.receipt(Quarter.parse(name))["frames"]["unit_scores"] for name in scored},
        "raw": dict(zip(seen["file"], seen["sha256"], strict=True)),
    }


def open_year(ws: Workspace, year: Year) -> YearData:
    """A scored year for reports; XmtError when it has not been scored, or not with the scheme that stands there now."""
    receipt = ws.receipt(year)
    frames = ws.load_frames(year, ALL, "annual")
    chosen = scheme_of(ws, year)
    if receipt.get("scheme_sha256") != chosen.sha256:
        raise XmtError.of(f"{year} 年度", "计分以后年度评分细则改过", f"请重新运行 xmt annual {year}")
    scheme = chosen.scheme.raw
    return YearData(year, dt.date.fromisoformat(receipt["as_of"]), int(receipt["version"]), frames, ws.settings, scheme, receipt)


def report_year(ws: Workspace, year: Year, progress: Progress = _quiet, run: Run | None = None) -> list[Path]:
    """年度考核.xlsx and .html; returns the paths really written. `run`: as for `report_quarter`."""
    from xmt_scoring.reports.notebooks import notebook, run_notebook
    from xmt_scoring.reports.year_workbook import write_year_workbook

    data, folder = open_year(ws, year), ws.reports(year)
    progress("年度考核工作簿")
    book = ws.write_output(year, folder / f"年度考核_{year}.xlsx", lambda path: write_year_workbook(path, data))
    progress("年度考核报告")
    page = render(ws, year, notebook("30_annual_assessment"), folder / f"年度考核_{year}.html", {}, run or run_notebook)
    return [book, page]


def public_year(ws: Workspace, year: Year) -> Path:
    """The workbook for publication: 年度考核_公布版; returns the path really written."""
    from xmt_scoring.reports.year_public_book import write_public_year

    data = open_year(ws, year)
    return ws.write_output(year, ws.reports(year) / f"年度考核_公布版_{year}.xlsx", lambda path: write_public_year(path, data))


def run_year(
    ws: Workspace, year: Year, as_of: dt.date, progress: Progress = _quiet, run: Run | None = None
) -> tuple[Step, list[Path]]:
    """Everything: score the year, write its deliverables. Returns the step and the paths written."""
    step = score_annual(ws, year, as_of, progress)
    return step, report_year(ws, year, progress, run)
