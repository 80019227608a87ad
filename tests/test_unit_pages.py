"""A report for every unit: kernels are kept, pages are as if each had run alone, and one that fails stops nobody else."""

import shutil
from dataclasses import replace

import pandas as pd
import pytest
from notebook_files import book

from xmt_scoring.errors import XmtError
from xmt_scoring.periods import Quarter
from xmt_scoring.pipeline import open_quarter
from xmt_scoring.reports import unit_pages as room
from xmt_scoring.reports.batch import Page, run_each
from xmt_scoring.reports.file_names import safe_name, unit_stems
from xmt_scoring.reports.notebooks import run_notebook
from xmt_scoring.reports.unit_pages import unit_pages
from xmt_scoring.workspace import Workspace

UNITS = 'unit = ""  # 单位'


def run(folder, path, names, jobs=1):
    """Every page's text or message, by name."""
    told = {}
    pages = [Page(name, {"unit": name}, folder / f"{number}.failed.ipynb") for number, name in enumerate(names)]
    (folder / "aside").mkdir()

    def done(page, made):
        assert page.name not in told
        told[page.name] = str(made) if isinstance(made, XmtError) else made.read_text(encoding="utf-8")

    run_each(path, pages, folder, folder / "aside", jobs, done)
    return told


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_unit_whose_page_fails_is_told_and_the_others_get_theirs(tmp_path, jobs):
    path = book(tmp_path / "a.ipynb", "print('单位是', unit)", "assert unit != '乙', '坏了'", parameters=UNITS)
    told = run(tmp_path, path, list("甲乙丙丁"), jobs)
    assert sorted(told) == sorted("甲乙丙丁")
    assert "AssertionError：坏了" in told["乙"]
    assert "1.failed.ipynb" in told["乙"]
    assert all(f"单位是 {name}" in told[name] for name in "甲丙丁")
    assert {each.name for each in tmp_path.iterdir()} == {"a.ipynb", "aside", "1.failed.ipynb"}


def test_nothing_of_one_page_is_left_for_the_next_but_what_was_imported(tmp_path):
    path = book(tmp_path / "a.ipynb", "import sys, this_is_slow; print('留下', 'kept' in dir(), '先前', sys.modules.get('seen') is not None)",
                "kept = 1; sys.modules['seen'] = sys; print('序号', len(In))", parameters=UNITS)  # fmt: skip
    (tmp_path / "this_is_slow.py").write_text("", encoding="utf-8")
    path.write_text(path.read_text(encoding="utf-8").replace(", this_is_slow", ""), encoding="utf-8")
    told = run(tmp_path, path, ["甲", "乙"])
    assert "留下 False 先前 False" in told["甲"]
    assert "留下 False 先前 True" in told["乙"]
    assert [page[page.index("序号") :][:6] for page in told.values()] == ["序号 5\n</"[:6]] * 2


def test_a_kernel_that_dies_is_replaced_by_a_new_one(tmp_path):
    path = book(tmp_path / "a.ipynb", "import os; os._exit(1) if unit == '甲' else print('活着', unit)", parameters=UNITS)
    told = run(tmp_path, path, list("甲乙"))
    assert "没有运行完" in told["甲"]
    assert "活着 乙" in told["乙"]


def test_a_fault_that_is_no_message_ends_the_work_and_is_raised(tmp_path):
    path = book(tmp_path / "a.ipynb", "print(unit)", parameters=UNITS)
    made = []

    def done(page, _):
        made.append(page.name)
        raise OSError(28, "No space left on device")

    pages = [Page(name, {"unit": name}, tmp_path / "x.failed.ipynb") for name in "甲乙丙"]
    with pytest.raises(OSError, match="No space"):
        run_each(path, pages, tmp_path, tmp_path, 1, done)
    assert made == ["甲"]


def test_units_of_the_demo_side_by_side_are_as_if_each_had_run_alone(demo, tmp_path, monkeypatch):
    folder = tmp_path / "云岭"
    shutil.copytree(demo, folder, ignore=shutil.ignore_patterns("raw", "reports"))
    ws = Workspace(folder)
    data = open_quarter(ws, Quarter(2025, 3))
    few = replace(data, frames={**data.frames, "units": data.frames["units"].iloc[[0, 1, 12]]})
    ended = []
    paths, problems = unit_pages(ws, few, jobs=2, ended=ended.append)
    assert problems == []
    assert sorted(ended) == sorted(few.frames["units"]["unit_name"])
    assert [path.name for path in paths] == [f"{name}_2025Q3.html" for name in few.frames["units"]["unit_name"]]
    alone = run_notebook(room.notebook(room.NOTEBOOK), tmp_path / "alone.html", {"quarter": "2025Q3", "workspace": ".", "unit": "YL02"}, folder)
    assert paths[1].read_bytes() == alone.read_bytes()
    assert all("Plotly.newPlot" in path.read_text(encoding="utf-8") for path in paths)


@pytest.mark.long
def test_the_command_makes_a_page_for_every_unit(demo, tmp_path, xmt):
    folder = tmp_path / "云岭"
    shutil.copytree(demo, folder)
    told = xmt("--workspace", folder, "report", "2025Q3", "--each-unit", "--jobs", "2").stdout
    units = open_quarter(Workspace(folder), Quarter(2025, 3)).frames["units"]["unit_name"]
    assert f"{len(units)}/{len(units)}" in told
    assert {path.name for path in (folder / "reports" / "2025Q3" / "单位报告").iterdir()} == {f"{name}_2025Q3.html" for name in units}


def units_of(**names):
    return pd.DataFrame({"unit_id": list(names), "unit_name": list(names.values())})


def test_units_whose_file_names_collide_get_their_number_added():
    assert unit_stems(units_of(A="县 A/B 局", B="县 A?B 局", C="县局", D="Media", E="MEDIA")) == {
        "A": "县 A_B 局_A", "B": "县 A_B 局_B", "C": "县局", "D": "Media_D", "E": "MEDIA_E",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("name", "stem"),
    [
        ("县林业局", "县林业局"), ("𠮷水镇䶮泉村", "𠮷水镇䶮泉村"), ("融媒😀中心", "融媒😀中心"), ("CON", "CON_"), ("nul.局", "nul.局_"),
        ("a\u202eb\u0007c\n", "a_b_c_"), (" .. ", "_"), ("", "_"), ("甲:乙|丙*", "甲_乙_丙_"), ("字" * 200, "字" * 55), ("com10", "com10"),
    ],
)  # fmt: skip
def test_a_units_name_becomes_one_that_windows_takes(name, stem):
    assert safe_name(name) == stem


def test_the_rules_in_a_unit_s_report_count_its_own_accounts_only():
    from support_quarter import small_quarter

    from xmt_scoring.reports.explain import narrow
    from xmt_scoring.reports.summary import rule_table

    data = small_quarter()
    for unit in ("U1", "U2", "U3"):
        own = narrow(data, unit)
        run, verdicts = own.frames["rules_run"].set_index("check_id"), own.frames["verdicts"]
        assert set(verdicts["check_id"]) <= set(run.index)
        for check, line in run.iterrows():
            counts = verdicts.loc[verdicts["check_id"] == check, "outcome"].value_counts()
            assert {each: line[f"n_{each}"] for each in ("pass", "fail", "no_data", "unverified")} == {
                each: counts.get(each, 0) for each in ("pass", "fail", "no_data", "unverified")
            }
            assert line["rule_state"] == ("open" if line["n_no_data"] + line["n_unverified"] else "judged")
        assert len(rule_table(own)) == len(run)
    typos = narrow(data, "U3").frames["rules_run"].set_index("check_id").loc["art11_typo"]
    assert (typos["n_fail"], data.frames["rules_run"].set_index("check_id").loc["art11_typo", "n_fail"]) == (6, 19)
    verdicts = data.frames["verdicts"]
    of_others = verdicts[(verdicts["unit_id"] != "U1") | (verdicts["check_id"] != "art08_grave_content")]
    others = replace(data, frames={**data.frames, "verdicts": of_others})
    assert "art08_grave_content" not in narrow(others, "U1").frames["rules_run"]["check_id"].tolist(), "it judged others only"
