"""Fixtures that several stories share: the demo county, run once through the real command."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

XMT = [sys.executable, "-X", "utf8=0", "-c", "from xmt_scoring.cli import main; main()"]


def pytest_configure(config: pytest.Config) -> None:
    """Property tests draw the same cases on every run of the quick suite; with `-m long` they draw new ones.

    None has a deadline: a busy machine is no fault of a case.
    """
    settings.register_profile("the same cases", derandomize=True, deadline=None)
    settings.register_profile("new cases", deadline=None)
    settings.load_profile("the same cases" if config.getoption("markexpr") == "not long" else "new cases")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One file that needs the demo county first, those that need no demo next: while one worker makes it, the other never waits."""
    needing = [item.path for item in items if "demo" in getattr(item, "fixturenames", ())]
    first, wanting = needing[:1], set(needing)
    items.sort(key=lambda item: (item.path not in first, item.path in wanting))


def run_xmt(*words: str | Path, cwd: Path | None = None, ok: bool = True) -> subprocess.CompletedProcess[str]:
    """Run `xmt` as a process of its own, as a user does, with a wide terminal; fails the test when it does."""
    env = {**os.environ, "COLUMNS": "200", "PYTHONIOENCODING": "utf-8", "NO_COLOR": "1"}
    done = subprocess.run(
        [*XMT, *map(str, words)], cwd=cwd, env=env, capture_output=True, text=True, encoding="utf-8", check=False, timeout=560
    )
    if ok:
        assert done.returncode == 0, done.stdout + done.stderr
    assert "Traceback" not in done.stdout + done.stderr
    return done


@pytest.fixture(scope="session")
def xmt() -> Callable[..., subprocess.CompletedProcess[str]]:
    """The command, as a process."""
    return run_xmt


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo county after `xmt demo`, in a folder with Chinese, a blank and parentheses; read only, do not change it.

    Workers that run side by side share it: the first makes it, the others wait.
    """
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    folder, made, failed = shared / "演示" / "云岭县 演示(一)", shared / "demo-made", shared / "demo-failed"
    try:
        (shared / "演示").mkdir()
    except FileExistsError:
        while not made.exists():
            assert not failed.exists(), "the demo county could not be made; see the other worker"
            time.sleep(0.5)
        return folder
    try:
        run_xmt("demo", "--into", folder)
    except BaseException:
        failed.touch()
        raise
    made.touch()
    return folder
