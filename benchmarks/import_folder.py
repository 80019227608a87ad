"""Importing a quarter's folder of 200 mixed exports with 200,000 rows beside the bare readers, in turn in one process.

    python benchmarks/import_folder.py [--runs 5] [--files 200] [--rows 200000]

The files: 抖音 and 公众号 lists as xlsx, 公众号 lists as xls (BIFF), 视频号 csv in UTF-8 with BOM and in GB18030, archived
微博 csv, 公众号用户增长 as HTML called .xls; beside them the two registers that an import needs. Sizes vary around the mean.

    bare    `CalamineWorkbook.to_python` of every sheet, `pandas.read_csv` of every csv. The HTML files, which neither of
            the two reads, count as nothing here.
    import  `import_folder`: everything from hashing to conserved and attributed rows in frames.

Prints medians of seconds and CPU seconds and their ratios; stops when a row is lost.
"""

from __future__ import annotations

import argparse
import io
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import xlsxwriter
import xlwt
from python_calamine import CalamineWorkbook

from xmt_scoring.ingest import import_folder
from xmt_scoring.periods import Quarter

QUARTER = Quarter(2025, 3)
Row = list[str]
PLATFORM = {"dy": "抖音", "wx": "微信公众号", "sph": "微信视频号", "wb": "微博"}
WORKS = [
    "作品名称", "发布时间", "体裁", "审核状态", "播放量", "完播率", "5s完播率", "封面点击率", "2s跳出率", "平均播放时长",
    "点赞量", "分享量", "评论量", "收藏量", "主页访问量", "粉丝增量",
]  # fmt: skip
NOTIFIED = [
    "内容标题", "发表时间", "总阅读人数", "总阅读次数", "总分享人数", "总分享次数", "阅读后关注人数", "送达人数", "公众号消息阅读次数",
    "送达阅读率", "首次分享次数", "分享产生阅读次数", "首次分享率", "每次分享带来阅读次数", "阅读完成率", "内容url",
]  # fmt: skip
CHANNELS = [
    "视频描述", "视频ID", "发布时间", "完播率", "平均播放时长", "播放量", "推荐", "喜欢", "评论量", "分享量", "关注量",
    "转发聊天和朋友圈", "设为铃声", "设为状态", "设为朋友圈封面",
]  # fmt: skip
CRAWLED = ["id", "bid", "正文", "头条文章url", "原始图片url", "视频url", "位置", "日期", "工具", "点赞数", "评论数", "转发数", "话题", "@用户"]
GROWTH = ["时间", "新关注人数", "取消关注人数", "净增关注人数", "累积关注人数"]


def _at(file: int, row: int) -> pd.Timestamp:
    return pd.Timestamp("2025-07-01") + pd.Timedelta(minutes=(131 * row + 7 * file) % 130_000)


def works(file: int, row: int) -> Row:
    """A line of 抖音 作品列表."""
    counts = [str(row % 300), str(row % 40), str(row % 17), "-", str(row % 90), str(row % 5)]
    first = [f"第{row}条 天气与出行提示 {file}", f"{_at(file, row):%Y-%m-%d %H:%M:%S}", "1min-视频", "公开", str(row * 7 % 90_000)]
    return [*first, "0.074074", "0.31", "-", "0.42", "16.63", *counts]


def notified(file: int, row: int) -> Row:
    """A line of 公众号 已通知内容."""
    url = f"http://mp.weixin.qq.com/s?__biz=MzA5&mid={file * 100_000 + row}&idx=1&sn=0a1b2c3d4e5f"
    counts = [str(row % 5_000), str(row % 6_000), "3", "4", "1", "9800", "77", "12.5%", "2", "31", "0.2%", "7.75", "61.2%"]
    return [f"关于做好第{row}号工作的通知", f"{_at(file, row):%Y%m%d}", *counts, url]


def channels(file: int, row: int) -> Row:
    """A line of 视频号 单篇视频."""
    first = [f"第{row}个视频,今日“要闻”", f"export/UzFfBgAA{file:04}{row:08}", f"{_at(file, row):%Y/%m/%d}", "31.2%", "16.63"]
    return [*first, str(row * 3 % 40_000), str(row % 80), str(row % 70), str(row % 9), str(row % 11), "0", "2", "0", "0", "0"]


def crawled(file: int, row: int) -> Row:
    """A line of a 微博 archive."""
    text = f"【第{row}号通报】今天,全县召开会议,研究部署第三季度重点工作,要求各单位按时报送。" * 2
    first = [str(5_105_764_000_000_001 + file * 100_000 + 2 * row), f"P{file:03}b{row:05}", text, "", "", "", "", f"{_at(file, row):%Y-%m-%d}"]
    return [*first, "微博网页版", str(row % 60), str(row % 30), str(row % 20), "", ""]


def write_xlsx(path: Path, headings: Row, rows: list[Row]) -> None:
    """A workbook in which every cell is text, as the platforms write it."""
    book = xlsxwriter.Workbook(path, {"strings_to_urls": False})
    sheet = book.add_worksheet("Sheet1")
    for number, row in enumerate([headings, *rows]):
        for column, cell in enumerate(row):
            sheet.write_string(number, column, cell)
    book.close()


def write_xls(path: Path, headings: Row, rows: list[Row]) -> None:
    """A workbook of Excel 97-2003."""
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("Sheet1")
    for number, row in enumerate([headings, *rows]):
        for column, cell in enumerate(row):
            sheet.write(number, column, cell)
    book.save(str(path))


def write_csv(path: Path, headings: Row, rows: list[Row], encoding: str) -> None:
    """A text with commas."""
    text = pd.DataFrame(rows, columns=headings, dtype="str").to_csv(index=False, lineterminator="\r\n")
    path.write_bytes(text.encode(encoding))


def write_html(path: Path) -> None:
    """用户增长 of 92 days: a page with cells th, called .xls."""
    days = pd.date_range("2025-07-01", "2025-09-30")
    lines = "".join(f"<tr><th>{day:%Y-%m-%d}</th><th>12</th><th>3</th><th>9</th><th>{4_000 + n}</th></tr>" for n, day in enumerate(days))
    top = "".join(f"<th rowspan=2>{word}</th>" for word in GROWTH)
    title = "<tr><th colspan=10>用户增长(2025-07-01至2025-09-30)</th></tr>"
    path.write_text(f"<html><meta charset=UTF-8><table>{title}<tr>{top}</tr><tr></tr>{lines}</table></html>", encoding="utf-8")


# of the lists; one file in ten is HTML beside them
FORMS: list[tuple[str, str, Callable[[int, int], Row], Row, Callable[[Path, Row, list[Row]], None]]] = [
    ("dy", ".xlsx", works, WORKS, write_xlsx),
    ("wx", ".xlsx", notified, NOTIFIED, write_xlsx),
    ("sph", ".csv", channels, CHANNELS, lambda path, top, rows: write_csv(path, top, rows, "utf-8-sig")),
    ("wb", ".csv", crawled, CRAWLED, lambda path, top, rows: write_csv(path, top, rows, "utf-8-sig")),
    ("dy", ".xlsx", works, WORKS, write_xlsx),
    ("wx", ".xls", notified, NOTIFIED, write_xls),
    ("sph", ".csv", channels, CHANNELS, lambda path, top, rows: write_csv(path, top, rows, "gb18030")),
    ("wx", ".xlsx", notified, NOTIFIED, write_xlsx),
    ("wb", ".csv", crawled, CRAWLED, lambda path, top, rows: write_csv(path, top, rows, "gb18030")),
]


def write_folder(folder: Path, n_files: int, n_rows: int) -> int:
    """The folder; returns how many rows its exports hold."""
    n_html = n_files // 10
    n_lists = n_files - n_html
    weights = [1 + file % 4 for file in range(n_lists)]
    left, written, accounts = n_rows - 92 * n_html, 0, []
    for file in range(n_lists):
        platform, suffix, line, top, write = FORMS[file % len(FORMS)]
        account = f"{platform}{file:03}"
        accounts.append([account, f"太白账号{file:03}", PLATFORM[platform], account, "u1", "2020-01-01", "运行"])
        (folder / account).mkdir(parents=True)
        size = left * sum(weights[: file + 1]) // sum(weights) - written
        write(folder / account / f"导出{suffix}", top, [line(file, row) for row in range(size)])
        written += size
    wechat = [row[0] for row in accounts if row[2] == "微信公众号"]
    for number in range(n_html):
        write_html(folder / wechat[number % len(wechat)] / f"user_analysis ({number}).xls")
    write_xlsx(folder / "单位.xlsx", ["单位编号", "单位名称"], [["u1", "太白县林业局"]])
    write_xlsx(folder / "台账.xlsx", ["账号编号", "账号名称", "平台", "文件夹别名", "主办单位", "开设日期", "账号状态"], accounts)
    return written + 92 * n_html


def bare(folder: Path) -> int:
    """Only the readers; returns the rows that they saw."""
    seen = 0
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        data = path.read_bytes()
        if path.suffix == ".csv":
            encoding = "utf-8-sig" if data.startswith(b"\xef\xbb\xbf") else "gb18030"
            seen += len(pd.read_csv(io.BytesIO(data), encoding=encoding))
        elif not data.startswith(b"<"):
            book = CalamineWorkbook.from_filelike(io.BytesIO(data))
            seen += sum(len(book.get_sheet_by_name(name).to_python(skip_empty_area=False)) - 1 for name in book.sheet_names)
    return seen


def imported(folder: Path, expected: int) -> int:
    """The importer; no row may be lost."""
    made = import_folder(folder, QUARTER, whole_quarter=False, known_items={})
    files, frames = made.frames["files"], made.frames
    exports = files[files["kind"].isin(["posts", "followers"])]
    assert (files["n_rows"] == files["n_kept"] + files["n_quarantined"] + files["n_no_data_rows"]).all()
    kept = len(frames["posts"]) + len(frames["followers"])
    assert (int(exports["n_rows"].sum()), kept) == (expected, int(exports["n_kept"].sum())), "rows were lost"
    return kept


def main() -> None:
    """Measure in turn."""
    given = argparse.ArgumentParser()
    for name, default in (("--runs", 5), ("--files", 200), ("--rows", 200_000)):
        given.add_argument(name, type=int, default=default)
    options = given.parse_args()
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made) / "2025Q3"
        folder.mkdir()
        expected = write_folder(folder, options.files, options.rows)
        calls: dict[str, Callable[[], int]] = {"bare": lambda: bare(folder), "import": lambda: imported(folder, expected)}
        taken: dict[str, list[tuple[float, float]]] = {name: [] for name in calls}
        for _ in range(options.runs):
            for name, call in calls.items():
                start, cpu = time.perf_counter(), time.process_time()
                call()
                taken[name].append((time.perf_counter() - start, time.process_time() - cpu))
    median = {name: [statistics.median(part) for part in zip(*times, strict=True)] for name, times in taken.items()}
    print(f"{options.files} files, {expected:,} rows, {options.runs} runs in turn, medians")
    for name, (wall, cpu) in median.items():
        ratios = f"{wall / median['bare'][0]:.2f} ×, CPU {cpu / median['bare'][1]:.2f} × bare"
        print(f"{name:8} {wall:6.2f} s, CPU {cpu:6.2f} s · {ratios}")


if __name__ == "__main__":
    main()
