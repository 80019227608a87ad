"""客户端登记: an app that somebody tried is judged by what they saw; nothing else is judged by it."""

import pandas as pd
import pytest
from export_folders import book, imported, registers_only, told
from register_books import read, write

from xmt_scoring.ingest import import_folder
from xmt_scoring.ingest.app_checks import CHECK
from xmt_scoring.periods import Quarter

HEADINGS = ["账号", "版本号", "下载处", "最近更新日期", "检查时间", "检查人", "能否使用", "问题描述", "备注"]
ITEMS = {CHECK: (CHECK,), "C1": ("art11_typo",)}


@pytest.fixture
def folder(tmp_path):
    place = registers_only(tmp_path)
    headings = ["账号编号", "账号名称", "平台", "主办单位", "开设日期", "账号状态"]
    rows = [["APP1", "太白通", "移动客户端"], ["APP2", "太白办", "移动客户端"], ["MP1", "太白小程序", "小程序"]]
    book(place / "登记" / "客户端台账.xlsx", headings, *[[*row, "u1", "2020-01-01", "运行"] for row in rows], sheet="账号")
    return place


def run(folder, *rows):
    book(folder / "客户端登记.xlsx", HEADINGS, *[[*row, *[None] * (9 - len(row))] for row in rows], sheet="客户端登记")
    return import_folder(folder, Quarter.parse("2026Q3"), whole_quarter=False, known_items=ITEMS)


def test_an_app_that_works_is_checked_and_one_that_does_not_is_a_finding(folder):
    made = run(
        folder,
        ["太白通", "2.1.0", "华为应用市场", "2026-05-01", "2026-09-28 09:00", "某甲", "是"],
        ["APP2", "1.0", None, None, "2026-09-28 09:30", "某甲", "否", "打开即退出", "两台手机都试了"],
    )
    (done,) = made.frames["checks_done"].to_dict("records")
    assert (done["check_scope"], done["account_id"], done["check_item"], done["check_result"]) == ("account", "APP1", CHECK, "未发现问题")
    assert (done["checked_at"], done["note"]) == (pd.Timestamp("2026-09-28 09:00"), "版本号2.1.0；下载处华为应用市场；最近更新日期2026-05-01")
    (found,) = made.frames["findings"].to_dict("records")
    assert (found["account_id"], found["check_item"], found["found_by_level"]) == ("APP2", CHECK, "county")
    assert (found["found_on"], found["description"], found["note"]) == (pd.Timestamp("2026-09-28"), "打开即退出；版本号1.0", "两台手机都试了")
    assert (found["src_file"], found["src_row"]) == ("客户端登记.xlsx", 3)
    assert made.frames["app_checks"]["app_version"].tolist() == ["2.1.0", "1.0"]
    assert not made.problems


def test_a_mini_program_that_does_not_work_is_recorded_and_told_but_no_app_is_judged_by_it(folder):
    made = run(folder, ["太白小程序", "3.0", None, None, "2026-09-28", "某甲", "否"], ["太白小程序", "3.1", None, None, "2026-09-29", "某甲", "是"])
    assert (len(made.frames["app_checks"]), len(made.frames["findings"]), len(made.frames["checks_done"])) == (2, 0, 0)
    assert "第 2 行「能否使用」列：登记为不能使用，但它不是移动客户端" in told(made)
    assert not any(problem.is_fatal for problem in made.problems)


def test_the_same_row_twice_is_one_finding_and_every_row_is_accounted_for(folder):
    row = ["APP2", "1.0", None, None, "2026-09-28 09:30", "某甲", "否", "打开即退出"]
    made = run(folder, row, row)
    assert (len(made.frames["findings"]), len(made.frames["app_checks"])) == (1, 1)
    files = made.frames["files"].set_index("file").loc["客户端登记.xlsx"]
    assert (files["n_rows"], files["n_kept"], files["n_quarantined"]) == (2, 1, 1)


def test_findings_and_checks_of_the_other_forms_stand_beside_them(folder):
    book(folder / "人工核查.xlsx", ["检查项目", "账号", "发现日期", "发现层级", "问题描述"], ["C1", "太白通", "2026-08-01", "县", "错字"], sheet="发现的问题")
    made = run(folder, ["APP2", "1.0", None, None, "2026-09-28", "某甲", "否"])
    assert sorted(made.frames["findings"]["check_item"]) == sorted(["art11_typo", CHECK])
    assert made.frames["findings"].set_index("check_item").loc[CHECK, "description"] == "无法下载或使用；版本号1.0"


@pytest.mark.parametrize(("column", "value", "why"), [(6, "也许", "请填“是”或“否”"), (6, None, "空白"), (4, "年初", "不是能有的日期"), (5, None, "空白")])
def test_a_row_that_cannot_be_read_stops_the_run(folder, column, value, why):
    row = ["太白通", "2.1", None, None, "2026-09-28", "某甲", "是"]
    row[column] = value
    made = run(folder, row)
    assert [problem.is_fatal for problem in made.problems] == [True]
    assert why in str(made.problems[0])


def test_an_unknown_account_is_told_once(folder):
    made = run(folder, ["没有的客户端", "2.1", None, None, "2026-09-28", "某甲", "否"])
    assert (len(made.frames["app_checks"]), len(made.frames["findings"])) == (0, 0)
    assert sum("没有的客户端" in problem.what for problem in made.problems) == 1


def test_without_the_register_nothing_changes(folder):
    made = imported(folder)
    assert len(made.frames["app_checks"]) == 0


def test_a_template_row_is_the_registers_own(tmp_path):
    made = read(write(tmp_path / "甲.xlsx", 改了名=[HEADINGS, ["APP1", "2.1", "商店", "2026-01-01", "2026-09-28 09:00", "某甲", "是", None, None]]))
    assert made.frames["app_checks"]["is_usable"].tolist() == [True]
