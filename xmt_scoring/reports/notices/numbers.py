"""Numbers of notices: in the order of units within kind and year, given once; a number that was given is never given again."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from xmt_scoring.periods import Quarter
from xmt_scoring.workspace import Workspace, make_folder, write_json

FILE = "notices.json"  # in data/processed/<quarter>: what was numbered there


def numbered(ws: Workspace, quarter: Quarter, wanted: Sequence[tuple[str, str, int]]) -> dict[tuple[str, str], int]:
    """(kind, unit_id) → number, for `wanted` (kind, unit_id, year of issue) in order; keeps them in the workspace.

    Who had a number of that year before keeps it; the others get the next free ones of their kind and year over all
    quarters. So the same workspace gives the same numbers, and a unit that joins later does not shift the others.
    """
    own_file = ws.processed(quarter) / FILE
    others = [path for path in sorted(ws.processed(quarter).parent.glob(f"*/{FILE}")) if path != own_file]
    own, taken = _read(own_file), [entry for path in others for entry in _read(path)]
    given = {(entry["kind"], entry["unit_id"], entry["year"]): entry["number"] for entry in own}
    for key in wanted:
        if key not in given:
            kind, _, year = key
            used = [entry["number"] for entry in taken if (entry["kind"], entry["year"]) == (kind, year)]
            used += [number for (its_kind, _, its_year), number in given.items() if (its_kind, its_year) == (kind, year)]
            given[key] = max(used, default=0) + 1
    make_folder(own_file.parent)
    entries = [{"kind": kind, "unit_id": unit, "year": year, "number": number} for (kind, unit, year), number in given.items()]
    write_json(own_file, {"notices": entries})
    return {(kind, unit): given[kind, unit, year] for kind, unit, year in wanted}


def _read(path: Path) -> list[dict[str, Any]]:
    return list(json.loads(path.read_text(encoding="utf-8"))["notices"]) if path.exists() else []
