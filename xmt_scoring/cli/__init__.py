"""The command `xmt`: one file per group of commands; `commands.py` binds them, `shared.py` holds what they share."""

from xmt_scoring.cli.commands import app, main

__all__ = ["app", "main"]
