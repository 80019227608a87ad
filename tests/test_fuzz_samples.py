"""Broken copies of real exports: imported with every row accounted for, or refused with a message; never a crash, never a loss."""

import random

import pytest
from broken_copies import FILES, MUTATIONS, SAMPLES, SEED, SMALL, broken_copies, non_blank

from xmt_scoring.errors import XmtError
from xmt_scoring.ingest import explain_file

pytestmark = pytest.mark.skipif(not SAMPLES.exists(), reason="the shared sample exports are not beside this checkout")


def survives(path, rows):
    """Imported with conservation or refused with words. `rows`: those that were written, where the bytes are a table's."""
    try:
        files, problems, details = explain_file(path)
    except XmtError as error:  # refused as a whole
        assert str(error)
        return
    assert (files["n_rows"] == files["n_kept"] + files["n_quarantined"] + files["n_no_data_rows"]).all()
    assert all(problem.where and problem.what and problem.todo for problem in problems)
    if not len(files) or not (files["kind"] != "other").any():
        assert problems, "nothing was read and nobody is told"
    elif rows is not None and (header := dict(details[0]).get("表头在第几行")):
        below = non_blank(rows[int(header) :])
        assert int(files["n_rows"].iloc[0]) == below, f"{below} rows stand below the headings"


def run(cases, files, tmp_path):
    for number, mutate, source, content, rows in broken_copies(cases, files):
        broken = tmp_path / f"{number}-{mutate.__name__}{source.suffix}"
        broken.write_bytes(content)
        try:
            survives(broken, rows)
        except Exception as error:
            raise AssertionError(f"case {number}: {mutate.__name__} of {source.name}") from error
        broken.unlink()


def test_two_hundred_broken_copies_of_real_exports_do_no_harm(tmp_path):
    run(200, SMALL, tmp_path)


@pytest.mark.long
def test_two_thousand_broken_copies_of_all_real_exports_do_no_harm(tmp_path):
    run(2000, FILES, tmp_path)


def test_a_broken_copy_is_the_same_whenever_it_is_made():
    source = next(path for path in SMALL if path.suffix == ".csv")
    rows = [["a", "b"], ["1", "2"]]
    for mutate in MUTATIONS:
        assert mutate(source.read_bytes(), rows, random.Random(SEED)) == mutate(source.read_bytes(), rows, random.Random(SEED))
