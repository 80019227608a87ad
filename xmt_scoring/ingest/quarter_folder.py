"""A quarter's folder of a workspace: read with the office's own formats and limits, unchanged files from the cache."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from xmt_scoring.ingest.cache import FOLDER, ReadCache
from xmt_scoring.ingest.folder import Imported, import_folder
from xmt_scoring.ingest.formats import FILE_NAME, own_kinds
from xmt_scoring.ingest.grids import limits_of
from xmt_scoring.ingest.platforms import KINDS
from xmt_scoring.periods import Quarter
from xmt_scoring.settings import Settings
from xmt_scoring.workspace import Workspace


def import_quarter_folder(
    ws: Workspace,
    quarter: Quarter,
    settings: Settings,
    known_items: Mapping[str, Sequence[str]],
    progress: Callable[[str], None],
    code: str | None,
) -> Imported:
    """As `import_folder`. `code`: the hash of the program, under which files that were read are kept in
    data/processed/cache/<quarter>; missing: every file is read again and nothing is kept."""
    own, limits, folder = own_kinds(ws.root / FILE_NAME), limits_of(settings), ws.raw(quarter)
    cache = ReadCache(ws.processed(quarter).parent / FOLDER / str(quarter), code, (*own, *KINDS), limits) if code else None
    imported = import_folder(
        folder, quarter, whole_quarter=settings["whole_quarter"], known_items=known_items, progress=progress,
        own_kinds=own, limits=limits, cache=cache,
    )  # fmt: skip
    if cache and not any(problem.is_fatal for problem in imported.problems):  # a folder that cannot be scored says nothing
        cache.clear_unused(folder.parent)
    return imported
