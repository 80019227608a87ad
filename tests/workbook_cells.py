"""The score workbook read back in tests: its tables, its cells, its numbers."""

from decimal import Decimal
from functools import lru_cache
from pathlib import Path

import pandas as pd

HEADER = {
    "单位得分": 2, "账号得分": 4, "扣分明细": 2, "证据": 2, "规则清单": 2, "条款对照": 2, "人工核查表": 2, "处置建议": 2, "文本提示": 2, "数据清单": 3,
}  # fmt: skip


def table(path: Path, sheet: str) -> pd.DataFrame:
    """A sheet as pandas sees it, without calculating anything."""
    return _table(path, path.stat().st_mtime_ns, sheet).copy()


@lru_cache(maxsize=20)
def _table(path: Path, written_ns: int, sheet: str) -> pd.DataFrame:
    return pd.read_excel(path, sheet_name=sheet, header=HEADER[sheet], engine="openpyxl")


def opened(path: Path, data_only: bool = True):
    """The workbook in openpyxl, opened once for all stories of a file: read only, do not change it."""
    return _opened(path, path.stat().st_mtime_ns, data_only)


@lru_cache(maxsize=4)
def _opened(path: Path, written_ns: int, data_only: bool):
    from openpyxl import load_workbook

    return load_workbook(path, data_only=data_only)


def cells(path: Path, sheet: str | None = None, data_only: bool = True):
    """Every cell with something in it."""
    book = opened(path, data_only)
    for page in book.worksheets if sheet is None else [book[sheet]]:
        for line in page.iter_rows():
            yield from (cell for cell in line if cell.value is not None)


def number(value) -> Decimal:
    return Decimal(str(value)).quantize(Decimal("0.01"))
