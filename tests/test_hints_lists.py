"""Word lists of the workspace: they add, replace and switch off; a row that cannot be used is told with its place."""

import hashlib
import re
from importlib.resources import files

import pytest
from hint_tables import HEADINGS, hints_of, own_lists, told

from xmt_scoring.errors import XmtError
from xmt_scoring.hints import FOLDER, load_lists, write_templates
from xmt_scoring.hints.rules import names
from xmt_scoring.setup_workspace import make_workspace


def test_a_list_of_the_workspace_adds_a_word_and_is_named_with_its_version(tmp_path):
    lists = own_lists(tmp_path / FOLDER, "网络赌局,违禁内容,8-7,严重,,宣传打击,,本县案件,2026.3,是")
    found = hints_of("今晚网络赌局", lists=lists)
    assert list(found["word_list"] + found["list_version"]) == ["词表/本县词语.csv2026.3"]
    assert found["article"].item() == "8.7" and "本县案件" in found["reason"].item()
    assert told("打击网络赌局", "prohibited", lists) == [("网络赌局", "low")]


def test_a_row_of_the_workspace_replaces_the_shipped_one(tmp_path):
    assert told("优惠券", "advert") == [("优惠券", "normal")]
    lists = own_lists(tmp_path / FOLDER, "优惠券,广告,8-9,严重,,,,,2026.3,")
    assert told("优惠券", "advert", lists) == [("优惠券", "high")]


def test_a_shipped_word_can_be_switched_off(tmp_path):
    lists = own_lists(tmp_path / FOLDER, "优惠券,广告,,,,,,本县发放消费券,2026.3,否")
    assert told("优惠券", "advert", lists) == [] and told("全场五折", "advert", lists) != []


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_list_saved_by_excel_is_read_whatever_its_encoding(tmp_path, encoding):
    assert told("今晚网络赌局", "prohibited", own_lists(tmp_path / FOLDER, "网络赌局,违禁内容,8-7,,,,,,,", encoding=encoding))


@pytest.mark.parametrize(("row", "column", "says"), [
    ("赌,违禁内容,8-7,,,,,,,", "词语", "不足两个字"), ("绝密★,违禁内容,8-2,,,,,,,", "词语", "有符号"), ("网络赌局,违法,8-7,,,,,,,", "类别", "没有“违法”"),
    ("网络赌局,违禁内容,8-11,,,,,,,", "条款", "8-11"), ("网络赌局,违禁内容,,,,,,,,", "条款", "第八条"), ("网络赌局,违禁内容,11-2,,,,,,,", "条款", "第八条"),
    ("网络赌局,违禁内容,8-7,特别严重,,,,,,", "建议程度", "特别严重"), ("网络赌局,违禁内容,8-7,逾期答复,,,,,,", "建议程度", "逾期答复"),
    ("网络赌局,违禁内容,8-7,,打击,,,,,", "例外", "不含这个词"), ("网络赌局,违禁内容,8-7,,,没有的语境,,,,", "语境", "没有的语境"),
    ("政俯,文字差错,,,,,,,,", "正确写法", "没有写正确写法"), ("甲乙丙,领导姓名,,,,,,,,", "正确写法", "现任职务"), ("网络赌局,违禁内容,8-7,,,,,,,关", "启用", "“关”"),
    ("没有的词,广告,,,,,,,,否", "启用", "不在内置词表"), (",违禁内容,8-7,,,,,,,", "词语", "不足两个字"),
])  # fmt: skip
def test_a_row_that_cannot_be_used_is_told_with_file_row_and_column(tmp_path, row, column, says):
    with pytest.raises(XmtError) as caught:
        own_lists(tmp_path / FOLDER, "网络牌局,违禁内容,8-7,,,,,,,", row)
    told_all = str(caught.value)
    assert f"词表/本县词语.csv 第 3 行「{column}」列" in told_all and says in told_all


def test_all_bad_rows_of_all_lists_are_told_together(tmp_path):
    (tmp_path / FOLDER).mkdir()
    (tmp_path / FOLDER / "又一个.csv").write_text(HEADINGS + "\n赌,违禁内容,8-7,,,,,,,\n", encoding="utf-8")
    with pytest.raises(XmtError) as caught:
        own_lists(tmp_path / FOLDER, "网络赌局,违法,8-7,,,,,,,", "网络牌局,违禁内容,9,,,,,,,")
    assert [problem.where for problem in caught.value.problems] == [
        "词表/又一个.csv 第 2 行「词语」列", "词表/本县词语.csv 第 2 行「类别」列", "词表/本县词语.csv 第 3 行「条款」列",
    ]  # fmt: skip


def test_a_word_twice_in_a_list_is_told(tmp_path):
    with pytest.raises(XmtError, match="已有一行"):
        own_lists(tmp_path / FOLDER, "网络赌局,违禁内容,8-7,,,,,,,", "网络赌 局,违禁内容,8-7,,,,,,,")


@pytest.mark.parametrize(("content", "says"), [
    ("词语,类别\n赌局,违禁内容\n", "缺少"), (HEADINGS + "，备忘\n", "备忘"), ("甲，乙\n", "没有找到表头"), ("", "空文件"),
])  # fmt: skip
def test_a_file_that_is_no_list_is_told(tmp_path, content, says):
    (tmp_path / "本县.csv").write_text(content, encoding="utf-8")
    with pytest.raises(XmtError, match=says):
        load_lists(tmp_path)


def test_a_workbook_among_the_lists_is_not_passed_over(tmp_path):
    (tmp_path / "本县.xlsx").write_bytes(b"PK")
    with pytest.raises(XmtError, match="CSV UTF-8"):
        load_lists(tmp_path)


def test_the_templates_of_a_new_workspace_explain_themselves_and_add_nothing(tmp_path):
    written = make_workspace(tmp_path / "工作区", "云岭县")
    folder = tmp_path / "工作区" / FOLDER
    assert {path.name for path in written if path.parent == folder} == {path.name for path in folder.iterdir()}
    assert load_lists(folder).words.equals(load_lists().words)
    assert "不扣分" in (folder / "填写说明.txt").read_text(encoding="utf-8-sig")


def test_a_folder_of_lists_that_is_there_is_left_alone(tmp_path):
    (tmp_path / FOLDER).mkdir()
    make_workspace(tmp_path, "云岭县")
    assert list((tmp_path / FOLDER).iterdir()) == []


def test_a_row_of_the_explanation_example_works_without_its_mark(tmp_path):
    write_templates(tmp_path)
    path = tmp_path / "本县词语.csv"
    rows = re.sub(r"^# 示例[^：]*：", "", path.read_text(encoding="utf-8-sig"), flags=re.M)
    path.write_text(rows, encoding="utf-8")
    lists = load_lists(tmp_path)
    assert told("网络赌局", "prohibited", lists) and not told("优惠券", "advert", lists)


def test_the_hash_of_a_list_changes_with_a_word_and_not_with_the_line_ends(tmp_path):
    path = tmp_path / FOLDER / "本县词语.csv"
    first = own_lists(tmp_path / FOLDER, "网络赌局,违禁内容,8-7,,,,,,2026.3,").sources["词表/本县词语.csv"]
    assert first == {"version": "2026.3", "sha256": hashlib.sha256(path.read_bytes()).hexdigest()}
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert load_lists(tmp_path / FOLDER).sources["词表/本县词语.csv"] == first
    assert own_lists(tmp_path / FOLDER, "网络牌局,违禁内容,8-7,,,,,,2026.3,").sources["词表/本县词语.csv"] != first


def test_every_shipped_word_is_found_alone_and_every_exception_excuses_it():
    lists = load_lists()
    words = lists.words[~lists.words["kind"].isin(["office_title", "leader_title"])].reset_index(drop=True)
    found = hints_of(*words["word"])
    assert set(found["post_id"]) == {f"W1|p{number}" for number in words.index}
    excused = words[["word", "kind", "exceptions"]].explode("exceptions").dropna().reset_index(drop=True)
    still = hints_of(*excused["exceptions"])
    still = still.assign(row=still["post_id"].str.removeprefix("W1|p").astype(int)).merge(excused, left_on="row", right_index=True, suffixes=("", "_own"))
    assert still[(still["word"] == still["word_own"]) & (still["hint_kind"] == still["kind"])].empty


@pytest.mark.parametrize(("folder", "table", "ending"), [("words", "shipped", ".csv"), ("templates", "templates", "")])
def test_every_file_that_is_shipped_has_its_name_for_people(folder, table, ending):
    there = {entry.name for entry in files("xmt_scoring.hints").joinpath(folder).iterdir()}
    assert {name + ending for name in names(table)} == there
