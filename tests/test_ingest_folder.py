"""A quarter's folder becomes frames: whose file it is, what it covers, every post once, every row accounted for."""

import json
import shutil
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from xmt_scoring.ingest import explain_file, import_folder
from xmt_scoring.periods import Quarter

Q = Quarter.parse("2026Q3")
ACCOUNTS = [
    # id, name, platform, number at the platform, alias of folders
    ("林业微信", "太白林业", "微信公众号", "gh_0a1b2c3d", None),
    ("林业抖音", "太白林业", "抖音", "tblyj2021", "林业dy"),
    ("水利抖音", "太白水利", "抖音", None, None),
    ("水利二抖音", "太白水利质监", "抖音", None, None),
    ("林业微博", "太白林业发布", "微博", "3937348351", None),
    ("07", "短号", "抖音", None, None),
]
WORKS = ["作品名称", "发布时间", "体裁", "审核状态", "播放量", "点赞量"]
CRAWLED = ["id", "bid", "正文", "日期", "点赞数", "评论数", "转发数"]


def book(path: Path, *rows, sheet="Sheet1"):
    path.parent.mkdir(parents=True, exist_ok=True)
    made = openpyxl.Workbook()
    made.active.title = sheet
    for row in rows:
        made.active.append(row)
    made.save(path)
    return path


def works(path: Path, *days, status="公开", top=WORKS, above=()):
    return book(path, *above, top, *[[f"作品 {day}", day, "图文", status, "12", "3"] for day in days])


def crawled(path: Path, *days, first=0):
    lines = [CRAWLED, *[[f"51057642747988{n:02}", f"Pbid{n:05}", "文", day, "1", "2", "3"] for n, day in enumerate(days, first)]]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(",".join(line) for line in lines), encoding="utf-8-sig")
    return path


@pytest.fixture
def folder(tmp_path):
    """The registers alone, in a folder with Chinese, a blank and parentheses."""
    place = tmp_path / "第三季度 (副本)"
    book(place / "登记" / "单位.xlsx", ["单位", "单位名称"], ["u1", "太白县林业局"], sheet="单位")
    book(
        place / "登记" / "台账.xlsx",
        ["账号", "账号名称", "平台", "平台账号ID", "文件夹别名", "主办单位", "开设日期", "账号状态"],
        *[[*account, "u1", "2020-01-01", "运行"] for account in ACCOUNTS],
        sheet="账号",
    )
    return place


def listed(folder: Path, *rows):
    """导出文件清单: file, account, from, to, covers."""
    book(folder / "导出文件清单.xlsx", ["文件", "账号", "起始日", "截止日", "数据内容"], *[[*row, *[None] * (5 - len(row))] for row in rows])


def imported(folder: Path, whole_quarter=False):
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    made = import_folder(folder, Q, whole_quarter=whole_quarter, known_items={})
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before, "the raw folder was changed"
    conserved(made)
    return made


def conserved(made):
    """Every row that came in is kept, set aside with its place, or named as no data."""
    files, quarantine = made.frames["files"], made.frames["quarantine"]
    assert (files["n_rows"] == files["n_kept"] + files["n_quarantined"] + files["n_no_data_rows"]).all()
    aside = quarantine.groupby("src_file").size()
    expected = files.groupby("file")["n_quarantined"].sum()
    assert aside.reindex(expected.index, fill_value=0).tolist() == expected.tolist()
    for kind in ("posts", "daily_counts", "followers"):
        kept = made.frames[kind].groupby("src_file").size()
        counted = files[files["kind"] == kind].groupby("file")["n_kept"].sum()
        assert kept.reindex(counted.index, fill_value=0).tolist() == counted.tolist()


def told(made):
    return "\n".join(str(problem) for problem in made.problems)


def owner(made, name):
    (account,) = made.frames["files"].set_index("file").loc[[name], "account_id"]
    return None if pd.isna(account) else account


def coverage(made, covers="posts"):
    rows = made.frames["coverage"].query("covers == @covers")
    return [
        (row.account_id, f"{row.covers_from:%m-%d}", f"{row.covers_to:%m-%d}", row.coverage_basis, row.proves_absence)
        for row in rows.itertuples()
    ]


# ---------------------------------------------------------------- whose export is it?


@pytest.mark.parametrize(
    ("place", "account"),
    [
        ("太白林业/作品列表导出.xlsx", "林业抖音"),
        ("抖音/林业DY (1).xlsx", "林业抖音"),
        ("抖音/tblyj2021_导出.xlsx", "林业抖音"),
        ("抖音/xtblyj20210.xlsx", None),  # a number inside another word is no number
        ("太白水利质监/作品.xlsx", "水利二抖音"),  # the shorter name stands inside the longer
        ("太白水利/太白水利质监.xlsx", None),  # both names stand there
        ("太白林业/太白水利.xlsx", None),
        ("作品列表导出.xlsx", None),
        ("2026-07-01_2026-09-30.xlsx", None),  # a month is no account number
        ("07/作品.xlsx", "07"),
    ],
)
def test_exactly_one_registered_word_in_the_path_says_whose_it_is(folder, place, account):
    works(folder / place, "2026-07-06 08:00:00")
    made = imported(folder)
    assert owner(made, place) == account
    assert len(made.frames["posts"]) == (account is not None)
    assert ("待认领" in told(made)) == (account is None)


def test_rows_that_nobody_claims_wait_with_their_place_and_the_list_is_named(folder):
    works(folder / "谁的.xlsx", "2026-07-06 08:00:00", "2026-07-13 08:00:00")
    made = imported(folder)
    waiting = made.frames["quarantine"]
    assert waiting["src_row"].tolist() == [2, 3]
    assert waiting["reason"].str.startswith("待认领").all()
    assert "导出文件清单.xlsx" in told(made)
    assert not [problem for problem in made.problems if problem.is_fatal]


@pytest.mark.parametrize("said", ["抖音/a.xlsx", "a.xlsx", "a", "抖音", "抖音/", "抖音\\A.XLSX"])
def test_the_list_of_files_says_whose_it_is_by_path_name_or_folder(folder, said):
    works(folder / "抖音" / "a.xlsx", "2026-07-06 08:00:00")
    listed(folder, (said, "水利抖音", "2026-07-01", "2026-09-30"))
    made = imported(folder)
    assert owner(made, "抖音/a.xlsx") == "水利抖音"
    assert coverage(made) == [("水利抖音", "07-01", "09-30", "manifest", True)]


def test_the_list_of_files_goes_before_the_path(folder):
    works(folder / "太白林业.xlsx", "2026-07-06 08:00:00")
    listed(folder, ("太白林业.xlsx", "水利抖音"))
    assert owner(imported(folder), "太白林业.xlsx") == "水利抖音"


def test_a_file_of_its_own_in_the_list_goes_before_its_folder_and_each_may_say_a_part(folder):
    works(folder / "抖音" / "a.xlsx", "2026-07-06 08:00:00")
    works(folder / "抖音" / "b.xlsx", "2026-07-07 08:00:00")
    listed(folder, ("抖音", "水利抖音", "2026-07-01", "2026-07-31"), ("a.xlsx", None, "2026-07-05", "2026-07-10"), ("b.xlsx", "林业抖音"))
    made = imported(folder)
    assert (owner(made, "抖音/a.xlsx"), owner(made, "抖音/b.xlsx")) == ("水利抖音", "林业抖音")
    assert set(coverage(made)) == {("水利抖音", "07-05", "07-10", "manifest", True), ("林业抖音", "07-01", "07-31", "manifest", True)}


def test_an_account_of_another_platform_in_the_list_is_told_and_not_used(folder):
    works(folder / "a.xlsx", "2026-07-06 08:00:00")
    listed(folder, ("a.xlsx", "林业微博"))
    made = imported(folder)
    assert owner(made, "a.xlsx") is None
    assert "不是这个平台" in told(made)


def weibo_json(path: Path, uid, name, *days):
    posts = [{"id": 5105764274798880 + n, "bid": f"Pbid{n:05}", "text": "文", "created_at": day} for n, day in enumerate(days)]
    path.write_text(json.dumps({"user": {"id": uid, "screen_name": name}, "weibo": posts}, ensure_ascii=False), encoding="utf-8")


@pytest.mark.parametrize(("uid", "name", "account"), [("3937348351", "改了名", "林业微博"), ("5", "太白林业发布", "林业微博"), ("5", "别人", None)])
def test_the_account_in_the_file_goes_first_by_number_then_by_name(folder, uid, name, account):
    weibo_json(folder / "a.json", uid, name, "2026-07-06T08:00:00")
    assert owner(imported(folder), "a.json") == account


def test_a_path_that_contradicts_the_number_in_the_file_decides_nothing(folder):
    weibo_json(folder / "太白林业发布.json", "999", "别人", "2026-07-06T08:00:00")
    made = imported(folder)
    assert owner(made, "太白林业发布.json") is None
    assert "999" in told(made)


def test_rows_of_several_accounts_in_one_file_are_told_apart(folder):
    head = "微博id,用户id,用户昵称,微博正文,发布时间,点赞数,转发数,评论数"
    lines = [head, "PbidA0001,3937348351,太白林业发布,文,2026-07-06 08:00,1,2,3", "PbidA0002,77,别人,文,2026-07-06 09:00,1,2,3"]
    (folder / "两个.csv").write_text("\n".join(lines), encoding="utf-8")
    made = imported(folder)
    assert made.frames["posts"][["account_id", "shares", "comments"]].to_numpy().tolist() == [["林业微博", 2, 3]]
    assert made.frames["quarantine"]["src_row"].tolist() == [3]


# ---------------------------------------------------------------- what it covers


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


def test_a_list_without_rows_and_without_a_span_says_nothing(folder):
    works(folder / "太白林业.xlsx")
    assert coverage(imported(folder)) == []


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


# ---------------------------------------------------------------- every post once


def test_of_two_overlapping_exports_the_later_file_wins(folder):
    works(folder / "太白林业" / "1.xlsx", "2026-07-06 08:00:00", "2026-07-13 08:00:00")
    later = [["作品 2026-07-13 08:00:00", "2026-07-13 08:00:00", "图文", "公开", "99", "9"], ["新", "2026-07-20 08:00:00", "图文", "公开", "5", "1"]]
    book(folder / "太白林业" / "2.xlsx", WORKS, *later)
    made = imported(folder)
    posts = made.frames["posts"]
    assert posts["plays"].tolist() == [12, 99, 5]
    aside = made.frames["quarantine"]
    assert aside[["src_file", "src_row"]].to_numpy().tolist() == [["太白林业/1.xlsx", 3]]
    assert aside["reason"].str.startswith("重复").all()


def test_a_post_twice_in_one_file_counts_once(folder):
    works(folder / "太白林业.xlsx", "2026-07-06 08:00:00", "2026-07-06 08:00:00")
    made = imported(folder)
    assert (len(made.frames["posts"]), len(made.frames["quarantine"])) == (1, 1)


def test_eight_articles_of_one_push_are_eight_posts(folder):
    url = "http://mp.weixin.qq.com/s?__biz=x&mid=11&idx={}&sn=y#rd"
    lines = [["同题", 20260706, "1", "2", url.format(idx)] for idx in range(1, 9)]
    book(folder / "太白林业.xlsx", ["内容标题", "发表时间", "总阅读人数", "总阅读次数", "内容url"], *lines)
    assert len(imported(folder).frames["posts"]) == 8


def test_the_same_weibo_post_in_lists_of_different_tools_counts_once(folder):
    crawled(folder / "太白林业发布" / "a.csv", "2026-07-06", "2026-07-07")
    head = ["发布时间", "微博内容", "阅读数", "URL"]
    book(folder / "太白林业发布" / "b.xlsx", head, ["2026-07-06 08:00", "文", "9", "https://weibo.com/3937348351/Pbid00000?from=x"])
    (folder / "太白林业发布" / "c.csv").write_text(
        "微博id,微博正文,发布时间,点赞数,转发数,评论数\nPbid00001,文,2026-07-07 09:00,1,2,3\n", encoding="utf-8"
    )
    made = imported(folder)
    assert made.frames["posts"]["post_id"].tolist() == ["林业微博|Pbid00000", "林业微博|Pbid00001"]
    assert made.frames["posts"]["has_time"].all()


def test_a_damaged_id_is_not_used_and_the_post_is_kept(folder):
    lines = [["6.74302E+18", "", "甲", "2026-07-06", 1, 2, 3], ["6.74302E+18", "", "乙", "2026-07-07", 1, 2, 3]]
    book(folder / "太白林业发布.xlsx", CRAWLED, *lines)
    posts = imported(folder).frames["posts"]
    assert (len(posts), posts["native_id"].isna().all()) == (2, True)


def test_the_same_file_twice_is_listed_and_its_rows_set_aside(folder):
    first = works(folder / "太白林业" / "a.xlsx", "2026-07-06 08:00:00", "2026-07-13 08:00:00")
    shutil.copy(first, folder / "太白林业" / "a (1).xlsx")
    made = imported(folder)
    assert len(made.frames["posts"]) == 2
    assert made.frames["quarantine"]["reason"].str.startswith("重复文件").tolist() == [True, True]
    assert "同一个文件" in told(made)


def test_equal_files_of_two_accounts_are_no_copies(folder):
    works(folder / "太白林业.xlsx")
    shutil.copy(folder / "太白林业.xlsx", folder / "太白水利.xlsx")
    listed(folder, ("太白林业.xlsx", None, "2026-07-01", "2026-09-30"), ("太白水利.xlsx", None, "2026-07-01", "2026-09-30"))
    assert {row[0] for row in coverage(imported(folder))} == {"林业抖音", "水利抖音"}


@pytest.mark.parametrize(("day", "is_inside"), [("2026-06-30", False), ("2026-07-01", True), ("2026-09-30", True), ("2026-10-01", False)])
def test_posts_outside_the_quarter_are_kept_and_marked(folder, day, is_inside):
    works(folder / "太白林业.xlsx", f"{day} 23:59:59")
    assert imported(folder).frames["posts"]["is_in_period"].tolist() == [is_inside]


# ---------------------------------------------------------------- what is told


def test_an_export_of_another_quarter_is_told_and_does_not_stop(folder):
    works(folder / "太白林业.xlsx", "2026-04-06 08:00:00", "2026-05-06 08:00:00")
    made = imported(folder)
    assert "太白林业.xlsx" in told(made)
    assert "不在2026年第三季度" in told(made)
    assert not [problem for problem in made.problems if problem.is_fatal]


@pytest.mark.parametrize(("day", "is_told"), [("2026-08-31", False), ("2026-09-01", True)])
def test_a_post_after_the_exports_own_last_day_is_kept_and_told(folder, day, is_told):
    works(folder / "太白林业_2026-07-01至2026-08-31.xlsx", f"{day} 23:00:00")
    made = imported(folder)
    assert len(made.frames["posts"]) == 1
    assert ("晚于" in told(made)) == is_told


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04zip", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, b"%PDF"])
def test_a_file_that_cannot_be_read_is_listed_and_the_rest_goes_on(folder, content):
    works(folder / "太白林业.xlsx", "2026-07-06 08:00:00")
    (folder / "坏.xls").write_bytes(content)
    made = imported(folder)
    assert "坏.xls" in told(made)
    assert "坏.xls" in made.frames["files"]["file"].tolist()
    assert len(made.frames["posts"]) == 1


@pytest.mark.parametrize("name", ["~$台账.xlsx", "Thumbs.db", ".DS_Store", "下载.tmp"])
def test_litter_of_other_programs_is_listed_and_not_told(folder, name):
    (folder / name).write_bytes(b"\x05litter")
    made = imported(folder)
    assert name in made.frames["files"]["file"].tolist()
    assert name not in told(made)


def test_an_empty_folder_is_told_with_what_to_put_there(tmp_path):
    made = import_folder(tmp_path, Q, whole_quarter=False, known_items={})
    fatal = [str(problem) for problem in made.problems if problem.is_fatal]
    assert fatal
    assert any("账号备案台账" in problem for problem in fatal)


def test_a_folder_of_unreadable_files_only_cannot_be_scored(tmp_path):
    (tmp_path / "a.xlsx").write_bytes(b"")
    made = import_folder(tmp_path, Q, whole_quarter=False, known_items={})
    assert any(problem.is_fatal for problem in made.problems)
    assert made.frames["files"]["file"].tolist() == ["a.xlsx"]


def test_progress_names_every_file(folder):
    works(folder / "太白林业.xlsx", "2026-07-06 08:00:00")
    said = []
    import_folder(folder, Q, whole_quarter=False, known_items={}, progress=said.append)
    assert [word for word in said if "太白林业.xlsx" in word]


def test_one_file_is_explained_as_it_is_imported(folder):
    path = works(folder / "太白林业_2026-07-01至2026-09-30.xlsx", "2026-07-06 08:00:00", "昨天")
    (line,) = explain_file(path)[0].to_dict("records")
    in_folder = imported(folder).frames["files"].set_index("file").loc[path.name]
    for name in ("kind", "platform", "n_rows", "n_kept", "n_quarantined", "covers_from", "covers_to", "coverage_basis", "sha256"):
        assert line[name] == in_folder[name], name


@pytest.mark.parametrize("content", [b"", "甲,乙,丙\n1,2,3\n".encode()])
def test_a_file_that_is_no_export_is_explained_with_a_message(tmp_path, content):
    path = tmp_path / "x.csv"
    path.write_bytes(content)
    lines, problems, _ = explain_file(path)
    assert problems
    assert all(problem.is_fatal for problem in problems)
    assert not (lines["kind"] != "other").any()
