"""A figure typed into the workbook moves account, unit and rank as the library does when its inputs are changed so."""

from pathlib import Path

import pytest
from recalculation import FOREIGN_BARS, assert_same_scores, fill_in, recalculated
from support_quarter import row, small_quarter, verdict_rows, written

from xmt_scoring.glossary import spoken
from xmt_scoring.settings import Settings

pytestmark = [FOREIGN_BARS, pytest.mark.long]
OPEN_TYPO, OPEN_REMARK = "2025Q3|W3|C1|-art11_typo", "2025Q3|W3|D3|-art11_improper_remark"
ANY_UNIT = "art13_account_security"


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
    first_twelve = [f"T{n:02}" for n in range(1, 13)]
    no_typos = [each for each in rows if not (each["check_id"] == "art11_typo" and each["event_id"] in first_twelve)]
    answered = passed(passed(rows, "art11_typo", "W3"), "art11_improper_remark", "W3")
    two_typos = [row("art11_typo", "W3", "X1", severity="serious"), row("art11_typo", "W3", "X2", severity="general")]
    return {
        "撤销、改判、答复": (
            {},
            {"2025Q3|W1|B1|W1|2025-07-07": 0, "2025Q3|W4|C1|N0": -2, "2025Q3|W1|E3|U1|info_officer": 0, OPEN_TYPO: 0, OPEN_REMARK: 0},
            {"=太白山*1": "未发现"},
            {"rows": sized(without(answered, "W1|2025-07-07", "U1|info_officer", "G2"), "N0", "serious")},
        ),
        "扣完为止后撤销，人工项认定两处，否决项认定": (
            {}, {"2025Q3|W2|C1|T13": 0, "2025Q3|W2|C1|T12": 0, OPEN_TYPO: -2.5}, {"=太白山*1": "认定否决"},
            {"rows": found([*passed(without(rows, "T12", "T13"), "art11_typo", "W3"), *two_typos], "G2")},
        ),
        "撤销后另一项接着扣，单位的人工项答复": (
            {},
            {f"2025Q3|W2|C1|{event}": 0 for event in first_twelve} | {f"2025Q3|{one}|E2|-art13_account_security": 0 for one in ("W1", "D1", "W3")},
            {},
            {"rows": passed(passed(passed(no_typos, ANY_UNIT, "U1"), ANY_UNIT, "U2"), ANY_UNIT, "U3")},
        ),
        "否决的账号不计入单位": (lowest, {}, {"=太白山*1": "认定否决"}, {**lowest, "rows": found(rows, "G2")}),
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
