"""网民留言: lists of boards and of the office become one frame; every row is a message, a repetition or waits."""

import contextlib
import datetime as dt
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from register_books import ACCOUNT_ROWS, UNIT_ROWS, link, read, told, write

from xmt_scoring.ingest.messages import link_messages
from xmt_scoring.ingest.registers import read_register
from xmt_scoring.ingest.tables import open_file

SAMPLES = Path(__file__).resolve().parents[2] / "shared" / "samples" / "messages"
BOARD = ["留言编号", "留言用户", "留言主题", "留言时间", "留言详情", "答复意见", "答复时间"]
UNITS = pd.DataFrame(UNIT_ROWS[1:], columns=["unit_id", "unit_name"], dtype="str")
ASKED = [101, "网友1", "路灯", "2025/7/1 9:32:09", "路灯坏了"]


@pytest.fixture
def accounts(tmp_path):
    return link(tmp_path).frames["accounts"]


def board(folder, *rows, headings=BOARD, name="留言板", account="A1"):
    """Rows of a board's list, read and attributed."""
    path = write(folder / f"{name}.xlsx", Sheet1=[headings, *rows])
    made = of_account(read_register(open_file(path, path.name)[0], "messages"), account)
    assert made.n_rows == made.n_kept + made.n_quarantined + made.n_no_data_rows
    return made


def test_a_reply_without_a_time_is_kept_beside_one_that_has_one_and_is_told(tmp_path, accounts):
    made = linked(accounts, board(tmp_path, [*ASKED, "已修", None], [*ASKED, "又修", "2025/7/9 9:00:00"], [*ASKED, None, None]))
    assert made.frames["messages"]["reply_text"].tolist() == ["已修", "又修"]
    assert "没有答复时间；不能判定是否按时" in told(made.problems)


def of_account(made, account):
    made.frames["messages"]["account_id"] = made.frames["messages"]["account_id"].fillna(account)
    return made


def linked(accounts, *reads):
    parts = pd.concat([each.frames["messages"] for each in reads], ignore_index=True)
    made = link_messages(parts, accounts, UNITS)
    assert len(parts) == len(made.frames["messages"]) + len(made.quarantine)
    return made


def test_a_board_list_is_read_with_numbers_as_text_and_without_blank_edges(tmp_path, accounts):
    made = board(tmp_path, [*ASKED[:4], "\n\t\t\u3000路灯\n坏了\t\n", "已修", "2025/7/2 10:00:00"])
    row = linked(accounts, made).frames["messages"].iloc[0]
    assert made.problems == []
    assert (row["message_id"], row["account_id"], row["message_text"], row["reply_text"]) == ("A1:101", "A1", "路灯\n坏了", "已修")
    assert (row["received_at"], row["first_reply_at"]) == (pd.Timestamp("2025-07-01 09:32:09"), pd.Timestamp("2025-07-02 10:00"))


@pytest.mark.parametrize("more", [["点赞数", "反对数"], ["反对数", "点赞数"], ["一级分类"], ["序号"]])
def test_headings_that_are_known_and_not_used_are_accepted(tmp_path, more):
    made = board(tmp_path, [*ASKED, None, None, *[1] * len(more)], headings=[*BOARD, *more])
    assert (made.problems, made.n_kept) == ([], 1)


def test_a_list_without_replies_has_unanswered_messages(tmp_path, accounts):
    made = linked(accounts, board(tmp_path, ASKED, headings=BOARD[:5]))
    assert made.frames["messages"]["first_reply_at"].isna().all()
    assert made.problems == []


def test_the_list_of_the_office_names_the_account_by_name_and_platform(tmp_path, accounts):
    rows = [["账号名称", "平台", *BOARD], ["甲山林业", "抖音", *ASKED], ["甲山水利", None, *ASKED], ["A1", "微信", *ASKED]]
    made = linked(accounts, read(write(tmp_path / "留言.xlsx", 留言=rows)))
    assert made.frames["messages"]["account_id"].tolist() == ["A2", "A3", "A1"]
    assert made.problems == []


@pytest.mark.parametrize(
    ("account", "platform", "words"),
    [("甲山林业", None, "不止一个"), ("甲山林叶", None, "甲山林业"), ("甲山水利", "抖音", "不在这个平台上"), (None, None, "待认领")],
)
def test_a_message_that_nobody_can_be_named_for_waits_with_its_place(tmp_path, accounts, account, platform, words):
    rows = [["账号", "平台", *BOARD], ["A1", None, *ASKED], [account, platform, *ASKED]]
    made = linked(accounts, read(write(tmp_path / "留言.xlsx", 留言=rows)))
    assert made.frames["messages"]["account_id"].tolist() == ["A1"]
    assert made.quarantine[["src_file", "src_row"]].values.tolist() == [["留言.xlsx", 3]]
    assert made.quarantine["reason"].str.startswith("待认领").all()
    assert words in told(made.problems)
    assert not any(problem.is_fatal for problem in made.problems)


def test_a_list_of_nobody_is_told_once_and_all_its_rows_wait(tmp_path, accounts):
    made = linked(accounts, board(tmp_path, ASKED, [102, *ASKED[1:]], account=None))
    assert len(made.problems) == 1
    assert len(made.quarantine) == 2


def test_the_replies_of_one_message_in_several_lists_are_kept_and_a_row_without_one_is_set_aside(tmp_path, accounts):
    lists = [
        board(tmp_path, ASKED, name="七月"),
        board(tmp_path, [*ASKED, "又答", "2025-07-09"], name="九月"),
        board(tmp_path, [*ASKED, "答", "2025-07-02"], name="八月"),
        board(tmp_path, [*ASKED, None, "2025-07-02"], name="十月"),  # the same reply again, less fully written
    ]
    made = linked(accounts, *lists)
    assert made.frames["messages"][["reply_text", "src_file"]].values.tolist() == [["又答", "九月.xlsx"], ["答", "八月.xlsx"]]
    assert made.frames["messages"]["message_id"].nunique() == 1
    assert made.quarantine["src_file"].tolist() == ["七月.xlsx", "十月.xlsx"]
    assert made.quarantine["reason"].str.startswith("重复").all()


def test_an_automatic_and_a_written_reply_of_one_day_are_two_and_an_excuse_in_a_row_without_reply_is_kept(tmp_path, accounts):
    head = ["账号", *BOARD, "是否自动回复", "是否免责", "免责类别"]
    rows = [
        ["A1", *ASKED, "留言已收到,谢谢您的关注和支持", "2025-07-02", "是", None, None],
        ["A1", *ASKED, "修好了", "2025-07-02", "否", None, None],
        ["A1", *ASKED, "修好了", "2025-07-02", "否", None, None],
        ["A1", *ASKED, None, None, None, "是", "经核准延期"],
        ["A1", *ASKED, None, None, None, None, None],
    ]
    rows += [["A1", 102, *ASKED[1:], None, None, None, said, kind] for said, kind in ((None, None), ("是", "垃圾信息"))]
    made = linked(accounts, read(write(tmp_path / "留言.xlsx", 留言=[head, *rows])))
    kept = made.frames["messages"]
    assert kept["reply_text"].fillna("").tolist() == ["留言已收到,谢谢您的关注和支持", "修好了", "", ""]
    assert kept["is_excused"].fillna(False).tolist() == [False, False, True, True]
    assert made.quarantine["src_row"].tolist() == [4, 6, 7]


@pytest.mark.parametrize("below", [[None, None, None, None, None], [101, None, None, None, None]])
def test_a_second_reply_below_merged_cells_belongs_to_the_message_above(tmp_path, accounts, below):
    read_rows = board(tmp_path, [*ASKED, "收到", "2025-07-01 09:40"], [*below, "已修好", "2025-07-02"], [102, "网友2", "水费", "2025-07-03", "水费"])
    messages = linked(accounts, read_rows).frames["messages"]
    assert messages["message_id"].tolist() == ["A1:101", "A1:101", "A1:102"]
    assert messages["reply_text"].tolist()[:2] == ["收到", "已修好"]
    assert messages["received_at"].nunique() == 2
    assert "第 3 行等共 1 行没有写留言，按上面同一条留言的又一次答复读" in told(read_rows.problems)


def test_a_second_reply_with_another_number_goes_to_its_own_message_and_one_of_an_unknown_number_waits(tmp_path, accounts):
    rows = [[*ASKED, "答", "2025-07-02"], [102, "网友2", "水费", "2025-07-03", "水费", "答", "2025-07-04"]]
    made = board(tmp_path, *rows, [101, *[None] * 4, "再答", "2025-07-05"], [999, *[None] * 4, "答谁", "2025-07-05"])
    assert linked(accounts, made).frames["messages"]["message_id"].tolist() == ["A1:101", "A1:102", "A1:101"]
    assert made.quarantine["src_row"].tolist() == [5]


def test_a_reply_below_a_message_that_has_neither_number_nor_text_waits(tmp_path, accounts):
    made = board(tmp_path, [None, None, "路灯", "2025-07-01", None, "答", "2025-07-02"], [None, None, None, None, None, "再答", "2025-07-03"])
    assert (made.n_kept, made.quarantine["src_row"].tolist()) == (1, [3])


@pytest.mark.parametrize(
    ("said", "body", "expected"),
    [(None, None, None), (None, "林业局", False), (None, "甲山县水利局", True), (None, "省厅", True), ("否", "省厅", False), ("是", None, True)],
)
def test_another_body_than_the_one_that_runs_the_account_is_seen_unless_the_list_says_otherwise(tmp_path, accounts, said, body, expected):
    rows = [["账号", *BOARD, "是否其他单位答复", "答复单位"], ["A1", *ASKED, "答", "2025-07-02", said, body]]
    found = linked(accounts, read(write(tmp_path / "留言.xlsx", 留言=rows))).frames["messages"]["is_by_other_body"].iloc[0]
    assert pd.isna(found) if expected is None else bool(found) is expected


@pytest.mark.parametrize(
    ("excused", "kind", "reason", "words"),
    [
        ("是", "垃圾信息", None, ""), ("是", None, "广告", "没有免责类别"), ("是", "其他", None, "没有写理由"), ("是", "其他", "须会商", ""),
        (None, "谩骂攻击", None, "却没有填免责"), ("否", None, None, ""),
    ],
)  # fmt: skip
def test_a_message_is_excused_by_a_code_or_it_is_told(tmp_path, accounts, excused, kind, reason, words):
    rows = [["账号", *BOARD, "是否免责", "免责类别", "免责理由"], ["A1", *ASKED, None, None, excused, kind, reason]]
    made = linked(accounts, read(write(tmp_path / "留言.xlsx", 留言=rows)))
    assert words in told(made.problems) if words else made.problems == []


def test_one_number_with_two_questions_is_two_messages_and_told(tmp_path, accounts):
    other = [101, "网友2", "水费", "2025/7/3 9:00:00", "水费怎么交"]
    made = linked(accounts, board(tmp_path, ASKED, other, other), board(tmp_path, other, name="又一份"))
    assert made.frames["messages"]["message_id"].tolist() == ["A1:101", "A1:101@留言板.xlsx#Sheet1#3"]
    assert len(made.quarantine) == 2
    assert [problem.is_fatal for problem in made.problems] == [False]
    assert "第 3 行「留言编号」列" in told(made.problems)


def test_the_same_text_under_two_numbers_is_two_messages(tmp_path, accounts):
    assert len(linked(accounts, board(tmp_path, ASKED, [102, *ASKED[1:]])).frames["messages"]) == 2


def test_the_same_number_on_two_accounts_is_two_messages(tmp_path, accounts):
    made = linked(accounts, board(tmp_path, ASKED), board(tmp_path, ASKED, name="另一个", account="A3"))
    assert made.frames["messages"]["message_id"].tolist() == ["A1:101", "A3:101"]


def test_messages_without_a_number_are_known_by_their_place_and_once_across_lists(tmp_path, accounts):
    rows = [[None, *ASKED[1:]], [None, "网友3", "医保", "2025-07-05", "医保怎么办"]]
    made = linked(accounts, board(tmp_path, *rows), board(tmp_path, *rows[:1], name="又一份"))
    assert made.frames["messages"]["message_id"].tolist() == ["留言板.xlsx#Sheet1#2", "留言板.xlsx#Sheet1#3"]
    assert len(made.quarantine) == 1


@pytest.mark.parametrize(
    ("answered", "is_told"), [("2025-06-30 23:59", True), ("2025/7/1 9:32:08", True), ("2025/7/1 9:32:09", False), ("2025-07-01", False), ("2025-06-30", True)]
)
def test_a_message_answered_before_it_was_received_is_kept_and_told(tmp_path, accounts, answered, is_told):
    made = linked(accounts, board(tmp_path, [*ASKED, "答", answered]))
    assert len(made.frames["messages"]) == 1
    assert ("答复时间早于留言时间" in told(made.problems)) == is_told


def test_a_reply_without_a_time_is_told(tmp_path, accounts):
    made = linked(accounts, board(tmp_path, [*ASKED, "答", None]))
    assert "第 2 行「答复时间」列" in told(made.problems)


@pytest.mark.parametrize(("received", "answered", "column"), [("昨天", None, "留言时间"), (None, None, "留言时间"), ("2025-07-01", "2025-02-30", "答复时间")])
def test_a_message_whose_times_cannot_be_read_is_set_aside_and_does_not_stop_the_run(tmp_path, received, answered, column):
    made = board(tmp_path, [101, "网友1", "路灯", received, "路灯坏了", None, answered], [102, *ASKED[1:]])
    assert (made.n_kept, made.quarantine["src_row"].tolist()) == (1, [2])
    assert [problem.is_fatal for problem in made.problems] == [False]
    assert f"「{column}」列" in told(made.problems)


def test_what_the_office_says_of_a_reply_is_kept(tmp_path, accounts):
    headings = ["账号", *BOARD, "是否有效答复", "是否免责", "免责理由"]
    rows = [headings, ["A1", *ASKED, "自动回复", "2025-07-01 10:00", "否", "是", "须会商"]]
    row = linked(accounts, read(write(tmp_path / "留言.xlsx", 留言=rows))).frames["messages"].iloc[0]
    assert (row["is_effective"], row["is_excused"], row["excuse_reason"]) == (False, True, "须会商")


def test_no_messages_make_an_empty_frame(accounts):
    made = link_messages(pd.DataFrame(), accounts, UNITS)
    assert (len(made.frames["messages"]), made.problems, len(made.quarantine)) == (0, [], 0)


COUNTED = {  # file → rows, distinct messages, answered, first and last receipt, counted with openpyxl cell by cell
    "sample_附件3.xlsx": (30, 30, 0, "2017-06-08 17:31:20", "2020-01-06 10:20:31"),
    "sample_附件4.xlsx": (120, 120, 120, "2011-04-02 18:00:54", "2019-12-31 14:51:42"),
    "附件2.xlsx": (495, 494, 0, "2011-05-02 15:00:19", "2020-01-07 21:31:53"),  # 37042 twice, only its class differs
}


@pytest.mark.skipif(not SAMPLES.exists(), reason="the shared sample exports are not beside this checkout")
@pytest.mark.parametrize("name", list(COUNTED))
def test_a_real_list_is_read_without_loss(name, accounts):
    made = of_account(read_register(open_file(SAMPLES / name, name)[0], "messages"), "A1")
    rows, distinct, answered, first, last = COUNTED[name]
    assert (made.n_rows, made.n_kept, made.problems) == (rows, rows, [])
    messages = linked(accounts, made).frames["messages"]
    times = messages["received_at"].min(), messages["received_at"].max()
    assert (len(messages), int(messages["first_reply_at"].notna().sum()), *times) == (distinct, answered, pd.Timestamp(first), pd.Timestamp(last))


@pytest.mark.skipif(not SAMPLES.exists(), reason="the shared sample exports are not beside this checkout")
@pytest.mark.parametrize("name", list(COUNTED))
def test_the_counts_stated_above_are_what_openpyxl_sees(name):
    with contextlib.closing(openpyxl.load_workbook(SAMPLES / name, read_only=True)) as book:
        lines = list(book.worksheets[0].iter_rows(min_row=2, max_row=600, values_only=True))
    rows = [row for row in lines if any(cell is not None for cell in row)]
    times = [cell if isinstance(cell, dt.datetime) else dt.datetime.strptime(cell, "%Y/%m/%d %H:%M:%S") for cell in (row[3] for row in rows)]
    has_replies = name == "sample_附件4.xlsx"  # only this one has the two columns of replies
    answered = sum(has_replies and row[6] is not None for row in rows)
    assert (len(rows), len({row[0] for row in rows}), answered, str(min(times)), str(max(times))) == COUNTED[name]


def test_the_accounts_of_these_stories_are_the_ones_written_above(accounts):
    assert accounts["account_id"].tolist() == [row[0] for row in ACCOUNT_ROWS[1:]]
