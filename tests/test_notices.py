"""xmt notice: who is told what, with article, evidence and deadline; what is only proposed is never drafted."""

import datetime as dt
import shutil
from dataclasses import replace
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
import rendered
from notice_files import paragraphs, tables, whole
from support_quarter import UNITS, row, small_quarter

from xmt_scoring.errors import XmtError
from xmt_scoring.frames import conform
from xmt_scoring.periods import Quarter
from xmt_scoring.reports.notices.fields import deadline
from xmt_scoring.reports.notices.making import make_notices
from xmt_scoring.reports.notices.measures import confirmed
from xmt_scoring.reports.notices.near_misses import near_misses
from xmt_scoring.reports.notices.numbers import numbered
from xmt_scoring.reports.problems import problem_rows
from xmt_scoring.settings import Settings
from xmt_scoring.workspace import Workspace

ROOT = Path(__file__).resolve().parents[1]
DAY = dt.date(2025, 10, 15)  # a Wednesday after the holidays: 10 workdays later is 10-29
RARE = "县𠮷䶮🐼镇<人民>政府:一/二"


@pytest.fixture
def ws(tmp_path):
    """An empty workspace."""
    root = tmp_path / "太白 (一)"
    root.mkdir()
    (root / "xmt.toml").write_text("", encoding="utf-8")
    return Workspace(root)


def with_frames(data, **frames):
    return replace(data, frames={**data.frames, **frames})


def written(ws, data, unit="", day=DAY):
    """File name → path, and the notes."""
    paths, notes = make_notices(ws, data, day, unit)
    return {path.name: path for path in paths}, notes


def test_each_unit_with_problems_is_told_all_of_them_with_article_words_evidence_and_deadline(ws):
    data = small_quarter()
    files, _ = written(ws, data)
    problems = problem_rows(data)
    assert set(problems["unit_id"]) == {"U1", "U2", "U3"}
    for unit_id, name in UNITS.items():
        text, listed = whole(files[f"整改通知书_{name}.docx"]), tables(files[f"整改通知书_{name}.docx"])[0]
        own = problems[problems["unit_id"] == unit_id]
        assert [line[1] for line in listed[1:]] == own["problem_id"].tolist()
        assert "于2025年10月29日前整改到位" in text and f"{name}：" in text
        for problem in own.to_dict("records"):
            assert problem["cited"] in text and problem["says"] in text
    forest = whole(files["整改通知书_县林业局.docx"])
    assert "2025年7月7日起的一周没有更新" in forest and "微信/导出 (1).xlsx「数据」表第1行" in forest
    assert "各单位政务微博、微信等新媒体每周至少更新一条信息" in forest and "https://mp.weixin.qq.com/s/1?a=1&b=%E5%A4%AA" in forest


def test_an_event_is_one_problem_though_it_touches_two_duties(ws):
    data = small_quarter()
    rows = problem_rows(data)
    same = rows[rows["event_id"] == "T01"]
    assert len(same) == 1 and "同一事件还涉及转载注明来源" in same["message"].iloc[0]
    assert rows["problem_id"].is_unique


def test_a_problem_keeps_its_number_when_others_come_or_go():
    few = problem_rows(small_quarter(rows=[row("art11_weekly_update", "W1", "W1|2025-07-07")]))
    many = problem_rows(small_quarter()).set_index("event_id")
    assert few["problem_id"].tolist() == [many.loc["W1|2025-07-07", "problem_id"]]


def test_duties_of_the_office_and_hints_are_nobodys_problem():
    rows = [
        row("art21_missing_bulletin", unit="U2", event="bulletin|2025Q3"), row("art24_untaken_measure", unit="U2", event="F9"),
        row("art19_follower_jump", "W1", "W1|jump", "unverified"),
    ]  # fmt: skip
    assert problem_rows(small_quarter(rows=rows)).empty


def test_a_rule_that_is_not_in_the_law_says_so_in_the_notice(ws):
    data = small_quarter(rows=[row("art11_unsourced_repost", "W2", "F1", message="转载没有注明来源:某文")])
    text = whole(written(ws, data)[0]["整改通知书_县林业局.docx"])
    assert "《办法》没有这样写，参照第十一条列入" in text


def test_what_costs_no_points_says_so_and_an_article_is_not_stretched(ws):
    rows = [
        row("art04_missing_operator", "W1", "W1|agreement", message="委托“某公司”运维,没有登记委托协议"),
        row("art11_missing_sharing", unit="U1", event="F8", message="没有和政府网站信息公开栏目互通共享:某事"),
    ]  # fmt: skip
    text = whole(written(ws, small_quarter(rows=rows))[0]["整改通知书_县林业局.docx"])
    assert "（不计分：办法允许指定或委托承办单位，没有规定必须签协议；委托协议是宝鸡市的做法" in text
    assert "建立信息互通和共享机制”（不计分）" in text


def test_the_readings_by_which_a_problem_was_judged_stand_under_the_list(ws):
    late = [row("art11_message_reply", "W3", "M7", severity="late", message="留言 M7 于第 5 天答复,应在 2 天内")]
    text = whole(written(ws, small_quarter(rows=late))[0]["整改通知书_黄柏塬镇人民政府.docx"])
    assert "采用“自然日（条文字面：2天）”（软件设置，尚未由主管单位决定）" in text


def test_an_overdue_problem_of_an_earlier_quarter_is_demanded_under_its_old_number_and_gets_no_new_row(ws):
    overdue = row("art21_unfixed_problem", "W1", "Z-1", severity="unfixed", message="2025-06-25 发现的问题“错别字”到期未整改,整改期限 2025-07-05")
    files, _ = written(ws, small_quarter(rows=[overdue]))
    text = whole(files["整改通知书_县林业局.docx"])
    assert "有1个以前发现的问题没有按期整改" in text and "整改编号Z-1" in text.replace(" ", "")
    assert "整改台账_县林业局.xlsx" not in files


def test_units_without_problems_get_nothing_and_a_clean_quarter_says_so(ws):
    files, notes = written(ws, small_quarter(rows=[]))
    assert files == {} and "没有要发的通知" in str(notes[0])
    only, _ = written(ws, small_quarter(rows=[row("art11_weekly_update", "B1", "B1|2025-08-04")]))
    assert {name for name in only if name.startswith(("整改通知书", "提醒函"))} == {"整改通知书_县融媒体中心(县广播电视台).docx"}


def test_the_supervising_office_is_told_that_its_own_notice_is_served_inside_the_house(ws):
    files, _ = written(ws, small_quarter())
    for name, path in files.items():
        if name.startswith("整改通知书"):
            assert ("本通知书在内部送达承办机构" in whole(path)) == ("融媒体中心" in name)


def test_open_items_are_announced_but_never_charged(ws):
    text = whole(written(ws, small_quarter())[0]["整改通知书_黄柏塬镇人民政府.docx"])
    assert "还有事项没有核查完" in text and "缺少数据" not in text and "尚无人核查" not in text


# ---------------------------------------------------------------- near misses
def gap(days, covered=True, account="W3", **changed):
    data = small_quarter(rows=[])
    quarters = data.frames["account_quarters"].copy()
    at = quarters["account_id"] == account
    quarters.loc[at, "max_gap_days"], quarters.loc[at, "is_gap_covered"] = days, covered
    for name, value in changed.items():
        quarters.loc[at, name] = value
    return with_frames(data, account_quarters=quarters)


@pytest.mark.parametrize(("days", "near"), [(9, False), (10, True), (13, True), (14, True)])
def test_a_long_gap_without_a_missed_week_is_a_near_miss_from_ten_days_on(days, near):
    assert (near_misses(gap(days))["account_id"].tolist() == ["W3"]) == near


def test_the_line_is_the_offices_to_draw():
    data = gap(9)
    assert len(near_misses(replace(data, settings=Settings.default(near_gap_days=9)))) == 1
    assert len(near_misses(replace(gap(12), settings=Settings.default(near_gap_days=13)))) == 0


@pytest.mark.parametrize("changed", [{"covered": False}, {"is_live": False}, {"is_weekly_due": False}, {"is_scored": False}])
def test_a_gap_that_nothing_proves_or_nobody_asked_for_is_no_near_miss(changed):
    assert near_misses(gap(12, **changed)).empty


def test_an_account_that_failed_the_duty_is_not_reminded_of_it_as_well():
    missed = small_quarter(rows=[row("art11_weekly_update", "W3", "W3|2025-07-07")])
    assert near_misses(with_frames(missed, account_quarters=gap(12).frames["account_quarters"])).empty


def replies(*days, **changed):
    rows = pd.DataFrame(
        {
            "message_id": [f"M{n}" for n in range(len(days))], "account_id": "W3", "received_at": pd.Timestamp(2025, 8, 1, 9),
            "reply_days": days, "reply_workdays": days, "waited_days": 60, "waited_workdays": 40, "is_effective": True, "is_excused": False, **changed,
        }
    )  # fmt: skip
    return with_frames(small_quarter(rows=[]), message_replies=conform(rows, "message_replies"))


def test_a_reply_on_the_last_day_is_a_near_miss_and_one_a_day_earlier_or_later_is_not():
    found = near_misses(replies(1, 2, 3, None, 2))
    assert found["message"].tolist() == ["有 2 条留言在期限(2 天)的最后一天才答复,没有超期"]
    assert near_misses(replies(0, 1, 3)).empty and near_misses(replies(2, is_effective=False)).empty
    earlier = replace(replies(1), settings=Settings.default(near_reply_days_left=1))
    assert len(near_misses(earlier)) == 1


def test_a_unit_with_near_misses_only_gets_a_reminder_and_one_with_problems_reads_it_in_its_notice(ws):
    files, _ = written(ws, gap(12))
    text = whole(files["提醒函_黄柏塬镇人民政府.docx"])
    assert "“黄柏塬发布”微信公众号本季度最长隔12天才发布信息；国家检查把14天内没有更新列为单项否决" in text and "《办法》第十一条第1项“各单位政务微博" in text and "不扣分" in text
    assert not [name for name in files if name.startswith("整改")]
    both = small_quarter(rows=[row("art11_typo", "W3", "T1", message="文字差错:某处")])
    files, _ = written(ws, with_frames(both, account_quarters=gap(12).frames["account_quarters"]))
    assert "提醒事项" in whole(files["整改通知书_黄柏塬镇人民政府.docx"]) and "提醒函_黄柏塬镇人民政府.docx" not in files


# ---------------------------------------------------------------- measures
def proposed(*rows, decided=()):
    """The small quarter with proposals (unit, account, measure) and rows of 处置.xlsx (unit, account, measure, day)."""
    data = small_quarter(rows=[])
    proposals = pd.DataFrame(rows, columns=["unit_id", "account_id", "measure"]).assign(
        article="24", reasons="本季度缺更 2 周\n又出现", evidence_words="缺更的周:2025-07-07", ladder_basis="某地"
    )
    sanctions = pd.DataFrame(decided, columns=["unit_id", "account_id", "measure", "issued_on"]).assign(src_file="处置.xlsx", src_sheet="处置")
    sanctions = sanctions.assign(issued_on=pd.to_datetime(sanctions["issued_on"]), src_row=range(2, len(decided) + 2))
    return with_frames(data, proposed_measures=conform(proposals, "proposed_measures"), sanctions=conform(sanctions, "sanctions"))


TALK, WARNING = "regulatory_talk", "formal_warning"


def test_a_proposed_and_registered_warning_is_drafted_with_its_reasons(ws):
    data = proposed(("U3", "W3", WARNING), decided=[("U3", "W3", WARNING, "2025-10-16")])
    files, notes = written(ws, data)
    text = whole(files["警告书_黄柏塬镇人民政府.docx"])
    assert not notes and "（草稿，经负责人签发后生效）" in text and "第二十四条" in text
    assert "“黄柏塬发布”微信公众号：本季度缺更2周；又出现。有关情况：缺更的周：2025年7月7日" in text
    assert "2025年　月　日" in text and not [name for name in files if name.startswith("合并打印")], "a draft is not for printing"


def test_a_talk_with_a_unit_is_drafted_for_the_unit_itself(ws):
    files, _ = written(ws, proposed(("U1", None, TALK), decided=[("U1", None, TALK, "2025-10-20")]))
    assert "你单位：本季度缺更2周" in whole(files["约谈通知书_县林业局.docx"])


@pytest.mark.parametrize(
    ("proposal", "decision", "told"),
    [
        (("U3", "W3", WARNING), None, False),  # only proposed
        (None, ("U3", "W3", WARNING, "2025-10-16"), True),  # only registered
        (("U3", "W3", WARNING), ("U3", "W3", TALK, "2025-10-16"), True),  # another measure
        (("U3", "W3", WARNING), ("U3", "W4", WARNING, "2025-10-16"), True),  # another account
        (("U3", "W3", WARNING), ("U3", "W3", WARNING, "2025-09-30"), False),  # decided before the quarter was over
        (("U3", "W3", WARNING), ("U3", "W3", WARNING, "2026-01-01"), False),  # a decision on the quarter after
        (("U3", "W3", "bulletin"), ("U3", "W3", "bulletin", "2025-10-16"), False),  # told in the circular, not by letter
    ],
)
def test_without_proposal_and_register_row_that_agree_nothing_is_drafted(ws, proposal, decision, told):
    data = proposed(*([proposal] if proposal else []), decided=[decision] if decision else [])
    files, notes = written(ws, data)
    assert not [name for name in files if name.startswith(("约谈", "警告"))]
    assert bool([note for note in notes if "处置.xlsx「处置」表第 2 行" in note.where]) == told


def test_the_last_day_of_the_quarter_and_the_first_after_it_are_the_two_sides():
    for day, count in (("2025-09-30", 0), ("2025-10-01", 1), ("2025-12-31", 1)):
        rows, _ = confirmed(proposed(("U3", "W3", WARNING), decided=[("U3", "W3", WARNING, day)]))
        assert len(rows) == count


# ---------------------------------------------------------------- numbers, deadline, register
def test_numbers_follow_the_order_of_units_and_never_change_or_return(ws):
    data = small_quarter(rows=[row("art11_weekly_update", "W3", "W3|2025-07-07")])
    files, _ = written(ws, data)
    assert "新媒体整改〔2025〕1号" in paragraphs(files["整改通知书_黄柏塬镇人民政府.docx"])
    files, _ = written(ws, small_quarter())
    assert "新媒体整改〔2025〕1号" in paragraphs(files["整改通知书_黄柏塬镇人民政府.docx"]), "given once, kept"
    assert "新媒体整改〔2025〕2号" in paragraphs(files["整改通知书_县林业局.docx"])
    assert "新媒体整改〔2025〕3号" in paragraphs(files["整改通知书_县融媒体中心(县广播电视台).docx"])


def test_numbers_run_on_through_the_quarters_of_a_year_by_kind(tmp_path):
    ws = Workspace(tmp_path)
    first = numbered(ws, Quarter(2025, 2), [("notice", "U1", 2025), ("notice", "U2", 2025), ("reminder", "U3", 2025)])
    second = numbered(ws, Quarter(2025, 3), [("notice", "U1", 2025), ("reminder", "U1", 2025)])
    fourth = numbered(ws, Quarter(2025, 4), [("notice", "U1", 2026)])
    assert first == {("notice", "U1"): 1, ("notice", "U2"): 2, ("reminder", "U3"): 1}
    assert second == {("notice", "U1"): 3, ("reminder", "U1"): 2} and fourth == {("notice", "U1"): 1}
    assert numbered(ws, Quarter(2025, 2), [("notice", "U2", 2025)]) == {("notice", "U2"): 2}


def test_one_unit_alone_has_the_number_that_it_has_among_all(ws):
    files, _ = written(ws, small_quarter(), unit="黄柏塬镇人民政府")
    assert set(files) == {"整改通知书_黄柏塬镇人民政府.docx", "整改台账_黄柏塬镇人民政府.xlsx", "通知登记.xlsx"}
    assert "新媒体整改〔2025〕3号" in paragraphs(files["整改通知书_黄柏塬镇人民政府.docx"])
    files, notes = written(ws, small_quarter(rows=[row("art11_typo", "W1", "T1")]), unit="U3")
    assert set(files) <= {"通知登记.xlsx"} and "没有要发给它的通知" in str(notes[-1])
    with pytest.raises(XmtError, match="黄柏塬镇人民政府"):
        written(ws, small_quarter(), unit="黄柏塬镇政府")


def test_the_deadline_counts_workdays_over_holidays_by_the_offices_setting():
    data = small_quarter()
    assert deadline(data, DAY) == dt.date(2025, 10, 29)
    assert deadline(data, dt.date(2025, 9, 30)) == dt.date(2025, 10, 21), "eight days of holidays, and a Saturday that is worked"
    assert deadline(replace(data, settings=Settings.default(rectify_workdays=5)), DAY) == dt.date(2025, 10, 22)


def test_the_register_lists_every_notice_with_number_dates_and_file(ws):
    files, _ = written(ws, small_quarter())
    lines = list(openpyxl.load_workbook(files["通知登记.xlsx"]).active.iter_rows(min_row=3, values_only=True))
    table = [dict(zip(lines[0], line, strict=True)) for line in lines[1:]]
    assert [each["文号"] for each in table] == [f"新媒体整改〔2025〕{n}号" for n in (1, 2, 3)]
    assert all(each["文件"] in files and each["整改期限"].date() == dt.date(2025, 10, 29) for each in table)
    assert sum(each["问题数"] for each in table) == len(problem_rows(small_quarter()))


# ---------------------------------------------------------------- names, texts, files
def test_names_that_no_file_can_bear_or_that_collide_get_files_of_their_own(ws):
    names = {"U1": "县林业局", "U2": RARE, "U3": "县𠮷䶮🐼镇<人民>政府:一:二"}
    data = small_quarter(units=names)
    files, _ = written(ws, data)
    notices = [name for name in files if name.startswith("整改通知书")]
    assert len(notices) == 3 and not any(char in "".join(files) for char in '<>:"/\\|?*')
    assert all(f"{name}：" in paragraphs(files[file]) for name, file in zip(names.values(), sorted(notices, key=notices.index), strict=True))


def test_a_reason_of_3000_characters_is_whole_in_the_list_and_short_in_the_text(ws):
    long = "某" * 1500 + "𠮷" + "末" * 1499
    data = small_quarter(rows=[row("art11_typo", "W1", "T1", message=f"文字差错:{long}")])
    files, _ = written(ws, data)
    assert long in tables(files["整改通知书_县林业局.docx"])[0][1][3]
    assert max(map(len, paragraphs(files["整改通知书_县林业局.docx"]))) < 600
    assert long in str(openpyxl.load_workbook(files["整改台账_县林业局.xlsx"]).active["E4"].value)


def test_control_characters_line_breaks_and_numbers_of_people_do_not_reach_a_notice(ws):
    text = "文字差错:第一行\n第二行\x0b\x00,电话 13912345678,证件 610331199001011234"
    files, _ = written(ws, small_quarter(rows=[row("art11_typo", "W1", "T1", message=text)]))
    told = whole(files["整改通知书_县林业局.docx"])
    assert "第一行 第二行" in told or "第一行第二行" in told
    assert "13912345678" not in told and "610331199001011234" not in told and "139＊＊" in told


def test_a_notice_that_somebody_changed_or_has_open_stays_and_the_new_one_lies_beside(ws):
    data = small_quarter()
    files, _ = written(ws, data)
    mine = files["整改通知书_县林业局.docx"]
    mine.write_bytes(mine.read_bytes() + b" ")
    again, notes = written(ws, data)
    assert "整改通知书_县林业局(2).docx" in again
    assert any("整改通知书_县林业局.docx" in note.what for note in notes)


def test_a_notice_of_an_earlier_run_that_no_longer_holds_is_pointed_out(ws):
    written(ws, small_quarter())
    _, notes = written(ws, small_quarter(rows=[row("art11_typo", "W1", "T1")]))
    assert any("整改通知书_黄柏塬镇人民政府.docx" in note.what and "作废" in note.todo for note in notes)


def test_the_same_quarter_and_date_give_the_same_bytes(ws, tmp_path):
    first = {name: path.read_bytes() for name, path in written(ws, small_quarter())[0].items()}
    other = tmp_path / "别处"
    other.mkdir()
    (other / "xmt.toml").write_text("", encoding="utf-8")
    assert {name: path.read_bytes() for name, path in written(Workspace(other), small_quarter())[0].items()} == first


def test_the_file_for_printing_holds_every_notice_each_from_page_1_on_an_odd_page(ws):
    import docx

    files, _ = written(ws, small_quarter())
    merged = whole(files["合并打印_2025Q3.docx"])
    for name, path in files.items():
        if name.startswith("整改通知书"):
            assert set(paragraphs(path)) <= set(merged.splitlines())
    starts = [
        section for section in docx.Document(str(files["合并打印_2025Q3.docx"])).sections
        if section._sectPr.xpath("./w:pgNumType[@w:start='1']")
    ]  # fmt: skip
    assert len(starts) == 2 and all(section.start_type.name == "ODD_PAGE" for section in starts)


# ---------------------------------------------------------------- the office's words
def test_the_offices_own_template_is_used(ws):
    (ws.root / "模板").mkdir()
    (ws.root / "模板" / "整改通知书.txt").write_text(
        "标题：整改通知\n文号：太政改〔{{ 年份 }}〕{{ 序号 }}号\n主送：{{ 单位 }}：\n署名：太白县政务公开办\n----\n共{{ 问题数 }}件，{{ 整改期限 }}办结。\n",
        encoding="utf-8-sig",
    )
    told = paragraphs(written(ws, small_quarter())[0]["整改通知书_县林业局.docx"])
    assert "太政改〔2025〕1号" in told and "太白县政务公开办" in told


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("标题：x\n文号：1\n主送：y：\n署名：z\n----\n{{ 问题书 }}\n", "第 6 行.*问题书.*问题组"),
        ("标题：x\n主送：y：\n署名：z\n----\n正文。\n", "文号"),
        ("标题：x\n文号：1\n主送：y：\n署名：z\n----\n{% if 问题数 %}\n", "模板写法有误"),
    ],
)
def test_a_template_that_is_wrong_is_refused_before_anything_is_written(ws, text, told):
    (ws.root / "模板").mkdir()
    (ws.root / "模板" / "整改通知书.txt").write_text(text, encoding="utf-8")
    with pytest.raises(XmtError, match=told):
        written(ws, small_quarter())
    assert not list(ws.root.rglob("*.docx"))


def test_notices_are_refused_under_settings_that_did_not_make_the_results(ws):
    data = small_quarter()
    used = replace(data, receipt={**data.receipt, "settings": data.settings.plain()}, settings=data.settings.changed(reply_unit="workday"))
    with pytest.raises(XmtError, match="xmt run 2025Q3"):
        written(ws, used)


def test_the_command_writes_one_units_papers_and_refuses_what_it_cannot_read(xmt, demo, tmp_path):
    root = tmp_path / "县"
    shutil.copytree(demo / "data" / "processed", root / "data" / "processed")
    shutil.copy(demo / "xmt.toml", root / "xmt.toml")
    told = xmt("--workspace", root, "notice", "2025Q3", "--unit", "云岭县公安局", "--date", "2025-10-15").stdout
    assert "整改通知书_云岭县公安局.docx" in told and "成文日期 2025-10-15" in told
    text = whole(root / "reports" / "2025Q3" / "整改通知" / "整改通知书_云岭县公安局.docx")
    assert "存在错别字等文字差错（13件）" in text and "于2025年10月29日前整改到位" in text
    for wrong, answer in ((["--date", "10月15日"], "成文日期"), (["--unit", "云岭县公安"], "云岭县公安局")):
        refused = xmt("--workspace", root, "notice", "2025Q3", *wrong, ok=False)
        assert (refused.returncode, answer in refused.stdout) == (1, True)




def with_a_talk():
    """The small quarter, and a talk with the first unit that is proposed and decided."""
    decided = proposed(("U1", None, TALK), decided=[("U1", None, TALK, "2025-10-20")]).frames
    return with_frames(small_quarter(), **{name: decided[name] for name in ("proposed_measures", "sanctions")})


def test_the_elements_of_every_notice_stand_in_the_prescribed_order(ws, monkeypatch):
    """A strict reader refuses a file whose elements are out of order (ECMA-376)."""
    import docx_parts

    with_numbers = docx_parts.ORDER["sectPr"].replace("pgMar", "pgMar pgNumType")
    monkeypatch.setitem(docx_parts.ORDER, "sectPr", with_numbers)
    data = with_a_talk()
    files, _ = written(ws, data)
    papers = [path for name, path in files.items() if name.endswith(".docx")]
    assert len(papers) == 5
    assert [docx_parts.out_of_order(path) for path in papers] == [[]] * 5


def test_the_manual_names_every_field_that_a_template_may_use(ws):
    from xmt_scoring.reports.notices.making import plan

    data = with_a_talk()
    notices, _ = plan(ws, data, DAY)
    manual = (ROOT / "README.zh-CN.md").read_text(encoding="utf-8").split("## 发整改通知")[1].split("\n## ")[0]
    assert [field for notice in notices for field in notice.fields if field not in manual] == []


@pytest.mark.long
@rendered.needs_office
def test_the_file_for_printing_opens_in_libreoffice_with_every_number_and_each_notice_on_page_1(ws):
    files, _ = written(ws, small_quarter())
    pages = [rendered.words(page) for page in rendered.pages(rendered.as_pdf(files["合并打印_2025Q3.docx"], ws.root / "pdf"))]
    firsts = [page for page in pages if "政务新媒体整改通知书" in page]
    assert len(firsts) == 3 and all("—1—" in page for page in firsts)
    assert all(number.split("-")[1] in "".join(pages) for number in problem_rows(small_quarter())["problem_id"])
