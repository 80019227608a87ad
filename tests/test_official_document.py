"""An official document as GB/T 9704-2012 wants it: the sheet, the type, the levels, the signature; and on paper."""

import datetime as dt
import time
from pathlib import Path

import docx
import pytest
from docx_parts import out_of_order, paragraphs, styles
from rendered import as_pdf, needs_office, pages, words

from xmt_scoring.reports import official
from xmt_scoring.reports.official.words import title_lines, width

DAY = dt.date(2026, 10, 5)
MM = 360_000 / 10  # EMU


def full_paper(path: Path) -> Path:
    """Every part once, with characters that do harm."""
    paper = official.new_paper("通报", DAY, "县政府办")
    official.add_red_head(paper, "太白县人民政府办公室文件", "太政办发〔2026〕12号")
    official.add_title(paper, "太白县人民政府办公室|关于|2026年第三季度|全县政府系统|政务新媒体|检查情况的|通报", below="（征求意见稿）")
    official.add_addressee(paper, "各镇人民政府：")
    official.add_heading(paper, 1, "一、总体情况")
    official.add_text(paper, "国" * 28 * 60, indent=False)
    official.add_heading(paper, 2, "（一）备案")
    official.add_run_in(paper, 3, "1.未备案。", "“𠮷䶮🎉”微信公众号。")
    official.add_annex_note(paper, ["不合格账号名单", "问题清单"])
    official.add_signature(paper, "太白县人民政府办公室", DAY)
    official.start_annex(paper, "附件1", "不合格账号名单")
    columns = [official.Column("序号", 12, "center"), official.Column("账号", 60), official.Column("原因", 84)]
    rows = [(number, "坏字符\x01\x0b名称\n换行", "长" * (3000 if number == 3 else 30) + "完") for number in range(1, 41)]
    official.add_table(paper, columns, rows)
    official.start_annex(paper, "附件2", "问题清单", landscape=True)
    official.add_table(paper, columns, rows[:2])
    official.start_annex(paper, "附件3", "得分表")
    official.add_text(paper, "无")
    official.add_imprint(paper, ["县委办公室", "县人大常委会办公室"], "太白县人民政府办公室", DAY)
    official.save_paper(paper, path)
    return path


@pytest.fixture(scope="module")
def paper(tmp_path_factory) -> Path:
    return full_paper(tmp_path_factory.mktemp("公文") / "公文.docx")


@pytest.fixture(scope="module")
def printed(paper):
    return pages(as_pdf(paper, paper.parent / "pdf"))


def test_the_sheet_is_a4_with_the_margins_and_the_grid_of_the_standard(paper):
    section = docx.Document(str(paper)).sections[0]
    assert (round(section.page_width / MM), round(section.page_height / MM)) == (210, 297)
    sides = [section.top_margin, section.left_margin, section.bottom_margin, section.right_margin]
    assert [round(side / MM) for side in sides] == [37, 28, 35, 26]
    grid = section._sectPr.find(".//{*}docGrid")
    assert {name.split("}")[1]: value for name, value in grid.items()} == {"type": "linesAndChars", "linePitch": "579", "charSpace": "-848"}
    assert round(225 / 25.4 * 1440) >= 22 * 579


def test_a_landscape_section_turns_the_sheet_and_keeps_its_margins(paper):
    upright, turned, again = docx.Document(str(paper)).sections
    assert (turned.page_width, turned.page_height) == (upright.page_height, upright.page_width)
    assert (turned.left_margin, turned.top_margin) == (upright.bottom_margin, upright.left_margin)
    assert again.page_width == upright.page_width


def test_the_chinese_fonts_are_named_with_substitutes_and_none_is_embedded(paper):
    import zipfile

    with zipfile.ZipFile(paper) as package:
        table, names = package.read("word/fontTable.xml").decode(), package.namelist()
        text = package.read("word/styles.xml").decode() + package.read("word/document.xml").decode()
    for font in ("仿宋_GB2312", "黑体", "楷体_GB2312", "方正小标宋简体"):
        assert f'w:eastAsia="{font}"' in text
        assert f'w:name="{font}"' in table
    assert 'w:altName w:val="仿宋,FangSong' in table
    assert not [name for name in names if "fonts/" in name or "thumbnail" in name]


def test_a_strict_reader_finds_every_element_in_its_place(paper):
    assert out_of_order(paper) == []


def test_the_last_table_is_followed_by_a_paragraph_and_word_opens_without_compatibility_mode(tmp_path):
    made = official.new_paper("题", DAY)
    official.add_table(made, [official.Column("甲", 1)], [["乙"]])
    official.save_paper(made, tmp_path / "a.docx")
    document = docx.Document(str(tmp_path / "a.docx"))
    assert [child.tag.split("}")[1] for child in document.element.body] == ["tbl", "p", "sectPr"]
    assert "compatibilityMode" in document.settings.element.xml
    assert {each.values()[-1] for each in document.settings.element.iter("{*}compatSetting") if "compatibilityMode" in each.values()} == {"15"}


def test_headings_carry_their_levels_for_the_navigation_pane(paper):
    assert styles(paper, "Heading 1") == ["一、总体情况"]
    assert [p.text for p in docx.Document(str(paper)).paragraphs if p.style.style_id == "Heading2"] == ["（一）备案"]


@pytest.mark.parametrize(
    ("level", "number", "told"),
    [(1, 1, "一、"), (1, 10, "十、"), (1, 11, "十一、"), (1, 20, "二十、"), (2, 3, "（三）"), (3, 12, "12."), (4, 2, "（2）")],
)
def test_the_numbers_of_the_four_levels(level, number, told):
    assert official.heading_number(level, number) == told


def test_dates_have_no_leading_zeros():
    assert official.chinese_date(dt.date(2026, 4, 3)) == "2026年4月3日"


@pytest.mark.parametrize(("text", "told"), [("甲\x00乙", "甲�乙"), ("甲\ud800乙", "甲�乙"), ("甲\u202e乙", "甲�乙"), ("甲\r\n乙\t丙", "甲 乙 丙"), ("𠮷䶮🎉", "𠮷䶮🎉")])
def test_what_a_paragraph_cannot_hold_is_replaced_visibly_and_rare_characters_stay(text, told):
    assert official.clean(text) == told


def test_a_long_title_is_broken_between_words_and_never_into_a_rectangle_of_chance():
    lines = title_lines("太白县人民政府办公室|关于|2026年第三季度|全县政府系统|政务新媒体|检查情况的|通报")
    assert lines == ["太白县人民政府办公室关于2026年第三季度", "全县政府系统政务新媒体检查情况的通报"]
    three = [width(line) for line in title_lines("|".join(["太白县黄柏塬镇人民政府", "关于", "落实全县", "政务新媒体", "季度检查", "发现问题", "整改工作", "情况的", "报告和", "下一步", "安排的函"]))]
    assert max(three) <= 20
    assert len(three) == 3


@pytest.mark.parametrize("characters", [20, 21])
def test_a_title_of_twenty_characters_is_one_line_and_of_twenty_one_is_two(characters):
    assert len(title_lines("题" * characters)) == (1 if characters == 20 else 2)


def test_a_number_in_a_title_is_never_torn():
    assert all("2026年" in line or "202" not in line for line in title_lines("某" * 17 + "2026年" + "某" * 17))


def test_one_annex_has_no_number_and_two_are_numbered(tmp_path):
    for names, told in ((["得分表"], ["附件：得分表"]), (["得分表", "名单"], ["附件：1.得分表", "2.名单"])):
        made = official.new_paper("题", DAY)
        official.add_annex_note(made, names)
        official.save_paper(made, tmp_path / "a.docx")
        assert paragraphs(tmp_path / "a.docx") == told


@pytest.mark.parametrize(("name", "sealed"), [("太白县人民政府办公室", True), ("县林业局", True), ("太白县人民政府办公室", False), ("县林业局", False)])
def test_the_signature_keeps_its_distances(tmp_path, name, sealed):
    made = official.new_paper("题", DAY)
    official.add_text(made, "正文。")
    official.add_signature(made, name, DAY, sealed=sealed)
    lines = made.document.paragraphs[-2:]
    right = [line.paragraph_format.right_indent.twips / 316 for line in lines]
    centre = [indent + width(line.text) / 2 for indent, line in zip(right, lines, strict=True)]
    if sealed:
        assert round(right[1], 1) == 4  # the date four characters from the right, the name centred over it
        assert abs(centre[0] - centre[1]) < 0.1
    else:
        left = [indent + width(line.text) for indent, line in zip(right, lines, strict=True)]
        assert round(left[0] - left[1], 1) == 2  # the date begins two characters right of the name
        assert min(right) >= 1.99
    assert made.document.paragraphs[0].paragraph_format.keep_with_next


def test_the_same_calls_give_the_same_bytes_at_another_time(paper, tmp_path):
    time.sleep(2.1)  # a zip knows times in steps of two seconds
    assert full_paper(tmp_path / "again.docx").read_bytes() == paper.read_bytes()
    assert docx.Document(str(paper)).core_properties.created == dt.datetime(2026, 10, 5, tzinfo=dt.UTC)


@needs_office
def test_a_full_page_has_22_lines_of_28_characters(printed):
    full = [page for page in printed if sum(word[0] == "国" * 28 for word in page) >= 20]
    assert len(full) >= 2
    for page in full[:2]:
        lines = [word for word in page if word[0] == "国" * 28]
        assert len(lines) == 22
        assert min(line[1] for line in lines) >= 28 * 72 / 25.4 - 1
        assert max(line[3] for line in lines) <= (210 - 26) * 72 / 25.4 + 1


@needs_office
def test_the_title_stands_in_the_middle_of_the_text(printed):
    title = next(word for word in printed[0] if "全县政府系统" in word[0])
    assert abs((title[1] + title[3]) / 2 - (28 + 156 / 2) * 72 / 25.4) < 6


@needs_office
def test_page_numbers_are_right_on_odd_pages_and_left_on_even_ones(printed):
    for number, page in enumerate(printed[:4], start=1):
        foot = [word for word in page if word[2] > 262 * 72 / 25.4]  # below the text
        assert "".join(word[0] for word in foot) == f"—{number}—"
        assert abs((foot[0][2] + foot[0][4]) / 2 / 72 * 25.4 - 269) < 1.5  # the dash 7 mm below the text
        centre = (foot[0][1] + foot[-1][3]) / 2
        assert centre > 160 * 72 / 25.4 if number % 2 else centre < 50 * 72 / 25.4


@needs_office
def test_the_signature_shares_its_page_with_text(printed):
    page = next(words(page) for page in printed if "2026年10月5日" in words(page) and "附件：" in words(page))
    assert "1.未备案。“𠮷䶮" in page


@needs_office
def test_nothing_is_clipped_not_even_a_reason_of_three_thousand_characters(printed):
    text = "".join(map(words, printed))
    assert text.count("长") == 39 * 30 + 3000 + 2 * 30
    assert text.count("完") == 42
    assert "坏字符��名称换行" in text
    heads = [page for page in printed if "序号" in words(page)]
    assert len(heads) > 3  # the head of the table stands on every page of it


@needs_office
def test_an_annex_begins_on_a_new_page_with_its_mark_on_the_first_line_and_its_title_on_the_third(printed):
    page = next(page for page in printed if words(page).startswith("附件1"))
    mark, title = page[0], next(word for word in page if "不合格账号名单" in word[0])
    assert mark[1] < 30 * 72 / 25.4
    assert 1.5 * 28.95 < title[2] - mark[2] < 3 * 28.95
