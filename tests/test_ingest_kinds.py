"""What a table is and which of its rows are data: headings wherever they stand, totals, visibility, caps, side-by-side tables."""

import io

import openpyxl
import pytest
from export_bytes import WORK, WORKS, csv_text, opened, reading, xlsx

from xmt_scoring.ingest.kinds import recognise
from xmt_scoring.ingest.platforms import KINDS
from xmt_scoring.ingest.tables import find_table


def test_merged_titles_above_the_headings_are_kept_and_skipped(tmp_path):
    book = openpyxl.Workbook()
    page = book.active
    page["A1"] = "作品数据（2026-07-01至2026-09-30）"
    page.merge_cells("A1:F1")
    page.append([])
    page.append([f" {word}\n" for word in WORKS])
    page.append(WORK)
    stream = io.BytesIO()
    book.save(stream)
    table = find_table(opened(tmp_path, stream.getvalue())[0], WORKS)
    assert (table.header_row, table.headings, table.titles) == (3, WORKS, ["作品数据（2026-07-01至2026-09-30）"])
    assert table.body.index.tolist() == [4]


@pytest.mark.parametrize(("above", "is_found"), [(0, True), (9, True), (10, False)])
def test_headings_are_looked_for_in_the_first_ten_rows_that_are_not_empty(tmp_path, above, is_found):
    text = "说明一行\n\n" * above + csv_text(WORKS, WORK)
    table = find_table(opened(tmp_path, text.encode())[0], WORKS)
    assert (table is not None) == is_found
    if table:
        assert table.header_row == 2 * above + 1


@pytest.mark.parametrize(("n_known", "is_found"), [(2, False), (3, True)])
def test_three_known_headings_make_a_table(tmp_path, n_known, is_found):
    text = csv_text([*WORKS[:n_known], "别的"], ["1"] * (n_known + 1))
    assert (find_table(opened(tmp_path, text.encode())[0], WORKS) is not None) == is_found


def test_totals_notes_and_blank_rows_are_no_data_and_counted(tmp_path):
    lines = [WORK, [], ["合计", "", "", "", "12", "3"], ["", "总计", "", "", "12", ""], ["数据来源：创作者中心"], ["填表人：某某", "", "审核人：某某"]]
    made = reading(tmp_path, xlsx(WORKS, *lines))
    assert (made.n_rows, len(made.rows), len(made.quarantined), made.n_no_data_rows) == (5, 1, 0, 4)


def test_a_post_whose_title_begins_like_a_total_is_a_post(tmp_path):
    made = reading(tmp_path, xlsx(WORKS, ["总计投入两亿元!", *WORK[1:]]))
    assert (len(made.rows), made.n_no_data_rows) == (1, 0)


def test_a_row_without_a_readable_time_or_with_an_unknown_status_waits_with_its_reason(tmp_path):
    bad = [["乙", "昨天 8:00", *WORK[2:]], ["丙", "", *WORK[2:]], ["丁", WORK[1], "图文", "不明", "1", "1"]]
    made = reading(tmp_path, xlsx(WORKS, WORK, *bad))
    assert made.quarantined.index.tolist() == [3, 4, 5]
    assert ["时间读不出来" in made.quarantined[3], made.quarantined[4] == "没有时间", "不明" in made.quarantined[5]] == [True] * 3
    assert not made.is_whole


@pytest.mark.parametrize(
    ("status", "is_visible"), [("公开", True), ("审核通过", True), ("", True), ("自见", False), ("私密", False), ("审核中", False), ("未通过", False)]
)
def test_only_what_the_public_sees_is_visible(tmp_path, status, is_visible):
    made = reading(tmp_path, xlsx(WORKS, ["甲", WORK[1], "图文", status, "1", "1"]))
    assert made.rows["is_visible"].tolist() == [is_visible]


@pytest.mark.parametrize(("n_rows", "is_capped"), [(199, False), (200, True), (201, False)])
def test_a_list_of_exactly_the_cap_is_cut_off(tmp_path, n_rows, is_capped):
    posts = [[str(n), f"b{n:07}", "文", "2026-07-06", "1", "1", "1"] for n in range(n_rows)]
    made = reading(tmp_path, csv_text(["id", "bid", "正文", "日期", "点赞数", "评论数", "转发数"], *posts).encode())
    assert made.is_capped == is_capped


TENDENCY = [
    ["", "数据趋势概况（2026.07.01-2026.07.03）", "", "", "", "数据趋势概况（2026.07.01-2026.07.03）", "", "", "", "", "", "数据来源概况（2026.07.01-2026.07.03）"],
    ["", "日期", "渠道", "阅读人数", "", "日期", "分享人数", "跳转阅读原文人数", "微信收藏人数", "发表篇数", "", "传播渠道", "发表日期", "内容标题", "阅读人数", "阅读人数占比"],
    ["", "2026-07-01", "全部", "9", "", "2026-07-01", "0", "0", "0", "0", "", "全部", "20260701", "某文", "9", "100%"],
    ["", "2026-07-01", "推荐", "4", "", "2026-07-02", "1", "0", "0", "2", "", "推荐", "20260701", "某文", "4", "44%"],
    ["", "2026-07-02", "全部", "5", "", "2026-07-03", "1", "0", "0", "-", "", "", "", "", "", ""],
    ["", "2026-07-02", "推荐", "3", "", "", "", "", "", "", "", "", "", "", "", ""],
]  # fmt: skip


def test_of_three_tables_side_by_side_the_daily_number_of_articles_is_read(tmp_path):
    made = reading(tmp_path, xlsx(*TENDENCY))
    assert made.kind.file_kind == "daily_counts"
    assert made.rows["n_posts"].tolist() == [0, 2]  # "-" is a day without data, not a day with none
    assert made.rows["counted_on"].dt.strftime("%m-%d").tolist() == ["07-01", "07-02"]
    assert (made.n_rows, made.n_no_data_rows) == (3, 1)


NOTIFIED = ["内容标题", "发表时间", "总阅读人数", "总阅读次数", "总分享人数", "总分享次数", "阅读后关注人数", "送达人数", "公众号消息阅读次数", "送达阅读率", "首次分享次数", "分享产生阅读次数", "首次分享率", "每次分享带来阅读次数", "阅读完成率", "内容url"]
SHELL = ["时间", "消息发送人数", "消息发送次数", "人均发送次数"]


@pytest.mark.parametrize(
    ("headings", "kind", "covers"),
    [
        (NOTIFIED, "posts", "wechat_notified"),
        ([word for word in NOTIFIED if not word.startswith("送达")], "posts", "wechat_unnotified"),
        (["", "文章标题", "发表日期", "阅读人数", "分享人数", "阅读后关注人数", "送达人数", "送达阅读率", "阅读完成率", "内容链接"], "posts", "wechat_notified"),
        (["时间", "新关注人数", "取消关注人数", "净增关注人数", "累计关注人数"], "followers", "followers"),
        (SHELL, "other", None),
        (["时间", "菜单点击次数", "菜单点击人数", "人均点击次数"], "other", None),
        (["时间", "用户类型", "人数", "占比"], "other", None),
        (["日期", "粉丝总数", "阅读数", "发博数", "转评赞数"], "daily_counts", "posts"),
        (["发布时间", "微博内容", "阅读数", "转评赞数", "点击数", "URL"], "posts", "posts"),
        (["日期", "投稿量", "总播放量", "总点赞量"], "daily_counts", "posts"),
        (["作品名称", "发布时间", "体裁", "发布状态", "播放量", "作品时长", "评论量", "分享量"], "posts", "posts"),
        (["达人UID", "抖音号", "达人昵称", "视频ID", "视频链接", "视频描述", "点赞数", "评论数", "发布时间"], "posts", "posts"),
        (["id", "bid", "user_id", "用户昵称", "微博正文", "头条文章url", "发布位置", "艾特用户", "话题", "转发数", "评论数", "点赞数", "发布时间", "发布工具", "retweet_id"], "other", None),
        (["微博id", "用户id", "用户昵称", "微博正文", "发布位置", "发布时间", "发布工具", "点赞数", "转发数", "评论数"], "posts", "posts"),
    ],
)  # fmt: skip
def test_an_export_is_what_its_headings_say(tmp_path, headings, kind, covers):
    for order in (headings, headings[::-1]):
        found = recognise(opened(tmp_path, xlsx(order, ["1"] * len(order)))[0], KINDS)
        assert found.kind is not None, found.hint
        assert found.kind.file_kind == kind
        assert kind == "other" or found.kind.covers == covers


def test_an_unknown_table_names_the_nearest_kind_and_what_it_lacks(tmp_path):
    grid = opened(tmp_path, xlsx(["作品标题", "发布时间", "体裁", "播放量", "点赞量"], ["甲", "2026-07-06", "图文", "1", "1"]))[0]
    found = recognise(grid, KINDS)
    assert found.kind is None
    assert "抖音作品列表" in found.hint
    assert "作品名称" in found.hint
