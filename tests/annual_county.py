"""A county of two units with one scored quarter, and its year assessed with or without the command's process."""

import datetime as dt

import pandas as pd
from register_books import write

from xmt_scoring.annual import score_annual
from xmt_scoring.errors import XmtError
from xmt_scoring.periods import Quarter, Year
from xmt_scoring.pipeline import check_quarter, import_quarter, score_quarter
from xmt_scoring.workspace import Workspace

UNITS = [["单位编号", "单位名称", "是否主管单位"], ["U1", "甲山县林业局", "否"], ["U2", "甲山县水利局", "是"]]
HEAD = ["账号编号", "账号名称", "平台", "主办单位", "开设日期", "账号状态"]
ACCOUNTS = [HEAD, ["A1", "甲山林业", "微博", "U1", "2023-01-02", "运行"], ["A2", "甲山水利", "微博", "U2", "2023-01-02", "运行"]]
AS_OF = "2026-01-31"


def fill(ws, name="2025Q1", accounts=ACCOUNTS, **more):
    """A quarter's folder with registers only: nothing proves anything, so everything stays open."""
    folder = ws / "data" / "raw" / name
    folder.mkdir(parents=True, exist_ok=True)
    write(folder / "单位.xlsx", 单位=UNITS)
    write(folder / "账号.xlsx", 账号=accounts, **{key: rows for key, rows in more.items() if key == "变更"})
    for key, rows in more.items():
        if key != "变更":
            write(folder / f"{key}.xlsx", **{key: rows})
    return folder


def put(ws, **sheets):
    """Registers into the year's own folder."""
    folder = ws / "data" / "raw" / "2025"
    folder.mkdir(exist_ok=True)
    for name, rows in sheets.items():
        write(folder / f"{name}.xlsx", **{name: rows})


def scored_quarter(xmt, ws):
    """A workspace with one scored quarter."""
    xmt("init", ws, "--county", "甲山县")
    fill(ws)
    for step in ("import", "check", "score"):
        xmt("--workspace", ws, step, "2025Q1")
    return ws


def annual(xmt, ws, ok=True):
    return xmt("--workspace", ws, "annual", "2025", "--as-of", AS_OF, ok=ok)


def units(ws):
    return pd.read_parquet(ws / "data" / "processed" / "2025" / "unit_years.parquet", dtype_backend="pyarrow").set_index("unit_id")


def assessed(ws):
    """The same without the command's process and the deliverables: the messages, fatal or not."""
    try:
        return score_annual(Workspace(ws), Year(2025), dt.date(2026, 1, 31)).problems, True
    except XmtError as error:
        return error.problems, False


def rerun(ws):
    """The quarter again without a process for each step: what its import says."""
    quarter, space = Quarter.parse("2025Q1"), Workspace(ws)
    said = import_quarter(space, quarter, dt.date(2025, 4, 10)).problems
    check_quarter(space, quarter)
    score_quarter(space, quarter)
    return said


def told(problems):
    return "\n".join(str(problem) for problem in problems)
