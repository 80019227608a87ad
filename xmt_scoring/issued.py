"""Results that papers for outside were written from (通报, 通知, 公布版, 公开数据): kept, and held against what stands now.

An appeal that is upheld, or a file that comes late, changes a quarter after its circular went out. What was printed then stays
in data/processed/<quarter>/versions/, and the next run says which units the papers that are out no longer fit.
"""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd

from xmt_scoring.errors import Problem, XmtError
from xmt_scoring.periods import Quarter
from xmt_scoring.reports.tables import ABSENT, score_or_interval
from xmt_scoring.workspace import RECEIPT, VERSIONS, Workspace, write_json

KEPT = ("unit_scores", "account_scores", "contributions", "verdicts", "evidence")
_PAPERS = "papers.json"
_MOST_NAMED = 12


def keep_issued(ws: Workspace, quarter: Quarter, paper: str) -> int:
    """Keep the quarter's present result as the one that `paper` was written from; returns its number, from 1.

    The same result again is the same version, with one more paper.
    """
    number, hashes = _last(ws, quarter), ws.receipt(quarter).get("frames", {})
    if not number or _hashes(ws, quarter, number) != {name: hashes.get(name) for name in KEPT}:
        number += 1
        ws.keep_version(quarter, number, KEPT)
    papers = _papers(ws, quarter, number)
    if paper not in papers:
        write_json(_folder(ws, quarter, number) / _PAPERS, {"papers": [*papers, paper]})
    return number


def changed_since_issued(ws: Workspace, quarter: Quarter, units: pd.DataFrame) -> list[Problem]:
    """What the papers that are out say otherwise than `units` (frame unit_scores); empty where nothing was issued or changed."""
    number = _last(ws, quarter)
    if not number:
        return []
    where = f"{quarter.label}第 {number} 次发出的结果"
    try:
        earlier = ws.load_version(quarter, number, ["unit_scores"])["unit_scores"]
    except XmtError as error:
        return [Problem(where, error.problems[0].what, error.problems[0].todo, False)]
    both = _figures(earlier).merge(_figures(units), on="unit_id", how="outer", suffixes=("_then", "_now"), validate="1:1").sort_values("unit_id")
    name = both["unit_name_now"].fillna(both["unit_name_then"])
    then, now = (both[f"figures_{side}"].fillna("不在结果里") for side in ("then", "now"))
    told = (name + " " + then + " → " + now)[then != now].tolist()
    if not told:
        return []
    listed = "；".join(told[:_MOST_NAMED]) + (f"；等 {len(told)} 个单位" if len(told) > _MOST_NAMED else "")
    papers = "、".join(_papers(ws, quarter, number)) or "通报、通知"
    what = f"写过 {papers} 以后，结果变了：{listed}"
    kept = _folder(ws, quarter, number).relative_to(ws.root).as_posix()
    return [Problem(where, what, f"已经发出去的请更正（重新写出后再发）；当时的结果留在 {kept}", False)]


def _figures(units: pd.DataFrame) -> pd.DataFrame:
    """unit_id, unit_name, and score, grade and rank as people read them."""
    open_rank = units["rank_best"].astype("Int64").astype("str") + "–" + units["rank_worst"].astype("Int64").astype("str")
    rank = units["rank"].astype("Int64").astype("str").fillna(open_rank)
    figures = score_or_interval(units) + " " + units["grade"].fillna("待定") + "，第 " + rank.fillna(ABSENT) + " 名"
    return pd.DataFrame({"unit_id": units["unit_id"], "unit_name": units["unit_name"], "figures": figures.astype("str")})


def _folder(ws: Workspace, quarter: Quarter, number: int) -> Path:
    return ws.processed(quarter) / VERSIONS / f"{number:02d}"


def _last(ws: Workspace, quarter: Quarter) -> int:
    """The number of the last version; 0 where there is none."""
    folder = ws.processed(quarter) / VERSIONS
    return max((int(path.name) for path in folder.glob("*") if path.name.isdecimal()), default=0)


def _hashes(ws: Workspace, quarter: Quarter, number: int) -> dict[str, str | None]:
    receipt = json.loads((_folder(ws, quarter, number) / RECEIPT).read_text(encoding="utf-8"))
    return {name: receipt.get("frames", {}).get(name) for name in KEPT}


def _papers(ws: Workspace, quarter: Quarter, number: int) -> list[str]:
    path = _folder(ws, quarter, number) / _PAPERS
    return list(json.loads(path.read_text(encoding="utf-8"))["papers"]) if path.exists() else []
