"""What 账号得分 says of an account in words: its grade while something is open, what is open, why it does not count."""

from __future__ import annotations

import pandas as pd

from xmt_scoring.reports.sheets_data import NOT_SCORED, SELF_RUN, Sheets


def account_grades(accounts: pd.DataFrame) -> list[str]:
    """The library's grade in the words of the sheet: 暂定 while open, 待定 where the ends lie in two bands."""
    mark = pd.Series("（暂定）", index=accounts.index, dtype="str").mask(accounts["open_vetoes"].notna(), "（否决项待核查）")
    grade = accounts["grade"].fillna("待定")
    is_marked = (accounts["state"] == "待定") & accounts["grade"].notna()
    grade = grade.mask(is_marked, grade + mark)
    return grade.mask((accounts["state"] == NOT_SCORED) & ~accounts["is_vetoed"].astype(bool), NOT_SCORED).tolist()


def open_items(sheets: Sheets) -> pd.Series:
    """The ids of the items that still have an open row, in the order of the scheme; missing where there is none."""
    rows = sheets.losses[(sheets.losses["status"] == "待定").to_numpy()].drop_duplicates(["account_serial", "item_id"])
    named = rows.groupby("account_serial")["item_id"].agg("、".join)
    return sheets.accounts["serial"].map(named)


def remarks(sheets: Sheets) -> list[str]:
    """Why an account is not scored or not counted; 自评 where the supervising office runs it."""
    accounts = sheets.accounts
    facts = sheets.data.frames["account_quarters"].set_index("account_id")
    days = accounts["account_id"].map(facts["live_days"]).astype("str").fillna("0")
    limit = sheets.data.settings["min_live_days"]
    is_sampled = accounts["account_id"].map(facts["is_sampled"]).fillna(True).astype(bool)
    is_short = accounts["account_id"].map(facts["live_days"]).fillna(0) < limit
    is_vetoed, is_scored = accounts["is_vetoed"].astype(bool), accounts["state"] != NOT_SCORED
    verdicts = sheets.data.frames["verdicts"]
    own = verdicts.loc[(verdicts["check_id"] == SELF_RUN) & (verdicts["outcome"] == "pass"), "account_id"]
    why = (
        pd.Series("", index=accounts.index, dtype="str")
        .mask(is_vetoed, "单项否决，其余项目不再计分")
        .mask(is_scored & ~accounts["is_counted"], "单项否决，不计入单位得分")
        .mask(~is_scored, "没有备案，只查否决项")
        .mask(~is_scored & ~is_sampled, "本期没有抽中，只查否决项")
        .mask(~is_scored & is_short, "本期在用 " + days + f" 天，不足 {limit} 天，只查否决项")
    )
    marked = ("自评；" + why).str.strip("；")
    return why.mask(accounts["account_id"].isin(own), marked).tolist()
