"""What changed since a step of a quarter was done: settings that it was done with, and files that it read.

Papers are written from what was saved. Where the settings are others now they would state a reading that the numbers do not
have, so they are refused; where a file is another now they are right for what was read, so it is told.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import PurePosixPath
from typing import Any

from xmt_scoring.errors import Problem, XmtError
from xmt_scoring.ingest.grids import limits_of
from xmt_scoring.ingest.sources import is_temporary, sources
from xmt_scoring.periods import Quarter
from xmt_scoring.settings import Settings, readings
from xmt_scoring.workspace import Workspace

IMPORT, CHECK, SCORE = ("import", "as_of"), ("facts", "checks"), ("score",)  # `stage` in settings.toml → the step that reads it
MOST_NAMED = 5


def settings_read(settings: Settings, stages: Collection[str]) -> dict[str, Any]:
    """Key → plain value of the settings that these stages read, for the receipt."""
    plain = settings.plain()
    return {key: plain[key] for key, entry in readings().items() if entry["stage"] in stages}


def check_same_settings(quarter: Quarter, receipt: Mapping[str, Any], settings: Settings, stages: Collection[str]) -> None:
    """XmtError where a setting that these stages read is another than when they were done."""
    changed = _changed(receipt, settings, stages)
    if changed:
        what = f"计分以后改过设置：{'、'.join(changed)}，结果还是按原来的设置算的"
        raise XmtError.of(f"{quarter} 的得分", what, f"请重新运行 xmt run {quarter}")


def changed_settings(quarter: Quarter, receipt: Mapping[str, Any], settings: Settings) -> list[Problem]:
    """What a year says of a quarter that was scored with other settings than now: what was published stays as it was."""
    changed = _changed(receipt, settings, (*IMPORT, *CHECK, *SCORE))
    what = f"是按当时的设置计分的，现在设置不同：{'、'.join(changed)}；年度用的是当时公布的得分"
    return [Problem(str(quarter), what, f"要按现在的设置重算的，请运行 xmt run {quarter}", False)] if changed else []


def _changed(receipt: Mapping[str, Any], settings: Settings, stages: Collection[str]) -> list[str]:
    used = receipt.get("settings", {})
    return [key for key, value in settings_read(settings, stages).items() if key in used and used[key] != value]


def changed_files(ws: Workspace, quarter: Quarter) -> list[Problem]:
    """One message where files of the quarter's folder were changed, added or taken away after they were read."""
    folder = ws.raw(quarter)
    seen = {source.file: source.sha for source in sources(folder, limits_of(ws.settings))} if folder.is_dir() else {}
    then, now = (
        {file: sha for file, sha in found.items() if not is_temporary(PurePosixPath(file).name)}
        for found in (ws.receipt(quarter).get("raw", {}), seen)
    )
    kinds = {
        "改过": [file for file in now if file in then and now[file] != then[file]],
        "新放进来": [file for file in now if file not in then],
        "不在了": [file for file in then if file not in now],
    }
    told = [f"{word}：{'、'.join(found[:MOST_NAMED])}{f'等 {len(found)} 个' * (len(found) > MOST_NAMED)}" for word, found in kinds.items() if found]
    if not told:
        return []
    what = f"读过以后文件有变化（{'；'.join(told)}），结果还是按原来的文件算的"
    return [Problem(f"data/raw/{quarter}", what, f"要采用的请先运行 xmt run {quarter}", False)]
