"""Nobody's name, phone, number or message reaches a public file: planted in the demo county's inputs, and looked for."""

import csv
import shutil
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from public_files import words_in

from xmt_scoring.frames import contracts
from xmt_scoring.pipeline import check_quarter, default_as_of, import_quarter, open_quarter, score_quarter
from xmt_scoring.reports.public_pack import publish
from xmt_scoring.workspace import Workspace

QUARTER = "2025Q3"
PERSON, READER, PHONE, IDENTITY = "欧阳测甲", "上官网友", "13912345678", "610331199001011234"
MESSAGE, REPLY, FOUND, TITLE = "巷口第三根路灯不亮了", "已请电工当天修好", "公示里写了慕容某的住址", "走访慰问司马老人侧记"


def cells_of(path: Path, sheet: str):
    book = openpyxl.load_workbook(path)
    page = book[sheet]
    heads = max(page.iter_rows(max_row=3), key=lambda line: sum(cell.value is not None for cell in line))
    return book, page, {cell.value: cell.column for cell in heads}


def plant(path: Path, sheet: str, **values: str) -> None:
    """Write values into the last filled row of a register."""
    book, page, columns = cells_of(path, sheet)
    row = max(cell.row for cell in page["A"] if cell.value is not None)
    for heading, value in values.items():
        page.cell(row, columns[heading]).value = value
    book.save(path)


@pytest.fixture(scope="module")
def planted(demo, tmp_path_factory):
    """The demo's third quarter again, with names, phones, identity numbers and texts put into the raw files, and published."""
    root = tmp_path_factory.mktemp("planted") / "县"
    raw = root / "data" / "raw" / QUARTER
    shutil.copytree(demo / "data" / "raw" / QUARTER, raw)
    text = (demo / "xmt.toml").read_text(encoding="utf-8")
    decision = f'\n[decided.reply_unit]\nby = "{PERSON}"\non = 2025-01-05\ndocument = "云政办〔2025〕1号"\n'
    (root / "xmt.toml").write_text(text + decision, encoding="utf-8")
    plant(raw / "人员.xlsx", "人员", 姓名=PERSON, 联系电话=PHONE)
    plant(raw / "留言.xlsx", "留言", 留言用户=READER, 留言主题=MESSAGE, 留言详情=MESSAGE + PHONE, 答复意见=REPLY)
    plant(raw / "审核记录.xlsx", "审核记录", 审核人=PERSON)
    plant(raw / "人工核查.xlsx", "发现的问题", 问题描述=f"{FOUND}，证件号 {IDENTITY}，电话 {PHONE}", 检查人=PERSON)
    plant(raw / "账号备案台账.xlsx", "备案表", 主管领导=PERSON, 运维人员=READER, 备注=PHONE)
    book, page, columns = cells_of(raw / "账号备案台账.xlsx", "账号")
    for row in range(3, page.max_row + 1):
        if page.cell(row, columns["账号编号"]).value == "YLWX04":
            page.cell(row, columns["账号名称"]).value = f"云岭民政{PHONE}"
            page.cell(row, columns["备注"]).value = PERSON
    book.save(raw / "账号备案台账.xlsx")
    book, page, columns = cells_of(raw / "单位.xlsx", "单位")
    page.cell(3, columns["备注"]).value = f"联系 {PERSON} {PHONE}"
    book.save(raw / "单位.xlsx")
    (raw / PERSON).mkdir()
    (raw / "假冒账号.xlsx").rename(raw / PERSON / f"{READER}交来.xlsx")
    weibo = next(path for path in (raw / "微博").rglob("*.csv"))
    lines = weibo.read_bytes().decode("utf-8-sig").replace("值班安排提示", TITLE)
    weibo.write_bytes(lines.encode("utf-8-sig"))
    ws = Workspace(root)
    quarter = ws.settings.quarter(QUARTER)
    import_quarter(ws, quarter, default_as_of(ws, quarter))
    check_quarter(ws, quarter)
    score_quarter(ws, quarter)
    paths, _ = publish(ws, open_quarter(ws, quarter), provisional=True)  # the changed name leaves exports unclaimed
    return ws, quarter, paths


def test_names_phones_identity_numbers_and_messages_never_reach_a_public_file(planted):
    ws, quarter, paths = planted
    frames = open_quarter(ws, quarter).frames
    everything = "\n".join(frame.to_csv() for frame in frames.values())
    secrets = [PERSON, READER, PHONE, IDENTITY, MESSAGE, REPLY, FOUND, TITLE]
    assert [secret for secret in secrets if secret not in everything] == [], "all of them were really in the data"
    said = words_in(paths[0].parent) | words_in_one(paths[-1])
    assert len(said) > 20
    leaks = [(secret, where) for secret in secrets for where, text in said.items() if secret in text]
    assert leaks == []


def words_in_one(path: Path) -> dict[str, str]:
    """The sheet to be signed, which lies beside the folder, alone."""
    folder = path.parent / "单独"
    folder.mkdir(exist_ok=True)
    shutil.copy(path, folder)
    return words_in(folder)


def test_real_texts_of_the_quarter_are_not_there_either(planted):
    """Not only what was planted: no message, title, description or name that the frames hold."""
    ws, quarter, paths = planted
    frames = open_quarter(ws, quarter).frames
    texts = {
        str(value)
        for name, frame in frames.items()
        for column in contracts()[name].columns
        if (column.personal or column.name in ("message", "description", "text", "title", "reasons"))
        for value in frame[column.name].dropna().unique()
        if len(str(value)) >= 6
    }
    assert len(texts) > 100
    said = "\n".join(words_in(paths[0].parent).values())
    assert [text for text in texts if text in said] == []


def test_a_decision_is_published_with_its_document_but_without_who_made_it(planted):
    _, _, paths = planted
    told = (paths[0].parent / f"方法说明_{QUARTER}_暂定.txt").read_text(encoding="utf-8-sig")
    assert "云政办〔2025〕1号" in told and "2025-01-05 决定" in told


def test_the_command_publishes_the_demo_and_refuses_its_open_quarter(xmt, demo, tmp_path):
    shutil.copytree(demo / "data" / "processed", tmp_path / "县" / "data" / "processed")
    shutil.copy(demo / "xmt.toml", tmp_path / "县" / "xmt.toml")
    told = xmt("--workspace", tmp_path / "县", "publish", "2025Q3").stdout
    assert "文件清单.csv" in told and "公开数据签发单_2025Q3.xlsx" in told
    refused = xmt("--workspace", tmp_path / "县", "publish", "2025Q4", ok=False)
    assert (refused.returncode, "--provisional" in refused.stdout) == (1, True)
    missing = xmt("--workspace", tmp_path / "县", "publish", "2030Q1", ok=False)
    assert (missing.returncode, "xmt run 2030Q1" in missing.stdout) == (1, True)
    with (tmp_path / "县" / "reports" / "2025Q3" / "公开" / "单位结果_2025Q3.csv").open(encoding="utf-8-sig", newline="") as stream:
        assert len(list(csv.reader(stream))) == 1 + len(pd.read_parquet(demo / "data" / "processed" / "2025Q3" / "units.parquet"))
