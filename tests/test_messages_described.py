"""A message list with other headings is described once in 导出格式.toml and read like the office's own form; nothing is lost."""

import pandas as pd
import pytest
from export_folders import Q, book, conserved, listed, registers_only, told

from xmt_scoring.errors import XmtError
from xmt_scoring.ingest import explain_file, import_folder
from xmt_scoring.ingest.formats import own_kinds
from xmt_scoring.ingest.one_file import DRAFT

FORM = """
[[formats]]
name = "县长信箱"
kind = "留言"
date_format = "%d/%m/%Y %H:%M"
[formats.columns]
"信件号" = "留言编号"
"来信日" = "留言时间"
"说了什么" = "留言详情"
"怎么回的" = "答复意见"
"哪天回的" = "答复时间"
"补记哪天回的" = "答复时间"
"给谁" = "账号"
"""
HEAD = ["信件号", "来信日", "说了什么", "怎么回的", "哪天回的", "补记哪天回的", "给谁", "内部流转"]
ROWS = [
    ["X1", "06/07/2026 08:30", "路灯坏了", "已修好", "07/07/2026 09:00", None, "林业微信", "甲→乙"],
    ["X2", "08/07/2026 10:00", "问政策", "请看公告", None, "09/07/2026 16:00", "太白林业(抖音)", ""],
    ["X3", "2026-07-10 11:00", "没人回", None, None, None, "林业微信", ""],
    ["X4", "昨天", "看不出哪天", None, None, None, "林业微信", ""],
]


@pytest.fixture
def folder(tmp_path):
    return registers_only(tmp_path)


def kinds(tmp_path, text=FORM):
    path = tmp_path / "导出格式.toml"
    path.write_text(text, encoding="utf-8")
    return own_kinds(path)


def imported(folder, own):
    made = import_folder(folder, Q, whole_quarter=False, known_items={}, own_kinds=own)
    conserved(made)
    return made


@pytest.mark.parametrize("above", [[], [["县长信箱导出（2026年第三季度）"], []]], ids=["headings first", "a title above"])
def test_every_row_of_a_described_list_is_a_message_or_set_aside_at_its_own_row(folder, tmp_path, above):
    book(folder / "信箱.xlsx", *above, HEAD, *ROWS)
    made = imported(folder, kinds(tmp_path))
    rows = made.frames["messages"].sort_values("src_row")
    first = len(above) + 2
    assert rows["src_row"].tolist() == [first, first + 1, first + 2]
    assert rows["account_id"].tolist() == ["林业微信", "林业抖音", "林业微信"]
    assert rows["received_at"].tolist() == [pd.Timestamp("2026-07-06 08:30"), pd.Timestamp("2026-07-08 10:00"), pd.Timestamp("2026-07-10 11:00")]
    assert rows["first_reply_at"].tolist() == [pd.Timestamp("2026-07-07 09:00"), pd.Timestamp("2026-07-09 16:00"), pd.NaT]
    assert made.frames["quarantine"]["src_row"].tolist() == [first + 3]
    (line,) = made.frames["files"].query("file == '信箱.xlsx'").to_dict("records")
    assert (line["kind"], line["n_rows"], line["n_kept"], line["n_quarantined"]) == ("messages", 4, 3, 1)


def test_a_list_of_one_account_without_an_account_column_is_attributed_by_the_list_of_files(folder, tmp_path):
    text = FORM.replace('"给谁" = "账号"\n', "").replace("[formats.columns]", 'platform = "抖音"\n[formats.columns]')
    book(folder / "信箱.xlsx", HEAD[:6], *[row[:6] for row in ROWS[:2]])
    listed(folder, ("信箱.xlsx", "水利抖音", "2026-06-29", "2026-09-30", "留言"))
    made = imported(folder, kinds(tmp_path, text))
    assert made.frames["messages"]["account_id"].tolist() == ["水利抖音"] * 2
    covered = made.frames["coverage"].query("covers == 'messages'")
    assert covered["account_id"].tolist() == ["水利抖音"] and covered["proves_absence"].all()


def test_the_same_list_is_read_the_same_from_the_cache(tmp_path, xmt):
    place = registers_only(tmp_path / "县" / "data" / "raw")
    xmt("init", tmp_path / "县")
    place.rename(tmp_path / "县" / "data" / "raw" / "2026Q3")
    kinds(tmp_path / "县")
    book(tmp_path / "县" / "data" / "raw" / "2026Q3" / "信箱.xlsx", HEAD, *ROWS)
    frames = []
    for _ in range(2):
        xmt("--workspace", tmp_path / "县", "import", "2026Q3", "--as-of", "2026-10-10")
        frames.append((tmp_path / "县" / "data" / "processed" / "2026Q3" / "messages.parquet").read_bytes())
    assert frames[0] == frames[1]
    assert len(pd.read_parquet(tmp_path / "县" / "data" / "processed" / "2026Q3" / "messages.parquet")) == 3


def test_explain_names_the_description_and_their_headings(folder, tmp_path):
    lines, problems, (details,) = explain_file(book(folder / "信箱.xlsx", HEAD, *ROWS), kinds(tmp_path))
    assert (lines["kind"].tolist(), lines["note"].tolist()) == (["messages"], ["县长信箱"])
    assert "来信日 → 留言时间" in dict(details)["列的对应"] and "内部流转" in dict(details)["没有用到的列"]
    assert any("第 5 行" in problem.where for problem in problems)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('"来信日" = "留言时间"\n', "", "没有写“留言时间”对应哪一列"),
        ('"说了什么" = "留言详情"\n"怎么回的" = "答复意见"\n"哪天回的" = "答复时间"\n"补记哪天回的" = "答复时间"\n', "", "留言详情或留言主题"),
        ('"留言编号"', '"发布时间"', "没有“发布时间”这一列"),
    ],
)
def test_a_description_of_messages_that_lacks_something_is_refused(tmp_path, old, new, words):
    with pytest.raises(XmtError) as refused:
        kinds(tmp_path, FORM.replace(old, new))
    assert words in str(refused.value)


def test_an_unknown_message_list_gets_a_description_that_reads_it(folder, tmp_path):
    head = ["信件编号", "来信人", "来信时间", "来信标题", "来信内容", "回复内容", "回复日期", "状态"]
    path = book(folder / "信箱.xlsx", head, ["1", "某人", "2026-07-06 08:00", "路灯", "坏了", "已修", "2026-07-07", "办结"])
    (text,) = [text for pairs in explain_file(path).details for label, text in pairs if label == DRAFT]
    assert 'kind = "留言"' in text and "platform" not in text and '"状态"' not in text
    made = imported(folder, kinds(tmp_path, text))
    assert "待认领" in told(made)  # nobody says whose it is
    listed(folder, ("信箱.xlsx", "林业微信"))
    (row,) = imported(folder, kinds(tmp_path, text)).frames["messages"].to_dict("records")
    assert (row["message_title"], row["message_text"], row["reply_text"], row["netizen"]) == ("路灯", "坏了", "已修", "某人")
    assert (row["received_at"], row["first_reply_at"]) == (pd.Timestamp("2026-07-06 08:00"), pd.Timestamp("2026-07-07"))


def test_headings_below_the_tenth_row_are_not_guessed_at(folder, tmp_path):
    book(folder / "信箱.xlsx", *[["说明"]] * 10, HEAD, *ROWS)
    made = imported(folder, kinds(tmp_path))
    assert not len(made.frames["messages"]) and "不认识" in told(made)
