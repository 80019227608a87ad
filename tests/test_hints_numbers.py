"""Hints for numbers of persons: what is one, what only looks like one, and that none of them can be read afterwards."""

import re

import pytest
from hint_tables import hints_of, told
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn.ric import calc_check_digit
from stdnum.luhn import calc_check_digit as luhn_digit

from xmt_scoring.hints.fold import Folded


def identity(first_17: str) -> str:
    return first_17 + calc_check_digit(first_17 + "0")


def card(first: str) -> str:
    return first + luhn_digit(first)


GOOD, OTHER = identity("61033119900307123"), identity("61033119881105332")
WRONG = GOOD[:-1] + ("1" if GOOD[-1] != "1" else "2")


@pytest.mark.parametrize("text", [
    "电话13812345678", "电话１３８１２３４５６７８", "138-1234-5678", "138 1234 5678", "+86 13812345678", "8613812345678", "1 3 8 1 2 3 4 5 6 7 8",
    "13\u200b812345678", "王某13812345678，低保", "9:00 13812345678", "合同签订后请联系13812345678",
])  # fmt: skip
def test_a_mobile_number_is_found_however_it_is_written(text):
    assert told(text, "personal_data") == [("手机号码", "normal")]


@pytest.mark.parametrize("text", [
    "0917-4951234", "09174951234", "12345", "400-810-1234", "12813812345678", "138123456789", "1381234567", "SF13812345678", "订单号13812345678",
    "运单号：13812345678", "批准文号13812345678", "2026-13812345678", "13812345678元", "13812345678.50", "13800000000公斤", "12812345678", "138****5678",
    "第13812345678号", "107.3138123456", "20260930123456",
])  # fmt: skip
def test_what_only_looks_like_a_mobile_number_is_none(text):
    assert hints_of(f"请记下{text}").empty


def test_a_telephone_word_nearer_than_the_code_word_decides():
    assert told("订单号查询电话13812345678", "personal_data") == [("手机号码", "normal")]


def test_a_mobile_number_of_an_office_on_duty_is_only_for_reference():
    assert told("值班电话：13812345678", "personal_data") == [("手机号码", "low")]


@pytest.mark.parametrize(("text", "level"), [
    (f"身份证号{GOOD}", "high"), (f"张某 {OTHER} 500元", "normal"), (f"身份证号{GOOD[:6]} {GOOD[6:14]} {GOOD[14:]}", "high"), (f"身份证号{WRONG}", "low"),
    ("身份证610331900307123", "normal"), (f"单号{GOOD}", "low"),
])  # fmt: skip
def test_an_identity_number_is_weighed_by_its_check_digit_and_its_label(text, level):
    assert told(text, "personal_data") == [("身份证号码", level)]


@pytest.mark.parametrize("text", [
    f"编号为{WRONG}", "身份证" + identity("61033119900230123"), "身份证" + identity("99033119900307123"), "身份证" + identity("61033120990307123"),
    "社会信用代码116103310160123456", "身份证610331********1234", "610331900307123", f"X{GOOD}", f"{GOOD}1",
])  # fmt: skip
def test_no_birthday_no_province_no_check_digit_is_no_identity_number(text):
    assert hints_of(text).empty


CARD = card("622202260300112233")


@pytest.mark.parametrize(("text", "found"), [
    (f"卡号：{CARD}", [("银行卡号", "normal")]), (f"惠农卡号{CARD[:4]} {CARD[4:8]} {CARD[8:12]} {CARD[12:16]} {CARD[16:]}", [("银行卡号", "normal")]),
    (f"捐款账户卡号{CARD}", [("银行卡号", "low")]), (f"流水{CARD}", []), (f"卡号{CARD[:-1]}{(int(CARD[-1]) + 1) % 10}", []),
])  # fmt: skip
def test_a_bank_card_needs_its_word_and_its_check_digit(text, found):
    assert told(text, "personal_data") == found


def test_a_telephone_is_personal_only_when_it_is_at_home():
    assert told("家庭电话0917-4951234", "personal_data") == [("住宅电话", "normal")]
    assert told("办公电话0917-4951234", "personal_data") == []


def test_two_people_are_two_hints_and_one_person_twice_is_one():
    found = hints_of("甲13812345678，乙13912345678，甲13812345678")
    assert sorted(found["n_times"]) == [1, 2]


@pytest.mark.parametrize("number", ["13812345678", "１３８１２３４５６７８", "138-1234-5678", GOOD, CARD, "0917-4951234", "138 – 1234 – 5678"])
def test_no_number_can_be_read_in_a_hint_of_anything(number):
    found = hints_of(f"赌博，联系{number}哟")
    assert len(found)
    shown = found.astype("str").to_csv().translate(str.maketrans("１２３４５６７８９０", "1234567890"))
    assert "＊" in shown
    assert not re.search(r"4[ –-]*5[ –-]*6[ –-]*7|4951|900307|6030011", shown)


def test_a_day_stays_readable():
    assert "2026-09-30" in hints_of("2026-09-30赌博")["context"].item()


@given(st.text(st.sampled_from("0123456789 -１２x赌博电话，。\u200b\n"), max_size=60))
def test_a_masked_text_has_the_same_length_and_no_seven_digits_in_a_row(text):
    masked = Folded.of(text + "\0").masked
    assert len(masked) == len(text) + 1
    assert not re.search(r"[0-9]{7}", masked.translate(str.maketrans("１２", "12")))
