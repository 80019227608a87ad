"""All notices of a quarter: who gets what, their numbers, and the files."""

from __future__ import annotations

import datetime as dt
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd

from xmt_scoring.errors import Problem
from xmt_scoring.reports.explain import find_unit
from xmt_scoring.reports.file_names import unit_stems
from xmt_scoring.reports.notices.fields import (
    DRAFTS,
    NOTICE,
    REMINDER,
    TALK,
    WARNING,
    Notice,
    account_names,
    common,
    deadline,
    measure_fields,
    notice_fields,
    reminder_lines,
)
from xmt_scoring.reports.notices.measures import confirmed
from xmt_scoring.reports.notices.near_misses import near_misses
from xmt_scoring.reports.notices.numbers import numbered
from xmt_scoring.reports.notices.papers import filled, write_merged, write_one
from xmt_scoring.reports.notices.sheets import ledger_names, write_ledger, write_register
from xmt_scoring.reports.problems import problems_of_units
from xmt_scoring.workspace import QuarterData, Workspace

FOLDER, ANSWERS = "整改通知", "回执"
REGISTER = "通知登记.xlsx"
_OF_MEASURE = {"regulatory_talk": TALK, "formal_warning": WARNING}
_ORDER = (NOTICE, REMINDER, TALK, WARNING)


def make_notices(ws: Workspace, data: QuarterData, issued_on: dt.date, unit: str = "") -> tuple[list[Path], list[Problem]]:
    """Write 整改通知书, 提醒函 and drafts of measures, each unit's 整改台账, one file for printing and 通知登记.

    `unit`: only the papers of the unit with that name or id; numbers are those of the whole county's run all the same.
    Returns the paths and what to mind. XmtError when a template is wrong, the unit unknown, or the calendar does not reach the
    deadline.
    """
    only = find_unit(data, unit)[0] if unit else ""
    notices, notes = plan(ws, data, issued_on)
    told = [(notice, filled(ws.root, notice)) for notice in notices]
    names, folder = account_names(data), ws.reports(data.period) / FOLDER
    called, paths = ledger_names(data), []
    for notice, text in told:
        if not only or notice.unit_id == only:
            paths.append(ws.write_output(data.period, folder / notice.file, partial(write_one, data=data, notice=notice, text=text, names=names)))
            if not notice.problems["is_overdue"].all():
                target = folder / ANSWERS / f"整改台账_{notice.stem}.xlsx"
                paths.append(ws.write_output(data.period, target, partial(write_ledger, data=data, notice=notice, called=called)))
    if only and not paths:
        notes.append(Problem(unit, f"{data.period.label}没有要发给它的通知", "没有查出问题，也没有接近限度的情况", False))
    if told and not only:
        final = [(notice, text) for notice, text in told if notice.kind not in DRAFTS]
        if final:
            target = folder / f"合并打印_{data.period}.docx"
            paths.append(ws.write_output(data.period, target, lambda path: write_merged(path, data, final, names, issued_on)))
    if told:
        paths.append(ws.write_output(data.period, folder / REGISTER, lambda path: write_register(path, data, told)))
    elif not only:
        notes.append(Problem(f"{data.period}", "没有要整改的问题，也没有接近限度的情况", "没有要发的通知", False))
    if not only:
        notes += _left_over(folder, paths)
    return paths, notes


def plan(ws: Workspace, data: QuarterData, issued_on: dt.date) -> tuple[list[Notice], list[Problem]]:
    """Who gets which notice: 整改通知书 for units with problems (their near misses are told in it), 提醒函 for those with near
    misses only, drafts for measures that are proposed and confirmed; in the order of kinds and units, numbered."""
    rows, reminders = problems_of_units(data), near_misses(data)
    measures, notes = confirmed(data)
    names = dict(zip(data.frames["units"]["unit_id"], data.frames["units"]["unit_name"], strict=True))
    wanted: list[tuple[str, str]] = []
    for unit_id in names:
        if (rows["unit_id"] == unit_id).any():
            wanted.append((NOTICE, unit_id))
        elif (reminders["unit_id"] == unit_id).any():
            wanted.append((REMINDER, unit_id))
        wanted += [(_OF_MEASURE[each], unit_id) for each in measures.loc[measures["unit_id"] == unit_id, "measure"].unique()]
    wanted.sort(key=lambda entry: _ORDER.index(entry[0]))
    dates = {(kind, unit_id): _day(kind, unit_id, measures, issued_on) for kind, unit_id in wanted}
    numbers = numbered(ws, data.period, [(kind, unit_id, dates[kind, unit_id].year) for kind, unit_id in wanted], names)
    stems, called, made = unit_stems(data.frames["units"]), account_names(data), []
    for kind, unit_id in wanted:
        day = dates[kind, unit_id]
        fields = common(data, unit_id, names[unit_id], day, numbers[kind, unit_id])
        own, near = rows[rows["unit_id"] == unit_id], reminders[reminders["unit_id"] == unit_id]
        limit = None if kind == REMINDER else deadline(data, day)
        if kind == NOTICE and limit is not None:
            fields |= notice_fields(data, own, near, limit)
        elif kind == REMINDER:
            fields |= {"提醒": reminder_lines(near, called)}
        else:
            fields |= measure_fields(data, _of(kind, unit_id, measures), day)
        shown = own.reset_index(drop=True) if kind == NOTICE else own.head(0)
        made.append(Notice(kind, unit_id, names[unit_id], stems[unit_id], numbers[kind, unit_id], day, limit, fields, shown))
    return made, notes


def _of(kind: str, unit_id: str, measures: pd.DataFrame) -> pd.DataFrame:
    return measures[(measures["unit_id"] == unit_id) & (measures["measure"].map(_OF_MEASURE) == kind)]


def _day(kind: str, unit_id: str, measures: pd.DataFrame, issued_on: dt.date) -> dt.date:
    """A measure bears the day of the decision, everything else that of the notices."""
    if kind not in DRAFTS:
        return issued_on
    last: Any = _of(kind, unit_id, measures)["issued_on"].max()
    return pd.Timestamp(last).date()


def _left_over(folder: Path, paths: list[Path]) -> list[Problem]:
    """Files of an earlier run that this one did not write: notices that no longer hold, or copies beside changed ones."""
    others = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.*") if path.is_file() and path not in paths) if folder.exists() else []
    if not others:
        return []
    what = f"还有这次没有写出的文件：{'、'.join(others)}"
    return [Problem(f"{folder.name} 文件夹", what, "可能是以前的一版，或被人改过的；请核对，作废的请移走，不要误发", False)]
