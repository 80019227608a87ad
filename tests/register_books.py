"""Small register workbooks for the stories about registers, written with openpyxl as a clerk would."""

from pathlib import Path

import openpyxl
import pandas as pd

from xmt_scoring.frames import contracts
from xmt_scoring.ingest.linking import Linked, link_registers
from xmt_scoring.ingest.registers import RegisterRead, is_register, read_register
from xmt_scoring.ingest.tables import open_file

REGISTERS = [name for name, frame in contracts().items() if frame.source == "register"]
STAFF = ["单位", "岗位", "姓名", "任职起", "任职止", "联系电话"]
DONE = ["检查项目", "检查范围", "单位", "账号", "检查时间", "检查人", "检查结果"]
FOUND = ["事件编号", "检查项目", "单位", "账号", "程度或情形", "发现日期", "发现层级", "问题描述", "网址"]
UPPER = ["检查编号", "检查层级", "检查日期", "文号", "账号", "单位", "是否单项否决", "检查项目", "问题描述"]
ITEMS = dict.fromkeys(("C1", "C1 文字差错", "文字差错", "art11_typo"), ("art11_typo",)) | dict.fromkeys(("C2", "C2 广告", "广告", "art08_advert"), ("art08_advert",))
UNIT_ROWS = [["单位编号", "单位名称"], ["U1", "甲山县林业局"], ["U2", "甲山县水利局"]]
ACCOUNT_HEADINGS = ["账号编号", "账号名称", "平台", "平台账号ID", "主办单位", "开设日期", "账号状态", "关闭日期", "备注"]
ACCOUNT_ROWS = [
    ACCOUNT_HEADINGS,
    ["A1", "甲山林业", "微信公众号", "gh_1", "U1", "2024-01-02", "运行", None, None],
    ["A2", "甲山林业", "抖音", "1234567890123", "甲山县林业局", "2024-01-02", "运行", None, None],
    ["A3", "甲山水利", "微博", "998", "水利局", "2024-01-02", "运行", None, None],
]


def write(path: Path, **sheets: list[list[object]]) -> Path:
    """A workbook with these sheets, cell by cell as given."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        page = book.create_sheet(name)
        for row in rows:
            page.append(row)
    book.save(path)
    return path


def read(path: Path, sheet: str | None = None) -> RegisterRead:
    """The only sheet, or the named one, read as the register that it is."""
    grids = open_file(path, path.name)
    grid = grids[0] if sheet is None else next(each for each in grids if each.sheet == sheet)
    name = is_register(grid)
    assert name, "not recognised"
    read_rows = read_register(grid, name)
    assert read_rows.n_rows == read_rows.n_kept + read_rows.n_quarantined + read_rows.n_no_data_rows
    assert len(read_rows.quarantine) == read_rows.n_quarantined
    return read_rows


def link(folder: Path, units=UNIT_ROWS, accounts=ACCOUNT_ROWS, **sheets: list[list[object]]) -> Linked:
    """Units, accounts and these sheets, read without faults and linked."""
    read_rows = []
    for name, rows in {"单位": units, "账号": accounts, **sheets}.items():
        read_rows.append(read(write(folder / f"{name}.xlsx", **{name: rows})))
    parts: dict[str, list[pd.DataFrame]] = {}
    for each in read_rows:
        assert not each.problems, [str(problem) for problem in each.problems]
        for name, frame in each.frames.items():
            parts.setdefault(name, []).append(frame)
    joined = {name: pd.concat(frames, ignore_index=True) for name, frames in parts.items()}
    linked = link_registers(joined, ITEMS)
    for name, frame in joined.items():
        aside = linked.quarantine["src_file"].isin(frame["src_file"]).sum()
        assert len(frame) == len(linked.frames[name]) + aside, name
    return linked


def told(problems) -> str:
    """All messages as a person reads them."""
    return "\n".join(str(problem) for problem in problems)
