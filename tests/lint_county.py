"""A small invented county as the linter takes it: five accounts of three units, one of them vetoed."""

from decimal import Decimal

import pandas as pd

from xmt_scoring.lint.county import County
from xmt_scoring.periods import Quarter

ACCOUNTS = [
    # name, platform, unit, posts, weeks missed, weeks without data, weeks due, longest gap, gaps > 14, score, grade
    ("北山发布", "wechat_oa", "北山县人民政府办公室", 45, 0, 0, 13, 5, 0, "99.00", "优秀"),
    ("北山发布", "weibo", "北山县人民政府办公室", 49, 1, 0, 13, 9, 0, "97.50", "优秀"),
    ("北山林业", "wechat_oa", "北山县林业局", 35, 3, 1, 13, 21, 1, "88.00", "良好"),
    ("北山护林员", "douyin", "北山县林业局", 12, 0, 0, 13, 6, 0, "0.00", "不合格"),
    ("柳河之声", "weibo", "北山县柳河镇人民政府", 20, 0, 0, 13, 3, 0, "93.00", "优秀"),
]
COLUMNS = [
    "account_name", "platform", "unit_name", "n_posts", "n_weeks_missed", "n_weeks_no_data", "n_weeks_due", "max_gap_days",
    "n_gaps_over_14", "score", "grade",
]  # fmt: skip
UNITS = [
    ("北山县人民政府办公室", 2, "98.25", "优秀", 1), ("北山县林业局", 2, "44.00", "不合格", 3), ("北山县柳河镇人民政府", 1, "93.00", "优秀", 2),
]  # fmt: skip
COUNTS = {"registered": 5, "checked": 5, "passed": 4, "failed": 1, "open": 0}


def county(quarter: str = "2025Q3") -> County:
    """The facts of that county's quarter."""
    accounts = pd.DataFrame(ACCOUNTS, columns=COLUMNS)
    accounts["score"] = accounts["score"].map(Decimal)
    accounts = accounts.assign(low=accounts["score"], high=accounts["score"])
    units = pd.DataFrame(UNITS, columns=["unit_name", "n_accounts_scored", "score", "grade", "rank"])
    units["score"] = units["score"].map(Decimal)
    counts = {(role, ""): frozenset({number}) for role, number in COUNTS.items()}
    for platform in accounts["platform"].unique():
        part = accounts[accounts["platform"] == platform]
        failed = int((part["grade"] == "不合格").sum())
        for role, number in (("registered", len(part)), ("checked", len(part)), ("failed", failed), ("passed", len(part) - failed)):
            counts[(role, platform)] = frozenset({number})
    units = units.assign(low=units["score"], high=units["score"], rank_best=units["rank"], rank_worst=units["rank"])
    return County(Quarter.parse(quarter), counts, accounts, units, "北山县", frozenset({"北山林业局官微"}), f"{quarter} 的数据")
