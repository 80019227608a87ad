"""Formats that the office describes itself (导出格式.toml), and the description that is drafted for an unknown list."""

import pandas as pd
import pytest
from export_folders import book
from test_platforms import reading, sheet

from xmt_scoring.errors import XmtError
from xmt_scoring.ingest import explain_file
from xmt_scoring.ingest.formats import own_kinds
from xmt_scoring.ingest.one_file import DRAFT
from xmt_scoring.ingest.platforms import KINDS

OWN = """
[[formats]]
name = "快手作品列表"
platform = "快手"
kind = "发布记录"
date_format = "%d/%m/%Y %H:%M"
cap = 500
[formats.columns]
"上传 时间" = "发布时间"
"作品" = "标题"
"播放" = "播放数"
"""


def test_a_format_that_the_office_describes_is_read_without_code(tmp_path):
    (tmp_path / "导出格式.toml").write_text(OWN, encoding="utf-8")
    kinds = own_kinds(tmp_path / "导出格式.toml")
    made = reading(sheet(["作品", "上传时间", "播放"], ["甲", "06/07/2026 08:30", "182.6W"], ["乙", "昨天", "1"]), (*kinds, *KINDS))
    assert (made.kind.name, made.kind.platform) == ("快手作品列表", "kuaishou")
    assert made.rows["posted_at"].tolist() == [pd.Timestamp("2026-07-06 08:30")]
    assert made.rows["plays"].tolist() == [1_826_000]
    assert made.quarantined.str.contains("时间读不出来").tolist() == [True]


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('"快手"', '"快首"', "是不是“快手”"),
        ('"发布记录"', '"视频"', "应为 发布记录"),
        ('"发布时间"', '"发布时"', "是不是“发布时间”"),
        ('"上传 时间" = "发布时间"\n', "", "没有写“发布时间”对应哪一列"),
        ("cap = 500", 'cap = "多"', "应为导出上限的行数"),
        ("cap = 500", "top = 500", "多出 top"),
        ('"%d/%m/%Y %H:%M"', '"日月年"', "应写成"),
        ("[[formats]]", "[[formats]", "不是正确的 TOML"),
        ("[[formats]]\nname", "[[format]]\nname", "只能有 [[formats]]"),
    ],
)
def test_a_wrong_description_is_refused_with_its_place_and_what_to_write(tmp_path, old, new, words):
    path = tmp_path / "导出格式.toml"
    path.write_text(OWN.replace(old, new), encoding="utf-8")
    with pytest.raises(XmtError, match="导出格式.toml") as refused:
        own_kinds(path)
    assert words in str(refused.value)


def test_an_unknown_list_is_explained_with_a_description_that_reads_it_once_the_platform_is_written(tmp_path, xmt):
    xmt("init", tmp_path / "县")
    head = ["作品标题", "发布时间", "播放量", "点赞量", "评论量", "说不清"]
    path = book(tmp_path / "作品“甲”.xlsx", head, ["防火", "2026-07-06 09:00", "182.6W", "1", "2", "3"])
    said = xmt("--workspace", tmp_path / "县", "import", "--explain", path, ok=False).stdout
    text = said[said.index("[[formats]]") : said.index("必须处理")]
    assert "说不清" not in text and '"作品标题" = "标题"' in text
    (tmp_path / "县" / "导出格式.toml").write_text(text, encoding="utf-8")
    refused = xmt("--workspace", tmp_path / "县", "import", "--explain", path, ok=False).stdout
    assert "导出格式.toml 第 1 个 [[formats]] 的 platform：是“这里写平台，如 快手”" in refused
    (tmp_path / "县" / "导出格式.toml").write_text(text.replace("这里写平台，如 快手", "快手"), encoding="utf-8")
    read = xmt("--workspace", tmp_path / "县", "import", "--explain", path).stdout
    assert "作品标题 → 标题" in read and "快手" in read and "没有用到的列" in read


@pytest.mark.parametrize("head", [["日期", "播放量", "点赞量", "评论量", "分享次"], ["姓名", "电话", "科室", "备注"], ["标题", "说明"]])
def test_a_table_that_is_no_list_of_posts_gets_no_description(tmp_path, head):
    path = book(tmp_path / "表.xlsx", head, ["2026-07-06", *["1"] * (len(head) - 1)])
    assert not [text for pairs in explain_file(path).details for label, text in pairs if label == DRAFT]


def test_without_a_description_there_are_only_our_own_formats(tmp_path):
    assert own_kinds(tmp_path / "导出格式.toml") == ()
