"""Whose export is it? A column of the file, the office's list, one registered word in the path; otherwise it waits."""

import json
from pathlib import Path

import pytest
from export_folders import coverage, imported, listed, owner, registers_only, told, works


@pytest.fixture
def folder(tmp_path):
    return registers_only(tmp_path)



@pytest.mark.parametrize(
    ("place", "account"),
    [
        ("太白林业/作品列表导出.xlsx", "林业抖音"),
        ("抖音/林业DY (1).xlsx", "林业抖音"),
        ("抖音/tblyj2021_导出.xlsx", "林业抖音"),
        ("抖音/xtblyj20210.xlsx", None),  # a number inside another word is no number
        ("太白水利质监/作品.xlsx", "水利二抖音"),  # the shorter name stands inside the longer
        ("太白水利/太白水利质监.xlsx", None),  # both names stand there
        ("太白林业/太白水利.xlsx", None),
        ("作品列表导出.xlsx", None),
        ("2026-07-01_2026-09-30.xlsx", None),  # a month is no account number
        ("07/作品.xlsx", "07"),
    ],
)
def test_exactly_one_registered_word_in_the_path_says_whose_it_is(folder, place, account):
    works(folder / place, "2026-07-06 08:00:00")
    made = imported(folder)
    assert owner(made, place) == account
    assert len(made.frames["posts"]) == (account is not None)
    assert ("待认领" in told(made)) == (account is None)


def test_rows_that_nobody_claims_wait_with_their_place_and_the_list_is_named(folder):
    works(folder / "谁的.xlsx", "2026-07-06 08:00:00", "2026-07-13 08:00:00")
    made = imported(folder)
    waiting = made.frames["quarantine"]
    assert waiting["src_row"].tolist() == [2, 3]
    assert waiting["reason"].str.startswith("待认领").all()
    assert "导出文件清单.xlsx" in told(made)
    assert not [problem for problem in made.problems if problem.is_fatal]


@pytest.mark.parametrize("said", ["抖音/a.xlsx", "a.xlsx", "a", "抖音", "抖音/", "抖音\\A.XLSX"])
def test_the_list_of_files_says_whose_it_is_by_path_name_or_folder(folder, said):
    works(folder / "抖音" / "a.xlsx", "2026-07-06 08:00:00")
    listed(folder, (said, "水利抖音", "2026-07-01", "2026-09-30"))
    made = imported(folder)
    assert owner(made, "抖音/a.xlsx") == "水利抖音"
    assert coverage(made) == [("水利抖音", "07-01", "09-30", "manifest", True)]


def test_the_list_of_files_goes_before_the_path(folder):
    works(folder / "太白林业.xlsx", "2026-07-06 08:00:00")
    listed(folder, ("太白林业.xlsx", "水利抖音"))
    assert owner(imported(folder), "太白林业.xlsx") == "水利抖音"


def test_a_file_of_its_own_in_the_list_goes_before_its_folder_and_each_may_say_a_part(folder):
    works(folder / "抖音" / "a.xlsx", "2026-07-06 08:00:00")
    works(folder / "抖音" / "b.xlsx", "2026-07-07 08:00:00")
    listed(folder, ("抖音", "水利抖音", "2026-07-01", "2026-07-31"), ("a.xlsx", None, "2026-07-05", "2026-07-10"), ("b.xlsx", "林业抖音"))
    made = imported(folder)
    assert (owner(made, "抖音/a.xlsx"), owner(made, "抖音/b.xlsx")) == ("水利抖音", "林业抖音")
    assert set(coverage(made)) == {("水利抖音", "07-05", "07-10", "manifest", True), ("林业抖音", "07-01", "07-31", "manifest", True)}


def test_an_account_of_another_platform_in_the_list_is_told_and_not_used(folder):
    works(folder / "a.xlsx", "2026-07-06 08:00:00")
    listed(folder, ("a.xlsx", "林业微博"))
    made = imported(folder)
    assert owner(made, "a.xlsx") is None
    assert "不是这个平台" in told(made)


def weibo_json(path: Path, uid, name, *days):
    posts = [{"id": 5105764274798880 + n, "bid": f"Pbid{n:05}", "text": "文", "created_at": day} for n, day in enumerate(days)]
    path.write_text(json.dumps({"user": {"id": uid, "screen_name": name}, "weibo": posts}, ensure_ascii=False), encoding="utf-8")


@pytest.mark.parametrize(("uid", "name", "account"), [("3937348351", "改了名", "林业微博"), (None, "太白林业发布", "林业微博"), ("5", "太白林业发布", None), ("5", "别人", None)])
def test_the_account_in_the_file_goes_first_by_number_then_by_name(folder, uid, name, account):
    weibo_json(folder / "a.json", uid, name, "2026-07-06T08:00:00")
    assert owner(imported(folder), "a.json") == account


def test_a_path_that_contradicts_the_number_in_the_file_decides_nothing(folder):
    weibo_json(folder / "太白林业发布.json", "999", "别人", "2026-07-06T08:00:00")
    made = imported(folder)
    assert owner(made, "太白林业发布.json") is None
    assert "999" in told(made)


def test_rows_of_several_accounts_in_one_file_are_told_apart(folder):
    head = "微博id,用户id,用户昵称,微博正文,发布时间,点赞数,转发数,评论数"
    lines = [head, "PbidA0001,3937348351,太白林业发布,文,2026-07-06 08:00,1,2,3", "PbidA0002,77,别人,文,2026-07-06 09:00,1,2,3"]
    (folder / "两个.csv").write_text("\n".join(lines), encoding="utf-8")
    made = imported(folder)
    assert made.frames["posts"][["account_id", "shares", "comments"]].to_numpy().tolist() == [["林业微博", 2, 3]]
    assert made.frames["quarantine"]["src_row"].tolist() == [3]


def test_explain_says_whose_a_file_in_a_quarters_folder_is_and_what_of_it_counts(tmp_path, xmt):
    root = tmp_path / "县"
    xmt("init", root)
    place = registers_only(tmp_path / "登记")
    place.rename(root / "data" / "raw" / "2026Q3")
    quarter = root / "data" / "raw" / "2026Q3"
    works(quarter / "甲.xlsx", "2026-07-06 08:00:00", "2026-07-13 08:00:00")
    works(quarter / "乙.xlsx", "2026-07-13 08:00:00")
    listed(quarter, ("甲.xlsx", "水利抖音", "2026-07-01", "2026-07-31"), ("乙.xlsx", "水利抖音"))
    said = " ".join(xmt("import", "--explain", quarter / "甲.xlsx", cwd=root).stdout.split())
    assert "太白水利" in said and "导出文件清单" in said and "2026-07-31" in said
    works(quarter / "丙.xlsx", "2026-07-14 08:00:00")
    waiting = " ".join(xmt("import", "--explain", quarter / "丙.xlsx", cwd=root).stdout.split())
    assert "没有认领" in waiting and "隔离 1 行：待认领：文件、清单和路径里都看不出是哪个账号的" in waiting
    outside = works(tmp_path / "甲.xlsx", "2026-07-06 08:00:00")
    assert "文件夹里，与其他文件" not in xmt("import", "--explain", outside, cwd=root).stdout


def test_rows_of_a_namesake_and_of_a_stranger_wait_with_a_reason_that_is_true_of_both(folder):
    head = "微博id,用户id,用户昵称,微博正文,发布时间,点赞数,转发数,评论数"
    rows = ["P1aaaaaaa,3937348351,太白林业发布,文,2026-07-06 08:00,1,2,3", "P2aaaaaaa,77,太白林业发布,文,2026-07-06 09:00,1,2,3", "P3aaaaaaa,88,别人,文,2026-07-06 10:00,1,2,3"]
    (folder / "三个.csv").write_text("\n".join([head, *rows]), encoding="utf-8")
    made = imported(folder)
    assert len(made.frames["posts"]) == 1
    (reason,) = made.frames["quarantine"]["reason"].unique()
    assert reason == "待认领：写的账号不在账号备案台账里，或写的账号“太白林业发布”与台账里的同名，编号却不同（文件里是 77，台账里是 3937348351）"
    (folder / "三个.csv").write_text("\n".join([head, *rows[:2]]), encoding="utf-8")
    (alone,) = imported(folder).frames["quarantine"]["reason"]
    assert alone.startswith("待认领：写的账号“太白林业发布”与台账里的同名")
