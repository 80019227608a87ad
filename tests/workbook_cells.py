"""The score workbook read back in tests: its tables, its cells, its numbers."""

from decimal import Decimal
from pathlib import Path

import pandas as pd

HEADER = {
    "单位得分": 2, "账号得分": 4, "扣分明细": 2, "证据": 2, "规则清单": 2, "条款对照": 2, "人工核查表": 2, "处置建议": 2, "文本提示": 2, "数据清单": 3,
}  # fmt: skip


def table(path: Path, sheet: str) -> pd.DataFrame:
    """A sheet as pandas sees it, without calculating anything."""
    return pd.read_excel(path, sheet_name=sheet, header=HEADER[sheet], engine="openpyxl")


def cells(path: Path, sheet: str | None = None, data_only: bool = True):
    """Every cell with something in it."""
    from openpyxl import load_workbook

    opened = load_workbook(path, data_only=data_only)
    for page in opened.worksheets if sheet is None else [opened[sheet]]:
        for line in page.iter_rows():
            yield from (cell for cell in line if cell.value is not None)


def number(value) -> Decimal:
    return Decimal(str(value)).quantize(Decimal("0.01"))
