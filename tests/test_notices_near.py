"""Near misses that are reminded of, and measures: what is only proposed is never drafted."""

from dataclasses import replace

import pandas as pd
import pytest
from notice_county import TALK, WARNING, empty_workspace, proposed, with_frames, written
from notice_files import whole
from support_quarter import row, small_quarter

from xmt_scoring.frames import conform
from xmt_scoring.reports.notices.measures import confirmed
from xmt_scoring.reports.notices.near_misses import near_misses
from xmt_scoring.settings import Settings


@pytest.fixture
def ws(tmp_path):
    """An empty workspace."""
    return empty_workspace(tmp_path)


def gap(days, covered=True, account="W3", **changed):
    data = small_quarter(rows=[])
    quarters = data.frames["account_quarters"].copy()
    at = quarters["account_id"] == account
    quarters.loc[at, "max_gap_days"], quarters.loc[at, "is_gap_covered"] = days, covered
    for name, value in changed.items():
        quarters.loc[at, name] = value
    return with_frames(data, account_quarters=quarters)


@pytest.mark.parametrize(("days", "near"), [(9, False), (10, True), (13, True), (14, True)])
def test_a_long_gap_without_a_missed_week_is_a_near_miss_from_ten_days_on(days, near):
    assert (near_misses(gap(days))["account_id"].tolist() == ["W3"]) == near


def test_the_line_is_the_offices_to_draw():
    data = gap(9)
    assert len(near_misses(replace(data, settings=Settings.default(near_gap_days=9)))) == 1
    assert len(near_misses(replace(gap(12), settings=Settings.default(near_gap_days=13)))) == 0


@pytest.mark.parametrize("changed", [{"covered": False}, {"is_live": False}, {"is_weekly_due": False}, {"is_scored": False}])
def test_a_gap_that_nothing_proves_or_nobody_asked_for_is_no_near_miss(changed):
    assert near_misses(gap(12, **changed)).empty


def test_an_account_that_failed_the_duty_is_not_reminded_of_it_as_well():
    missed = small_quarter(rows=[row("art11_weekly_update", "W3", "W3|2025-07-07")])
    assert near_misses(with_frames(missed, account_quarters=gap(12).frames["account_quarters"])).empty


def replies(*days, **changed):
    rows = pd.DataFrame(
        {
            "message_id": [f"M{n}" for n in range(len(days))], "account_id": "W3", "received_at": pd.Timestamp(2025, 8, 1, 9),
            "reply_days": days, "reply_workdays": days, "waited_days": 60, "waited_workdays": 40, "is_effective": True, "is_excused": False, **changed,
        }
    )  # fmt: skip
    return with_frames(small_quarter(rows=[]), message_replies=conform(rows, "message_replies"))


def test_a_reply_on_the_last_day_is_a_near_miss_and_one_a_day_earlier_or_later_is_not():
    found = near_misses(replies(1, 2, 3, None, 2))
    assert found["message"].tolist() == ["有 2 条留言在期限（2 天）的最后一天才答复，没有超期"]
    assert near_misses(replies(0, 1, 3)).empty and near_misses(replies(2, is_effective=False)).empty
    earlier = replace(replies(1), settings=Settings.default(near_reply_days_left=1))
    assert len(near_misses(earlier)) == 1


def test_a_unit_with_near_misses_only_gets_a_reminder_and_one_with_problems_reads_it_in_its_notice(ws):
    files, _ = written(ws, gap(12))
    text = whole(files["提醒函_黄柏塬镇人民政府.docx"])
    assert "“黄柏塬发布”微信公众号本季度最长隔12天才发布信息；国家检查把14天内没有更新列为单项否决" in text and "《办法》第十一条第1项“各单位政务微博" in text and "不扣分" in text
    assert not [name for name in files if name.startswith("整改")]
    both = small_quarter(rows=[row("art11_typo", "W3", "T1", message="文字差错：某处")])
    files, _ = written(ws, with_frames(both, account_quarters=gap(12).frames["account_quarters"]))
    assert "提醒事项" in whole(files["整改通知书_黄柏塬镇人民政府.docx"]) and "提醒函_黄柏塬镇人民政府.docx" not in files


def test_a_proposed_and_registered_warning_is_drafted_with_its_reasons(ws):
    data = proposed(("U3", "W3", WARNING), decided=[("U3", "W3", WARNING, "2025-10-16")])
    files, notes = written(ws, data)
    text = whole(files["警告书_黄柏塬镇人民政府.docx"])
    assert not notes and "（草稿，经负责人签发后生效）" in text and "第二十四条" in text
    assert "“黄柏塬发布”微信公众号：本季度缺更2周；又出现。有关情况：缺更的周：2025年7月7日" in text
    assert "2025年　月　日" in text and not [name for name in files if name.startswith("合并打印")], "a draft is not for printing"


def test_a_talk_with_a_unit_is_drafted_for_the_unit_itself(ws):
    files, _ = written(ws, proposed(("U1", None, TALK), decided=[("U1", None, TALK, "2025-10-20")]))
    assert "你单位：本季度缺更2周" in whole(files["约谈通知书_县林业局.docx"])


@pytest.mark.parametrize(
    ("proposal", "decision", "told"),
    [
        (("U3", "W3", WARNING), None, False),  # only proposed
        (None, ("U3", "W3", WARNING, "2025-10-16"), True),  # only registered
        (("U3", "W3", WARNING), ("U3", "W3", TALK, "2025-10-16"), True),  # another measure
        (("U3", "W3", WARNING), ("U3", "W4", WARNING, "2025-10-16"), True),  # another account
        (("U3", "W3", WARNING), ("U3", "W3", WARNING, "2025-09-30"), False),  # decided before the quarter was over
        (("U3", "W3", WARNING), ("U3", "W3", WARNING, "2026-01-01"), False),  # a decision on the quarter after
        (("U3", "W3", "bulletin"), ("U3", "W3", "bulletin", "2025-10-16"), False),  # told in the circular, not by letter
    ],
)
def test_without_proposal_and_register_row_that_agree_nothing_is_drafted(ws, proposal, decision, told):
    data = proposed(*([proposal] if proposal else []), decided=[decision] if decision else [])
    files, notes = written(ws, data)
    assert not [name for name in files if name.startswith(("约谈", "警告"))]
    assert bool([note for note in notes if "处置.xlsx「处置」表第 2 行" in note.where]) == told


def test_the_last_day_of_the_quarter_and_the_first_after_it_are_the_two_sides():
    for day, count in (("2025-09-30", 0), ("2025-10-01", 1), ("2025-12-31", 1)):
        rows, _ = confirmed(proposed(("U3", "W3", WARNING), decided=[("U3", "W3", WARNING, day)]))
        assert len(rows) == count
