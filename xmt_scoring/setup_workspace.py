"""A new workspace, and JupyterLab in it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib.resources import files
from pathlib import Path

from xmt_scoring.settings import FILE_NAME, template
from xmt_scoring.workspace import Workspace, make_folder

FOLDERS = ("data/raw", "data/processed", "reports", "notebooks")
LAB_SETTINGS = {
    "translation-extension/plugin": {"locale": "zh_CN"},
    # she is often offline: no news feed and no update check
    "apputils-extension/notification": {"checkForUpdates": False, "fetchNews": "false"},
    # the whole workbench stays drawn: results that are out of sight do not vanish while she scrolls
    "notebook-extension/tracker": {"windowingMode": "none"},
}


def make_workspace(folder: Path, county: str) -> list[Path]:
    """Make what a workspace needs; leave what is there. Returns the files that were written."""
    from xmt_scoring import hints
    from xmt_scoring.reports import text_templates
    from xmt_scoring.reports.register_templates import write_templates

    for name in FOLDERS:
        make_folder(folder / name)
    written = []
    if not (folder / FILE_NAME).exists():
        (folder / FILE_NAME).write_text(template(county), encoding="utf-8")
        written.append(folder / FILE_NAME)
    for source in sorted(files("xmt_scoring").joinpath("notebooks").iterdir(), key=lambda entry: entry.name):
        target = folder / "notebooks" / source.name
        if source.name.endswith(".ipynb") and not target.exists():
            target.write_bytes(source.read_bytes())
            written.append(target)
    forms = folder / "登记表模板"
    if not forms.exists():
        written += write_templates(forms)
    if not (folder / hints.FOLDER).exists():
        written += hints.write_templates(folder / hints.FOLDER)
    return written + text_templates.write_copies(folder / text_templates.FOLDER)


def start_lab(ws: Workspace, browser: bool, port: int) -> int:
    """Run JupyterLab in Chinese in the workspace until it is closed; returns its exit code."""
    settings = ws.root / ".jupyter" / "lab" / "user-settings"
    for name, content in LAB_SETTINGS.items():
        path = settings / "@jupyterlab" / f"{name}.jupyterlab-settings"
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(json.dumps(content, indent=1), encoding="utf-8")
    command = [
        sys.executable, "-m", "jupyterlab", f"--ServerApp.root_dir={ws.root}", f"--ServerApp.port={port}",
        "--LabApp.default_url=/lab/tree/notebooks/00_quarter.ipynb",
    ]  # fmt: skip
    if not browser:
        command.append("--no-browser")
    if hasattr(os, "geteuid") and os.geteuid() == 0:  # it serves this machine only; in a container everybody is root
        command.append("--allow-root")
    env = {**os.environ, "JUPYTERLAB_SETTINGS_DIR": str(settings), "LANGUAGE": "zh_CN"}
    return subprocess.run(command, env=env, check=False).returncode
