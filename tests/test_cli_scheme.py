"""`xmt scheme` as a person uses it: shown in Chinese, checked with lines, tried on figures typed in by hand."""

import shutil
from importlib.resources import files
from pathlib import Path

import pytest
from conftest import run_xmt
from typer.testing import CliRunner

from xmt_scoring.cli import app
from xmt_scoring.errors import XmtError

SCHEMES = Path(str(files("xmt_scoring.scoring").joinpath("schemes")))


@pytest.fixture
def draft(tmp_path):
    path = tmp_path / "草案.toml"
    shutil.copy(SCHEMES / "taibai_quarterly_2021.toml", path)
    return path


def change(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.fixture
def xmt_here(tmp_path, monkeypatch):
    """The command in this process, in the test's folder: what it prints, or the messages with which it refuses."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")

    def run(*words, ok=True):
        done = CliRunner().invoke(app, [str(word) for word in words])
        assert isinstance(done.exception, XmtError) != ok, done.output
        return done.output if ok else str(done.exception)

    return run


def fill(path, cells, rest=0):
    """Fill the form: the named cells, `rest` in every other cell of an item."""
    from openpyxl import load_workbook

    book = load_workbook(path)
    sheet = book.worksheets[0]
    for row in sheet.iter_rows(min_row=4):
        code = row[0].value
        if code in cells:
            row[4].value = cells.pop(code)
        elif not code.startswith("vetoes"):
            row[4].value = rest
    book.save(path)
    assert not cells


def test_show_prints_the_scheme_with_its_status_in_chinese():
    told = run_xmt("scheme", "show").stdout
    assert "建议（本县没有采用" in told and "每周更新" in told and "每件扣 2" in told and "第十一条第1项" in told and "V2 长期不更新：得 0 分" in told
    assert "example_wanzhi" in told


@pytest.mark.parametrize(("answer", "total"), [("否", "91.50"), ("是", "不计分"), (None, "91.50")])
def test_a_veto_of_a_sheet_within_a_sheet_is_answered_with_yes_or_no(xmt_here, tmp_path, answer, total):
    xmt_here("scheme", "try", "example_wanzhi")
    path = tmp_path / "试算_example_wanzhi.xlsx"
    given = {"website / loss / losses": "5、3", "website / bonus / gains": "2、1", "new_media / loss / losses": "10", "new_media / bonus / gains": "0"}
    fill(path, {**given, "website / vetoes / V": "否", "new_media / vetoes / V": answer})
    assert f"总分：{total}" in xmt_here("scheme", "try", "example_wanzhi", "--inputs", path)
    fill(path, {"new_media / bonus / gains": None, **{name: value for name, value in given.items() if "new_media / bonus" not in name},
                "website / vetoes / V": "否", "new_media / vetoes / V": answer})  # fmt: skip
    assert "“各项加分”没有填。没有发生的填 0" in xmt_here("scheme", "try", "example_wanzhi", "--inputs", path, ok=False)


def test_check_says_what_a_sound_file_can_be_used_for():
    assert "可以用作账号季度评分" in run_xmt("scheme", "check", "taibai_quarterly_2021").stdout
    told = run_xmt("scheme", "check", "example_wanzhi").stdout
    assert "没有发现问题" in told and "不能直接用作账号季度评分" in told


def test_check_prints_every_problem_with_its_line_and_ends_with_1(draft):
    change(draft, 'points = "20"', 'points = "21"')
    change(draft, "art08_advert", "art08_adverts")
    change(draft, 'from = "0"', 'from = "10"')
    done = run_xmt("scheme", "check", draft, ok=False)
    assert done.returncode == 1
    for words in ("没有规则“art08_adverts”", "不重不漏", "这一块写的是"):
        assert words in done.stdout
    lines = draft.read_text(encoding="utf-8").splitlines()
    (told,) = [line for line in done.stdout.splitlines() if "没有规则" in line]
    assert "art08_adverts" in lines[int(told.split("第 ")[1].split(" 行")[0]) - 1]


def test_a_draft_is_tried_on_a_filled_in_excel_form(draft, xmt_here):
    change(draft, 'rule = { type = "per_event", loss = "2" }', 'rule = { type = "per_event", loss = "1.5" }')
    xmt_here("scheme", "try", draft, "--form", "表.xlsx")
    fill(draft.parent / "表.xlsx", {"B1 / events": 3, "C1 / serious": 1, "D1 / late": "不适用", "A2 / events": 2})
    told = xmt_here("scheme", "try", draft, "--inputs", "表.xlsx")
    assert "总分：89.00；等次：良好" in told and "试算，不是考核结果" in told  # 3×2 + 2 + 2×1.5


def test_a_veto_on_the_form_gives_zero_and_the_score_before_it(draft, xmt_here):
    xmt_here("scheme", "try", draft, "--form", "表.xlsx")
    fill(draft.parent / "表.xlsx", {"B1 / events": 1, "vetoes / V2": "是"})
    told = xmt_here("scheme", "try", draft, "--inputs", "表.xlsx")
    assert "单项否决：V2；否决前 98.00" in told and "总分：0.00；等次：不合格" in told


def test_empty_and_wrong_cells_of_a_form_are_refused_and_never_taken_as_zero(draft, xmt_here):
    xmt_here("scheme", "try", draft, "--form", "表.xlsx")
    fill(draft.parent / "表.xlsx", {"B1 / events": None, "C1 / serious": None, "A3 / events": -1, "B2 / events": "两次"})
    done = xmt_here("scheme", "try", draft, "--inputs", "表.xlsx", ok=False)
    assert "严重 件数”没有填" in done
    fill(draft.parent / "表.xlsx", {"B1 / events": None, "A3 / events": -1, "B2 / events": "两次"})
    done = xmt_here("scheme", "try", draft, "--inputs", "表.xlsx", ok=False)
    for words in ("「B1」：没有填“每周更新”", "「A3」：events 是 -1，不能是负数", "「B2」：events 是 '两次'"):
        assert words in done


def test_a_toml_form_is_tried_with_parts_that_have_a_sheet_of_their_own(tmp_path, xmt_here):
    xmt_here("scheme", "try", "example_wanzhi", "--form", "表.toml")
    text = (tmp_path / "表.toml").read_text(encoding="utf-8")
    assert all(f"[{part}.{item}]" in text for part in ("website", "new_media") for item in ("loss", "bonus"))
    filled = 'website = { loss = ["12"], bonus = ["5"] }\nnew_media = { loss = ["24"], bonus = ["10"] }\n'
    (tmp_path / "填.toml").write_text(filled, encoding="utf-8")
    told = xmt_here("scheme", "try", "example_wanzhi", "--inputs", "填.toml")
    assert "总分：81.10" in told


def test_a_form_that_is_there_is_not_overwritten(draft, xmt_here):
    xmt_here("scheme", "try", draft)
    done = xmt_here("scheme", "try", draft, ok=False)
    assert "已有这个文件" in done


@pytest.mark.parametrize("name", ["没有.xlsx", "没有.toml", "没有.csv"])
def test_a_form_that_is_not_there_is_told(name, xmt_here):
    done = xmt_here("scheme", "try", "example_wanzhi", "--inputs", name, ok=False)
    assert name in done
