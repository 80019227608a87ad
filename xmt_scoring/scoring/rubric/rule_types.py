"""Every rule type of a rubric: what it does with an item, its parameters, what a person types in for it.

Kinds of parameters (the reader parses by them): points (0–1000, at most four places), number (not negative), share
(0–1), text, flag, a|b|c (one of these words), source (a name of an input, or a number), condition; `[x]` a list, `{x}` a table
of name → x; rows a list of tables. `!` marks what must be there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

LOSS, EARN = "loss", "earn"


@dataclass(frozen=True)
class RuleType:
    """`does`: takes points (loss) or gives them (earn). `asks`: the inputs, name → (kind, words), where they are fixed."""

    does: str
    words: str
    params: Mapping[str, str]
    asks: Mapping[str, tuple[str, str]]
    is_bonus: bool = False


_EVENTS = {"events": ("count", "件数")}
_MISSING = "exclude|zero|refuse"
_ZERO = "full|zero|na"

RULES: Mapping[str, RuleType] = {
    "per_event": RuleType(LOSS, "每发生一次扣分", {"loss": "points!", "event": "text"}, _EVENTS),
    "per_event_by_severity": RuleType(LOSS, "按情形每次扣分", {"losses": "{points}!"}, {}),
    "shortfall": RuleType(
        LOSS, "比目标每少一个单位扣分",
        {"target": "number", "unit": "text", "loss_per_unit": "points!", "step": "number"},
        {"done": ("number", "完成数"), "target": ("number?", "目标数（细则里没写时填）")},
    ),
    "threshold_loss": RuleType(
        LOSS, "低于（高于）界限扣分",
        {"below": "number", "above": "number", "loss": "points", "tiers": "[tier]", "numerator": "source",
         "denominator": "source", "if_denominator_zero": _ZERO},
        {"value": ("number", "数值")},
    ),
    "all_or_nothing": RuleType(EARN, "符合条件得满分，否则不得分", {"ok_if": "condition"}, _EVENTS),
    "checklist": RuleType(
        EARN, "逐项核对，做到的得分", {"parts": "{points}", "each": "points", "loss_each": "points", "n": "number"}, {}
    ),
    "steps_gain": RuleType(
        EARN, "按台阶得分",
        {"first_over": "number", "first_from": "number", "first": "points", "step": "number", "gain": "points",
         "tiers": "[tier]"},
        {"count": ("number", "数量")},
    ),
    "rank": RuleType(
        EARN, "按名次得分", {"first": "points!", "step": "points!", "lowest": "points", "ties": "share_better|share_mean|share_worse|dense",
                        "order": "high_first|low_first"},
        {"rank": ("count", "名次")},
    ),
    "rank_table": RuleType(
        EARN, "按名次表得分", {"table": "[place]!", "otherwise": "points", "ties": "share_better|share_mean|share_worse|dense",
                          "order": "high_first|low_first"},
        {"rank": ("count", "名次")},
    ),
    "proportional": RuleType(
        EARN, "按完成比例得分",
        {"numerator": "source!", "denominator": "source!", "if_denominator_zero": _ZERO, "over": "refuse|cap"}, {},
    ),
    "ratio_to_target": RuleType(
        EARN, "按比值与目标之比得分，达到目标得满分",
        {"numerator": "source!", "denominator": "source", "full_at": "number!", "zero_at": "number", "if_denominator_zero": _ZERO}, {},
    ),
    "escalating": RuleType(LOSS, "一次比一次扣得多", {"losses": "[points]!", "after_last": "points"}, _EVENTS),
    "escalating_by_period": RuleType(
        LOSS, "逐期加重扣分",
        {"losses": "[points]!", "after_last": "points", "count": "within_period|across_periods|consecutive"},
        {"periods": ("list", "各期件数")},
    ),
    "weighted_periods": RuleType(
        EARN, "各期得分加权", {"weights": "[number]", "by_name": "{number}", "from": "number", "missing": _MISSING},
        {"values": ("list", "各期得分，没有的写“缺”")},
    ),
    "level_table": RuleType(
        EARN, "按层级表得分或扣分", {"gain": "{points}", "loss": "{points}", "keep": "all|highest"}, {}
    ),
    "bonus": RuleType(EARN, "加分", {"table": "{points}"}, {"gains": ("list", "各项加分")}, True),
    "bonus_per_event": RuleType(EARN, "每件加分", {"gain": "points!"}, _EVENTS, True),
    "sum_of_losses": RuleType(LOSS, "逐笔扣分相加", {}, {"losses": ("list", "各笔扣分")}),
    "period_base": RuleType(
        EARN, "每期达到最低要求得基础分",
        {"base": "points!", "target": "number!", "below": "zero|proportional|loss", "loss_per_unit": "points",
         "extra": "points", "cap": "points"},
        {"done": ("list", "各期完成数")},
    ),
    "mean_of_periods": RuleType(
        EARN, "各期得分的平均", {"from": "number", "factor": "number", "missing": _MISSING}, {"values": ("list", "各期得分，没有的写“缺”")}
    ),
    "given": RuleType(EARN, "直接填得分", {"from": "number"}, {"value": ("number", "得分")}),
}  # fmt: skip

# what the quarter's vectorised scoring of all accounts computes
ACCOUNT_SHEET_RULES = ("per_event", "per_event_by_severity", "all_or_nothing")
