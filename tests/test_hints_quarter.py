"""Hints in a quarter: they change no score, stand in the workbook for a person, and a person can take one over."""

import shutil
from pathlib import Path

import pandas as pd
import pytest
from hint_tables import HEADINGS, hints_of, posts_of
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support_frames import PERIOD, small_quarter
from test_hints_numbers import GOOD

from xmt_scoring.errors import XmtError
from xmt_scoring.hints import FOLDER, find_hints, load_lists
from xmt_scoring.pipeline import HINTED, JUDGED, SCORED, check_quarter, open_quarter, score_quarter
from xmt_scoring.reports.sheets_hints import HINTS
from xmt_scoring.reports.workbook import write_workbook
from xmt_scoring.workspace import Workspace

TEXTS = ["网络赌*博", "限时秒杀，电话13812345678", f"身份证号{GOOD}", "县人民检查院", "严禁赌博", "关你什么事", "今日天气晴"]


@pytest.fixture(scope="module")
def quiet(tmp_path_factory) -> Workspace:
    """The small quarter, checked and scored with posts that have no text; do not change it."""
    return run(small_quarter(tmp_path_factory.mktemp("季度") / "县"), [])


def run(ws: Workspace, texts: list[str]) -> Workspace:
    """Check and score after giving the first posts these texts."""
    posts = ws.load_frames(PERIOD, ["posts"], "import")["posts"]
    content = pd.Series([*texts, *[None] * (len(posts) - len(texts))], index=posts.index, dtype="str")
    ws.save_frames(PERIOD, {"posts": posts.assign(title="平安", text=content)}, {})
    check_quarter(ws, PERIOD)
    score_quarter(ws, PERIOD)
    return ws


@pytest.fixture(scope="module")
def noted(quiet, tmp_path_factory) -> Workspace:
    """The same quarter with posts that say all of TEXTS; do not change it."""
    return run(copied(quiet, tmp_path_factory.mktemp("文字") / "县"), TEXTS)


@pytest.fixture(scope="module")
def book(noted, tmp_path_factory) -> Path:
    """Its score workbook; read only."""
    path = tmp_path_factory.mktemp("评分表") / "考核评分表_2025Q3.xlsx"
    write_workbook(path, open_quarter(noted, PERIOD))
    return path


def copied(ws: Workspace, folder: Path) -> Workspace:
    shutil.copytree(ws.root, folder)
    return Workspace(folder)


def only_hints_differ(quiet: Workspace, loud: Workspace, texts: list[str]) -> bool:
    before, after = quiet.receipt(PERIOD)["frames"], loud.receipt(PERIOD)["frames"]
    is_same = {name: after[name] for name in [*JUDGED, *SCORED]} == {name: before[name] for name in [*JUDGED, *SCORED]}
    return is_same and (after["hints"] == before["hints"]) == (set(texts) == {"今日天气晴"})


def test_hints_change_no_verdict_and_no_score(quiet, noted, tmp_path):
    assert only_hints_differ(quiet, noted, TEXTS)
    assert only_hints_differ(quiet, run(copied(quiet, tmp_path / "县"), ["今日天气晴"]), ["今日天气晴"])


@pytest.mark.long
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=st.lists(st.sampled_from(TEXTS), min_size=1, max_size=20))
def test_whatever_the_posts_say_hints_change_no_verdict_and_no_score(quiet, tmp_path_factory, texts):
    assert only_hints_differ(quiet, run(copied(quiet, tmp_path_factory.mktemp("副本") / "县"), texts), texts)


@settings(max_examples=10, deadline=None)
@given(order=st.permutations(range(len(TEXTS))))
def test_the_order_of_posts_does_not_matter(order):
    posts = posts_of(*TEXTS)
    again = find_hints(posts.iloc[list(order)], load_lists(), pd.Timestamp(2026, 10, 10).date())
    assert again.equals(hints_of(*TEXTS))


def test_the_batches_do_not_matter(monkeypatch):
    from xmt_scoring.hints import find

    whole = hints_of(*TEXTS)
    numbers = {"batch_characters": 12}
    monkeypatch.setattr(find, "matching", lambda name: numbers.get(name, 20))
    assert hints_of(*TEXTS).equals(whole)


def test_the_receipt_says_which_lists_in_which_version_made_the_hints(quiet, tmp_path):
    ws = copied(quiet, tmp_path / "县")
    (ws.root / FOLDER).mkdir()
    (ws.root / FOLDER / "本县.csv").write_text(f"{HEADINGS}\n平安,广告,,,,,,,2026.9,\n", encoding="utf-8")
    run(ws, [])
    lists = ws.receipt(PERIOD)["word_lists"]
    assert lists["词表/本县.csv"]["version"] == "2026.9" and len(lists["内置/违禁内容"]["sha256"]) == 64
    assert {"内置/号码规则", "简繁对照"} <= set(lists)
    assert set(ws.load_frames(PERIOD, HINTED, "check")["hints"]["word"]) == {"平安"}


def test_a_broken_list_stops_the_check_step_and_leaves_the_frames_of_the_last_run(quiet, tmp_path):
    ws = copied(quiet, tmp_path / "县")
    (ws.root / FOLDER).mkdir()
    (ws.root / FOLDER / "本县.csv").write_text(f"{HEADINGS}\n赌,广告,,,,,,,,\n", encoding="utf-8")
    before = ws.receipt(PERIOD)
    with pytest.raises(XmtError, match="词表/本县.csv 第 2 行"):
        check_quarter(ws, PERIOD)
    assert ws.receipt(PERIOD) == before


def test_the_sheet_shows_each_hint_with_its_source_row_and_says_that_it_costs_nothing(book):
    note = pd.read_excel(book, sheet_name=HINTS, header=None, nrows=2, engine="openpyxl").iloc[1, 0]
    assert note.startswith("仅供人工核查，不扣分")
    shown = pd.read_excel(book, sheet_name=HINTS, header=2, engine="openpyxl")
    assert list(shown["提示级别"]) == sorted(shown["提示级别"], key=["重点", "一般", "参考"].index)
    line = shown.set_index("命中文字").loc["赌*博"]
    form = [line[f"填表：{named}"] for named in ("检查项目", "范围", "账号", "程度（建议）")]
    assert form == ["V1 严重内容问题", "账号", "甲局发布", "严重"]
    assert (line["来源文件"], line["来源行"], line["填表：事件编号"]) == ("posts.xlsx", 2, "p0")


def test_no_whole_number_of_a_person_stands_anywhere_in_the_workbook(book):
    text = "\n".join(sheet.to_csv() for sheet in pd.read_excel(book, sheet_name=None, header=None, engine="openpyxl").values())
    assert "138＊" in text and "13812345678" not in text and GOOD not in text


def test_the_sheet_is_not_taken_for_an_export_when_the_workbook_comes_back(book):
    from xmt_scoring.ingest.one_file import explain_file

    tables, *_ = explain_file(book)
    kinds = tables.set_index("sheet")["kind"]
    assert kinds["人工核查表"] == "register" and set(kinds.drop("人工核查表")) == {"other"}
