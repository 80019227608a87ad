"""The circular's text: nothing where there is nothing, every number from a frame, drafts with intervals, the re-check."""

import re
from datetime import date

import pytest
from docx_parts import out_of_order, tables
from support_bulletin import (
    CHECKED_BEFORE,
    DECIDED,
    VETOED_ALL,
    circular,
    earlier,
    ledger,
    numbers,
    problems_before,
    quarter,
)
from support_quarter import row, small_quarter

from xmt_scoring.checks import load_rules
from xmt_scoring.errors import XmtError
from xmt_scoring.reports.bulletin import problems
from xmt_scoring.reports.bulletin.fields import contents
from xmt_scoring.reports.bulletin.figures import Figures, percent, percent_text
from xmt_scoring.reports.bulletin.wording import official, quoted, shortened, span
from xmt_scoring.settings import Settings

HALF_WIDTH = re.compile("[\u4e00-\u9fff”》][,;:?!(]|[,;:?!)][\u4e00-\u9fff“《]")


def joined(lines):
    return "\n".join(lines)


def test_a_quarter_without_a_problem_reads_as_such_and_has_no_empty_section(tmp_path):
    path, lines, made = circular(tmp_path, quarter())
    text = joined(lines)
    assert "检查的6个账号全部合格，合格率100%。" in text
    assert "检查发现的主要问题" not in text
    assert "整改" not in text
    assert not re.search("(?<![0-9.])0[个%]|不合格", text)
    assert [line for line in lines if re.match("[一二三四]、", line)] == ["一、总体情况", "二、下一步工作要求"]
    assert [line for line in lines if line.startswith("（")] == [line for line in lines if line.startswith(("（一）落实", "（二）强化"))]
    assert [line for line in lines if line.startswith("附件")] == ["附件：政务新媒体更新情况统计表", "附件"]
    assert len(tables(path)) == 1
    assert "县林业局等2个单位" not in text  # the supervising office does not praise itself
    assert "县林业局重视政务新媒体工作" in text
    assert not made.is_draft


def test_problems_are_told_in_code_order_with_true_counts_and_each_event_once(tmp_path):
    path, lines, made = circular(tmp_path, quarter(DECIDED))
    text = joined(lines)
    assert "检查的6个账号中，合格5个，不合格1个，合格率83.33%" in text
    assert "不合格的账号是：“太白发布”微博（县融媒体中心（县广播电视台））（详见附件1）。" in text
    assert "检查共发现问题5个，涉及3个账号、2个单位（详见附件2）。" in text
    heads = [line for line in lines if re.match("（[一二三]）", line)][:3]
    assert heads == ["（一）单项否决情形", "（二）内容质量方面", "（三）审核与安全方面"]
    assert "1.存在错别字等文字差错。涉及2个账号，共3处：“太白林业”微信公众号（县林业局，1处）、“太白林业服务”微信公众号（县林业局，2处）。" in lines
    assert "1.未按规定确定一名信息员。涉及1个单位：县林业局。" in lines
    failed, listing, updates = tables(path)
    assert [line[1:] for line in failed[1:]] == [["县融媒体中心（县广播电视台）", "太白发布", "微博", "单项否决：存在严重内容问题"]]
    assert sum(int(line[5]) for line in listing[1:]) == 5
    assert len(updates) == 1 + 7  # every account of the register, scored or not
    assert out_of_order(path) == []


def test_a_clean_account_that_was_open_too_short_is_told_apart(tmp_path):
    _, lines, _ = circular(tmp_path, quarter(DECIDED))
    assert "本次检查6个，占在册账号的85.71%；另有1个账号在用不足28天，不评分、不计入合格率。" in joined(lines)


def test_a_vetoed_account_counts_even_if_it_was_open_too_short(tmp_path):
    _, lines, _ = circular(tmp_path, quarter([row("art08_grave_content", "D3", "G9", message="严重内容问题")]))
    assert "本次对在册账号全部进行了检查。" in joined(lines)
    assert "检查的7个账号中，合格6个，不合格1个，合格率85.71%" in joined(lines)


def test_a_county_without_a_live_account_gets_a_sentence_and_no_rate(tmp_path):
    data = quarter()
    frames = {name: data.frames[name].iloc[:0] for name in ("account_scores", "verdicts", "contributions")}
    path, lines, _ = circular(tmp_path, quarter((), **frames))
    assert "本季度，全县政府系统没有在用的政务新媒体。" in lines
    assert not [line for line in lines if "率" in line or "附件" in line]
    assert tables(path) == []


def test_a_deadline_in_a_year_whose_holidays_nobody_knows_is_refused(tmp_path):
    with pytest.raises(XmtError, match="节假日安排.csv"):
        contents(quarter(DECIDED), None, date(2032, 4, 10), "")


def test_when_nobody_passes_no_zero_is_printed(tmp_path):
    _, lines, _ = circular(tmp_path, quarter(VETOED_ALL))
    text = joined(lines)
    assert "检查的6个账号中，不合格6个，合格率0%" in text
    assert "微博检查1个，均不合格" in text
    assert "合格0个" not in text


@pytest.mark.parametrize("rows", [(), DECIDED, VETOED_ALL, None], ids=["clean", "decided", "all vetoed", "open"])
def test_marks_are_full_width_and_every_number_is_a_figure(tmp_path, rows):
    data = small_quarter() if rows is None else quarter(rows)
    path, lines, made = circular(tmp_path, data, earlier(DECIDED))
    body = lines[: next(number for number, line in enumerate(lines) if line.startswith("附件"))]
    unquoted = [re.sub("“[^”]*”", "", line).replace("（县广播电视台）", "") for line in body]
    assert not [line for line in unquoted if HALF_WIDTH.search(line)]
    assert not [line for line in body if re.search("，，|。。|、。|：。|（）|None|nan|<NA>", line)]
    assert numbers(body, made.figures) == set()
    assert not [cell for table in tables(path) for line in table for cell in line if cell in ("nan", "<NA>", "None", "")]
    assert made.figures["how"].notna().all()


def test_open_items_make_a_draft_with_intervals_and_a_list_of_what_is_open(tmp_path):
    path, lines, made = circular(tmp_path, small_quarter())
    text = joined(lines)
    assert made.is_draft
    assert lines[1] == "（征求意见稿）"
    assert "目前合格4至5个、不合格1至2个，合格率66.67%至83.33%。其中1个账号合格与否待定。共有5个账号还有待定事项（详见附件4）。" in text
    assert "2025年　月　日" in lines
    assert "本通报印发之日起10个工作日内" in text
    waiting = tables(path)[-1]
    assert len(waiting) == 1 + 5
    assert waiting[-1][1:] == ["黄柏塬镇人民政府", "=太白山*1", "微信公众号", "账号密码与终端、严重内容问题（单项否决）", "合格与否"]


def test_the_interval_has_its_ends_where_the_open_account_may_fail_or_not(tmp_path):
    rows = [row("art08_grave_content", "W4", "G2", "unverified", "grave_misstatement")]
    _, lines, made = circular(tmp_path, quarter(rows))
    figures = made.figures.set_index("figure")
    assert (figures.loc["合格数", "low"], figures.loc["合格数", "high"]) == (5, 6)
    assert figures.loc["合格率", "printed"] == "83.33%至100%"
    assert "不合格0至1个" in joined(lines)


def test_the_change_is_the_difference_of_the_printed_rates_in_percentage_points(tmp_path):
    for before, now, told in [
        (DECIDED, (), "合格率100%，较上季度提高16.67个百分点。"), ((), DECIDED, "合格率83.33%，较上季度下降16.67个百分点。"),
        (DECIDED, DECIDED, "合格率83.33%，与上季度持平。"),
    ]:  # fmt: skip
        assert told in joined(circular(tmp_path, quarter(now), earlier(before))[1])


def test_without_the_quarter_before_or_with_an_open_one_no_change_is_told(tmp_path):
    open_before = earlier([row("art08_grave_content", "W4", "G2", "unverified")])
    for before in (None, open_before):
        assert "较上季度" not in joined(circular(tmp_path, quarter(DECIDED), before)[1])


def test_the_recheck_counts_what_was_put_right_and_names_who_has_not(tmp_path):
    told = problems_before(
        ("art11_typo", "U1", "W1", "T1", True), ("art11_typo", "U1", "W1", "T2", True), ("art13_account_security", "U3", None, "S1", False),
        ("art08_grave_content", "U2", "B1", "G1", True), ("art11_typo", "U2", "B1", "G1", True),  # one event
    )  # fmt: skip
    data = quarter((), earlier_problems=told, earlier_checks=CHECKED_BEFORE, rectifications=ledger())
    text = joined(circular(tmp_path, data, earlier(DECIDED))[1])
    assert "上季度检查发现的4个问题，已整改3个，整改率75.00%；1个尚未整改到位或者没有报送整改结果，涉及黄柏塬镇人民政府。" in text
    assert "上季度不合格的“太白发布”微博（县融媒体中心（县广播电视台）），本季度复查合格。" in text


def test_the_recheck_reads_well_at_both_ends(tmp_path):
    one = [("art11_typo", "U1", "W1", "T1", True)]
    done, left = problems_before(*one), problems_before(*[(*line[:4], False) for line in one])
    for before, told in [
        (done, "上季度检查发现的1个问题，已全部整改到位。"), (left, "上季度检查发现的1个问题，均未整改到位或者没有报送整改结果，涉及县林业局。"),
        (done[:0], "上季度检查没有发现问题。"),
    ]:  # fmt: skip
        data = quarter((), earlier_problems=before, earlier_checks=CHECKED_BEFORE, rectifications=ledger())
        assert told in joined(circular(tmp_path, data)[1])
    assert "上季度" not in joined(circular(tmp_path, quarter())[1])


def test_without_a_single_row_about_rectification_no_unit_is_accused_of_having_put_nothing_right(tmp_path):
    before = problems_before(("art11_typo", "U3", "W4", "T1", False), ("art08_grave_content", "U2", "B1", "G1", False))
    data = quarter(DECIDED, earlier_problems=before, earlier_checks=CHECKED_BEFORE)
    text = joined(circular(tmp_path, data, earlier(DECIDED))[1])
    assert "上季度检查发现的2个问题，整改情况另行通报。" in text and "本季度复查仍不合格" in text
    assert "尚未整改到位" not in text and "没有报送整改结果" not in text


def test_a_unit_of_which_something_is_still_open_is_not_praised(tmp_path):
    def praised(*rows):
        return "县林业局重视政务新媒体工作" in joined(circular(tmp_path, quarter(rows))[1])

    assert praised()
    assert not praised(row("art11_typo", "W2", outcome="unverified", message="尚无人核查")), "half a point cannot fail W2, but who knows"
    assert not praised(row("art14_missing_info_officer", unit="U1", outcome="no_data", message="没有人员登记"))


def test_an_account_that_fails_twice_is_named_again(tmp_path):
    before = problems_before(("art08_grave_content", "U2", "B1", "G1", False))
    data = quarter(DECIDED, earlier_problems=before, earlier_checks=CHECKED_BEFORE)
    text = joined(circular(tmp_path, data, earlier(DECIDED))[1])
    assert "上季度不合格的“太白发布”微博（县融媒体中心（县广播电视台）），本季度复查仍不合格。" in text


@pytest.mark.parametrize(("scores", "title"), [("none", None), ("units", "计分账号数"), ("accounts", "账号名称")])
def test_scores_are_only_in_the_circular_when_the_office_has_set_it(tmp_path, scores, title):
    path, lines, made = circular(tmp_path, quarter(DECIDED, Settings.default(bulletin_scores=scores)))
    found = [table for table in tables(path) if "得分" in table[0]]
    assert bool(found) == (title is not None)
    if title:
        assert title in found[0][0]
        assert "注：评分细则为建议稿，尚未经县政府办公室采用。" in lines
        assert lines.count("政务新媒体季度检查得分表") == 1
        assert [annex.mark for annex in made.annexes] == ["附件1", "附件2", "附件3", "附件4"]


@pytest.mark.parametrize(("places", "told"), [(0, "83%"), (1, "83.3%"), (2, "83.33%")])
def test_rates_have_the_places_that_the_office_has_set(tmp_path, places, told):
    assert f"合格率{told}。" in joined(circular(tmp_path, quarter(DECIDED, Settings.default(rate_places=places)))[1])


@pytest.mark.parametrize(
    ("part", "whole", "places", "told"),
    [(1, 8, 0, "13%"), (1, 8, 1, "12.5%"), (1, 200, 1, "0.5%"), (1, 200, 0, "1%"), (9, 10, 2, "90.00%"), (3, 3, 2, "100%"), (0, 7, 2, "0%"), (2, 3, 2, "66.67%")],
)
def test_a_rate_is_rounded_half_up_and_a_hundred_per_cent_has_no_decimals(part, whole, places, told):
    assert percent_text(percent(part, whole, places)) == told


def test_every_duty_that_a_circular_tells_has_words_of_its_own():
    told = {
        rule.id for rule in load_rules().values()
        if rule.period == "quarter" and rule.subject != "office" and rule.article.split(".")[0] not in problems.OFFICE_ARTICLES
    }  # fmt: skip
    assert set(problems.words()) == told
    phrases = [entry["problem"] for entry in problems.words().values()]
    assert len(phrases) == len(set(phrases))
    assert all(set(entry) <= {"problem", "measure"} for entry in problems.words().values())


def test_what_is_not_in_the_law_is_never_passed_off_as_an_article_of_it(tmp_path):
    rows = [row("art11_dormant_account", "W1", "E1"), row("art11_missing_original", "W2", "E2", severity="general"), row("art06_missing_filing", "D1", "E3", severity="incomplete")]
    path, _, _ = circular(tmp_path, quarter(rows))
    listing = next(table for table in tables(path) if "依据" in table[0])
    assert {line[3]: line[6] for line in listing[1:]} == {
        "检查时点前两周内无更新": "国家检查指标", "未按月发布原创信息": "外地通行做法", "未按规定备案或备案表填写不全": "《办法》第六条"
    }  # fmt: skip


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("2025-07-21 至 2025-07-27 发布 0 条，应为每周至少 1 条", "2025年7月21日至7月27日发布0条，应为每周至少1条"),
        ("2025-12-29 至 2026-01-04 发布 0 条", "2025年12月29日至2026年1月4日发布0条"),
        ("留言 60 天未答复（39 个工作日），应在 2 天内答复", "留言60天未答复（39个工作日），应在2天内答复"),
        ("“停水（7月1日），请注意”审核晚于发布，应先审核", "“停水（7月1日），请注意”审核晚于发布，应先审核"),
        ("《通知（一）》没有转载", "《通知（一）》没有转载"),
        ("检查时点 2025-08-20 10:00，已过 15 天", "检查时点2025年8月20日10:00，已过15天"),
        ("电话 13912345678 外泄", "电话139＊＊外泄"),
        ("网址 https://a.cn/x?b=1,2 打不开", "网址https://a.cn/x?b=1,2打不开"),
    ],
)  # fmt: skip
def test_sentences_of_the_program_are_written_as_official_documents_write_them(said, told):
    assert official(said) == told


def test_a_name_with_quotes_of_its_own_and_a_span_within_a_year():
    assert quoted("太白“发布”") == "“太白‘发布’”"
    assert span(date(2026, 7, 1), date(2026, 9, 30)) == "2026年7月1日至9月30日"
    assert span(date(2025, 12, 29), date(2026, 3, 29)) == "2025年12月29日至2026年3月29日"


@pytest.mark.parametrize("length", [300, 301])
def test_a_reason_is_cut_only_when_it_is_too_long_and_says_where_the_rest_is(length):
    short = shortened("长" * length)
    assert len(short) == 300
    assert short.endswith("（全文见考核评分表）") == (length == 301)


def test_a_figure_that_is_zero_for_certain_is_false_and_one_that_may_be_more_is_not():
    figures = Figures(2)
    assert not figures.count("甲", 0, "x", "y")
    assert figures.count("乙", 0, "x", "y", at_most=1)
    assert str(figures.count("丙", 2, "x", "y", at_most=3)) == "2至3"
    assert list(figures.frame()["figure"]) == ["甲", "乙", "丙"]
