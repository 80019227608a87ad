"""Who owned an account in which part of the year: a register that contradicts its changes stops the year, with the row."""

import shutil

import pandas as pd
import pytest
from annual_county import annual, assessed, fill, put, rerun, scored_quarter, told


@pytest.fixture(scope="module")
def base(tmp_path_factory, xmt):
    return scored_quarter(xmt, tmp_path_factory.mktemp("年度") / "甲山县（年）")


@pytest.fixture
def ws(base, tmp_path):
    return shutil.copytree(base, tmp_path / "甲山县（年）")


def test_two_units_owning_one_account_on_one_day_are_refused_with_the_row(ws):
    put(ws, 变更=[["事件编号", "账号", "变更类型", "发生日期", "变更前", "变更后"], ["E1", "A1", "主办单位变更", "2025-02-03", "甲山县林业局", "甲山县水利局"]])
    problems, done = assessed(ws)
    assert not done and "2025/变更.xlsx「变更」表第 2 行" in told(problems) and "台账上的主办单位却是别的单位" in told(problems)


CHANGE_HEAD = ["事件编号", "账号", "变更类型", "发生日期", "变更前", "变更后"]


@pytest.mark.parametrize(
    ("changes", "line", "words"),
    [
        ([["E1", "A1", "主办单位变更", "2025-02-03", "甲山县林业局", "甲山县水利局"]], 2, "台账上的主办单位却是别的单位"),
        (
            [["E1", "A1", "主办单位变更", "2024-02-03", "甲山县水利局", "甲山县林业局"], ["E2", "A1", "主办单位变更", "2025-02-03", "甲山县水利局", "甲山县林业局"]],
            3, "而上一次变更后是别的单位",
        ),
    ],
    ids=["the register says another", "it does not follow from the one before"],
)  # fmt: skip
def test_a_chain_of_owners_that_contradicts_itself_is_told_in_the_quarter_and_stops_the_year_until_it_is_mended(ws, changes, line, words):
    fill(ws, 变更=[CHANGE_HEAD, *changes])
    said = next(each for each in told(rerun(ws)).splitlines() if f"账号.xlsx「变更」表第 {line} 行" in each)
    assert words in said and "本季度照常计分" in said and "不改正，年度考核（xmt annual）会停在这里" in said
    verdicts = pd.read_parquet(ws / "data" / "processed" / "2025Q1" / "verdicts.parquet")
    gap = verdicts[(verdicts["check_id"] == "art09_ownership_gap") & (verdicts["outcome"] == "fail")]
    assert len(gap) == 1 and gap["message"].iloc[0].endswith("改正之前不能做年度考核")
    problems, done = assessed(ws)
    assert not done and f"2025Q1/账号.xlsx「变更」表第 {line} 行" in told(problems) and words in told(problems)
    mended = [*changes[:-1], [*changes[-1][:4], "甲山县水利局" if len(changes) == 1 else "甲山县林业局", "甲山县林业局"]]
    put(ws, 变更=[CHANGE_HEAD, *mended])
    assert assessed(ws)[1]


def test_two_changes_of_owner_on_one_day_are_refused_with_both_rows(xmt, ws):
    same_day = [["E1", "A1", "主办单位变更", "2025-02-03", "甲山县林业局", "甲山县水利局"], ["E2", "A1", "主办单位变更", "2025-02-03", "甲山县林业局", "甲山县林业局"]]
    put(ws, 变更=[CHANGE_HEAD, *same_day])
    refused = annual(xmt, ws, ok=False)
    assert refused.returncode == 1
    assert "2025/变更.xlsx「变更」表第 3 行「发生日期」列：账号 A1 同一天换给了两个主办单位" in refused.stdout
    assert not list((ws / "data" / "processed" / "2025").glob("*"))
