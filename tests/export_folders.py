"""A quarter's folder with small exports and registers, and what its import said, for the stories about ingest."""

from pathlib import Path

import openpyxl
import pandas as pd

from xmt_scoring.ingest import import_folder
from xmt_scoring.periods import Quarter

Q = Quarter.parse("2026Q3")
ACCOUNTS = [
    # id, name, platform, number at the platform, alias of folders
    ("林业微信", "太白林业", "微信公众号", "gh_0a1b2c3d", None),
    ("林业抖音", "太白林业", "抖音", "tblyj2021", "林业dy"),
    ("水利抖音", "太白水利", "抖音", None, None),
    ("水利二抖音", "太白水利质监", "抖音", None, None),
    ("林业微博", "太白林业发布", "微博", "3937348351", None),
    ("07", "短号", "抖音", None, None),
]
WORKS = ["作品名称", "发布时间", "体裁", "审核状态", "播放量", "点赞量"]
CRAWLED = ["id", "bid", "正文", "日期", "点赞数", "评论数", "转发数"]


def book(path: Path, *rows, sheet="Sheet1"):
    path.parent.mkdir(parents=True, exist_ok=True)
    made = openpyxl.Workbook()
    made.active.title = sheet
    for row in rows:
        made.active.append(row)
    made.save(path)
    return path


def works(path: Path, *days, status="公开", top=WORKS, above=()):
    return book(path, *above, top, *[[f"作品 {day}", day, "图文", status, "12", "3"] for day in days])


def crawled(path: Path, *days, first=0):
    lines = [CRAWLED, *[[f"51057642747988{n:02}", f"Pbid{n:05}", "文", day, "1", "2", "3"] for n, day in enumerate(days, first)]]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(",".join(line) for line in lines), encoding="utf-8-sig")
    return path


def registers_only(tmp_path: Path) -> Path:
    """The registers alone, in a folder with Chinese, a blank and parentheses."""
    place = tmp_path / "第三季度 (副本)"
    book(place / "登记" / "单位.xlsx", ["单位", "单位名称"], ["u1", "太白县林业局"], sheet="单位")
    book(
        place / "登记" / "台账.xlsx",
        ["账号", "账号名称", "平台", "平台账号ID", "文件夹别名", "主办单位", "开设日期", "账号状态"],
        *[[*account, "u1", "2020-01-01", "运行"] for account in ACCOUNTS],
        sheet="账号",
    )
    return place


def listed(folder: Path, *rows):
    """导出文件清单: file, account, from, to, covers."""
    book(folder / "导出文件清单.xlsx", ["文件", "账号", "起始日", "截止日", "数据内容"], *[[*row, *[None] * (5 - len(row))] for row in rows])


def imported(folder: Path, whole_quarter=False):
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    made = import_folder(folder, Q, whole_quarter=whole_quarter, known_items={})
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before, "the raw folder was changed"
    conserved(made)
    return made


def conserved(made):
    """Every row that came in is kept, set aside with its place, or named as no data."""
    files, quarantine = made.frames["files"], made.frames["quarantine"]
    assert (files["n_rows"] == files["n_kept"] + files["n_quarantined"] + files["n_no_data_rows"]).all()
    aside = quarantine.groupby("src_file").size()
    expected = files.groupby("file")["n_quarantined"].sum()
    assert aside.reindex(expected.index, fill_value=0).tolist() == expected.tolist()
    for kind in ("posts", "daily_counts", "followers", "profiles"):
        counted = files[files["kind"] == kind].groupby("file")["n_kept"].sum()
        rows = made.frames[kind]
        kept = rows[rows["src_file"].isin(counted.index)].groupby("src_file").size()
        assert kept.reindex(counted.index, fill_value=0).tolist() == counted.tolist()


def told(made):
    return "\n".join(str(problem) for problem in made.problems)


def owner(made, name):
    (account,) = made.frames["files"].set_index("file").loc[[name], "account_id"]
    return None if pd.isna(account) else account


def coverage(made, covers="posts"):
    rows = made.frames["coverage"].query("covers == @covers")
    return [
        (row.account_id, f"{row.covers_from:%m-%d}", f"{row.covers_to:%m-%d}", row.coverage_basis, row.proves_absence)
        for row in rows.itertuples()
    ]
