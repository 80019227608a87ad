"""Three lists of accounts side by side: what they say differently is told, near names are asked about and never guessed."""

import datetime as dt

import openpyxl
import pandas as pd
import pytest
from test_platforms import Q, sheet

from xmt_scoring.facts import build_facts
from xmt_scoring.facts.reconciliation import folded, reconcile
from xmt_scoring.ingest import import_folder
from xmt_scoring.settings import Settings

REGISTER = ["账号编号", "账号名称", "平台", "平台账号ID", "主办单位", "开设日期", "账号状态", "关闭日期"]
ACCOUNTS = [
    ["W1", "县甲局（官方）", "微信公众号", "gh_1", "U1", "运行", None],
    ["W2", "甲局新名", "微博", "100200300", "U1", "运行", None],
    ["D1", "甲局抖音", "抖音", "tbdy", "U1", "已注销", dt.date(2026, 8, 1)],
    ["X1", "乙局发布", "微博", "200300400", "U2", "运行", None],
]
LISTED = ["系统账号名称", "平台", "平台账号ID", "系统主办单位", "系统状态"]


def book(path, title, *rows):
    made = openpyxl.Workbook()
    made.active.title = title
    for row in rows:
        made.active.append(row)
    made.save(path)


@pytest.fixture
def folder(tmp_path):
    book(tmp_path / "单位.xlsx", "单位", ["单位编号", "单位名称"], ["U1", "县甲局"], ["U2", "县乙局"])
    rows = [[*row[:5], dt.date(2022, 1, 4), *row[5:]] for row in ACCOUNTS]
    book(tmp_path / "台账.xlsx", "账号", REGISTER, *rows)
    return tmp_path


def found(folder, *listed):
    if listed:
        book(folder / "全国系统清单.xlsx", "全国系统清单", LISTED, *listed)
    made = import_folder(folder, Q, whole_quarter=False, known_items={})
    assert not [problem for problem in made.problems if problem.is_fatal], made.problems
    facts = build_facts(made.frames, Q, dt.date(2026, 10, 10), Settings.default(), None)
    return reconcile(made.frames, facts)


def kinds(rows, *kinds_wanted):
    chosen = rows[rows["recon_kind"].isin(kinds_wanted)] if kinds_wanted else rows
    return sorted(zip(chosen["recon_kind"], chosen["account_id"].fillna(""), chosen["listed_name"].fillna(""), strict=True))


SAME = [
    ["县甲局（官方）", "微信公众号", "gh_1", "县甲局", "运行"], ["甲局新名", "微博", "100200300", "县甲局", "运行"],
    ["甲局抖音", "抖音", "tbdy", "县甲局", "已注销"], ["乙局发布", "微博", "200300400", "县乙局", "运行"],
]  # fmt: skip


def test_lists_that_agree_leave_only_the_missing_exports(folder):
    rows = found(folder, *SAME)
    assert kinds(rows) == [("no_export", "D1", ""), ("no_export", "W1", ""), ("no_export", "W2", ""), ("no_export", "X1", "")]


def test_without_a_national_list_nothing_is_said_of_it(folder):
    assert set(found(folder)["recon_kind"]) == {"no_export"}


def test_brackets_blanks_and_full_width_letters_are_no_other_name():
    assert folded(pd.Series(["县甲局（官方）", " 县 甲局（官方）", "ＡＢＣ发布"])).tolist() == ["县甲局官方", "县甲局官方", "abc发布"]


def test_a_name_that_differs_under_the_same_number_is_told_with_both_names(folder):
    rows = found(folder, ["甲局旧名", "微博", "100200300", "县甲局", "运行"], SAME[0], SAME[2], SAME[3])
    assert kinds(rows, "name_differs", "unregistered", "not_listed") == [("name_differs", "W2", "甲局旧名")]
    assert "“甲局旧名”" in rows[rows["recon_kind"] == "name_differs"]["message"].iloc[0]


def test_a_former_name_finds_its_account_and_says_so(folder):
    head = ["事件编号", "账号", "变更类型", "发生日期", "变更前", "变更后"]
    book(folder / "变更.xlsx", "变更", head, ["B1", "W2", "更名", dt.date(2024, 5, 6), "甲局旧名", "甲局新名"])
    rows = found(folder, ["甲局旧名", "微博", None, "县甲局", "运行"], SAME[0], SAME[2], SAME[3])
    (row,) = rows[rows["recon_kind"] == "name_differs"].to_dict("records")
    assert (row["account_id"], "旧名称" in row["message"]) == ("W2", True)


def test_another_owner_and_a_closed_account_that_is_still_listed_are_told(folder):
    rows = found(folder, SAME[0], SAME[1], ["甲局抖音", "抖音", "tbdy", "县甲局", "运行"], ["乙局发布", "微博", "200300400", "县丙局", "运行"])
    assert kinds(rows, "owner_differs", "closed_but_listed") == [("closed_but_listed", "D1", "甲局抖音"), ("owner_differs", "X1", "乙局发布")]


def test_an_account_that_one_list_lacks_is_told_on_its_side(folder):
    rows = found(folder, *SAME[:3], ["毫不相干", "快手", "ks9", "县乙局", "运行"])
    assert kinds(rows, "unregistered", "not_listed", "near_match") == [("not_listed", "X1", ""), ("unregistered", "", "毫不相干")]


def near(folder, *answers):
    if answers:
        book(folder / "账号对照.xlsx", "账号对照", ["系统账号名称", "平台", "账号", "是否同一账号"], *answers)
    rows = found(folder, *SAME[:3], ["乙局发布厅", "微博", None, "县乙局", "运行"])
    return kinds(rows, "unregistered", "not_listed", "near_match", "name_differs")


def test_a_near_name_is_asked_about_and_not_taken(folder):
    assert near(folder) == [("near_match", "X1", "乙局发布厅"), ("not_listed", "X1", ""), ("unregistered", "", "乙局发布厅")]


def test_the_answer_yes_joins_the_two_and_no_ends_the_question(folder):
    assert near(folder, ["乙局发布厅", "微博", "X1", "是"]) == []


def test_the_answer_no_ends_the_question(folder):
    assert near(folder, ["乙局发布厅", "微博", "X1", "否"]) == [("not_listed", "X1", ""), ("unregistered", "", "乙局发布厅")]


def test_an_account_registered_twice_and_an_export_of_nobody_are_told(folder):
    rows = [[*row[:5], dt.date(2022, 1, 4), *row[5:]] for row in [*ACCOUNTS, ["X9", "乙局别号", "微博", "200300400", "U2", "运行", None]]]
    book(folder / "台账.xlsx", "账号", REGISTER, *rows)
    works = ["作品名称", "发布时间", "体裁", "审核状态", "播放量"]
    (folder / "谁的.xlsx").write_bytes(sheet(works, ["甲", "2026-07-06 08:00:00", "图文", "公开", "12"]))
    rows = found(folder)
    assert kinds(rows, "duplicate") == [("duplicate", "X1", ""), ("duplicate", "X9", "")]
    assert rows[rows["recon_kind"] == "unclaimed_export"]["src_file"].tolist() == ["谁的.xlsx"]
