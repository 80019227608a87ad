"""Files as bytes, opened and read as the importer does, for the stories about any single file."""

import io

import pytest
import xlsxwriter

from xmt_scoring.errors import XmtError
from xmt_scoring.ingest.kinds import recognise
from xmt_scoring.ingest.normalise import read
from xmt_scoring.ingest.platforms import KINDS
from xmt_scoring.ingest.tables import open_file

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
