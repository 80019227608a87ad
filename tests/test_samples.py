"""Real exports import without loss. Every figure was counted with csv, openpyxl or lxml by hand, not by the importer."""

import csv
import json
import shutil
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from xmt_scoring.ingest import explain_file, import_folder
from xmt_scoring.periods import Quarter

SAMPLES = Path(__file__).resolve().parents[2] / "shared" / "samples"
pytestmark = pytest.mark.skipif(not SAMPLES.exists(), reason="the shared sample exports are not beside this checkout")

# file → kind, platform, rows, kept, quarantined
COUNTED = {
    "wechat/user_analysis_20260914.xls": ("followers", "wechat_oa", 31, 31, 0),
    "weibo/共青团中央_3937348351.csv": ("posts", "weibo", 23, 23, 0),
    "weibo/津云新闻_1960785875.csv": ("posts", "weibo", 200, 200, 0),
    "weibo/津云新闻_1960785875.json": ("posts", "weibo", 200, 200, 0),
    "weibo/人民日报_2803301701_cut.csv": ("posts", "weibo", 316, 316, 0),
    "weibo/users_人民日报.csv": ("profiles", "weibo", 1, 1, 0),
    "douyin/抖音数据.xlsx": ("posts", "douyin", 15, 15, 0),
    "shipinhao/视频号动态数据明细.csv": ("posts", "wechat_channels", 14, 14, 0),  # 20 lines: descriptions have line breaks
    "xiaohongshu/小红书数据.xlsx": ("posts", "xiaohongshu", 14, 14, 0),
    "xiaohongshu/笔记列表明细表_a.xlsx": ("posts", "xiaohongshu", 8, 8, 0),  # a notice above the headings
    "baijiahao/123.xlsx": ("posts", "baijiahao", 10, 10, 0),
    "zhihu/知乎日报表.xls": ("other", "zhihu", 7, 0, 7),  # readings of a day, no posts
}
UNKNOWN = ["kuaishou/快手数据.xlsx"]  # a survey typed by hand, without any time


@pytest.mark.parametrize("name", list(COUNTED))
def test_a_real_export_is_recognised_by_its_headings_and_every_row_is_accounted_for(name, tmp_path):
    kind, platform, rows, kept, quarantined = COUNTED[name]
    renamed = tmp_path / ("甲" + Path(name).suffix)  # the name must not matter
    shutil.copy(SAMPLES / name, renamed)
    line = explain_file(renamed)[0].iloc[0]
    found = (line["kind"], line["platform"], line["n_rows"], line["n_kept"], line["n_quarantined"])
    assert found == (kind, platform, rows, kept, quarantined)
    assert line["n_rows"] == line["n_kept"] + line["n_quarantined"] + line["n_no_data_rows"]


@pytest.mark.parametrize("name", UNKNOWN)
def test_a_table_that_is_no_export_is_listed_and_never_guessed(name):
    lines, problems, _ = explain_file(SAMPLES / name)
    assert lines["kind"].tolist() == ["other"]
    assert lines["n_quarantined"].tolist() == lines["n_rows"].tolist()
    assert any("不认识" in problem.what and "没有日期或时间列" in problem.what for problem in problems)


def test_the_span_that_wechat_writes_above_its_table_is_the_coverage():
    line = explain_file(SAMPLES / "wechat/user_analysis_20260914.xls")[0].iloc[0]
    assert (str(line["covers_from"].date()), str(line["covers_to"].date()), line["coverage_basis"]) == ("2026-08-14", "2026-09-13", "stated")


MESSAGES = {"messages/sample_附件3.xlsx": (30, 30), "messages/sample_附件4.xlsx": (120, 120), "messages/附件2.xlsx": (495, 495)}


@pytest.mark.parametrize("name", list(MESSAGES))
def test_a_real_message_list_keeps_every_row(name):
    line = explain_file(SAMPLES / name)[0].iloc[0]
    assert (line["kind"], line["n_rows"], line["n_kept"] + line["n_quarantined"]) == ("messages", *MESSAGES[name])
    assert line["n_quarantined"] == 0


ACCOUNTS = [
    # id, name, platform, number at the platform
    ("gqt", "共青团中央", "微博", "3937348351"),
    ("jy", "津云新闻", "微博", "1960785875"),
    ("rmrb", "人民日报", "微博", "2803301701"),
    ("dy", "样本抖音", "抖音", None),
    ("wx", "样本公众号", "微信公众号", None),
    ("sph", "样本视频号", "视频号", None),
    ("xhs", "样本小红书", "小红书", None),
    ("bjh", "样本百家号", "百家号", None),
]


def workspace(folder: Path) -> Path:
    """The sample files with registers written for them; a list says whose the Douyin and WeChat files are."""
    for name in (*COUNTED, *MESSAGES):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(SAMPLES / name, folder / name)
    book = openpyxl.Workbook()
    book.active.title = "单位"
    book.active.append(["单位", "单位名称"])
    book.active.append(["u1", "样本单位"])
    book.save(folder / "单位.xlsx")
    book = openpyxl.Workbook()
    book.active.title = "账号"
    book.active.append(["账号", "账号名称", "平台", "平台账号ID", "主办单位", "开设日期", "账号状态"])
    for account, name, platform, number in ACCOUNTS:
        book.active.append([account, name, platform, number, "u1", "2015-01-01", "运行"])
    book.save(folder / "台账.xlsx")
    book = openpyxl.Workbook()
    book.active.append(["文件", "账号", "起始日", "截止日"])
    book.active.append(["douyin", "dy", "2025-09-01", "2025-09-30"])
    book.active.append(["user_analysis_20260914.xls", "wx", None, None])
    book.active.append(["messages", "wx", None, None])
    for folder_name, account in (("shipinhao", "sph"), ("xiaohongshu", "xhs"), ("baijiahao", "bjh")):
        book.active.append([folder_name, account, None, None])
    book.save(folder / "导出文件清单.xlsx")
    return folder


@pytest.fixture(scope="module")
def imported(tmp_path_factory):
    made = import_folder(
        workspace(tmp_path_factory.mktemp("样本")), Quarter.parse("2025Q3"), whole_quarter=False, known_items={}
    )
    assert not [problem for problem in made.problems if problem.is_fatal], made.problems
    return made.frames


def test_every_file_keeps_the_sum_of_its_rows(imported):
    files = imported["files"]
    assert (files["n_rows"] == files["n_kept"] + files["n_quarantined"] + files["n_no_data_rows"]).all()
    listed = imported["quarantine"].groupby("src_file").size()
    expected = files.groupby("file")["n_quarantined"].sum()
    assert listed.reindex(expected.index, fill_value=0).tolist() == expected.tolist()


def test_the_posts_are_the_ones_that_stand_in_the_files(imported):
    posts = imported["posts"]
    counts = posts.groupby("account_id").size().to_dict()
    # csv and json of 津云新闻 hold the same 200
    assert counts == {"gqt": 23, "jy": 200, "rmrb": 316, "dy": 15, "sph": 14, "xhs": 22, "bjh": 10}
    assert set(posts.loc[posts["account_id"] == "xhs", "platform"]) == {"xiaohongshu"}
    by = posts.set_index("account_id")
    assert by.loc["gqt"][["likes", "shares", "comments"]].sum().tolist() == [44619, 6136, 5161]
    assert by.loc["jy"][["likes", "shares", "comments"]].sum().tolist() == [20697, 510, 1274]
    assert by.loc["rmrb"][["likes", "shares", "comments"]].sum().tolist() == [6744835, 4317139, 776574]
    assert (by.loc["gqt"]["is_original"].sum(), by.loc["jy"]["is_original"].sum()) == (22, 176)


def test_first_and_last_post_are_read_to_the_second_and_days_stay_days(imported):
    by = imported["posts"].groupby("account_id")["posted_at"].agg(["min", "max"])
    assert by.loc["jy"].tolist() == [pd.Timestamp("2024-11-27 22:07:28"), pd.Timestamp("2024-11-29 16:25:05")]
    assert by.loc["gqt"].tolist() == [pd.Timestamp("2020-01-13 08:07"), pd.Timestamp("2020-01-14 16:16")]
    assert by.loc["rmrb"].tolist() == [pd.Timestamp("2020-05-11"), pd.Timestamp("2020-05-17")]
    timed = imported["posts"].groupby("account_id")["has_time"].all().to_dict()
    assert timed == {"gqt": True, "jy": True, "rmrb": False, "dy": True, "sph": False, "xhs": True, "bjh": True}
    assert by.loc["sph"].tolist() == [pd.Timestamp("2025-09-08"), pd.Timestamp("2025-09-27")]
    assert by.loc["xhs"].tolist() == [pd.Timestamp("2025-09-08 21:23:41"), pd.Timestamp("2026-03-24 17:33:05")]
    assert by.loc["bjh", "max"] == pd.Timestamp(1683178449, unit="s") + pd.Timedelta(hours=8)  # unix seconds are Beijing time


def test_works_that_only_the_author_sees_are_kept_and_not_public(imported):
    works = imported["posts"].query("account_id == 'dy'")
    assert (len(works), int((~works["is_visible"]).sum())) == (15, 2)
    assert works["plays"].sum() == 128 + 570 + 606 + 1033 + 2398 + 932 + 2049 + 82405 + 2000 + 0 + 2169 + 0 + 1184 + 1462 + 1697


def test_the_account_profiles_are_the_lines_of_their_files(imported):
    """Counted with csv and json alone: the users file has one account, the json says at its head whose it is."""
    with (SAMPLES / "weibo/users_人民日报.csv").open(encoding="utf-8-sig", newline="") as stream:
        (line,) = csv.DictReader(stream)
    about = json.loads((SAMPLES / "weibo/津云新闻_1960785875.json").read_text(encoding="utf-8-sig"))["user"]
    by = imported["profiles"].set_index("platform_account_no")
    columns = ["profile_name", "verified_as", "total_followers", "total_posts", "is_verified", "is_profile"]
    assert by.loc[line["用户id"], columns].tolist() == [line["昵称"], line["认证信息"], int(line["粉丝数"]), int(line["微博数"]), True, True]
    wanted = [about["screen_name"], about["verified_reason"], about["followers_count"], about["statuses_count"], True, True]
    assert by.loc[about["id"], columns].tolist() == wanted
    assert len(by) == 2 and not (imported["posts"]["src_file"] == "weibo/users_人民日报.csv").any()


def test_the_days_before_the_account_existed_are_missing_not_zero(imported):
    followers = imported["followers"]
    assert (len(followers), int(followers["new_followers"].isna().sum())) == (31, 5)
    assert followers.sort_values("counted_on")["total_followers"].iloc[-1] == 26


def test_a_list_cut_off_at_200_speaks_only_back_to_its_oldest_post(imported):
    coverage = imported["coverage"].query("account_id == 'jy'")
    assert (coverage["covers_from"] >= pd.Timestamp("2024-11-27")).all()
    assert not coverage["proves_absence"].any()


def test_the_messages_are_all_there_and_texts_have_no_blank_edges(imported):
    messages = imported["messages"]
    # 附件2 has one number twice, with the same text and time and another 一级分类: one message, the other row is listed
    assert len(messages) == 30 + 120 + 494
    repeated = imported["quarantine"].query("src_file == 'messages/附件2.xlsx'")
    assert (len(repeated), repeated["reason"].str.contains("重复").all()) == (1, True)
    assert messages["first_reply_at"].notna().sum() == 120
    assert not messages["message_text"].dropna().str.match(r"^\s|.*\s$").any()
