"""Sheet 处置建议: proposals that say that they are proposals, and three columns for the office's decision."""

import pandas as pd
from openpyxl import load_workbook
from support_quarter import small_quarter

from xmt_scoring.reports.workbook import write_workbook
from xmt_scoring.scoring.measures import propose_measures


def book_of(path, is_empty=False):
    data = small_quarter()
    frames = dict(data.frames)
    if not is_empty:
        frames["proposed_measures"] = propose_measures(
            frames["verdicts"], frames["account_scores"], frames["sanctions"], None, data.period, data.as_of
        )
    write_workbook(path, data.__class__(data.period, data.as_of, frames, data.settings, data.scheme, data.receipt))
    return path


def test_the_gravest_proposal_comes_first_with_reason_evidence_and_whose_practice_it_is(tmp_path):
    shown = pd.read_excel(book_of(tmp_path / "a.xlsx"), sheet_name="处置建议", header=2, engine="openpyxl")
    assert shown["建议措施"].tolist() == ["通报", "警告", "警告"]
    first = shown.iloc[0]
    assert first["账号"].startswith("太白发布") and "单项否决（V1）" in first["理由"] and "严重内容问题" in first["证据"]
    assert shown["建议依据"].str.contains("盘锦市|宝鸡市|本软件建议值").all() and (shown["条款"] == "第二十四条").all()
    assert shown[["决定", "决定人", "决定日期"]].isna().all().all()


def test_the_sheet_says_that_nothing_is_decided_and_offers_the_three_decisions(tmp_path):
    page = load_workbook(book_of(tmp_path / "a.xlsx"))["处置建议"]
    assert "本表只是建议，不是决定" in page["A2"].value
    rule = page.data_validations.dataValidation[0]
    assert rule.formula1 == '"同意,不采取措施,改用其他措施"' and str(rule.sqref) == "K4:K6"


def test_without_proposals_the_sheet_says_so(tmp_path):
    page = load_workbook(book_of(tmp_path / "a.xlsx", is_empty=True))["处置建议"]
    assert page["A2"].value.startswith("本季度没有要建议的处置。") and page.max_row == 3
