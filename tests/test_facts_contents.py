"""Facts on originals, required reposts and last quarter's problems (第十一条, 第二十一条)."""

import pandas as pd
import pytest
from facts_tables import covered, facts, posts, table

from xmt_scoring.periods import Quarter

WHOLE = covered("2025-06-30", "2025-09-30")
OPENED = {"account_id": "W1", "opened_on": "2023-01-05"}
TASK = {"repost_id": "R1", "title": "网络安全宣传周", "issued_on": "2025-09-10", "due_on": "2025-09-12"}


# ---------------------------------------------------------------- originals by month
def month(made, start="2025-07-01", account="W1"):
    rows = made["original_months"]
    found = rows[(rows["account_id"] == account) & (rows["month_start"] == pd.Timestamp(start))]
    assert len(found) == 1
    return found.iloc[0]


def test_posts_are_counted_by_month_and_by_what_the_export_says_of_them():
    made = facts(
        posts=[
            *posts("2025-07-01 00:00:00", "2025-07-31 23:59:59", is_original=True),
            *posts("2025-07-15 08:00:00", is_original=False),
            *posts("2025-07-16 08:00:00"),
            *posts("2025-08-01 00:00:00", is_original=True),
            *posts("2025-06-30 23:59:59", "2025-10-01 00:00:00", is_original=True),
        ],
        coverage=[WHOLE],
    )
    july = month(made)
    assert (july["n_posts"], july["n_original"], july["n_unknown"], july["is_covered"]) == (4, 2, 1, True)
    assert [month(made, f"2025-0{number}-01")["n_original"] for number in (7, 8, 9)] == [2, 1, 0]


def test_a_daily_series_counts_posts_whose_originality_nobody_knows():
    series = [{"account_id": "W1", "counted_on": "2025-07-02", "n_posts": 3}]
    july = month(facts(posts=posts("2025-07-02 08:00:00", is_original=False), daily_counts=series))
    assert (july["n_posts"], july["n_original"], july["n_unknown"]) == (3, 0, 2)


@pytest.mark.parametrize(("last", "is_covered"), [("2025-07-31", True), ("2025-07-30", False)])
def test_a_month_is_covered_only_with_its_last_day(last, is_covered):
    assert month(facts(coverage=[covered("2025-07-01", last)]))["is_covered"] == is_covered


@pytest.mark.parametrize(("opened", "is_due"), [("2025-07-01", True), ("2025-07-02", False)])
def test_a_month_is_due_only_if_the_account_was_open_on_all_its_days(opened, is_due):
    made = facts(accounts=[{**OPENED, "opened_on": opened}])
    assert month(made)["is_due"] == is_due and month(made, "2025-08-01")["is_due"]


@pytest.mark.parametrize(("closed", "is_due"), [("2025-10-01", True), ("2025-09-30", False)])
def test_a_month_in_which_the_account_was_closed_is_not_due(closed, is_due):
    assert month(facts(accounts=[{**OPENED, "closed_on": closed}]), "2025-09-01")["is_due"] == is_due


def test_the_month_in_which_the_law_began_is_not_due():
    made = facts(Quarter(2021, 3), accounts=[{**OPENED, "opened_on": "2020-01-01"}])["original_months"]
    assert made["is_due"].tolist() == [False, False, True]


def test_a_month_that_is_not_over_on_the_closing_day_is_not_covered():
    assert not month(facts(as_of="2025-09-29", coverage=[WHOLE]), "2025-09-01")["is_covered"]


# ---------------------------------------------------------------- required reposts
def task(**given):
    rows = facts(required_reposts=[given.pop("asked", TASK)], **given)["repost_facts"]
    assert len(rows) == 1
    return rows.iloc[0]


@pytest.mark.parametrize(
    "title",
    ["网络安全宣传周", "【转载】网络安全宣传周，来了!", "转发|“网络安全宣传周”", "网 络 安 全 宣 传 周", "网络安全宣传周２０２５"],
)
def test_a_title_is_found_in_whatever_signs_stand_around_it(title):
    found = task(posts=posts("2025-09-11 08:00:00", title=title), coverage=[WHOLE])
    assert found["reposted_on"] == pd.Timestamp("2025-09-11")


def test_the_first_repost_is_cited_with_its_row_and_none_where_there_is_none():
    days = posts("2025-09-10 08:00:00", title="别的") + posts("2025-09-12 09:00:00", "2025-09-12 07:00:00", "2025-09-13 08:00:00", title="网络安全宣传周")
    given = [{**each, "post_id": f"p{row}", "src_file": "清单.csv", "src_row": row} for row, each in enumerate(days, start=2)]
    found = task(posts=given, coverage=[WHOLE])
    assert (found["reposted_on"], found["post_file"], found["post_row"]) == (pd.Timestamp("2025-09-12"), "清单.csv", 3)
    assert task(posts=given[:1], coverage=[WHOLE])[["post_file", "post_row"]].isna().all()
    assert task(coverage=[WHOLE])[["post_file", "post_row"]].isna().all()


def test_the_text_is_searched_where_the_platform_has_no_titles():
    found = task(posts=posts("2025-09-12 23:00:00", text="【网络安全宣传周】请大家关注"), coverage=[WHOLE])
    assert found["reposted_on"] == pd.Timestamp("2025-09-12")


def test_another_title_is_no_repost_and_its_absence_is_proved_by_a_covered_list_with_titles():
    found = task(posts=posts("2025-09-11 08:00:00", title="网络安全宣传"), coverage=[WHOLE])
    assert pd.isna(found["reposted_on"]) and found["is_covered"]


def test_a_short_title_must_be_the_whole_title():
    short = {**TASK, "title": "防汛通知"}
    given = {"asked": short, "coverage": [WHOLE]}
    assert pd.isna(task(posts=posts("2025-09-11 08:00:00", title="关于取消防汛通知的说明"), **given)["reposted_on"])
    assert task(posts=posts("2025-09-11 08:00:00", title="“防汛通知”"), **given)["reposted_on"] == pd.Timestamp("2025-09-11")


def test_the_first_repost_counts_and_one_before_the_issue_does_not():
    at = posts("2025-09-09 08:00:00", "2025-09-14 08:00:00", "2025-09-20 08:00:00", title="网络安全宣传周")
    assert task(posts=at, coverage=[WHOLE])["reposted_on"] == pd.Timestamp("2025-09-14")


@pytest.mark.parametrize(
    "given",
    [
        {"coverage": []},
        {"coverage": [covered("2025-09-11", "2025-09-30")]},  # the day of issue is not covered
        {"coverage": [WHOLE], "daily_counts": [{"account_id": "W1", "counted_on": "2025-09-11", "n_posts": 1}]},  # a post without words
        {"coverage": [WHOLE], "posts": posts("2025-09-11 08:00:00", text="转发微博", is_repost=True)},  # what it repeats is not said
        {"coverage": [WHOLE], "asked": {**TASK, "due_on": None}},
        {"coverage": [WHOLE], "as_of": "2025-09-11"},
    ],
)
def test_absence_is_not_proved(given):
    found = task(**given)
    assert pd.isna(found["reposted_on"]) and not found["is_covered"]


@pytest.mark.parametrize(
    ("opened", "closed", "is_asked"),
    [("2025-09-10", None, True), ("2025-09-11", None, False), ("2023-01-05", "2025-09-13", True), ("2023-01-05", "2025-09-12", False)],
)
def test_an_account_is_asked_only_if_it_was_open_from_the_issue_to_the_due_day(opened, closed, is_asked):
    assert task(accounts=[{**OPENED, "opened_on": opened, "closed_on": closed}])["is_asked"] == is_asked


def test_an_app_is_not_asked():
    assert not task(accounts=[{**OPENED, "platform": "app"}])["is_asked"]


@pytest.mark.parametrize(("due", "number"), [("2025-06-30", 0), ("2025-07-01", 1), ("2025-09-30", 1), ("2025-10-01", 0)])
def test_a_task_belongs_to_the_quarter_of_its_due_day(due, number):
    made = facts(required_reposts=[{**TASK, "issued_on": "2025-06-20", "due_on": due}])["repost_facts"]
    assert len(made) == number


def test_a_repost_in_the_folder_of_the_quarter_before_is_found():
    early = {**TASK, "issued_on": "2025-06-25", "due_on": "2025-07-02"}
    before = {
        "posts": table("posts", *posts("2025-06-28 08:00:00", title="网络安全宣传周", post_id="early")),
        "daily_counts": table("daily_counts"), "coverage": table("coverage"),
    }  # fmt: skip
    assert task(asked=early, previous=before)["reposted_on"] == pd.Timestamp("2025-06-28")


# ---------------------------------------------------------------- last quarter's problems
def problems(failed, rectified=(), article="11"):
    rows = [
        {
            "check_id": check, "article": article, "unit_id": "U1", "account_id": account, "event_id": event, "outcome": outcome,
            "message": "问题",
        }
        for check, account, event, outcome in failed
    ]  # fmt: skip
    from xmt_scoring.frames import conform, empty

    run = {**dict.fromkeys(("n_pass", "n_fail", "n_not_applicable", "n_no_data", "n_unverified"), 0), "check_id": "art11_typo"}
    run |= {"article": "11", "label": "文字差错", "basis": "taibai_2021", "rule_mode": "manual", "rule_state": "judged"}
    before = {
        "posts": empty("posts"), "daily_counts": empty("daily_counts"), "coverage": empty("coverage"),
        "verdicts": conform(pd.DataFrame(rows), "verdicts"), "rules_run": conform(pd.DataFrame([run]), "rules_run"),
    }  # fmt: skip
    made = facts(previous=before, rectifications=list(rectified), units=[{"unit_id": "U1", "unit_name": "县甲局"}])
    assert len(made["earlier_checks"]) == 1
    return made["earlier_problems"]


def test_duties_of_the_supervising_office_need_no_row():
    assert not len(problems([("art21_missing_bulletin", None, "x", "fail")], article="21"))


ROW = {"rectification_id": "Z1", "unit_id": "U1", "check_item": "art11_typo", "description": "错字", "found_on": "2025-06-20"}
FAILED = [("art11_typo", "W1", "F1", "fail"), ("art11_typo", "W1", None, "pass")]


def test_only_what_failed_is_a_problem_and_it_bears_the_name_of_its_account_or_unit():
    made = problems([*FAILED, ("art14_missing_info_officer", None, "U1|info", "fail")])
    assert sorted(made["subject_name"]) == ["县甲局", "某账号"] and not made["has_rectification"].any()


def test_a_row_belongs_to_a_problem_by_item_and_account_and_is_done_when_resolved():
    made = problems(FAILED, [{**ROW, "account_id": "W1", "rectify_by": "2025-07-20", "resolved_on": "2025-07-18"}]).iloc[0]
    assert (made["has_rectification"], made["is_resolved"], made["rectify_by"]) == (True, True, pd.Timestamp("2025-07-20"))


@pytest.mark.parametrize(
    ("row", "has"),
    [
        ({"account_id": "W1", "event_id": "F1"}, True),
        ({"account_id": "W1", "event_id": "F2"}, False),  # it answers for another problem
        ({"account_id": None}, False),  # a problem of the unit
        ({"account_id": "W1", "check_item": "art08_advert"}, False),
        ({"account_id": "W1", "found_on": "2025-10-11"}, False),  # after the closing day
    ],
)
def test_a_row_of_another_problem_does_not_answer(row, has):
    assert problems(FAILED, [{**ROW, **row}]).iloc[0]["has_rectification"] == has


@pytest.mark.parametrize(("resolved", "is_resolved"), [("2025-10-10", True), ("2025-10-11", False), (None, False)])
def test_a_problem_is_resolved_up_to_the_closing_day(resolved, is_resolved):
    assert problems(FAILED, [{**ROW, "account_id": "W1", "resolved_on": resolved}]).iloc[0]["is_resolved"] == is_resolved


def test_without_a_checked_quarter_before_there_is_nothing_to_look_back_on():
    made = facts()
    assert not len(made["earlier_checks"]) and not len(made["earlier_problems"])
