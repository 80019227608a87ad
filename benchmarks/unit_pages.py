"""Pages of many units beside plain papermill and nbconvert calls.   python benchmarks/unit_pages.py WORKSPACE [--units 60] [--jobs 2]

WORKSPACE is one that `xmt demo` has made. Its units are taken again and again until there are enough pages. Both sides take
the same notebook, parameters and scored quarter; plain calls run one after another in this process, each with a kernel of
its own and nbconvert's usual page. Prints wall seconds of each side, their ratio (goal: at most 0.25), and the largest page
without plotly.js (goal: under 1 MB).
"""

from __future__ import annotations

import argparse
import tempfile
import time
import warnings
from itertools import cycle, islice
from pathlib import Path

QUARTER = "2025Q3"


def ours(source: Path, units: list[str], workspace: Path, jobs: int, scratch: Path) -> list[Path]:
    """The pages as `xmt report --each-unit` makes them."""
    from xmt_scoring.reports.batch import Page, run_each

    made = []
    pages = [Page(unit, {"quarter": QUARTER, "workspace": ".", "unit": unit}, scratch / "failed.ipynb") for unit in units]
    run_each(source, pages, workspace, scratch, jobs, lambda page, path: made.append(path))
    return made


def plain(source: Path, units: list[str], workspace: Path, scratch: Path) -> None:
    """papermill and nbconvert as their manuals show them."""
    import nbformat
    import papermill
    from nbconvert import HTMLExporter

    for number, unit in enumerate(units):
        executed = scratch / f"{number}.ipynb"
        papermill.execute_notebook(
            str(source), str(executed), {"quarter": QUARTER, "workspace": ".", "unit": unit}, cwd=str(workspace),
            kernel_name="python3", language="python", progress_bar=False,
        )  # fmt: skip
        page, _ = HTMLExporter(exclude_input=True).from_notebook_node(nbformat.read(executed, 4))
        (scratch / f"{number}.html").write_text(page, encoding="utf-8")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("workspace", type=Path)
    parser.add_argument("--units", type=int, default=60)
    parser.add_argument("--jobs", type=int, default=2)
    given = parser.parse_args()
    from xmt_scoring.periods import Quarter
    from xmt_scoring.reports.figure_display import library
    from xmt_scoring.reports.notebooks import notebook
    from xmt_scoring.workspace import Workspace

    warnings.simplefilter("ignore")
    ws = Workspace(given.workspace.resolve())
    known = ws.load_frames(Quarter.parse(QUARTER), ["units"], "import")["units"]["unit_id"].tolist()
    units, source = list(islice(cycle(known), given.units)), notebook("20_quarterly_report")
    with tempfile.TemporaryDirectory() as folder:
        started = time.perf_counter()
        made = ours(source, units, ws.root, given.jobs, Path(folder))
        fast = time.perf_counter() - started
        assert len(made) == len(units) and all(isinstance(path, Path) for path in made)
        largest = max(path.stat().st_size for path in made) - len(library().encode())
    with tempfile.TemporaryDirectory() as folder:
        started = time.perf_counter()
        plain(source, units, ws.root, Path(folder))
        slow = time.perf_counter() - started
    print(f"{len(units)} pages: {fast:.1f} s with {given.jobs} kernels, {slow:.1f} s one plain call after another, ratio {fast / slow:.3f}")
    print(f"largest page without plotly.js: {largest:,} bytes")


if __name__ == "__main__":
    main()
