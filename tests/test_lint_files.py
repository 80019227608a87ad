"""Circulars as files: what a reader of Word sees is what is checked, and what cannot be read is refused in words."""

import json
import subprocess
import zipfile
from pathlib import Path

import docx
import pytest
from conftest import run_xmt
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls
from hypothesis import given
from hypothesis import strategies as st

from xmt_scoring.errors import XmtError
from xmt_scoring.lint.documents import assemble, open_document
from xmt_scoring.lint.run import lint

W = nsdecls("w")
TEXT = "本季度检查28个，合格24个，不合格4个，合格率85.71%。"
WRONG = TEXT.replace("85.71", "87.51")


def write_docx(path: Path, *items) -> Path:
    made = docx.Document()
    for item in items:
        if isinstance(item, str):
            made.add_paragraph(item)
        elif isinstance(item, list):
            table = made.add_table(len(item), len(item[0]))
            for line, texts in zip(table.rows, item, strict=True):
                for cell, text in zip(line.cells, texts, strict=True):
                    cell.text = text
        else:
            made.element.body.insert(len(made.element.body) - 1, item)
    made.save(str(path))
    return path


def findings(path: Path):
    return lint(open_document(path)).findings


def test_paragraphs_and_tables_of_a_word_file_are_read_in_order(tmp_path):
    path = write_docx(tmp_path / "通报.docx", "一、总体情况", TEXT, "附件1", "名单", [["序号", "单位"], ["1", "甲局"], ["3", "乙局"]])
    document = open_document(path)
    assert [paragraph.text for paragraph in document.body] == ["一、总体情况", TEXT]
    (found,) = findings(path)
    assert found.place == "附件1 表 1（名单）第 3 行「序号」列"


def test_a_place_names_the_paragraph_and_its_heading(tmp_path):
    (found,) = findings(write_docx(tmp_path / "通报.docx", "一、总体情况", WRONG))
    assert found.place == "第 2 段（一、总体情况）"
    assert found.sentence == WRONG


def test_a_number_split_over_many_runs_is_one_number(tmp_path):
    made = docx.Document()
    paragraph = made.add_paragraph()
    for character in WRONG:
        paragraph.add_run(character)
    made.save(str(tmp_path / "通报.docx"))
    assert [found.kind for found in findings(tmp_path / "通报.docx")] == ["合格率"]


def test_what_a_tracked_change_inserts_counts_and_what_it_deletes_does_not(tmp_path):
    kept = f"<w:p {W}><w:r><w:t>本季度检查28个，合格24个，合格率</w:t></w:r>"
    revised = (
        '<w:del w:id="1" w:author="x"><w:r><w:delText>85.71</w:delText></w:r></w:del>'
        '<w:ins w:id="2" w:author="x"><w:r><w:t>87.51</w:t></w:r></w:ins><w:r><w:t>%。</w:t></w:r></w:p>'
    )
    (found,) = findings(write_docx(tmp_path / "通报.docx", parse_xml(kept + revised)))
    assert found.says == "合格率 87.51%"


def test_text_in_content_controls_is_read(tmp_path):
    block = parse_xml(f"<w:sdt {W}><w:sdtContent><w:p><w:r><w:t>{WRONG}</w:t></w:r></w:p></w:sdtContent></w:sdt>")
    assert [found.kind for found in findings(write_docx(tmp_path / "通报.docx", block))] == ["合格率"]


def test_a_line_break_inside_a_paragraph_parts_two_lines(tmp_path):
    made = docx.Document()
    paragraph = made.add_paragraph("检查于2025年9月30日结束")
    paragraph._p.append(OxmlElement("w:r"))
    paragraph.runs[-1].add_break()
    paragraph.add_run("一、总体情况")
    made.save(str(tmp_path / "通报.docx"))
    assert [each.level for each in open_document(tmp_path / "通报.docx").paragraphs] == [0, 1]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_text_file_is_read_in_the_encodings_of_chinese_windows(tmp_path, encoding):
    path = tmp_path / "通报.txt"
    path.write_bytes(WRONG.encode(encoding))
    assert [found.kind for found in findings(path)] == ["合格率"]


def test_a_table_typed_into_a_text_file_is_a_table(tmp_path):
    path = tmp_path / "通报.txt"
    path.write_text("平台\t登记\t备注\n微博\t8\t无\n抖音\t7\t无\n合计\t16\t\n", encoding="utf-8")
    assert [found.kind for found in findings(path)] == ["表格合计"]


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("通报.doc", b"\xd0\xcf\x11\xe0" + b"\0" * 600, "另存为 .docx"),
        ("通报.pdf", b"%PDF-1.7 ...", "原稿"),
        ("通报.docx", b"PK\x03\x04 not a zip at all", "另存为 .docx"),
        ("通报.txt", b"", "没有文字"),
        ("通报.txt", b" \n\n ", "没有文字"),
    ],
)
def test_what_cannot_be_read_is_refused_with_what_to_do(tmp_path, name, content, told):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(XmtError, match=told):
        open_document(path)


def test_a_zip_that_is_no_word_file_and_a_missing_file_are_refused(tmp_path):
    with zipfile.ZipFile(tmp_path / "通报.docx", "w") as archive:
        archive.writestr("hello.txt", "hello")
    for name in ("通报.docx", "没有这个.docx"):
        with pytest.raises(XmtError):
            open_document(tmp_path / name)


def test_a_damaged_word_file_is_read_or_refused_but_never_stops_the_program(tmp_path):
    data = write_docx(tmp_path / "好.docx", TEXT, [["序号", "单位"], ["1", "甲局"]]).read_bytes()
    refused = 0
    for place in range(0, len(data), len(data) // 40):
        for broken in (data[:place], data[:place] + bytes([data[place] ^ 0x55]) + data[place + 1 :]):
            path = tmp_path / "坏.docx"
            path.write_bytes(broken)
            try:
                open_document(path)
            except XmtError:
                refused += 1
    assert refused >= 40


def test_a_word_file_that_unpacks_to_too_much_is_refused(tmp_path):
    path = write_docx(tmp_path / "通报.docx", TEXT)
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/media/1.bin", bytes(101 * 2**20))
    with pytest.raises(XmtError, match="太大"):
        open_document(path)


def test_the_command_says_what_is_wrong_and_ends_with_1(tmp_path):
    path = write_docx(tmp_path / "通报.docx", "一、总体情况", WRONG, "约5个账号较好。")
    done = run_xmt("lint", path, "--all", cwd=tmp_path, ok=False)
    assert done.returncode == 1
    for told in ("1 处不符", "87.51%", "24 ÷ 28 = 85.71%", "只核对文中自身", "未能核对 1 处", "5个"):
        assert told in done.stdout


def test_the_command_ends_with_0_when_nothing_is_wrong_and_with_2_on_wrong_use(tmp_path):
    path = write_docx(tmp_path / "通报.docx", TEXT)
    assert "没有发现不符" in run_xmt("lint", path, cwd=tmp_path).stdout
    assert run_xmt("lint", cwd=tmp_path, ok=False).returncode == 2


def test_json_holds_the_same(tmp_path):
    path = write_docx(tmp_path / "通报.docx", WRONG)
    done: subprocess.CompletedProcess[str] = run_xmt("lint", path, "--json", cwd=tmp_path, ok=False)
    told = json.loads(done.stdout)
    assert [each["kind"] for each in told["findings"]] == ["合格率"]
    assert set(told["findings"][0]) == {"kind", "place", "sentence", "says", "should", "basis"}
    assert told["n_held"] == sum(told["held"].values()) > 0


def test_a_quarter_that_is_asked_for_needs_a_workspace(tmp_path):
    done = run_xmt("lint", write_docx(tmp_path / "通报.docx", TEXT), "--quarter", "2025Q3", cwd=tmp_path, ok=False)
    assert done.returncode == 1
    assert "xmt.toml" in done.stdout


PIECES = st.sampled_from(
    [
        "检查", "登记", "合格", "不合格", "合格率", "占", "其中", "“甲”", "“", "”", "（微博）", "（", "）", "第十一条", "第一条第9项", "《办法》", "等", "个", "3个", "28家",
        "85%", "0个", "十个", "2025年2月30日", "10个工作日内（", "2025年10月28日前）", "，", "、", "。", "；", "：", "一、", "（一）", "1.", "附件1", "详见附件2", "共", "上季度",
        "比上季度提高", "个百分点", "〔2025〕1号", "[2025]1号", "名次", "\t", "\n", "𠮷", "😀",
    ]
)  # fmt: skip


@given(st.lists(st.lists(PIECES, max_size=12).map("".join), max_size=6), st.lists(st.lists(PIECES, min_size=3, max_size=3), min_size=1, max_size=4))
def test_no_text_however_odd_stops_the_linter(paragraphs, rows):
    lint(assemble("通报.txt", [*paragraphs, rows]))


def test_a_file_that_is_not_there_and_a_folder_are_refused_in_words(tmp_path):
    for path, told in ((tmp_path / "没有.docx", "没有这个文件"), (tmp_path, "是文件夹")):
        with pytest.raises(XmtError, match=told):
            open_document(path)
