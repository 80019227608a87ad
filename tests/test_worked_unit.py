"""The unit that the rulings work through (§8), from exports and registers to the printed scores."""

import datetime as dt
import shutil
from decimal import Decimal
from types import SimpleNamespace

import openpyxl
import pytest
from filled_workspace import MONDAYS, QUARTER, SPAN, fill, frame, table

from xmt_scoring.checks.rules import load_rules
from xmt_scoring.periods import Quarter
from xmt_scoring.pipeline import check_quarter, import_quarter, score_quarter
from xmt_scoring.workspace import Workspace

UNIT = "县林业局"
Q = Quarter.parse(QUARTER)
NAMES = {"W1": "甲山林业", "W2": "甲山林业服务"}
PUSHED = ["内容标题", "发表时间", "总阅读人数", "总阅读次数", "总分享人数", "总分享次数", "阅读后关注人数", "送达人数", "公众号消息阅读次数", "送达阅读率",
          "首次分享次数", "分享产生阅读次数", "首次分享率", "每次分享带来阅读次数", "阅读完成率", "内容url"]  # fmt: skip
DAILY = ["", "日期", "渠道", "阅读人数", "", "日期", "分享人数", "跳转阅读原文人数", "微信收藏人数", "发表篇数", "", "传播渠道", "发表日期", "内容标题", "阅读人数", "阅读人数占比"]
EMPTY = {"W1": [2, 6], "W2": [4]}  # weeks of the quarter without a post; never two in a row: no gap of more than 14 days
POSTED = {account: [day for week, day in enumerate(MONDAYS) if week not in weeks] for account, weeks in EMPTY.items()}
DAYS = [dt.date(2025, 6, 30) + dt.timedelta(days=n) for n in range(93)]
GRAVE = "严重内容问题"


def title(account: str, day: dt.date) -> str:
    return f"{NAMES[account]}动态{day:%m%d}"


def pushed(raw, account: str, name: str) -> None:
    """The list 已通知: on its own it never proves a week empty."""
    rows = [[title(account, day), f"{day:%Y%m%d}", *["1"] * 13, f"https://mp.weixin.qq.com/s/{account}{day:%m%d}"] for day in POSTED[account]]
    table(raw / NAMES[account] / name, PUSHED, *rows)


def daily(raw, account: str) -> None:
    """流量数据 with its three tables: 发表篇数 is a complete daily series, zeros included."""
    span = f"({DAYS[0]:%Y.%m.%d}-{DAYS[-1]:%Y.%m.%d})"
    heads = [None] * 16
    heads[1], heads[5], heads[11] = f"数据趋势概况{span}", f"数据趋势概况{span}", f"数据来源概况{span}"
    rows = [[None, f"{day}", "全部", "9", None, f"{day}", "1", "0", "0", "1" if day in POSTED[account] else "0", *[None] * 6] for day in DAYS]
    table(raw / NAMES[account] / f"tendency {SPAN}.xls", heads, DAILY, *rows)


def found(number: str, item: str, account: str) -> dict[str, object]:
    severity = "一般" if item == "C1 文字差错" else None
    return {"事件编号": number, "检查项目": item, "账号": account, "程度或情形": severity, "发现日期": "2025-09-10", "发现层级": "县",
            "问题描述": f"第 {number} 处", "检查人": "周某"}  # fmt: skip


def registers(root, raw) -> None:
    raw.mkdir(parents=True, exist_ok=True)

    def put(file, sheet, rows):
        fill(root / "登记表模板", raw, file, sheet, rows)

    put("单位.xlsx", "单位", [{"单位编号": "U1", "单位名称": UNIT}])
    opened = {"W1": "2023-01-05", "W2": "2024-05-06"}
    put("账号备案台账.xlsx", "账号", (
        {"账号编号": each, "账号名称": NAMES[each], "平台": "微信公众号", "主办单位": UNIT, "账号类别": "发布类", "开设日期": day, "账号状态": "运行"}
        for each, day in opened.items()))  # fmt: skip
    put("账号备案台账.xlsx", "备案表", (
        {"备案编号": f"B{each}", "账号": each, "备案类型": "开设", "备案日期": day, "表填名称": NAMES[each], "表填主办单位": UNIT,
         "表填开办平台": "微信公众号", "主管领导": "钱某", "运维人员": "孙某", "主要负责人签字": "是", "加盖公章": "是"} for each, day in opened.items()))  # fmt: skip
    put("人员.xlsx", "人员", [
        *({"单位": UNIT, "岗位": role, "姓名": f"{role[0]}某", "任职起": "2023-01-01"} for role in ("主要负责人", "分管领导", "运维人员")),
        {"单位": UNIT, "岗位": "信息员", "姓名": "信某", "任职起": "2023-01-01", "任职止": "2025-06-30"}])  # fmt: skip
    put("审核记录.xlsx", "审核记录", (
        {"账号": each, "标题": title(each, day), "发布时间": f"{day}", "审核时间": f"{day}", "审核人": "吴某", "审核是否完整": "是"}
        for each in NAMES for day in POSTED[each]))  # fmt: skip
    put("留言.xlsx", "留言", [])
    put("导出文件清单.xlsx", "导出文件清单", (
        {"文件": file, "数据内容": covers, "起始日": "2025-06-30", "截止日": "2025-09-30"} for file, covers in (("留言.xlsx", "留言"), ("审核记录.xlsx", "审核记录"))))
    judged = [rule.label for rule in load_rules().values() if rule.by_people and rule.label != GRAVE]
    answered = {"检查时间": "2025-09-30 10:00", "检查人": "周某", "检查结果": "未发现问题"}
    put("人工核查.xlsx", "已核查", [
        *({"检查项目": label, "检查范围": "全部", **answered} for label in judged),
        {"检查项目": GRAVE, "检查范围": "账号", "账号": "W1", **answered}])  # fmt: skip
    put("人工核查.xlsx", "发现的问题", [
        found("11", "C1 文字差错", "W1"), found("11", "C4 转载来源", "W1"), *(found(f"T{n:02}", "C1 文字差错", "W2") for n in range(1, 14))])  # fmt: skip


def imported(root) -> str:
    """The import and what it says of more than single files."""
    return "\n".join(map(str, import_quarter(Workspace(root), Q, dt.date(2025, 10, 10)).problems))


def scored(root) -> SimpleNamespace:
    """The steps without a process for each; the command itself runs in the story of the appeal."""
    imported(root)
    check_quarter(Workspace(root), Q)
    score_quarter(Workspace(root), Q)
    accounts, (unit,) = frame(root, "account_scores"), frame(root, "unit_scores").to_dict("records")
    rows = frame(root, "contributions").sort_values(["account_id", "item_id", "kind"], kind="stable")
    rows["text"] = rows["item_id"] + " " + rows["kind"] + " " + rows["low"].map(lambda n: f"{n:.1f}") + " " + rows["high"].map(lambda n: f"{n:.1f}")
    return SimpleNamespace(accounts={each["account_id"]: each for each in accounts.to_dict("records")}, unit=unit, rows=rows)


def printed(row) -> tuple[str, ...]:
    return tuple(str(row[name]) for name in ("low", "high", "score", "grade"))


@pytest.fixture(scope="module")
def root(xmt, tmp_path_factory):
    made = tmp_path_factory.mktemp("样例") / "县 考核（样例）"
    xmt("init", made)
    raw = made / "data" / "raw" / QUARTER
    registers(made, raw)
    daily(raw, "W1")
    pushed(raw, "W1", f"已通知内容 {SPAN}.xlsx")
    pushed(raw, "W2", f"已通知内容 {SPAN}.xlsx")
    return made


def test_the_worked_unit_from_exports_to_scores(root):
    first = scored(root)
    assert first.rows.loc[first.rows["account_id"] == "W1", "text"].tolist() == [
        "A2 carried -2.0 -2.0", "B1 loss -2.0 -2.0", "B1 loss -2.0 -2.0", "C1 loss -0.5 -0.5", "E3 carried -1.0 -1.0",
    ]  # fmt: skip
    assert printed(first.accounts["W1"]) == ("92.50", "92.50", "92.50", "优秀")
    second = first.rows.loc[first.rows["account_id"] == "W2", "text"].tolist()
    assert [second.count(each) for each in ("C1 loss -0.5 -0.5", "C1 cap 0.5 0.5", "B1 loss -2.0 0.0")] == [13, 1, 1]
    assert len(second) == 17  # with A2 and E3
    assert printed(first.accounts["W2"])[:3] == ("89.00", "91.00", "None")
    assert first.accounts["W2"]["open_vetoes"] == "V1"
    assert [str(first.unit[name]) for name in ("low", "high", "score", "grade", "is_provisional")] == ["90.75", "91.75", "None", "优秀", "True"]

    raw = root / "data" / "raw" / QUARTER
    daily(raw, "W2")  # the week is found covered and empty
    book = openpyxl.load_workbook(raw / "人工核查.xlsx")
    page = book["已核查"]
    columns = {cell.value: cell.column for cell in page[1]}
    (row,) = [cells[0].row for cells in page.iter_rows() if cells[0].value == GRAVE]
    page.cell(row, columns["检查范围"]).value, page.cell(row, columns["账号"]).value = "全部", None
    book.save(raw / "人工核查.xlsx")
    last = scored(root)
    assert printed(last.accounts["W2"]) == ("89.00", "89.00", "89.00", "良好")
    assert printed(last.unit) == ("90.75", "90.75", "90.75", "优秀")
    assert not last.unit["is_provisional"]


def test_an_appeal_that_was_found_right_takes_its_loss_away_in_every_account_and_stays_on_record(xmt, root):
    before = scored(root)
    lost = before.rows.set_index("contribution_id")
    week, other_week = lost.index[(lost["account_id"] == "W1") & (lost["item_id"] == "B1")]
    (officer,) = lost.index[(lost["account_id"] == "W2") & (lost["item_id"] == "E3")]
    (twice,) = lost.index[(lost["account_id"] == "W1") & (lost["item_id"] == "C1")]
    upheld = {"提出日期": "2025-10-20", "申诉理由": "平台停机", "复核结论": "申诉成立", "复核日期": "2025-10-24", "复核人": "周某", "复核依据": "平台公告"}
    fill(root / "登记表模板", root / "data" / "raw" / QUARTER, "申诉登记.xlsx", "申诉登记", [
        {"扣分编号": week, **upheld}, {"扣分编号": officer, **upheld}, {"扣分编号": twice, **upheld},
        {"扣分编号": other_week, **upheld, "复核结论": "维持扣分"}, {"扣分编号": f"{QUARTER}|W1|B1|没有的事件", **upheld},
        {"扣分编号": "2025Q1|W1|B1|W1|2025-02-03", **upheld}])  # fmt: skip
    told = xmt("--workspace", root, "run", QUARTER, "--as-of", "2025-10-10").stdout
    assert "没有的事件”在这次检查里没有对应的扣分" in told
    assert "2025-02-03”在这次检查里" not in told

    after = scored(root)
    gone = set(before.rows["contribution_id"]) - set(after.rows["contribution_id"])
    assert gone == {week, twice, officer, officer.replace("|W2|", "|W1|")}
    assert set(after.rows["contribution_id"]) < set(before.rows["contribution_id"]), "the second item of event 11 does not take its place"
    assert after.accounts["W1"]["low"] - before.accounts["W1"]["low"] == 2 + 1 + Decimal("0.5")
    assert after.accounts["W2"]["low"] - before.accounts["W2"]["low"] == 1
    record = frame(root, "withdrawn_verdicts").set_index("contribution_id")
    assert len(record) == 4 and record.loc[week, "message"] and record.loc[week, "src_file"] == "申诉登记.xlsx"
    verdicts = frame(root, "verdicts")
    assert verdicts.loc[(verdicts["check_id"] == "art14_missing_info_officer"), ["outcome", "decided_by"]].values.tolist() == [["pass", "申诉复核"]]
    page = openpyxl.load_workbook(root / "reports" / QUARTER / f"考核评分表_{QUARTER}.xlsx")["说明"]
    shown = {str(line[0].value): [cell.value for cell in line[1:5]] for line in page.iter_rows(min_col=1, max_col=5)}
    assert shown[week] == ["平台停机", "申诉成立（2025-10-24）", "平台公告", record.loc[week, "message"]]
    assert shown[other_week][1:] == ["维持扣分（2025-10-24）", "平台公告", "—"]
    said = f"2025-10-24 复核：申诉成立，已撤销“{record.loc[week, 'message']}”（扣分编号 {week}）"
    assert said in xmt("--workspace", root, "explain", QUARTER, "W1").stdout
    report = (root / "reports" / QUARTER / f"季度报告_{QUARTER}.html").read_text(encoding="utf-8")
    assert report.count(said) == 1
    workbook = openpyxl.load_workbook(root / "reports" / QUARTER / f"考核评分表_{QUARTER}.xlsx")
    (own,) = (workbook[name] for name in workbook.sheetnames if name.startswith("01 "))
    assert [cell.value for line in own.iter_rows(max_col=1) for cell in line].count(said) == 1


@pytest.mark.parametrize(
    ("number", "result", "day", "words"),
    [("县林业局 扣2分", "申诉成立", "2025-10-24", "不是一笔季度扣分的编号"), (f"{QUARTER}|W1|B1|W1|2025-07-14", "申诉成立", None, "有复核结论，没有复核日期")],
)
def test_an_appeal_that_says_too_little_is_told_and_changes_nothing(root, tmp_path, number, result, day, words):
    place = shutil.copytree(root, tmp_path / "县")
    (place / "data" / "raw" / QUARTER / "申诉登记.xlsx").unlink(missing_ok=True)
    before = scored(place).rows
    fill(place / "登记表模板", place / "data" / "raw" / QUARTER, "申诉登记.xlsx", "申诉登记", [{"扣分编号": number, "复核结论": result, "复核日期": day}])
    assert words in imported(place)
    assert scored(place).rows.equals(before)
