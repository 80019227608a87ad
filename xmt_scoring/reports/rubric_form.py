"""The form to try a rubric by hand, as an Excel file or as TOML, written and read back."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from xmt_scoring.errors import Problem, XmtError
from xmt_scoring.scoring.rubric.form import NOT_APPLICABLE, Field, fields, inputs_from
from xmt_scoring.scoring.rubric.model import Rubric

SHEET = "试算"
HEADS = ("编号", "项目与计分方法", "要填的", "填法", "填写")
_WIDTHS = (18, 60, 34, 22, 22)
_HOW = f"只填“填写”一列；没有发生的填 0，不适用的填“{NOT_APPLICABLE}”。空着的项目不会当作 0，也不会当作满分。"


def write_form(path: Path, rubric: Rubric) -> None:
    """Write an empty form of the rubric: `.xlsx`, or `.toml`. XmtError for another ending or a file that is there."""
    if path.exists():
        raise XmtError.of(str(path), "已有这个文件", "为免盖掉填好的数，请换一个名字或先移走它")
    if path.suffix == ".xlsx":
        _write_xlsx(path, rubric)
    elif path.suffix == ".toml":
        path.write_text(_toml(rubric), encoding="utf-8")
    else:
        raise XmtError.of(str(path), "试算表只能是 .xlsx 或 .toml", "请改扩展名")


def read_form(path: Path, rubric: Rubric) -> dict[str, Any]:
    """The inputs in a filled-in form; XmtError with every cell that cannot be read."""
    try:
        if path.suffix == ".toml":
            return tomllib.loads(path.read_bytes().decode("utf-8-sig"))
        if path.suffix == ".xlsx":
            return inputs_from(_cells(path, rubric), path.name)
    except OSError as error:
        raise XmtError.of(str(path), "读不到这个文件", "请检查路径，Excel 正开着的先关闭") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise XmtError.of(path.name, f"不是正确的 TOML：{error}", "请按提示的行改正，文件存为 UTF-8") from error
    raise XmtError.of(str(path), "试算表只能是 .xlsx 或 .toml", "请改扩展名")


def _code(field: Field) -> str:
    return " / ".join(field.path)


def _write_xlsx(path: Path, rubric: Rubric) -> None:
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font, PatternFill

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = SHEET
    sheet.append([f"试算表：{rubric.title}"])
    sheet.append([_HOW])
    sheet.append(list(HEADS))
    for field in fields(rubric):
        sheet.append([_code(field), field.of, field.words, field.kind_words, None])
    for letter, width in zip("ABCDE", _WIDTHS, strict=True):
        sheet.column_dimensions[letter].width = width
    sheet["A1"].font = Font(bold=True, size=14)
    for cell in sheet[3]:
        cell.font, cell.fill = Font(bold=True), PatternFill("solid", fgColor="DDDDDD")
    for row in sheet.iter_rows(min_row=4):
        for cell in row:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            cell.number_format = "@" if cell.column == len(HEADS) else cell.number_format
    sheet.freeze_panes = "A4"
    book.save(path)


def _cells(path: Path, rubric: Rubric) -> Iterator[tuple[Field, object]]:
    from zipfile import BadZipFile

    from openpyxl import load_workbook

    try:
        book = load_workbook(path, data_only=True)
    except (BadZipFile, KeyError, ValueError) as error:
        raise XmtError.of(path.name, "不是能读的 Excel 文件", "请用 xmt scheme try 重新生成试算表") from error
    sheet = book[SHEET] if SHEET in book.sheetnames else book.worksheets[0]
    known = {_code(field): field for field in fields(rubric)}
    problems = []
    for number, row in enumerate(sheet.iter_rows(min_row=4, max_col=len(HEADS), values_only=True), start=4):
        if row[0] is None:
            continue
        field = known.get(str(row[0]).strip())
        if field is None:
            problems.append(Problem(f"{path.name}「{sheet.title}」表第 {number} 行", f"细则里没有“{row[0]}”", "请用这份细则生成的试算表"))
            continue
        value = row[len(HEADS) - 1]
        yield field, repr(value) if isinstance(value, float) else value
    if problems:
        raise XmtError(problems)


def _toml(rubric: Rubric) -> str:
    """The form as TOML: every field on a line of its own, commented out until it is filled in."""
    lines = [f"# 试算表：{rubric.title}", "# 去掉行首的 # 再填；整数直接写，小数写成带引号的字（\"0.5\"），列表写 [\"1\", \"2\"]。", f"# {_HOW}",
             "# 不适用的项目写 na = true。否决项：vetoes = [\"V1\"]，要写层级的写 vetoes = [{ code = \"Y0\", level = \"province\" }]。"]  # fmt: skip
    tops = [field for field in fields(rubric) if len(field.path) == 1]
    lines += [f"# {field.path[0]} =    # {field.words}（{field.kind_words}）" for field in tops]
    vetoes = [field for field in fields(rubric) if field.path[0] == "vetoes"]
    lines += [f"# vetoes = []    # {'、'.join(f'{field.path[1]} {field.of}' for field in vetoes)}"] if vetoes else []
    head: tuple[str, ...] = ()
    for field in fields(rubric):
        if len(field.path) < 2 or field.path[0] == "vetoes":
            continue
        if field.path[:-1] != head:
            head = field.path[:-1]
            lines += ["", f"[{'.'.join(_quoted(name) for name in head)}]    # {field.of}"]
        lines.append(f"# {_quoted(field.path[-1])} =    # {field.words}（{field.kind_words}）")
    return "\n".join(lines) + "\n"


def _quoted(name: str) -> str:
    return name if name.isascii() and name.replace("_", "").replace("-", "").isalnum() else f'"{name}"'
