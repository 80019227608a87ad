"""xmt notice: who is told what, with article, evidence and deadline."""

import pytest
from notice_county import empty_workspace, written
from notice_files import tables, whole
from support_quarter import UNITS, row, small_quarter

from xmt_scoring.reports.problems import problem_rows


@pytest.fixture
def ws(tmp_path):
    """An empty workspace."""
    return empty_workspace(tmp_path)


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
    data = small_quarter(rows=[row("art11_unsourced_repost", "W2", "F1", message="转载没有注明来源：某文")])
    text = whole(written(ws, data)[0]["整改通知书_县林业局.docx"])
    assert "《办法》没有这样写，参照第十一条列入" in text


def test_what_costs_no_points_says_so_and_an_article_is_not_stretched(ws):
    rows = [
        row("art04_missing_operator", "W1", "W1|agreement", message="委托“某公司”运维，没有登记委托协议"),
        row("art11_missing_sharing", unit="U1", event="F8", message="没有和政府网站信息公开栏目互通共享：某事"),
    ]  # fmt: skip
    text = whole(written(ws, small_quarter(rows=rows))[0]["整改通知书_县林业局.docx"])
    assert "（不计分：办法允许指定或委托承办单位，没有规定必须签协议；委托协议是宝鸡市的做法" in text
    assert "建立信息互通和共享机制”（不计分）" in text


def test_the_readings_by_which_a_problem_was_judged_stand_under_the_list(ws):
    late = [row("art11_message_reply", "W3", "M7", severity="late", message="留言 M7 于第 5 天答复，应在 2 天内")]
    text = whole(written(ws, small_quarter(rows=late))[0]["整改通知书_黄柏塬镇人民政府.docx"])
    assert "采用“自然日（条文字面：2天）”（软件设置，尚未由主管单位决定）" in text


def test_an_overdue_problem_of_an_earlier_quarter_is_demanded_under_its_old_number_and_gets_no_new_row(ws):
    overdue = row("art21_unfixed_problem", "W1", "Z-1", severity="unfixed", message="2025-06-25 发现的问题“错别字”到期未整改，整改期限 2025-07-05")
    files, _ = written(ws, small_quarter(rows=[overdue]))
    text = whole(files["整改通知书_县林业局.docx"])
    assert "有1个以前发现的问题没有按期整改" in text and "整改编号Z-1" in text.replace(" ", "")
    assert "整改台账_县林业局.xlsx" not in files


def test_units_without_problems_get_nothing_and_a_clean_quarter_says_so(ws):
    files, notes = written(ws, small_quarter(rows=[]))
    assert files == {} and "没有要发的通知" in str(notes[0])
    only, _ = written(ws, small_quarter(rows=[row("art11_weekly_update", "B1", "B1|2025-08-04")]))
    assert {name for name in only if name.startswith(("整改通知书", "提醒函"))} == {"整改通知书_县融媒体中心（县广播电视台）.docx"}


def test_the_supervising_office_is_told_that_its_own_notice_is_served_inside_the_house(ws):
    files, _ = written(ws, small_quarter())
    for name, path in files.items():
        if name.startswith("整改通知书"):
            assert ("本通知书在内部送达承办机构" in whole(path)) == ("融媒体中心" in name)


def test_open_items_are_announced_but_never_charged(ws):
    text = whole(written(ws, small_quarter())[0]["整改通知书_黄柏塬镇人民政府.docx"])
    assert "还有事项没有核查完" in text and "缺少数据" not in text and "尚无人核查" not in text
