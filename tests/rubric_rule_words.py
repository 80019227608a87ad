"""Neutral words of one item and its rule → ours."""

from fractions import Fraction

ON_NA = {"share_equally": "redistribute", "redistribute": "redistribute", "rescale": "rescale", "peer_mean": "peer_mean", "full": "full"}
MISSING = {"left_out": "exclude", "exclude": "exclude", "excluded": "exclude", "skip": "exclude", "zero": "zero", "0": "zero", "refuse": "refuse"}
TIES = {
    "share_better": "share_better", "better": "share_better", "min": "share_better", "share_worse": "share_worse", "worse": "share_worse",
    "max": "share_worse", "mean": "share_mean", "average": "share_mean", "share_mean": "share_mean", "dense": "dense", "no_skip": "dense",
}  # fmt: skip
MODES = {"half_up": "half_up", "half_even": "half_even", "bankers": "half_even", "down": "down", "cut": "down", "cut_off": "down", "truncate": "down", "floor": "down"}
RENAMED = {  # parameter of the neutral words → ours, by rule type
    "per_event": {"points": "loss"}, "bonus_per_event": {"points": "gain", "bonus": "gain"},
    "per_event_by_severity": {"loss": "losses", "table": "losses"},
    "shortfall": {"loss": "loss_per_unit", "per_unit": "loss_per_unit", "per": "step"},
    "threshold_loss": {"min": "below", "under": "below", "over": "above"},
    "escalating": {"after": "after_last", "then": "after_last"}, "escalating_by_period": {"after": "after_last", "then": "after_last"},
    "rank": {"floor": "lowest", "min": "lowest"},
    "rank_table": {
        "places": "table", "rows": "table", "points": "table", "ranks": "table", "else": "otherwise", "other": "otherwise",
        "others": "otherwise", "rest": "otherwise", "default": "otherwise",
    },
    "steps_gain": {"first_at": "first_from", "from": "first_from", "over": "first_over", "per": "step", "each": "step"},
    "proportional": {"best": "denominator", "of": "denominator", "target": "denominator"},
    "ratio_to_target": {"target": "full_at", "full": "full_at"}, "checklist": {"items": "parts", "table": "parts", "loss": "loss_each", "loss_per_missing": "loss_each", "loss_per_item": "loss_each", "points_each": "each"},
    "level_table": {"table": "gain", "levels": "gain", "points": "gain", "losses": "loss"},
    "period_base": {"points": "base", "min": "target", "at_least": "target", "minimum": "target", "cap_per_period": "cap"},
    "weighted_periods": {"by": "by_name"}, "bonus": {"gain": "table", "gains": "table"},
}  # fmt: skip


def text(value):
    """Numbers as text; lists and tables of them likewise."""
    if isinstance(value, dict):
        return {key: text(each) for key, each in value.items()}
    if isinstance(value, list):
        return [text(each) for each in value]
    return value if value is None or isinstance(value, bool | str) else str(value)


def item_of(item, words, applies_to=None):
    rule = item.get("rule") or {"type": "given", "params": {}}
    params = {key: value for key, value in {**rule.get("params", {}), **{k: v for k, v in rule.items() if k not in ("type", "params")}}.items() if value is not None}
    made = {"id": item["id"], "name": item.get("name", item["id"]), "points": str(item.get("points", "0"))}
    for name in ("weight", "gate"):
        if item.get(name) is not None:
            made[name] = str(item[name])
    block = item.get("parent") or item.get("block")
    inside = [b["id"] for b in all_blocks(words) if item["id"] in b.get("of", ())]
    if block or inside:
        made["block"] = block or inside[0]
    made["cap"] = item.get("cap") or "own"
    if item.get("on_na") and item["on_na"] != "variant":
        made["on_na"] = ON_NA[item["on_na"]]
    if item.get("rounding"):
        made["rounding"] = {"places": item["rounding"]["places"], "mode": MODES[item["rounding"].get("mode", "half_up")]}
    groups = applies_to or item.get("applies_to") or item.get("groups") or ([item["group"]] if item.get("group") else None)
    if groups:
        made["applies_to"] = [groups] if isinstance(groups, str) else list(groups)
    for name, ours in (("cap", "at_most"), ("max", "at_most"), ("max_loss", "at_most"), ("max_gain", "at_most"), ("gate", "gate"), ("multiplier", "multiplier")):
        if name in params and not (name == "cap" and rule["type"] == "period_base"):
            made[ours] = str(params.pop(name))
    if rule["type"] == "period_base" and "target" not in params and "min" not in params and {"loss", "loss_per_event"} & set(params):
        made["points"] = str(params.get("base", params.get("points", item["points"])))  # a base in each period, less its events
        made["by_period"] = {"period": str(params.get("period", params.get("per", "period"))), "method": "sum"}
        rule, params = {"type": "per_event"}, {"loss": params.get("loss", params.get("loss_per_event"))}
    made["rule"] = {"type": rule["type"], **rule_params(rule["type"], params, item)}
    if made["rule"].get("type") == "threshold_loss" and "tiers" not in params and "loss" not in made["rule"]:
        made["rule"]["loss"] = made["points"]
    return made


def rule_params(kind, params, item):
    """The parameters under our names; a value that only explains (event, unit, period …) is left out."""
    from xmt_scoring.scoring.rubric.rule_types import RULES

    found = {RENAMED.get(kind, {}).get(name, name): text(value) for name, value in params.items()}
    if kind == "weighted_periods" and isinstance(found.get("weights"), dict):
        found["by_name"] = found.pop("weights")
    if kind == "weighted_periods" and isinstance(found.get("periods"), list) and isinstance(found["periods"][0], dict):
        found["by_name"] = {str(each.get("id", each.get("name"))): each["weight"] for each in found["periods"]}
    if kind == "weighted_periods":
        each = next((found[name] for name in ("weight", "weight_each", "share") if name in found), None)
        if each is not None:
            found["weights"] = [each] * int(1 / Fraction(each))
        if sum(map(Fraction, found.get("weights", []))) == 100:
            found["weights"] = [f"{weight}/100" for weight in found["weights"]]
    if kind == "period_base":
        found.setdefault("target", "1")
    if kind == "checklist":
        if isinstance(found.get("parts"), list) and "loss_each" in found:
            found.pop("parts")
        if isinstance(found.get("parts"), list):
            found["parts"] = {str(each.get("id", each.get("name"))): each["points"] for each in found["parts"]} if isinstance(found["parts"][0], dict) else dict.fromkeys(found["parts"], found.get("each") or str(Fraction(item["points"]) / len(found["parts"])))
        if "parts" in found:
            found.pop("each", None)
    if kind in ("escalating", "escalating_by_period") and "losses" not in found:
        found["losses"] = climbing(found, item)
    if kind == "all_or_nothing" and "ok_if" in found:
        found["ok_if"] = condition(found["ok_if"])
    if kind == "rank_table":
        found["table"] = places(found.get("table"))
    if kind == "rank_table" or kind == "rank":
        found["ties"] = TIES[str(found.get("ties", "share_better"))]
    if kind in ("steps_gain", "threshold_loss"):
        for name in ("steps", "table", "bands"):
            if isinstance(found.get(name), list):
                found["tiers"] = found.pop(name)
        if isinstance(found.get("tiers"), list):
            found["tiers"] = [tier(each, kind) for each in found["tiers"]]
            for name in ("below", "above", "loss", "first", "step", "gain", "first_over", "first_from"):
                found.pop(name, None)
    if kind == "proportional":
        found["over"] = "cap"  # the neutral words refuse nothing; an item never earns more than its points
        found.setdefault("numerator", "done")
        found.setdefault("denominator", "due")
    if kind == "ratio_to_target":
        found.setdefault("numerator", "value")
    if "missing" in found and kind in ("mean_of_periods", "weighted_periods"):
        found["missing"] = MISSING[found["missing"]]
    if kind == "period_base" and found.get("below") not in ("zero", "proportional", "loss"):
        found["below"] = "loss" if "loss_per_unit" in found else "zero"
    if kind == "escalating_by_period":
        reset = str(found.get("reset", found.get("count", ""))).lower()
        found["count"] = "across_periods" if reset in ("false", "none", "never", "across_periods") else "consecutive" if "consecutive" in reset else "within_period"
    if "if_denominator_zero" in found and found["if_denominator_zero"] not in ("full", "zero", "na"):
        found["if_denominator_zero"] = "zero" if found["if_denominator_zero"] in ("0", "none") else "na"
    return {name: value for name, value in found.items() if name in RULES[kind].params}


def climbing(found, item):
    """The losses of an arithmetic or geometric row, until they take the whole item."""
    first = Fraction(found.get("first", found.get("base", found.get("loss", "1"))))
    step = Fraction(found.get("increment", found.get("step", "0")))
    factor = Fraction(found.get("factor", found.get("ratio", "1")))
    losses = [first]
    while sum(losses) < Fraction(str(item["points"])) and (step or factor > 1):
        losses.append(losses[-1] * factor + step)
    return [str(float(loss)) if loss.denominator > 1 else str(loss.numerator) for loss in losses]


def condition(words):
    """A condition on yes or no: a name alone, or compared with true or false."""
    words = words.replace("true", "1").replace("True", "1").replace("false", "0").replace("False", "0")
    return f"{words} == 1" if words.replace("_", "").isalnum() else words


def tier(row, kind):
    size = "loss" if kind == "threshold_loss" else "points"
    edge = next(key for key in ("below", "above", "over", "from", "min", "at_least", "at", "reach", "count") if key in row)
    value = next(row[key] for key in ("loss", "points", "gain") if key in row)
    return {edge if edge in ("below", "above") else "above" if edge == "over" else "from": row[edge], size: value}


def places(rows):
    """{"1": "10", "2-3": "8"} or [{from, to, points}] or ["10", "8"] → rows by last place."""
    if isinstance(rows, dict):
        rows = [{"to": str(key).replace("–", "-").split("-")[-1], "points": value} for key, value in rows.items()]
    made = []
    for number, row in enumerate(rows, start=1):
        if not isinstance(row, dict):
            row = {"to": str(number), "points": row}
        to = next((row[key] for key in ("to", "rank", "place", "upto", "up_to") if key in row), None)
        share = next((row[key] for key in ("to_share", "share", "top") if key in row), None)
        edge = {"to": str(to)} if to is not None else {"to": "100000"} if share is None or "from" in row else {"to_share": str(share)}
        made.append({**edge, "points": row.get("points", row.get("gain"))})
    return made


def all_blocks(words):
    capped = words.get("parent_cap")
    capped = [] if not capped else capped if isinstance(capped, list) else [capped]
    return [*words.get("blocks", []), *({"id": each.get("id", f"parent{n}"), "points": each["points"], "of": each["of"]} for n, each in enumerate(capped))]
