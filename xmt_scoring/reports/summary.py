"""The tables and sentences of the notebooks, made from a scored quarter. Everything is text under Chinese headings."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from xmt_scoring import glossary
from xmt_scoring.checks import load_rules
from xmt_scoring.facts.profiles import MOST_TOLD, matched_profiles
from xmt_scoring.ingest.account_names import ways_of
from xmt_scoring.law import citation
from xmt_scoring.points import from_decimal
from xmt_scoring.quality import FRAME_WORDS
from xmt_scoring.reports.explain import item_names, loss_text, losses
from xmt_scoring.reports.tables import ABSENT, Names, score_or_interval, table
from xmt_scoring.reports.waiting import waiting
from xmt_scoring.reports.withdrawn import withdrawn_lines
from xmt_scoring.scoring.states import account_states, tally
from xmt_scoring.workspace import QuarterData, YearData

FILE_COLUMNS = (
    "file", "sheet", "kind", "account_id", "n_rows", "n_kept", "n_quarantined", "n_no_data_rows", "covers_from", "covers_to",
    "coverage_basis", "note",
)  # fmt: skip

ROWS_NAMED = 10  # row numbers printed per reason; the workbook has all


def file_table(frames: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """What was read: every file and sheet with its rows, kept and quarantined, and the days it covers."""
    shown = table(frames["files"], "files", Names.of(frames), FILE_COLUMNS)
    file, sheet, start, end, basis = (shown.pop(glossary.heading(name)) for name in ("file", "sheet", "covers_from", "covers_to", "coverage_basis"))
    there = start.ne(ABSENT)
    shown.insert(0, glossary.heading("file"), file + ("「" + sheet + "」").where(sheet.ne(ABSENT), ""))
    shown.insert(shown.shape[1] - 1, "覆盖的日子（依据）", (start + " 至 " + end + "（" + basis + "）").where(there, ABSENT))
    return shown


def gap_table(frames: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """What is missing: accounts without data and weeks that nothing covers, the weeks of an account in one row."""
    gaps, by = frames["gaps"], ["account_id", "covers", "message"]
    in_words = table(gaps, "gaps", None, ("account_name", "covers", "week_start", "message"))
    mondays = gaps["week_start"].dt.strftime("%m-%d").astype("str").fillna("").groupby([gaps[name] for name in by], dropna=False, sort=False)
    listed = mondays.transform(lambda days: "、".join(days)).where(gaps["week_start"].notna(), ABSENT)
    n_weeks = mondays.transform("size")
    heading = glossary.heading("week_start")
    many = n_weeks.astype("Int64").astype("str") + " 周：" + listed.astype("str")
    in_words[heading] = listed.mask(n_weeks > 1, many).to_numpy()
    return in_words[~gaps.duplicated(by).to_numpy()].reset_index(drop=True)


def reconciliation_table(frames: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """What the register, the national list and the exports say differently, and what to do."""
    columns = ("recon_kind", "account_name", "platform", "listed_name", "message", "todo")
    shown = table(frames["reconciliation"], "reconciliation", None, columns)
    return shown.rename(columns={glossary.heading("listed_name"): "另一份名单里的名称"})


def profile_table(frames: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """What the account profiles among the exports say, beside the registered account; nothing of them counts for a score."""
    rows = matched_profiles(frames, ways_of(frames["accounts"], frames["account_events"], frames["account_matches"]))
    rows = rows[rows["is_profile"].astype(bool)]
    is_far = rows["account_id"].isna() & (rows.groupby(["src_file", rows["account_id"].isna()]).cumcount() >= MOST_TOLD)
    rows = rows[~is_far]  # how many more there are stands in the reconciliation
    columns = ("platform", "profile_name", "platform_account_no", "is_verified", "verified_as", "total_followers", "total_posts", "src_file", "src_row")
    shown = table(frames["profiles"].loc[rows.index], "profiles", None, columns)
    account = rows["account_id"].map(Names.of(frames).accounts).fillna("备案台账里没有")
    shown.insert(0, glossary.heading("account_id"), account.to_numpy())
    return shown


def quarantine_table(frames: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """What was set aside and why: one row per file, sheet and reason, with how many rows and the first of their numbers."""
    rows = table(frames["quarantine"], "quarantine", None, ("src_file", "src_sheet", "reason", "src_row"))
    where = list(rows.columns[:3])
    grouped = rows.groupby(where, sort=False)[rows.columns[3]]
    first = grouped.agg(lambda numbers: "、".join(numbers.head(ROWS_NAMED)) + (" ……" if len(numbers) > ROWS_NAMED else ""))
    return grouped.size().to_frame("行数").assign(行号=first).astype("str").reset_index()


def quality_table(quality: pd.DataFrame) -> pd.DataFrame:
    """The demands on the data that are not met; empty when all are."""
    return table(quality[~quality["is_met"]], "quality", None, ("message", "n_unexpected", "examples"))


def quality_counts(quality: pd.DataFrame) -> pd.DataFrame:
    """Per frame how many demands were looked at and how many are met."""
    grouped = quality.groupby("frame", sort=False)["is_met"].agg(["size", "sum"])
    return pd.DataFrame(
        {"数据": grouped.index.map(FRAME_WORDS), "检查的要求": grouped["size"].to_numpy(), "符合": grouped["sum"].to_numpy()}
    ).astype("str")


def open_items(data: QuarterData) -> pd.DataFrame:
    """Duties that wait for a person: what to check, under which article, for how many; what costs no points comes last."""
    rules, run = load_rules(), data.frames["rules_run"]
    rows = pd.concat(waiting(data.frames["verdicts"], rules))
    counts = rows["check_id"].value_counts()
    run = run[run["check_id"].isin(counts.index)]
    is_quiet = run["check_id"].map({rule.id: rule.not_scored is not None for rule in rules.values()}).astype(bool)
    run = run.assign(label=run["label"].mask(is_quiet, run["label"] + "（不计分）"), quiet=is_quiet)
    run = run.sort_values("quiet", kind="stable").drop(columns="quiet")
    shown = table(run, "rules_run", None, ("label", "article"))
    return shown.assign(待核查的账号或单位数=run["check_id"].map(counts).astype("str").to_numpy())


def key_numbers(data: QuarterData) -> dict[str, str]:
    """Name → number for the head of the report; checked, failed and waiting as the circular and the cover have them."""
    units, accounts = data.frames["unit_scores"], data.frames["account_scores"]
    n = tally(account_states(data.frames, data.scheme, data.settings)["state"])
    return {
        "单位": str(len(units)),
        "检查账号": str(n.checked),
        "还有待定项的账号": str(int(accounts["is_provisional"].sum())),
        "不合格的账号": str(n.failed),
        "单项否决": str(int(accounts["is_vetoed"].sum())),
        "缺更的“账号 × 周”": str(int(data.frames["account_quarters"]["n_weeks_missed"].sum())),
    }


def scope(data: QuarterData) -> list[str]:
    """Sentences: period, as-of date, status of the scheme, and what an interval means."""
    adopted = data.scheme.get("status") == "adopted"
    who = f"，由{data.scheme.get('adopted_by')}于 {data.scheme.get('adopted_on')} 采用" if adopted else ""
    status = f"已采用{who}" if adopted else "建议稿，尚未由县政府办公室采用；《办法》没有规定分值，各项分值都是建议"
    told = [
        f"{data.settings.county} {data.period.label}（{data.period.start} 至 {data.period.end}），使用 {data.as_of} 及以前的数据。",
        f"评分细则：{data.scheme.get('title')}（{status}）。",
    ]
    if bool(data.frames["account_scores"]["is_provisional"].any()):
        told.append("还有待定项的得分显示为区间“最低–最高”：补齐数据、完成人工核查后成为一个数。缺数据既不按 0 分也不按满分算。")
    return told


def _rank(units: pd.DataFrame) -> pd.Series:
    """In the words of the workbook: a number, `3–5` while open, `3(暂定)` where only the score is open."""
    best, worst = (units[name].astype("str").fillna(ABSENT) for name in ("rank_best", "rank_worst"))
    alone = best.where(units["rank_best"].isna(), best + "（暂定）")
    return units["rank"].astype("str").fillna((best + "–" + worst).where(best != worst, alone))


def _grade(scores: pd.DataFrame) -> pd.Series:
    """In the words of the workbook: of an account with an unanswered veto 否决项待核查 (`rulings.md` §2)."""
    grade = scores["grade"].fillna("待定").where(scores["low"].notna(), ABSENT)
    mark = pd.Series("（暂定）", index=scores.index, dtype="str")
    if "open_vetoes" in scores:
        mark = mark.mask(scores["open_vetoes"].notna(), "（否决项待核查）")
    return grade + mark.where(scores["is_provisional"] & scores["grade"].notna(), "")


def unit_table(data: QuarterData) -> pd.DataFrame:
    """Units by rank: score or interval, grade, number of scored accounts."""
    units = data.frames["unit_scores"].sort_values(["rank_best", "rank_worst", "unit_id"], na_position="last")
    shown = {
        "名次": _rank(units), "单位": units["unit_name"], "计分账号数": units["n_accounts_scored"].astype("str"),
        "得分": score_or_interval(units), "等次": _grade(units),
    }  # fmt: skip
    return pd.DataFrame(shown).reset_index(drop=True)


def account_table(data: QuarterData) -> pd.DataFrame:
    """Accounts by unit: score or interval, grade, vetoes found and still to be checked."""
    accounts, names, called = data.frames["account_scores"], Names.of(data.frames), item_names(data.scheme)
    accounts = accounts.assign(unit=accounts["unit_id"].map(names.units)).sort_values(["unit_id", "account_id"])
    shown = {
        "单位": accounts["unit"], "账号": accounts["account_name"], "平台": glossary.spoken(accounts["platform"], "platform"),
        "得分": score_or_interval(accounts), "等次": _grade(accounts).where(accounts["is_scored"], "不计分"),
        "单项否决": accounts["veto_code"].map(lambda code: f"{code} {called.get(code, '')}".strip(), na_action="ignore").fillna(ABSENT),
        "待核查的否决项": accounts["open_vetoes"].fillna(ABSENT),
    }  # fmt: skip
    return pd.DataFrame(shown).reset_index(drop=True)


def loss_table(data: QuarterData, most: int = 0) -> pd.DataFrame:
    """Decided losses, the largest first, with article and cause; the first `most` of them, all when it is 0."""
    rows, names, called = losses(data), Names.of(data.frames), item_names(data.scheme)
    rows = rows[(rows["status"] == "decided") & rows["kind"].isin(["loss", "carried", "veto"])]
    rows = rows.iloc[np.argsort(from_decimal(rows["points"]), kind="stable")].reset_index(drop=True)
    rows = rows.head(most) if most else rows
    shown = {
        "单位": rows["unit_id"].map(names.units), "账号": rows["account_id"].map(names.accounts),
        "评分项": rows["item_id"] + " " + rows["item_id"].map(called).fillna(""),
        "扣分": pd.Series([loss_text(row) for row in rows.to_dict("records")], dtype="str"),
        "条款": rows["article"].map(citation, na_action="ignore").fillna(ABSENT), "事由": rows["message"],
    }  # fmt: skip
    return pd.DataFrame(shown)


def withdrawn_said(data: QuarterData) -> list[str]:
    """The failures that were withdrawn after an appeal, a sentence each, unit by unit."""
    return [line for unit_id in data.frames["units"]["unit_id"] for line in withdrawn_lines(data.frames["withdrawn_verdicts"], str(unit_id))]


def rule_table(data: QuarterData) -> pd.DataFrame:
    """Every rule, also those that passed or did not run, with its article, basis and counts."""
    columns = ("article", "label", "basis", "rule_mode", "rule_state", "n_pass", "n_fail", "n_not_applicable", "n_no_data", "n_unverified", "reason")
    shown = table(data.frames["rules_run"], "rules_run", None, columns)
    bases = {"taibai_2021": "《办法》", "national": "国家要求", "practice": "外地做法"}
    shown[glossary.heading("basis")] = shown[glossary.heading("basis")].replace(bases)
    return shown


def setting_table(data: QuarterData | YearData) -> pd.DataFrame:
    """Every reading in force, its article and who decided it; what nobody decided is our default."""
    rows = data.settings.rows()
    shown = {
        "口径": rows["meaning"], "现行": rows["words"], "条款": rows["article"], "谁定的": rows["source"],
    }  # fmt: skip
    return pd.DataFrame(shown)


def bands(data: QuarterData | YearData) -> dict[str, float]:
    """Grade → lowest score in points, for the lines of a figure."""
    return {str(band["name"]): float(band["from"]) for band in data.scheme.get("bands", ())}


def law_number(data: QuarterData, rule: str, name: str) -> int:
    """A number of the law in force at the quarter's end, such as the 2 days of 第十一条第3项."""
    return int(str(load_rules()[rule].values(data.period.end)[name]))
