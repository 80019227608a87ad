"""The tables and sentences of the annual notebook, made from a scored year. Everything is text under Chinese headings."""

from __future__ import annotations

import pandas as pd

from xmt_scoring import glossary
from xmt_scoring.reports.masking import mask_numbers
from xmt_scoring.reports.tables import ABSENT, points_text, score_or_interval, table
from xmt_scoring.reports.year_data import YearSheets, cited, closings, column_words, kind_words, source_words, treatment
from xmt_scoring.reports.year_data import remarks as unit_remarks


def scope(sheets: YearSheets) -> list[str]:
    """Sentences: year, version, as-of date, status of the scheme, decisions to close."""
    data = sheets.data
    status = "已采用" if sheets.is_adopted else "建议稿，尚未由县政府办公室采用；除单项否决外《办法》没有规定分值"
    told = [
        f"{data.settings.county} {data.period.label}考核，第 {data.version} 版，使用 {data.as_of} 及以前的数据。",
        f"评分细则：{data.scheme.get('title')}（{status}）。",
        "年度得分 = 季度部分 + 管理分 − 上级检查扣分 + 加分，最后看单项否决：国家、省检查单项否决的，本年度不得分（第二十二条第二款）。",
    ]
    if (sheets.units["state"] == "待定").any():
        told.append("还有待定事项的单位，得分显示为区间“最低–最高”，定下来后成为一个数；缺数据既不按 0 分也不按满分算。")
    return told + [f"{text}。" for text in dict.fromkeys(closings(data).values())]


def key_numbers(sheets: YearSheets) -> dict[str, str]:
    """Name → number for the head of the report."""
    units, vetoes = sheets.units, sheets.data.frames["year_vetoes"]
    return {
        "参评单位": str(int((units["state"] != "不参评").sum())),
        "还有待定事项的单位": str(int((units["state"] == "待定").sum())),
        "因单项否决不得分的单位": str(int(units["is_zeroed"].astype(bool).sum())),
        "上级检查的单项否决": str(len(vetoes)),
        "不参评": str(int((units["state"] == "不参评").sum())),
    }


def ranking(sheets: YearSheets) -> pd.DataFrame:
    """Units by rank: score or interval, grade, veto with its document, remarks."""
    units = sheets.units
    score = score_or_interval(units).where(units["low"].notna(), "不参评")
    shown = {
        "名次": pd.Series([str(rank) for rank in units["rank_text"]], dtype="str"), "单位": units["unit_name"], "得分": score,
        "等次": units["grade_text"], "未计否决的得分": units["before_veto"].map(points_text, na_action="ignore").astype("str").fillna(ABSENT),
        "否决文号": units["veto_document_no"].fillna(ABSENT), "备注": pd.Series(unit_remarks(sheets), dtype="str"),
    }  # fmt: skip
    return pd.DataFrame(shown)


def parts(sheets: YearSheets) -> pd.DataFrame:
    """Unit × item: what each item brought, an interval while it is open."""
    rows = sheets.data.frames["year_parts"].copy()
    low, high = (rows[end].map(points_text).astype("str") for end in ("low", "high"))
    rows["text"] = low.where(low == high, low + "–" + high)
    wide = rows.pivot(index="unit_id", columns="item_id", values="text").reindex(sheets.units["unit_id"])
    named = {item.id: item.label for item in sheets.items}
    wide = wide[[item.id for item in sheets.items if item.id in wide]].rename(columns=named).fillna(ABSENT)
    return pd.concat([sheets.units["unit_name"].rename("单位"), wide.reset_index(drop=True)], axis=1).astype("str")


def losses(sheets: YearSheets) -> pd.DataFrame:
    """Every management and upper loss with article, cause and source."""
    wanted = [item.id for item in (*sheets.of_kind("management"), *sheets.of_kind("upper"))]
    rows = sheets.rows[sheets.rows["item_id"].isin(wanted) & (sheets.rows["kind"] == "loss")].reset_index(drop=True)
    low, high = (rows[end].map(points_text).astype("str") for end in ("low", "high"))
    labels = {item.id: item.label for item in sheets.items}
    shown = {
        "单位": rows["unit_id"].map(sheets.names.units), "评分项": rows["item_id"].map(labels),
        "扣分": high.where(low == high, "待定（" + low + " 到 " + high + "）"), "条款": cited(rows["article"]),
        "事由": mask_numbers(rows["message"]), "来源": source_words(rows),
    }  # fmt: skip
    return pd.DataFrame(shown)


def upper(sheets: YearSheets) -> pd.DataFrame:
    """What higher levels found and what it does to the year."""
    rows = sheets.data.frames["upper_findings"]
    shown = {
        "当日主办单位": rows["unit_id"].map(sheets.names.units), "账号": rows["account_id"].map(sheets.names.accounts).astype("str").fillna(ABSENT),
        "层级": glossary.spoken(rows["level"], "level"), "检查日期": rows["inspected_on"].dt.strftime("%Y-%m-%d"),
        "文号": rows["document_no"].fillna(ABSENT), "怎样计入年度": treatment(rows), "问题": mask_numbers(rows["description"]),
    }  # fmt: skip
    return pd.DataFrame(shown).reset_index(drop=True).astype("str")


def vetoes(sheets: YearSheets) -> list[str]:
    """The chain of each veto, one sentence each."""
    return [str(message) for message in sheets.data.frames["year_vetoes"]["message"]] or ["本年度没有上级检查的单项否决登记。"]


def honours(sheets: YearSheets) -> pd.DataFrame:
    """Bonus rows with their documents, and why one does not count."""
    wanted = [item.id for item in sheets.of_kind("bonus")]
    rows = sheets.rows[sheets.rows["item_id"].isin(wanted)].reset_index(drop=True)
    shown = {
        "单位": rows["unit_id"].map(sheets.names.units), "类型": kind_words(rows),
        "分": rows["high"].map(points_text), "事由": rows["message"], "来源": source_words(rows),
    }  # fmt: skip
    return pd.DataFrame(shown).astype("str")


def changes(sheets: YearSheets) -> pd.DataFrame:
    """What differs from the version before."""
    rows = sheets.data.frames["year_changes"]
    shown = table(rows.assign(column=column_words(rows["column"])), "year_changes", None, ("unit_name", "column", "earlier", "later", "message"))
    return shown.rename(columns={glossary.heading("column"): "哪一项", glossary.heading("message"): "原因"})
