"""Kernels for report notebooks: this very Python, encrypted, leaving nothing behind; kept from one notebook to the next."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

FORGET = "get_ipython().reset(new_session=True)"  # names, outputs and the count of cells; imported modules stay


def own_kernel(scratch: Path) -> type:
    """A kernel manager that starts this very Python, whatever kernels a user has installed, and leaves nothing behind."""
    from jupyter_client.kernelspec import KernelSpec
    from jupyter_client.manager import AsyncKernelManager

    # -P and ignore_cwd: a file of the workspace named like a library must not be imported in its place
    command = [sys.executable, "-P", "-m", "ipykernel_launcher", "-f", "{connection_file}", "--IPKernelApp.ignore_cwd=True"]
    spec = KernelSpec(
        argv=command, display_name="xmt", language="python", metadata={"supported_encryption": ["curve"]},
        env={"IPYTHONDIR": str(scratch / "ipython"), "PYTHONWARNINGS": "default"},
    )  # fmt: skip

    class OwnKernel(AsyncKernelManager):
        kernel_spec = spec

        def __init__(self, **traits: Any) -> None:
            # encrypted, because an unencrypted kernel prints a warning and can be read by others on a shared machine
            traits.update(transport_encryption="auto", connection_file=str(scratch / "kernel.json"))
            super().__init__(**traits)
            self.handed_out: list[Any] = []

        def client(self, **traits: Any) -> Any:
            # a notebook's run leaves its channels open where the kernel is not its own
            self.handed_out.append(super().client(**traits))
            return self.handed_out[-1]

        def close_channels(self) -> None:
            while self.handed_out:
                self.handed_out.pop().stop_channels()

        async def start_kernel(self, **launch: Any) -> None:  # type: ignore[override]
            # being stopped at the end, a kernel writes "KeyboardInterrupt" on the user's terminal
            await self._async_start_kernel(**{**launch, "stderr": subprocess.DEVNULL})

    return OwnKernel


@contextmanager
def kept_kernel(workspace: Path) -> Iterator[Any]:
    """A running kernel in the folder `workspace` for several notebooks after one another, in one thread; stopped at the end.

    Between two notebooks call `forget`. Starting a kernel and importing pandas and plotly in it takes longer than a unit's page.
    """
    from jupyter_core.utils import run_sync

    with tempfile.TemporaryDirectory(prefix="xmt-", ignore_cleanup_errors=True) as scratch:
        manager = own_kernel(Path(scratch))()
        run_sync(manager.start_kernel)(cwd=str(workspace))
        try:
            yield manager
        finally:
            manager.close_channels()
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                run_sync(manager.shutdown_kernel)(now=True)


def forget(manager: Any) -> bool:
    """Empty the kernel's names; whether it still answers."""
    from jupyter_core.utils import run_sync

    manager.close_channels()

    async def ask() -> bool:
        client = manager.client()
        client.start_channels()
        try:
            answer = await client.execute(FORGET, silent=True, store_history=False, reply=True, timeout=60)
        except (RuntimeError, TimeoutError):
            return False
        finally:
            manager.close_channels()
        return bool(answer["content"]["status"] == "ok")

    return run_sync(ask)()


def close_loop() -> None:
    """Close the event loop that this thread's kernels used, at the thread's end: nobody else does."""
    from jupyter_core.utils import ensure_event_loop

    ensure_event_loop().close()
