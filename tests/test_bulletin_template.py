"""The office's own text: it is used where it is, and every mistake in it is told with file and line."""

from pathlib import Path

import pytest
from docx_parts import paragraphs, styles
from support_bulletin import DAY, DECIDED, circular, quarter

from xmt_scoring.errors import XmtError
from xmt_scoring.reports import official
from xmt_scoring.reports.bulletin.fields import contents
from xmt_scoring.reports.bulletin.paper import TEMPLATE, filled
from xmt_scoring.reports.text_templates import FOLDER, add_blocks, fill_in, packaged, parse, write_copies
from xmt_scoring.settings import Settings
from xmt_scoring.setup_workspace import make_workspace

HEAD = "标题：题\n主送：各单位：\n署名：县政府办\n"


def put(root: Path, text: str | bytes) -> Path:
    path = root / FOLDER / TEMPLATE
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


@pytest.fixture(scope="module")
def made():
    return contents(quarter(DECIDED), None, DAY, "")


def refusal(root: Path, made, text: str | bytes) -> str:
    put(root, text)
    with pytest.raises(XmtError) as caught:
        filled(root, made)
    return str(caught.value)


def test_a_new_workspace_has_the_text_to_change_and_a_changed_one_is_left_alone(tmp_path):
    written = make_workspace(tmp_path, "太白县")
    path = tmp_path / FOLDER / TEMPLATE
    assert path in written
    assert path.read_text(encoding="utf-8-sig") == packaged(TEMPLATE)
    path.write_text("改过", encoding="utf-8")
    assert write_copies(tmp_path / FOLDER) == []
    assert path.read_text(encoding="utf-8") == "改过"


def test_the_offices_own_words_are_printed(tmp_path):
    put(tmp_path, HEAD + "----\n# 情况\n共检查{{ 检查数 }}个账号。\n")
    _, lines, _ = circular(tmp_path, quarter(DECIDED), root=tmp_path)
    assert lines[:4] == ["题", "各单位：", "一、情况", "共检查6个账号。"]


def test_a_file_saved_by_windows_is_read(tmp_path, made):
    put(tmp_path, b"\xef\xbb\xbf" + (HEAD + "----\n甲。\n").replace("\n", "\r\n").encode())
    assert filled(tmp_path, made).blocks[0].text == "甲。"


@pytest.mark.parametrize(
    ("body", "row", "told"),
    [
        ("甲。\n共{{ 检查术 }}个。", 6, "没有“检查术”这个字段。是不是“检查数”？"),
        ("甲。\n\n{% for 类 in 问题类 %}\n{{ 类.名字 }}\n{% endfor %}", 8, "没有“名字”这个字段"),
        ("甲。\n{% if 检查数 %}乙。", 6, "模板写法有误"),
        ("{{ 检查数 }", 5, "模板写法有误"),
        ("甲。\n{{ 检查数 + 1 }}", 6, "不能计算"),
        ("{{ 1 / 0 }}", 5, "不能计算"),
        ("甲。\n乙。\n{{ ''.__class__.__mro__ }}", 7, "不能计算"),
        ("{{ 不合格账号.clear() }}", 5, "不能计算"),
    ],
    ids=["unknown field", "unknown part of a field", "never ended", "bracket missing", "a figure is no number", "by zero", "out of the sandbox", "changes data"],
)  # fmt: skip
def test_a_mistake_is_told_with_file_and_line(tmp_path, made, body, row, told):
    said = refusal(tmp_path, made, HEAD + "----\n" + body)
    assert said.startswith(f"模板/{TEMPLATE} 第 {row} 行")
    assert told in said


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (HEAD + "甲。", "没有一行 ----"), (HEAD + "主送机关：甲\n----\n", "“主送机关：甲”不认识。是不是“主送：”？"),
        (HEAD + "随便写\n----\n", "“随便写”不认识"), ("标题：题\n----\n甲。", "缺少主送：、署名："), ("标题：\n主送：甲\n署名：乙\n----\n", "缺少标题："),
        ("通报".encode("gb18030"), "不是 UTF-8"),
    ],
)  # fmt: skip
def test_a_head_that_cannot_be_used_is_told(tmp_path, made, text, told):
    assert told in refusal(tmp_path, made, text)


def test_without_a_file_of_its_own_the_packages_text_is_used(tmp_path, made):
    assert filled(tmp_path, made) == fill_in(tmp_path, TEMPLATE, made.fields, ("标题", "主送", "署名", "红头", "文号", "抄送", "印发"))


def test_headings_are_numbered_by_level_and_empty_ones_leave_no_hole(tmp_path):
    text = parse("----\n# 甲\n## 空\n# 空的\n# 乙\n文。\n## 一\n### 子。正文。\n### 子。正文。\n#### 孙\n文。\n## 二\n文。\n# 末\n", "x", ())
    paper = official.new_paper("题", DAY)
    add_blocks(paper, text.blocks)
    official.save_paper(paper, tmp_path / "a.docx")
    assert paragraphs(tmp_path / "a.docx") == ["一、乙", "文。", "（一）一", "1.子。正文。", "2.子。正文。", "（1）孙", "文。", "（二）二", "文。"]
    assert styles(tmp_path / "a.docx", "Heading 2") == ["（一）一", "（二）二"]


def test_the_red_head_and_the_imprint_are_printed_by_setting_and_never_on_a_draft(tmp_path):
    from support_quarter import small_quarter

    settings = Settings.default(red_head=True, imprint=True)
    plain = circular(tmp_path, quarter(DECIDED))[1]
    assert "太白县人民政府办公室文件" not in plain
    path, lines, _ = circular(tmp_path, quarter(DECIDED, settings), number="太政办函〔2025〕18号")
    assert lines[:2] == ["太白县人民政府办公室文件", "太政办函〔2025〕18号"]
    import docx

    foot = docx.Document(str(path)).tables[-1]
    assert [[cell.text for cell in row.cells] for row in foot.rows] == [
        ["抄送：县委办公室，县人大常委会办公室，县政协办公室。"] * 2, ["太白县人民政府办公室", "2025年10月15日印发"]
    ]  # fmt: skip
    draft = small_quarter(settings=settings)
    assert "太白县人民政府办公室文件" not in circular(tmp_path, draft)[1]


def test_a_circular_without_a_number_shows_where_it_belongs(tmp_path):
    lines = circular(tmp_path, quarter(DECIDED, Settings.default(red_head=True)))[1]
    assert lines[1] == "×政办发〔2025〕×号"


@pytest.mark.parametrize(("days", "told"), [(1, "10月16日前"), (3, "10月20日前"), (10, "10月29日前")])
def test_the_deadline_counts_workdays(tmp_path, days, told):
    text = "\n".join(circular(tmp_path, quarter(DECIDED, Settings.default(rectify_workdays=days)))[1])
    assert f"于2025年{told}将整改情况" in text
