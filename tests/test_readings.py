"""The 34 doubtful points: each has a setting that code reads, or a reason; parameters and schemes resolve on every day."""

import csv
import datetime as dt
from pathlib import Path

import pytest

from xmt_scoring import law
from xmt_scoring.checks.rules import load_rules
from xmt_scoring.cli.readings import reading_rows
from xmt_scoring.errors import SettingsError
from xmt_scoring.periods import Quarter
from xmt_scoring.scoring.options import options
from xmt_scoring.scoring.selection import scheme_in_force
from xmt_scoring.settings import Settings, definitions, points, spoken_value

PACKAGE = Path(law.__file__).parents[1]
ENDS = [Quarter(year, number).end for year in range(2021, 2028) for number in (1, 2, 3, 4)][3:]
STAGES = {"import", "as_of", "facts", "checks", "score", "states", "year", "report"}


def load(folder: Path, text: str) -> Settings:
    (folder / "xmt.toml").write_text(text, encoding="utf-8")
    return Settings.load(folder / "xmt.toml")


def test_every_point_from_1_to_34_has_a_setting_or_says_why_not():
    assert [point["number"] for point in points()] == list(range(1, 35))
    answered = {number for entry in definitions().values() for number in entry["reading"]}
    assert answered <= set(range(1, 35))
    for point in points():
        assert point["question"]
        assert point["number"] in answered or "settled" in point, point
        assert set(point) <= {"number", "question", "settled"}, "every point is answered; none waits"


@pytest.mark.parametrize("key", list(definitions()))
def test_every_setting_says_which_point_it_answers_and_where_it_is_read(key):
    entry = definitions()[key]
    assert entry["stage"] in STAGES
    assert all(isinstance(number, int) for number in entry["reading"])
    assert entry["kind"] != "int" or all(entry["minimum"] <= value <= entry["maximum"] for value in entry["trial"])
    sources = [path for path in PACKAGE.rglob("*") if path.suffix in (".py", ".toml") and path.name != "settings.toml"]
    assert any(f'"{key}"' in path.read_text(encoding="utf-8") for path in sources), f"nothing reads {key}"


def test_a_setting_of_a_check_is_named_by_its_rule_and_a_switch_of_scoring_by_its_option():
    read = {name for rule in load_rules().values() for name in rule.settings} | {"grave_confirmers"}
    assert {key for key, entry in definitions().items() if entry["stage"] == "checks"} <= read
    switches = {entry["setting"] for entries in options().values() for entry in entries}
    assert all(definitions()[key]["default"] is False for key in switches)


@pytest.mark.parametrize("value", ["[2026-02-17]", '["2026-02-16"]', "2026-02-16", "true"])
def test_an_exempted_week_is_written_as_its_monday(tmp_path, value):
    with pytest.raises(SettingsError, match="星期一"):
        load(tmp_path, f"[readings]\nexempt_weeks = {value}\n")


def test_exempted_weeks_are_read_and_spoken(tmp_path):
    settings = load(tmp_path, "[readings]\nexempt_weeks = [2026-02-16, 2026-09-28]\n")
    assert settings["exempt_weeks"] == [dt.date(2026, 2, 16), dt.date(2026, 9, 28)]
    assert spoken_value("exempt_weeks", settings["exempt_weeks"]) == "2026-02-16、2026-09-28"
    assert settings.plain()["exempt_weeks"] == ["2026-02-16", "2026-09-28"]


def test_a_misspelt_new_setting_is_refused_with_the_nearest(tmp_path):
    with pytest.raises(SettingsError, match="是不是“local_veto_advert”"):
        load(tmp_path, "[readings]\nlocal_veto_adverts = true\n")


def test_the_table_of_readings_says_who_decided_and_what_else_may_stand_there(tmp_path):
    text = '[readings]\nreply_unit = "workday"\nmin_live_days = 30\n[decided.reply_unit]\nby = "县政府办"\non = 2026-01-05\n'
    rows = reading_rows(load(tmp_path, text))
    assert sorted(set(rows["number"])) == sorted({str(number) for number in range(1, 35)} | {"—"})
    named = rows.set_index(rows["question"].str.extract(r"（(\w+)）$")[0])
    assert named.loc["reply_unit", "decided"] == "已决定：县政府办 2026-01-05"
    assert named.loc["reply_unit", "alternatives"].startswith("calendar：")
    assert named.loc["min_live_days", "decided"] == "设置文件中改过，没有记下由谁决定"
    assert named.loc["na_policy", "decided"] == "默认值，办公室尚未决定"
    assert rows.loc[rows["number"] == "18", "value"].iloc[0].startswith("不设选项：")


def test_windows_that_overlap_or_leave_days_between_are_told_and_do_not_stop(tmp_path):
    settings = load(tmp_path, '[windows]\n"2026Q3" = [2026-06-20, 2026-09-20]\n')
    problems = settings.window_problems(settings.quarter("2026Q3"))
    assert ["重叠 11 天" in problems[0].what, "空了 10 天" in problems[1].what] == [True, True]
    assert not any(problem.is_fatal for problem in problems)
    whole = load(tmp_path, '[windows]\n"2026Q3" = [2026-07-01, 2026-09-30]\n')
    assert whole.window_problems(whole.quarter("2026Q3")) == []


@pytest.mark.parametrize("day", ENDS, ids=str)
def test_every_parameter_and_the_scheme_have_exactly_one_value_at_every_quarter_end(day):
    for rule in load_rules().values():
        values = rule.values(day)
        assert set(values) == set(rule.params)
        for name, dated in rule.params.items():
            begun = [entry for entry in dated if entry.start <= day]
            latest = [entry for entry in begun if entry.start == max(each.start for each in begun)]
            assert [entry.value for entry in latest] == [values[name]]
    assert scheme_in_force(day, None, load_rules()).scheme.start <= day


def test_the_effects_file_opens_in_excel_with_chinese_headings(tmp_path):
    import pandas as pd

    from xmt_scoring.cli.readings import EFFECT_HEADINGS, write_csv

    write_csv(pd.DataFrame([dict.fromkeys(EFFECT_HEADINGS, "一,二")]), tmp_path / "试算.csv")
    raw = (tmp_path / "试算.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    head, line = csv.reader(raw.decode("utf-8-sig").splitlines())
    assert head[0] == "设置"
    assert line[0] == "一,二"
