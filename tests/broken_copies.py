"""Broken copies of exports, made from a seed: cut off, bits turned, columns and rows mixed up, other encodings."""

import csv
import io
import random
import warnings
from pathlib import Path

import xlsxwriter

from xmt_scoring.ingest.tables import open_bytes

SAMPLES = Path(__file__).resolve().parents[2] / "shared" / "samples"
FILES = sorted(path for path in SAMPLES.rglob("*") if path.is_file() and path.suffix in (".xls", ".xlsx", ".csv", ".json"))
SMALL = [path for path in FILES if path.stat().st_size < 100_000]
SEED = 20210818


def truncated(data, rows, chance):
    return data[: chance.randrange(len(data))]


def flipped(data, rows, chance):
    made = bytearray(data)
    for _ in range(chance.randint(1, 30)):
        made[chance.randrange(len(made))] ^= 1 << chance.randrange(8)
    return bytes(made)


def cut_out(data, rows, chance):
    start = chance.randrange(len(data))
    return data[:start] + data[start + chance.randint(1, max(1, len(data) // 3)) :]


def columns_swapped(data, rows, chance):
    width = max(map(len, rows))
    order = chance.sample(range(width), width)
    return [[row[at] if at < len(row) else "" for at in order] for row in rows]


def heading_dropped(data, rows, chance):
    at = chance.randrange(max(map(len, rows)))
    return [[cell for place, cell in enumerate(row) if place != at] for row in rows]


def heading_blanked(data, rows, chance):
    made = [list(row) for row in rows]
    first = chance.randrange(min(3, len(made)))
    if made[first]:
        made[first][chance.randrange(len(made[first]))] = chance.choice(["", "列", None, 0, "发布时间", "账号"])
    return made


def rows_repeated(data, rows, chance):
    return [row for row in rows for _ in range(chance.choice([1, 1, 2, 5]))]


def cells_broken(data, rows, chance):
    made = [list(row) for row in rows]
    for _ in range(20):
        row = chance.choice(made)
        if row:
            row[chance.randrange(len(row))] = chance.choice(
                ["", "昨天 08:00", "2026-13-45", "9" * 400, "1e999", "-1", "#REF!", "\x00", "=1+1", "10万+", "６月６日", "\ud83d\ude00".encode("utf-16", "surrogatepass").decode("utf-16")]
            )  # fmt: skip
    return made


def other_encoding(data, rows, chance):
    text = as_csv(rows)
    encoding = chance.choice(["gb18030", "utf-16", "utf-16-le", "utf-8-sig", "utf-8"])
    made = text.encode(encoding, "replace")
    return made if chance.random() < 0.5 else made + chance.choice([b"\xff\xfe", b"\x80", "\u4e2d".encode("gbk"), b"\0"])


MUTATIONS = [truncated, flipped, cut_out, columns_swapped, heading_dropped, heading_blanked, rows_repeated, cells_broken, other_encoding]


def as_csv(rows):
    stream = io.StringIO()
    csv.writer(stream).writerows([["" if cell is None else str(cell) for cell in row] for row in rows])
    return stream.getvalue()


def as_file(rows, chance):
    if chance.random() < 0.5:
        return as_csv(rows).encode("utf-8", "replace")
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        page = book.add_worksheet()
        for number, row in enumerate(rows):
            for place, cell in enumerate(row):
                page.write_string(number, place, "" if cell is None else str(cell)[:32_000])
    return stream.getvalue()


def sheet_of(path, most=120):
    """The first rows of an export."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return [list(row) for row in open_bytes(path.read_bytes(), path.name)[0].rows[:most]]


def non_blank(rows):
    """How many rows have a cell with something in it."""
    return sum(any(cell not in ("", None) for cell in row) for row in rows)


def broken_copies(cases, files):
    """Number, mutation, source, bytes, and the rows in them where they are known, for each case; the same on every run."""
    chance = random.Random(SEED)
    sheets = {path: sheet_of(path) for path in files}
    for number in range(cases):
        source = chance.choice(files)
        mutate = MUTATIONS[number % len(MUTATIONS)]
        made = mutate(source.read_bytes(), sheets[source], chance)
        rows = made if isinstance(made, list) else None
        yield number, mutate, source, as_file(made, chance) if rows is not None else made, rows
