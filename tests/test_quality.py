"""Great Expectations looks at the frames once more: offline, in memory, from the same contracts."""

import os
import socket

import pandas as pd
import pytest
from support_frames import imported_frames

from xmt_scoring.frames import contract, empty
from xmt_scoring.quality import FRAMES, check_quality


@pytest.fixture(scope="module")
def frames():
    return imported_frames()


def unmet(frames, **changed):
    quality = check_quality({name: changed[name] for name in changed} or frames)
    return quality[~quality["is_met"]].set_index(["frame", "expectation", "column"])


def test_frames_that_keep_their_contract_meet_every_demand(frames):
    quality = check_quality(frames)
    assert quality["is_met"].all()
    assert set(quality["frame"]) == set(FRAMES)
    assert list(quality.columns) == contract("quality").names


def test_frames_without_rows_meet_every_demand():
    assert check_quality({name: empty(name) for name in FRAMES})["is_met"].all()


def test_a_code_that_is_none_is_named_as_an_example(frames):
    accounts = frames["accounts"].assign(platform=["wechat_oa", "weibo", "myspace", "douyin"])
    row = unmet(frames, accounts=accounts).loc[("accounts", "in_set", "platform")]
    assert (row["n_unexpected"], row["examples"]) == (1, "myspace")
    assert "平台" in row["message"]


@pytest.mark.parametrize(("day", "is_met"), [("2009-08-13", False), ("2009-08-14", True), ("2099-12-31", True), ("2100-01-01", False)])
def test_a_date_must_lie_between_the_first_weibo_and_the_end_of_the_century(frames, day, is_met):
    accounts = frames["accounts"].assign(opened_on=pd.Timestamp(day))
    assert (("accounts", "between", "opened_on") not in unmet(frames, accounts=accounts).index) == is_met


@pytest.mark.parametrize(("reads", "is_met"), [(-1, False), (0, True)])
def test_a_count_is_not_negative(frames, reads, is_met):
    posts = frames["posts"].assign(reads=pd.array([reads] + [1] * (len(frames["posts"]) - 1), dtype="Int64"))
    assert (("posts", "not_negative", "reads") not in unmet(frames, posts=posts).index) == is_met


def test_a_missing_value_a_double_key_and_a_span_turned_round_are_found(frames):
    twice = pd.concat([frames["units"], frames["units"].head(1).assign(unit_name=None)], ignore_index=True)
    found = unmet(frames, units=twice, coverage=frames["coverage"].assign(covers_to=pd.Timestamp("2025-06-24")))
    assert set(found.index) >= {("units", "not_null", "unit_name"), ("units", "unique", "unit_id"), ("coverage", "ordered", "covers_to")}
    assert found.loc[("units", "unique", "unit_id"), "n_unexpected"] == 2


def test_an_answer_before_its_question_is_shown_as_people_write_times(frames):
    messages = frames["messages"].assign(first_reply_at=pd.Timestamp("2025-07-10 08:30"))
    found = unmet(frames, messages=messages).loc[("messages", "ordered", "first_reply_at")]
    assert (found["n_unexpected"], found["examples"].split("、")[0]) == (3, "2025-07-10 09:00 → 2025-07-10 08:30")


def test_a_key_of_several_columns_may_not_occur_twice(frames):
    twice = pd.concat([frames["coverage"], frames["coverage"].head(1)], ignore_index=True)
    assert ("coverage", "unique", contract("coverage").key[0]) in unmet(frames, coverage=twice).index


def test_personal_data_is_never_an_example(frames):
    findings = frames["findings"].assign(found_by_level="planet", checker="王小明")
    found = unmet(frames, findings=findings)
    assert "王小明" not in found.to_string()


def test_it_needs_no_network_and_leaves_no_file(frames, monkeypatch, tmp_path):
    tried = []
    monkeypatch.setattr(socket.socket, "connect", lambda self, address: tried.append(address))
    monkeypatch.chdir(tmp_path)
    check_quality(frames)
    assert (tried, list(tmp_path.iterdir()), os.environ["GX_ANALYTICS_ENABLED"]) == ([], [], "False")
