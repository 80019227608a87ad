"""LibreOffice calculates the score workbook anew, and every formula keeps the library's number."""

from pathlib import Path

import pandas as pd
import pytest
from recalculation import FOREIGN_BARS
from recalculation import recalculated as recalculated_books
from support_quarter import UNITS, row, small_quarter, verdict_rows, written
from workbook_cells import cells, number, table

from xmt_scoring.settings import Settings

pytestmark = FOREIGN_BARS


def rescaled_units() -> dict:
    """Twenty units with two to eight accounts whose scores have odd hundredths: many means end in half a hundredth."""
    accounts = {f"K{unit:02}{n}": (f"U{unit:02}", True, f"账号{unit}之{n}", "wechat_oa") for unit in range(20) for n in range(2 + unit % 7)}
    rows = []
    for at, (account, (unit, *_)) in enumerate(accounts.items()):
        rows.append(row("art11_message_reply", account, outcome="not_applicable", unit=unit))
        rows += [row("art11_typo", account, f"{account}|{n}", severity="general", unit=unit) for n in range(at * 7 % 12)]
    units = {f"U{unit:02}": f"第{unit}局" for unit in range(20)}
    return {"rows": rows, "accounts": accounts, "units": units, "settings": Settings.default(na_policy="rescale")}


def cases() -> dict[str, dict]:
    """Quarters that use every form of the formulas."""
    four = {f"W{n}": ("U1" if n < 5 else "U2", True, f"账号{n}", "wechat_oa") for n in range(1, 6)}
    decided = [each for each in verdict_rows() if each["outcome"] == "fail"]
    return {
        "待定": {},
        "已定": {"rows": decided},
        "全满分": {"rows": []},
        "取最低": {"rows": decided, "settings": Settings.default(unit_rollup="min", vetoed_account_in_unit="exclude")},
        "主账号加权": {"settings": Settings.default(unit_rollup="weighted", main_account_weight=3)},
        "地方否决": {"settings": Settings.default(local_veto_personal_data=True, unfixed_loss=True)},
        "不计否决": {"settings": Settings.default(vetoed_account_in_unit="exclude")},
        "折算": {"rows": [*decided, *(row("art11_message_reply", one, outcome="not_applicable") for one in ("W1", "W2"))], "settings": Settings.default(na_policy="rescale")},
        "平均": {"rows": [row("art11_typo", "W1", "T1", severity="general")], "accounts": four, "units": {"U1": "甲局", "U2": "乙局", "U4": "没有账号的局"}},
        "许多平均": rescaled_units(),
    }  # fmt: skip


@pytest.fixture(scope="module")
def recalculated(tmp_path_factory) -> dict[str, tuple[Path, Path]]:
    """Each case as written, and after LibreOffice has calculated every formula anew."""
    folder = tmp_path_factory.mktemp("重算")
    sources = [written(folder, f"{name}.xlsx", **changed) for name, changed in cases().items()]
    sources.append(folder / "对照.xlsx")
    import xlsxwriter

    with xlsxwriter.Workbook(sources[-1]) as control:
        control.add_worksheet().write_formula(0, 0, "=1+1", None, 7)
    return recalculated_books(folder, sources)


def test_libreoffice_really_calculates_anew_in_this_test(recalculated):
    assert [cell.value for cell in cells(recalculated["对照"][1])] == [2]


@pytest.mark.parametrize("name", list(cases()))
def test_a_recalculation_leaves_every_formula_at_the_value_of_the_library(recalculated, name):
    from openpyxl import load_workbook

    before, after = recalculated[name]
    formulas = [cell for cell in cells(before, data_only=False) if cell.data_type == "f"]
    stored, anew = load_workbook(before, data_only=True), load_workbook(after, data_only=True)
    differing = [
        (cell.parent.title, cell.coordinate, cell.value, old, new)
        for cell in formulas
        for old, new in [(stored[cell.parent.title][cell.coordinate].value, anew[cell.parent.title][cell.coordinate].value)]
        if old != new
    ]
    assert formulas and not differing


@pytest.mark.parametrize("name", list(cases()))
def test_the_recalculated_scores_are_those_of_the_frames(recalculated, name):
    frames = small_quarter(**cases()[name]).frames
    accounts, units = table(recalculated[name][1], "账号得分"), table(recalculated[name][1], "单位得分").set_index("单位")
    for line in frames["account_scores"].itertuples():
        shown = accounts.set_index("账号").loc[line.account_name, "得分"]
        assert shown == ("待定" if line.is_scored else "不计分") if pd.isna(line.score) else number(shown) == line.score
    for line in frames["unit_scores"].itertuples():
        shown, rank = units.loc[line.unit_name, "得分"], units.loc[line.unit_name, "名次"]
        empty = line.n_accounts_scored == 0
        assert shown == ("不计分" if empty else "待定") if pd.isna(line.score) else number(shown) == line.score
        assert pd.isna(line.rank) or int(rank) == line.rank


def test_equal_scores_share_a_rank_and_means_are_rounded_half_up(recalculated):
    assert table(recalculated["全满分"][1], "单位得分")["名次"].tolist() == [1, 1, 1]
    units = table(recalculated["平均"][1], "单位得分").set_index("单位")
    assert units.loc["甲局", "得分"] == 99.88  # 399.5 / 4 = 99.875
    assert units.loc["乙局", ["得分", "名次"]].tolist() == [100, 1]
    scaled = table(recalculated["折算"][1], "账号得分").set_index("账号")["得分"]
    assert (scaled["太白林业"], scaled["太白林业服务"]) == (94.19, 91.86)  # (86 − 5) / 86 and (86 − 7) / 86
    assert table(recalculated["折算"][1], "单位得分").set_index("单位").loc[UNITS["U1"], "得分"] == 93.03  # 93.025
    assert units.loc["没有账号的局", ["得分", "名次", "等次"]].tolist() == ["不计分", "—", "不计分"]
