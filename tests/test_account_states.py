"""What the papers call an account: 合格, 存在突出问题, 不合格, or still open."""

from decimal import Decimal

import pytest
from docx_parts import tables
from support_bulletin import circular, quarter
from support_quarter import row

from xmt_scoring.scoring.states import account_states, fail_below
from xmt_scoring.settings import Settings


def test_the_line_between_pass_and_fail_is_the_schemes(tmp_path):
    data = quarter()
    scores = data.frames["account_scores"].copy()
    for low, high, state in [("60.00", "60.00", "pass"), ("59.99", "59.99", "fail"), ("59.99", "60.00", "open")]:
        scores[["low", "high"]] = scores[["low", "high"]].mask(scores["account_id"] == "W1", None)
        scores.loc[scores["account_id"] == "W1", "low"] = Decimal(low)
        scores.loc[scores["account_id"] == "W1", "high"] = Decimal(high)
        states = account_states({**data.frames, "account_scores": scores}, data.scheme, data.settings).set_index("account_id")["state"]
        assert states["W1"] == state
        assert states["D3"] == "not_counted"
    assert fail_below({"bands": [{"from": "90"}, {"from": "60"}, {"from": "0"}]}) == 60
    assert fail_below({}) == 0


ADVERT = row("art08_advert", "W2", "A1", severity="commercial_advert", message="商业广告：卖蜂蜜")


@pytest.mark.parametrize(
    ("changed", "state", "told"),
    [
        ({}, "pass", "检查的6个账号全部合格，合格率100%。\n合格的账号中，1个存在突出问题：“"),
        ({"prominent_problems": "none"}, "pass", "检查的6个账号全部合格，合格率100%。"),
        ({"prominent_counts_as": "fail"}, "fail", "不合格的账号中，1个存在突出问题："),
        ({"prominent_problems": "none", "prominent_counts_as": "fail"}, "pass", "检查的6个账号全部合格，合格率100%。"),
    ],
)
def test_a_commercial_advert_is_a_prominent_problem_that_passes_or_fails_as_the_office_has_set(tmp_path, changed, state, told):
    data = quarter([ADVERT], Settings.default(**changed))
    states = account_states(data.frames, data.scheme, data.settings).set_index("account_id")
    assert states.loc["W2", "state"] == state
    assert list(states.index[states["is_prominent"]]) == ([] if changed.get("prominent_problems") else ["W2"])
    path, lines, _ = circular(tmp_path, data)
    text = "\n".join(lines)
    assert told in text
    assert ("存在突出问题" in text) == ("prominent_problems" not in changed)
    cells = [cell for table in tables(path) for line in table for cell in line]
    assert ("存在突出问题" in cells) == (state == "fail")


def test_other_adverts_are_no_prominent_problem_and_a_vetoed_account_is_simply_failed():
    other = row("art08_advert", "W1", "A2", severity="irrelevant", message="与工作无关")
    grave = row("art08_grave_content", "W2", "G2", message="严重内容问题")
    data = quarter([other, ADVERT, grave], Settings.default(prominent_counts_as="fail"))
    states = account_states(data.frames, data.scheme, data.settings).set_index("account_id")
    assert not states["is_prominent"].any()
    assert states.loc["W2", "state"] == "fail"
    assert states.loc["W1", "state"] == "pass"


@pytest.mark.parametrize(("score", "is_prominent"), [("79.99", True), ("80.00", False), ("60.00", True)])
def test_the_lowest_grade_that_passes_may_be_the_prominent_problem(score, is_prominent):
    data = quarter(settings=Settings.default(prominent_problems="low_grade"))
    scores = data.frames["account_scores"].copy()
    scores[["low", "high"]] = scores[["low", "high"]].mask(scores["account_id"] == "W1", None)
    scores.loc[scores["account_id"] == "W1", ["low", "high"]] = Decimal(score)
    states = account_states({**data.frames, "account_scores": scores}, data.scheme, data.settings).set_index("account_id")
    assert (states.loc["W1", "is_prominent"], states.loc["W1", "state"]) == (is_prominent, "pass")
