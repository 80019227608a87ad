"""Any file an office may receive is opened by its content, or refused in words; rows keep the numbers that Excel shows."""

import datetime as dt
import io
import json
import zipfile

import msoffcrypto
import openpyxl
import pytest
import xlsxwriter
import xlwt
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from xmt_scoring.errors import XmtError
from xmt_scoring.ingest.kinds import recognise
from xmt_scoring.ingest.normalise import read
from xmt_scoring.ingest.platforms import KINDS
from xmt_scoring.ingest.tables import find_table, open_file

WORKS = ["作品名称", "发布时间", "体裁", "审核状态", "播放量", "点赞量"]
WORK = ["甲", "2026-07-06 08:00:00", "图文", "公开", "12", "3"]


def opened(tmp_path, content, name="甲.xls"):
    path = tmp_path / name
    path.write_bytes(content)
    return open_file(path, name)


def rows_of(tmp_path, content):
    return opened(tmp_path, content)[0].rows


def refused(tmp_path, content, name="甲.xlsx"):
    with pytest.raises(XmtError) as caught:
        opened(tmp_path, content, name)
    (problem,) = caught.value.problems
    assert (problem.where, problem.is_fatal) == (name, False)
    return str(problem)


def xlsx(*rows, sheet="Sheet1"):
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    page = book.add_worksheet(sheet)
    for number, row in enumerate(rows):
        page.write_row(number, 0, row)
    book.close()
    return stream.getvalue()


def csv_text(*rows, delimiter=","):
    return "\r\n".join(delimiter.join(row) for row in rows) + "\r\n"


def reading(tmp_path, content):
    found = recognise(opened(tmp_path, content)[0], KINDS)
    assert found.kind is not None, found.hint
    return read(found.table, found.kind)


@pytest.mark.parametrize("content", [b"", b"\0" * 100, b"\r\n  \n"])
@pytest.mark.parametrize("name", ["甲.xls", "甲.xlsx", "甲.csv"])
def test_an_empty_file_is_refused(tmp_path, content, name):
    assert "空文件" in refused(tmp_path, content, name)


@pytest.mark.parametrize("share", [0.2, 0.5, 0.9])
def test_a_truncated_xlsx_is_refused(tmp_path, share):
    whole = xlsx(WORKS, *[WORK] * 50)
    assert "不完整" in refused(tmp_path, whole[: int(len(whole) * share)])


@pytest.mark.parametrize("n_bytes", [600, 3000, 4000])
def test_a_truncated_xls_is_refused_without_a_word_of_the_reader(tmp_path, capfd, n_bytes):
    book = xlwt.Workbook()
    page = book.add_sheet("New Sheet1")
    for row in range(30):
        page.write(row, 0, "20260706")
    stream = io.BytesIO()
    book.save(stream)
    assert len(stream.getvalue()) > n_bytes
    assert "重新" in refused(tmp_path, stream.getvalue()[:n_bytes])
    assert capfd.readouterr().err == ""


def test_an_xlsx_with_a_damaged_sheet_is_refused(tmp_path):
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(xlsx(WORKS, WORK))) as whole, zipfile.ZipFile(stream, "w") as damaged:
        for name in whole.namelist():
            damaged.writestr(name, b"<worksheet><sheetData><row r=" if name.endswith("sheet1.xml") else whole.read(name))
    assert "打不开" in refused(tmp_path, stream.getvalue())


def test_a_zip_named_xlsx_is_refused(tmp_path):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("数据.csv", "甲,乙")
    assert "压缩包" in refused(tmp_path, stream.getvalue())


def test_a_password_is_told(tmp_path):
    stream = io.BytesIO()
    with io.BytesIO(xlsx(WORKS, WORK)) as plain:
        msoffcrypto.OfficeFile(plain).encrypt("secret", stream)
    assert "密码" in refused(tmp_path, stream.getvalue())


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "打不开"),
        (b"%PDF-1.7 ...", "PDF"),
        (b"\x89PNG\r\n\x1a\n", "图片"),
        (b"Rar!\x1a\x07", "压缩包"),
        (b"<html><body><p>no table</p></body></html>", "没有表格"),
        (b'{"user": {"id": 1}, "weibo": [', "JSON"),
        (b'{"a": 1}', "JSON"),
        (b"\x01\x02\x00\x03" * 50, "不是表格"),
        (b"\xff\xfe\x00\xd8\x00\xd8", "编码"),
        (b"a,b,c\n\xff\xff\xff\n", "编码"),
    ],
)
def test_what_is_no_table_is_refused(tmp_path, content, word):
    assert word in refused(tmp_path, content)


def test_a_folder_in_place_of_a_file_is_refused_in_words(tmp_path):
    (tmp_path / "甲.xlsx").mkdir()
    with pytest.raises(XmtError, match="读不了"):
        open_file(tmp_path / "甲.xlsx", "甲.xlsx")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=60), st.sampled_from([b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"<table>", b"{", b"\xff\xfe", b"\xef\xbb\xbf"]))
def test_bytes_of_any_kind_are_rows_or_a_message(tmp_path, content, start):
    try:
        grids = opened(tmp_path, start + content)
    except XmtError as error:
        assert error.problems
    else:
        assert all(isinstance(row, list) for grid in grids for row in grid.rows)


def test_an_xlsx_is_one_whatever_its_name(tmp_path):
    grid = opened(tmp_path, xlsx(["a", 1.5], [], ["b"], sheet="数据"), "甲.csv")[0]
    assert (grid.file, grid.sheet) == ("甲.csv", "数据")
    assert [[cell for cell in row if cell != ""] for row in grid.rows] == [["a", 1.5], [], ["b"]]


def test_an_xlsx_with_broken_styles_is_read(tmp_path):
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(xlsx(WORKS, WORK))) as whole, zipfile.ZipFile(stream, "w") as damaged:
        for name in whole.namelist():
            damaged.writestr(name, b"<styleSheet><fills><fill/></fills></styleSheet>" if name.endswith("styles.xml") else whole.read(name))
    assert rows_of(tmp_path, stream.getvalue()) == [WORKS, WORK]


def test_an_old_xls_is_read_with_real_dates(tmp_path):
    book = xlwt.Workbook()
    page = book.add_sheet("New Sheet1")
    style = xlwt.easyxf(num_format_str="yyyy-mm-dd hh:mm")
    page.write(3, 1, "标题")
    page.write(3, 2, dt.datetime(2026, 7, 6, 8, 30), style)
    stream = io.BytesIO()
    book.save(stream)
    rows = rows_of(tmp_path, stream.getvalue())
    assert rows[3][1:3] == ["标题", dt.datetime(2026, 7, 6, 8, 30)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_text_is_read_in_every_encoding_and_with_every_delimiter(tmp_path, encoding, delimiter):
    text = csv_text(WORKS, [*WORK[:-1], "“引号”与𠮷"], delimiter=delimiter)
    assert rows_of(tmp_path, text.encode(encoding)) == [WORKS, [*WORK[:-1], "“引号”与𠮷"]]


def test_a_title_above_the_headings_does_not_decide_the_delimiter(tmp_path):
    text = "某某账号,作品数据\n" + csv_text(WORKS, WORK, delimiter="\t")
    table = find_table(opened(tmp_path, text.encode())[0], WORKS)
    assert (table.header_row, table.headings, table.titles) == (2, WORKS, ["某某账号,作品数据"])


def test_line_breaks_inside_quotes_blank_lines_and_ragged_rows_keep_their_numbers(tmp_path):
    text = '作品名称,发布时间,体裁\n"第一行\n第二行, 还有",2026-07-06,图文\n\n短行\n长,2026-07-07,图文,多余,\t\n'
    table = find_table(opened(tmp_path, text.encode())[0], WORKS)
    assert table.body.index.tolist() == [2, 4, 5]
    assert table.body.loc[2, 0] == "第一行\n第二行, 还有"
    assert table.body.loc[5, 3] == "多余"
    assert table.headings == ["作品名称", "发布时间", "体裁", "", ""]


def test_html_named_xls_is_read_as_excel_shows_it(tmp_path):
    page = """<html><head><meta charset=UTF-8></head><body><table>
      <tr><th colspan=5>用户增长（2026-07-01至2026-07-31）</th></tr>
      <tr><th rowspan=2>时间</th><th rowspan=2>新关注人数</th><th rowspan=2>取消关注人数</th><th rowspan=2>净增关注人数</th><th rowspan=2>累积关注人数</th></tr>
      <tr></tr>
      <tr><th>2026-07-01</th><th>-</th><th>-</th><th>-</th><th>-</th></tr>
      <tr><td>2026-07-02</td><td>3</td><td>5</td><td>-2</td><td>1,000</td></tr></table></body></html>"""
    made = reading(tmp_path, page.encode())
    assert (made.kind.file_kind, made.rows.index.tolist()) == ("followers", [4, 5])
    assert made.rows.loc[5, ["new_followers", "lost_followers", "net_followers", "total_followers"]].tolist() == [3, 5, -2, 1000]
    assert made.rows.loc[4, ["new_followers", "net_followers"]].isna().all()


def test_a_cell_over_two_rows_pushes_the_next_row_to_the_right(tmp_path):
    page = "<table><tr><td rowspan=2>a</td><td>b</td></tr><tr><td>c</td></tr><tr><td>d</td></tr></table>"
    assert rows_of(tmp_path, page.encode()) == [["a", "b"], ["", "c"], ["d"]]


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8-sig"])
def test_html_in_any_encoding_is_read(tmp_path, encoding):
    page = "<html><meta charset=gb2312><table><tr><td>时间</td></tr></table></html>"
    assert rows_of(tmp_path, page.encode(encoding)) == [["时间"]]


def test_json_ids_keep_all_their_digits_and_reposts_stay_visible(tmp_path):
    post = {"id": 5105764274798881, "bid": "P2", "text": "文", "created_at": "2026-07-06T08:00:00", "reposts_count": 4}
    content = {"user": {"id": "77", "screen_name": "某局"}, "weibo": [post, {**post, "id": 6, "retweet": {"id": 1}}]}
    rows = reading(tmp_path, json.dumps(content, ensure_ascii=False).encode()).rows
    assert rows["native_id"].tolist() == ["5105764274798881", "6"]
    assert (rows["account_no"].tolist(), rows["shares"].tolist(), rows["is_repost"].tolist()) == (["77"] * 2, [4, 4], [False, True])


def test_merged_titles_above_the_headings_are_kept_and_skipped(tmp_path):
    book = openpyxl.Workbook()
    page = book.active
    page["A1"] = "作品数据(2026-07-01至2026-09-30)"
    page.merge_cells("A1:F1")
    page.append([])
    page.append([f" {word}\n" for word in WORKS])
    page.append(WORK)
    stream = io.BytesIO()
    book.save(stream)
    table = find_table(opened(tmp_path, stream.getvalue())[0], WORKS)
    assert (table.header_row, table.headings, table.titles) == (3, WORKS, ["作品数据(2026-07-01至2026-09-30)"])
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
    lines = [WORK, [], ["合计", "", "", "", "12", "3"], ["", "总计", "", "", "12", ""], ["数据来源:创作者中心"], ["填表人:某某", "", "审核人:某某"]]
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
    ["", "数据趋势概况(2026.07.01-2026.07.03)", "", "", "", "数据趋势概况(2026.07.01-2026.07.03)", "", "", "", "", "", "数据来源概况(2026.07.01-2026.07.03)"],
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
