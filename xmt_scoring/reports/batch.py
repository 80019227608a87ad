"""Many pages of one notebook: several kernels, each kept for the next page; one that fails does not stop the others."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from xmt_scoring.errors import XmtError
from xmt_scoring.reports.kernels import close_loop, forget, kept_kernel
from xmt_scoring.reports.notebooks import run_notebook


@dataclass(frozen=True)
class Page:
    """One page to make: its name in messages, the notebook's parameters, and where a broken notebook is kept."""

    name: str
    parameters: Mapping[str, Any]
    failed: Path


def run_each(
    source: Path, pages: Sequence[Page], workspace: Path, scratch: Path, jobs: int,
    done: Callable[[Page, Path | XmtError], None],
) -> None:  # fmt: skip
    """Run the notebook once per page, with `jobs` kernels side by side, and tell `done` of each page as it ends.

    `done` is called from one thread at a time, with the page's file in the folder `scratch` or with what went wrong; a kernel in
    which something failed is thrown away. Any error but XmtError ends the work: pages that have begun end, no other begins.
    """
    waiting: queue.SimpleQueue[tuple[int, Page]] = queue.SimpleQueue()
    for item in enumerate(pages):
        waiting.put(item)
    telling, is_over = threading.Lock(), threading.Event()

    def make(kernel: Any, number: int, page: Page) -> bool:
        made: Path | XmtError
        try:
            made = run_notebook(source, scratch / f"{number}.html", page.parameters, workspace, kernel=kernel, failed=page.failed)
        except XmtError as error:
            made = error
        with telling:
            done(page, made)
        return isinstance(made, Path) and forget(kernel)

    def work() -> None:
        try:
            while not is_over.is_set():
                with kept_kernel(workspace) as kernel:
                    is_well = True
                    while is_well and not is_over.is_set():
                        try:
                            number, page = waiting.get_nowait()
                        except queue.Empty:
                            return
                        is_well = make(kernel, number, page)
        finally:
            is_over.set()
            close_loop()

    n_kernels = max(1, min(jobs, len(pages)))
    with ThreadPoolExecutor(n_kernels) as pool:
        try:
            for worker in [pool.submit(work) for _ in range(n_kernels)]:
                worker.result()
        finally:
            is_over.set()
