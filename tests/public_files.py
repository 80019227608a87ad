"""Everything that a published folder says, down to the parts inside each workbook, for the stories about what must not be there."""

import csv
import html
import io
import json
import zipfile
from pathlib import Path

import openpyxl


def words_in(folder: Path) -> dict[str, str]:
    """File (and the part of a workbook) → its text, unescaped; names of files and parts are text too."""
    found = {}
    for path in sorted(folder.rglob("*")):
        found[f"{path.name} 的文件名"] = path.name
        if path.suffix == ".xlsx":
            with zipfile.ZipFile(path) as package:
                for name in package.namelist():
                    found[f"{path.name}/{name}"] = html.unescape(package.read(name).decode("utf-8")) + name
            book = openpyxl.load_workbook(path)
            cells = [cell for page in book.worksheets for line in page.iter_rows() for cell in line]
            told = [str(part) for cell in cells for part in (cell.value, cell.comment and cell.comment.text) if part]
            found[f"{path.name} 的单元格"] = "\n".join(told)
        elif path.suffix == ".json":
            found[path.name] = path.read_text(encoding="utf-8")
            found[f"{path.name} 读出"] = json.dumps(json.loads(found[path.name]), ensure_ascii=False)
        else:
            found[path.name] = path.read_bytes().decode("utf-8-sig")
    return found


def rows_of(path: Path) -> list[dict[str, str]]:
    """A published csv as a reader takes it."""
    return list(csv.DictReader(io.StringIO(path.read_bytes().decode("utf-8-sig"), newline="")))
