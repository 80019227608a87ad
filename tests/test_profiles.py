"""What accounts say of themselves: profiles are read row by row, held against the register, and never count for a score."""

import datetime as dt
import json

import openpyxl
import pandas as pd
import pytest
from export_folders import Q, book, conserved, imported, listed, owner, told

from xmt_scoring.facts import build_facts
from xmt_scoring.facts.reconciliation import reconcile
from xmt_scoring.ingest import explain_file, import_folder
from xmt_scoring.ingest.formats import own_kinds
from xmt_scoring.reports.summary import profile_table
from xmt_scoring.settings import Settings

HEAD = ["用户id", "昵称", "性别", "生日", "微博数", "粉丝数", "关注数", "简介", "主页", "是否认证", "认证类型", "认证信息"]
ACCOUNTS = [
    # id, name, platform, number, verified subject, status, closed
    ("林业微博", "太白林业", "微博", "1111111111", None, "运行", None),
    ("水利微博", "太白水利发布", "微博", "2222222222", "太白县水利局", "运行", None),
    ("旧微博", "太白旧号", "微博", "3333333333", None, "已注销", "2026-03-01"),
    ("林业抖音", "太白林业", "抖音", "tblyj", None, "运行", None),
]
OWNERS = {"林业微博": "u1", "水利微博": "u2", "旧微博": "u1", "林业抖音": "u1"}


def user(number, name, verified="True", words="太白县林业局官方微博", posts="120", followers="3456"):
    return [number, name, "m", "", posts, followers, "7", "简介，不读", f"https://m.weibo.cn/u/{number}", verified, "3", words]


def users(path, *rows, head=HEAD):
    text = "\n".join(",".join(f'"{cell}"' for cell in row) for row in [head, *rows])
    path.write_text(text, encoding="utf-8-sig")
    return path


@pytest.fixture
def folder(tmp_path):
    place = tmp_path / "2026Q3"
    book(place / "单位.xlsx", ["单位", "单位名称"], ["u1", "太白县林业局"], ["u2", "太白县水利局"], sheet="单位")
    head = ["账号", "账号名称", "平台", "平台账号ID", "认证主体", "账号状态", "关闭日期", "主办单位", "开设日期"]
    made = openpyxl.Workbook()
    made.active.title = "账号"
    for row in [head, *[[*account, OWNERS[account[0]], "2020-01-01"] for account in ACCOUNTS]]:
        made.active.append(row)
    changes = made.create_sheet("变更")
    changes.append(["事件编号", "账号", "变更类型", "发生日期", "变更前", "变更后"])
    changes.append(["E1", "水利微博", "更名", "2026-02-01", "太白水务", "太白水利发布"])
    made.save(place / "账号备案台账.xlsx")
    return place


def compared(made, *kinds):
    """kind, account and message of the reconciliation, without what is only missing."""
    facts = build_facts(made.frames, Q, dt.date(2026, 10, 10), Settings.default(), None)
    rows = reconcile(made.frames, facts)
    rows = rows[rows["recon_kind"].isin(kinds) if kinds else rows["recon_kind"] != "no_export"]
    return [(row.recon_kind, None if pd.isna(row.account_id) else row.account_id, row.message) for row in rows.itertuples()]


def test_a_profile_that_agrees_with_the_register_is_read_and_says_nothing(folder):
    users(folder / "a.csv", user("1111111111", "太白林业"), user("2222222222", "太白水利发布", words="太白县水利局"))
    made = imported(folder)
    rows = made.frames["profiles"]
    assert rows[["platform", "platform_account_no", "profile_name", "verified_as"]].to_numpy().tolist() == [
        ["weibo", "1111111111", "太白林业", "太白县林业局官方微博"], ["weibo", "2222222222", "太白水利发布", "太白县水利局"],
    ]  # fmt: skip
    assert rows[["total_followers", "total_posts", "src_row"]].to_numpy().tolist() == [[3456, 120, 2], [3456, 120, 3]]
    assert rows["is_verified"].all() and rows["is_profile"].all()
    (line,) = made.frames["files"].query("file == 'a.csv'").to_dict("records")
    assert (line["kind"], line["n_rows"], line["n_kept"], line["n_quarantined"]) == ("profiles", 2, 2, 0)
    assert compared(made) == []


def test_a_profile_is_no_post_and_covers_no_day(folder):
    users(folder / "太白林业.csv", user("1111111111", "太白林业"))
    made = imported(folder)
    assert not len(made.frames["posts"]) and not len(made.frames["coverage"])
    assert "no_export" in {kind for kind, *_ in compared(made, "no_export")}


def test_nothing_of_a_person_in_it_is_kept(folder):
    users(folder / "a.csv", user("1111111111", "太白林业"))
    frame = imported(folder).frames["profiles"]
    assert "简介，不读" not in frame.to_csv() and not {"gender", "birthday"} & set(frame)


@pytest.mark.parametrize(
    ("row", "kind", "account", "words"),
    [
        (user("1111111111", "太白林业厅"), "name_differs", "林业微博", ("太白林业厅", "太白林业")),
        (user("", "太白水务", words="太白县水利局"), "name_differs", "水利微博", ("太白水务", "旧名称")),
        (user("9999999999", "太白林业"), "number_differs", "林业微博", ("9999999999", "1111111111")),
        (user("1111111111", "太白林业", words="某某文化公司"), "owner_differs", "林业微博", ("某某文化公司", "太白县林业局")),
        (user("2222222222", "太白水利发布", "False", ""), "owner_differs", "水利微博", ("没有认证", "太白县水利局")),
        (user("3333333333", "太白旧号"), "closed_but_listed", "旧微博", ("2026-03-01",)),
    ],
)
def test_what_the_profile_says_differently_is_told_with_both_sides(folder, row, kind, account, words):
    users(folder / "a.csv", row)
    ((found, whose, message),) = compared(imported(folder))
    assert (found, whose) == (kind, account)
    assert all(word in message for word in words)


def test_a_number_that_the_register_lacks_is_offered_once(folder):
    path = folder / "账号备案台账.xlsx"
    register = openpyxl.load_workbook(path)
    register["账号"]["D2"].value = None
    register.save(path)
    users(folder / "a.csv", user("1111111111", "太白林业"))
    users(folder / "b.csv", user("1111111111", "太白林业", followers="9"))
    posts = [{"id": 5105764274798880, "bid": "PbidA0001", "text": "文", "created_at": "2026-07-06T08:00:00"}]
    (folder / "某.json").write_text(json.dumps({"user": {"id": "1111111111", "screen_name": "太白 林业"}, "weibo": posts}, ensure_ascii=False), encoding="utf-8")
    ((kind, account, message),) = compared(imported(folder))
    assert (kind, account) == ("number_missing", "林业微博") and "1111111111" in message


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (user("1111111111", "太白林业", words="林业局官方微博"), "the county may be left out"),
        (user("1111111111", "太白林业", words=""), "a verification without words contradicts nothing"),
        (user("1111111111", "太白林业", "False", ""), "the register claims no verified subject"),
        (user("1111111111", "太白 林业（）"), "blanks and brackets are no other name"),
        (user("2222222222", "", words="太白县水利局"), "no name, and the number fits"),
    ],
)
def test_what_is_no_contradiction_is_not_told(folder, row, why):
    users(folder / "a.csv", row)
    assert compared(imported(folder)) == [], why


def test_an_account_that_the_register_lacks_is_told_and_a_near_name_is_asked_about_once(folder):
    users(folder / "a.csv", user("7777777777", "太白林业1", words="太白县林业局"), user("8888888888", "毫不相干", words="某公司"))
    head = ["系统账号名称", "平台", "平台账号ID", "系统主办单位", "系统状态"]
    book(folder / "全国系统清单.xlsx", head, ["太白林业1", "微博", None, "太白县林业局", "运行"], sheet="全国系统清单")
    found = compared(imported(folder), "unregistered", "near_match")
    assert [(kind, account) for kind, account, _ in found if kind == "near_match"] == [("near_match", "林业微博")] * 2  # one for each list
    assert [message for kind, _, message in found if kind == "unregistered"].count("导出文件里有这个账号，县备案台账里没有") == 2


def test_the_answer_in_account_matches_joins_the_profile_and_the_posts_of_that_name(folder):
    users(folder / "a.csv", user("", "太白林业1"))
    head = "微博id,用户昵称,微博正文,发布时间,点赞数,转发数,评论数"
    (folder / "谁的.csv").write_text(f"{head}\nPbidA0001,太白林业1,文,2026-07-06 08:00,1,2,3", encoding="utf-8")
    assert owner(imported(folder), "谁的.csv") is None
    book(folder / "账号对照.xlsx", ["系统账号名称", "平台", "账号", "是否同一账号"], ["太白林业1", "微博", "林业微博", "是"], sheet="账号对照")
    made = imported(folder)
    assert owner(made, "谁的.csv") == "林业微博"
    assert compared(made, "unregistered", "near_match") == []


def test_posts_under_a_former_name_find_their_account_by_column_and_by_path(folder):
    head = "微博id,用户昵称,微博正文,发布时间,点赞数,转发数,评论数"
    (folder / "一.csv").write_text(f"{head}\nPbidA0001,太白水务,文,2026-07-06 08:00,1,2,3", encoding="utf-8")
    (folder / "太白水务.csv").write_text("微博id,微博正文,发布时间,点赞数,转发数,评论数\nPbidA0002,文,2026-07-07 08:00,1,2,3", encoding="utf-8")
    made = imported(folder)
    assert (owner(made, "一.csv"), owner(made, "太白水务.csv")) == ("水利微博", "水利微博")
    assert compared(made, "name_differs")[0][1] == "水利微博"


def test_a_name_with_another_number_waits_until_the_list_of_files_names_the_account(folder):
    posts = [{"id": 5105764274798880, "bid": "PbidA0001", "text": "文", "created_at": "2026-07-06T08:00:00"}]
    content = {"user": {"id": "9999999999", "screen_name": "太白林业"}, "weibo": posts}
    (folder / "某.json").write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    made = imported(folder)
    assert owner(made, "某.json") is None and "9999999999" in told(made) and "1111111111" in told(made)
    listed(folder, ("某.json", "林业微博"))
    assert owner(imported(folder), "某.json") == "林业微博"


def test_of_two_numbers_in_a_row_either_may_be_the_registered_one(folder):
    head = ["达人UID", "抖音号", "达人昵称", "视频ID", "视频描述", "发布时间", "媒体类型"]
    book(folder / "三方.xlsx", head, ["tblyj", "别的号", "太白林业", "7384512345678901234", "防火", "2026-07-06 08:00:00", "视频"])
    made = imported(folder)
    assert owner(made, "三方.xlsx") == "林业抖音"
    assert len(made.frames["posts"]) == 1


def test_the_profile_inside_a_json_is_held_against_the_register_too(folder):
    posts = [{"id": 5105764274798880 + n, "bid": f"PbidA000{n}", "text": "文", "created_at": "2026-07-06T08:00:00"} for n in range(3)]
    about = {"id": 1111111111, "screen_name": "改了名", "verified": True, "verified_reason": "某公司", "followers_count": 5, "statuses_count": 9}
    (folder / "某.json").write_text(json.dumps({"user": about, "weibo": posts}, ensure_ascii=False), encoding="utf-8")
    made = imported(folder)
    ((number, name, total),) = made.frames["profiles"][["platform_account_no", "profile_name", "total_followers"]].to_numpy().tolist()
    assert (number, name, total) == ("1111111111", "改了名", 5)
    assert [kind for kind, *_ in compared(made)] == ["name_differs", "owner_differs"]
    assert len(made.frames["posts"]) == 3


def test_a_row_that_slipped_by_a_column_is_set_aside_and_says_nothing_of_the_account(folder):
    slipped = user("1111111111", "太白林业")
    users(folder / "a.csv", [*slipped[:4], "陕西", *slipped[4:-1]], user("2222222222", "太白水利发布", words="太白县水利局"), user("", ""))
    made = imported(folder)
    aside = made.frames["quarantine"]
    assert aside["src_row"].tolist() == [2, 4]
    assert "读不出来" in aside["reason"].iloc[0] and "没有账号的名称" in aside["reason"].iloc[1]
    assert made.frames["profiles"]["profile_name"].tolist() == ["太白水利发布"]


def test_the_same_account_again_counts_once_and_the_later_row_is_shown(folder):
    users(folder / "a.csv", user("1111111111", "太白林业", followers="10"), user("1111111111", "太白林业", followers="11"))
    users(folder / "b.csv", user("1111111111", "太白林业", followers="12"))
    made = imported(folder)
    assert made.frames["profiles"]["total_followers"].tolist() == [12]
    aside = made.frames["quarantine"]
    assert aside[["src_file", "src_row"]].to_numpy().tolist() == [["a.csv", 2], ["a.csv", 3]]
    assert aside["reason"].str.startswith("重复").all()


def test_an_id_that_excel_has_rounded_names_no_account(folder):
    users(folder / "a.csv", user("1.11111E+09", "太白林业"))
    assert imported(folder).frames["profiles"]["platform_account_no"].isna().all()


def test_other_headings_of_a_list_of_accounts_are_written_down_once(folder, tmp_path):
    form = tmp_path / "导出格式.toml"
    form.write_text(
        '[[formats]]\nname = "抖音账号表"\nplatform = "抖音"\nkind = "账号资料"\n[formats.columns]\n"号" = "平台账号ID"\n"号主" = "平台上的名称"\n"粉丝" = "粉丝总数"\n',
        encoding="utf-8",
    )
    book(folder / "账号.xlsx", ["号", "号主", "粉丝"], ["tblyj", "太白林业局", "1.2万"])
    made = import_folder(folder, Q, whole_quarter=False, known_items={}, own_kinds=own_kinds(form))
    conserved(made)
    assert made.frames["profiles"][["platform", "profile_name", "total_followers"]].to_numpy().tolist() == [["douyin", "太白林业局", 12000]]
    assert [kind for kind, *_ in compared(made)] == ["name_differs"]


@pytest.mark.parametrize(("others", "rows"), [(30, 30), (31, 1)])
def test_a_list_with_very_many_accounts_of_others_is_told_in_one_line(folder, others, rows):
    names = [user(str(5_000_000_000 + n), f"某某{n}号", words="某公司") for n in range(others)]
    users(folder / "a.csv", user("1111111111", "太白林业"), *names)
    made = imported(folder)
    found = compared(made, "unregistered")
    assert len(found) == rows
    assert ("另有 31 个账号" in found[0][2]) == (rows == 1)
    shown = profile_table(made.frames)
    assert (len(shown), shown["账号"].iloc[0]) == (31, "太白林业（微博）")


def test_explain_shows_which_heading_is_which(folder):
    lines, problems, (details,) = explain_file(users(folder / "a.csv", user("1111111111", "太白林业")))
    assert lines["kind"].tolist() == ["profiles"] and not problems
    said = dict(details)
    assert "昵称 → 平台上的名称" in said["列的对应"] and "生日" in said["没有用到的列"]


def test_the_data_check_shows_the_profile_beside_the_registered_account(folder):
    users(folder / "a.csv", user("1111111111", "太白林业"), user("8888888888", "毫不相干", words="某公司"))
    shown = profile_table(imported(folder).frames)
    assert shown["账号"].tolist() == ["太白林业（微博）", "备案台账里没有"]
    assert shown["粉丝总数"].tolist() == ["3456", "3456"]


def test_an_account_that_only_the_offices_own_form_names_is_told_as_unregistered(folder):
    rows = [["太白林业", "微博", "2026-07-06 08:00", "防火"], ["太白环保", "微博", "2026-07-07 08:00", "排污"], ["太白水务", "微博", "2026-07-08 08:00", "供水"]]
    book(folder / "通用发布记录.xlsx", ["账号", "平台", "发布时间", "标题", "链接"], *[[*row, None] for row in rows], sheet="发布记录")
    made = imported(folder)
    assert made.frames["posts"]["account_id"].tolist() == ["林业微博", "水利微博"]  # 太白水务 is a former name
    assert [(kind, message) for kind, _, message in compared(made, "unregistered")] == [("unregistered", "导出文件里有这个账号，县备案台账里没有")]
