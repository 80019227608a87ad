"""xmt.toml: every reading is named, explained and refused when wrong, all problems at once."""

import datetime as dt
from pathlib import Path

import pytest

from xmt_scoring.errors import SettingsError, XmtError
from xmt_scoring.law import article
from xmt_scoring.settings import Settings, definitions, template

ROOT = Path(__file__).resolve().parents[1]


def load(folder: Path, text: str) -> Settings:
    (folder / "xmt.toml").write_text(text, encoding="utf-8")
    return Settings.load(folder / "xmt.toml")


def test_the_template_sets_every_setting_to_its_default(tmp_path):
    assert load(tmp_path, template()) == Settings.default()


def test_the_repository_is_a_workspace_with_the_defaults():
    assert (ROOT / "xmt.toml").read_text(encoding="utf-8") == template()


@pytest.mark.parametrize("key", list(definitions()))
def test_every_setting_names_an_article_of_the_law_and_explains_its_values(key):
    entry = definitions()[key]
    assert article(entry["article"]) if entry["table"] != "limits" else entry["article"] == ""
    assert entry["means"]
    assert key in template()


def test_an_unknown_setting_is_refused_with_the_nearest_valid_name(tmp_path):
    with pytest.raises(SettingsError, match="是不是“week_belongs”"):
        load(tmp_path, '[readings]\nweek_belong = "sunday"\n')


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('[readings]\nreply_unit = ["calendar"]\n', r'reply_unit”：现在是 \["calendar"\].应为 “calendar”、“workday”'),
        ("[readings]\nexempt_weeks = [2026-02-17]\n", r"现在是 \[2026-02-17\]"),
        ("[readings]\nmin_live_days = true\n", "现在是 true"),
        ("readings = 3\n", r"请写成单独一行 \[readings\]"),
        ("decided = 5\n", r"请写成单独一行 \[decided\]"),
        ('reply_unit = "workday"\n', r"写错了地方.请写在 \[readings\] 下面"),
        ('[annual]\nreply_unit = "workday"\n', r"写错了地方.请写在 \[readings\] 下面"),
        ("county = 5\n", "应为县的名称"),
        ('county = " "\n', "应为县的名称"),
        ('[decided.reply_unit]\nby = 3\non = "昨天"\n', r'by 现在是 3、on 现在是 "昨天"'),
        ('[decided.reply_unit]\nby = ""\non = 2026-01-05\n', 'by 现在是 ""'),
        ("[decided.reply_units]\nby = 1\n", "是不是“reply_unit”"),
        ('[windows]\n"2026Q3" = [2026-07-01, "x"]\n', r'现在是 \[2026-07-01, "x"\]'),
    ],
)  # fmt: skip
def test_what_is_of_the_wrong_kind_or_in_the_wrong_place_is_told_in_words(tmp_path, text, words):
    with pytest.raises(SettingsError, match=words):
        load(tmp_path, text)


def test_all_problems_are_told_at_once(tmp_path):
    text = '[readings]\nreply_unit = "hours"\nmin_live_days = "28"\nweekly_rule_for_service = 1\n[coverage]\nwhole = true\n'
    with pytest.raises(SettingsError) as caught:
        load(tmp_path, text)
    assert len(caught.value.problems) == 4


@pytest.mark.parametrize(("days", "good"), [(0, True), (60, True), (-1, False), (61, False)])
def test_a_number_is_taken_at_its_limits_and_refused_beyond(tmp_path, days, good):
    text = f"[readings]\ngrace_days = {days}\n"
    if good:
        assert load(tmp_path, text)["grace_days"] == days
    else:
        with pytest.raises(SettingsError, match="0 到 60"):
            load(tmp_path, text)


def test_a_decision_of_the_office_is_printed_beside_the_value(tmp_path):
    text = '[readings]\nreply_unit = "workday"\n[decided.reply_unit]\nby = "县政府办"\non = 2026-01-05\ndocument = "1号"\n'
    rows = load(tmp_path, text).rows().set_index("key")
    assert rows.loc["reply_unit", "decided"] == "县政府办 2026-01-05 1号"
    assert rows.loc["week_belongs", "decided"] == ""


def test_a_shifted_window_moves_the_quarter(tmp_path):
    settings = load(tmp_path, '[windows]\n"2026Q3" = [2026-06-20, 2026-09-20]\n')
    assert settings.quarter("2026Q3").start == dt.date(2026, 6, 20)
    assert settings.quarter("2026Q4").start == dt.date(2026, 10, 1)


@pytest.mark.parametrize("pair", ["[2026-09-20, 2026-06-20]", '["2026-06-20", "2026-09-20"]', "[2026-06-20]"])
def test_a_window_that_cannot_be_is_refused(tmp_path, pair):
    with pytest.raises(SettingsError, match="2026Q3"):
        load(tmp_path, f'[windows]\n"2026Q3" = {pair}\n')


def test_holidays_that_the_calendar_does_not_know_come_from_a_list(tmp_path):
    (tmp_path / "节假日安排.csv").write_text("日期,是否工作日\n2027-10-01,否\n", encoding="utf-8-sig")
    assert load(tmp_path, template()).workday_overrides == ((dt.date(2027, 10, 1), False),)


def test_an_unreadable_line_of_the_holiday_list_is_named_by_row(tmp_path):
    (tmp_path / "节假日安排.csv").write_text("日期,是否工作日\n10月1日,否\n", encoding="utf-8")
    with pytest.raises(SettingsError, match="第 2 行"):
        load(tmp_path, template())


def test_a_broken_file_and_a_missing_file_are_told_in_words(tmp_path):
    with pytest.raises(SettingsError, match="TOML"):
        load(tmp_path, "[readings\n")
    with pytest.raises(XmtError, match="xmt init"):
        Settings.load(tmp_path / "none" / "xmt.toml")


def test_a_file_saved_by_windows_notepad_with_bom_is_read(tmp_path):
    (tmp_path / "xmt.toml").write_bytes(b"\xef\xbb\xbf" + template().encode())
    assert Settings.load(tmp_path / "xmt.toml") == Settings.default()


def test_a_changed_setting_that_nobody_signed_for_is_never_called_our_default():
    rows = Settings.default(reply_unit="workday").rows().set_index("key")
    assert rows.loc["reply_unit", "source"] == "设置文件中改过，没有记下由谁决定"
    assert rows.loc["week_belongs", "source"] == "默认值，办公室尚未决定"
    assert rows.loc["reply_unit", "words"] == "工作日（含国务院放假与调休）"
