"""Any file an office may receive is opened by its content, or refused in words; rows keep the numbers that Excel shows."""

import datetime as dt
import io
import json
import zipfile

import msoffcrypto
import pytest
import xlwt
from export_bytes import WORK, WORKS, csv_text, opened, reading, refused, rows_of, xlsx
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from xmt_scoring.errors import XmtError
from xmt_scoring.ingest.tables import find_table, open_file


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
    text = "某某账号，作品数据\n" + csv_text(WORKS, WORK, delimiter="\t")
    table = find_table(opened(tmp_path, text.encode())[0], WORKS)
    assert (table.header_row, table.headings, table.titles) == (2, WORKS, ["某某账号，作品数据"])


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
