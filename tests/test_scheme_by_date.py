"""A scheme counts from its first day on: what was scored before stays as it was (issue: versions of rules)."""

import datetime as dt
from importlib.resources import files

import pytest
from support_frames import PERIOD, small_quarter

from xmt_scoring.errors import SchemeError, XmtError
from xmt_scoring.pipeline import SCORED, open_quarter, scheme_of, score_quarter
from xmt_scoring.scoring.selection import FOLDER, scheme_in_force

BUILT_IN = files("xmt_scoring.scoring").joinpath("schemes", "taibai_quarterly_2021.toml").read_text(encoding="utf-8")
ADOPTED = 'status = "adopted"\nadopted_by = "县政府办"\nadopted_on = 2025-09-20\nadopted_document = "（演示）1号"'


def adopted(start, name="county_scheme", status=ADOPTED):
    """The package's scheme as the office adopts it: a missed week costs 4."""
    text = BUILT_IN.replace('id = "taibai_quarterly_2021"', f'id = "{name}"').replace('status = "proposed"', status)
    text = text.replace("start = 2021-08-18", f"start = {start}")
    rule = 'checks = ["art11_weekly_update"]\nrule = {{ type = "per_event", loss = "{}" }}'
    assert rule.format(2) in text
    return text.replace(rule.format(2), rule.format(4))


def put(root, text, name="2025.toml"):
    (root / FOLDER).mkdir(exist_ok=True)
    (root / FOLDER / name).write_text(text, encoding="utf-8")


@pytest.mark.parametrize(("day", "name"), [("2025-09-30", "taibai_quarterly_2021"), ("2025-10-01", "county_scheme"), ("2027-12-31", "county_scheme")])
def test_an_adopted_scheme_counts_from_its_first_day_on(tmp_path, day, name):
    put(tmp_path, adopted("2025-10-01"))
    assert scheme_in_force(dt.date.fromisoformat(day), tmp_path / FOLDER).scheme.id == name


def test_of_two_adopted_schemes_the_later_one_counts_from_its_day(tmp_path):
    put(tmp_path, adopted("2025-10-01", "first"), "a.toml")
    put(tmp_path, adopted("2026-04-01", "second"), "b.toml")
    ids = [scheme_in_force(dt.date(2026, month, 28), tmp_path / FOLDER).scheme.id for month in (3, 4)]
    assert ids == ["first", "second"]


def test_an_old_quarter_scored_again_gives_the_same_numbers_and_a_new_one_the_new(tmp_path):
    ws = small_quarter(tmp_path)
    before = score_quarter(ws, PERIOD).frames
    put(tmp_path, adopted("2025-10-01"))
    again = score_quarter(ws, PERIOD).frames
    for name in SCORED:
        assert before[name].equals(again[name])
    assert ws.receipt(PERIOD)["scheme"] == "taibai_quarterly_2021"
    put(tmp_path, adopted("2025-07-01"))
    now = score_quarter(ws, PERIOD).frames["account_scores"].set_index("account_id")["high"]
    then = before["account_scores"].set_index("account_id")["high"]
    assert now["A2"] == then["A2"] - 4  # two missed weeks
    assert ws.receipt(PERIOD)["scheme"] == "county_scheme"
    assert ws.receipt(PERIOD)["scheme_source"] == f"{FOLDER}/2025.toml"


def test_a_report_is_refused_when_the_scheme_was_changed_after_scoring(tmp_path):
    ws = small_quarter(tmp_path)
    score_quarter(ws, PERIOD)
    put(tmp_path, adopted("2025-07-01"))
    with pytest.raises(XmtError, match="xmt run 2025Q3"):
        open_quarter(ws, PERIOD)


def test_a_proposed_scheme_in_the_folder_is_told_and_not_used(tmp_path):
    put(tmp_path, adopted("2025-07-01", status='status = "proposed"'))
    chosen = scheme_in_force(dt.date(2025, 9, 30), tmp_path / FOLDER)
    assert chosen.scheme.id == "taibai_quarterly_2021"
    assert [(note.is_fatal, "建议稿" in note.what) for note in chosen.notes] == [(False, True)]


@pytest.mark.parametrize(
    ("second", "words"), [(adopted("2025-07-01", "other"), "都从 2025-07-01 起生效"), ("id = 1", "缺少"), (adopted("2025-07-01").replace('"20"', '"19"'), "合计")]
)
def test_a_broken_or_doubled_scheme_stops_everything(tmp_path, second, words):
    put(tmp_path, adopted("2025-07-01"))
    put(tmp_path, second, "b.toml")
    with pytest.raises(SchemeError, match=words):
        scheme_in_force(dt.date(2025, 9, 30), tmp_path / FOLDER)


def test_a_scheme_whose_check_does_not_exist_is_refused_in_the_workspace(tmp_path):
    ws = small_quarter(tmp_path)
    put(tmp_path, adopted("2025-07-01").replace('checks = ["art11_typo"]', 'checks = ["art11_typos"]'))
    with pytest.raises(SchemeError, match="art11_typos"):
        scheme_of(ws, PERIOD)
