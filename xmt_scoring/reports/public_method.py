"""方法说明 of the public data: what was checked under which article, how a result comes about, the scheme and its status.

No name of a person is written here, not even of who decided a setting: only the day and the document.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from xmt_scoring import law
from xmt_scoring.checks.rules import load_rules
from xmt_scoring.law import citation
from xmt_scoring.reports.public_tables import is_open
from xmt_scoring.scoring.rubric import read_rubric
from xmt_scoring.scoring.rubric.model import Rubric
from xmt_scoring.scoring.rubric.reader import written
from xmt_scoring.scoring.rubric.words import item_words, veto_words
from xmt_scoring.scoring.states import fail_below
from xmt_scoring.settings import Settings, plain_value, readings
from xmt_scoring.workspace import QuarterData

Section = tuple[str, list[str]]
PROVISIONAL = "暂定结果：还有事项没有核查完，结果可能改变，以最终公布的为准。"
LICENSES = {
    "attribution": {"name": "attribution", "title": "须注明来源"},
    "cc_by_4": {"name": "CC-BY-4.0", "title": "知识共享 署名 4.0 国际", "path": "https://creativecommons.org/licenses/by/4.0/"},
}
_BASIS = {"national": "国家规定，《办法》没有这样写", "practice": "外地做法，《办法》没有这样写"}


def title(data: QuarterData) -> str:
    """What the published data are called."""
    return f"{data.settings.county}政务新媒体检查结果（{data.period.label}）"


def license_line(data: QuarterData) -> str:
    """The line on what readers may do with the data."""
    return plain_value("data_license", data.settings["data_license"])


def method(data: QuarterData) -> list[Section]:
    """The sections, each a heading and its paragraphs."""
    own = {kind: [entry for entry in data.scheme.get(kind, ()) if "setting" not in entry] for kind in ("items", "vetoes")}
    rubric = read_rubric({**data.scheme, **own}, str(data.scheme.get("id", "")))
    return [
        ("依据", _basis(data)),
        ("检查范围", _scope(data)),
        ("评分细则", _scheme(data, rubric)),
        ("结论怎样得出", _results(data)),
        ("由设置决定的口径", _readings(data)),
        ("使用时请注意", _limits()),
        ("版本与指纹", _versions(data)),
        ("使用许可", [license_line(data) + "。"]),
    ]


def as_text(data: QuarterData) -> str:
    """The whole as plain text."""
    lines = [title(data), *([PROVISIONAL] if is_open(data) else [])]
    for number, (heading, paragraphs) in enumerate(method(data), start=1):
        lines += ["", f"{law.chinese_number(number)}、{heading}", *paragraphs]
    return "\n".join(lines) + "\n"


def _basis(data: QuarterData) -> list[str]:
    first = law.article("22").splitlines()[0]
    return [
        f"《{law.TITLE}》第二十一条：{law.article('21')}",
        f"第二十二条：{first}",
        f"检查期间 {data.period.start} 至 {data.period.end}，使用 {data.as_of} 及以前的数据。",
    ]


def _scope(data: QuarterData) -> list[str]:
    units, accounts = data.frames["unit_scores"], data.frames["account_scores"]
    sampling = plain_value("sampling", data.settings["sampling"])
    return [
        f"{len(units)} 个单位、{len(accounts)} 个账号，其中 {int(accounts['is_scored'].sum())} 个计分。检查方式：{sampling}。",
        "主管单位自己开办的账号按同样的规则检查，在“是否主管单位”一列写“是”（自评）。",
    ]


def _scheme(data: QuarterData, rubric: Rubric) -> list[str]:
    raw = data.scheme
    if raw.get("status") == "adopted":
        status = f"已采用（{raw.get('adopted_on', '')} {raw.get('adopted_document', '')}）".replace("（ ", "（").replace(" ）", "）")
    else:
        status = "建议稿，尚未由主管单位采用。《办法》没有规定任何分值，每一个分值都是建议"
    told = [f"{raw.get('title', '')}。状态：{status}。", f"每个账号 {raw.get('base', '100')} 分，按项扣分，每项扣完为止："]
    override = raw.get("engagement_override")
    if override:
        told.insert(1, f"阅读、粉丝等计分系 {override['on']} {override['document']} 决定（默认不计分）。")
    for item in rubric.items:
        told.append(f"{item.id} {item.name}，{written(item.points)} 分（{citation(item.article)}{_not_law(item.checks)}）：{item_words(item)}。")
    for veto in rubric.vetoes:
        told.append(f"{veto.code} {veto.name}（{citation(veto.article)}{_not_law(veto.checks)}）：单项否决，{veto_words(veto)}。")
    for kind, does in (("items", "100 分之外另扣分"), ("vetoes", "单项否决，得 0 分")):
        added = [entry for entry in raw.get(kind, ()) if "setting" in entry]
        told += [f"{each.get('id', each.get('code'))} {each['name']}（{citation(each['article'])}）：{does}（由设置打开）。" for each in added]
    bands = "、".join(f"{band['name']} {band['from']} 分以上" for band in raw.get("bands", ()))
    told.append(f"等次：{bands}。")
    return told


def _not_law(checks: Sequence[str]) -> str:
    """The mark of a line that rests on something else than the 办法."""
    rules = load_rules()
    marks = dict.fromkeys(_BASIS[rules[check].basis] for check in checks if check in rules and rules[check].basis in _BASIS)
    return f"；{'、'.join(marks)}" if marks else ""


def _results(data: QuarterData) -> list[str]:
    rollup, line = data.scheme.get("rollup", {}), fail_below(data.scheme)
    how = {"mean": "各计分账号得分的平均", "min": "得分最低的账号的得分", "weighted": "各计分账号得分的加权平均"}
    method_name = rollup.get("method", "setting")
    method_name = data.settings["unit_rollup"] if method_name == "setting" else method_name
    told = [
        f"账号：单项否决或得分低于 {line} 分的为不合格，其余为合格。被单项否决的账号得 0 分，其他问题不再扣分。",
        *_prominent(data.settings),
        f"单位得分：{how.get(method_name, method_name)}。同一事件只扣一次分。",
        "得分四舍五入到两位小数：账号得分先舍入，单位得分从印出的账号得分算起，所以可以用公布的账号得分自行核算。",
        "缺数据既不当零分，也不当满分：没有数据能证明的，列为待定。",
    ]
    if data.settings["published_results"] != "scores":
        told.append("按设置，本次只公布结论和更新统计，不公布得分、等次和名次。")
    return told


def _prominent(settings: Settings) -> list[str]:
    if settings["prominent_problems"] == "none":
        return []
    how = plain_value("prominent_problems", settings["prominent_problems"])
    return [f"存在突出问题：{how}；{plain_value('prominent_counts_as', settings['prominent_counts_as'])}。"]


def _readings(data: QuarterData) -> list[str]:
    """The settings that decide results, with the day and the document of the decision where there is one."""
    told = ["《办法》没有写死的，由设置决定。没有写明决定日期的，是软件的默认值或设置文件里的值，没有登记由主管单位决定。"]
    for key, entry in readings().items():
        if entry["stage"] in ("report", "year"):
            continue
        who = data.settings.decided.get(key)
        decided = f"（{who['on']} 决定{'，' + str(who['document']) if 'document' in who else ''}）" if who else ""
        value = plain_value(key, data.settings[key])
        told.append(f"{citation(entry['article'])}：{entry['means']}。采用：{value}{decided}。")
    return told


def _limits() -> list[str]:
    return [
        "阅读、点赞、转发、评论和粉丝数不计分，也不在本数据里。",
        "本数据不含个人信息、留言内容和检查记录的文字；小的计数没有隐去。",
        "问题数包括只列出、不扣分的问题；一个账号的问题数与扣分不成比例。",
        "csv 里以 =、+、-、@ 开头的文字前加了一个单引号，以免被表格软件当成公式。",
        "对结果有异议的单位，请向主管单位书面提出；复核改变结果的，重新公布。",
    ]


def _versions(data: QuarterData) -> list[str]:
    receipt, raw = data.receipt, data.receipt.get("raw", {})
    joined = hashlib.sha256("".join(sorted(f"{digest}\n" for digest in raw.values())).encode()).hexdigest()
    return [
        f"程序：{receipt.get('package', '—')}",
        f"规则指纹：{receipt.get('rules_sha256', '—')}",
        f"评分细则指纹：{receipt.get('scheme_sha256', '—')}",
        f"设置文件指纹：{receipt.get('settings_sha256', '—')}",
        f"原始文件 {len(raw)} 个，各文件指纹合并后的指纹：{joined}",
        "各公开文件的指纹（sha256）见“文件清单.csv”。",
    ]
