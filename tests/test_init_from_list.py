"""A workspace is begun from the office's own list: proposed, confirmed, and not a cell of it is lost."""

import io
import sys
from pathlib import Path

import openpyxl
import pytest
from register_books import write
from typer.testing import CliRunner

from xmt_scoring.cli import app, main
from xmt_scoring.errors import XmtError
from xmt_scoring.ingest.grids import Grid
from xmt_scoring.ingest.office_list import propose, take
from xmt_scoring.ingest.registers import read_register
from xmt_scoring.ingest.tables import open_file

MIXED = [
    ["某县政务新媒体台账"],
    ["填报单位：县政府办"],
    ["序号", "责任单位", "政务新媒体账号名称", "新媒体类型", "账号ID", "开通时间", "运行状态", "管理员电话", None],
    [1, "县林业局", "某林业", "微信公众号", "gh_1", "2020-01-02", "正常", 13800000000, "旁注"],
    [2, None, "某林业", "抖音", 6743016126113908000, "2021.8", "正常", 13800000001, None],
    [3, "县水利局", "某水利", "新浪微博", "u2", "2019/4/5", "停更了", "", None],
    [4, "县水利局", "某甲\n某乙", "快手", None, "2021-01-01", "注销", None, None],
    ["合计", "4个"],
    ["填表人：某甲", None, None, None, None, None, "审核人：某乙"],
]
BY_SHEET = [["主办", "名称", "开设日期", "状态"], ["县教育局", "某教育", "2022-03-04", "运行"]]


@pytest.fixture
def source(tmp_path) -> Path:
    return write(tmp_path / "台账.xlsx", 台账=MIXED, 抖音号=BY_SHEET, 说明=[["随便写的"]])


def columns(*rows, sheet="表", given=None):
    """Their heading → our column, of one sheet."""
    (matches,) = propose([Grid("甲.xlsx", sheet, [list(row) for row in rows])], given or {}).matches
    return {match.theirs: match.column for match in matches}


def run(*words, answer=None):
    return CliRunner().invoke(app, ["init", *map(str, words)], input=answer)


def sheet_rows(path: Path, sheet: str) -> list[tuple]:
    return list(openpyxl.load_workbook(path)[sheet].iter_rows(values_only=True))


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        ("账号名称", "account_name"), ("新媒体名称", "account_name"), ("政务新媒体账号名称", "account_name"), ("公众号名称", "account_name"),
        ("新媒体账号", "account_name"), ("账号", "account_name"), ("新媒体名", "account_name"), ("公众号名", "account_name"),
    ],
)  # fmt: skip
def test_the_name_of_an_account_is_found_under_many_headings(theirs, ours):
    assert columns([theirs, "主办单位", "平台"], ["某林业", "县林业局", "微信"])[theirs] == ours


def test_the_other_way_of_writing_account_is_the_same_word():
    found = columns(["帐号名称", "主办单位", "平台", "平台帐号ID"], ["某林业", "县林业局", "微信", "gh_1"])
    assert (found["账号名称"], found["平台账号ID"]) == ("account_name", "platform_account_no")


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        ("责任单位", "owner_id"), ("主办单位名称", "owner_id"), ("开通时间", "opened_on"), ("开设时间(年月)", "opened_on"), ("账号状态", "account_status"),
        ("运行状态", "account_status"), ("微信号", "platform_account_no"), ("链接", "url"), ("备案日期", ""), ("管理员电话", ""), ("检查日期", ""),
        ("责任单位电话", ""), ("账号", "platform_account_no"), ("账号编号", "account_id"),
    ],
)  # fmt: skip
def test_other_columns_are_found_by_their_names_and_what_means_something_else_is_not(theirs, ours):
    assert columns(["账号名称", "平台", theirs], ["某林业", "微信", "甲"])[theirs] == ours


def test_a_column_is_found_by_what_stands_in_it_only_when_most_cells_fit():
    rows = [[name, "县局", word] for name, word in zip("甲乙丙丁戊", ["微信公众号", "抖音", "新浪微博", "快手", "某号"], strict=True)]
    assert columns(["名称", "单位", "在哪里"], *rows)["在哪里"] == "platform", "four of five"
    rows[3][2] = "另一个"
    assert columns(["名称", "单位", "在哪里"], *rows)["在哪里"] == "", "three of five"


def test_the_surest_column_wins_and_no_column_of_ours_is_filled_twice():
    found = columns(["新媒体账号名称", "账号名称", "平台"], ["别名", "正名", "微信"])
    assert found == {"新媒体账号名称": "", "账号名称": "account_name", "平台": "platform"}


def test_a_person_may_say_what_a_column_is_or_that_it_is_nothing():
    found = columns(["名号", "单位", "平台", "状态"], ["某林业", "县局", "微信", "好"], given={"名号": "账号名称", "状态": ""})
    assert (found["名号"], found["状态"]) == ("account_name", "")


def test_wrong_words_of_a_person_are_told_together(source):
    with pytest.raises(XmtError) as caught:
        propose(open_file(source, "台账.xlsx"), {"名号": "账号名称", "运行状态": "状况"})
    assert ["没有“状况”" in problem.what or "没有“名号”" in problem.what for problem in caught.value.problems] == [True, True]


def test_a_file_without_a_list_is_refused_with_what_stands_there(tmp_path):
    path = write(tmp_path / "别的.xlsx", 表=[["奖品", "数量"], ["水杯", 3]])
    refused = run(tmp_path / "区", "--from", path, "--yes")
    assert isinstance(refused.exception, XmtError)
    assert "奖品" in str(refused.exception)
    assert not (tmp_path / "区").exists()


def test_the_question_before_taking_a_list_can_be_left_without_an_answer(source, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["xmt", "init", str(tmp_path / "区"), "--from", str(source)])
    monkeypatch.setattr(sys, "stdin", io.StringIO(""))
    with pytest.raises(SystemExit) as ended:
        main()
    said = capsys.readouterr().out
    assert ended.value.code == 1 and "已取消" in said and "程序内部出错" not in said
    assert not (tmp_path / "区").exists()


def test_a_column_is_given_with_the_equals_sign_of_either_width(source, tmp_path):
    for number, sign in enumerate("=＝"):
        done = run(tmp_path / str(number), "--from", source, "--yes", "--map", f"管理员电话{sign}")
        assert done.exit_code == 0, done.output
    assert not (run(tmp_path / "区", "--from", source, "--yes", "--map", "管理员电话").exit_code == 0 or (tmp_path / "区").exists())


def test_a_list_that_is_not_there_is_told_so(tmp_path):
    refused = run(tmp_path / "区", "--from", tmp_path / "没有.xlsx", "--yes")
    assert "没有.xlsx：没有这个文件" in str(refused.exception)


def test_every_filled_cell_of_the_list_is_somewhere_afterwards(source):
    proposal = propose(open_file(source, "台账.xlsx"), {})
    taken = take(proposal)
    assert taken.units["unit_name"].tolist() == ["县林业局", "县水利局", "县教育局"]
    assert taken.accounts["owner_id"].tolist() == ["县林业局", "县林业局", "县水利局", "县水利局", "县教育局"], "a merged cell is filled down"
    assert taken.accounts["platform"].tolist() == ["微信公众号", "抖音", "新浪微博", "快手", "抖音"], "the last from the name of its sheet"
    assert "第 5 行" in taken.notes[0].what
    places = {match.position: match.column for match in proposal.matches[0]}
    for number, row in enumerate(MIXED, start=1):
        mine = taken.accounts[(taken.accounts["src_sheet"] == "台账") & (taken.accounts["src_row"] == number)]
        for position, cell in enumerate(row):
            if cell in (None, "") or number == 3:
                continue
            if len(mine) and places[position]:
                assert str(mine.iloc[0][places[position]]) == (str(cell) if isinstance(cell, str) else str(float(cell)))
            elif len(mine):
                kept = taken.others[(taken.others["src_sheet"] == "台账") & (taken.others["src_row"] == number)]
                assert str(cell) in kept["value"].tolist()
            else:
                assert str(cell) in taken.lines.loc[(taken.lines["src_sheet"] == "台账") & (taken.lines["src_row"] == number), "content"].item()


def test_the_registers_are_written_and_what_our_reader_refuses_is_listed_with_both_rows(source, tmp_path):
    done = run(tmp_path / "区", "--from", source, "--yes")
    assert done.exit_code == 0, done.output
    folder = tmp_path / "区" / "登记表"
    (grid,) = [grid for grid in open_file(folder / "账号备案台账.xlsx", "x") if grid.sheet == "账号"]
    read = read_register(grid, "accounts")
    assert read.frames["accounts"]["account_name"].tolist() == ["某林业", "某教育"]
    listed = sheet_rows(folder / "台账转入说明.xlsx", "要改的行")[3:]
    assert [(row[2], row[3]) for row in listed] == [(3, 5), (4, 6), (5, 7)]
    assert ["长数字" in listed[0][4], "只写到月" in listed[0][4], "账号状态" in listed[1][4], "几个账号" in listed[2][4]] == [True] * 4
    assert read.n_quarantined == len(listed)
    assert ("台账", 4, "某林业", "管理员电话", "13800000000") in sheet_rows(folder / "台账转入说明.xlsx", "未对应的列")
    assert [row[2] for row in sheet_rows(folder / "台账转入说明.xlsx", "没有转入的行")[3:]] == ["某县政务新媒体台账", "填报单位：县政府办", "合计 | 4个", "填表人：某甲 | 审核人：某乙"]
    assert (tmp_path / "区" / "xmt.toml").exists()


def test_nothing_is_made_until_a_person_agrees(source, tmp_path):
    refused = run(tmp_path / "区", "--from", source, answer="n\n")
    assert (refused.exit_code, "没有新建任何东西" in str(refused.exception)) == (1, True)
    assert not (tmp_path / "区").exists()
    agreed = run(tmp_path / "区", "--from", source, answer="y\n")
    assert (agreed.exit_code, (tmp_path / "区" / "登记表" / "单位.xlsx").exists()) == (0, True)


def test_registers_that_are_there_are_not_overwritten_and_the_same_list_gives_the_same_bytes(source, tmp_path):
    for name in ("一", "二"):
        run(tmp_path / name, "--from", source, "--yes")
    made = [{path.name: path.read_bytes() for path in (tmp_path / name / "登记表").iterdir()} for name in ("一", "二")]
    assert made[0] == made[1]
    again = run(tmp_path / "一", "--from", source, "--yes")
    assert "没有覆盖" in str(again.exception)
    assert {path.name: path.read_bytes() for path in (tmp_path / "一" / "登记表").iterdir()} == made[0]


def test_an_empty_workspace_is_made_as_before(tmp_path):
    done = run(tmp_path / "区", "--county", "云岭县")
    assert done.exit_code == 0
    assert not (tmp_path / "区" / "登记表").exists()
    assert 'county = "云岭县"' in (tmp_path / "区" / "xmt.toml").read_text(encoding="utf-8")
