"""Broken copies of the real exports beside the repository, imported one by one: what became of them, and how long it took.

    python benchmarks/fuzz_imports.py [--cases 2000]

Each copy lies alone in a quarter's folder with the registers and a line of 导出文件清单, so that it goes through the whole
`import_folder`. It must be imported with every row accounted for (rows = kept + set aside + no data, each row set aside
listed, each kept row in a frame) or refused with a message. The same seed and copies as tests/test_fuzz_samples.py.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

import pandas as pd
from broken_copies import FILES, SEED, broken_copies
from export_folders import listed, registers_only

from xmt_scoring.ingest import Imported, import_folder
from xmt_scoring.periods import Quarter

FRAMES = ("posts", "daily_counts", "followers", "messages", "profiles")
OWNERS = {"weibo": "林业微博", "douyin": "林业抖音", "wechat": "林业微信"}


def lost(made: Imported, file: str) -> str:
    """What is wrong with the account of a file's rows; empty where nothing is."""
    lines = made.frames["files"][made.frames["files"]["file"] == file]
    if not len(lines):
        return "not listed"
    if (lines["n_rows"] != lines["n_kept"] + lines["n_quarantined"] + lines["n_no_data_rows"]).any():
        return "rows do not add up"
    aside = int((made.frames["quarantine"]["src_file"] == file).sum())
    if aside != int(lines["n_quarantined"].sum()):
        return f"{lines['n_quarantined'].sum()} rows set aside, {aside} listed"
    kept = sum(int((made.frames[name]["src_file"] == file).sum()) for name in FRAMES if name in set(lines["kind"]))
    exports = lines[lines["kind"].isin([*FRAMES])]
    if kept != int(exports["n_kept"].sum()):
        return f"{exports['n_kept'].sum()} rows kept, {kept} in frames"
    told = any(file in problem.where for problem in made.problems)
    return "" if told or kept or lines["note"].fillna("").ne("").all() else "nothing read and nobody told"


def main() -> int:
    """Run the cases and print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--cases", type=int, default=2000)
    cases = parser.parse_args().cases
    results: dict[str, Counter[str]] = {}
    seconds, failures = [], []
    with tempfile.TemporaryDirectory() as home:
        folder = registers_only(Path(home))
        for number, mutate, source, content, _ in broken_copies(cases, FILES):
            file = f"甲{number}{source.suffix}"
            (folder / file).write_bytes(content)
            listed(folder, [file, OWNERS.get(source.parent.name, "短号"), "2026-07-01", "2026-09-30"])
            start = time.perf_counter()
            try:
                made = import_folder(folder, Quarter(2026, 3), whole_quarter=False, known_items={})
                wrong = lost(made, file)
            except Exception as error:  # the very thing that is looked for
                made, wrong = None, f"{type(error).__name__}: {error}"
            seconds.append(time.perf_counter() - start)
            (folder / file).unlink()
            counts = results.setdefault(mutate.__name__, Counter())
            if wrong or made is None:
                failures.append(f"case {number}: {mutate.__name__} of {source.name}: {wrong}")
                counts["failed"] += 1
                continue
            lines = made.frames["files"][made.frames["files"]["file"] == file]
            aside, kept = int(lines["n_quarantined"].sum()), int(lines["n_kept"].sum())
            is_known, has_rows = (lines["kind"] != "other").any(), lines["n_rows"].sum() > 0
            counts["recognised" if is_known else "unknown table" if has_rows else "refused"] += 1
            counts["rows"] += int(lines["n_rows"].sum())
            counts["kept"] += kept
            counts["aside"] += aside
        shutil.rmtree(folder)
    table = pd.DataFrame(results).T.fillna(0).astype(int)
    print(table.reindex(columns=["recognised", "unknown table", "refused", "failed", "rows", "kept", "aside"], fill_value=0).to_string())
    ordered = pd.Series(seconds)
    print(f"seed {SEED}, {cases} cases, {len(FILES)} files; seconds a case: median {ordered.median():.2f}, longest {ordered.max():.2f}")
    print("\n".join(failures) or "no crash, no loss")
    return bool(failures)


if __name__ == "__main__":
    sys.exit(main())
