"""Workbooks calculated anew by LibreOffice, and filled in as a person fills them in."""

import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from workbook_cells import HEADER, number, table

ALWAYS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry"><item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item></oor:items>"""
# LibreOffice writes its bars with an extension that openpyxl does not know
FOREIGN_BARS = pytest.mark.filterwarnings("ignore:.*xtension is not supported:UserWarning")


def recalculated(folder: Path, sources: Sequence[Path]) -> dict[str, tuple[Path, Path]]:
    """Name of each book → the book as written, and after every formula was calculated anew. Skips without LibreOffice."""
    if not shutil.which("soffice"):
        pytest.skip("没有 LibreOffice(Debian:libreoffice-calc)")
    profile = folder / "profile"
    (profile / "user").mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").write_text(ALWAYS, encoding="utf-8")
    command = ["soffice", f"-env:UserInstallation={profile.as_uri()}", "--headless", "--convert-to", "xlsx", "--outdir", str(folder / "out")]
    subprocess.run([*command, *map(str, sources)], check=True, capture_output=True, timeout=300)
    return {source.stem: (source, folder / "out" / source.name) for source in sources}


def fill_in(source: Path, target: Path, reviews: Mapping[str, object], answers: Mapping[str, str]) -> Path:
    """Type 复核扣分 beside losses (by 扣分编号, or by 事由 where there is none) and 否决核查 beside accounts (by name)."""
    book = openpyxl.load_workbook(source)
    for sheet, keys, column, told in (("扣分明细", ("扣分编号", "事由"), "复核扣分", reviews), ("账号得分", ("账号",), "否决核查", answers)):
        page, top = book[sheet], HEADER[sheet] + 1
        places = {cell.value: cell.column for cell in page[top]}
        found = set()
        for line in range(top + 1, page.max_row + 1):
            names = [page.cell(line, places[key]).value for key in keys]
            name = next((name for name in names if name in told), None)
            if name is not None:
                cell = page.cell(line, places[column])
                assert not cell.protection.locked, f"{name} cannot be typed in"
                cell.value = told[name]
                found.add(name)
        assert found == set(told)
    book.save(target)
    return target


def assert_same_scores(book: Path, accounts: pd.DataFrame, units: pd.DataFrame) -> None:
    """Both ends, score, grade and rank of every account and unit on the sheets are those of the frames."""
    register = table(book, "账号得分").set_index(["账号", "平台"])
    for line in accounts.itertuples():
        shown = register.xs(line.account_name, level="账号")
        shown = shown.iloc[0] if len(shown) == 1 else shown.loc[line.spoken_platform]
        if not line.is_scored:
            assert shown["得分"] == "不计分"
            continue
        assert (number(shown["最低"]), number(shown["最高"])) == (line.low, line.high), line.account_name
        assert shown["得分"] == "待定" if pd.isna(line.score) else number(shown["得分"]) == line.score, line.account_name
        assert str(shown["等次"]).split("（")[0] == ("待定" if pd.isna(line.grade) else line.grade), line.account_name
    printed = table(book, "单位得分").set_index("单位")
    for line in units.itertuples():
        shown = printed.loc[line.unit_name]
        if line.n_accounts_scored == 0:
            assert shown["得分"] == "不计分"
            continue
        assert (number(shown["最低"]), number(shown["最高"])) == (line.low, line.high), line.unit_name
        assert shown["得分"] == "待定" if pd.isna(line.score) else number(shown["得分"]) == line.score, line.unit_name
        assert str(shown["等次"]).split("（")[0] == ("待定" if pd.isna(line.grade) else line.grade), line.unit_name
        ends = str(line.rank_best) if line.rank_best == line.rank_worst else f"{line.rank_best}–{line.rank_worst}"
        assert str(shown["名次"]).split("（")[0] == ends, line.unit_name
