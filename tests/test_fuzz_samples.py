"""Broken copies of real exports: imported with every row accounted for, or refused with a message; never a crash, never a loss."""

import csv
import io
import random
import warnings
from pathlib import Path

import pytest
import xlsxwriter

from xmt_scoring.errors import XmtError
from xmt_scoring.ingest import explain_file
from xmt_scoring.ingest.tables import open_bytes

SAMPLES = Path(__file__).resolve().parents[2] / "shared" / "samples"
pytestmark = pytest.mark.skipif(not SAMPLES.exists(), reason="the shared sample exports are not beside this checkout")
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
    return as_file([[row[at] if at < len(row) else "" for at in order] for row in rows], chance)


def heading_dropped(data, rows, chance):
    at = chance.randrange(max(map(len, rows)))
    return as_file([[cell for place, cell in enumerate(row) if place != at] for row in rows], chance)


def heading_blanked(data, rows, chance):
    made = [list(row) for row in rows]
    first = chance.randrange(min(3, len(made)))
    if made[first]:
        made[first][chance.randrange(len(made[first]))] = chance.choice(["", "列", None, 0, "发布时间", "账号"])
    return as_file(made, chance)


def rows_repeated(data, rows, chance):
    return as_file([row for row in rows for _ in range(chance.choice([1, 1, 2, 5]))], chance)


def cells_broken(data, rows, chance):
    made = [list(row) for row in rows]
    for _ in range(20):
        row = chance.choice(made)
        if row:
            row[chance.randrange(len(row))] = chance.choice(
                ["", "昨天 08:00", "2026-13-45", "9" * 400, "1e999", "-1", "#REF!", "\x00", "=1+1", "10万+", "６月６日", "\ud83d\ude00".encode("utf-16", "surrogatepass").decode("utf-16")]
            )  # fmt: skip
    return as_file(made, chance)


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
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return [list(row) for row in open_bytes(path.read_bytes(), path.name)[0].rows[:most]]


def survives(path):
    """Imported with conservation or refused with words."""
    try:
        files, problems, _ = explain_file(path)
    except XmtError as error:  # refused as a whole
        assert str(error)
        return
    assert (files["n_rows"] == files["n_kept"] + files["n_quarantined"] + files["n_no_data_rows"]).all()
    assert all(problem.where and problem.what and problem.todo for problem in problems)
    if not len(files) or not (files["kind"] != "other").any():
        assert problems, "nothing was read and nobody is told"


def run(cases, files, tmp_path):
    chance = random.Random(SEED)
    sheets = {path: sheet_of(path) for path in files}
    for number in range(cases):
        source = chance.choice(files)
        mutate = MUTATIONS[number % len(MUTATIONS)]
        broken = tmp_path / f"{number}-{mutate.__name__}{source.suffix}"
        broken.write_bytes(mutate(source.read_bytes(), sheets[source], chance))
        try:
            survives(broken)
        except Exception as error:
            raise AssertionError(f"case {number}: {mutate.__name__} of {source.name}") from error
        broken.unlink()


def test_two_hundred_broken_copies_of_real_exports_do_no_harm(tmp_path):
    run(200, SMALL, tmp_path)


@pytest.mark.long
def test_two_thousand_broken_copies_of_all_real_exports_do_no_harm(tmp_path):
    run(2000, FILES, tmp_path)
