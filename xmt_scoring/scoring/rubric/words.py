"""A rubric in Chinese words: what each rule does, what opens a bonus, what a veto takes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

from xmt_scoring.glossary import choices
from xmt_scoring.scoring.rubric.model import Criterion, Gate, Rubric, Rule, Veto
from xmt_scoring.scoring.rubric.reader import written

OPS = {">": "高于", ">=": "不低于", "<": "低于", "<=": "不高于", "==": "等于", "!=": "不等于"}
_ON_NA = {"full": "不适用得满分", "rescale": "不适用折算", "redistribute": "不适用平均计入其他项目", "peer_mean": "不适用按同类平均分"}
_METHODS = {"mean": "平均", "sum": "相加", "min": "取最低", "max": "取最高", "weighted": "加权", "setting": "按 xmt.toml 的设置"}
_PERIODS = {"week": "周", "month": "月", "quarter": "季", "year": "年"}
_OVER = {"accounts": "各账号得分", "quarter": "各季得分", "month": "各月得分", "week": "各周得分"}


def case_words(name: str) -> str:
    """A case in Chinese where it is a code of ours; otherwise as it stands."""
    return {code: words[0] for code, words in choices("severity").items()}.get(name, name)


def _table(sizes: Mapping[str, Fraction], sign: str) -> str:
    return "、".join(f"{case_words(name)} {sign}{written(size)}" for name, size in sizes.items())


def _tiers(tiers: Any) -> str:
    edge = {"below": "低于", "above": "高于", "from": "达到"}
    return "，".join(
        f"{edge[name]} {written(tier[name])} {'扣' if 'loss' in tier else '得'} {written(tier.get('loss', tier.get('points')))}"
        for tier in tiers
        for name in tier
        if name in edge
    )


def _source(params: Mapping[str, Any]) -> str:
    names = [params[key] for key in ("numerator", "denominator") if key in params]
    return " ÷ ".join(written(each) if isinstance(each, Fraction) else str(each) for each in names) or "数值"


def _steps(params: Mapping[str, Any]) -> str:
    if "tiers" in params:
        return _tiers(params["tiers"])
    said = []
    if "first" in params:
        edge = "超过" if "first_over" in params else "达到"
        said.append(f"{edge} {written(params.get('first_over', params.get('first_from')))} 得 {written(params['first'])}")
    if "step" in params:
        said.append(f"每再满 {written(params['step'])} 加 {written(params['gain'])}")
    return "，".join(said)


def _threshold(params: Mapping[str, Any]) -> str:
    return f"{_source(params)}：{_tiers(params.get('tiers') or [{k: params[k] for k in ('below', 'above', 'loss') if k in params}])}"


def _checklist(params: Mapping[str, Any]) -> str:
    if "parts" in params:
        return f"做到的得分：{_table(params['parts'], '+')}"
    return f"每做到一项得 {written(params['each'])}" if "each" in params else f"每缺一项扣 {written(params['loss_each'])}"


def _period_base(params: Mapping[str, Any]) -> str:
    below = {"zero": "不得分", "proportional": "按比例", "loss": f"每少 1 扣 {written(params.get('loss_per_unit', Fraction(0)))}"}
    return f"每期达到 {written(params['target'])} 得 {written(params['base'])}，不到的{below[params.get('below', 'zero')]}"


def _places(params: Mapping[str, Any]) -> str:
    def edge(row: Mapping[str, Fraction]) -> str:
        return f"前 {written(row['to'])} 名" if "to" in row else f"前 {written(row['to_share'] * 100)}%"

    rows = [f"{edge(row)} 得 {written(row['points'])}" for row in params["table"]]
    return "，".join([*rows, f"其余得 {written(params.get('otherwise', Fraction(0)))}"])


def _shortfall(params: Mapping[str, Any]) -> str:
    target = written(params["target"]) if "target" in params else "另填"
    return f"目标 {target}{params.get('unit', '')}，每少 {written(params.get('step', Fraction(1)))} 扣 {written(params['loss_per_unit'])}"


def _mean(params: Mapping[str, Any]) -> str:
    factor = f" × {written(params['factor'])}" if "factor" in params else ""
    return f"各期平均{factor}" + (f"，满分 {written(params['from'])} 折算" if "from" in params else "")


_COUNTED = {"within_period": "每期重新起算", "across_periods": "各期累计", "consecutive": "连续发生逐期加重"}


def _climb(params: Mapping[str, Any]) -> str:
    """扣分 of the first, second … event."""
    then = written(params.get("after_last", params["losses"][-1]))
    return f"依次扣 {'、'.join(written(each) for each in params['losses'])}，再往后每次 {then}"


_SAYS: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "per_event": lambda p: f"每件扣 {written(p['loss'])}",
    "per_event_by_severity": lambda p: _table(p["losses"], "−"),
    "shortfall": _shortfall,
    "threshold_loss": _threshold,
    "all_or_nothing": lambda p: f"{p['ok_if'].text if 'ok_if' in p else '没有发生'} 得满分，否则 0 分",
    "checklist": _checklist,
    "steps_gain": _steps,
    "rank": lambda p: f"第 1 名 {written(p['first'])}，每低一名少 {written(p['step'])}",
    "rank_table": _places,
    "proportional": lambda p: f"分值 × {_source(p)}",
    "ratio_to_target": lambda p: f"{_source(p)} 达到 {written(p['full_at'])} 得满分，以下按比例",
    "escalating": _climb,
    "escalating_by_period": lambda p: f"{_climb(p)}（{_COUNTED[p.get('count', 'within_period')]}）",
    "weighted_periods": lambda p: "各期加权 " + "、".join(written(w) for w in (p.get("weights") or p["by_name"].values())),
    "level_table": lambda p: _table(p["gain"], "+") if "gain" in p else _table(p["loss"], "−"),
    "bonus": lambda p: _table(p["table"], "+") if "table" in p else "逐项填加分",
    "bonus_per_event": lambda p: f"每件加 {written(p['gain'])}",
    "sum_of_losses": lambda p: "逐笔扣分相加",
    "period_base": _period_base,
    "mean_of_periods": _mean,
    "given": lambda p: "直接填得分" + (f"（满分 {written(p['from'])} 折算）" if "from" in p else ""),
}


def rule_words(rule: Rule) -> str:
    """One rule in Chinese."""
    return _SAYS[rule.type](rule.params)


def item_words(item: Criterion) -> str:
    """An item's rule with its caps and conditions."""
    said = ["；".join(dict.fromkeys(rule_words(rule) for rule in item.rules.values()))]
    if item.per:
        said.append(f"逐{_PERIODS.get(item.per.period, item.per.period)}计分 {item.per.n} 期{_METHODS[item.per.method]}")
    if item.at_most is not None:
        said.append(f"最多 {written(item.at_most)}")
    if item.multiplier != 1:
        said.append(f"× {written(item.multiplier)}")
    if item.gate:
        said.append(f"过门槛 {item.gate} 才计")
    if item.on_na:
        said.append(_ON_NA[item.on_na])
    if item.rounding:
        said.append(f"本项保留 {item.rounding.places} 位")
    if item.cap == "none" and not item.is_bonus:
        said.append("不封底")
    return "；".join(said)


def gate_words(gate: Gate, rubric: Rubric) -> str:
    """What a gate asks, and what it does."""
    named = {"base": "加分前的得分", "total": "总分", **{item.id: item.name for item in rubric.items}, **{b.id: b.name for b in rubric.blocks.values()}}
    asked = f"{named[gate.left]}{OPS[gate.op]} {written(gate.value)}"
    return f"{asked}，否则{gate.otherwise}" if gate.otherwise else f"{asked} 才计"


def veto_words(veto: Veto) -> str:
    """What a veto does, and by whom it must be found."""
    value = "" if veto.value is None else written(veto.value)
    does = {
        "zero": "得 0 分", "unscored": f"{veto.verdict or '不合格'}，其他指标不计分", "fixed": f"定为 {value} 分",
        "item_loss": f"{veto.item} 扣 {value}，{'该项其他问题不再扣' if veto.stops_item else '该项其他问题照扣'}",
        "bar_top_band": "不得评为最高等次", "bar_bonus": "不计加分",
    }[veto.outcome]  # fmt: skip
    words = choices("level")
    found_by = f"（{'、'.join(words[level][0] for level in veto.levels)}级发现的）" if veto.levels else ""
    return f"{does}{found_by}" + (f"，条件 {veto.condition.text}" if veto.condition else "")


def rollup_words(rubric: Rubric) -> str:
    """How scores become one."""
    found = rubric.rollup
    if found is None:
        return ""
    said = [f"{_OVER.get(found.over, found.over)}{_METHODS[found.method]}"]
    if found.least_each is not None:
        said.append(f"每个不低于 {written(found.least_each)}")
    if found.least_total is not None:
        said.append(f"合计不低于 {written(found.least_total)}")
    return "，".join(said)
