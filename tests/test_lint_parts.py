"""What stands beside the running text of a circular is checked too; what cannot be read is counted and said."""

import base64
import io

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from test_lint_files import TEXT, WRONG, findings, write_docx

from xmt_scoring.lint.documents import open_document
from xmt_scoring.lint.numbering import _spoken
from xmt_scoring.lint.run import lint

PICTURE = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==")
SHAPE = 'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'


def box(text):
    """A paragraph with a text box, in the two copies that Word writes."""
    inside = f"<w:txbxContent><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:txbxContent>"
    return parse_xml(
        f'<w:p {nsdecls("w")} {SHAPE} xmlns:v="urn:schemas-microsoft-com:vml"><w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing>'
        f"<wps:txbx>{inside}</wps:txbx></w:drawing></mc:Choice><mc:Fallback><w:pict><v:textbox>{inside}</v:textbox></w:pict></mc:Fallback>"
        "</mc:AlternateContent></w:r></w:p>"
    )


def numbered(text, number, level=0):
    """A paragraph to which Word gives its number."""
    place = f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>'
    return parse_xml(f'<w:p {nsdecls("w")}><w:pPr>{place}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>')


def with_lists(path, items, levels):
    """A circular whose list 77 has these levels (kind, pattern)."""
    made = docx.Document()
    told = "".join(
        f'<w:lvl w:ilvl="{at}"><w:start w:val="1"/><w:numFmt w:val="{kind}"/><w:lvlText w:val="{pattern}"/></w:lvl>' for at, (kind, pattern) in enumerate(levels)
    )
    part = made.part.numbering_part.element
    part.insert(0, parse_xml(f'<w:abstractNum {nsdecls("w")} w:abstractNumId="77">{told}</w:abstractNum>'))
    part.append(parse_xml(f'<w:num {nsdecls("w")} w:numId="77"><w:abstractNumId w:val="77"/></w:num>'))
    for item in items:
        made.element.body.insert(len(made.element.body) - 1, item)
    made.save(str(path))
    return path


def test_a_wrong_rate_in_a_text_box_is_found_once(tmp_path):
    (found,) = findings(write_docx(tmp_path / "通报.docx", "一、总体情况", box(WRONG)))
    assert (found.place, found.says) == ("文本框", "合格率 87.51%")
    assert not findings(write_docx(tmp_path / "对.docx", TEXT, box(TEXT)))


@pytest.mark.parametrize(("part", "place"), [("header", "页眉"), ("footer", "页脚")])
def test_a_wrong_figure_in_a_header_or_footer_is_found(tmp_path, part, place):
    made = docx.Document()
    made.add_paragraph("现将有关情况通报如下：")
    getattr(made.sections[0], part).paragraphs[0].text = WRONG
    made.save(str(tmp_path / "通报.docx"))
    (found,) = findings(tmp_path / "通报.docx")
    assert (found.place, found.says) == (place, "合格率 87.51%")


def test_a_page_number_is_nothing_to_check(tmp_path):
    made = docx.Document()
    made.add_paragraph(TEXT)
    made.sections[0].footer.paragraphs[0].text = "— 12 —"
    made.save(str(tmp_path / "通报.docx"))
    assert [each.text for each in open_document(tmp_path / "通报.docx").paragraphs] == [TEXT]


def test_numbers_that_word_writes_by_itself_make_headings_as_typed_ones_do(tmp_path):
    levels = [("chineseCounting", "%1、"), ("chineseCountingThousand", "（%2）"), ("decimal", "%3."), ("decimal", "%1.%4")]
    items = [numbered("总体情况", 77), numbered("其中", 77, 1), numbered("小项", 77, 2), numbered("另一小项", 77, 2), numbered("存在的问题", 77), numbered("一类", 77, 1)]
    document = open_document(with_lists(tmp_path / "通报.docx", items, levels))
    assert [each.text for each in document.paragraphs] == ["一、总体情况", "（一）其中", "1.小项", "2.另一小项", "二、存在的问题", "（一）一类"]
    assert [each.level for each in document.paragraphs] == [1, 2, 3, 3, 1, 2]
    assert document.paragraphs[-1].headings == ("二、存在的问题", "（一）一类") and not document.unread


def test_numbers_of_an_unknown_kind_pictures_and_comments_are_counted_and_said(tmp_path):
    path = with_lists(tmp_path / "通报.docx", [numbered("总体情况", 77)], [("hebrew1", "%1、")])
    made = docx.Document(str(path))
    made.add_picture(io.BytesIO(PICTURE))
    made.add_comment(made.add_paragraph(TEXT).runs, "请核", author="某人")
    made.save(str(path))
    document = open_document(path)
    assert document.unread == (("图片", 1), ("批注", 1), ("自动编号", 1))
    doubts = [(each.place, each.says, each.reason) for each in lint(document).doubts]
    for what in ("图片", "批注", "自动编号"):
        assert (what, "1 处", f"程序不读{what}，请人工核对") in doubts


@pytest.mark.parametrize(("value", "kind", "told"), [(1, "decimal", "1"), (10, "chineseCounting", "十"), (11, "chineseCounting", "十一"), (20, "chineseCounting", "二十"),
                                                     (99, "chineseCounting", "九十九"), (100, "chineseCounting", None), (3, "hebrew1", None)])  # fmt: skip
def test_chinese_numbers_of_lists_are_written_as_word_does(value, kind, told):
    assert _spoken(value, kind) == told
