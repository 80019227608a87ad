"""What an export covers, and whether a day without a row proves that nothing was published."""

import json
import shutil

import openpyxl
import pandas as pd
import pytest
from export_folders import ACCOUNTS, book, coverage, crawled, imported, listed, registers_only, told, works


@pytest.fixture
def folder(tmp_path):
    return registers_only(tmp_path)



def test_two_dates_in_the_file_name_are_its_span(folder):
    works(folder / "太白林业_2026-07-01至2026-09-30.xlsx", "2026-08-06 08:00:00")
    assert coverage(imported(folder)) == [("林业抖音", "07-01", "09-30", "file_name", True)]


def test_without_a_word_of_its_span_a_list_proves_no_absence(folder):
    works(folder / "太白林业.xlsx", "2026-08-06 08:00:00", "2026-08-01 08:00:00")
    assert coverage(imported(folder)) == [("林业抖音", "08-01", "08-06", "presumed", False)]


def test_the_office_may_vouch_for_the_quarter(folder):
    works(folder / "太白林业.xlsx", "2026-08-06 08:00:00")
    made = imported(folder, whole_quarter=True)
    assert ("林业抖音", "07-01", "09-30", "vouched", True) in coverage(made)
    assert {row[0] for row in coverage(made)} == {"林业抖音"}  # not for accounts without any export


@pytest.mark.parametrize("name", ["太白林业_2026-07-01至2026-07-31.xlsx", "太白林业 2026-07-01至2026-09-20.xlsx"])
def test_the_word_of_the_office_does_not_stretch_a_list_that_says_its_own_days(folder, name):
    """Else the files of August and September that were forgotten would be eight empty weeks."""
    works(folder / name, "2026-07-06 08:00:00")
    found = coverage(imported(folder, whole_quarter=True))
    assert [(row[2], row[3], row[4]) for row in found] == [(name[-10:-5], "file_name", True)]


@pytest.mark.parametrize(("day", "is_vouched"), [("2026-06-30", False), ("2026-07-01", True), ("2026-09-30", True), ("2026-10-01", False)])
def test_a_list_without_a_row_near_the_quarter_is_another_quarters_and_not_vouched_for(folder, day, is_vouched):
    works(folder / "太白林业.xlsx", f"{day} 08:00:00")
    assert any(row[3] == "vouched" for row in coverage(imported(folder, whole_quarter=True))) is is_vouched


@pytest.fixture
def parts(folder):
    """An account on Toutiao, which exports articles, notes and films each in a list of their own."""
    place = folder / "登记" / "台账.xlsx"
    ledger = openpyxl.load_workbook(place)
    ledger.active.append(["头条", "太白头条", "今日头条", None, None, "u1", "2020-01-01", "运行"])
    ledger.save(place)
    headings = ["标题", "发布时间", "展现量", "阅读量", "粉丝展现量"]
    for name, day in (("图文", "2026-08-06"), ("微头条", "2026-08-20")):
        book(folder / "太白头条" / f"{name}.xlsx", headings, [name, f"{day} 08:00", 1, 2, 3])
    return folder


@pytest.mark.parametrize("file", [None, "太白头条/图文.xlsx"])
def test_a_part_of_the_posts_proves_no_absence_whatever_the_office_says_of_it(parts, file):
    if file:
        listed(parts, (file, None, "2026-06-29", "2026-09-30"))
    assert not any(row[4] for row in coverage(imported(parts, whole_quarter=True)))


def test_a_folder_that_the_office_says_holds_all_parts_proves_absence(parts):
    listed(parts, ("太白头条", "头条", "2026-06-29", "2026-09-30"))
    assert set(coverage(imported(parts))) == {("头条", "06-29", "09-30", "manifest", True)}


def test_the_word_of_the_office_does_not_add_days_to_a_daily_series(folder):
    days = [[f"2026-07-{day:02}", 1] for day in range(1, 32)]
    book(folder / "太白林业dy" / "数据表现.xlsx", ["日期", "投稿量"], *days)
    assert {row[1:4] for row in coverage(imported(folder, whole_quarter=True))} == {("07-01", "07-31", "presumed")}


def test_nobody_can_vouch_for_a_list_with_unreadable_rows(folder):
    works(folder / "太白林业.xlsx", "2026-08-06 08:00:00", "昨天 08:00")
    listed(folder, ("太白林业.xlsx", None, "2026-07-01", "2026-09-30"))
    assert coverage(imported(folder, whole_quarter=True)) == [("林业抖音", "07-01", "09-30", "presumed", False)]


def test_a_cut_off_list_reaches_back_to_its_oldest_row_only(folder):
    crawled(folder / "太白林业发布.csv", *["2026-08-06"] * 100, *["2026-09-06"] * 100)
    listed(folder, ("太白林业发布.csv", None, "2026-07-01", "2026-09-30"))
    made = imported(folder, whole_quarter=True)
    assert coverage(made) == [("林业微博", "08-06", "09-30", "manifest", True)]
    assert "上限" in told(made)


def test_a_list_without_rows_over_a_declared_span_says_that_nothing_was_published(folder):
    works(folder / "太白林业.xlsx")
    listed(folder, ("太白林业.xlsx", None, "2026-07-01", "2026-09-30"))
    made = imported(folder)
    assert coverage(made) == [("林业抖音", "07-01", "09-30", "manifest", True)]
    assert len(made.frames["posts"]) == 0
    assert "按 2026-07-01 至 2026-09-30 这类内容没有发布计" in told(made)


def test_a_list_without_rows_and_without_a_span_says_nothing(folder):
    works(folder / "太白林业.xlsx")
    made = imported(folder)
    assert coverage(made) == []
    assert "不能证明没有发布" in told(made)


def test_a_daily_series_proves_its_days_and_a_hole_in_it_proves_nothing(folder):
    days = [*pd.date_range("2026-07-01", "2026-07-04"), *pd.date_range("2026-07-06", "2026-07-10")]
    lines = [[f"{day:%Y-%m-%d}", "0" if day.day != 8 else "2", "5"] for day in days]
    book(folder / "太白林业" / "全量指标.xlsx", ["日期", "投稿量", "总播放量"], *lines, ["2026-07-11", "-", "-"])
    made = imported(folder)
    assert [row[1:3] + row[4:] for row in coverage(made)] == [("07-01", "07-04", True), ("07-06", "07-10", True)]
    assert made.frames["daily_counts"]["n_posts"].sum() == 2
    assert len(made.frames["daily_counts"]) == 9


def test_the_two_wechat_lists_cover_each_its_own_kind(folder):
    both = ["内容标题", "发表时间", "总阅读人数", "总阅读次数", "内容url"]
    post = ["文", 20260706, "1", "2", "http://mp.weixin.qq.com/s?__biz=x&mid=11&idx=1&sn=y"]
    book(folder / "太白林业_2026-07-01_2026-09-30_a.xlsx", [*both, "送达人数"], [*post, "9"])
    book(folder / "太白林业_2026-07-01_2026-09-30_b.xlsx", both, [*post[:-1], post[-1].replace("mid=11", "mid=12")])
    made = imported(folder)
    assert coverage(made, "wechat_notified") == [("林业微信", "07-01", "09-30", "file_name", True)]
    assert coverage(made, "wechat_unnotified") == [("林业微信", "07-01", "09-30", "file_name", True)]
    assert coverage(made) == []
    assert (len(made.frames["posts"]), made.frames["posts"]["has_time"].any()) == (2, False)


MESSAGES = ["留言编号", "留言主题", "留言时间", "留言详情", "答复意见", "答复时间"]


@pytest.mark.parametrize(("bad", "proves"), [([], True), ([["2", "问", "昨天", "问", "", ""]], False)])
def test_declared_messages_are_complete_unless_rows_were_lost(folder, bad, proves):
    book(folder / "留言.xlsx", MESSAGES, ["1", "问", "2026-07-06 08:00", "问", "答", "2026-07-07 08:00"], *bad)
    listed(folder, ("留言.xlsx", "林业微信", "2026-07-01", "2026-09-30", "留言"))
    assert coverage(imported(folder), "messages") == [("林业微信", "07-01", "09-30", "manifest", proves)]


def test_an_empty_message_list_with_a_declared_span_covers_every_account(folder):
    book(folder / "留言.xlsx", MESSAGES)
    listed(folder, ("留言.xlsx", None, "2026-07-01", "2026-09-30", "留言"))
    made = imported(folder)
    assert {row[0] for row in coverage(made, "messages")} == {account[0] for account in ACCOUNTS}
    assert all(row[4] for row in coverage(made, "messages"))


CLEARED = ["账号", "标题", "发布时间", "审核时间", "审核人"]


def test_a_declared_list_that_is_not_there_proves_nothing_and_is_told(folder):
    """Else a forgotten file would take the points of every account for clearances, or give all of them for replies."""
    listed(folder, ("审核记录.xlsx", None, "2026-07-01", "2026-09-30", "审核记录"), ("留言.xlsx", None, "2026-07-01", "2026-09-30", "留言"))
    made = imported(folder)
    assert (coverage(made, "clearances"), coverage(made, "messages")) == ([], [])
    said = told(made)
    assert "写着“审核记录.xlsx”，本季度的文件夹里没有这个文件或文件夹，这一行不起作用" in said
    assert "写着“留言.xlsx”，本季度的文件夹里没有这个文件或文件夹，这一行不起作用" in said


def test_a_declared_list_with_headings_only_counts_and_nothing_is_told(folder):
    book(folder / "审核" / "三季度.xlsx", CLEARED, sheet="审核记录")
    listed(folder, ("审核", "林业微信", "2026-07-01", "2026-09-30", "审核记录"))
    made = imported(folder)
    assert coverage(made, "clearances") == [("林业微信", "07-01", "09-30", "manifest", True)]
    assert "不起作用" not in told(made)


def test_a_declared_file_that_holds_another_list_proves_nothing(folder):
    book(folder / "留言.xlsx", CLEARED, sheet="审核记录")
    listed(folder, ("留言.xlsx", "林业微信", "2026-07-01", "2026-09-30", "留言"))
    made = imported(folder)
    assert coverage(made, "messages") == []
    assert "写着“留言.xlsx”里有完整的留言，那里却没有读到留言的表" in told(made)


@pytest.mark.parametrize("other", [b"", "甲,乙\n1,2\n".encode(), b"PK\x03\x04 torn"])
def test_a_declared_folder_with_a_file_that_nobody_could_read_does_not_prove_absence(folder, other):
    book(folder / "信箱" / "留言.xlsx", MESSAGES)
    listed(folder, ("信箱", "林业微信", "2026-07-01", "2026-09-30", "留言"))
    assert coverage(imported(folder), "messages") == [("林业微信", "07-01", "09-30", "manifest", True)]
    (folder / "信箱" / "其他.xlsx").write_bytes(other)
    made = imported(folder)
    assert coverage(made, "messages") == [("林业微信", "07-01", "09-30", "manifest", False)]
    assert "信箱/其他.xlsx”却读不了或不认识" in told(made)


def test_the_copy_of_a_declared_list_is_that_list(folder):
    place = book(folder / "留言.xlsx", MESSAGES, ["1", "问", "2026-07-06 08:00", "问", "答", "2026-07-07 08:00"])
    shutil.copy(place, folder / "留言 - 副本.xlsx")
    listed(folder, ("留言.xlsx", "林业微信", "2026-07-01", "2026-09-30", "留言"))
    assert coverage(imported(folder), "messages") == [("林业微信", "07-01", "09-30", "manifest", True)]


def test_a_line_for_an_export_that_is_not_there_is_told(folder):
    works(folder / "太白林业" / "作品.xlsx", "2026-07-06 08:00:00")
    listed(folder, ("太白林業/作品.xlsx", "林业抖音", "2026-07-01", "2026-09-30"))
    assert "写着“太白林業/作品.xlsx”，本季度的文件夹里没有这个文件" in told(imported(folder))


def test_a_list_of_messages_of_another_quarter_is_told(folder):
    line = ["1", "问", "2026-04-06 08:00", "问", "答", "2026-04-07 08:00"]
    book(folder / "留言.xlsx", MESSAGES, line)
    listed(folder, ("留言.xlsx", "林业微信", "2026-07-01", "2026-09-30", "留言"))
    assert "1 行的留言时间是 2026-04-06 至 2026-04-06，没有一行在2026年第三季度" in told(imported(folder))
    book(folder / "留言.xlsx", MESSAGES, line, ["2", "问", "2026-09-30 23:59", "问", "", ""])
    assert "没有一行在" not in told(imported(folder))


def test_the_list_of_one_account_lets_the_office_vouch_for_that_account_only(folder):
    line = ["1", "问", "2026-07-06 08:00", "问", "答", "2026-07-07 08:00"]
    book(folder / "太白水利" / "留言.xlsx", MESSAGES, line)
    assert coverage(imported(folder, whole_quarter=True), "messages") == [("水利抖音", "07-01", "09-30", "vouched", True)]
    book(folder / "太白水利" / "留言.xlsx", ["账号", *MESSAGES], ["太白水利", *line])
    assert {row[0] for row in coverage(imported(folder, whole_quarter=True), "messages")} == {account[0] for account in ACCOUNTS}


@pytest.mark.parametrize(("lines", "is_vouched"), [([], True), (["2026-06-30 23:59"], False), (["2026-06-30 23:59", "2026-07-01 00:00"], True)])
def test_the_office_cannot_vouch_with_the_messages_of_another_quarter(folder, lines, is_vouched):
    book(folder / "留言.xlsx", ["账号", *MESSAGES], *[["太白水利", str(n), "问", day, "问", "答", "2026-07-07 08:00"] for n, day in enumerate(lines)])
    assert bool(coverage(imported(folder, whole_quarter=True), "messages")) is is_vouched


def test_a_declared_list_of_one_account_speaks_for_that_account_only(folder):
    book(folder / "太白水利" / "留言.xlsx", MESSAGES, ["1", "问", "2026-07-06 08:00", "问", "答", "2026-07-07 08:00"])
    listed(folder, ("太白水利/留言.xlsx", None, "2026-07-01", "2026-09-30", "留言"))
    assert coverage(imported(folder), "messages") == [("水利抖音", "07-01", "09-30", "manifest", True)]


@pytest.mark.parametrize(("said", "basis"), [("留言", "presumed"), ("审核", "presumed"), ("粉丝", "presumed"), ("发布", "manifest"), (None, "manifest")])
def test_days_that_are_declared_of_messages_prove_nothing_of_posts(folder, said, basis):
    works(folder / "水利" / "作品.xlsx", "2026-07-06 08:00:00")
    book(folder / "水利" / "留言.xlsx", MESSAGES)
    listed(folder, ("水利", "水利抖音", "2026-07-01", "2026-09-30", said))
    assert [row[3] for row in coverage(imported(folder))] == [basis]


def test_days_that_are_declared_of_one_list_of_wechat_prove_nothing_of_the_other(folder):
    listed(folder, ("太白林业", "林业微信", "2026-07-01", "2026-09-30", "微信已通知内容"))
    headings = ["内容标题", "发表时间", "总阅读人数", "总阅读次数", "内容url"]
    for name, extra, day in (("a", {"送达人数": 9}, "2026-07-06"), ("b", {}, "2026-07-20")):
        post = [name, day, 1, 2, f"http://mp.weixin.qq.com/s?mid={name}&idx=1"]
        book(folder / "太白林业" / f"{name}.xlsx", [*headings, *extra], [*post, *extra.values()])
    made = imported(folder)
    assert (coverage(made, "wechat_notified")[0][3], coverage(made, "wechat_unnotified")[0][3]) == ("manifest", "presumed")


@pytest.mark.parametrize(("second", "basis", "is_told"), [("2026-08-01", "manifest", False), ("2026-08-02", "presumed", True), ("2026-07-15", "manifest", False)])
def test_stretches_that_are_declared_of_one_file_count_only_without_a_hole(folder, second, basis, is_told):
    works(folder / "太白林业dy" / "作品.xlsx", "2026-07-06 08:00:00", "2026-09-06 08:00:00")
    listed(folder, ("太白林业dy", None, "2026-07-01", "2026-07-31"), ("太白林业dy", None, second, "2026-09-30"))
    made = imported(folder)
    assert [row[3:] for row in coverage(made)] == [(basis, basis == "manifest")]
    assert ("中间有空缺" in told(made)) is is_told


def test_a_row_of_another_account_does_not_speak_of_a_file_of_the_same_name(folder):
    crawled_json = [{"user": {"id": 3937348351, "screen_name": "太白林业发布"}, "weibo": [
        {"id": 5105764274798801, "bid": "P1", "text": "文", "created_at": "2026-07-06T08:00:00", "attitudes_count": 1, "comments_count": 2, "reposts_count": 3}]}]
    (folder / "一").mkdir()
    (folder / "一" / "导出.json").write_text(json.dumps(crawled_json[0], ensure_ascii=False), encoding="utf-8")
    listed(folder, ("导出", "林业微博", "2026-07-01", "2026-07-31"), ("导出", "水利抖音", "2026-07-01", "2026-09-30"))
    assert coverage(imported(folder)) == [("林业微博", "07-01", "07-31", "manifest", True)]
