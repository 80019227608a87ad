"""Why a unit or an account lost its points: article, what was seen and required, and the rows of the sources."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pandas as pd

from xmt_scoring import law
from xmt_scoring.errors import XmtError, place
from xmt_scoring.model import Outcome
from xmt_scoring.reports.masking import mask_numbers
from xmt_scoring.reports.tables import Names, points_text, score_or_interval
from xmt_scoring.reports.withdrawn import withdrawn_lines
from xmt_scoring.workspace import QuarterData

MOST_SOURCES = 12  # rows printed for one loss; the workbook has all
_PER_UNIT = (  # frames of a unit's own sheet that have no unit_id of their own are cut by account
    "account_weeks", "message_replies", "account_quarters", "gaps", "coverage", "files", "evidence", "verdicts",
    "contributions", "superseded_losses", "withdrawn_verdicts", "account_scores", "unit_scores",
)  # fmt: skip


def item_names(scheme: Mapping[str, Any]) -> dict[str, str]:
    """Item id or veto code → its name in the scheme."""
    names = {str(item["id"]): str(item["name"]) for item in scheme.get("items", ())}
    names.update({str(veto["code"]): str(veto["name"]) for veto in scheme.get("vetoes", ())})
    return {**names, "NA": "不适用项折算"}


def find_unit(data: QuarterData, name: str) -> tuple[str, str]:
    """(unit_id, unit_name) of a unit by id or full name; XmtError with the nearest names when there is none."""
    units = data.frames["units"]
    found = units[(units["unit_id"] == name) | (units["unit_name"] == name)]
    if len(found) != 1:
        raise _unknown(name, units["unit_name"], "单位")
    return str(found["unit_id"].iloc[0]), str(found["unit_name"].iloc[0])


def find_accounts(data: QuarterData, name: str) -> list[str]:
    """The scored accounts meant by the id or name of an account or of a unit, in order of the register.

    A name that several accounts bear means all of them. XmtError with the nearest names when nothing is called so.
    """
    units, accounts = data.frames["units"], data.frames["accounts"]
    of_unit = units.loc[(units["unit_id"] == name) | (units["unit_name"] == name), "unit_id"]
    is_meant = (accounts["account_id"] == name) | (accounts["account_name"] == name) | accounts["owner_id"].isin(of_unit)
    if not is_meant.any() and of_unit.empty:
        raise _unknown(name, pd.concat([units["unit_name"], accounts["account_name"]]), "单位或账号")
    return accounts.loc[is_meant, "account_id"].tolist()


def _unknown(name: str, known: pd.Series, what: str) -> XmtError:
    near = difflib.get_close_matches(name, list(dict.fromkeys(known)), 5, 0.3)
    todo = f"名称相近的有：{'、'.join(near)}" if near else "请用登记表里的全名或编号，可在考核评分表的“单位得分”“账号得分”里查到"
    return XmtError.of(f"“{name}”", f"本季度没有叫这个名称的{what}", todo)


def narrow(data: QuarterData, unit: str) -> QuarterData:
    """The same quarter with only one unit's rows; all of it when `unit` is empty. Ranks stay those of the whole county.

    Raises XmtError when there is no such unit.
    """
    if not unit:
        return data
    unit_id, _ = find_unit(data, unit)
    accounts = data.frames["accounts"]
    own = accounts[accounts["owner_id"] == unit_id]
    cut = {"units": data.frames["units"].query("unit_id == @unit_id"), "accounts": own}
    for name in _PER_UNIT:
        frame = data.frames[name]
        keep = frame["unit_id"] == unit_id if "unit_id" in frame else frame["account_id"].isin(own["account_id"])
        cut[name] = frame[keep.fillna(False).astype(bool)].reset_index(drop=True)
    cut["rules_run"] = _rules_of(data.frames["rules_run"], cut["verdicts"])
    return replace(data, frames={**data.frames, **cut})


def _rules_of(run: pd.DataFrame, verdicts: pd.DataFrame) -> pd.DataFrame:
    """rules_run with the counts of these verdicts; without the rules that judged others only. Those that judged nobody stay as they are."""
    names = [f"n_{outcome}" for outcome in Outcome]
    counts = pd.crosstab(verdicts["check_id"], verdicts["outcome"])
    own = pd.DataFrame({name: run["check_id"].map(counts.get(name.removeprefix("n_"), pd.Series(dtype="int64"))).fillna(0) for name in names})
    is_told, is_silent = own.sum(axis=1) > 0, run[names].sum(axis=1) == 0
    state = run["rule_state"].mask(is_told, "judged").mask(own["n_no_data"] + own["n_unverified"] > 0, "open")
    made = run.assign(**{name: own[name].astype(run[name].dtype) for name in names}, rule_state=state, reason=run["reason"].mask(is_told))
    return made[is_told | is_silent].reset_index(drop=True)


def losses(data: QuarterData) -> pd.DataFrame:
    """One row per contribution with what its verdict says: frame contributions plus observed, allowed, decided_by.

    Phone and identity numbers in `message` are masked. A row of a carried unit item takes the unit's verdict.
    """
    rows = data.frames["contributions"]
    said = data.frames["verdicts"][["check_id", "unit_id", "account_id", "event_id", "observed", "allowed", "decided_by"]]
    said = said.drop_duplicates(["check_id", "unit_id", "account_id", "event_id"])
    own = said[said["account_id"].notna()]
    shared = said[said["account_id"].isna()].drop(columns="account_id")
    left = rows[["check_id", "unit_id", "account_id", "event_id"]]
    exact = left.merge(own, how="left", on=list(left.columns), validate="many_to_one")
    by_unit = left.merge(shared, how="left", on=["check_id", "unit_id", "event_id"], validate="many_to_one")
    rows = rows.reset_index(drop=True).assign(message=mask_numbers(rows["message"]).to_numpy())
    added = exact[["observed", "allowed", "decided_by"]].fillna(by_unit[["observed", "allowed", "decided_by"]])
    return pd.concat([rows, added], axis=1)


def sources(data: QuarterData, check_id: str, unit_id: str, account_id: str, event_id: str) -> list[str]:
    """Where an event stands: file, sheet, row, time, value and address of each row of evidence, each a line of text.

    An empty `event_id` takes all evidence of the check; evidence of a unit's duty belongs to each of its accounts.
    """
    found = data.frames["evidence"]
    found = found[(found["check_id"] == check_id) & (found["unit_id"] == unit_id)]
    found = found[found["account_id"].fillna(account_id) == account_id]
    if event_id:
        found = found[found["event_id"].fillna(event_id) == event_id]
    lines = [_source_line(row) for row in found.head(MOST_SOURCES).to_dict("records")]
    more = len(found) - len(lines)
    return [*lines, f"……另有 {more} 行，见考核评分表“扣分明细”"] if more > 0 else lines


def _source_line(row: Mapping[Any, Any]) -> str:
    said = {key: None if pd.isna(value) else value for key, value in row.items()}
    where = place(said["src_file"], said["src_sheet"], None if said["src_row"] is None else int(said["src_row"]))
    when = "" if said["when"] is None else f"{said['when']:%Y-%m-%d %H:%M}".removesuffix(" 00:00")
    value = mask_numbers(pd.Series([str(said["value"] or "")])).iloc[0]
    parts = [where, when, value, str(said["url"] or "")]
    return " · ".join(part for part in parts if part) or str(said["kind"])


def explain(data: QuarterData, name: str) -> pd.DataFrame:
    """Every point that a unit or an account lost or may still lose, as texts under Chinese headings.

    账号, 评分项, 扣分, 事由, 条款, 条文, 实际, 要求, 来源; one row per contribution, in the order of the scheme. XmtError
    with the nearest names when nothing is called `name`.
    """
    meant, names, called = find_accounts(data, name), Names.of(data.frames), item_names(data.scheme)
    rows = losses(data)
    rows = rows[rows["account_id"].isin(meant)]
    told = [_told(data, row, names, called) for row in rows.to_dict("records")]
    return pd.DataFrame(told, columns=["账号", "评分项", "扣分", "事由", "条款", "条文", "实际", "要求", "来源"], dtype="str")


def _told(data: QuarterData, row: Mapping[Any, Any], names: Names, called: Mapping[str, str]) -> dict[str, str]:
    said = {key: "" if pd.isna(value) else str(value) for key, value in row.items()}
    where = sources(data, said["check_id"], said["unit_id"], said["account_id"], said["event_id"])
    return {
        "账号": names.accounts[said["account_id"]],
        "评分项": f"{said['item_id']} {called.get(said['item_id'], '')}".strip(),
        "扣分": loss_text(row),
        "事由": said["message"],
        "条款": law.citation(said["article"]) if said["article"] else "",
        "条文": law.article(said["article"]) if said["article"] else "",
        "实际": said["observed"],
        "要求": said["allowed"],
        "来源": "\n".join(where),
    }


def loss_text(row: Mapping[Any, Any]) -> str:
    """`-2`, or `待定(-20 到 0)` while a contribution row is open; what a cap gives back is `+0.5` or `待定(0 到 +4)`."""
    if row["status"] == "decided":
        return _signed(row, row["points"])
    least, most = sorted((row["low"], row["high"]))  # a cap gives back most where most is lost: its low is the larger
    return f"待定（{_signed(row, least)} 到 {_signed(row, most)}）"


def _signed(row: Mapping[Any, Any], points: Any) -> str:
    text = points_text(points)
    return f"+{text}" if row["kind"] == "cap" and points > 0 else text


def explain_lines(data: QuarterData, name: str) -> list[str]:
    """What `explain` says, as lines to print: the scores of the accounts meant, then every loss with its sources."""
    meant, names = find_accounts(data, name), Names.of(data.frames)
    told, scores = explain(data, name), data.frames["account_scores"]
    scores = scores[scores["account_id"].isin(meant)].assign(text=score_or_interval)
    lines = [f"{name} {data.period.label}（数据截止 {data.as_of}）"]
    for account in scores.to_dict("records"):
        label = names.accounts[account["account_id"]]
        mark = "" if not account["is_provisional"] else "（暂定）" if pd.isna(account["open_vetoes"]) else "（否决项待核查）"
        grade = "" if pd.isna(account["grade"]) else account["grade"] + mark
        lines += ["", f"{label}：{account['text']} {grade}".rstrip()]
        if not pd.isna(account["open_vetoes"]):
            lines.append(f"  待核查的否决项：{account['open_vetoes']}（核查前不出最终得分）")
        own, quoted = told[told["账号"] == label], set[str]()
        lines += [line for row in own.to_dict("records") for line in _loss_lines(row, quoted)] or ["  没有扣分和待定的项目。"]
    lines += [] if len(scores) else ["", "本季度没有计分的账号。"]
    accounts = data.frames["accounts"]
    owners = dict.fromkeys(accounts.loc[accounts["account_id"].isin(meant), "owner_id"])
    gone = [line for owner in owners for line in withdrawn_lines(data.frames["withdrawn_verdicts"], owner)]
    return [*lines, "", "本单位申诉的结果：", *(f"  {line}" for line in gone)] if gone else lines


def _loss_lines(row: Mapping[Any, str], quoted: set[str]) -> list[str]:
    """The lines of one loss; an article is quoted the first time that an account loses by it."""
    lines = [f"  {row['评分项']} {row['扣分']}：{row['事由']}"]
    if row["条款"]:
        text = "（条文见上）" if row["条款"] in quoted else row["条文"].replace("\n", "").rstrip("；")
        lines.append(f"    {row['条款']}：{text}")
        quoted.add(row["条款"])
    if row["实际"] or row["要求"]:
        lines.append(f"    实际：{row['实际'] or '—'}；要求：{row['要求'] or '—'}")
    return lines + [f"    来源：{source}" for source in row["来源"].splitlines()]
