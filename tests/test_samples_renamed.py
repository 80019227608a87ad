"""Every real export, renamed to names that say nothing and put into one folder: the list of files says whose each is, and the
frames hold what a count of the files without the importer says."""

import csv
import json
import shutil

import openpyxl
import pandas as pd
import pytest
from export_folders import conserved
from lxml import html
from test_samples import SAMPLES

from xmt_scoring.ingest import import_folder
from xmt_scoring.periods import Quarter

pytestmark = [
    pytest.mark.skipif(not SAMPLES.exists(), reason="the shared sample exports are not beside this checkout"),
    pytest.mark.filterwarnings("ignore:Workbook contains no default style"),  # openpyxl, which counts here
]
# what it is → the name that it gets, the account, the days that the office states
GIVEN = {
    "wechat/user_analysis_20260914.xls": ("1.dat", "甲", None, None),
    "weibo/共青团中央_3937348351.csv": ("2", "乙", "2020-01-13", "2020-01-14"),
    "weibo/津云新闻_1960785875.csv": ("新建 文本文档 (3).txt", "丙", None, None),
    "weibo/津云新闻_1960785875.json": ("4.xlsx", "丙", None, None),
    "weibo/人民日报_2803301701_cut.csv": ("5.xls", "丁", "2020-05-11", "2020-05-17"),
    "weibo/users_人民日报.csv": ("6.csv", None, None, None),
    "douyin/抖音数据.xlsx": ("7.csv", "戊", "2025-09-01", "2025-09-30"),
    "shipinhao/视频号动态数据明细.csv": ("8.xlsx", "己", "2025-09-05", "2025-09-27"),
    "xiaohongshu/小红书数据.xlsx": ("９.html", "庚", None, None),
    "xiaohongshu/笔记列表明细表_a.xlsx": ("10.json", "庚", None, None),
    "baijiahao/123.xlsx": ("11.bak", "辛", None, None),
    "zhihu/知乎日报表.xls": ("12.xlsx", "壬", None, None),
    "kuaishou/快手数据.xlsx": ("13.xls", "癸", None, None),
    "messages/sample_附件3.xlsx": ("14", "甲", None, None),
    "messages/sample_附件4.xlsx": ("15.csv", "戊", None, None),
    "messages/附件2.xlsx": ("16.txt", "己", None, None),
}
PLATFORMS = dict(zip("甲乙丙丁戊己庚辛壬癸", ["微信公众号", "微博", "微博", "微博", "抖音", "视频号", "小红书", "百家号", "知乎", "快手"], strict=True))


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("混在一起")
    for sample, (name, *_) in GIVEN.items():
        shutil.copy(SAMPLES / sample, folder / name)
    books = {
        "单位.xlsx": ("单位", [["单位", "单位名称"], ["u1", "样本单位"]]),
        "台账.xlsx": (
            "账号",
            [
                ["账号", "账号名称", "平台", "主办单位", "开设日期", "账号状态"],
                *[[f"编号{key}", f"样本{key}号", platform, "u1", "2015-01-01", "运行"] for key, platform in PLATFORMS.items()],
            ],
        ),
        "导出文件清单.xlsx": (
            "清单",
            [["文件", "账号", "起始日", "截止日"], *[[name, f"样本{key}号", start, end] for name, key, start, end in GIVEN.values() if key]],
        ),
    }
    for file, (title, rows) in books.items():
        book = openpyxl.Workbook()
        book.active.title = title
        for row in rows:
            book.active.append(row)
        book.save(folder / file)
    imported = import_folder(folder, Quarter.parse("2025Q3"), whole_quarter=False, known_items={})
    assert not [problem for problem in imported.problems if problem.is_fatal], imported.problems
    conserved(imported)
    return imported.frames


def csv_lines(sample):
    csv.field_size_limit(10**8)
    with (SAMPLES / sample).open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def xlsx_lines(sample, header=1):
    rows = list(openpyxl.load_workbook(SAMPLES / sample).active.iter_rows(values_only=True))
    lines = [row for row in rows[header:] if any(cell is not None for cell in row)]
    return [dict(zip(rows[header - 1], row, strict=True)) for row in lines]


def test_the_posts_of_every_account_are_the_lines_of_its_files(made):
    by_hand = {
        "编号乙": len(csv_lines("weibo/共青团中央_3937348351.csv")),
        "编号丙": len({line["bid"] for line in csv_lines("weibo/津云新闻_1960785875.csv")}),  # the json holds the same
        "编号丁": len({line["bid"] for line in csv_lines("weibo/人民日报_2803301701_cut.csv")}),
        "编号戊": len(xlsx_lines("douyin/抖音数据.xlsx")),
        "编号己": len(csv_lines("shipinhao/视频号动态数据明细.csv")),
        "编号庚": len(xlsx_lines("xiaohongshu/小红书数据.xlsx")) + len(xlsx_lines("xiaohongshu/笔记列表明细表_a.xlsx", 2)),
        "编号辛": len(xlsx_lines("baijiahao/123.xlsx")),
    }
    assert by_hand == {"编号乙": 23, "编号丙": 200, "编号丁": 316, "编号戊": 15, "编号己": 14, "编号庚": 22, "编号辛": 10}
    assert made["posts"].groupby("account_id").size().to_dict() == by_hand
    in_json = json.loads((SAMPLES / "weibo/津云新闻_1960785875.json").read_text(encoding="utf-8-sig"))["weibo"]
    assert {post["bid"] for post in in_json} == {line["bid"] for line in csv_lines("weibo/津云新闻_1960785875.csv")}


def test_the_sums_of_the_counts_are_those_of_the_files(made):
    sums = made["posts"].groupby("account_id")[["plays", "likes", "comments", "shares", "saves"]].sum(min_count=1)
    works = xlsx_lines("douyin/抖音数据.xlsx")
    for column, word in (("plays", "播放量"), ("likes", "点赞量"), ("comments", "评论量"), ("shares", "分享量"), ("saves", "收藏量")):
        assert sums.loc["编号戊", column] == sum(int(work[word]) for work in works if work[word] not in ("-", None))
    videos = csv_lines("shipinhao/视频号动态数据明细.csv")
    for column, word in (("plays", "播放量"), ("likes", "喜欢"), ("comments", "评论量"), ("shares", "分享量")):
        assert sums.loc["编号己", column] == sum(int(video[word]) for video in videos)
    lines = csv_lines("weibo/人民日报_2803301701_cut.csv")
    for column, word in (("likes", "点赞数"), ("comments", "评论数"), ("shares", "转发数")):
        assert sums.loc["编号丁", column] == sum({line["bid"]: int(line[word]) for line in lines}.values())


def test_followers_profiles_and_messages_are_the_lines_of_their_files(made):
    page = html.fromstring((SAMPLES / "wechat/user_analysis_20260914.xls").read_bytes().decode("utf-8"))
    days = [["".join(cell.itertext()).strip() for cell in row if cell.tag in ("td", "th")] for row in page.iter("tr")]
    days = [row for row in days if row and row[0].startswith("2026-")]
    followers = made["followers"]
    assert set(followers["account_id"]) == {"编号甲"} and len(followers) == len(days) == 31
    assert int(followers["new_followers"].sum()) == sum(int(row[1]) for row in days if row[1] != "-")
    assert made["profiles"]["platform_account_no"].tolist() == ["1960785875", "2803301701"]
    messages = made["messages"].groupby("account_id").size().to_dict()
    lists = {"编号甲": "messages/sample_附件3.xlsx", "编号戊": "messages/sample_附件4.xlsx", "编号己": "messages/附件2.xlsx"}
    assert messages == {account: len({line["留言编号"] for line in xlsx_lines(sample)}) for account, sample in lists.items()}


def test_the_days_that_the_office_stated_are_the_coverage_and_nothing_else_proves_absence(made):
    coverage = made["coverage"]
    proven = coverage[coverage["proves_absence"] & (coverage["covers"] == "posts")]
    spans = {row.account_id: (f"{row.covers_from:%Y-%m-%d}", f"{row.covers_to:%Y-%m-%d}") for row in proven.itertuples()}
    assert spans == {f"编号{key}": (start, end) for _, key, start, end in GIVEN.values() if start}


def test_what_holds_no_posts_is_listed_with_every_row_and_its_reason(made):
    files = made["files"].set_index("file")
    assert (files.loc["12.xlsx", "kind"], files.loc["12.xlsx", "n_quarantined"]) == ("other", 7)
    assert (files.loc["13.xls", "kind"], files.loc["13.xls", "n_kept"]) == ("other", 0)
    reasons = made["quarantine"].groupby("src_file")["reason"].first()
    assert "每日合计" in reasons["12.xlsx"] and "不认识" in reasons["13.xls"]
    assert pd.Series([name for name, *_ in GIVEN.values()]).isin(files.index).all()
