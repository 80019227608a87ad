"""Text hints over posts: proposals for a person, never findings, never points (arts. 8, 11, 19)."""

from xmt_scoring.hints.find import find_hints
from xmt_scoring.hints.lists import FOLDER, WordLists, load_lists, write_templates

__all__ = ["FOLDER", "WordLists", "find_hints", "load_lists", "write_templates"]
