"""Neutral words of shared/cases/README.md → this project's scheme format. Words only: nothing here computes a score."""

import datetime as dt
from copy import deepcopy
from fractions import Fraction

from rubric_rule_words import MISSING, MODES, all_blocks, item_of, text

from xmt_scoring.scoring.rubric.conditions import parse
from xmt_scoring.scoring.rubric.reader import exact

KEEP = {"largest": "largest", "highest": "largest", "max": "largest", "first": "first"}
LEVELS = {"国家": "national", "省": "province", "市": "city", "县": "county", "national": "national", "province": "province", "city": "city", "county": "county"}
LISTS = ("values", "scores", "periods", "quarters", "months", "weeks", "years", "halves", "days")
SIGNED = {"by": "判例集", "on": dt.date(2025, 1, 1), "document": "判例"}  # some published rubrics of other fields score followers


def scheme_of(words):
    """A neutral scheme as the TOML table of one of our scheme files."""
    words = {key: value for key, value in words.items() if value is not None}
    made = {"id": "case", "title": "判例", "status": "proposed", "start": dt.date(2021, 8, 18), "engagement_override": SIGNED}
    made["direction"] = words.get("direction", "gain" if "tree" in words else "loss")
    items, blocks = [item_of(item, words) for item in words.get("items", [])], blocks_of(words)
    tree_items, tree_blocks = tree_of(words["tree"]) if "tree" in words else ([], [])
    made["items"], made["blocks"] = items + tree_items, blocks + tree_blocks
    for name, key in (("composite", "composite"), ("parts", "composite")):
        if isinstance(words.get(name), list):
            made[key] = [composite_part(part, words) for part in words[name]]
            weights = {part["id"]: part["weight"] for part in made[key] if "weight" in part}
            for part in made[key] if sum(map(Fraction, weights.values())) > 1 else []:
                part["weight"] = shares(weights)[part["id"]]
    if "part" in words:
        made["sheets"] = {"part": without_head(scheme_of(words["part"]))}
    if isinstance(words.get("sheets"), dict):
        made["sheets"] = {name: without_head(scheme_of(part)) for name, part in words["sheets"].items()}
    groups(made, words)
    made["vetoes"] = [veto_of(veto, number) for number, veto in enumerate(words.get("vetoes", []))]
    made["gates"] = [gate_of(gate) for gate in words.get("gates", [])]
    bands = [{"name": band["name"], "from": str(band.get("min", band.get("from"))), **({"minima": text(band["minima"])} if band.get("minima") else {})} for band in words.get("bands", [])]
    made["bands"] = sorted(bands, key=lambda band: -Fraction(band["from"]))
    for name in ("band_on", "na_losses", "floor", "cap"):
        if name in words:
            made[name] = str(words[name])
    rollup(made, words)
    subtotals(made, words)
    if "factor" in words.get("rescale", {}) and "from" not in words["rescale"]:
        whole = Fraction(str(words["rescale"].get("to", "100"))) / exact(str(words["rescale"]["factor"]))
        words = {**words, "rescale": {**words["rescale"], "from": str(whole), "to": words["rescale"].get("to", "100")}}
    for name, keys in (("rescale", ("from",)), ("multiplier", ("factor", "factors", "cap")), ("pass_through", ("points", "from", "cap"))):
        if name in words:
            made[name] = {key: value for key, value in text(words[name]).items() if key in keys}
    if "table" in words.get("multiplier", {}):
        made["multiplier"]["factors"] = text(words["multiplier"]["table"])
    if words.get("dedupe") and words["dedupe"].get("keep") in KEEP:
        made["dedupe"] = {"keep": KEEP[words["dedupe"]["keep"]]}
    made["ladder"] = [{**{key: step[key] for key in ("measure", "if")}, "object": step.get("object", "account")} for step in words.get("ladder", [])]
    split(made, words)
    rounding(made, words)
    base(made, words)
    return {key: value for key, value in made.items() if value not in ([], {})}


def without_head(scheme):
    return {key: value for key, value in scheme.items() if key not in ("id", "title", "status", "start", "engagement_override")}


def blocks_of(words):
    made = []
    for block in all_blocks(words):
        parent = block.get("parent") or next((b["id"] for b in all_blocks(words) if block["id"] in b.get("of", ())), None)
        made.append({"id": block["id"], "name": block.get("name", block["id"]), **({"parent": parent} if parent else {}), **{key: str(block[key]) for key in ("points", "cap", "weight") if block.get(key) is not None}})
    return made


def tree_of(root):
    """Nested nodes → blocks with weights, and leaves as items of 100 points."""
    items, blocks = [], []

    def walk(node, parent):
        weight = {"weight": str(node["weight"])} if node.get("weight") is not None else {}
        name = node.get("name", node["id"])
        if node.get("children"):
            blocks.append({"id": node["id"], "name": name, **weight, **({"parent": parent} if parent else {})})
            for child in node["children"]:
                walk(child, node["id"])
        else:
            items.append({"id": node["id"], "name": name, "points": str(node.get("points", "100")), "rule": {"type": "given"}, **weight, **({"block": parent} if parent else {})})

    walk(root, None)
    return items, blocks


def composite_part(part, words):
    made = {"id": part["id"], **{key: str(part[key]) for key in ("weight", "points", "from") if part.get(key) is not None}}
    if "weight" in made:
        made.pop("points", None)
    sheet = part.get("sheet") or ("part" if "part" in words else None)
    return {**made, "scheme": sheet} if sheet else made


def groups(made, words):
    """One sheet per kind of unit: its parts and items apply to that group only."""
    found = words.get("groups") or {}
    if isinstance(found, list):
        found = {each["id"]: each for each in found} if isinstance(found[0] if found else None, dict) else dict.fromkeys(found)
    for name, group in found.items():
        group = group if isinstance(group, dict) else {}
        made.setdefault("composite", []).extend({**composite_part(part, {}), "applies_to": [name]} for part in group.get("parts", []))
        made["items"] += [item_of(item, group, [name]) for item in group.get("items", [])]
        total = group.get("total", words.get("total"))
        if total is None:
            total = sum((Fraction(str(part["points"])) for part in [*group.get("parts", []), *group.get("items", [])] if "points" in part), Fraction(0)) or 100
        made.setdefault("groups", []).append({"id": name, "name": name, "base": str(total)})


def gate_of(gate):
    """A gate; asked before any bonus, so that a score it names is the base."""
    left = {"score": "base", "subtotal": "base", "sum": "base"}.get(gate.get("left", "base"), gate.get("left", "base"))
    op = {"≥": ">=", "≤": "<=", "=": "=="}.get(gate["op"], gate["op"])
    otherwise = gate.get("else", gate.get("otherwise"))
    return {"id": gate["id"], "left": left, "op": op, "value": str(gate["value"]), **({"else": otherwise} if otherwise else {})}


def subtotals(made, words):
    """Minima of items or blocks of the whole sheet: below one of them the verdict fails and no band but the lowest is reached."""
    known = {entry["id"] for entry in [*made["items"], *made["blocks"]]}
    minima = {name: str(least) for name, least in (words.get("minima") or {}).items() if name in known}
    made["gates"] += [{"id": f"least-{name}", "left": name, "op": ">=", "value": least, "else": "不合格"} for name, least in minima.items()]
    for band in made["bands"][:-1] if minima else []:
        band["minima"] = {**minima, **band.get("minima", {})}


def veto_of(veto, number):
    outcome = veto.get("outcome", {"type": "zero"})
    outcome = outcome if isinstance(outcome, dict) else {"type": outcome}
    code = veto.get("code", f"V{number}")
    item = veto.get("item") or outcome.get("item")
    made = {"code": code, "name": veto.get("name", code), "outcome": outcome["type"]}
    if outcome["type"] in ("fixed", "item_loss"):
        made["value"] = str(outcome.get("value", outcome.get("points", outcome.get("loss"))))
    if outcome["type"] == "item_loss":
        made |= {"item": item, "stops_item": outcome.get("stop_item", True)}
    if outcome.get("verdict"):
        made["verdict"] = outcome["verdict"]
    condition = str(veto.get("if", ""))
    levels = veto.get("levels") or veto.get("level") or [name for name in LEVELS if " in " in condition and name in condition.split(" in ")[-1]]
    try:
        parse(condition)
        made["if"] = condition
    except ValueError:
        pass  # words for people
    if levels:
        made["levels"] = sorted({LEVELS[name] for name in ([levels] if isinstance(levels, str) else levels)})
    return made


def rollup(made, words):
    found = words.get("rollup")
    if not found or not (found.get("method") or found.get("minima")):
        return
    minima = found.get("minima") or words.get("minima") or {}
    method = found.get("method", "sum")
    weights = found.get("weights")
    if isinstance(weights, list):
        weights = {str(number): value for number, value in enumerate(weights, start=1)}
    weights = shares(weights) if weights else None
    rolled = {"over": found.get("over") or found.get("period") or "period", "method": "weighted" if weights else {"average": "mean", "exclude_veto": "mean"}.get(method, method)}
    if method == "exclude_veto":
        rolled["vetoed"] = "exclude"
    if found.get("missing") in MISSING:
        rolled["missing"] = MISSING[found["missing"]]
    elif found.get("missing") in ("mean", "peer_mean"):
        rolled["missing"] = "exclude"  # the mean of the others changes no mean
    if weights:
        rolled["weights"] = text(weights)
    least = next((minima[key] for key in ("each", "period", "quarter", "month", "week", "account") if key in minima), None)
    total = next((minima[key] for key in ("year", "total", "sum", "mean") if key in minima), None)
    if "cap" in found:
        made["cap"] = str(found["cap"])
    rolled |= {name: str(value) for name, value in (("least_each", least), ("least_total", total)) if value is not None}
    made["rollup"] = rolled


def shares(weights):
    """Weights as parts of one: 30 and 70, or 2 to 1, as well as 0.3 and 0.7."""
    whole = sum((Fraction(str(weight)) for weight in weights.values()), Fraction(0))
    return {name: str(Fraction(str(weight)) / whole) for name, weight in weights.items()}


def split(made, words):
    found = words.get("split")
    if not found:
        return
    shares = found.get("shares", found if all(isinstance(each, str | int | float) and str(each)[:1].isdigit() for each in found.values()) else None)
    shares = {str(number): value for number, value in enumerate(shares)} if isinstance(shares, list) else shares
    if shares and not words.get("items") and "composite" not in made:
        made["composite"] = [{"id": name, "weight": str(share)} for name, share in shares.items()]
        return
    made["split"] = {"method": "shares", "shares": text(shares)} if shares else {"method": "equal"}


def rounding(made, words):
    found = words.get("rounding")
    if not found:
        return
    made["rounding"] = {"places": found.get("places", 2), "mode": MODES[found.get("mode", "half_up")]}
    if found.get("at") in ("item", "each_item", "items", "per_item"):
        for item in made["items"]:
            item.setdefault("rounding", made["rounding"])


def base(made, words):
    """What losses are taken from: the total, without a bonus that stands inside it; and whether the points listed are all."""
    from xmt_scoring.scoring.rubric.rule_types import RULES

    if "groups" in made and "total" not in words:
        return
    listed = [(Fraction(item["points"]), RULES[item["rule"]["type"]].is_bonus) for item in made["items"]]
    own = sum((points for points, is_bonus in listed if not is_bonus), Fraction(0))
    bonus = sum((points for points, is_bonus in listed if is_bonus), Fraction(0))
    total = words.get("rescale", {}).get("to", words.get("total"))
    wanted = words.get("rescale", {}).get("from", total)
    if total is not None:
        made["base"] = str(total)
    if not listed or wanted is None:
        if "tree" in words or "composite" in made:
            made["points_add_up"] = False
        return
    if own == Fraction(str(wanted)):
        return
    extra = [item for item in made["items"] if item["rule"]["type"] in ("steps_gain", "rank", "rank_table") or "gain" in item["rule"] and item["rule"]["type"] == "level_table"]
    if made["direction"] != "gain" and extra and own - sum(Fraction(item["points"]) for item in extra) == Fraction(str(wanted)):
        for item in extra:  # what is earned stands on top of the total
            item["bonus"] = True
        return
    if bonus and own + bonus == Fraction(str(wanted)) and "rescale" not in words:
        made["base"] = str(Fraction(own)) if own.denominator == 1 else str(float(own))
        return
    made["points_add_up"] = False


def variants(words):
    """Each variant of a scheme by name; one scheme under None where there are none."""
    found = {}
    for key, names in words.items():
        if key.endswith("_variants") and names:
            found |= {name: with_variant(words, key.removesuffix("_variants"), name) for name in names}
    for name in (words.get("rollup") or {}).get("variants", []):
        found[name] = {**words, "rollup": {**words["rollup"], "method": name}}
    return found or {None: words}


def with_variant(words, what, name):
    made = deepcopy({key: value for key, value in words.items() if not key.endswith("_variants")})
    if what == "loss":
        made["na_losses"] = name
    elif what in ("na", "on_na"):
        for item in made.get("items", []):
            if item.get("on_na") == "variant":
                item["on_na"] = name
    elif what == "rounding":
        made["rounding"] = {**made.get("rounding", {}), **({"mode": name} if name in MODES else {"at": name})}
    elif what in ("method", "rollup"):
        made["rollup"] = {**(made.get("rollup") or {}), "method": name}
    elif what == "missing":
        made["rollup"] = {**(made.get("rollup") or {}), "missing": name}
        for item in made.get("items", []):
            if "missing" in (item.get("rule") or {}).get("params", {}):
                item["rule"]["params"]["missing"] = name
    elif what == "ties":
        for item in made.get("items", []):
            item["rule"]["params"]["ties"] = name
    elif what in ("veto", "outcome"):
        for veto in made.get("vetoes", []):
            veto["outcome"] = {**(veto["outcome"] if isinstance(veto["outcome"], dict) else {}), "type": name}
    elif what == "gate" or what == "op":
        for gate in made.get("gates", []):
            gate["op"] = name
    else:
        made[what] = name
    return made
