"""Neutral words of the cases' inputs → ours. Words only: what is counted, which veto was found, by which level."""

from collections import Counter
from copy import deepcopy
from decimal import Decimal

from rubric_rule_words import text
from rubric_words import LEVELS, LISTS, shares

from xmt_scoring.scoring.rubric.conditions import parse

EVENTS = ("events", "count", "n", "times", "number", "occurrences")
DONE = ("done", "sent", "actual", "count", "value", "submitted", "completed")
LIST_RULES = {"mean_of_periods": "values", "weighted_periods": "values", "escalating_by_period": "periods", "period_base": "done"}
NAMED_LISTS = ("findings", "adoptions", "events", "records")


def fitted(made, words, inputs):
    """The scheme with what only the inputs show: names of numerator and denominator, number of periods."""
    made = deepcopy(made)
    rows = next((inputs[name] for name in (*LISTS, "accounts", "units", "bodies") if isinstance(inputs.get(name), list)), [])
    if (words.get("rollup") or {}).get("method") == "weighted" and rows and all(isinstance(row, dict) and "weight" in row for row in rows):
        made["rollup"]["weights"] = shares({str(number): row["weight"] for number, row in enumerate(rows, start=1)})
    for item in made.get("items", []):
        value, rule, by_period = inputs.get(item["id"]), item["rule"], item.pop("by_period", None)
        if isinstance(value, dict) and rule["type"] in ("threshold_loss", "ratio_to_target", "proportional"):
            names = [name for name in value if name not in ("na", "veto")]
            named = [rule.get(key) for key in ("numerator", "denominator") if isinstance(rule.get(key), str) and not rule[key][:1].isdigit()]
            if len(names) == 2 and not (named and set(named) <= set(names)):
                rule["numerator"], rule["denominator"] = names
            elif len(names) == 1 and named and names != named and (len(named) == 1 or "denominator" not in rule):
                rule["numerator"] = names[0]
        if rule["type"] in LIST_RULES or (rule["type"], type(value)) in (("bonus", list), ("sum_of_losses", list), ("level_table", list)):
            continue
        lists = value if isinstance(value, list) else next((v for v in value.values() if isinstance(v, list)), None) if isinstance(value, dict) else None
        rollup = by_period or words.get("rollup") or {}
        if isinstance(lists, list) and rollup.get("period") and not (isinstance(value, dict) and set(value) & {"losses", "gains", "done", "met", "missing"} and rule["type"] in ("sum_of_losses", "bonus", "checklist")):
            method = rollup.get("method", "sum")
            item["per"] = {"period": rollup["period"], "method": method if method in ("sum", "mean", "min") else "sum", "n": len(lists)}
            if item["per"]["method"] == "sum" and made["direction"] != "gain" and "points_add_up" not in made:
                made["base"] = str(Decimal(made["base"]) + Decimal(item["points"]) * (len(lists) - 1))
    return made


def inputs_of(inputs, made):
    """One sheet of neutral inputs in our words; what is not mentioned was not found."""
    inputs = {**{k: v for k, v in inputs.items() if k != "unit" or not isinstance(v, dict)}, **(inputs["unit"] if isinstance(inputs.get("unit"), dict) else {})}
    items = {item["id"]: item for item in made.get("items", [])}
    parts = {part["id"]: part for part in made.get("composite", [])}
    found, used = {}, set()
    for name, item in items.items():
        value = inputs.get(name, inputs.get(item["name"]))
        used |= {name, item["name"]}
        if value is None and item["rule"]["type"] in ("mean_of_periods", "weighted_periods"):
            key = next((key for key in LISTS if key in inputs), None)
            value = inputs.get(key)
            used.add(key)
        if value is not None:
            found[name] = item_input(item, value) if value != {} else nothing(item)
    for name in parts:
        if name in inputs:
            found[name] = part_input(inputs[name], made, parts[name])
            used.add(name)
    if made.get("ladder"):
        asked = inputs.get("facts") or {key: value for key, value in inputs.items() if key != "object"}
        return {"object": inputs.get("object", "account"), "facts": {**dict.fromkeys(names_of(made["ladder"]), 0), **{k: int(v) if isinstance(v, bool) else v for k, v in asked.items()}}}
    vetoes(found, inputs, made)
    asked = {name for veto in made.get("vetoes", []) if "if" in veto for name in parse(veto["if"]).names}
    if asked and asked & set(inputs):
        found["facts"] = {name: str(int(inputs[name]) if isinstance(inputs.get(name), bool) else inputs.get(name, 0)) for name in asked}
    events(found, inputs, items)
    for name, value in inputs.items():
        if name.startswith("peers_"):
            found.setdefault("peers", {})[name.removeprefix("peers_")] = text(value)
        elif name == "peers" and isinstance(value, dict):
            found["peers"] = text(value)
        elif name == "group":
            found["group"] = value
        elif made.get("multiplier", {}).get("factors") and str(value) in made["multiplier"]["factors"]:
            found["multiplier"] = str(value)
        elif made.get("split") and name in ("split", "units", "n_units", "authors", "share", "among"):
            found["split"] = str(len(value) if isinstance(value, list) else value)
        elif not items and not parts and name in (*LISTS, "accounts", "bodies", "units") and isinstance(value, list | dict):
            found["values"] = values(value)
        elif not items and not parts and name in ("year", "total", "score", "base", "sum"):
            found["total"] = str(value)
    if "findings" not in found:
        for name, item in items.items():
            if name not in found and item.get("applies_to", [found.get("group")])[0] == found.get("group"):
                found[name] = nothing(item)
    return found


def nothing(item):
    """What an item that the inputs do not mention counts: no event, no claim."""
    kind = item["rule"]["type"]
    if kind in ("per_event_by_severity", "level_table"):
        table = item["rule"].get("losses") or item["rule"].get("gain") or item["rule"].get("loss")
        return dict.fromkeys(table, 0)
    if kind in ("sum_of_losses", "bonus"):
        return {"losses" if kind == "sum_of_losses" else "gains": []}
    if kind in ("per_event", "escalating", "bonus_per_event") or (kind == "all_or_nothing" and "ok_if" not in item["rule"]):
        return {"events": 0}
    return {"na": True}


def names_of(ladder):
    return [name for step in ladder for name in parse(step["if"]).names]


def item_input(item, value):
    """What one item asks for, under our names."""
    kind = item["rule"]["type"]
    if isinstance(value, dict) and value.get("na"):
        return {"na": True}
    more = {"veto": True} if isinstance(value, dict) and value.get("veto") else {}
    plain = {key: each for key, each in value.items() if key != "veto"} if isinstance(value, dict) else value
    if "per" in item:
        n = item["per"]["n"]
        rows = plain if isinstance(plain, list) else [{key: each[i] if isinstance(each, list) else each for key, each in plain.items()} for i in range(n)]
        one_period = {key: each for key, each in item.items() if key != "per"}
        return [item_input(one_period, row) for row in rows]
    made = plain_input(kind, item["rule"], plain)
    return {**made, **more} if isinstance(made, dict) else made


def plain_input(kind, rule, value):
    if kind in ("per_event", "escalating", "bonus_per_event") or (kind == "all_or_nothing" and "ok_if" not in rule):
        return {"events": number(value, EVENTS)}
    if kind == "all_or_nothing" and not isinstance(value, dict):
        return {parse(rule["ok_if"]).names[0]: value}
    if kind == "all_or_nothing":
        return {key: int(each) if isinstance(each, bool) else each for key, each in value.items()}
    if kind == "shortfall":
        found = {"done": str(number(value, DONE))}
        return {**found, "target": str(value["target"])} if isinstance(value, dict) and "target" in value else found
    if kind == "steps_gain":
        return {"count": str(number(value, ("count", *DONE, "followers")))}
    if kind in ("threshold_loss", "ratio_to_target", "proportional"):
        if not isinstance(value, dict):
            return {rule.get("numerator", "value"): str(value)}
        if kind == "threshold_loss" and "numerator" not in rule:
            return {"value": str(number(value, ("value", "rate", "share")))}
        return text(value)
    if kind == "level_table" and isinstance(value, list) and all(isinstance(each, str) for each in value):
        return dict(Counter(value))
    if kind == "period_base" and not isinstance(value, dict | list):
        return {"done": [rule["target"]] * int(value)}
    if kind in LIST_RULES:
        if kind == "weighted_periods" and "by_name" in rule and isinstance(value, dict) and not set(value) & set(LISTS):
            return text(value)
        listed = value if isinstance(value, list) else next((each for each in value.values() if isinstance(each, list)), list(value.values()) if isinstance(value, dict) else [value])
        return {LIST_RULES[kind]: [None if each is None else str(int(each) if isinstance(each, bool) else each) for each in listed]}
    if kind == "given":
        return {"value": str(number(value, ("value", "score", "points")))}
    if kind == "sum_of_losses":
        listed = value if isinstance(value, list) else value.get("losses", []) if isinstance(value, dict) else [value]
        return {"losses": text(listed)}
    if kind == "bonus":
        if isinstance(value, dict) and "gains" in value:
            return {"gains": text(value["gains"])}
        if isinstance(value, dict):
            return value
        return {"gains": text(value if isinstance(value, list) else [value])}
    if kind == "checklist":
        return checklist(value, rule)
    if kind in ("rank", "rank_table") and not isinstance(value, dict):
        return {"rank": value}
    return value


def checklist(value, rule):
    """Things that are there, or missing: named, marked or counted."""
    if "loss_each" in rule and isinstance(value, dict) and value and all(isinstance(each, bool) for each in value.values()):
        return {"missing": [name for name, is_there in value.items() if not is_there]}
    if not isinstance(value, dict):
        return {"done": value} if not isinstance(value, list) else {"done": value}
    for ours, words in (("done", ("done", "met", "present", "ok", "ticked", "checked")), ("missing", ("missing", "absent", "failed", "events"))):
        for name in words:
            if name in value:
                if ours == "missing" and "parts" in rule:
                    gone = value[name] if isinstance(value[name], list) else []
                    return {"done": [part for part in rule["parts"] if part not in gone]}
                return {ours: value[name]}
    return value.get("items", value)


def number(value, names):
    """The one number of an input."""
    if not isinstance(value, dict):
        return len(value) if isinstance(value, list) else value
    name = next((name for name in names if name in value), None)
    found = value[name] if name else next(each for each in value.values() if not isinstance(each, bool))
    return len(found) if isinstance(found, list) else found


def values(value):
    """Scores of periods or accounts; {score, veto} stays; a table name → score."""
    if isinstance(value, dict):
        return text(value)
    return [{**each, "score": None if each.get("score") is None else str(each["score"])} if isinstance(each, dict) else None if each is None else str(each) for each in value]


def part_input(value, made, part):
    """A part of a composite: a score, or what its own sheet asks for."""
    if not isinstance(value, dict):
        return {"na": True} if value is None else str(value)
    if value.get("na"):
        return {"na": True}
    sheet = (made.get("sheets") or {}).get(part.get("scheme"))
    if sheet is None:
        return {"value": str(number(value, ("score", "value", "total")))}
    if "score" in value:
        return str(value["score"])
    known = {item["id"] for item in sheet["items"]}
    flat = {key: each for key, each in value.items() if key not in ("losses", "gains") or key in known}
    for item in sheet["items"]:
        for key, kind in (("losses", "sum_of_losses"), ("gains", "bonus")):
            if key in value and key not in known and item["rule"]["type"] == kind:
                flat[item["id"]] = {key: value[key]}
    return inputs_of(flat, sheet)


def vetoes(found, inputs, made):
    """Which vetoes were found: veto true, a code, a list of codes, a level; findings of upper offices."""
    all_vetoes = made.get("vetoes", [])
    whole = [veto for veto in all_vetoes if veto["outcome"] != "item_loss"] or all_vetoes
    hit = []
    given = inputs.get("veto", inputs.get("vetoes"))
    entries = given if isinstance(given, list) else [given]
    for entry in entries:
        if entry is True:
            hit += [{"code": veto["code"], "level": (veto.get("levels") or [None])[0]} for veto in whole]
        elif isinstance(entry, dict):
            codes = [entry["code"]] if "code" in entry else [veto["code"] for veto in whole]
            hit += [{"code": code, "level": LEVELS.get(entry.get("level"))} for code in codes if entry.get("is_veto", True)]
        elif isinstance(entry, str) and entry in LEVELS:
            hit += [{"code": veto["code"], "level": LEVELS[entry]} for veto in whole]
        elif isinstance(entry, str):
            hit.append({"code": entry, "level": LEVELS.get(inputs.get("level", inputs.get("found_by")))})
    for veto in all_vetoes:
        mark = inputs.get(veto["code"])
        if mark:
            hit.append({"code": veto["code"], "level": LEVELS.get(mark.get("level")) if isinstance(mark, dict) else (veto.get("levels") or [None])[0]})
    for name in ("upper", "upper_inspections", "upper_findings", "inspections"):
        rows = inputs.get(name)
        for row in rows if isinstance(rows, list) else []:
            if row.get("is_veto", row.get("veto")):
                hit += [{"code": veto["code"], "level": LEVELS[row["level"]]} for veto in whole]
    if inputs.get("level") in LEVELS and given is True:
        hit = [{**entry, "level": LEVELS[inputs["level"]]} for entry in hit]
    if hit:
        found["vetoes"] = hit


def events(found, inputs, items):
    """Lists of findings or adoptions, each with its event."""
    for name in NAMED_LISTS:
        rows = inputs.get(name)
        if isinstance(rows, list) and rows and isinstance(rows[0], dict):
            of_levels = [name for name, item in items.items() if len(items) == 1 or item["rule"]["type"] == "level_table"]
            only = of_levels[0] if of_levels else None
            found["findings"] = [{**text(row), "item": row["item"] if row.get("item") in items else only, "event_id": event_of(row, items)} for row in rows]
    for name, item in items.items():
        rows = inputs.get(name)
        rows = next((each for each in rows.values() if isinstance(each, list) and each and isinstance(each[0], dict)), None) if isinstance(rows, dict) else rows
        if isinstance(rows, list) and rows and isinstance(rows[0], dict) and item["rule"]["type"] in ("level_table", "bonus", "sum_of_losses", "per_event_by_severity", "per_event"):
            found.pop(name, None)
            found.setdefault("findings", []).extend({**text(row), "item": name, "event_id": event_of(row, items)} for row in rows)


def event_of(row, items):
    """What makes two rows the same event."""
    if "item" in row and row["item"] not in items:
        return row["item"]
    return next((row[name] for name in ("event_id", "event", "id", "article", "title", "piece", "post", "info") if name in row), None)
