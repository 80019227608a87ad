"""A small workspace as a clerk makes it: `xmt init`, templates copied and filled in, exports put beside them.

Every account has a unit of its own, a full set of papers, a person behind every duty and a list of posts for each week
of the quarter, so that nothing but what a story spoils can cost a point or stay open.
"""

import datetime as dt
import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import openpyxl
import pandas as pd

from xmt_scoring.checks.rules import load_rules

QUARTER = "2025Q3"
SPAN = "2025-06-30至2025-09-30"  # the quarter's first week begins on Monday 06-30
MONDAYS = [dt.date(2025, 6, 30) + dt.timedelta(weeks=week) for week in range(13)]
WORKS = ["作品名称", "发布时间", "体裁", "审核状态", "播放量", "点赞量"]
ROLES = ["主要负责人", "分管领导", "运维人员", "信息员"]


@dataclass(frozen=True)
class Holder:
    """One unit with one account: the name of both begins alike, so that a file's path shows whose it is."""

    name: str
    platform: str = "抖音"
    number: str | None = None
    has_clearances: bool = True

    @property
    def unit(self) -> str:
        """The unit's name."""
        return f"{self.name}局"

    @property
    def code(self) -> str:
        """The account's id in the register."""
        return f"{self.name}号"


def fill(templates: Path, target: Path, file: str, sheet: str, rows: Iterable[dict[str, object]]) -> None:
    """Put rows into a sheet of a register below the grey example, each value under its heading; copies the template first."""
    path = target / file
    if not path.exists():
        shutil.copy(templates / file, path)
    book = openpyxl.load_workbook(path)
    page = book[sheet]
    columns = {cell.value: cell.column for cell in page[1]}
    for number, row in enumerate(rows, start=3):
        for heading, value in row.items():
            page.cell(number, columns[heading]).value = value
    book.save(path)


def table(path: Path, *rows: Iterable[object], sheet: str = "Sheet1") -> Path:
    """An export: a workbook with these rows."""
    path.parent.mkdir(parents=True, exist_ok=True)
    book = openpyxl.Workbook()
    book.active.title = sheet
    for row in rows:
        book.active.append(list(row))
    book.save(path)
    return path


def work(name: str, day: dt.date, hour: int = 9) -> list[object]:
    """One line of a Douyin list of works."""
    return [f"{name} {day:%m%d}", f"{day} {hour:02}:00:00", "图文", "公开", "12", "3"]


def works(path: Path, name: str, days: Iterable[dt.date] = MONDAYS) -> Path:
    """A Douyin list of works with one public work on each of these days."""
    return table(path, WORKS, *(work(name, day) for day in days))


def sound_registers(templates: Path, raw: Path, holders: list[Holder]) -> None:
    """Registers in which nothing is missing for these accounts and nobody has found anything."""
    raw.mkdir(parents=True, exist_ok=True)

    def put(file: str, sheet: str, rows: Iterable[dict[str, object]]) -> None:
        fill(templates, raw, file, sheet, rows)

    put("单位.xlsx", "单位", ({"单位编号": f"U{n:02}", "单位名称": each.unit} for n, each in enumerate(holders)))
    put("账号备案台账.xlsx", "账号", (
        {"账号编号": each.code, "账号名称": each.name, "平台": each.platform, "平台账号ID": each.number, "主办单位": each.unit,
         "账号类别": "发布类", "开设日期": "2024-01-02", "账号状态": "运行"} for each in holders))  # fmt: skip
    put("账号备案台账.xlsx", "备案表", (
        {"备案编号": f"B{n}", "账号": each.code, "备案类型": "开设", "备案日期": "2024-01-04", "表填名称": each.name,
         "表填主办单位": each.unit, "表填委托机构": "无", "表填开办平台": each.platform, "主管领导": "钱某", "运维人员": "孙某",
         "主要负责人签字": "是", "加盖公章": "是"} for n, each in enumerate(holders)))  # fmt: skip
    put("人员.xlsx", "人员", (
        {"单位": each.unit, "岗位": role, "姓名": f"{role[0]}某", "任职起": "2023-01-01", "联系电话": "000"}
        for each in holders for role in ROLES))  # fmt: skip
    put("审核记录.xlsx", "审核记录", (
        {"账号": each.code, "标题": work(each.name, day)[0], "发布时间": f"{day} 09:00", "审核时间": f"{day} 08:00",
         "审核人": "吴某", "审核是否完整": "是"} for each in holders if each.has_clearances for day in MONDAYS))  # fmt: skip
    put("留言.xlsx", "留言", [])
    put("人工检查时点.xlsx", "人工检查时点", [{"检查范围": "全部", "检查时间": "2025-08-12 10:00", "检查人": "周某"}])
    judged = [rule.label for rule in load_rules().values() if rule.by_people]
    put("人工核查.xlsx", "已核查", (
        {"检查项目": label, "检查范围": "全部", "检查时间": "2025-09-29 10:00", "检查人": "周某", "检查结果": "未发现问题"} for label in judged))  # fmt: skip
    put("导出文件清单.xlsx", "导出文件清单", (
        {"文件": file, "数据内容": covers, "起始日": "2025-07-01", "截止日": "2025-10-10"}
        for file, covers in (("留言.xlsx", "留言"), ("审核记录.xlsx", "审核"))))  # fmt: skip


def made_workspace(xmt: Callable, root: Path, holders: list[Holder]) -> Path:
    """`xmt init`, then sound registers for these accounts; returns the raw folder of the quarter."""
    xmt("init", root)
    raw = root / "data" / "raw" / QUARTER
    sound_registers(root / "登记表模板", raw, holders)
    return raw


def frame(root: Path, name: str) -> pd.DataFrame:
    """A frame of the quarter as the run left it."""
    return pd.read_parquet(root / "data" / "processed" / QUARTER / f"{name}.parquet")
