"""The 人工核查表 that comes back filled in: checks and findings as any register, and every half-filled line is told."""

import datetime as dt

import pandas as pd
import pytest
from register_books import ACCOUNT_ROWS, UNIT_ROWS, read, told, write

from xmt_scoring.ingest.registers import FORM_HEADINGS


def form(path, *rows: dict[str, object]):
    return read(write(path / "考核评分表.xlsx", 人工核查表=[["标题"], ["怎么填"], list(FORM_HEADINGS), *[[row.get(name) for name in FORM_HEADINGS] for row in rows]]))


CLEAN = {"检查项目": "C1 文字差错", "范围": "全部", "检查时间": "2025-09-20 10:00", "检查人": "某甲", "检查结果": "未发现问题"}
FAULTY = {"检查项目": "C1", "账号": "A1", "检查时间": dt.datetime(2025, 9, 20, 10), "检查人": "某甲", "检查结果": "发现问题", "问题描述": "错字"}


def test_a_filled_form_gives_checks_and_findings_and_passes_over_lines_nobody_touched(tmp_path):
    made = form(tmp_path, CLEAN, FAULTY, {"检查项目": "C2 广告", "范围": "账号", "账号": "A1", "备注": "待核查"})
    assert (made.problems, made.n_kept, made.n_no_data_rows) == ([], 2, 1)
    done, found = made.frames["checks_done"].iloc[0], made.frames["findings"].iloc[0]
    assert (done["check_scope"], done["check_item"], done["checked_at"]) == ("all", "C1 文字差错", pd.Timestamp("2025-09-20 10:00"))
    assert (found["found_by_level"], found["found_on"], found["description"]) == ("county", pd.Timestamp("2025-09-20"), "错字")


@pytest.mark.parametrize(("rows", "counts"), [((CLEAN,), (1, 0)), ((FAULTY,), (0, 1)), ((), (0, 0))])
def test_a_form_with_one_kind_of_answer_gives_no_row_of_the_other(tmp_path, rows, counts):
    made = form(tmp_path, *rows)
    assert (len(made.frames["checks_done"]), len(made.frames["findings"])) == counts


def test_a_form_that_came_back_links_like_any_register(tmp_path):
    rows = [list(FORM_HEADINGS), *[[row.get(name) for name in FORM_HEADINGS] for row in (CLEAN, FAULTY)]]
    write(tmp_path / "核查.xlsx", 人工核查表=rows)
    from xmt_scoring.ingest.linking import link_registers

    frames = {**read(write(tmp_path / "u.xlsx", 单位=UNIT_ROWS)).frames, **read(write(tmp_path / "a.xlsx", 账号=ACCOUNT_ROWS)).frames}
    linked = link_registers({**frames, **read(tmp_path / "核查.xlsx").frames}, {"C1": ("art11_typo",), "C1 文字差错": ("art11_typo",)})
    assert linked.problems == []
    assert linked.frames["findings"][["check_item", "account_id"]].iloc[0].tolist() == ["art11_typo", "A1"]
    assert linked.frames["findings"]["event_id"].str.match(r"F[0-9a-f]{12}$").all()
    assert linked.frames["checks_done"]["check_item"].tolist() == ["art11_typo"]


@pytest.mark.parametrize(
    ("row", "column", "is_fatal"),
    [
        ({**CLEAN, "检查人": None}, "检查人", False),
        ({**CLEAN, "检查时间": None}, "检查时间", False),
        ({**CLEAN, "检查结果": None}, "检查结果", False),
        ({**CLEAN, "检查结果": "还行"}, "检查结果", False),
        ({**CLEAN, "范围": None}, "范围", False),
        ({**CLEAN, "问题描述": "有错字"}, "问题描述", False),
        ({**FAULTY, "问题描述": None}, "问题描述", True),
        ({**FAULTY, "账号": None}, "账号", True),
        ({**FAULTY, "检查结果": None}, "检查结果", True),
        ({**FAULTY, "程度或情形": "很重"}, "程度或情形", True),
    ],
)
def test_a_half_filled_line_is_told_with_its_cell_and_stops_only_when_it_holds_a_finding(tmp_path, row, column, is_fatal):
    made = form(tmp_path, row)
    assert f"「人工核查表」表第 4 行「{column}」列" in told(made.problems)
    assert [problem.is_fatal for problem in made.problems] == [is_fatal]
    assert (made.n_kept, made.n_quarantined) == (0, 1)
