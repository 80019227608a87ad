"""DataTables, as itables carries it, for tables of our pages that people filter and sort: offline, embedded once per page."""

from __future__ import annotations

import json
import re
from functools import cache
from importlib.resources import files

from xmt_scoring.reports.tables import LANGUAGE

_EXPORT = re.compile(r"export\s*\{[^{}]*?([\w$]+) as default[^{}]*\};?")


@cache
def library() -> dict[str, str]:
    """`js`: the library as a script that leaves it under the name DataTable; `css`; `words`: what it says, as JSON.

    The tables stand in the page as plain HTML, so that they can be read and printed without any script.
    """
    folder = files("itables").joinpath("html")
    script = folder.joinpath("dt_bundle.js").read_text(encoding="utf-8")
    script, n_found = _EXPORT.subn(r"const DataTable = \1;", script)
    assert n_found == 1, "itables carries its library in another form"
    style = folder.joinpath("dt_bundle.css").read_text(encoding="utf-8")
    return {"js": script, "css": style, "words": json.dumps(LANGUAGE, ensure_ascii=False)}
