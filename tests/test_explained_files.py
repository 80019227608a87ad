"""One file explained before it is imported (xmt import --explain): what it is read as, and what is not read."""

import openpyxl
import pytest
from export_folders import imported, registers_only, works

from xmt_scoring.ingest import explain_file
from xmt_scoring.ingest.registers import FORM_HEADINGS


def test_one_file_is_explained_as_it_is_imported(tmp_path):
    folder = registers_only(tmp_path)
    path = works(folder / "太白林业_2026-07-01至2026-09-30.xlsx", "2026-07-06 08:00:00", "昨天")
    (line,) = explain_file(path)[0].to_dict("records")
    in_folder = imported(folder).frames["files"].set_index("file").loc[path.name]
    for name in ("kind", "platform", "n_rows", "n_kept", "n_quarantined", "covers_from", "covers_to", "coverage_basis", "sha256"):
        assert line[name] == in_folder[name], name


def test_a_register_is_explained_with_its_form_and_what_each_heading_is(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["留言编号", "留言时间", "留言详情", "答复时间", "点赞数"])
    book.active.append(["m1", "2026-07-01 08:00:00", "路灯不亮", "2026-07-02 08:00:00", "3"])
    book.save(tmp_path / "信箱.xlsx")
    lines, _, (told,) = explain_file(tmp_path / "信箱.xlsx")
    assert lines["note"].tolist() == ["登记表“留言”的“留言”"]
    assert dict(told)["列的对应"] == "留言编号 → 留言编号、留言时间 → 留言时间、留言详情 → 留言详情、答复时间 → 答复时间"
    assert (dict(told)["没有用到的列"], dict(told)["表头在第几行"]) == ("点赞数", "1")


@pytest.mark.parametrize("content", [b"", "甲,乙,丙\n1,2,3\n".encode()])
def test_a_file_that_is_no_export_is_explained_with_a_message(tmp_path, content):
    path = tmp_path / "x.csv"
    path.write_bytes(content)
    lines, problems, _ = explain_file(path)
    assert problems
    assert all(problem.is_fatal for problem in problems)
    assert not (lines["kind"] != "other").any()


def test_our_own_workbook_is_explained_as_a_form_with_sheets_that_are_not_read(tmp_path):
    made = openpyxl.Workbook()
    made.active.title = "封面"
    made.active.append(["季度检查结果"])
    form = made.create_sheet("人工核查表")
    form.append(list(FORM_HEADINGS))
    made.save(tmp_path / "考核评分表.xlsx")
    lines, problems, _ = explain_file(tmp_path / "考核评分表.xlsx")
    assert lines["kind"].tolist() == ["other", "register"]
    assert lines["note"].tolist() == ["本软件评分表的其他表，不读", "人工核查表"]
    assert problems == []
