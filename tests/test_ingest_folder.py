"""A quarter's folder becomes frames: every post once, every row accounted for, everything odd told."""

import shutil

import openpyxl
import pytest
from export_folders import CRAWLED, WORKS, Q, book, coverage, crawled, imported, listed, registers_only, told, works

from xmt_scoring.ingest import import_folder


@pytest.fixture
def folder(tmp_path):
    return registers_only(tmp_path)


def test_of_two_overlapping_exports_the_later_file_wins(folder):
    works(folder / "太白林业" / "1.xlsx", "2026-07-06 08:00:00", "2026-07-13 08:00:00")
    later = [["作品 2026-07-13 08:00:00", "2026-07-13 08:00:00", "图文", "公开", "99", "9"], ["新", "2026-07-20 08:00:00", "图文", "公开", "5", "1"]]
    book(folder / "太白林业" / "2.xlsx", WORKS, *later)
    made = imported(folder)
    posts = made.frames["posts"]
    assert posts["plays"].tolist() == [12, 99, 5]
    aside = made.frames["quarantine"]
    assert aside[["src_file", "src_row"]].to_numpy().tolist() == [["太白林业/1.xlsx", 3]]
    assert aside["reason"].tolist() == ["重复：以后一个文件为准，内容不同"]
    assert aside["content"].tolist() == ["播放数 12 → 99；点赞数 3 → 9 ‖ 这一行：作品 2026-07-13 08:00:00 | 2026-07-13 08:00:00 | 图文 | 公开 | 12 | 3"]
    assert not made.problems, "counts grow from export to export: that needs no word"


def test_followers_that_come_one_number_a_file_are_one_row_a_day(folder):
    for name, heading, cells in (("1", "总粉丝量", [100, 103]), ("2", "净增粉丝", [5, 3]), ("3", "取关粉丝", [1, None])):
        book(folder / "林业dy" / f"{name}.xlsx", ["日期", heading], ["2026-07-06", cells[0]], ["2026-07-07", cells[1]])
    book(folder / "林业dy" / "4.xlsx", ["日期", "总粉丝量"], ["2026-07-07", 104])
    made = imported(folder)
    rows = made.frames["followers"][["total_followers", "net_followers", "lost_followers"]].astype("object").where(lambda each: each.notna(), None)
    assert rows.to_numpy().tolist() == [[100, 5, 1], [104, 3, None]]  # the later total counts
    reasons = made.frames["quarantine"].set_index(["src_file", "src_row"])["reason"]
    assert reasons["林业dy/2.xlsx", 2] == "同一天的另一项数：已并入后面的那一行"
    assert len(reasons) == 5


def test_a_lower_bound_is_kept_as_one_and_a_count_that_is_no_number_is_told(folder):
    lines = [["甲", "2026-07-06 08:00:00", "图文", "公开", "10万+", "1.2万+"], ["乙", "2026-07-07 08:00:00", "图文", "公开", "8赞", "3"], ["丙", "2026-07-08 08:00:00", "图文", "公开", "5", "-"]]
    book(folder / "太白林业" / "1.xlsx", WORKS, *lines)
    made = imported(folder)
    posts = made.frames["posts"].sort_values("posted_at")
    assert posts["lower_bounds"].fillna("").tolist() == ["播放数 ≥ 100000；点赞数 ≥ 12000", "", ""]
    assert posts["plays"].isna().tolist() == [True, True, False]
    (problem,) = made.problems
    assert "第 3 行" in problem.where and "播放数“8赞”" in problem.what and not problem.is_fatal


def test_a_series_without_a_row_that_counts_says_what_its_rows_are(folder):
    book(folder / "太白林业" / "流量.xlsx", ["日期", "群发篇数", "渠道"], ["20260706", 0, "全部"], ["20260706", 0, "朋友圈"])
    made = imported(folder)
    assert "2 行都是合计、说明、没有数或者分渠道的行" in told(made)
    assert not len(made.frames["daily_counts"]) and not len(made.frames["coverage"])


def test_a_post_whose_words_changed_between_two_exports_is_told_and_the_same_row_again_is_not(folder):
    crawled(folder / "3937348351" / "1.csv", "2026-07-06", "2026-07-13")
    text = (folder / "3937348351" / "1.csv").read_text(encoding="utf-8-sig")
    (folder / "3937348351" / "2.csv").write_text(text.replace("文,2026-07-13", "改过的文,2026-07-13"), encoding="utf-8-sig")
    made = imported(folder)
    aside = made.frames["quarantine"].sort_values("src_row")
    assert aside["reason"].tolist() == ["重复：以后一个文件为准", "重复：以后一个文件为准，内容不同"]
    assert aside["content"].iloc[1].startswith("标题 文 → 改过的文；正文 文 → 改过的文 ‖ 这一行：")
    assert made.frames["posts"]["text"].tolist() == ["文", "改过的文"]
    assert [problem.where for problem in made.problems if "内容却不同" in problem.what] == ["3937348351/1.csv 第 3 行"]


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


@pytest.mark.parametrize(("ids", "is_told"), [(["5.1E+15", "5.2E+15"], True), (["5100000000000000", "5100000000001234"], True), (["5100000000000000", "5100000000001234", "5100000000001235"], False)])
def test_ids_that_excel_rounded_are_told_once_they_are_the_rule_in_a_file(folder, ids, is_told):
    rows = [[each, "", f"文{n}", f"2026-07-{n + 6:02}", 1, 2, 3] for n, each in enumerate(ids)]
    book(folder / "太白林业发布.xlsx", CRAWLED, *rows)
    made = imported(folder)
    assert len(made.frames["posts"]) == len(ids)
    assert ("被 Excel 舍入过的长数字，没有采用" in told(made)) is is_told


def test_posts_that_all_give_the_home_page_as_their_address_are_different_posts(folder):
    page = "http://taibai.example/"
    head = ["账号", "平台", "发布时间", "标题", "链接", "是否原创"]
    rows = [["太白林业", "抖音", "2026-07-06 09:00", "甲", page, "是"], ["太白林业", "抖音", "2026-07-07 09:00", "乙", page, "是"]]
    book(folder / "通用发布记录.xlsx", head, *rows)
    assert imported(folder).frames["posts"]["title"].tolist() == ["甲", "乙"]
    book(folder / "通用发布记录.xlsx", head, rows[0], [*rows[0][:3], "甲（修订）", *rows[0][4:]])
    assert imported(folder).frames["posts"]["title"].tolist() == ["甲（修订）"], "one address on one day is one post"


@pytest.mark.parametrize(("name", "n_late"), [("作品_20260712", 1), ("作品_2026-07-13", 0), ("作品_2026-07-01至2026-07-10", 0), ("作品 202607123", 0), ("作品", 0)])
def test_rows_later_than_the_day_in_the_name_of_their_file_are_told(folder, name, n_late):
    works(folder / "太白林业" / f"{name}.xlsx", "2026-07-06 08:00:00", "2026-07-13 08:00:00")
    said = [problem for problem in imported(folder).problems if "文件名里的日期是" in problem.what]
    assert [f"却有 {n_late} 行比它晚（如 2026-07-13）" in problem.what for problem in said] == [True] * n_late


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


def dated(folder, **days):
    """The register of accounts with these cells of 太白水利 (an account on Douyin) changed."""
    path = folder / "登记" / "台账.xlsx"
    made = openpyxl.load_workbook(path)
    page = made["账号"]
    (row,) = [cells[0].row for cells in page.iter_rows() if cells[0].value == "水利抖音"]
    page.cell(1, 9).value = "关闭日期"
    for heading, day in days.items():
        page.cell(row, [cell.value for cell in page[1]].index(heading) + 1).value = day
    made.save(path)
    return row


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"开设日期": "2026-07-09"}, "“太白水利”的开设日期是 2026-07-09，之前却有 1 行发布记录（如 太白水利.xlsx「Sheet1」表第 2 行，2026-07-08）"),
        ({"开设日期": "2026-07-08"}, None),  # on the first day itself
        ({"关闭日期": "2026-08-04"}, "“太白水利”的关闭日期是 2026-08-04，之后却有 1 行发布记录（如 太白水利.xlsx「Sheet1」表第 3 行，2026-08-05）"),
        ({"关闭日期": "2026-08-05"}, None),  # on the last day itself
    ],
)
def test_a_post_before_the_opening_or_after_the_closing_is_told_with_both_places_and_kept(folder, cells, said):
    row = dated(folder, **cells)
    works(folder / "太白水利.xlsx", "2026-07-08 08:00:00", "2026-08-05 08:00:00")
    made = imported(folder)
    assert len(made.frames["posts"]) == 2
    heading = next(iter(cells))
    assert (f"登记/台账.xlsx「账号」表第 {row} 行「{heading}」列" in told(made)) == (said is not None)
    assert said is None or said in told(made)
    assert not any(problem.is_fatal for problem in made.problems)


def test_a_work_that_only_its_author_sees_contradicts_nothing(folder):
    dated(folder, 关闭日期="2026-08-04")
    works(folder / "太白水利.xlsx", "2026-08-05 08:00:00", status="自见")
    assert "关闭日期" not in told(imported(folder))


@pytest.mark.parametrize(("opened", "is_told"), [("2026-09-30", False), ("2026-10-01", True), ("2036-01-01", True)])
def test_an_account_that_its_opening_day_keeps_out_of_the_quarter_is_told(folder, opened, is_told):
    row = dated(folder, 开设日期=opened)
    where = f"登记/台账.xlsx「账号」表第 {row} 行「开设日期」列"
    assert (where in told(imported(folder))) == is_told
    assert ("在2026年第三季度之后，本季度不检查这个账号" in told(imported(folder))) == is_told


def test_rows_that_are_no_data_are_named_by_their_numbers(folder):
    days = [[f"2026-07-{day:02}", "-"] for day in range(1, 16)]
    book(folder / "太白林业" / "每日.xlsx", ["日期", "投稿量"], ["2026-06-30", 1], *days, ["合计", 1])
    book(folder / "登记" / "规定转载.xlsx", ["转载任务编号", "标题", "印发日期"], ["R1", "防汛通知", "2026-07-06"], ["合计", "1 条", None], sheet="规定转载")
    made = imported(folder).frames["files"].set_index("file")
    assert made.loc["太白林业/每日.xlsx", "note"].endswith("非数据行：第 3、4、5、6、7、8、9、10、11、12、13、14 等 16 行")
    assert made.loc["登记/规定转载.xlsx", "note"] == "非数据行：第 3 行"
    assert made.loc["登记/规定转载.xlsx", "n_no_data_rows"] == 1


def test_headings_that_write_the_word_for_account_the_other_way_are_the_same(folder):
    book(folder / "发布.xlsx", ["帐号", "平台", "发布时间", "标题", "链接"], ["林业抖音", "抖音", "2026-07-06 08:00", "防火", None], sheet="发布记录")
    book(folder / "留言.xlsx", ["留言编号", "帐号", "留言时间", "留言详情"], ["M1", "林业微信", "2026-07-06 08:00", "路灯"], sheet="留言")
    made = imported(folder).frames
    assert (made["posts"]["account_id"].tolist(), made["messages"]["account_id"].tolist()) == (["林业抖音"], ["林业微信"])
