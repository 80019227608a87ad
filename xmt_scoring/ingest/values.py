"""Cells as exports write them → text, counts, moments, yes and no. Vectorised over a column; nothing is guessed.

The forms that were seen are listed in the reference of exports: `1.3万`, `1,234`, `-` for missing, unix seconds,
`20220329`, Excel serials, `2025年09月26日19时30分52秒`, real dates among text.
"""

from __future__ import annotations

import datetime as dt
import unicodedata

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

MISSING = ("", "-", "--", "—", "——", "无", "/", "nan", "none", "null", "n/a")
_STR = pd.StringDtype("pyarrow", na_value=np.nan)  # what pandas calls "str"
_EXCEL_EPOCH = pd.Timestamp("1899-12-30")
_MOST = 10**15  # no count is larger; ids and unix milliseconds in a wrong column are
_COUNT = r"^(?P<number>[+-]?[0-9]+(?:\.[0-9]*)?(?:e\+?[0-9]+)?)(?P<scale>[万w亿k千]?)(?P<more>\+?)$"
_SCALES = {"": 1, "万": 10**4, "w": 10**4, "亿": 10**8, "k": 10**3, "千": 10**3}
_FORM = (
    r"^(?P<y>[0-9]{4})\s*[-/.年]\s*(?P<m>[0-9]{1,2})\s*[-/.月]\s*(?P<d>[0-9]{1,2})\s*日?"
    r"(?:[T\s]*(?P<H>[0-9]{1,2})\s*[:时点]\s*(?P<M>[0-9]{1,2})\s*(?:[:分]\s*(?P<S>[0-9]{1,2})?(?:\.[0-9]+)?\s*秒?)?(?P<z>Z|[+-][0-9]{2}:?[0-9]{2})?)?$"
)
_EDGES = "\ufeff \t\r\n\u3000\xa0"
_TRUE, _FALSE = ("是", "true", "1", "y", "yes", "有", "√", "对"), ("否", "false", "0", "n", "no", "无", "×", "错")


def to_text(cells: pd.Series) -> pd.Series:
    """Text without the blanks, tabs and line breaks around it; whole numbers without `.0`; empty is missing."""
    return _series(_trimmed(_arrow(cells)), cells)


def _arrow(cells: pd.Series) -> pa.Array:
    """The cells as text. Straight on Arrow: over short columns each step of pandas costs more than the work itself."""
    if cells.dtype == object:
        try:
            return pa.array(cells.to_numpy(), type=pa.large_string(), from_pandas=True)
        except (pa.ArrowTypeError, pa.ArrowInvalid):
            pass  # not text alone
    elif cells.dtype == _STR:
        return pa.array(cells.array, type=pa.large_string())
    return pa.array([cell_text(cell) for cell in cells], type=pa.large_string())


def _trimmed(texts: pa.Array) -> pa.Array:
    made = pc.utf8_trim(texts, characters=_EDGES)
    return pc.if_else(pc.equal(made, ""), None, made)


def _series(texts: pa.Array, like: pd.Series) -> pd.Series:
    chunks = texts if isinstance(texts, pa.ChunkedArray) else pa.chunked_array([texts])
    return pd.Series(_STR.__from_arrow__(chunks), index=like.index, name=like.name)  # type: ignore[attr-defined]


def cell_text(cell: object) -> str | None:
    """One cell as `to_text` makes it."""
    if isinstance(cell, str):
        return cell.strip(_EDGES) or None
    if cell is None or cell is pd.NaT or cell is pd.NA or cell != cell:
        return None
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    if isinstance(cell, dt.datetime) and cell.time() == dt.time():
        return cell.date().isoformat()
    return str(cell)


def joined(rows: pd.DataFrame) -> pd.Series:
    """What stands in each row, as one text of at most 200 characters."""
    if not rows.shape[1]:
        return pd.Series("", index=rows.index, dtype="str")
    first, *others = (pc.fill_null(_trimmed(_arrow(rows[column])), "") for column in rows)
    nothing, bar = pa.scalar("", pa.large_string()), pa.scalar(" | ", pa.large_string())
    parts = [pc.if_else(pc.equal(text, ""), nothing, pc.binary_join_element_wise(nothing, text, bar)) for text in others]
    made = pc.binary_join_element_wise(first, *parts, nothing) if parts else first
    return _series(pc.utf8_slice_codeunits(made, 0, 200), rows.iloc[:, 0]).rename(None)


def plain(cells: pd.Series) -> pd.Series:
    """Like `to_text`, with full-width letters and digits made half-width: for words that are compared."""
    texts = _trimmed(_arrow(cells))
    wide = pc.fill_null(pc.invert(pc.string_is_ascii(texts)), False)
    if pc.any(wide).as_py():
        made = [unicodedata.normalize("NFKC", text) for text in pc.filter(texts, wide).to_pylist()]
        texts = pc.replace_with_mask(texts, wide, _trimmed(pa.array(made, type=pa.large_string())))
    return _series(texts, cells)


def plain_word(cell: object) -> str:
    """One cell as `plain` makes it; empty text where it is missing."""
    text = cell_text(cell) or ""
    return text if text.isascii() else unicodedata.normalize("NFKC", text).strip(_EDGES)


def extracted(texts: pd.Series, pattern: str) -> pd.DataFrame:
    """The named groups of a pattern as text columns, missing where it does not match; an empty group is empty text."""
    made = pc.extract_regex(pa.array(texts, type=pa.large_string()), pattern=pattern)
    names = [field.name for field in made.type]
    columns = {name: pc.struct_field(made, name).to_pandas().to_numpy() for name in names}
    return pd.DataFrame(columns, index=texts.index, dtype="str")


def _floats(texts: pd.Series) -> pd.Series:
    """Texts that are known to be plain digits as numbers: Arrow reads them several times faster than `to_numeric`."""
    made = pc.cast(pa.array(texts, type=pa.large_string()), pa.float64())
    return pd.Series(made.to_numpy(zero_copy_only=False), index=texts.index)


def is_damaged_id(texts: pd.Series) -> pd.Series:
    """Ids that have been numbers in Excel, which keeps 15 digits: scientific notation, or 16 and more digits as a number
    (`.0`) or ending in 000."""
    return texts.str.fullmatch(r"[0-9](\.[0-9]+)?[eE]\+?[0-9]{2}|[0-9]{13,}000|[0-9]{16,}\.0").fillna(False).astype(bool)


def to_count(cells: pd.Series) -> tuple[pd.Series, pd.Series]:
    """Counts (Int64) and where a cell could not be read. `10万+` is only a lower bound (`to_bounded`), so it is missing."""
    value, unreadable, _ = to_bounded(cells)
    return value, unreadable


def to_bounded(cells: pd.Series) -> tuple[pd.Series, pd.Series, pd.Series | None]:
    """Counts (Int64), where a cell could not be read, and the lower bounds (Int64; None where the column has none)."""
    texts = plain(cells).str.lower().str.replace(",", "", regex=False).str.replace(" ", "", regex=False)
    texts = texts.mask(texts.isin(MISSING))
    number = _floats(texts.where(texts.str.fullmatch(r"-?[0-9]{1,15}(\.0+)?").fillna(False).astype(bool)))
    rest = texts.notna() & number.isna()
    is_lower_bound = pd.Series(False, index=cells.index)
    if rest.any():
        parts = extracted(texts[rest], _COUNT)
        scale = parts["scale"].map(_SCALES).astype("float64")
        made = pd.to_numeric(parts["number"], errors="coerce").astype("float64") * scale
        whole = (made.abs() < _MOST) & ((scale > 1) | (made % 1 == 0))
        number[rest] = made.where(whole)
        is_lower_bound[rest] = parts["more"].eq("+").fillna(False).astype(bool)
    unreadable = texts.notna() & number.isna()
    value = number.round().mask((number < 0) | is_lower_bound)
    bounds = number.round().where(is_lower_bound & (number >= 0)).astype("Int64") if is_lower_bound.any() else None
    return value.astype("Int64"), unreadable.astype(bool), bounds


def to_bool(cells: pd.Series) -> tuple[pd.Series, pd.Series]:
    """Yes and no (boolean) and where a cell could not be read."""
    texts = plain(cells).str.lower()
    made = pd.Series(pd.NA, index=cells.index, dtype="boolean")
    made[texts.isin(_TRUE)] = True
    made[texts.isin(_FALSE)] = False
    return made, (texts.notna() & made.isna()).astype(bool)


def to_moment(cells: pd.Series, form: str | None = None) -> tuple[pd.Series, pd.Series, pd.Series]:
    """Beijing moments (datetime64[us]), whether a time of day was given, and where a cell could not be read.

    A real Excel date at midnight counts as a day without a time. Relative times (`昨天`) cannot be read. `form`: how texts
    are written (as for strptime) where the usual forms do not hold; tried first.
    """
    is_date = cells.map(lambda cell: isinstance(cell, dt.date)).astype(bool)
    moments = pd.Series(pd.NaT, index=cells.index, dtype="datetime64[us]")
    if is_date.any():
        moments[is_date] = pd.to_datetime(cells[is_date].map(_as_datetime), errors="coerce").astype("datetime64[us]")
    texts = plain(cells.where(~is_date, None))
    texts = texts.mask(texts.str.lower().isin(MISSING))
    has_time = moments.notna() & (moments != moments.dt.normalize())
    if form is not None:
        made = pd.to_datetime(texts, format=form, errors="coerce").astype("datetime64[us]")
        read = made.notna()
        moments[read], has_time[read] = made[read], made[read] != made[read].dt.normalize()
        texts = texts.mask(read)
    written = texts.str.contains(r"[-/.年]", regex=True).fillna(False) & ~texts.str.fullmatch(r"[0-9]+\.[0-9]+").fillna(False)
    if written.any():
        made, timed = _written(texts[written])
        moments[written], has_time[written] = made, timed
    number = pd.to_numeric(texts[~written], errors="coerce")
    if number.notna().any():
        made, timed = _numbered(number, texts[~written])
        found = made.notna()
        moments.loc[made.index[found]] = made[found]
        has_time.loc[made.index[found]] = timed[found]
    return moments, (has_time & moments.notna()).astype(bool), (texts.notna() & moments.isna()).astype(bool)


def _as_datetime(cell: object) -> object:
    if isinstance(cell, dt.datetime):
        return cell.replace(tzinfo=None)
    return dt.datetime(cell.year, cell.month, cell.day) if isinstance(cell, dt.date) else cell


def _written(texts: pd.Series) -> tuple[pd.Series, pd.Series]:
    parts = extracted(texts, _FORM)
    has_time = parts["H"].fillna("").ne("")
    numbers = {name: _floats(parts[name].mask(parts[name].eq(""))) for name in "ymdHMS"}
    clock = [numbers[name].fillna(0) for name in "HMS"]
    known = numbers["y"].notna() & (clock[0] < 24) & (clock[1] < 60) & (clock[2] < 60)
    day = (numbers["y"] * 10_000 + numbers["m"] * 100 + numbers["d"]).where(known)
    made = pd.to_datetime(day.astype("Int64").astype("str"), format="%Y%m%d", errors="coerce").astype("datetime64[us]")
    made = made + pd.to_timedelta(clock[0] * 3600 + clock[1] * 60 + clock[2], unit="s")
    zoned = parts["z"].fillna("").ne("") & made.notna()
    if zoned.any():
        zone = parts.loc[zoned, "z"].str.replace(":", "").replace("Z", "+0000")
        minutes = (zone.str[1:3].astype(int) * 60 + zone.str[3:5].astype(int)) * zone.str[0].map({"+": 1, "-": -1}).astype(int)
        made[zoned] = made[zoned] + pd.to_timedelta(480 - minutes, unit="min")
    return made.astype("datetime64[us]"), has_time


def _numbered(number: pd.Series, texts: pd.Series) -> tuple[pd.Series, pd.Series]:
    """20220329 · unix seconds and milliseconds (UTC+8) · Excel serials from 2009 to 2100."""
    made = pd.Series(pd.NaT, index=number.index, dtype="datetime64[us]")
    eight = number.between(20090101, 21001231) & texts.str.fullmatch(r"[0-9]{8}(\.0)?").fillna(False)
    made[eight] = pd.to_datetime(texts[eight].str[:8], format="%Y%m%d", errors="coerce").astype("datetime64[us]")
    seconds = number.where(number.between(1.23e9, 4.2e9), (number / 1000).where(number.between(1.23e12, 4.2e12)))
    unix = seconds.notna()
    made[unix] = (pd.to_datetime(seconds[unix].round(), unit="s") + pd.Timedelta(hours=8)).astype("datetime64[us]")
    serial = number.between(39814, 73415)
    made[serial] = (_EXCEL_EPOCH + pd.to_timedelta((number[serial] * 86400).round(), unit="s")).astype("datetime64[us]")
    timed = unix | (serial & (np.floor(number) != number))
    return made, timed
