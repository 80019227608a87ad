"""A figure typed into the workbook moves account, unit and rank as the library does when its inputs are changed so."""

from pathlib import Path

import pytest
from recalculation import FOREIGN_BARS, assert_same_scores, fill_in, recalculated
from support_quarter import row, small_quarter, verdict_rows, written

from xmt_scoring.glossary import spoken
from xmt_scoring.settings import Settings

pytestmark = FOREIGN_BARS
OPEN_TYPO = "2025Q3|W3|C1|-art11_typo"


def without(rows, *events):
    """The rows but for these events."""
    return [each for each in rows if each["event_id"] not in events]


def passed(rows, check, subject):
    """The open row of a check that names no event, answered: nothing was found."""
    return [
        {**each, "outcome": "pass"} if each["check_id"] == check and each["event_id"] is None and subject in (each["account_id"], each["unit_id"]) else each
        for each in rows
    ]


def sized(rows, event, severity):
    """An event judged more or less gravely."""
    return [{**each, "severity": severity} if each["event_id"] == event else each for each in rows]


def found(rows, event):
    """An open row with an event, found to be so."""
    return [{**each, "outcome": "fail"} if each["event_id"] == event else each for each in rows]


def rescaled(rows):
    """The same quarter where 留言答复 does not apply to two accounts."""
    return [*rows, *(row("art11_message_reply", one, outcome="not_applicable") for one in ("W1", "W2"))]


def stories() -> dict[str, tuple[dict, dict, dict, dict]]:
    """Name → the quarter, what is typed as 复核扣分 and as 否决核查, and the quarter that the library is given instead."""
    rows = verdict_rows()
    scaled = {"rows": rescaled(rows), "settings": Settings.default(na_policy="rescale")}
    shared = {"rows": rescaled(rows), "settings": Settings.default(na_policy="redistribute")}
    unfixed = [*rows, *(row("art21_unfixed_problem", "W1", f"P{n}") for n in (1, 2, 3))]
    extra = {"rows": unfixed, "settings": Settings.default(unfixed_loss=True)}
    lowest = {"rows": rows, "settings": Settings.default(unit_rollup="min", vetoed_account_in_unit="exclude")}
    twelve = {f"2025Q3|W2|C1|T{n:02}": 0 for n in range(1, 13)}
    return {
        "一条扣分撤销": ({}, {"2025Q3|W1|B1|W1|2025-07-07": 0}, {}, {"rows": without(rows, "W1|2025-07-07")}),
        "扣完为止后撤销": ({}, {"2025Q3|W2|C1|T13": 0, "2025Q3|W2|C1|T12": 0}, {}, {"rows": without(rows, "T13", "T12")}),
        "撤销后另一项接着扣": (
            {}, twelve, {}, {"rows": [each for each in rows if not (each["check_id"] == "art11_typo" and each["event_id"] in {f"T{n:02}" for n in range(1, 13)})]}),
        "单位项撤销": ({}, {"2025Q3|W1|E3|U1|info_officer": 0}, {}, {"rows": without(rows, "U1|info_officer")}),
        "人工项答复": ({}, {OPEN_TYPO: 0, "2025Q3|W3|D3|-art11_improper_remark": 0}, {}, {"rows": passed(passed(rows, "art11_typo", "W3"), "art11_improper_remark", "W3")}),
        "人工项认定": ({}, {OPEN_TYPO: -2.5}, {}, {"rows": [*passed(rows, "art11_typo", "W3"), row("art11_typo", "W3", "X1", severity="serious"), row("art11_typo", "W3", "X2", severity="general")]}),
        "改成严重": ({}, {"2025Q3|W4|C1|N0": -2}, {}, {"rows": sized(rows, "N0", "serious")}),
        "否决项未发现": ({}, {}, {"=太白山*1": "未发现"}, {"rows": without(rows, "G2")}),
        "否决项认定": ({}, {}, {"=太白山*1": "认定否决"}, {"rows": found(rows, "G2")}),
        "否决不计入单位": (lowest, {}, {"=太白山*1": "认定否决"}, {**lowest, "rows": found(rows, "G2")}),
        "单位人工项答复": (
            {}, {f"2025Q3|{one}|E2|-art13_account_security": 0 for one in ("W1", "D1", "W3")}, {},
            {"rows": passed(passed(passed(rows, "art13_account_security", "U1"), "art13_account_security", "U2"), "art13_account_security", "U3")}),
        "折算后撤销": (scaled, {"2025Q3|W1|B1|W1|2025-07-07": 0}, {}, {**scaled, "rows": rescaled(without(rows, "W1|2025-07-07"))}),
        "分给其他项后撤销": (shared, {"2025Q3|W2|C1|T13": 0}, {}, {**shared, "rows": rescaled(without(rows, "T13"))}),
        "百分之外的项撤销": (extra, {"2025Q3|W1|F1|P1": 0, "2025Q3|W1|F1|P2": 0}, {}, {**extra, "rows": without(unfixed, "P1", "P2")}),
    }  # fmt: skip


@pytest.fixture(scope="module")
def books(tmp_path_factory) -> dict[str, tuple[Path, Path]]:
    """Each story's workbook, filled in, and calculated anew."""
    folder = tmp_path_factory.mktemp("改数")
    sources = []
    for name, (quarter, reviews, answers, _) in stories().items():
        (folder / "写").mkdir(exist_ok=True)
        sources.append(fill_in(written(folder / "写", f"{name}.xlsx", **quarter), folder / f"{name}.xlsx", reviews, answers))
    return recalculated(folder, sources)


@pytest.mark.parametrize("name", list(stories()))
def test_a_review_in_the_workbook_gives_what_the_library_gives(books, name):
    changed = stories()[name][3]
    frames = small_quarter(**changed).frames
    accounts = frames["account_scores"]
    assert_same_scores(books[name][1], accounts.assign(spoken_platform=spoken(accounts["platform"], "platform")), frames["unit_scores"])
