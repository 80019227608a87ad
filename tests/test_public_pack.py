"""xmt publish: what goes out is chosen column by column, says what it rests on, and holds nobody's name."""

import hashlib
import json
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal

import openpyxl
import pandas as pd
import pytest
from public_files import rows_of
from support_quarter import small_quarter

from xmt_scoring.errors import ContractError, XmtError
from xmt_scoring.frames import contracts
from xmt_scoring.reports.public_pack import publish
from xmt_scoring.reports.public_tables import (
    ACCOUNT_COLUMNS,
    UNIT_COLUMNS,
    PublicColumn,
    guard,
    is_open,
    public_tables,
    verdict_of_accounts,
)
from xmt_scoring.settings import Settings
from xmt_scoring.workspace import Workspace

QUARTER = "2025Q3"


@pytest.fixture(scope="module")
def quiet(tmp_path_factory):
    """A quarter of the small county in which everything is decided, in a workspace of its own."""
    root = tmp_path_factory.mktemp("公开") / "甲县（一）"
    root.mkdir()
    (root / "xmt.toml").write_text("", encoding="utf-8")
    return Workspace(root), decided()


def decided(**changed):
    """The small quarter without its open rows."""
    from support_quarter import verdict_rows

    data = small_quarter(rows=[row for row in verdict_rows() if row["outcome"] == "fail"], **changed)
    assert not is_open(data)
    return data


def test_unit_and_account_results_go_out_with_exactly_the_scores_of_the_frames(quiet):
    ws, data = quiet
    paths, _ = publish(ws, data)
    folder = paths[0].parent
    units = {row["单位编号"]: row for row in rows_of(folder / f"单位结果_{QUARTER}.csv")}
    accounts = rows_of(folder / f"账号结果_{QUARTER}.csv")
    for row in data.frames["unit_scores"].to_dict("records"):
        assert units[row["unit_id"]]["得分"] == f"{row['score']:.2f}" and units[row["unit_id"]]["名次"] == str(row["rank"])
        own = [Decimal(each["得分"]) for each in accounts if each["单位编号"] == row["unit_id"] and each["是否计分"] == "是"]
        mean = (sum(own) / len(own)).quantize(Decimal("0.01"), ROUND_HALF_UP)
        assert mean == row["score"], "a reader recomputes the unit from the published accounts"
    assert {row["细则状态"] for row in accounts} == {"建议稿"} and {row["结果状态"] for row in accounts} == {"已定"}
    by_id = {row["账号编号"]: row for row in accounts}
    assert (by_id["B1"]["结论"], by_id["B1"]["单项否决"], by_id["D3"]["结论"]) == ("不合格", "V1 严重内容问题", "不计分")


def test_the_workbook_says_the_same_as_the_csv_files(quiet):
    ws, data = quiet
    paths, _ = publish(ws, data)
    folder = paths[0].parent
    book = openpyxl.load_workbook(folder / f"检查结果_{QUARTER}.xlsx")
    assert book.sheetnames == ["方法说明", "单位结果", "账号结果", "数据字典"]
    for name in ("单位结果", "账号结果"):
        lines = [list(line) for line in book[name].iter_rows(min_row=3, values_only=True)]
        rows = rows_of(folder / f"{name}_{QUARTER}.csv")
        assert lines[0] == list(rows[0])
        for line, row in zip(lines[1:], rows, strict=True):
            shown = ["" if cell is None else f"{cell:.2f}" if isinstance(cell, float) else str(cell) for cell in line]
            as_numbers = {"得分"}
            for heading, cell, word in zip(lines[0], shown, row.values(), strict=True):
                same = Decimal(cell) == Decimal(word) if heading in as_numbers and word else cell == word.removeprefix("'")
                assert same, (heading, cell, word)


def test_the_list_holds_the_sha256_of_every_file_and_the_sheet_to_sign_lies_outside(quiet):
    ws, data = quiet
    paths, _ = publish(ws, data)
    folder, sheet = paths[0].parent, paths[-1]
    listed = {row["文件"]: row["sha256"] for row in rows_of(folder / "文件清单.csv")}
    assert set(listed) == {path.name for path in folder.iterdir()} - {"文件清单.csv"}
    for name, digest in listed.items():
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest
    assert sheet.parent == folder.parent and folder.name == "公开"
    cells = [str(cell.value) for line in openpyxl.load_workbook(sheet).active.iter_rows() for cell in line if cell.value]
    assert set(listed.values()) <= set(cells) and "批准公开" in cells and "签字" in cells
    whole = hashlib.sha256((folder / "文件清单.csv").read_bytes()).hexdigest()
    assert whole in cells[1]


def test_the_same_quarter_gives_the_same_bytes(quiet):
    ws, data = quiet
    first = {path.name: path.read_bytes() for path in publish(ws, data)[0]}
    second = {path.name: path.read_bytes() for path in publish(ws, data)[0]}
    assert first == second


def test_every_published_column_stands_in_the_dictionary_with_a_meaning(quiet):
    ws, data = quiet
    folder = publish(ws, data)[0][0].parent
    words = rows_of(folder / f"数据字典_{QUARTER}.csv")
    for name in ("单位结果", "账号结果"):
        told = [row["列名"] for row in words if row["表"] == name]
        assert told == list(rows_of(folder / f"{name}_{QUARTER}.csv")[0])
    assert all(row["含义"] and row["类型"] and row["标识"].isascii() for row in words)
    package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    for resource in package["resources"]:
        path = folder / resource["path"]
        assert resource["hash"] == f"sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}" and resource["bytes"] == path.stat().st_size
        assert [field["name"] for field in resource["schema"]["fields"]] == list(rows_of(path)[0])


def test_csv_files_open_in_a_spreadsheet_and_a_name_never_becomes_a_formula(quiet):
    ws, data = quiet
    folder = publish(ws, data)[0][0].parent
    raw = (folder / f"账号结果_{QUARTER}.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf") and b"\r\n" in raw
    names = [row["账号名称"] for row in rows_of(folder / f"账号结果_{QUARTER}.csv")]
    assert "'=太白山*1" in names
    told = (folder / f"方法说明_{QUARTER}.txt").read_text(encoding="utf-8-sig")
    assert "单引号" in told


def test_with_verdicts_only_no_score_grade_or_rank_goes_out(tmp_path):
    (tmp_path / "xmt.toml").write_text("", encoding="utf-8")
    paths, notes = publish(Workspace(tmp_path), decided(settings=Settings.default(published_results="verdicts")))
    folder = paths[0].parent
    for name in ("单位结果", "账号结果"):
        assert not {"得分", "等次", "名次", "最低", "最高"} & set(rows_of(folder / f"{name}_{QUARTER}.csv")[0])
    assert {row["结论"] for row in rows_of(folder / f"账号结果_{QUARTER}.csv")} == {"合格", "不合格", "不计分"}
    assert "只公布结论" in (folder / f"方法说明_{QUARTER}.txt").read_text(encoding="utf-8-sig")
    assert not [note for note in notes if "评分细则" in note.where], "without points nothing presents the draft scheme as the county's"


def test_a_quarter_with_open_items_is_refused_and_says_whose_and_what_to_do(tmp_path):
    (tmp_path / "xmt.toml").write_text("", encoding="utf-8")
    with pytest.raises(XmtError, match="黄柏塬镇人民政府.*--provisional"):
        publish(Workspace(tmp_path), small_quarter())
    assert not (tmp_path / "reports").exists()


def test_provisional_files_say_so_in_name_and_text_and_lie_in_a_folder_of_their_own(tmp_path):
    (tmp_path / "xmt.toml").write_text("", encoding="utf-8")
    paths, _ = publish(Workspace(tmp_path), small_quarter(), provisional=True)
    folder = paths[0].parent
    assert folder.name == "公开_暂定" and all("暂定" in path.name for path in paths if path.suffix in (".xlsx", ".txt") or "结果" in path.name)
    rows = {row["单位编号"]: row for row in rows_of(folder / f"单位结果_{QUARTER}_暂定.csv")}
    assert (rows["U3"]["结果状态"], rows["U3"]["得分"], rows["U3"]["待定账号数"]) == ("待定", "", "1")
    assert Decimal(rows["U3"]["最低"]) < Decimal(rows["U3"]["最高"])
    for text in (folder / f"方法说明_{QUARTER}_暂定.txt", folder / "datapackage.json"):
        assert "暂定结果" in text.read_text(encoding="utf-8-sig")
    assert "暂定结果" in openpyxl.load_workbook(folder / f"检查结果_{QUARTER}_暂定.xlsx")["单位结果"]["A2"].value


def test_a_quarter_that_is_not_over_is_open_though_nothing_waits():
    data = decided()
    assert is_open(replace(data, as_of=data.period.end.replace(day=29))) and not is_open(replace(data, as_of=data.period.end))
    early = public_tables(replace(data, as_of=data.period.end.replace(day=29)))
    assert set(early[0].rows["结果状态"]) == {"待定"}


@pytest.mark.parametrize(
    ("low", "high", "vetoed", "asked", "scored", "verdict"),
    [
        ("60.00", "60.00", False, None, True, "合格"),
        ("59.99", "59.99", False, None, True, "不合格"),
        ("59.99", "60.00", False, None, True, "待定"),
        ("58.00", "59.99", False, None, True, "不合格"),
        ("90.00", "95.00", False, "V1", True, "待定"),
        ("0.00", "0.00", True, None, True, "不合格"),
        (None, None, False, None, False, "不计分"),
        ("0.00", "0.00", True, None, False, "不合格"),
    ],
)
def test_a_verdict_is_read_off_the_printed_score_at_the_line(low, high, vetoed, asked, scored, verdict):
    data = decided()
    rows = data.frames["account_scores"].head(1)
    dtype = rows["low"].dtype
    changed = rows.assign(
        low=pd.Series([low and Decimal(low)], dtype=dtype), high=pd.Series([high and Decimal(high)], dtype=dtype),
        is_vetoed=vetoed, open_vetoes=pd.Series([asked], dtype="str"), is_scored=scored,
    )  # fmt: skip
    assert verdict_of_accounts(replace(data, frames={**data.frames, "account_scores": changed})).tolist() == [verdict]


PERSONAL = [(name, column.name) for name, frame in contracts().items() for column in frame.columns if column.personal]


@pytest.mark.parametrize(("frame", "name"), [*PERSONAL, ("verdicts", "message"), ("accounts", "note"), ("files", "src_file")])
def test_a_personal_column_free_text_or_a_source_can_never_stand_on_the_list(frame, name):
    guard((*UNIT_COLUMNS, *ACCOUNT_COLUMNS))
    with pytest.raises(ContractError, match=name):
        guard((*UNIT_COLUMNS, PublicColumn(name, frame)))


@pytest.mark.parametrize(("license_name", "told"), [("not_stated", "尚未确定"), ("attribution", "须注明来源"), ("cc_by_4", "CC BY 4.0")])
def test_the_licence_is_the_one_that_the_office_set(tmp_path, license_name, told):
    (tmp_path / "xmt.toml").write_text("", encoding="utf-8")
    folder = publish(Workspace(tmp_path), decided(settings=Settings.default(data_license=license_name)))[0][0].parent
    assert told in (folder / f"方法说明_{QUARTER}.txt").read_text(encoding="utf-8-sig").splitlines()[-1]
    package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    assert [each["name"] for each in package.get("licenses", [])] == {"not_stated": [], "attribution": ["attribution"], "cc_by_4": ["CC-BY-4.0"]}[license_name]


def test_a_file_that_a_person_changed_stays_and_is_named_as_not_for_upload(tmp_path):
    (tmp_path / "xmt.toml").write_text("", encoding="utf-8")
    ws, data = Workspace(tmp_path), decided()
    first = publish(ws, data)[0][0]
    first.write_text("有人加了电话", encoding="utf-8")
    paths, notes = publish(ws, data)
    assert first.read_text(encoding="utf-8") == "有人加了电话" and paths[0].name == f"单位结果_{QUARTER}(2).csv"
    assert any(first.name in note.what and not note.is_fatal for note in notes)
    listed = [row["文件"] for row in rows_of(first.parent / "文件清单.csv")]
    assert paths[0].name in listed and first.name not in listed


@pytest.mark.parametrize(("settings", "told"), [({}, True), ({"bulletin_scores": "units"}, False), ({"published_results": "verdicts"}, False)])
def test_scores_that_the_circular_does_not_show_are_pointed_out_until_somebody_has_decided(tmp_path, settings, told):
    data = decided(settings=Settings.default(**settings))
    _, notes = publish(Workspace(tmp_path), data)
    assert ["公布到什么程度" in note.where for note in notes].count(True) == int(told)
    who = {name: {"by": "某主任", "on": "2026-01-05"} for name in ("bulletin_scores", "published_results")}
    _, notes = publish(Workspace(tmp_path), replace(data, settings=replace(data.settings, decided=who)))
    assert not ["x" for note in notes if "公布到什么程度" in note.where]
