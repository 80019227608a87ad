"""What a case asks for, looked up in results of the real evaluator. Every key of `expected` must be understood."""

from decimal import Decimal
from fractions import Fraction

from rubric_calendar import calendar_answer, is_about_days
from rubric_inputs import fitted, inputs_of
from rubric_words import LISTS, scheme_of, variants

from xmt_scoring.scoring.rubric import evaluate, read_rubric
from xmt_scoring.scoring.rubric.model import Rounding
from xmt_scoring.scoring.rubric.parts import Sheet
from xmt_scoring.scoring.rubric.rounding import printed


def answers(case):
    """(expected, found) of every answer that the case holds."""
    inputs, expected = case["inputs"], case["expected"]
    if not isinstance(inputs, list):
        inputs, expected = [inputs], [expected]
    assert len(inputs) == len(expected)
    for one, wanted in zip(inputs, expected, strict=True):
        yield wanted, answer(case["scheme"], one, wanted)


def answer(words, inputs, wanted):
    """The same keys as `wanted`, filled from our results."""
    if is_about_days(words, inputs):
        return calendar_answer(words, inputs, wanted, score_one)
    sheets = {name: (scheme, *score_one(scheme, inputs)) for name, scheme in variants(words).items()}
    found = {}
    for key, value in wanted.items():
        if key in sheets:
            scheme, rubric, result, ours = sheets[key]
            found[key] = {inner: figure(scheme, inputs, rubric, result, ours, inner, each) for inner, each in value.items()} if isinstance(value, dict) else shown(main(result), value)
        else:
            scheme, rubric, result, ours = next(iter(sheets.values()))
            found[key] = figure(scheme, inputs, rubric, result, ours, key, value)
    return found


def score_one(words, inputs, **options):
    """Through the reader and the evaluator: rubric, result, and the inputs in our words."""
    made = fitted(scheme_of(words), words, inputs)
    rubric = read_rubric(made, "case.toml")
    ranked = [item["id"] for item in made.get("items", []) if item["rule"]["type"].startswith("rank")]
    if ranked and isinstance(inputs.get(ranked[0]), dict) and "scores" in inputs[ranked[0]] and "unit" not in inputs[ranked[0]]:
        inputs = {**inputs, **inputs[ranked[0]]}
    if ranked and "scores" in inputs and isinstance(inputs.get("unit"), str):
        inputs = {**inputs, ranked[0]: {"scores": inputs["scores"], "unit": inputs["unit"]}}
    elif ranked and "scores" in inputs:
        return rubric, None, None
    if "tree" in words and any(isinstance(each, list) for each in inputs.values()):
        return rubric, None, None
    rows = next((inputs[key] for key in (*LISTS, "accounts") if is_sheets(inputs.get(key), made)), None)
    if rows is not None:  # whole sheets by period or account: each scored and printed, then rolled up
        results = [evaluate(rubric, inputs_of(row, made), options=options) for row in rows]
        ours = {"values": [{"score": None if each.total is None else str(each.total), "veto": bool(each.vetoes)} for each in results]}
        return rubric, evaluate(rubric, ours, options=options), ours
    ours = inputs_of(inputs, made)
    return rubric, evaluate(rubric, ours, options=options), ours


def is_sheets(rows, made):
    """A list of objects that hold inputs of items."""
    known = {item["id"] for item in made.get("items", [])}
    return isinstance(rows, list) and bool(rows) and all(isinstance(row, dict) and known & set(row) for row in rows)


def main(result):
    """The figure that a sheet is about."""
    if result.passed_on is not None:
        return result.passed_on
    return result.total


def shown(value, wanted):
    """A number as the case prints it: with as many places as `wanted` has."""
    if value is None or isinstance(wanted, bool) or not isinstance(wanted, str):
        return value
    places = len(wanted.partition(".")[2])
    return str(printed(Fraction(value), Rounding(places)))


def total(result, wanted):
    return None if result.total is None else shown(result.total, wanted)


def figure(words, inputs, rubric, result, ours, key, wanted):
    """One key of `expected`."""
    if result is None:
        return without_sheet(words, inputs, rubric, key, wanted)
    if key in ("total", "score", "year", "unit", "quarter", "month", "result", "sum", "mean", "each", "per_unit", "share") and not (isinstance(wanted, dict)):
        return total(result, wanted)
    if key in ("band", "grade", "verdict", "measure"):
        return {"grade": result.band}.get(key, getattr(result, "band" if key == "grade" else key))
    if key == "points":
        return shown(main(result), wanted)
    if isinstance(wanted, dict) and key in ("losses", "loss", "scores", "gains", "gain") and set(wanted) <= set(result.items):
        key = {"losses": "item_losses", "loss": "item_losses"}.get(key, "item_scores")
    if key in ("item_scores", "item_losses", "points_after", "item_gains", "items"):
        field = {"item_scores": "score", "items": "score", "item_losses": "lost", "points_after": "points", "item_gains": "score"}[key]
        return {name: shown(getattr(result.items[name], field), each) for name, each in wanted.items()}
    if key in ("block_losses", "block_scores", "blocks", "block_gains"):
        return {name: shown(result.blocks[name], each) for name, each in wanted.items()}
    if key == "parts":
        return {name: None if name in result.parts and result.parts[name].total is None else shown(result.parts[name].total if name in result.parts else result.items[name].score, each) for name, each in wanted.items()}
    if key in ("bonus", "bonus_used", "adoption"):
        return shown(result.bonus, wanted)
    if key in ("before_veto", "unzeroed", "before_zero"):
        return shown(result.before_veto, wanted)
    if rubric.split and key in rubric.split.shares:
        return total(evaluate(rubric, {**ours, "split": key}), wanted)
    if key in ("base", "before_bonus", "deducted", "subtotal", "raw", "before_multiplier"):
        return shown(result.base, wanted)
    if key in ("gain", "gains"):
        return shown(sum((part.score for part in result.items.values() if part.score > 0), Fraction(0)), wanted)
    if key in ("loss", "losses", "lost"):
        return shown(sum((part.lost for part in result.items.values() if not part.is_bonus), Fraction(0)), wanted)
    if key.startswith("failed"):
        return list(result.rolled_up.failed)
    if key in ("met", "is_met", "passed"):
        return result.rolled_up.is_met if result.rolled_up else result.verdict == rubric.pass_word
    if key in ("n", "counted", "n_counted"):
        return result.rolled_up.n_counted
    if key in ("per_item", "at_end"):
        return total(score_one(words, inputs, item_rounding=key == "per_item")[1], wanted)
    if key in ("vetoes", "veto"):
        return list(result.vetoes) if isinstance(wanted, list) else bool(result.vetoes)
    if key in ("gate", "bonus_open", "gates"):
        return dict(result.gates) if isinstance(wanted, dict) else result.gates[next(iter(result.gates))]
    if key in result.items:
        return shown(result.items[key].score, wanted)
    if key in result.blocks:
        return shown(result.blocks[key], wanted)
    raise AssertionError(f"the case asks for “{key}”，which the adapter does not know")


def without_sheet(words, inputs, rubric, key, wanted):
    """Answers for several units or several leaf scores: one sheet each."""
    made = scheme_of(words)
    if "tree" in words:
        leaf = next(name for name, value in inputs.items() if isinstance(value, list))
        if key == "leaf_weight":
            (item,) = [item for item in rubric.items if item.id == leaf]
            return shown(Sheet(rubric, rubric.items, {}, {}, (), "full", True, None).share_of(item), wanted)
        if key in ("contribution", "contributions"):
            rest = {other.id: "0" for other in rubric.items if other.id != leaf}
        else:
            rest = {name: value for name, value in inputs.items() if name != leaf}
        return [shown(score_one(words, {**rest, leaf: each})[1].total, printed_as) for each, printed_as in zip(inputs[leaf], wanted, strict=True)]
    (item,) = [item for item in made["items"] if item["rule"]["type"].startswith("rank")]
    found = {}
    scores = inputs.get("scores") or inputs[item["id"]]["scores"]
    for unit in scores:
        result = evaluate(rubric, {item["id"]: {"scores": scores, "unit": unit}})
        found[unit] = result.total if key in ("points", "total", "scores") else result.items[item["id"]].score
    return {unit: shown(Decimal(str(found[unit])), each) for unit, each in wanted.items()}
