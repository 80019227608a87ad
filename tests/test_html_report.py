"""The pages open offline, show the library's numbers, keep a unit's sheet to itself and hide what is personal."""

import re
import shutil
from decimal import Decimal
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
import support_quarter
from support_frames import PERIOD, small_quarter

from xmt_scoring.errors import XmtError
from xmt_scoring.pipeline import open_quarter
from xmt_scoring.reports import explain, summary
from xmt_scoring.reports.notebooks import notebook, run_notebook
from xmt_scoring.reports.tables import as_html
from xmt_scoring.reports.workbook import write_workbook

BROWSERS = ("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
BROWSER = next((path for path in BROWSERS if Path(path).exists()), None)
needs_browser = pytest.mark.skipif(BROWSER is None, reason="needs Chromium (Debian package chromium)")
PAGES = {
    "report": ("20_quarterly_report", {}),
    "unit": ("20_quarterly_report", {"unit": "U1"}),
    "check": ("10_data_check", {}),
}


@pytest.fixture(scope="module")
def ws(tmp_path_factory):
    return small_quarter(tmp_path_factory.mktemp("报告") / "县 报告（一）")


@pytest.fixture(scope="module")
def pages(ws):
    common = {"quarter": str(PERIOD), "workspace": "."}
    return {
        name: run_notebook(notebook(source), ws.root / f"{name} 页.html", {**common, **more}, ws.root)
        for name, (source, more) in PAGES.items()
    }


@pytest.fixture(scope="module")
def texts(pages):
    """What stands in each page outside its scripts and styles."""
    found = {}
    for name, page in pages.items():
        found[name] = re.sub(r"<(script|style)\b.*?</\1>", "", page.read_text(encoding="utf-8"), flags=re.S)
    return found


@pytest.fixture(scope="module")
def seen(pages):
    """Each page in Chromium: requests, messages of the console, number of figures, text as displayed."""
    playwright = pytest.importorskip("playwright.sync_api", reason="needs playwright (extra test)")
    found = {}
    with playwright.sync_playwright() as started:
        options = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        browser = started.chromium.launch(executable_path=BROWSER, args=options)
        for name, path in pages.items():
            page, asked, told = browser.new_page(viewport={"width": 1200, "height": 900}), [], []
            page.route(re.compile("^https?:"), lambda route: route.abort())
            page.on("request", lambda request, asked=asked: asked.append(request.url))
            page.on("console", lambda message, told=told: told.append(message.text))
            page.on("pageerror", lambda error, told=told: told.append(str(error)))
            page.goto(path.as_uri())
            page.wait_for_function("document.readyState === 'complete'")
            page.wait_for_timeout(700)
            found[name] = {
                "asked": asked, "told": told, "figures": page.locator(".main-svg").count(), "text": page.inner_text("body"),
                "overflow": page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"),
            }  # fmt: skip
            if name == "report":
                accounts = page.locator("table:has(caption:text-is('账号得分'))")
                head, scores = accounts.locator("th .dt-column-title:text-is('得分')"), accounts.locator("tbody tr td:nth-child(4)")
                head.click()
                accounts.locator("th[aria-sort=ascending]").wait_for()
                up = scores.all_text_contents()
                head.click()
                accounts.locator("th[aria-sort=descending]").wait_for()
                down = scores.all_text_contents()
                found["sorted"] = (up, down)
                rules = page.locator(".dt-container").filter(has=page.locator("th:has-text('检查方式')"))
                rules.locator("input[type=search]").fill("留言答复")
                found["filtered"] = rules.locator("tbody tr").all_text_contents()
                found["drawn"] = page.locator("details.xmt-drawn").all_text_contents()
                found["labels"] = [each.get_attribute("aria-label") for each in page.locator("[role=img][aria-label]").all()]
        browser.close()
    return found


@pytest.mark.parametrize("name", PAGES)
@needs_browser
def test_a_page_opens_offline_draws_its_figures_and_complains_of_nothing(seen, name):
    page = seen[name]
    assert [url for url in page["asked"] if not url.startswith(("file:", "data:"))] == []
    assert page["told"] == []
    assert page["figures"] >= {"report": 4, "unit": 4, "check": 1}[name]
    assert page["overflow"] == 0


@needs_browser
def test_what_is_displayed_is_chinese_and_has_the_librarys_numbers(seen, ws):
    data = open_quarter(ws, PERIOD)
    shown = seen["report"]["text"]
    assert "每周更新" in shown
    for score in summary.unit_table(data)["得分"]:
        assert score in shown


@needs_browser
def test_a_click_on_a_heading_sorts_by_number_and_a_second_one_turns_it_round(seen):
    up, down = seen["sorted"]
    assert up == ["0.00", "20.00–96.00", "27.50–99.50", "35.00–97.00"]
    assert down == up[::-1]


@needs_browser
def test_a_word_typed_above_a_table_leaves_the_rows_that_hold_it(seen):
    assert seen["filtered"]
    assert all("留言答复" in row for row in seen["filtered"])


@needs_browser
def test_who_cannot_see_a_figure_gets_its_title_and_its_numbers(seen, ws):
    data = open_quarter(ws, PERIOD)
    assert len(seen["labels"]) == len(seen["drawn"]) == 4
    assert all("来源：" in label for label in seen["labels"])
    scores, weeks, replies, losses = seen["drawn"]
    assert all(name in scores for name in data.frames["unit_scores"]["unit_name"])
    assert weeks.count("×") == int((data.frames["account_weeks"]["n_posts"] == 0).sum())
    assert "收到后几天答复（自然日）" in replies
    assert "已定扣分" in losses


def test_the_page_names_its_language_and_title_and_holds_plotly_once(pages, texts):
    page = pages["report"].read_text(encoding="utf-8")
    assert '<html lang="zh-CN">' in page
    assert "<title>政务新媒体季度检查报告 2025Q3</title>" in page
    assert page.count("plotly.js v") == 1
    assert not re.findall(r"""(?:src|href)=["']?(?:https?:)?//""", texts["report"])


def test_one_number_of_each_account_is_the_librarys(texts, ws):
    accounts = summary.account_table(open_quarter(ws, PERIOD))
    for account, score in zip(accounts["账号"], accounts["得分"], strict=True):
        assert re.search(rf"<td>{account}</td><td>[^<]*</td><td class=\"n\">{re.escape(score)}</td>", texts["report"])


def test_a_units_sheet_names_no_other_unit_or_account(texts):
    assert "县甲局" in texts["unit"]
    assert not [name for name in ("县乙局", "县丙局", "乙局发布", "丙局发布") if name in texts["unit"]]


def test_phone_numbers_and_people_are_hidden_and_texts_cannot_become_markup(pages):
    for path in pages.values():
        page = path.read_text(encoding="utf-8")
        assert "13912345678" not in page
        assert "王某某" not in page
        assert "李四" not in page
        assert "<script>alert(1)" not in page
    assert "139＊＊" in pages["report"].read_text(encoding="utf-8")


def test_what_is_open_is_said_and_the_scheme_is_called_a_proposal(texts):
    assert "建议稿" in texts["report"]
    assert "待核查的账号或单位数" in texts["report"]
    assert "默认值，办公室尚未决定" in texts["report"]


def test_the_report_repeats_to_the_byte(pages, ws):
    again = run_notebook(notebook("20_quarterly_report"), ws.root / "again.html", {"quarter": str(PERIOD), "workspace": "."}, ws.root)
    assert again.read_bytes() == pages["report"].read_bytes()


def test_explain_tells_article_observed_required_and_source_row(ws):
    told = "\n".join(explain.explain_lines(open_quarter(ws, PERIOD), "甲局发布"))
    assert "第十一条第3项：对新媒体中的网民留言,要按照规定及时答复处理" in told
    assert "messages.xlsx「Sheet1」表第 3 行" in told
    assert "要求：2 天内答复" in told


def test_every_contribution_is_explained_once(ws):
    data = open_quarter(ws, PERIOD)
    rows = data.frames["contributions"]
    assert len(explain.explain(data, "县甲局")) == int((rows["unit_id"] == "U1").sum())
    assert explain.explain(data, "U1").equals(explain.explain(data, "县甲局"))


def test_an_unknown_name_is_answered_with_the_nearest(ws):
    data = open_quarter(ws, PERIOD)
    for find in (explain.find_accounts, explain.find_unit, explain.narrow):
        with pytest.raises(XmtError, match="县甲局"):
            find(data, "县甲居")


@pytest.mark.long
def test_the_workbench_goes_from_raw_files_to_reports(demo, tmp_path):
    for name in ("data/raw/2025Q3", "xmt.toml", "notebooks"):
        source, target = demo / name, tmp_path / "县" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copytree(source, target) if source.is_dir() else shutil.copy(source, target)
    page = run_notebook(notebook("00_quarter"), tmp_path / "00.html", {"quarter": "2025Q3"}, tmp_path / "县" / "notebooks")
    told = page.read_text(encoding="utf-8")
    assert 'href="../reports/2025Q3/' in told
    made = {path.name.split("_")[0] for path in (tmp_path / "县" / "reports" / "2025Q3").glob("*2025Q3*")}
    assert made == {"考核评分表", "补充数据清单", "季度报告", "数据体检"}


def test_a_column_of_numbers_is_set_right_as_a_whole_and_one_with_words_is_not():
    told = pd.DataFrame({"名次": ["1（暂定）", "2–3", "—"], "得分": ["92.00–100.00", "-1.5", "0.00"], "等次": ["优秀", "—", "1"], "空": ["—"] * 3})
    cells = [re.findall("<td( class=\"n\")?>", line) for line in as_html(told).splitlines()[1:]]
    assert [[bool(mark) for mark in line] for line in cells] == [[True, True, False, False]] * 3


@pytest.mark.parametrize(
    ("kind", "low", "high", "said"),
    [("loss", "-2", "-2", "-2"), ("loss", "-20", "0", "待定（-20 到 0）"), ("cap", "0.5000", "0.5000", "+0.5"), ("cap", "4.0000", "0.0000", "待定（0 到 +4）")],
)
def test_what_a_cap_gives_back_is_told_as_a_gain(kind, low, high, said):
    row = {"kind": kind, "low": Decimal(low), "high": Decimal(high), "points": Decimal(low), "status": "decided" if low == high else "open"}
    assert explain.loss_text(row) == said


def test_the_page_names_ranks_and_grades_in_the_words_of_the_workbook(tmp_path):
    data = support_quarter.small_quarter()
    path = tmp_path / "评分表.xlsx"
    write_workbook(path, data)
    pages = openpyxl.load_workbook(path, data_only=True)
    for sheet, shown, headings in (("单位得分", summary.unit_table(data), ("单位", "名次", "等次")), ("账号得分", summary.account_table(data), ("账号", "等次"))):
        rows = list(pages[sheet].iter_rows(values_only=True))
        top = next(number for number, row in enumerate(rows) if set(headings) <= set(row))
        lines = [tuple(str(row[rows[top].index(name)]) for name in headings) for row in rows[top + 1 :] if row[0] is not None]
        assert sorted(lines) == sorted(tuple(str(row[name]) for name in headings) for row in shown.to_dict("records")), sheet
    assert "（否决项待核查）" in "".join(summary.account_table(data)["等次"])
