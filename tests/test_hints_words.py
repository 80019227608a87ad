"""Hints from word lists: disguises are seen through, innocent longer words are left alone, publicity is only 参考."""

import pytest
from hint_tables import hints_of, own_lists, told

from xmt_scoring.checks.rules import load_rules
from xmt_scoring.hints.fold import Folded, fold
from xmt_scoring.hints.rules import kinds
from xmt_scoring.law import article


@pytest.mark.parametrize("text", [
    "网络赌博", "网络赌*博", "网络赌 博", "网络赌　博", "网络赌\u200b博", "网络賭博", "网络赌🎲博", "网络赌-·-博", "网络赌\ufe0f博",
])  # fmt: skip
def test_a_word_is_found_however_it_is_dressed(text):
    assert told(text, "prohibited") == [("赌博", "high")]


@pytest.mark.parametrize("text", ["他打赌。博物馆开放", "他打赌\n博物馆开放", "他打赌，博物馆开放", "赌" + "*" * 9 + "博"])
def test_a_word_is_not_put_together_across_sentences_or_far_apart(text):
    assert told(text, "prohibited") == []


@pytest.mark.parametrize("text", ["VPN代理", "ＶＰＮ代理", "vpn代理", "用VPN代理x"[:-1]])
def test_width_and_case_do_not_matter(text):
    assert [word for word, _ in told(text, "prohibited")] == ["VPN代理"]


def test_a_latin_word_inside_a_longer_one_is_another_word():
    assert told("MYVPN代理", "prohibited") == []


@pytest.mark.parametrize("text", [
    "本平台独立运营", "舞台独舞", "西藏独特的风光", "香港独有", "角色情感", "特色情怀", "计算命中率", "核算命令", "大麻镇", "支援交通", "下注意事项",
    "计算机密级", "抵押注销", "时代考验", "给社会主意见箱",
])  # fmt: skip
def test_a_word_inside_a_longer_innocent_word_is_no_hint(text):
    assert hints_of(text).empty


def test_the_exception_excuses_its_own_place_only():
    found = hints_of("平台独立，台独万岁")
    assert list(found["word"]) == ["台独"] and list(found["n_times"]) == [1]
    assert found["hint_id"].item() == "W1|p0#x5P"


@pytest.mark.parametrize("text", ["打击赌博专项行动", "严禁赌博", "参与赌博者被判处罚金", "警惕赌博陷阱，远离黄赌毒"])
def test_publicity_against_a_crime_is_only_for_reference(text):
    assert {level for word, level in told(text, "prohibited")} == {"low"}
    assert "宣传打击" in hints_of(text)["reason"].iloc[0]


def test_publicity_in_another_sentence_excuses_nothing():
    assert told("严厉打击电信诈骗。本群每晚赌博", "prohibited") == [("赌博", "high")]


def test_a_word_is_not_excused_by_a_context_inside_itself():
    assert told("反对宪法", "prohibited") == [("反对宪法", "high")]


@pytest.mark.parametrize(("wrong", "right", "fine"), [
    ("政治协商会", "政治协商会议", "中国人民政治协商会议"), ("国务院办公室", "国务院办公厅", "国务院新闻办公室"), ("检查院", "检察院", "人民检察院"),
    ("四个自行", "四个自信", "四个自行车"), ("社会主意", "社会主义", "社会主义"), ("按装", "安装", "按装机容量"), ("召开开", "召开", "召开开学典礼"),
])  # fmt: skip
def test_wrong_wording_is_told_with_the_right_one_and_the_right_one_is_left_alone(wrong, right, fine):
    found = hints_of(f"会上，{wrong}有关同志")
    assert list(found["word"]) == [wrong] and list(found["correction"]) == [right]
    assert found["hint_kind"].isin(["misstatement", "typo"]).all()
    assert hints_of(f"会上，{fine}有关同志").empty


def test_a_blank_between_two_words_makes_no_typo():
    assert hints_of("请按 装好的顺序").empty


def test_the_longer_of_two_words_of_a_kind_is_told_once():
    assert told("县人民检查院", "misstatement") == [("人民检查院", "high")]


def test_one_thing_in_one_post_is_one_hint_with_its_number_of_times():
    found = hints_of("赌博!赌 博", title="网络赌博")
    assert len(found) == 1 and found["n_times"].item() == 3
    assert (found["text_field"].item(), found["hint_id"].item()) == ("title", "W1|p0#t2P")


def test_two_posts_are_two_hints_and_each_says_where_it_stands():
    found = hints_of("赌博", "平安", "赌博")
    assert list(found["post_id"]) == ["W1|p0", "W1|p2"] and list(found["src_row"]) == [2, 4]


def test_posts_outside_the_period_hidden_or_after_the_last_day_are_left_out():
    import pandas as pd

    assert hints_of("赌博", is_in_period=False).empty and hints_of("赌博", is_visible=False).empty
    assert hints_of("赌博", posted_at=pd.Timestamp(2026, 10, 11)).empty and len(hints_of("赌博", posted_at=pd.Timestamp(2026, 10, 10, 23)))


def test_no_posts_and_posts_without_a_text_have_no_hints():
    assert hints_of().empty and hints_of("").empty and hints_of("赌博", text=None).empty


LEADERS = ["罗青柏,领导姓名,,严重,,,县委副书记|县长,虚构,1,是", "石砚,领导姓名,,严重,,,局长,虚构,1,是"]


@pytest.mark.parametrize("text", [
    "县长罗青柏调研", "县委副书记、县长罗青柏主持", "罗青柏县长", "县 长罗 青 柏", "罗青柏强调", "石砚局长", "局长石磊出席", "县长罗青柏、副县长江某",
    "县长办公会议", "副县长罗某某",
])  # fmt: skip
def test_a_leader_with_the_right_title_or_none_is_no_hint(tmp_path, text):
    assert told(text, "leader_title", own_lists(tmp_path / "词表", *LEADERS)) == []


@pytest.mark.parametrize(("text", "why"), [
    ("副县长罗青柏调研", "副县长"), ("罗青柏书记", "书记"), ("镇长石砚", "镇长"), ("县长罗清柏调研", "写错姓名"), ("县长罗柏青", "写错姓名"),
    ("罗青伯县长", "写错姓名"),
])  # fmt: skip
def test_a_wrong_title_and_a_near_miss_of_a_name_are_hints(tmp_path, text, why):
    found = hints_of(text, lists=own_lists(tmp_path / "词表", *LEADERS))
    assert list(found["hint_kind"]) == ["leader_title"] and why in found["reason"].item()
    assert found["check_item"].item() == "art11_typo" and found["correction"].notna().all()


def test_no_name_of_a_person_is_shipped():
    assert hints_of("副县长罗青柏调研").empty


def test_every_kind_is_proposed_under_a_rule_that_people_judge_and_an_article_of_the_law():
    rules = load_rules()
    for kind in kinds().values():
        assert rules[kind["check"]].kind == "manual"
        assert article(kind["article"])


def test_folding_keeps_every_position():
    texts = Folded.of("Ａ賭*\u200b博\0")
    assert texts.loose.text == "a赌*博\0" and list(texts.loose.position) == [0, 1, 2, 4, 5]
    assert texts.dense.text == "a赌博\0" and list(texts.dense.position) == [0, 1, 4, 5]
    assert fold("賭＊ 博") == "赌博"
