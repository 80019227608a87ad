"""Names of the sheets of the score workbook, and the rows where their tables begin."""

from __future__ import annotations

from collections.abc import Iterable

COVER, UNITS, ACCOUNTS, LOSSES, EVIDENCE = "封面", "单位得分", "账号得分", "扣分明细", "证据"
LOSS_TOP, ACCOUNT_TOP, UNIT_TOP, EVIDENCE_TOP = 2, 4, 2, 2  # 0-based rows of the headings
BAND_EDGES, BAND_NAMES = "等次下限", "等次名称"  # named ranges on 说明
LONGEST_NAME = 31  # UTF-16 units
_ILLEGAL = str.maketrans({**dict.fromkeys("[]:*?/\\'", "_"), **{chr(code): "_" for code in (*range(32), 127)}})


def unit_sheets(names: Iterable[str]) -> list[str]:
    """For each unit the name of its sheet: its number and its name, without what Excel does not allow, cut to 31.

    The number makes each one unique, also where names differ only after the cut, and unlike any sheet of a register.
    """
    return [_fitting(f"{number:02d} {name.translate(_ILLEGAL)}") for number, name in enumerate(names, start=1)]


def _fitting(name: str) -> str:
    kept = name.encode("utf-16-le", errors="replace")[: 2 * LONGEST_NAME]
    return kept.decode("utf-16-le", errors="ignore").strip()


def place(sheet: str, row: int, column: str = "A") -> str:
    """Where a link leads: a cell of a sheet, its row counted from 0."""
    return f"'{sheet}'!{column}{row + 1}"
