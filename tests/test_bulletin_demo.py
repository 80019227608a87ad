"""The demo county's circulars: made by `xmt demo`, every figure counted again from the saved frames, printed and read."""

import datetime as dt
import hashlib
import re
import shutil
from pathlib import Path

import docx
import pandas as pd
import pytest
from docx_parts import out_of_order, paragraphs, tables
from rendered import as_pdf, needs_office, pages, words
from support_bulletin import numbers

from xmt_scoring.bulletin import make_bulletin
from xmt_scoring.periods import Quarter
from xmt_scoring.workspace import Workspace

QUARTERS = ["2025Q1", "2025Q2", "2025Q3", "2025Q4"]
OFFICE = ("21", "22", "23", "24")


def frame(root: Path, quarter: str, name: str) -> pd.DataFrame:
    return pd.read_parquet(root / "data" / "processed" / quarter / f"{name}.parquet")


def figures(root: Path, quarter: str) -> pd.Series:
    return frame(root, quarter, "bulletin_figures").set_index("figure")["printed"]


def written(root: Path, quarter: str) -> Path:
    return root / "reports" / quarter / f"通报_{quarter}.docx"


@pytest.fixture(scope="module")
def county(demo, tmp_path_factory) -> Path:
    """A copy of the scored county without its raw files and papers, to write in."""
    folder = tmp_path_factory.mktemp("通报") / "云岭县"
    shutil.copytree(demo / "data" / "processed", folder / "data" / "processed")
    shutil.copy(demo / "xmt.toml", folder)
    return folder


@pytest.mark.parametrize("quarter", QUARTERS)
def test_the_overall_figures_are_those_of_the_scores(demo, quarter):
    told, scores = figures(demo, quarter), frame(demo, quarter, "account_scores")
    counted = scores[scores["is_scored"] | scores["is_vetoed"]]
    sure = counted[counted["is_vetoed"] | (counted["high"].astype("float64") < 60)]
    maybe = counted[~counted.index.isin(sure.index) & (counted["open_vetoes"].notna() | (counted["low"].astype("float64") < 60))]
    n_pass = len(counted) - len(sure) - len(maybe)
    assert told["在册数"] == str(len(scores))
    assert told["检查数"] == str(len(counted))
    assert told["合格数"] == (str(n_pass) if maybe.empty else f"{n_pass}至{n_pass + len(maybe)}")
    assert told["不合格数"] == (str(len(sure)) if maybe.empty else f"{len(sure)}至{len(sure) + len(maybe)}")
    if maybe.empty:
        exact = f"{100 * n_pass / len(counted):.2f}%".replace("100.00%", "100%")
        assert told["合格率"] == exact


@pytest.mark.parametrize("quarter", QUARTERS)
def test_the_parts_add_up_to_the_whole(demo, quarter):
    told = figures(demo, quarter)
    parts = told[told.index.str.startswith("在册/")].astype("int64")
    assert parts.sum() == 2 * int(told["在册数"])  # by owner and by platform
    left = told[told.index.str.startswith("不计分/")].astype("int64").sum()
    assert int(told["检查数"]) + left == int(told["在册数"])
    for each in ("检查数", "合格数", "不合格数"):
        if "至" not in told[each]:
            by_platform = told[[name for name in told.index if name.endswith(f"/{each}")]]
            assert by_platform.astype("int64").sum() == int(told[each])


@pytest.mark.parametrize("quarter", QUARTERS)
def test_the_problems_are_the_failing_verdicts_each_event_once(demo, quarter):
    verdicts = frame(demo, quarter, "verdicts")
    failed = verdicts[(verdicts["outcome"] == "fail") & ~verdicts["article"].str.split(".").str[0].isin(OFFICE)]
    events = failed["unit_id"] + "|" + failed["account_id"].fillna("") + "|" + failed["event_id"].fillna(failed["check_id"])
    told = figures(demo, quarter)
    assert told["问题数"] == str(events.nunique())
    cases = told[told.index.str.fullmatch("问题/[^/]*/件数")].astype("int64")
    assert cases.sum() == events.nunique()
    listing = next(table for table in tables(written(demo, quarter)) if "依据" in table[0])
    assert sum(int(line[5]) for line in listing[1:]) == events.nunique()
    assert not any("YLWX" in cell for line in listing for cell in line)  # accounts by name, not by the register's number


@pytest.mark.parametrize(("quarter", "before"), list(zip(QUARTERS[1:], QUARTERS[:-1], strict=True)))
def test_each_circular_follows_on_the_one_before(demo, quarter, before):
    told, earlier = figures(demo, quarter), figures(demo, before)
    assert told["上季度问题数"] == earlier["问题数"]
    assert int(told["已整改数"]) + int(told["未整改数"]) == int(told["上季度问题数"])
    assert told["上季度不合格数"] == earlier["不合格数"]
    if "上季度合格率" in told:
        assert told["上季度合格率"] == earlier["合格率"]


@pytest.mark.parametrize("quarter", QUARTERS)
def test_every_number_in_the_text_is_a_figure_and_every_name_is_registered(demo, quarter):
    lines = paragraphs(written(demo, quarter))
    body = lines[: next(number for number, line in enumerate(lines) if line.startswith("附件"))]
    assert numbers(body, frame(demo, quarter, "bulletin_figures")) == set()
    known = set(frame(demo, quarter, "accounts")["account_name"])
    assert set(re.findall("“([^”]*)”", "\n".join(body))) <= known
    assert not re.search("(?<![0-9.])0[个处条件周]", "\n".join(body))


@pytest.mark.parametrize("quarter", QUARTERS)
def test_the_annexes_hold_every_account_once_and_a_strict_reader_takes_the_file(demo, quarter):
    found = {table[0][-1]: table for table in tables(written(demo, quarter))}
    updates = found["最长间隔（天）"]
    assert [line[0] for line in updates[1:]] == [str(number) for number in range(1, len(updates))]
    assert len(updates) - 1 == len(frame(demo, quarter, "account_scores"))
    posts = frame(demo, quarter, "account_quarters").query("is_live")["n_posts"].sum()
    assert sum(int(line[4]) for line in updates[1:]) == posts
    assert out_of_order(written(demo, quarter)) == []


def test_only_the_quarter_with_open_items_is_a_draft(demo):
    for quarter in QUARTERS:
        lines = paragraphs(written(demo, quarter))
        assert ("（征求意见稿）" in lines) == (quarter == "2025Q4")
        assert any(re.fullmatch("202[56]年[0-9]+月[0-9]+日", line) for line in lines) == (quarter != "2025Q4")


def test_the_date_of_a_registered_circular_is_the_register_s(demo):
    assert "2025年4月9日" in paragraphs(written(demo, "2025Q1"))


def test_no_person_is_named(demo):
    for quarter in QUARTERS:
        people = set(frame(demo, quarter, "staff")["person_name"].dropna())
        text = "\n".join(cell for table in tables(written(demo, quarter)) for line in table for cell in line)
        text += "\n".join(paragraphs(written(demo, quarter)))
        assert not [name for name in people if len(name) > 1 and name in text]
        assert not re.search("1[3-9][0-9]{9}", text)


def test_the_command_writes_the_same_bytes_again_and_takes_another_date(county, xmt):
    said = xmt("--workspace", county, "bulletin", "2025Q3")
    path = written(county, "2025Q3")
    first = hashlib.sha256(path.read_bytes()).hexdigest()
    assert "成文日期用了数据截止日 2025-10-10" in said.stdout
    xmt("--workspace", county, "bulletin", "2025Q3")
    assert hashlib.sha256(path.read_bytes()).hexdigest() == first
    assert [each.name for each in path.parent.iterdir()] == [path.name]
    xmt("--workspace", county, "bulletin", "2025Q3", "--date", "2025-10-15")
    assert "2025年10月15日" in paragraphs(path)
    assert "于2025年10月29日前" in "\n".join(paragraphs(path))
    assert docx.Document(str(path)).core_properties.modified == dt.datetime(2025, 10, 15, tzinfo=dt.UTC)


def test_a_quarter_that_was_not_scored_is_told_with_the_command_to_run(county, xmt):
    said = xmt("--workspace", county, "bulletin", "2026Q1", ok=False)
    assert said.returncode == 1
    assert "xmt run 2026Q1" in said.stdout


@pytest.mark.parametrize("date", ["10月15日", "2025-13-01"])
def test_a_date_that_is_none_is_refused(county, xmt, date):
    said = xmt("--workspace", county, "bulletin", "2025Q3", "--date", date, ok=False)
    assert said.returncode == 1
    assert "请写成 2026-10-15 这样" in said.stdout


def test_a_circular_that_a_person_changed_or_has_open_in_word_is_left_as_it_is(county, monkeypatch):
    ws, quarter = Workspace(county), Quarter(2025, 1)
    path, _, _ = make_bulletin(ws, quarter)
    changed = docx.Document(str(path))
    changed.add_paragraph("改过")
    changed.save(str(path))
    beside, _, _ = make_bulletin(ws, quarter, dt.date(2025, 4, 20))
    assert (path.name, beside.name) == ("通报_2025Q1.docx", "通报_2025Q1(2).docx")
    assert "改过" in paragraphs(path)
    replace = Path.replace

    def as_windows_does(self: Path, target: Path) -> Path:  # a file that Word has open cannot be replaced there
        if Path(target).name == "通报_2025Q1(2).docx":
            raise PermissionError(13, "Permission denied", str(target))
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", as_windows_does)
    assert make_bulletin(ws, quarter, dt.date(2025, 4, 21))[0].name == "通报_2025Q1(3).docx"


@needs_office
def test_the_printed_circular_loses_nothing_and_ends_well(demo, tmp_path):
    path = written(demo, "2025Q3")
    printed = pages(as_pdf(path, tmp_path))
    text = "".join(map(words, printed))
    for line in paragraphs(path):
        for part in re.findall("[\u4e00-\u9fff]{2,12}", line)[:3]:
            assert part in text or part in text.replace("\n", "")
    for table in tables(path):
        for line in table:
            for cell in line:
                assert re.sub(r"\s", "", cell) in text or len(cell) > 8
    signed = next(page for page in printed if "2025年10月10日" in words(page))
    assert "按照《办法》第二十四条规定处置" in words(signed)
    edges = [max(word[3] for word in page) for page in printed]  # points; a full stop may hang outside the text
    upright, turned = 184 * 72 / 25.4 + 16, 262 * 72 / 25.4
    assert all(edge <= upright or 600 < edge <= turned for edge in edges)
    assert any(edge > 600 for edge in edges)  # the list of problems lies on landscape pages
