"""Exact points: no binary floats, half-up, there and back."""

from decimal import Decimal

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xmt_scoring import points

WHOLE = st.lists(st.integers(-(10**11), 10**11), min_size=1, max_size=30)


@given(WHOLE)
def test_units_become_decimals_and_come_back(values):
    column = points.to_decimal(np.array(values), 4)
    assert column.tolist() == [Decimal(value).scaleb(-4) for value in values]
    assert points.from_decimal(column).tolist() == values


@given(WHOLE, st.integers(0, 29))
def test_missing_points_stay_missing(values, position):
    missing = np.zeros(len(values), bool)
    missing[position % len(values)] = True
    column = points.to_decimal(np.array(values), 4, missing)
    assert column.isna().tolist() == missing.tolist()
    with pytest.raises(ValueError, match="missing"):
        points.from_decimal(column)


@given(WHOLE)
def test_printed_values_are_rounded_half_up_as_decimal_does(values):
    ours = points.to_decimal(points.round_printed(np.array(values)), 2).tolist()
    assert ours == [points.printed(Decimal(value).scaleb(-4)) for value in values]


def test_the_half_goes_up_and_just_below_goes_down():
    units = np.array([points.units("90.085"), points.units("90.0849"), points.units("-0.005")])
    assert points.to_decimal(points.round_printed(units), 2).tolist() == [Decimal("90.09"), Decimal("90.08"), Decimal("-0.01")]


def test_more_than_four_places_are_refused():
    with pytest.raises(ValueError, match="four places"):
        points.units("0.00001")


def test_an_unrounded_value_never_gets_into_a_printed_column():
    with pytest.raises(ValueError, match="two places"):
        points.to_decimal(np.array([12345]), 2)


def test_a_slice_of_a_column_is_read_at_its_own_offset():
    column = points.to_decimal(np.array([10000, 20000, 30000]), 4)
    assert points.from_decimal(column.iloc[1:]).tolist() == [20000, 30000]
    assert isinstance(column, pd.Series)
