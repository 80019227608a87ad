"""Notices read back in tests: the text of a .docx as a reader sees it, and its tables."""

from pathlib import Path


def paragraphs(path: Path) -> list[str]:
    """The paragraphs outside tables that are not empty."""
    import docx

    return [line.text for line in docx.Document(str(path)).paragraphs if line.text]


def tables(path: Path) -> list[list[list[str]]]:
    """Every table as rows of cells."""
    import docx

    return [[[cell.text for cell in row.cells] for row in table.rows] for table in docx.Document(str(path)).tables]


def whole(path: Path) -> str:
    """All text."""
    return "\n".join([*paragraphs(path), *("\t".join(row) for table in tables(path) for row in table)])
