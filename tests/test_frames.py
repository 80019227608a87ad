"""The contract of every frame and the glossary behind it."""

import pandas as pd
import pytest

from xmt_scoring import glossary
from xmt_scoring.errors import ContractError
from xmt_scoring.frames import conform, contract, contracts, empty, from_arrow, to_arrow


@pytest.mark.parametrize("name", list(contracts()))
def test_an_empty_frame_keeps_its_contract_and_survives_parquet(name):
    assert conform(empty(name), name).equals(from_arrow(to_arrow(empty(name), name), name))


@pytest.mark.parametrize("name", list(contracts()))
def test_every_column_has_a_chinese_heading_and_every_choice_its_words(name):
    for column in contract(name).columns:
        assert not column.heading.isascii()
        if column.choice:
            assert all(words and not words[0].isascii() or words[0] == "APP" for words in glossary.choices(column.choice).values())


@pytest.mark.parametrize("name", list(contracts()))
def test_the_key_is_made_of_columns(name):
    assert set(contract(name).key) <= set(contract(name).names)


@pytest.mark.parametrize("name", [name for name, frame in contracts().items() if frame.source == "register"])
def test_the_headings_of_a_register_are_all_different(name):
    headings = [column.heading for column in contract(name).columns]
    assert len(headings) == len(set(headings))


def test_the_words_for_a_choice_lead_to_one_code_only():
    for name in glossary.all_choices():
        words = [word for each in glossary.choices(name).values() for word in each]
        assert len(words) == len(set(words)), name


UNIT = {"unit_id": ["u1"], "unit_name": ["甲局"], "src_file": ["单位.xlsx"], "src_row": [2]}


def test_a_column_that_may_be_missing_is_added():
    assert conform(pd.DataFrame(UNIT), "units")["note"].isna().all()


@pytest.mark.parametrize(
    ("change", "told"),
    [({"surplus": [1]}, "surplus"), ({"unit_id": [None]}, "空值"), ({"src_row": ["x"]}, "src_row")],
)
def test_what_breaks_the_contract_is_named(change, told):
    with pytest.raises(ContractError, match=told):
        conform(pd.DataFrame({**UNIT, **change}), "units")


def test_a_key_that_occurs_twice_is_refused():
    with pytest.raises(ContractError, match="主键重复"):
        conform(pd.concat([pd.DataFrame(UNIT)] * 2), "units")


def test_dates_are_saved_as_days_and_points_as_decimals():
    table = to_arrow(empty("accounts"), "accounts")
    assert str(table.schema.field("opened_on").type) == "date32[day]"
    assert str(to_arrow(empty("contributions"), "contributions").schema.field("points").type) == "decimal128(14, 4)"
