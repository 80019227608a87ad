"""The demo county's year after `xmt demo`: golden, re-opened by a late notice, one changed owner, one city veto."""

import csv
import json
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest
from golden import build_golden_year

from xmt_scoring.points import SCALE, from_decimal

GOLDEN = Path(__file__).parent / "golden"


@pytest.fixture(scope="module")
def year(demo) -> Path:
    return demo / "data" / "processed" / "2025"


def frame(folder, name):
    return pd.read_parquet(folder / f"{name}.parquet", dtype_backend="pyarrow")


def golden(name):
    with (GOLDEN / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_the_golden_tables_are_those_of_the_plan():
    for name, rows in build_golden_year.tables().items():
        assert [list(golden(name)[0]), *([*row.values()] for row in golden(name))] == rows, name


@pytest.mark.parametrize(("where", "table"), [(".", "unit_years_2025.csv"), ("versions/01", "unit_years_2025_first.csv")])
def test_the_year_is_the_golden_one_before_and_after_the_late_notice(year, where, table):
    units = frame(year / where, "unit_years").set_index("unit_id")
    counts = frame(year / where, "year_units").set_index("unit_id")["n_quarters"]
    assert list(units.index) == [row["unit_id"] for row in golden(table)]
    for row in golden(table):
        own = units.loc[row["unit_id"]]
        assert str(counts[row["unit_id"]]) == (row["n_quarters"] or "0")
        for name in ("management_points", "upper_loss", "bonus", "before_veto", "low", "high", "score"):
            want = row[name]
            assert (pd.isna(own[name]) if want == "" else own[name] == Decimal(want)), (row["unit_id"], name, own[name], want)
        for name in ("grade", "veto_document_no"):
            assert (pd.isna(own[name]) if row[name] == "" else own[name] == row[name]), (row["unit_id"], name)
        assert own["is_zeroed"] == bool(row["veto_document_no"])


def test_a_hundred_plus_the_rows_is_every_units_score(year):
    rows, units = frame(year, "year_contributions"), frame(year, "unit_years").set_index("unit_id")
    for end in ("low", "high"):
        sums = pd.Series(from_decimal(rows[end]), index=rows["unit_id"].astype("str")).groupby(level=0).sum()
        assert len(sums) == 12
        assert all(total + 100 * SCALE == int(units.loc[unit, end] * SCALE) for unit, total in sums.items())


def test_the_late_notice_goes_to_the_unit_that_owned_the_account_then(year):
    upper = frame(year, "upper_findings").set_index("finding_id")
    assert upper.loc["J2504", "unit_id"] == "YL11" and upper.loc["J2504", "owner_basis"] == "history"
    accounts = frame(year, "accounts").set_index("account_id")
    assert accounts.loc["YLDY07", "owner_id"] == "YL12"
    changes = frame(year, "year_changes")
    own = changes[(changes["unit_id"] == "YL11") & (changes["column"] == "score")].iloc[0]
    assert (own["earlier"], own["later"], own["from_version"]) == ("97.50", "92.50", 1)
    assert "（演示）省政办函〔2026〕01号" in own["message"]


def test_the_earlier_result_is_kept_with_its_receipt(year):
    first, now = (json.loads((year / where / "receipt.json").read_text(encoding="utf-8")) for where in ("versions/01", "."))
    assert (first["version"], now["version"]) == (1, 2)
    assert "上级检查(补报).xlsx" in now["raw"] and "上级检查(补报).xlsx" not in first["raw"]


def test_the_provincial_veto_zeroes_and_the_city_veto_does_not(year):
    vetoes = frame(year, "year_vetoes").set_index("inspection_id")
    assert vetoes["is_zeroing"].to_dict() == {"J2501": True, "J2503": False}
    assert "当日主办单位 云岭县公安局" in vetoes.loc["J2501", "message"] and vetoes.loc["J2501", "before_veto"] == Decimal("91.79")
    rows = frame(year, "year_contributions")
    told = rows[(rows["unit_id"] == "YL07") & (rows["item_id"] == "J1")]["message"].tolist()
    assert "年内有单项否决，加分不计" in told


def test_an_event_that_a_quarter_counted_is_only_named(year):
    parts = frame(year, "year_parts").set_index(["unit_id", "item_id"])
    assert parts.loc[("YL05", "U1"), "message"] == "事件 F2537 已在 2025Q3 计入，不重复扣分"


def test_the_deliverables_are_there_and_the_page_shows_the_library_s_numbers(demo, year):
    folder = demo / "reports" / "2025"
    page = (folder / "年度考核_2025.html").read_text(encoding="utf-8")
    units = frame(year, "unit_years").set_index("unit_name")
    assert (folder / "年度考核_2025.xlsx").stat().st_size > 10_000
    for unit, score in units["score"].dropna().items():
        assert unit in page and str(score) in page
    assert "http://" not in page.split("<body", 1)[1].split("<script", 1)[0]


def test_a_year_is_explained_with_article_document_and_source(xmt, demo):
    told = xmt("--workspace", demo, "explain", "2025", "云岭县公安局").stdout
    for words in ("第二十二条", "（演示）省政办函〔2025〕00号", "-91.79", "年度得分：0.00 不合格", "整改台账.xlsx「整改台账」表第"):
        assert words in told, words
    open_year = xmt("--workspace", demo, "explain", "2025", "云岭县交通运输局").stdout
    assert "年度得分：87.30–87.90 良好（暂定）" in open_year and "[不计] -2：年内有单项否决，加分不计" in open_year and "+-" not in open_year
    refused = xmt("--workspace", demo, "explain", "2025", "云岭县公安", ok=False)
    assert (refused.returncode, "云岭县公安局" in refused.stdout) == (1, True)
