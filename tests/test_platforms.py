"""Every platform's export by its headings; the office's own form and its own description of a format."""

import datetime as dt
import io
import json

import openpyxl
import pandas as pd
import pytest
import xlsxwriter

from xmt_scoring.ingest import import_folder
from xmt_scoring.ingest.kinds import recognise
from xmt_scoring.ingest.normalise import read
from xmt_scoring.ingest.platforms import KINDS
from xmt_scoring.ingest.tables import open_bytes
from xmt_scoring.periods import Quarter
from xmt_scoring.reports.register_templates import write_templates

Q = Quarter.parse("2026Q3")
TOUTIAO = ["标题", "发布时间", "ID", "链接", "展现量", "粉丝展现量", "阅读量", "粉丝阅读量", "点击率", "平均阅读完成率", "点赞量", "评论量", "转发量", "分享量", "收藏量"]
BILIBILI = ["视频标题", "发布时间", "播放量", "游客播放占比", "点赞量", "点赞率", "评论量", "弹幕量", "收藏量", "投币量", "转发量"]


def sheet(*rows, name="Sheet1"):
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        page = book.add_worksheet(name)
        for number, row in enumerate(rows):
            page.write_row(number, 0, row)
    return stream.getvalue()


def reading(content, kinds=KINDS):
    found = recognise(open_bytes(content, "甲.xlsx")[0], kinds)
    assert found.kind is not None, found.hint
    return read(found.table, found.kind)


def test_a_toutiao_list_reads_share_and_not_repost_and_minus_one_is_missing():
    row = ["标题甲", "2026-07-10 12:34", "7384512345678901234", "https://www.toutiao.com/a1", "900", "10", "80", "8", "0.41", "23.37", "5", "-1", "99", "3", "-1.00"]
    made = reading(sheet(TOUTIAO, row))
    (post,) = made.rows.to_dict("records")
    assert (made.kind.platform, post["native_id"], post["reads"], post["shares"]) == ("toutiao", "7384512345678901234", 80, 3)
    assert post["posted_at"] == pd.Timestamp("2026-07-10 12:34")
    assert pd.isna(post["comments"]) and pd.isna(post["saves"])
    assert made.kind.is_part  # texts alone are never everything that an account published


def test_a_toutiao_daily_total_is_not_a_list_of_posts_and_its_first_row_is_a_total():
    rows = [["时间", "展现量", "粉丝展现量", "阅读(播放)量", "粉丝阅读(播放)量", "点赞量", "评论量"], ["累计", 9, 9, 9, 9, 9, 9], ["2026-07-01", 1, 1, 1, 1, 1, 1]]
    made = reading(sheet(*rows))
    assert (made.kind.file_kind, made.n_rows, made.n_no_data_rows, len(made.quarantined)) == ("other", 2, 1, 1)


@pytest.mark.parametrize("more", [[], ["播放"]], ids=["articles", "answers"])
def test_a_zhihu_list_is_a_part_of_what_the_account_published(more):
    head = ["标题", "发布时间", "链接", "阅读", *more, "点赞", "喜欢", "评论", "收藏", "分享"]
    made = reading(sheet(head, ["防火须知", "2026-07-06", "https://zhuanlan.zhihu.com/p/1", "10", *["4"] * len(more), "3", "2", "1", "--", "0"]))
    assert (made.kind.platform, made.kind.is_part, len(made.rows)) == ("zhihu", True, 1)
    assert made.rows[["reads", "likes", "wows", "comments", "shares"]].iloc[0].tolist() == [10, 3, 2, 1, 0] and made.rows["saves"].isna().all()


def test_toutiao_followers_may_fall():
    made = reading(sheet(["时间", "总粉丝数", "粉丝变化数", "新增粉丝数", "流失粉丝数"], ["累计", 0, 0, 0, 0], ["2026-07-01", 100, -3, 2, 5]))
    assert made.rows[["total_followers", "net_followers", "new_followers", "lost_followers"]].to_numpy().tolist() == [[100, -3, 2, 5]]


def test_the_older_wechat_series_counts_the_row_of_all_channels_and_its_zero_proves_nothing():
    head = ["日期", "阅读次数", "阅读人数", "分享次数", "分享人数", "阅读原文次数", "阅读原文人数", "收藏次数", "收藏人数", "群发篇数", "渠道"]
    rows = [[day, 1, 1, 0, 0, 0, 0, 0, 0, n, channel] for day, n, channel in (
        ("20260706", 2, "全部"), ("20260706", 2, "公众号消息"), ("20260706", 2, "聊天会话"), ("20260707", 0, "全部"), ("20260707", 0, "朋友圈"),
    )]  # fmt: skip
    made = reading(sheet(head, *rows))
    assert (made.kind.platform, made.kind.covers, made.n_rows, made.n_no_data_rows, len(made.quarantined)) == ("wechat_oa", "wechat_notified", 5, 4, 0)
    assert made.rows[["counted_on", "n_posts"]].to_numpy().tolist() == [[pd.Timestamp("2026-07-06"), 2]]


@pytest.mark.parametrize(
    ("head", "row", "column", "value"),
    [
        (["日期", "总粉丝量"], ["2026-07-30", "7994"], "total_followers", 7994),
        (["日期", "净增粉丝"], ["2026-07-30", "-11"], "net_followers", -11),
        (["日期", "取关粉丝"], ["2026-07-30", 3], "lost_followers", 3),
    ],
)
def test_douyin_exports_one_number_of_its_followers_a_file(head, row, column, value):
    made = reading(sheet(head, row))
    assert (made.kind.platform, made.kind.file_kind, made.rows[column].tolist()) == ("douyin", "followers", [value])


@pytest.mark.parametrize(
    ("head", "words"),
    [(["日期", "作品点赞"], "每日合计"), (["日期", "主页访问"], "每日合计"), (["发布时间", "体裁", "垂类", "周期内投稿量", "条均点击率"], "一段时间的汇总")],
)
def test_what_douyin_adds_up_is_no_list_of_works(head, words):
    made = reading(sheet(head, ["2026-07-30", *["3"] * (len(head) - 1)]))
    assert made.kind.file_kind == "other" and words in made.kind.refused


def test_a_list_of_single_douyin_videos_is_a_part():
    made = reading(sheet(["视频名称", "发布时间", "播放量", "5s完播率", "2s跳出率", "平均播放时长"], ["防火", "2026-07-18 14:11:20", 120, "0.5", "0.1", "8"]))
    assert made.kind.is_part and made.rows["plays"].tolist() == [120]


def test_a_note_list_without_kinds_of_work_counts_its_views_as_read_and_keeps_its_ids():
    made = reading(sheet(["发布时间", "笔记标题", "观看量", "点赞", "笔记ID"], ["2026-07-06", "防火", 12, 1, "66a1f2"]))
    assert made.rows[["reads", "native_id"]].to_numpy().tolist() == [[12, "66a1f2"]]
    found = recognise(open_bytes(sheet(["发布时间", "笔记标题", "观看量", "作者"], ["2026-07-06", "防火", 12, "别人"]), "甲.xlsx")[0], KINDS)
    assert found.kind is None  # notes of others, found by a word


@pytest.mark.parametrize(("tab", "column"), [("新增关注趋势", "new_followers"), ("取消关注趋势", "lost_followers"), ("净涨粉趋势", "net_followers")])
def test_each_xiaohongshu_trend_of_followers_is_its_own_number(tab, column):
    assert reading(sheet(["日期", "数值"], ["2026年07月06日", 4], name=tab)).rows[column].tolist() == [4]


def test_the_totals_of_a_xiaohongshu_account_are_refused_with_the_reason():
    made = reading(sheet(["指标", "数值"], ["总发布", 2], name="账号总体发布数据"))
    assert "合计" in made.kind.refused and len(made.quarantined) == 1


@pytest.mark.parametrize(("cell", "value"), [("-3", -3), ("+3", 3), ("-1,200", -1200), ("-1.3万", -13000), ("-", None), ("0", 0)])
def test_net_followers_may_be_below_zero(cell, value):
    net = reading(sheet(["时间", "总粉丝数", "粉丝变化数"], ["2026-07-01", 100, cell])).rows["net_followers"].iloc[0]
    assert pd.isna(net) if value is None else net == value


@pytest.mark.parametrize("cell", ["1e999", "9" * 400, "-1e999"])
def test_a_number_without_end_is_set_aside(cell):
    made = reading(sheet(["时间", "总粉丝数", "粉丝变化数"], ["2026-07-01", 100, cell]))
    assert (len(made.rows), made.quarantined.tolist()) == (0, ["“粉丝变化数”不是数"])


@pytest.mark.parametrize(("rows", "is_capped"), [(9, False), (10, True), (20, True)])
def test_ten_bilibili_videos_are_a_cut_off_list(rows, is_capped):
    lines = [[f"视频{n}", f"2026年07月{n + 1:02d}日 16:41:25", "3456", "100%", "1", "<0.1%", "2", "3", "4", "5", "6"] for n in range(rows)]
    made = reading(sheet(BILIBILI, *lines))
    assert (made.kind.platform, len(made.rows), made.is_capped) == ("bilibili", rows, is_capped)
    assert made.rows["posted_at"].iloc[0] == pd.Timestamp("2026-07-01 16:41:25")


def test_xiaohongshu_views_are_plays_of_a_video_and_reads_of_a_picture_note():
    head = ["笔记标题", "首次发布时间", "体裁", "曝光", "观看量", "封面点击率", "点赞", "评论", "收藏", "涨粉", "分享", "人均观看时长", "弹幕"]
    rows = [["", "2026年07月06日17时33分05秒", kind, 1, 50, 0.1, 1, 1, 1, 1, 1, 1, 1] for kind in ("视频", "图文")]
    made = reading(sheet(["最多导出排序后前1000条笔记"], head, *rows))
    assert made.rows["plays"].tolist()[0] == 50 and made.rows["reads"].tolist()[1] == 50
    assert pd.isna(made.rows["reads"].tolist()[0]) and pd.isna(made.rows["plays"].tolist()[1])
    assert len(made.rows) == 2  # a note may have no title


@pytest.mark.parametrize(
    ("name", "kind"), [("总发布趋势", "daily_counts"), ("净涨粉趋势", "followers"), ("曝光趋势", "other"), ("Sheet1", "other")]
)
def test_xiaohongshu_trends_are_told_apart_by_their_sheet_because_their_headings_are_the_same(name, kind):
    assert reading(sheet(["日期", "数值"], ["2026年09月05日", 0], name=name)).kind.file_kind == kind


def test_headings_in_two_rows_are_read_as_one():
    made = reading(sheet(["作品名称", "发布时间", "体裁", "数据", ""], ["", "", "", "播放量", "点赞量"], ["甲", "2026-07-06 08:00", "图文", "1.2万", "3"]))
    assert (made.kind.name, made.table.header_row, made.n_rows) == ("抖音作品列表", 2, 1)
    assert made.rows["plays"].tolist() == [12000]


def test_a_third_party_list_takes_only_the_rows_of_registered_accounts(tmp_path):
    registers(tmp_path)
    head = ["达人UID", "抖音号", "达人昵称", "视频ID", "视频链接", "媒体类型", "视频描述", "点赞数", "发布时间"]
    rows = [["1", number, "甲", f"73845123456789012{at}", "https://x", "视频", "描述", "1", "2026-07-06 08:00:00"] for at, number in enumerate(["tbdy", "others"])]
    (tmp_path / "清单.xlsx").write_bytes(sheet(head, *rows))
    frames = import_folder(tmp_path, Q, whole_quarter=False, known_items={}).frames
    assert frames["posts"]["account_id"].tolist() == ["D1"]
    assert frames["quarantine"]["reason"].str.startswith("待认领").tolist() == [True]


def registers(folder):
    book = openpyxl.Workbook()
    book.active.append(["单位编号", "单位名称"])
    book.active.append(["U1", "县甲局"])
    book.save(folder / "单位.xlsx")
    book = openpyxl.Workbook()
    book.active.append(["账号编号", "账号名称", "平台", "平台账号ID", "主办单位", "开设日期", "账号状态"])
    for row in (["K1", "甲局快手", "快手", "ks01"], ["D1", "甲局", "抖音", "tbdy"], ["W1", "甲局", "微信公众号", "gh_1"]):
        book.active.append([*row, "U1", dt.date(2023, 1, 1), "运行"])
    book.save(folder / "台账.xlsx")


def test_the_offices_own_form_takes_any_platform_and_the_account_however_it_is_written(tmp_path):
    registers(tmp_path)
    rows = [
        ["甲局快手", "", "2026-07-06 09:00", "按名称", "", "是"], ["K1", "", "2026-07-07", "按编号", "", "否"], ["ks01", "快手", "2026-07-08", "按平台ID", "", ""],
        ["甲局", "抖音", "2026-07-09", "同名按平台分", "", ""], ["甲局", "", "2026-07-10", "同名分不清", "", ""], ["乙局", "", "2026-07-11", "没登记", "", ""],
    ]  # fmt: skip
    (tmp_path / "通用发布记录.xlsx").write_bytes(sheet(["账号", "平台", "发布时间", "标题", "链接", "是否原创"], *rows))
    made = import_folder(tmp_path, Q, whole_quarter=False, known_items={})
    posts = made.frames["posts"]
    assert posts[["account_id", "platform", "title"]].to_numpy().tolist() == [
        ["D1", "douyin", "同名按平台分"], ["K1", "kuaishou", "按名称"], ["K1", "kuaishou", "按编号"], ["K1", "kuaishou", "按平台ID"],
    ]  # fmt: skip
    assert posts.set_index("title")["is_original"].astype(object).where(lambda each: each.notna(), None)[["按名称", "按编号"]].tolist() == [True, False]
    assert sorted(made.frames["quarantine"]["content"].str.split(" | ", regex=False).str[-1]) == ["同名分不清", "没登记"]
    line = made.frames["files"].set_index("file").loc["通用发布记录.xlsx"]
    assert (line["n_rows"], line["n_kept"], line["n_quarantined"]) == (6, 4, 2)


def test_json_of_a_crawler_and_an_excel_2003_xml_table_are_tables_too():
    xml = (
        '<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">'
        '<Worksheet ss:Name="列表"><Table><Row><Cell><Data ss:Type="String">作品名称</Data></Cell><Cell><Data>发布时间</Data></Cell><Cell><Data>体裁</Data></Cell>'
        '<Cell><Data>播放量</Data></Cell></Row><Row ss:Index="4"><Cell><Data>甲</Data></Cell><Cell><Data>2026-07-06 08:00:00</Data></Cell>'
        '<Cell ss:Index="4"><Data>12</Data></Cell></Row></Table></Worksheet></Workbook>'
    )
    made = reading(xml.encode())
    assert (made.table.grid.sheet, made.rows.index.tolist(), made.rows["plays"].tolist()) == ("列表", [4], [12])
    records = [{"id": 4987654321098765, "bid": "Nabc12345", "text": "正文", "created_at": "2026-07-06T08:00:00"}]
    assert reading(json.dumps(records).encode()).rows["native_id"].tolist() == ["4987654321098765"]


def test_the_template_of_the_form_is_read_back_and_its_example_is_passed_over(tmp_path):
    write_templates(tmp_path / "模板")
    registers(tmp_path)
    book = openpyxl.load_workbook(tmp_path / "模板" / "通用发布记录.xlsx")
    book.active.append(["K1", None, dt.datetime(2026, 7, 6, 9, 30), "真的一条", None, "是"])
    book.save(tmp_path / "通用发布记录.xlsx")
    (tmp_path / "模板").rename(tmp_path.parent / f"{tmp_path.name}-模板")
    frames = import_folder(tmp_path, Q, whole_quarter=False, known_items={}).frames
    assert frames["posts"][["account_id", "title", "is_original"]].to_numpy().tolist() == [["K1", "真的一条", True]]
    line = frames["files"].set_index("file").loc["通用发布记录.xlsx"]
    assert (line["n_rows"], line["n_kept"], line["n_no_data_rows"]) == (2, 1, 1)
