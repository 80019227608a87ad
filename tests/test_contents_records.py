"""What people write about contents and the office: the ten kinds of 第八条, bulletins and their quarters, vetoes on apps."""

import datetime as dt

import pandas as pd
import pytest
from register_books import link, told

from xmt_scoring.checks.records import prepare
from xmt_scoring.checks.rules import load_rules
from xmt_scoring.errors import XmtError
from xmt_scoring.frames import conform, empty
from xmt_scoring.ingest.register_words import item_words
from xmt_scoring.periods import Quarter
from xmt_scoring.scoring.item_words import check_items

PERIOD = Quarter(2026, 3)


def prepared(check, kind):
    """The records of one finding of an account."""
    finding = {
        "event_id": "F1", "check_item": check, "unit_id": "U1", "account_id": "W1", "forbidden_kind": kind, "found_by_level": "county",
        "found_on": pd.Timestamp("2026-09-20"), "description": "转发传言", "src_file": "人工核查.xlsx", "src_sheet": "发现的问题", "src_row": 5,
    }  # fmt: skip
    account = {
        "account_id": "W1", "account_name": "甲", "platform": "weibo", "owner_id": "U1", "opened_on": pd.Timestamp("2023-01-05"),
        "account_status": "running", "src_file": "账号.xlsx", "src_row": 2,
    }  # fmt: skip
    frames = {name: empty(name) for name in ("units", "upper_inspections", "checks_done")}
    frames |= {"findings": conform(pd.DataFrame([finding]), "findings"), "accounts": conform(pd.DataFrame([account]), "accounts")}
    live = pd.DataFrame({"account_id": ["W1"], "unit_id": ["U1"]}, dtype="str")
    return prepare(frames, live, load_rules(), PERIOD, dt.date(2026, 10, 10)).found.iloc[0]["description"]


@pytest.mark.parametrize("check", ["art08_forbidden_content", "art08_grave_content", "art11_improper_remark"])
def test_the_kind_is_told_in_the_words_of_the_law(check):
    assert prepared(check, "8-6") == "转发传言（第八条第6项：散布谣言,扰乱社会秩序,破坏社会稳定的）"


def test_the_ten_kinds_are_the_ten_items_of_the_article():
    from xmt_scoring import law
    from xmt_scoring.glossary import choices

    assert [code.replace("-", ".") for code in choices("forbidden_kind")] == [place for place in law.places() if place.startswith("8.")]


@pytest.mark.parametrize(
    ("check", "kind", "words"),
    [
        ("art08_forbidden_content", None, "没有写是第八条的哪一类"),
        ("art08_forbidden_content", "8-9", "不登记在“禁止发布的信息”"),
        ("art08_advert", "8-6", "不登记在“广告或无关内容”"),
    ],
)
def test_a_finding_without_kind_or_of_another_kind_is_refused_with_its_place(check, kind, words):
    with pytest.raises(XmtError) as refused:
        prepared(check, kind)
    assert words in str(refused.value) and "「发现的问题」表第 5 行「禁发类别」列" in str(refused.value)


@pytest.mark.parametrize("kind", [None, "8-9"])
def test_an_advert_may_leave_its_kind_blank(kind):
    assert prepared("art08_advert", kind).startswith("转发传言")


# ---------------------------------------------------------------- bulletins
def bulletins(folder, *quarters):
    rows = [["季度", "文号", "通报日期", "是否公开"], *[[quarter, f"{n}号", "2025-04-20", "是"] for n, quarter in enumerate(quarters, 1)]]
    return link(folder, 通报登记=rows)


@pytest.mark.parametrize("written", ["2025Q1", "2025q1", "2025年第一季度", "2025年1季度", "２０２５Ｑ１", " 2025 年 第 一 季度 "])
def test_a_quarter_is_understood_as_people_write_it(tmp_path, written):
    made = bulletins(tmp_path, written)
    assert made.frames["bulletins"]["quarter"].tolist() == ["2025Q1"]


@pytest.mark.parametrize("written", ["2025Q5", "第一季度", "2025年", "2025-01"])
def test_a_quarter_that_cannot_be_told_is_set_aside_and_named(tmp_path, written):
    made = bulletins(tmp_path, "2025Q1", written)
    assert made.frames["bulletins"]["quarter"].tolist() == ["2025Q1"]
    assert "看不出是哪个季度" in told(made.problems) and "第 3 行" in told(made.problems)


# ---------------------------------------------------------------- words
def test_the_word_of_the_veto_on_silence_still_means_silence_and_the_app_has_its_own():
    words = check_items()
    assert words["V2"] == words["V2 长期不更新"] == ("art11_dormant_account",)
    assert words["客户端无法使用"] == ("art11_unusable_app",)


def test_the_items_that_the_data_decide_now_keep_their_words():
    words = check_items()
    assert (*words["B2"], *words["B3 规定转载"]) == ("art11_missing_original", "art11_missed_repost")


def test_a_code_that_covers_two_things_that_people_judge_is_told_with_both_names():
    words = item_words(check_items())
    assert words.resolve(pd.Series(["V3", "无有效互动功能"], dtype="str")).tolist()[1] == "art11_missing_interaction"
    for code in ("V3", "v3 无互动功能或虚假数据", "M5"):
        said = words.explain(code)
        assert "不止一个" in said and words.resolve(pd.Series([code], dtype="str")).isna().all(), said
    assert words.explain("V3").endswith("（无有效互动功能、数据造假与强制点赞）")
