"""The steps in order: import → check → score → report. Each takes what the one before has saved."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from xmt_scoring import __version__
from xmt_scoring.changes import CHECK, IMPORT, SCORE, check_same_settings, settings_read
from xmt_scoring.errors import Problem, XmtError
from xmt_scoring.frames import contracts
from xmt_scoring.issued import changed_since_issued, keep_issued
from xmt_scoring.periods import Period, Quarter
from xmt_scoring.settings import Settings
from xmt_scoring.workspace import QuarterData, Workspace, sha256_of

if TYPE_CHECKING:
    from xmt_scoring.ingest.folder import Imported
    from xmt_scoring.scoring import Scheme
    from xmt_scoring.scoring.selection import Chosen

Progress = Callable[[str], None]
Run = Callable[..., Path]  # makes a page of a notebook

IMPORTED = [name for name, frame in contracts().items() if frame.source != "derived"] + ["files", "quarantine"]
FACTS = [
    "account_weeks", "empty_spans", "account_quarters", "check_times", "message_replies", "message_sources",
    "filing_facts", "change_facts", "staff_facts", "staff_terms", "platform_accounts", "clearance_facts",
    "opening_facts", "closing_facts", "owner_changes", "handovers",
    "original_months", "repost_facts", "earlier_checks", "earlier_problems",
]  # fmt: skip
JUDGED = ["verdicts", "evidence", "rules_run", "withdrawn_verdicts"]
HINTED = ["hints"]  # made in the check step; no verdict and no score reads it
SCORED = ["contributions", "superseded_losses", "account_scores", "unit_scores"]
PROPOSED = ["proposed_measures"]
CONTEXT = ["posts", "daily_counts", "coverage"]  # what the next quarter needs of this one
COMPARED = ["unit_scores", "account_scores", "verdicts"]  # what reports set beside the quarter's own results
OUTCOME = ["verdicts", "rules_run", "account_scores"]  # and what it looks back on where this one has been scored


@dataclass(frozen=True)
class Step:
    """What a step did: the quarter's frames so far, and the messages that did not stop it."""

    frames: dict[str, pd.DataFrame]
    problems: list[Problem]


def default_as_of(ws: Workspace, quarter: Quarter) -> dt.date:
    """The last day of use when nobody names another: period end plus the office's grace days (`rulings.md` §1)."""
    return quarter.default_as_of(ws.settings["grace_days"])


def scheme_of(ws: Workspace, quarter: Quarter) -> Chosen[Scheme]:
    """The scheme in force on the quarter's last day: the workspace's adopted one, else the package's."""
    from xmt_scoring.checks.rules import load_rules
    from xmt_scoring.scoring.selection import FOLDER, scheme_in_force

    return scheme_in_force(quarter.end, ws.root / FOLDER, load_rules())


def _quiet(_: str) -> None:
    return None


def read_quarter_folder(ws: Workspace, quarter: Quarter, progress: Progress = _quiet, cached: bool = True) -> Imported:
    """What lies in data/raw/<quarter>/, read and claimed; nothing is saved but the cache."""
    from xmt_scoring.ingest.quarter_folder import import_quarter_folder
    from xmt_scoring.scoring.item_words import check_items

    code = rules_hash() if cached else None
    return import_quarter_folder(ws, quarter, ws.settings, check_items(scheme_of(ws, quarter).scheme), progress, code)


def import_quarter(ws: Workspace, quarter: Quarter, as_of: dt.date, progress: Progress = _quiet, cached: bool = True) -> Step:
    """data/raw/<quarter>/ → register and export frames, `files`, `quarantine`, and `gaps`: what is still missing.

    `cached`: files that have not changed since the last run are not read again. Raises XmtError with every message when
    nothing can be scored from what lies there; then nothing is saved.
    """
    from xmt_scoring.facts import build_facts
    from xmt_scoring.facts.missing import dated_after, dated_elsewhere, missing_data
    from xmt_scoring.facts.ownership import told_before_the_year
    from xmt_scoring.facts.reconciliation import reconcile

    if not ws.raw(quarter).is_dir():
        raise XmtError.of(f"data/raw/{quarter}", "没有这个文件夹", "请新建它，把本季度的导出文件和登记表原样放进去")
    if as_of < quarter.start:
        raise XmtError.of(f"截止日 {as_of}", f"早于{quarter.label}的第一天（{quarter.start}）", "请改季度或 --as-of；还没有开始的季度，开始以后再运行")
    settings, chosen = ws.settings, scheme_of(ws, quarter)
    imported = read_quarter_folder(ws, quarter, progress, cached)
    if any(problem.is_fatal for problem in imported.problems):
        raise XmtError(imported.problems)
    frames = {name: imported.frames[name] for name in IMPORTED}
    facts = build_facts(frames, quarter, as_of, settings, previous_frames(ws, quarter))
    frames["gaps"] = missing_data(frames, facts, quarter, as_of)
    frames["reconciliation"] = reconcile(frames, facts)
    ws.start_receipt(quarter, _origin(ws, quarter, as_of, settings, frames["files"]))
    ws.save_frames(quarter, frames, {})
    told = told_before_the_year(frames["accounts"], frames["account_events"], frames["units"])
    told += [*dated_elsewhere(frames, quarter, as_of), *dated_after(frames, as_of)]
    if as_of < quarter.end:
        what = f"还没有过完（数据截止 {as_of}）：没有过完的周、没有到期的留言都待定"
        told.append(Problem(quarter.label, what, "季末以后重新导出整个季度的数据再运行", False))
    return Step(frames, [*imported.problems, *told, *chosen.notes, *settings.window_problems(quarter)])


def _origin(
    ws: Workspace, quarter: Quarter, as_of: dt.date, settings: Settings, imported_files: pd.DataFrame
) -> dict[str, Any]:
    seen = imported_files.drop_duplicates("file").sort_values("file")
    return {
        "package": f"xmt-scoring {__version__}",
        "rules_sha256": rules_hash(),
        "quarter": str(quarter),
        "period": [quarter.start.isoformat(), quarter.end.isoformat()],
        "as_of": as_of.isoformat(),
        "settings": settings.plain(),
        "settings_sha256": sha256_of(ws.root / "xmt.toml"),
        "raw": dict(zip(seen["file"], seen["sha256"], strict=True)),
    }


def rules_hash() -> str:
    """One hash over every rule, scheme and contract file of the package."""
    root = Path(__file__).parent
    found = sorted(path for path in root.rglob("*") if path.suffix in (".toml", ".py") and "__pycache__" not in path.parts)
    digest = hashlib.sha256()
    for path in found:
        digest.update(path.relative_to(root).as_posix().encode() + b"\0")
        digest.update(path.read_bytes().replace(b"\r\n", b"\n") + b"\0")
    return digest.hexdigest()


def check_quarter(ws: Workspace, quarter: Quarter, progress: Progress = _quiet) -> Step:
    """Saved frames → facts, verdicts and evidence, and the text hints with the lists that made them."""
    from xmt_scoring import hints
    from xmt_scoring.checks import run_checks
    from xmt_scoring.checks.appeals import unmatched, upheld
    from xmt_scoring.facts import build_facts

    settings, frames, receipt = ws.settings, ws.load_frames(quarter, IMPORTED, "import"), ws.receipt(quarter)
    as_of = dt.date.fromisoformat(receipt["as_of"])
    check_same_settings(quarter, receipt, settings, IMPORT)
    progress("汇总每周发布、留言答复与备案情况")
    facts = build_facts(frames, quarter, as_of, settings, previous_frames(ws, quarter))
    progress("逐条规则检查")
    judged = run_checks(frames, facts, quarter, as_of, settings)
    made = {**facts, **{name: getattr(judged, name) for name in JUDGED}}
    progress("文本提示")
    lists = hints.load_lists(ws.root / hints.FOLDER)
    made["hints"] = hints.find_hints(frames["posts"], lists, as_of)
    used = {**receipt.get("settings", {}), **settings_read(settings, CHECK)}
    ws.save_frames(quarter, made, {"word_lists": dict(lists.sources), "settings": used})
    told = unmatched(upheld(frames, quarter), judged.withdrawn_verdicts)
    return Step({**frames, **made}, told)


def previous_frames(ws: Workspace, quarter: Quarter) -> Mapping[str, pd.DataFrame] | None:
    """Posts, daily counts and coverage of the quarter before, when it has been imported in this workspace.

    Where it has been scored as well, also its verdicts, rules_run and account_scores.
    """
    before = ws.settings.quarter(str(quarter.previous))
    receipt = ws.receipt(before)
    if not receipt:
        return None
    is_scored = set(OUTCOME) <= set(receipt.get("frames", {}))
    return ws.load_frames(before, [*CONTEXT, *OUTCOME] if is_scored else CONTEXT, "import")


def score_quarter(ws: Workspace, quarter: Quarter, progress: Progress = _quiet) -> Step:
    """Saved verdicts → contributions, account and unit scores, and the measures that are proposed."""
    from xmt_scoring import scoring
    from xmt_scoring.scoring.measures import propose_measures

    progress("计分与排名")
    frames = ws.load_frames(quarter, ["verdicts", "account_quarters", "accounts", "units", "sanctions"], "check")
    chosen, settings, receipt = scheme_of(ws, quarter), ws.settings, ws.receipt(quarter)
    check_same_settings(quarter, receipt, settings, (*IMPORT, *CHECK))
    scored = scoring.score_quarter(
        frames["verdicts"], frames["account_quarters"], frames["accounts"], frames["units"],
        chosen.scheme, settings, quarter,
    )  # fmt: skip
    made = {name: getattr(scored, name) for name in SCORED}
    previous = previous_frames(ws, quarter)
    if previous is not None and "account_scores" not in previous:
        previous = None
    as_of = dt.date.fromisoformat(receipt["as_of"])
    made["proposed_measures"] = propose_measures(
        frames["verdicts"], made["account_scores"], frames["sanctions"], previous, quarter, as_of
    )
    used = {**receipt.get("settings", {}), **settings_read(settings, SCORE)}
    told = {"scheme": chosen.scheme.id, "scheme_source": chosen.source, "scheme_sha256": chosen.sha256, "settings": used}
    ws.save_frames(quarter, made, told)
    return Step({**frames, **made}, changed_since_issued(ws, quarter, made["unit_scores"]))


def open_quarter(ws: Workspace, quarter: Quarter) -> QuarterData:
    """A scored quarter for reports; XmtError when it has not been scored, or with another scheme or other settings than now."""
    from xmt_scoring.scoring.options import in_force

    receipt, chosen = ws.receipt(quarter), scheme_of(ws, quarter)
    checked = [name for name in ("quality",) if name in receipt.get("frames", {})]
    saved = [*IMPORTED, "gaps", "reconciliation", *FACTS, *JUDGED, *HINTED, *SCORED, *PROPOSED, *checked]
    frames = ws.load_frames(quarter, saved, "import")
    if receipt.get("scheme_sha256", chosen.sha256) != chosen.sha256:
        raise XmtError.of(
            f"{quarter} 的得分", f"是按 {receipt['scheme']} 计的，现在生效的细则是 {chosen.scheme.id}，或这份细则改过",
            f"请重新运行 xmt run {quarter}",
        )  # fmt: skip
    check_same_settings(quarter, receipt, ws.settings, (*IMPORT, *CHECK, *SCORE))
    scheme = in_force(chosen.scheme, ws.settings).raw
    previous = previous_scores(ws, quarter)
    then = in_force(scheme_of(ws, ws.settings.quarter(str(quarter.previous))).scheme, ws.settings).raw if previous else {}
    return QuarterData(quarter, dt.date.fromisoformat(receipt["as_of"]), frames, ws.settings, scheme, receipt, previous, then)


def previous_scores(ws: Workspace, quarter: Quarter) -> dict[str, pd.DataFrame]:
    """unit_scores, account_scores and verdicts of the quarter before, for comparison; empty where it has not been scored."""
    before = ws.settings.quarter(str(quarter.previous))
    is_scored = set(COMPARED) <= set(ws.receipt(before).get("frames", {}))
    return ws.load_frames(before, COMPARED, "score") if is_scored else {}


def report_quarter(ws: Workspace, quarter: Quarter, progress: Progress = _quiet, run: Run | None = None) -> list[Path]:
    """The score workbook, the data check and the quarterly report; returns the paths really written.

    `run`: what makes a page of a notebook (`run_notebook`, or of `one_kernel`); left out, the pages share a kernel of their own.
    """
    from xmt_scoring.quality import check_quality
    from xmt_scoring.reports.batch import one_kernel
    from xmt_scoring.reports.data_requests import write_questions, write_requests
    from xmt_scoring.reports.notebooks import notebook
    from xmt_scoring.reports.workbook import write_workbook

    if "quality" not in ws.receipt(quarter).get("frames", {}):
        progress("数据质量")
        ws.save_frames(quarter, {"quality": check_quality(ws.load_frames(quarter, IMPORTED, "import"))}, {})
    data, folder = open_quarter(ws, quarter), ws.reports(quarter)
    progress("考核评分表")
    written = [
        ws.write_output(quarter, folder / f"考核评分表_{quarter}.xlsx", lambda path: write_workbook(path, data))
    ]
    if len(data.frames["gaps"]) or len(data.frames["reconciliation"]):
        progress("补充数据清单")
        written.append(ws.write_output(quarter, folder / f"补充数据清单_{quarter}.xlsx", lambda path: write_requests(path, data)))
    if (data.frames["reconciliation"]["recon_kind"] == "near_match").any():
        written.append(ws.write_output(quarter, folder / f"账号对照_待回答_{quarter}.xlsx", lambda path: write_questions(path, data)))
    with one_kernel(ws.root) if run is None else nullcontext(run) as make:
        for source, name in (("20_quarterly_report", "季度报告"), ("10_data_check", "数据体检")):
            progress(name)
            written.append(render(ws, quarter, notebook(source), folder / f"{name}_{quarter}.html", {}, make))
    return written


def public_quarter(ws: Workspace, quarter: Quarter) -> Path:
    """The workbook for publication: 考核结果_公布版; returns the path really written."""
    from xmt_scoring.reports.public_book import write_public

    data = open_quarter(ws, quarter)
    written = ws.write_output(quarter, ws.reports(quarter) / f"考核结果_公布版_{quarter}.xlsx", lambda path: write_public(path, data))
    keep_issued(ws, quarter, written.name)
    return written


def render(
    ws: Workspace, period: Period, source: Path, target: Path, more: Mapping[str, Any], run: Run
) -> Path:
    """Run a notebook on a quarter or a year of a workspace and put the HTML in place."""
    parameters = {"quarter" if isinstance(period, Quarter) else "year": str(period), "workspace": ".", **more}

    def write(path: Path) -> None:
        run(source, path, parameters, ws.root)

    return ws.write_output(period, target, write)


def judge_quarter(ws: Workspace, quarter: Quarter, as_of: dt.date, progress: Progress = _quiet, cached: bool = True) -> Step:
    """Import (`cached`: as there), check and score. All frames, and the messages of the import."""
    if ws.raw(quarter).is_dir():
        ws.prepare(quarter)
    imported = import_quarter(ws, quarter, as_of, progress, cached)
    checked, scored = check_quarter(ws, quarter, progress), score_quarter(ws, quarter, progress)
    return Step({**imported.frames, **scored.frames}, [*imported.problems, *checked.problems, *scored.problems])


def run_quarter(
    ws: Workspace, quarter: Quarter, as_of: dt.date, progress: Progress = _quiet, cached: bool = True
) -> tuple[Step, list[Path]]:
    """Everything: `judge_quarter`, then the reports. Returns its step and the paths written."""
    return judge_quarter(ws, quarter, as_of, progress, cached), report_quarter(ws, quarter, progress)
