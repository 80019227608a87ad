"""Cells in every form that was seen in exports; what cannot be read is told, never guessed."""

import datetime as dt

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xmt_scoring.ingest.values import is_damaged_id, to_bool, to_bounded, to_count, to_moment, to_text

FEW = settings(max_examples=60, deadline=None)


def column(*cells):
    return pd.Series(list(cells), dtype=object)


def count(cell):
    values, unreadable = to_count(column(cell))
    return "unreadable" if unreadable[0] else None if pd.isna(values[0]) else int(values[0])


def moment(cell):
    moments, has_time, unreadable = to_moment(column(cell))
    return "unreadable" if unreadable[0] else None if pd.isna(moments[0]) else (str(moments[0]), bool(has_time[0]))


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        ("0", 0), (0.0, 0), ("12", 12), (12.0, 12), ("12.0", 12), (7, 7), ("１２３", 123), (" 1,234 ", 1234), ("1，234", 1234),
        ("1.3万", 13_000), ("182.6W", 1_826_000), ("80.2w", 802_000), ("1.2亿", 120_000_000), ("3千", 3_000), ("999999999999999", 10**15 - 1),
    ],
)  # fmt: skip
def test_a_number_in_any_form_is_read(cell, number):
    assert count(cell) == number


@pytest.mark.parametrize("cell", ["", None, float("nan"), "-", "--", "—", "-1", "-1.00", -1.0, "无", " \t"])
def test_what_stands_for_no_data_is_missing_and_not_zero(cell):
    assert count(cell) is None


@pytest.mark.parametrize("cell", ["10万+", "99+", "1.5w+"])
def test_a_lower_bound_is_missing_and_never_the_number(cell):
    assert count(cell) is None
    assert to_bounded(column("5", cell))[2].tolist() == [pd.NA, {"10万+": 100_000, "99+": 99, "1.5w+": 15_000}[cell]]


def test_a_column_without_lower_bounds_has_none():
    assert to_bounded(column("5", None, "-"))[2] is None


@pytest.mark.parametrize("cell", ["很多", "11.14%", "12.5", 0.0749, "1e20", 1e19, "inf", "3星", True, dt.date(2026, 1, 1)])
def test_what_is_no_count_is_unreadable(cell):
    assert count(cell) == "unreadable"


@pytest.mark.parametrize(
    ("cell", "read"),
    [
        ("2026-09-26 19:30:00", ("2026-09-26 19:30:00", True)),
        ("2020-01-13 16:22", ("2020-01-13 16:22:00", True)),
        ("2020-05-17", ("2020-05-17 00:00:00", False)),
        ("2025/09/27", ("2025-09-27 00:00:00", False)),
        ("2026/5/29", ("2026-05-29 00:00:00", False)),
        ("2019/4/25 9:32:09", ("2019-04-25 09:32:09", True)),
        ("20220329", ("2022-03-29 00:00:00", False)),
        (20220329.0, ("2022-03-29 00:00:00", False)),
        ("2025年09月26日19时30分52秒", ("2025-09-26 19:30:52", True)),
        ("2026年06月03日 16:41:25", ("2026-06-03 16:41:25", True)),
        ("2024-11-28T19:15:25", ("2024-11-28 19:15:25", True)),
        ("2024-11-28T19:15:25Z", ("2024-11-29 03:15:25", True)),
        ("2024-11-28T19:15:25+08:00", ("2024-11-28 19:15:25", True)),
        ("1683178449", ("2023-05-04 13:34:09", True)),  # 2023-05-04 05:34:09 UTC
        (1683178449000.0, ("2023-05-04 13:34:09", True)),
        (45000.0, ("2023-03-15 00:00:00", False)),
        ("45000.5", ("2023-03-15 12:00:00", True)),
        (dt.datetime(2025, 1, 2, 3, 4), ("2025-01-02 03:04:00", True)),
        (dt.date(2025, 1, 2), ("2025-01-02 00:00:00", False)),
        ("２０２５－０９－２６　８：０５", ("2025-09-26 08:05:00", True)),
        ("\t2025-09-26\n", ("2025-09-26 00:00:00", False)),
        ("2024-02-29", ("2024-02-29 00:00:00", False)),
    ],
)  # fmt: skip
def test_a_moment_in_any_form_is_read(cell, read):
    assert moment(cell) == read


@pytest.mark.parametrize("cell", ["", None, "-", pd.NaT])
def test_no_date_is_missing(cell):
    assert moment(cell) is None


@pytest.mark.parametrize(
    "cell", ["昨天", "2025-02-29", "2025-13-01", "20251301", "2025-09-26 24:00", "2025-09-26 10:60", "8.2", 3.0, "2026", True, dt.time(3, 4)]
)
def test_what_is_no_date_is_unreadable(cell):
    assert moment(cell) == "unreadable"


def test_a_cell_does_not_change_how_its_neighbours_are_read():
    cells = column("2026-09-26 19:30:00", 45000.5, dt.datetime(2025, 1, 2, 3, 4), "昨天", "", "20220329", "1683178449")
    together = to_moment(cells)
    for position, cell in enumerate(cells):
        alone = to_moment(column(cell))
        assert [str(part[position]) for part in together] == [str(part[0]) for part in alone]


def test_text_loses_its_edges_and_whole_numbers_their_zero():
    cells = column(" 文\t", "一\n二", "\ufeff", 2549.0, 2.5, None, "005", dt.datetime(2025, 1, 2), True)
    expected = ["文", "一\n二", None, "2549", "2.5", None, "005", "2025-01-02", "True"]
    assert [None if pd.isna(text) else text for text in to_text(cells)] == expected


def test_yes_and_no_in_chinese_and_in_english():
    values, unreadable = to_bool(column("是", "否", True, False, "True", "√", "", "也许"))
    assert values[:6].tolist() == [True, False, True, False, True, True]
    assert (pd.isna(values[6]), pd.isna(values[7]), unreadable.tolist()) == (True, True, [False] * 7 + [True])


def test_an_id_that_was_a_number_in_excel_is_damaged():
    texts = to_text(column(6.743016126113908e18, "6.74302E+18", 5105764274798880.0, "1234567890123000", "5105764274798880\t", 24.0, "P2pXdk8pi"))
    assert is_damaged_id(texts).tolist() == [True, True, True, True, False, False, False]


@FEW
@given(st.integers(0, 10**14))
def test_any_count_survives_every_way_of_writing_it(number):
    wide = str(number).translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    written = column(number, float(number), str(number), f"{number:,}", wide, f" {number}.0 ")
    values, unreadable = to_count(written)
    assert values.tolist() == [number] * 6
    assert not unreadable.any()


@FEW
@given(st.integers(0, 99_999), st.sampled_from(["万", "w", "W"]))
def test_tenths_of_ten_thousands_are_exact(tenths, unit):
    assert count(f"{tenths // 10}.{tenths % 10}{unit}") == tenths * 1000


@FEW
@given(st.datetimes(dt.datetime(2011, 1, 1), dt.datetime(2099, 12, 31)).map(lambda when: when.replace(microsecond=0)))
def test_any_moment_survives_every_way_of_writing_it(when):
    serial = (when - dt.datetime(1899, 12, 30)) / dt.timedelta(days=1)
    unix = int((when - dt.datetime(1970, 1, 1)).total_seconds()) - 8 * 3600
    forms = ["%Y-%m-%d %H:%M:%S", "%Y/%m/%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%Y年%m月%d日%H时%M分%S秒", "%Y年%m月%d日 %H:%M:%S"]
    moments, _, unreadable = to_moment(column(when, serial, str(unix), *(when.strftime(form) for form in forms)))
    assert set(moments) == {pd.Timestamp(when)}
    assert not unreadable.any()


@FEW
@given(st.dates(dt.date(2011, 1, 1), dt.date(2099, 12, 31)))
def test_any_day_survives_and_has_no_time(day):
    serial = float((day - dt.date(1899, 12, 30)).days)
    forms = [f"{day:%Y-%m-%d}", f"{day.year}/{day.month}/{day.day}", f"{day:%Y%m%d}", float(f"{day:%Y%m%d}"), f"{day:%Y年%m月%d日}"]
    moments, has_time, unreadable = to_moment(column(day, serial, *forms))
    assert set(moments) == {pd.Timestamp(day)}
    assert not has_time.any()
    assert not unreadable.any()


@pytest.mark.parametrize("digit", ["𞥐", "٣", "७", "²", "①", "Ⅳ", "〇"])
def test_a_digit_of_another_script_is_never_a_reason_to_fail(digit):
    values = pd.Series([digit, f"1{digit}", f"2025-0{digit}-01", f"2025010{digit}", f"{digit}.0"], dtype=object)
    numbers, bad_number = to_count(values)
    moments, _, bad_moment = to_moment(values)
    assert (numbers.notna() | bad_number).all()
    assert (moments.notna() | bad_moment).all()


@FEW
@given(st.lists(st.one_of(st.text(max_size=12), st.floats(), st.none(), st.booleans(), st.integers()), max_size=6))
def test_no_cell_whatever_makes_the_reading_fail(cells):
    values = pd.Series(cells, dtype=object)
    numbers, bad_number = to_count(values)
    moments, has_time, bad_moment = to_moment(values)
    assert not (numbers.notna() & bad_number).any()
    assert not (moments.notna() & bad_moment).any()
    assert not (moments.isna() & has_time).any()
