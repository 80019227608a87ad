"""Raw exports and registers → frames. The only room that reads raw files; one small module per platform."""

from xmt_scoring.ingest.folder import Imported, import_folder
from xmt_scoring.ingest.one_file import explain_file
from xmt_scoring.ingest.year_folder import import_year_folder

__all__ = ["Imported", "explain_file", "import_folder", "import_year_folder"]
