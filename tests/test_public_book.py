"""考核结果_公布版: what it holds, and that nothing that a person wrote or is called can get into it."""

import zipfile
from dataclasses import replace

import openpyxl
import pandas as pd
import pytest
from openxml_audit import OpenXmlValidator
from support_quarter import small_quarter
from workbook_cells import number

from xmt_scoring.frames import contracts
from xmt_scoring.reports.public_book import SHEETS, write_public

PLANTED = "张三丰13900001111身份证61032419900101123X路灯坏了"
FIXED = {"unit_id", "account_id", "owner_id", "check_id", "item_id", "event_id", "article", "severity", "platform", "kind", "basis", "unit_name", "account_name",
         "rule_mode", "rule_state", "coverage_basis", "event_kind", "decided_by"}  # fmt: skip


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    path = tmp_path_factory.mktemp("公布") / "公布.xlsx"
    write_public(path, small_quarter())
    return path


def test_it_has_five_sheets_and_no_formula_link_or_box(book):
    opened = openpyxl.load_workbook(book)
    assert tuple(opened.sheetnames) == SHEETS == ("封面", "单位得分", "账号得分", "扣分汇总", "怎样算的")
    cells = [cell for page in opened.worksheets for line in page.iter_rows() for cell in line]
    assert not [cell.coordinate for cell in cells if cell.data_type == "f" or cell.hyperlink]
    assert not opened.defined_names or all("Print" in name or "_xlnm" in name for name in opened.defined_names)


def test_the_scores_are_those_of_the_library(book):
    frames = small_quarter().frames
    accounts = pd.read_excel(book, sheet_name="账号得分", header=2, engine="openpyxl").set_index("账号")
    for line in frames["account_scores"].dropna(subset=["low"]).itertuples():
        shown = accounts.loc[line.account_name]
        assert (number(shown["最低"]), number(shown["最高"])) == (line.low, line.high)
    units = pd.read_excel(book, sheet_name="单位得分", header=2, engine="openpyxl").set_index("单位")
    for line in frames["unit_scores"].itertuples():
        assert (number(units.loc[line.unit_name, "最低"]), number(units.loc[line.unit_name, "最高"])) == (line.low, line.high)


def test_losses_are_summed_by_account_and_item_with_their_floor(book):
    shown = pd.read_excel(book, sheet_name="扣分汇总", header=2, engine="openpyxl").set_index(["账号", "评分项"])
    line = shown.loc[("太白林业服务（微信公众号）", "C1 文字差错")]
    assert (line["件数"], line["扣分"], line["条款"]) == (13, -6, "第十一条第2项")
    assert shown.loc[("太白发布（微博）", "V1 严重内容问题"), "扣分"] == -100


def test_nothing_planted_in_any_free_text_gets_into_the_file(tmp_path):
    data = small_quarter()
    frames = {}
    for name, frame in data.frames.items():
        known = contracts()[name].columns if name in contracts() else ()
        free = [column.name for column in known if column.kind == "str" and not column.choice and column.name not in FIXED and column.name in frame]
        frames[name] = frame.assign(**{column: frame[column].where(frame[column].isna(), PLANTED + frame[column].fillna("")) for column in free if frame[column].notna().any()})
    assert frames["contributions"]["message"].str.startswith(PLANTED).all() and frames["evidence"]["url"].dropna().str.startswith(PLANTED).all()
    # account_scores and unit_scores carry names of accounts and units, which are published
    frames |= {name: data.frames[name] for name in ("account_scores", "unit_scores")}
    write_public(tmp_path / "a.xlsx", replace(data, frames=frames))
    with zipfile.ZipFile(tmp_path / "a.xlsx") as package:
        everything = b"".join(package.read(name) for name in package.namelist()).decode("utf-8", errors="replace")
    for part in ("张三丰", "13900001111", "61032419900101123X", "路灯", "导出 (1).xlsx", "防火通知", "https://mp.weixin"):
        assert part not in everything, part


def test_it_keeps_to_the_schemas_and_repeats_to_the_byte(book, tmp_path):
    assert OpenXmlValidator().validate(book).errors == []
    write_public(tmp_path / "再.xlsx", small_quarter())
    assert (tmp_path / "再.xlsx").read_bytes() == book.read_bytes()


def test_a_quarter_without_any_loss_can_be_published(tmp_path):
    write_public(tmp_path / "a.xlsx", small_quarter(rows=[]))
    assert pd.read_excel(tmp_path / "a.xlsx", sheet_name="扣分汇总", header=2, engine="openpyxl").empty


def test_the_command_writes_only_the_version_for_publication(xmt, demo, tmp_path):
    import shutil

    root = tmp_path / "县"
    shutil.copytree(demo, root, ignore=shutil.ignore_patterns("reports", "notebooks"))
    told = xmt("--workspace", root, "report", "2025Q4", "--public").stdout
    made = [path.name for path in (root / "reports" / "2025Q4").iterdir()]
    assert made == ["考核结果_公布版_2025Q4.xlsx"] and made[0] in told.replace("\n", "")
    assert xmt("--workspace", root, "report", "2025Q4", "--public", "--each-unit", ok=False).returncode == 2
