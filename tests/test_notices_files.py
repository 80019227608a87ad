"""Notices as files: names, long and nasty texts, files that people changed, the office's own words."""

import shutil
from pathlib import Path

import openpyxl
import pytest
import rendered
from notice_county import DAY, RARE, empty_workspace, with_a_talk, written
from notice_files import paragraphs, tables, whole
from support_quarter import row, small_quarter

from xmt_scoring.errors import XmtError
from xmt_scoring.reports.problems import problem_rows
from xmt_scoring.workspace import Workspace

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture
def ws(tmp_path):
    """An empty workspace."""
    return empty_workspace(tmp_path)



def test_names_that_no_file_can_bear_or_that_collide_get_files_of_their_own(ws):
    names = {"U1": "县林业局", "U2": RARE, "U3": "县𠮷䶮🐼镇<人民>政府：一：二"}
    data = small_quarter(units=names)
    files, _ = written(ws, data)
    notices = [name for name in files if name.startswith("整改通知书")]
    assert len(notices) == 3 and not any(char in "".join(files) for char in '<>:"/\\|?*')
    assert all(f"{name}：" in paragraphs(files[file]) for name, file in zip(names.values(), sorted(notices, key=notices.index), strict=True))


def test_a_reason_of_3000_characters_is_whole_in_the_list_and_short_in_the_text(ws):
    long = "某" * 1500 + "𠮷" + "末" * 1499
    data = small_quarter(rows=[row("art11_typo", "W1", "T1", message=f"文字差错：{long}")])
    files, _ = written(ws, data)
    assert long in tables(files["整改通知书_县林业局.docx"])[0][1][3]
    assert max(map(len, paragraphs(files["整改通知书_县林业局.docx"]))) < 600
    assert long in str(openpyxl.load_workbook(files["整改台账_县林业局.xlsx"]).active["E4"].value)


def test_control_characters_line_breaks_and_numbers_of_people_do_not_reach_a_notice(ws):
    text = "文字差错:第一行\n第二行\x0b\x00,电话 13912345678,证件 610331199001011234"
    files, _ = written(ws, small_quarter(rows=[row("art11_typo", "W1", "T1", message=text)]))
    told = whole(files["整改通知书_县林业局.docx"])
    assert "第一行 第二行" in told or "第一行第二行" in told
    assert "13912345678" not in told and "610331199001011234" not in told and "139＊＊" in told


def test_a_notice_that_somebody_changed_or_has_open_stays_and_the_new_one_lies_beside(ws):
    data = small_quarter()
    files, _ = written(ws, data)
    mine = files["整改通知书_县林业局.docx"]
    mine.write_bytes(mine.read_bytes() + b" ")
    again, notes = written(ws, data)
    assert "整改通知书_县林业局(2).docx" in again
    assert any("整改通知书_县林业局.docx" in note.what for note in notes)


def test_a_notice_of_an_earlier_run_that_no_longer_holds_is_pointed_out(ws):
    written(ws, small_quarter())
    _, notes = written(ws, small_quarter(rows=[row("art11_typo", "W1", "T1")]))
    assert any("整改通知书_黄柏塬镇人民政府.docx" in note.what and "作废" in note.todo for note in notes)


def test_the_same_quarter_and_date_give_the_same_bytes(ws, tmp_path):
    first = {name: path.read_bytes() for name, path in written(ws, small_quarter())[0].items()}
    other = tmp_path / "别处"
    other.mkdir()
    (other / "xmt.toml").write_text("", encoding="utf-8")
    assert {name: path.read_bytes() for name, path in written(Workspace(other), small_quarter())[0].items()} == first


def test_the_file_for_printing_holds_every_notice_each_from_page_1_on_an_odd_page(ws):
    import docx

    files, _ = written(ws, small_quarter())
    merged = whole(files["合并打印_2025Q3.docx"])
    for name, path in files.items():
        if name.startswith("整改通知书"):
            assert set(paragraphs(path)) <= set(merged.splitlines())
    starts = [
        section for section in docx.Document(str(files["合并打印_2025Q3.docx"])).sections
        if section._sectPr.xpath("./w:pgNumType[@w:start='1']")
    ]  # fmt: skip
    assert len(starts) == 2 and all(section.start_type.name == "ODD_PAGE" for section in starts)


def test_the_offices_own_template_is_used(ws):
    (ws.root / "模板").mkdir()
    (ws.root / "模板" / "整改通知书.txt").write_text(
        "标题：整改通知\n文号：太政改〔{{ 年份 }}〕{{ 序号 }}号\n主送：{{ 单位 }}：\n署名：太白县政务公开办\n----\n共{{ 问题数 }}件，{{ 整改期限 }}办结。\n",
        encoding="utf-8-sig",
    )
    told = paragraphs(written(ws, small_quarter())[0]["整改通知书_县林业局.docx"])
    assert "太政改〔2025〕1号" in told and "太白县政务公开办" in told


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("标题：x\n文号：1\n主送：y：\n署名：z\n----\n{{ 问题书 }}\n", "第 6 行.*问题书.*问题组"),
        ("标题：x\n主送：y：\n署名：z\n----\n正文。\n", "文号"),
        ("标题：x\n文号：1\n主送：y：\n署名：z\n----\n{% if 问题数 %}\n", "模板写法有误"),
    ],
)
def test_a_template_that_is_wrong_is_refused_before_anything_is_written(ws, text, told):
    (ws.root / "模板").mkdir()
    (ws.root / "模板" / "整改通知书.txt").write_text(text, encoding="utf-8")
    with pytest.raises(XmtError, match=told):
        written(ws, small_quarter())
    assert not list(ws.root.rglob("*.docx"))


def test_the_command_writes_one_units_papers_and_refuses_what_it_cannot_read(xmt, demo, tmp_path):
    root = tmp_path / "县"
    shutil.copytree(demo / "data" / "processed", root / "data" / "processed")
    shutil.copy(demo / "xmt.toml", root / "xmt.toml")
    told = xmt("--workspace", root, "notice", "2025Q3", "--unit", "云岭县公安局", "--date", "2025-10-15").stdout
    assert "整改通知书_云岭县公安局.docx" in told and "成文日期 2025-10-15" in told
    text = whole(root / "reports" / "2025Q3" / "整改通知" / "整改通知书_云岭县公安局.docx")
    assert "存在错别字等文字差错（13件）" in text and "于2025年10月29日前整改到位" in text
    for wrong, answer in ((["--date", "10月15日"], "成文日期"), (["--unit", "云岭县公安"], "云岭县公安局")):
        refused = xmt("--workspace", root, "notice", "2025Q3", *wrong, ok=False)
        assert (refused.returncode, answer in refused.stdout) == (1, True)




def test_the_elements_of_every_notice_stand_in_the_prescribed_order(ws, monkeypatch):
    """A strict reader refuses a file whose elements are out of order (ECMA-376)."""
    import docx_parts

    with_numbers = docx_parts.ORDER["sectPr"].replace("pgMar", "pgMar pgNumType")
    monkeypatch.setitem(docx_parts.ORDER, "sectPr", with_numbers)
    data = with_a_talk()
    files, _ = written(ws, data)
    papers = [path for name, path in files.items() if name.endswith(".docx")]
    assert len(papers) == 5
    assert [docx_parts.out_of_order(path) for path in papers] == [[]] * 5


def test_the_manual_names_every_field_that_a_template_may_use(ws):
    from xmt_scoring.reports.notices.making import plan

    data = with_a_talk()
    notices, _ = plan(ws, data, DAY)
    manual = (ROOT / "README.zh-CN.md").read_text(encoding="utf-8").split("## 发整改通知")[1].split("\n## ")[0]
    assert [field for notice in notices for field in notice.fields if field not in manual] == []


@pytest.mark.long
@rendered.needs_office
def test_the_file_for_printing_opens_in_libreoffice_with_every_number_and_each_notice_on_page_1(ws):
    files, _ = written(ws, small_quarter())
    pages = [rendered.words(page) for page in rendered.pages(rendered.as_pdf(files["合并打印_2025Q3.docx"], ws.root / "pdf"))]
    firsts = [page for page in pages if "政务新媒体整改通知书" in page]
    assert len(firsts) == 3 and all("—1—" in page for page in firsts)
    assert all(number.split("-")[1] in "".join(pages) for number in problem_rows(small_quarter())["problem_id"])
