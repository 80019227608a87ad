"""What offices register about units, accounts, people and papers, as it stood when a quarter was handed in."""

from __future__ import annotations

import datetime as dt
from typing import Any

from xmt_scoring.demo.papers import counterfeits, honours, rectifications
from xmt_scoring.demo.plan import Account, Plan, known_by
from xmt_scoring.glossary import word
from xmt_scoring.periods import Quarter

Rows = list[dict[str, Any]]
ROLES = ("主要负责人", "分管领导", "运维人员", "信息员")
SURNAMES = ("赵", "钱", "孙", "李")
NUMERALS = ("一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二", "十三", "十四")
SINCE = dt.date(2023, 1, 1)
DOCS = ("安全管理制度", "保密审查制度", "应急预案", "责任体系", "工作制度", "工作流程", "审核机制")


def office_rows(plan: Plan, quarter: Quarter) -> dict[str, Rows]:
    """Rows by the name of the sheet that they go to."""
    day = known_by(quarter)
    accounts = [account for account in plan.accounts if account.opened_on <= day]
    return {
        "单位": [
            {"unit_id": unit, "unit_name": name, "unit_kind": kind, "is_supervisor": "是" if unit == "YL01" else "否"}
            for unit, (name, kind) in plan.raw["units"].items()
        ],
        "账号": [_account(plan, account, day) for account in accounts],
        "变更": _changes(plan, quarter, day),
        "备案表": _filings(plan, accounts, day),
        "人员": _staff(plan, day),
        "例外审批": [
            {"account_id": account, "document_no": number, "approved_on": approved}
            for account, (number, approved) in plan.raw["approved_exceptions"].items()
        ],
        **_papers(plan, quarter, day),
    }


def called(plan: Plan, account: Account, day: dt.date) -> str:
    """How an office writes the account: its name, or its id where the name is used on several platforms."""
    shared = sum(other.name == account.name for other in plan.accounts) > 1
    return account.account_id if shared else plan.name_on(account, day)


def _account(plan: Plan, account: Account, day: dt.date) -> dict[str, Any]:
    is_closed = account.closed_on is not None and account.closed_on <= day
    owner = plan.owner_on(account, day)
    return {
        "account_id": account.account_id,
        "account_name": plan.name_on(account, day),
        "platform": word("platform", account.platform),
        "platform_account_no": account.number,
        "folder_alias": account.more.get("alias"),
        "owner_id": plan.unit_name(owner) if account.index % 2 else owner,
        "account_kind": account.more.get("kind", "发布类"),
        "account_subtype": account.more.get("subtype"),
        "cert_subject": plan.unit_name(owner),
        "opened_on": account.opened_on,
        "account_status": "已注销" if is_closed else "运行",
        "closed_on": account.closed_on if is_closed else None,
        "note": account.more.get("note"),
        **_operation(plan, account, day),
    }


def _operation(plan: Plan, account: Account, day: dt.date) -> dict[str, Any]:
    """Who runs an account, by what agreement, and the section that opened it; a change of operator brings its agreement."""
    operator, agreed = plan.raw["operators"].get(account.account_id, ("本单位", ""))
    for change in plan.raw["changes"]:
        if change["account"] == account.account_id and change["kind"] == "承办单位变更" and change["on"] <= day:
            operator, agreed = change["to"], change["on"]
    section = plan.raw["inner_sections"].get(account.account_id)
    return {"operator": operator, "agreement_on": agreed or None, "inner_section": section}


def _all_changes(plan: Plan) -> list[dict[str, Any]]:
    """Changes of the plan and the closures that somebody registered, each with its event number, counted year by year."""
    closures = [
        {
            "account": account.account_id,
            "kind": "注销",
            "on": account.closed_on,
            "filed_on": account.more["closing_filed_on"],
            "from": "运行",
            "to": "已注销",
        }
        for account in plan.accounts
        if "closing_filed_on" in account.more
    ]
    found = sorted([*plan.raw["changes"], *closures], key=lambda change: (change["on"], change["account"]))
    before = {year: sum(change["on"].year < year for change in found) for year in {change["on"].year for change in found}}
    return [
        {**change, "event_id": f"BG{change['on'].year}-{number - before[change['on'].year]:03d}"}
        for number, change in enumerate(found, 1)
    ]


def _changes(plan: Plan, quarter: Quarter, day: dt.date) -> Rows:
    """What was registered by the day; one row was typed the wrong way round in one quarter."""
    return [
        {
            "event_id": change["event_id"],
            "account_id": change["account"],
            "event_kind": change["kind"],
            "happened_on": f"{change['on']:%Y/%m/%d}",
            "from_value": change["to" if change.get("swapped_in") == str(quarter) else "from"],
            "to_value": change["from" if change.get("swapped_in") == str(quarter) else "to"],
        }
        for change in _all_changes(plan)
        if change["on"] <= day
    ]


def _filings(plan: Plan, accounts: list[Account], day: dt.date) -> Rows:
    """Opening forms, two days after the opening where the plan does not say otherwise, and one form for each change."""
    by_id = {account.account_id: account for account in accounts}
    rows: Rows = []
    for account in accounts:
        filed = account.more.get("filed_on", account.opened_on + dt.timedelta(days=2))
        if filed <= day:
            form = _form(plan, account, f"BA-{account.account_id}", "开设", filed)
            form |= dict.fromkeys(plan.raw["missing_fields"].get(account.account_id, ()))
            form["filed_name"] = plan.raw["old_names"].get(account.account_id, form["filed_name"])
            rows.append(form)
    for change in _all_changes(plan):
        if change["filed_on"] <= day:
            kind = "注销" if change["kind"] == "注销" else "变更"
            form = _form(plan, by_id[change["account"]], f"BA-{change['event_id']}", kind, change["filed_on"])
            rows.append(form | {"event_id": change["event_id"]})
    return rows


def _form(plan: Plan, account: Account, number: str, kind: str, filed: dt.date) -> dict[str, Any]:
    owner = plan.owner_on(account, filed)
    unit = list(plan.raw["units"]).index(owner)
    return {
        "filing_id": number,
        "account_id": account.account_id,
        "filing_kind": kind,
        "filed_on": filed,
        "filed_name": plan.name_on(account, filed),
        "filed_owner": plan.unit_name(owner),
        "filed_operator": "无",
        "filed_platform": word("platform", account.platform),
        "leader_in_charge": f"钱{NUMERALS[unit]}",
        "maintainer": f"孙{NUMERALS[unit]}",
        "is_signed": "是",
        "is_sealed": "是",
    }


def _staff(plan: Plan, day: dt.date) -> Rows:
    """Four roles for every unit; people who came or left by the plan. One row was typed in WPS with stray blanks."""
    planned = {(entry["unit"], entry["role"]): entry["people"] for entry in plan.raw["staff"]}
    rows: Rows = []
    for at, unit in enumerate(plan.raw["units"]):
        for role, surname in zip(ROLES, SURNAMES, strict=True):
            people = planned.get((unit, role), [[f"{surname}{NUMERALS[at]}", SINCE, ""]])
            for person, start, end in people:
                if start <= day:
                    rows.append(
                        {
                            "unit_id": unit,
                            "staff_role": role,
                            "person_name": person,
                            "from_on": start,
                            "to_on": end if end and end <= day else None,
                            "phone": f"000-00000{at:02d}",
                        }
                    )
    rows[0] |= {"unit_id": " YL01 ", "person_name": " 赵一　", "phone": "000-0000000"}
    return rows


def _papers(plan: Plan, quarter: Quarter, day: dt.date) -> dict[str, Rows]:
    """Registers that the year's assessment will use: trainings, papers, security, rectification, honours."""
    units, year = list(plan.raw["units"]), plan.raw["year"]
    taught = [
        [unit, f"{surname}{NUMERALS[at]}", "上岗培训", dt.date(2022, 12, 15)] for at, unit in enumerate(units) for surname in ("孙", "李")
    ]
    papers = [
        {
            "unit_id": unit,
            "doc_kind": kind,
            "title": f"{plan.unit_name(unit)}政务新媒体{kind}",
            "issued_on": dt.date(2023, 3, 1),
            "document_no": f"（演示）〔2023〕{at + 1}号",
        }
        for at, unit in enumerate(units)
        for kind in DOCS
        if [unit, kind] not in year["missing_docs"]
    ]
    changed = [
        {
            "unit_id": unit,
            "log_kind": "密码更换",
            "happened_on": quarter.start + dt.timedelta(days=9),
            "description": "按季度更换密码",
        }
        for unit in units[:12]
        if unit != "YL03"
    ]
    unkept = plan.raw["unkept"]
    changed += [
        {"unit_id": unit, "log_kind": "密码保管", "happened_on": SINCE, "description": "密码由办公室专人保管"}
        for unit in units
        if unit not in unkept["custody"]
    ]
    papers += [
        {
            "unit_id": unit,
            "doc_kind": "主要领导负责制",
            "title": f"{plan.unit_name(unit)}政务新媒体分工责任文件",
            "issued_on": dt.date(2023, 3, 1),
        }
        for unit in units
        if unit not in unkept["responsibility"]
    ]
    talks = [
        {
            "unit_id": "YL02",
            "account_id": "YLDY02",
            "measure": "约谈",
            "issued_on": dt.date(2025, 9, 22),
            "document_no": "（演示）〔2025〕5号",
        }
    ]
    return {
        "培训": [
            dict(zip(("unit_id", "person_name", "training_kind", "trained_on"), row, strict=True))
            for row in [*taught, *year["trainings"]]
            if row[3] <= day
        ],
        "制度文件": papers,
        "安全记录": changed,
        "整改台账": rectifications(plan, [each for each in plan.quarters if each < quarter], day),
        "表彰": honours(plan, day),
        "假冒账号": counterfeits(plan, day),
        "处置": [row for row in talks if row["issued_on"] <= day],  # type: ignore[operator]
        "规定转载": [
            {"repost_id": number, "title": title, "issued_on": issued, "due_on": due, "document_no": "（演示）〔2025〕1号"}
            for number, title, issued, due in plan.rows("required_reposts", quarter)
        ],
        "通报登记": [
            {"quarter": about, "document_no": number, "published_on": published, "is_public": is_public}
            for about, number, published, is_public in plan.raw["bulletins"]["rows"]
            if published <= day
        ],
    }
