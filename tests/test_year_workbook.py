"""年度考核.xlsx: what stands in it, the same bytes every time, and formulas that give the library's numbers anew."""

from decimal import Decimal

import pandas as pd
import pytest
from openpyxl import load_workbook
from recalculation import FOREIGN_BARS
from recalculation import recalculated as recalculated_books
from support_year import NAMES, County, year_data

from xmt_scoring.reports.year_data import TAKES_NO_PART
from xmt_scoring.reports.year_explain import explain_year_lines
from xmt_scoring.reports.year_sheets import passed_on
from xmt_scoring.reports.year_workbook import SHEETS, write_year_workbook

pytestmark = FOREIGN_BARS
GOOD = ["91.00", "93.37", "88.88", "90.01"]


def cases():
    """Counties whose workbooks are calculated anew."""
    several = County(
        {"U1": GOOD, "U2": ["90.00"] * 4, "U3": [None] * 4, "U4": ["70.25", None, "77.77", "60.00"], "U5": ["99.00"] * 4},
        inspections=[("J1", "province", "2026-08-01", "A-U2", None, True, None), *((f"K{n}", "city", "2026-05-01", "A-U1", None, False, None) for n in range(2))],
        honours=[("U5", "3", "2026-10-01"), ("U5", "4", "2026-10-02"), ("U4", "1", "2026-10-02")], missing_docs=[("U1", "security"), ("U3", "secrecy")],
        rectified={"U1": (2, 1), "U4": (1, 5)}, untrained=[("U4", "maintainer")], reviews={"U4": "2026-12-24"},
    )  # fmt: skip
    open_quarters = County(
        {"U1": GOOD, "U2": ["90.00", "90.00", "90.00", ("70.10", "95.20")], "U3": [("10.00", "90.00")] * 4, "U4": [None] * 4},
        honours=[("U2", "2", "2026-10-01"), ("U1", None, "2026-10-02")], open_vetoes=[("2026Q1", "A-U1")], without=["unit_docs"],
        closures=[("U3", "low", "2027-01-20")],
    )  # fmt: skip
    return {
        "已定": several, "待定": open_quarters, "最低": County({"U1": GOOD, "U2": ["90.00", None, "80.00", None]}, settings={"year_rollup": "min"}),
        "缺季度": County({"U1": GOOD}, absent=["2026Q3"], settings={"missing_quarter": "open"}),
    }  # fmt: skip


@pytest.fixture(scope="module")
def books(tmp_path_factory):
    folder = tmp_path_factory.mktemp("年度")
    for name, county in cases().items():
        write_year_workbook(folder / f"{name}.xlsx", year_data(county))
    return folder


def table(path, sheet, top=2):
    return pd.read_excel(path, sheet_name=sheet, header=top, engine="openpyxl")


def test_the_sheets_have_their_names_and_order(books):
    named = load_workbook(books / "已定.xlsx").sheetnames
    assert tuple(named[: len(SHEETS)]) == SHEETS
    assert named[len(SHEETS) :] == ["01 U5局", "02 U1局", "03 U4局", "04 U2局", "05 U3局"], "one sheet per unit, in the order of ranks"


@pytest.mark.parametrize("name", list(cases()))
def test_the_ranking_shows_the_scores_of_the_library_without_calculating(books, name):
    units = year_data(cases()[name]).frames["unit_years"].set_index("unit_name")
    shown = table(books / f"{name}.xlsx", "排名").set_index("单位")
    for unit, line in units.iterrows():
        if pd.isna(line["low"]):
            assert shown.loc[unit, "得分"] == TAKES_NO_PART
            continue
        for end, word in (("low", "最低"), ("high", "最高")):
            assert Decimal(str(shown.loc[unit, word])).quantize(Decimal("0.01")) == line[end]
        assert shown.loc[unit, "得分"] == ("待定" if pd.isna(line["score"]) else float(line["score"]))


def test_the_veto_stands_beside_the_score_before_it_with_its_document_and_chain(books):
    line = table(books / "已定.xlsx", "排名").set_index("单位").loc["U2局"]
    assert (line["得分"], line["等次"], line["未计否决的得分"], line["否决文号"]) == (0, "不合格", 92, "〔2026〕J1号")
    chain = table(books / "已定.xlsx", "上级检查与否决").set_index("当日主办单位").loc["U2局", "经过"]
    assert "账号“A-U2号（微博）”" in chain and "当日主办单位 U2局" in chain and "本年度不得分（未计否决时 92.00）" in chain


def test_a_bonus_stands_with_its_document_and_the_reason_why_it_does_not_count(books):
    rows = table(books / "已定.xlsx", "加分")
    told = rows.groupby("单位")["事由"].agg(" ".join)
    assert "表〔2026〕0号" in told["U5局"] and "加分最多 5 分" in told["U5局"]
    assert "加分前得分没有超过 80" in told["U4局"]


def test_the_output_for_the_performance_review_is_three_points_at_most(books):
    rows = table(books / "已定.xlsx", "年终综合绩效", 3).set_index("单位")
    assert (rows.loc["U5局", "折合分"], rows.loc["U2局", "折合分"], rows.loc["U3局", "折合分"]) == (3, 0, TAKES_NO_PART)
    assert passed_on(Decimal("91.57"), 3) == Decimal("2.75")


def test_a_closing_decision_and_what_is_open_are_printed(books):
    rows = table(books / "待定.xlsx", "排名").set_index("单位")
    assert "年度结案：按最低，某批准人 2027-01-20" in rows.loc["U3局", "备注"]
    assert "M1 三项制度" in rows.loc["U2局", "备注"] and "季度否决项待核查" in rows.loc["U1局", "备注"]
    notes = [str(cell.value) for line in load_workbook(books / "待定.xlsx")["说明"].iter_rows() for cell in line if cell.value]
    assert any(text.startswith("年度结案：按最低") for text in notes)


def test_the_cover_shows_an_open_quarter_as_an_interval_and_a_rate_that_may_change_as_provisional(books):
    lines = table(books / "待定.xlsx", "封面", 7).set_index("单位")
    assert list(lines.loc["U2局", "2026Q1":"2026Q4"]) == [90, 90, 90, "70.10–95.20"]
    assert list(lines.loc["U4局", "2026Q1":"2026Q4"]) == ["—"] * 4, "takes no part"
    rates = {name: load_workbook(books / f"{name}.xlsx", data_only=True)["封面"]["A5"].value for name in ("已定", "待定", "最低")}
    assert rates == {"已定": 0.75, "待定": "66.7%（暂定）", "最低": 1}


def test_the_same_year_gives_the_same_bytes(books, tmp_path):
    write_year_workbook(tmp_path / "再.xlsx", year_data(cases()["已定"]))
    assert (tmp_path / "再.xlsx").read_bytes() == (books / "已定.xlsx").read_bytes()


def test_every_sheet_is_set_up_for_printing_and_says_that_the_scheme_is_proposed(books):
    for page in load_workbook(books / "待定.xlsx").worksheets:
        assert (page.page_setup.orientation, str(page.page_setup.paperSize)) == ("landscape", "9")
        assert page.print_title_rows and page.freeze_panes and "建议稿" in page.oddFooter.left.text


@pytest.fixture(scope="module")
def recalculated(books):
    recalculated_books(books, [books / f"{name}.xlsx" for name in cases()])
    return books / "out"


@pytest.mark.parametrize("name", list(cases()))
def test_a_recalculation_leaves_every_formula_at_the_value_of_the_library(books, recalculated, name):
    formulas = [cell for page in load_workbook(books / f"{name}.xlsx").worksheets for line in page.iter_rows() for cell in line if cell.data_type == "f"]
    stored, anew = load_workbook(books / f"{name}.xlsx", data_only=True), load_workbook(recalculated / f"{name}.xlsx", data_only=True)

    def same(old, new):
        return abs(old - new) < 5e-5 if isinstance(old, (int, float)) and isinstance(new, (int, float)) else old == new

    differing = [
        (cell.parent.title, cell.coordinate, cell.value, stored[cell.parent.title][cell.coordinate].value, anew[cell.parent.title][cell.coordinate].value)
        for cell in formulas
        if not same(stored[cell.parent.title][cell.coordinate].value, anew[cell.parent.title][cell.coordinate].value)
    ]  # fmt: skip
    assert len(formulas) > 20 and not differing
    printed = table(recalculated / f"{name}.xlsx", "排名").set_index("单位")["得分"]
    units = year_data(cases()[name]).frames["unit_years"].set_index("unit_name")["score"].dropna()
    assert all(float(score) == printed[unit] for unit, score in units.items())


def test_the_explanation_names_article_source_and_quarters():
    told = "\n".join(explain_year_lines(year_data(cases()["已定"]), "U1局"))
    for words in ("2026Q2 得分 93.37", "没有安全管理制度", "第十八条", "2026/rectifications.xlsx「rectifications」表第", "U1 上级检查扣分：-10"):
        assert words in told, words
    assert NAMES[0] in told
