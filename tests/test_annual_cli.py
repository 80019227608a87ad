"""A small county's year through the real command: open, closed by decision, re-opened by a late notice; and bad input."""

import datetime as dt
import json
import shutil
from importlib.resources import files

import pandas as pd
import pytest
from annual_county import AS_OF, annual, assessed, fill, put, rerun, scored_quarter, told, units

from xmt_scoring.annual import open_year, score_annual
from xmt_scoring.errors import XmtError
from xmt_scoring.periods import Year
from xmt_scoring.workspace import Workspace

UPPER_HEAD = ["检查编号", "检查层级", "检查日期", "文号", "账号", "单位", "是否单项否决", "问题描述"]
VETO = ["J1", "省", "2025-03-04", "省函〔2025〕1号", "甲山林业", None, "是", "严重问题"]


@pytest.fixture(scope="module")
def base(tmp_path_factory, xmt):
    return scored_quarter(xmt, tmp_path_factory.mktemp("年度") / "甲山县（年）")


@pytest.fixture
def ws(base, tmp_path):
    return shutil.copytree(base, tmp_path / "甲山县（年）")


@pytest.mark.long
def test_a_year_is_open_then_closed_by_decision_then_reopened_by_a_late_notice(xmt, ws):
    told = annual(xmt, ws).stdout
    assert "2025Q2" in told and "不计入年度平均" in told and "2 个还有待定事项" in told
    first = units(ws)
    assert first["score"].isna().all() and (first["low"] < first["high"]).all()
    folder = ws / "data" / "processed" / "2025"
    before = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
    book = (ws / "reports" / "2025" / "年度考核_2025.xlsx").read_bytes()
    page = (ws / "reports" / "2025" / "年度考核_2025.html").read_bytes()
    annual(xmt, ws)
    assert {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()} == before
    assert (ws / "reports" / "2025" / "年度考核_2025.xlsx").read_bytes() == book
    assert (ws / "reports" / "2025" / "年度考核_2025.html").read_bytes() == page

    put(ws, 年度结案=[["单位", "未定事项按", "批准人", "决定日期", "文号", "原因"], [None, "最低", "某领导", "2026-01-20", "县函〔2026〕3号", "资料无法补齐"]])
    annual(xmt, ws)
    closed = units(ws)
    assert closed["score"].tolist() == first["low"].tolist()

    put(ws, 上级检查=[UPPER_HEAD, VETO])
    told = annual(xmt, ws).stdout
    assert "省函〔2025〕1号" in told and "与第 2 版不同的单位" in told
    after = units(ws)
    assert (str(after.loc["U1", "score"]), after.loc["U1", "before_veto"]) == ("0.00", closed.loc["U1", "score"])
    assert after.loc["U2", "score"] == closed.loc["U2", "score"]
    receipts = [json.loads((folder / where / "receipt.json").read_text(encoding="utf-8"))["version"] for where in ("versions/01", "versions/02", ".")]
    assert receipts == [1, 2, 3]


def test_another_wording_is_no_other_version_and_another_number_is(ws):
    assert assessed(ws)[1]
    space, year = Workspace(ws), Year(2025)
    kept = ws / "data" / "processed" / "2025" / "versions"
    parts, contributions = (space.load_frames(year, [name], "annual")[name] for name in ("year_parts", "year_contributions"))
    space.save_frames(year, {"year_parts": parts.assign(message="从前的说法"), "year_contributions": contributions.assign(message="从前的说法")}, {})
    assert assessed(ws)[1] and not kept.exists()
    assert not space.load_frames(year, ["year_parts"], "annual")["year_parts"]["message"].eq("从前的说法").any()
    units_then = space.load_frames(year, ["unit_years"], "annual")["unit_years"]
    space.save_frames(year, {"unit_years": units_then.assign(low=units_then["high"])}, {})
    assert assessed(ws)[1] and [path.name for path in kept.iterdir()] == ["01"]


def test_a_row_without_a_date_says_that_there_is_none_and_a_unit_without_a_row_stays_open(ws):
    put(
        ws,
        制度文件=[["单位", "制度类型", "标题", "印发日期"], ["U1", "应急预案", None, None]],
        人员=[["单位", "岗位", "姓名", "任职起"], *([unit, "信息员", "某甲", "2024-01-02"] for unit in ("U1", "U2"))],
        培训=[["单位", "姓名", "培训类型", "培训日期"], ["U1", "某甲", "上岗培训", None]],
        自查材料=[["单位", "标题", "完成期限", "报送日期"], ["U1", "自查报告", "2025-11-28", None]],
    )
    said = score_annual(Workspace(ws), Year(2025), dt.date(2026, 1, 31)).problems
    assert not [each for each in told(said).splitlines() if each.startswith(("制度文件.xlsx", "培训.xlsx", "自查材料.xlsx"))]
    parts = pd.read_parquet(ws / "data" / "processed" / "2025" / "year_parts.parquet").set_index(["unit_id", "item_id"])
    ends = {unit: [tuple(int(parts.loc[(unit, item), end]) for end in ("low", "high")) for item in ("M1", "M2", "M4")] for unit in ("U1", "U2")}
    assert ends == {"U1": [(0, 0), (3, 3), (0, 0)], "U2": [(0, 6), (3, 4), (0, 3)]}


def test_a_year_without_a_scored_quarter_leaves_nothing_behind(xmt, tmp_path):
    xmt("init", tmp_path / "县")
    refused = xmt("--workspace", tmp_path / "县", "annual", "2025", "--as-of", AS_OF, ok=False)
    assert refused.returncode == 1 and "一个计过分的季度也没有" in refused.stdout
    assert not (tmp_path / "县" / "data" / "processed" / "2025").exists()


def test_upper_inspections_that_lack_what_decides_a_zero_stop_the_year_all_told_at_once(xmt, ws):
    changes = [({1: None}, "检查层级"), ({2: None}, "检查日期"), ({3: None}, "文号"), ({6: None}, "是否单项否决"), ({1: "乡"}, "认不出"), ({4: "乙山林业"}, "乙山林业")]
    rows = [[change.get(place, f"J{number}" if place == 0 else cell) for place, cell in enumerate(VETO)] for number, (change, _) in enumerate(changes)]
    put(ws, 上级检查=[UPPER_HEAD, *rows])
    refused = annual(xmt, ws, ok=False)
    assert refused.returncode == 1
    for line, (_, words) in enumerate(changes, start=2):
        assert [each for each in refused.stdout.splitlines() if f"上级检查.xlsx「上级检查」表第 {line} 行" in each and words in each], line
    assert not list((ws / "data" / "processed" / "2025").glob("*"))  # nothing half-written


@pytest.mark.parametrize(("level", "goes_on"), [("市", False), ("省", True), ("国家", True)])
def test_a_veto_that_its_quarter_did_not_count_is_told_and_below_the_province_stops_the_year(ws, level, goes_on):
    put(ws, 上级检查=[UPPER_HEAD, [VETO[0], level, *VETO[2:]]])
    problems, done = assessed(ws)
    (said,) = [each for each in told(problems).splitlines() if "计分时没有这项单项否决" in each]
    assert done is goes_on and "2025/上级检查.xlsx「上级检查」表第 2 行「检查日期」列：2025年第一季度" in said
    assert "登记到 data/raw/2025Q1 的“上级检查.xlsx”" in said and "xmt run 2025Q1" in said


def test_once_the_quarter_has_counted_the_veto_of_the_city_the_year_goes_on(ws):
    row = [VETO[0], "市", *VETO[2:]]
    put(ws, 上级检查=[UPPER_HEAD, row])
    fill(ws, 上级检查=[UPPER_HEAD, row])
    rerun(ws)
    problems, done = assessed(ws)
    assert done and "计分时没有这项单项否决" not in told(problems)


@pytest.mark.parametrize(("day", "is_used"), [("2024-12-31", False), ("2025-01-01", True), ("2025-12-31", True), ("2026-01-01", False)])
def test_an_inspection_of_another_year_is_told_and_not_used(ws, day, is_used):
    put(ws, 上级检查=[UPPER_HEAD, ["J1", "省", day, *VETO[3:]]])
    said = [each for each in told(assessed(ws)[0]).splitlines() if "不在 2025-01-01 至 2025-12-31，本年度没有采用" in each]
    assert len(said) == (not is_used) and all(f"上级检查.xlsx「上级检查」表第 2 行「检查日期」列：检查日期 {day}" in each for each in said)


def test_praise_without_a_document_number_or_with_negative_points_gives_no_bonus_and_is_told(xmt, ws):
    rows = [["U1", "先进单位", None, "2025-06-01", 2], ["U1", "优秀案例", "县函〔2025〕5号", "2025-06-02", -3], ["U1", "先进集体", "县函〔2025〕6号", "2025-06-03", "NaN"]]
    put(ws, 表彰=[["单位", "标题", "文号", "印发日期", "加分"], *rows])
    said = annual(xmt, ws).stdout
    assert "表彰.xlsx「表彰」表第 2 行「文号」列" in said and "空白" in said
    for line, value in ((3, "-3"), (4, "NaN")):
        assert any(f"表彰.xlsx「表彰」表第 {line} 行「加分」列" in each and f"“{value}”不是分数" in each for each in said.splitlines()), line
    assert (units(ws)["bonus"] == 0).all()


def test_a_quarter_with_files_that_was_not_scored_stops_the_year(ws):
    fill(ws, "2025Q2")
    problems, done = assessed(ws)
    assert not done and "data/raw/2025Q2" in told(problems) and "xmt run 2025Q2" in told(problems)


def test_a_decision_after_the_last_day_is_told_and_not_used(ws):
    put(ws, 年度结案=[["单位", "未定事项按", "批准人", "决定日期", "文号", "原因"], [None, "最低", "某领导", "2026-02-20", "县函〔2026〕3号", "资料无法补齐"]])
    problems, done = assessed(ws)
    assert done and "请用 --as-of 2026-02-20" in told(problems)
    assert units(ws)["score"].isna().all()


def test_a_provincial_veto_recorded_only_as_a_finding_is_refused(ws):
    put(ws, 人工核查=[["事件编号", "检查项目", "账号", "程度或情形", "发现日期", "发现层级", "问题描述"], ["F1", "文字差错", "A1", "严重表述错误", "2025-02-03", "省", "某问题"]])
    problems, done = assessed(ws)
    assert not done and "省级发现的单项否决" in told(problems) and "上级检查.xlsx" in told(problems)


def test_a_result_that_an_interruption_left_half_replaced_is_made_again(ws):
    assessed(ws)
    folder = ws / "data" / "processed" / "2025"
    (folder / "unit_years.parquet").write_bytes((folder / "year_parts.parquet").read_bytes())
    _, done = assessed(ws)
    assert done and len(units(ws)) == 2 and not (folder / "versions").exists()


def test_an_adopted_scheme_of_the_workspace_counts_and_a_proposed_or_broken_one_is_told(ws):
    folder = ws / "评分细则" / "年度"
    folder.mkdir(parents=True)
    text = files("xmt_scoring.scoring").joinpath("schemes", "taibai_annual_2021.toml").read_text(encoding="utf-8")
    own = folder / "县细则.toml"
    own.write_text(text.replace('at_most = "20"', 'at_most = "10"'), encoding="utf-8")
    problems, done = assessed(ws)
    assert done and "是建议稿" in told(problems)
    adopted = 'status = "adopted"\nadopted_by = "县政府办"\nadopted_on = 2025-01-02\nadopted_document = "县函〔2025〕1号"'
    own.write_text(text.replace('status = "proposed"', adopted), encoding="utf-8")
    assessed(ws)
    receipt = json.loads((ws / "data" / "processed" / "2025" / "receipt.json").read_text(encoding="utf-8"))
    assert receipt["scheme_source"] == "评分细则/年度/县细则.toml"
    assert open_year(Workspace(ws), Year(2025)).scheme["adopted_by"] == "县政府办"
    own.write_text(own.read_text(encoding="utf-8").replace('outcome = "zero"', 'outcome = "unscored"'), encoding="utf-8")
    problems, done = assessed(ws)
    assert not done and "使全年不得分的否决项" in told(problems)
    own.write_text(text.replace('points = "6"', 'points = "7"').replace('status = "proposed"', adopted), encoding="utf-8")
    problems, done = assessed(ws)
    assert not done and "县细则.toml" in told(problems) and "合计" in told(problems)


def test_the_effect_of_a_setting_of_the_year_is_what_assessing_it_again_gives_and_nothing_is_written(xmt, ws):
    refused = xmt("--workspace", ws, "readings", "--effect", "2025", ok=False)
    assert refused.returncode == 1 and "xmt annual 2025" in refused.stdout
    put(ws, 年度结案=[["单位", "未定事项按", "批准人", "决定日期", "文号", "原因"], [None, "最低", "某领导", "2026-01-20", "县函〔2026〕3号", "资料无法补齐"]])
    assessed(ws)
    before = {path: path.read_bytes() for path in ws.rglob("*") if path.is_file()}
    now, csv = units(ws), ws.parent / "试算.csv"
    said = xmt("--workspace", ws, "readings", "--effect", "2025", "--csv", csv).stdout
    assert {path: path.read_bytes() for path in ws.rglob("*") if path.is_file()} == before
    found = pd.read_csv(csv)
    line = found[(found["设置"] == "min_quarters") & (found["换成"].astype(str) == "2")].iloc[0]
    assert (line["得分变化的单位数"], line["名次变化的单位数"]) == (2, 2)
    assert f"甲山县林业局 {now.loc['U1', 'score']}→不参评" in line["哪些单位"] and "各季度的得分不变" in said
    text = (ws / "xmt.toml").read_text(encoding="utf-8")
    assert "min_quarters = 1\n" in text
    (ws / "xmt.toml").write_text(text.replace("min_quarters = 1\n", "min_quarters = 2\n"), encoding="utf-8")
    assessed(ws)
    assert units(ws)["score"].isna().all() and units(ws)["low"].isna().all()


def test_wrong_years_and_days_are_refused_in_words(xmt, ws):
    for text, words in (("20a5", "四位年份"), ("2019", "此前不考核")):
        with pytest.raises(XmtError, match=words):
            Year.parse(text)
    refused = xmt("--workspace", ws, "annual", "2025", "--as-of", "昨天", ok=False)
    assert (refused.returncode, "不是日期" in refused.stdout) == (1, True)
    with pytest.raises(XmtError, match="一个计过分的季度也没有"):
        score_annual(Workspace(ws), Year(2024), dt.date(2025, 1, 31))
