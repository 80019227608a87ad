"""One county in which every office hands in something else that is wrong, and one `xmt run` over it.

Each account has its own unit and papers in which nothing is missing, so what its file lacks is all that stays open:
thirteen weeks (at most −20), no posts to draw clearances from (−8), and the fourteen-day veto.
"""

import io
import shutil
import zipfile
from pathlib import Path
from types import SimpleNamespace

import msoffcrypto
import openpyxl
import pandas as pd
import pytest
from filled_workspace import MONDAYS, QUARTER, SPAN, WORKS, Holder, frame, made_workspace, table, work, works

from xmt_scoring.facts.missing import FIRST_WEEK

LOST = {  # account → what must be said of its file; nothing of it can be used
    "零字节": "空文件",
    "零字节旧表": "空文件",
    "断尾": "不完整",
    "加密": "密码",
    "压缩包": "压缩包",
    "陌生表": "不认识的表格",
    "错季": "不在2025年第三季度",
    "零行": "一行数据也没有",
}
KEPT = {  # account → what must be said of its file; all 13 weeks are there
    "完好": None,
    "两份": "是同一个文件",
    "重叠": None,
    "网页": None,
    "标题合计": None,
    "重号": None,
    "迟发": "晚于该文件自己的截止日",
    "全角": None,
}
HOLDERS = [
    *(Holder(name, has_clearances=False) for name in LOST),
    *(Holder(name, "微博" if name == "重号" else "抖音", "3900000001" if name == "重号" else None) for name in KEPT),
    Holder("先答"),
]


def as_bytes(name: str, n_rows: int = 13) -> bytes:
    stream = io.BytesIO()
    book = openpyxl.Workbook()
    for line in (WORKS, *(work(name, day) for day in MONDAYS[:n_rows])):
        book.active.append(line)
    book.save(stream)
    return stream.getvalue()


def spoil(raw: Path) -> None:
    """Every account's file, each with its own fault."""
    for name in (*LOST, *KEPT, "先答"):
        (raw / name).mkdir()
    (raw / "零字节" / f"作品_{SPAN}.xlsx").write_bytes(b"")
    (raw / "零字节旧表" / f"作品_{SPAN}.xls").write_bytes(b"")
    (raw / "断尾" / f"作品_{SPAN}.xlsx").write_bytes(as_bytes("断尾")[:-700])
    with io.BytesIO(as_bytes("加密")) as plain, (raw / "加密" / f"作品_{SPAN}.xlsx").open("wb") as locked:
        msoffcrypto.OfficeFile(plain).encrypt("secret", locked)
    with zipfile.ZipFile(raw / "压缩包" / f"作品_{SPAN}.xlsx", "w") as archive:
        archive.writestr(f"作品_{SPAN}.csv", "作品名称，发布时间")
    table(raw / "陌生表" / f"作品_{SPAN}.xlsx", ["甲列", "乙列", "丙列"], ["1", "2", "3"])
    works(raw / "错季" / "作品_2025-03-31至2025-06-29.xlsx", "错季", [day - pd.Timedelta(weeks=13) for day in MONDAYS])
    table(raw / "零行" / "作品.xlsx", WORKS)

    works(raw / "完好" / f"作品_{SPAN}.xlsx", "完好")
    shutil.copy(works(raw / "两份" / f"作品_{SPAN}.xlsx", "两份"), raw / "两份" / f"作品_{SPAN} (1).xlsx")
    works(raw / "重叠" / "作品_2025-06-30至2025-08-31.xlsx", "重叠", MONDAYS[:9])
    works(raw / "重叠" / "作品_2025-08-04至2025-09-30.xlsx", "重叠", MONDAYS[5:])
    lines = [WORKS, *(work("网页", day) for day in MONDAYS)]
    cells = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in line) + "</tr>" for line in lines)
    (raw / "网页" / f"作品_{SPAN}.xls").write_text(f"<html><meta charset=utf-8><table>{cells}</table></html>", encoding="utf-8")
    book = openpyxl.Workbook()
    page = book.active
    for line in (["标题合计 作品数据"], [], WORKS, *(work("标题合计", day) for day in MONDAYS), ["合计", None, None, None, "156", "39"]):
        page.append(line)
    page.merge_cells("A1:F2")
    book.save(raw / "标题合计" / f"作品_{SPAN}.xlsx")
    crawled = [[f"51057642747988{n:02}", f"Pbid{n:05}", work("重号", day)[0], f"{day} 09:00", 1, 2, 3] for n, day in enumerate(MONDAYS)]
    table(raw / "重号" / f"微博_{SPAN}.xlsx", ["id", "bid", "正文", "日期", "点赞数", "评论数", "转发数"], *crawled, crawled[4])
    works(raw / "迟发" / "作品_2025-06-30至2025-09-21.xlsx", "迟发")
    works(raw / "全角" / f"作品_{SPAN}.xlsx", "全角")
    works(raw / "先答" / f"作品_{SPAN}.xlsx", "先答")

    wps = raw / "账号备案台账.xlsx"
    book = openpyxl.load_workbook(wps)
    page = book["账号"]
    (row,) = [cells[0].row for cells in page.iter_rows() if cells[1].value == "全角"]
    for heading, text in {"账号编号": "　全角号 ", "账号名称": " 全角\n", "平台": " 抖 音　", "主办单位": "全角局 ", "开设日期": "２０２４－０１－０２"}.items():
        page.cell(row, [cell.value for cell in page[1]].index(heading) + 1).value = text
    book.save(wps)
    book = openpyxl.load_workbook(raw / "留言.xlsx")
    columns = [cell.value for cell in book["留言"][1]]
    told = {"账号": "先答号", "留言编号": "L1", "留言主题": "问", "留言时间": "2025-08-06 09:00", "留言详情": "问", "答复意见": "答", "答复时间": "2025-08-04 09:00"}
    for heading, text in told.items():
        book["留言"].cell(3, columns.index(heading) + 1).value = text
    book.save(raw / "留言.xlsx")


@pytest.fixture(scope="module")
def county(xmt, tmp_path_factory):
    """The run: what it said, its scores and frames, and the workbook that people get."""
    root = tmp_path_factory.mktemp("坏") / "某县 考核（三季度）副本"
    raw = made_workspace(xmt, root, HOLDERS)
    spoil(raw)
    before = {path: path.read_bytes() for path in raw.rglob("*") if path.is_file()}
    done = xmt("--workspace", root, "run", QUARTER, "--as-of", "2025-10-10")
    assert {path: path.read_bytes() for path in raw.rglob("*") if path.is_file()} == before, "the raw folder was changed"
    scores = frame(root, "account_scores").set_index("account_name")
    book = openpyxl.load_workbook(root / "reports" / QUARTER / f"考核评分表_{QUARTER}.xlsx", data_only=True)
    return SimpleNamespace(root=root, told=done.stdout, scores=scores, book=book)


def warnings_of(county, name: str) -> list[str]:
    return [line for line in county.told.splitlines() if "请注意" in line and f"{name}/" in line]


def texts(sheet) -> list[list[str]]:
    return [[str(cell) for cell in row if cell is not None] for row in sheet.iter_rows(values_only=True)]


@pytest.mark.parametrize("name", LOST)
def test_a_file_that_is_of_no_use_leaves_its_account_an_interval_and_is_told(county, name):
    score = county.scores.loc[name]
    assert (str(score["low"]), str(score["high"]), score["open_vetoes"]) == ("72.00", "100.00", "V2")
    assert score["score"] is None
    (told,) = warnings_of(county, name)
    assert LOST[name] in told


@pytest.mark.parametrize("name", LOST)
def test_the_gap_is_seen_in_the_sheets_that_people_get(county, name):
    (row,) = [row for row in texts(county.book["账号得分"]) if name in row]
    assert any("72" in cell for cell in row)
    files = [row for row in texts(county.book["数据清单"]) if any(cell.startswith(f"{name}/") for cell in row)]
    assert files
    gaps = frame(county.root, "gaps")
    assert (gaps["account_name"] == name).any()


def test_the_week_that_begins_in_the_quarter_before_says_what_would_decide_it(county):
    weeks = frame(county.root, "gaps").dropna(subset=["week_start"])
    first = pd.to_datetime(weeks["week_start"]) == pd.Timestamp("2025-06-30")
    assert first.any() and not first.all()
    assert set(weeks.loc[first, "message"]) == {FIRST_WEEK}
    assert FIRST_WEEK not in set(weeks.loc[~first, "message"])
    assert county.told.count(FIRST_WEEK) == 1  # not once for every account


@pytest.mark.parametrize("name", KEPT)
def test_a_file_with_a_harmless_fault_is_read_in_full(county, name):
    assert str(county.scores.loc[name, "score"]) == "100.00"
    posts = frame(county.root, "posts")
    assert (posts["account_id"] == f"{name}号").sum() == len(MONDAYS)
    told = warnings_of(county, name)
    assert [KEPT[name] in line for line in told] == ([True] if KEPT[name] else [])


@pytest.mark.parametrize(("name", "n_aside", "why"), [("两份", 13, "重复文件"), ("重叠", 4, "以后一个文件为准"), ("重号", 1, "同一文件里又出现")])
def test_what_came_twice_counts_once_and_is_listed_with_its_place(county, name, n_aside, why):
    aside = frame(county.root, "quarantine")
    mine = aside[aside["src_file"].str.startswith(f"{name}/")]
    assert (len(mine), mine["reason"].str.contains(why).all()) == (n_aside, True)
    assert mine["src_row"].notna().all()


def test_a_message_answered_before_it_was_received_is_kept_told_and_left_open(county):
    assert any("留言.xlsx" in line and "答复时间早于留言时间" in line for line in county.told.splitlines())
    score = county.scores.loc["先答"]
    assert (str(score["low"]), str(score["high"])) == ("98.00", "100.00")
    contributions = frame(county.root, "contributions").query("account_id == '先答号'")
    assert contributions["item_id"].tolist() == ["D1"]
    assert contributions["status"].tolist() == ["open"]


def test_every_row_of_every_file_is_kept_set_aside_or_named_as_no_data(county):
    files = frame(county.root, "files")
    assert (files["n_rows"] == files["n_kept"] + files["n_quarantined"] + files["n_no_data_rows"]).all()


def test_nothing_half_written_is_left_in_the_workspace(county):
    assert not [path for path in county.root.rglob(".*") if path.name not in (".jupyter",)]
