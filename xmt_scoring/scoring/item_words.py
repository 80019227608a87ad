"""The words by which people may name what they judged in a register."""

from __future__ import annotations

import datetime as dt

from xmt_scoring.checks import known_items
from xmt_scoring.checks.rules import load_rules
from xmt_scoring.scoring.scheme import Scheme
from xmt_scoring.scoring.selection import scheme_in_force
from xmt_scoring.scoring.year_scheme import annual_scheme_in_force


def check_items(scheme: Scheme | None = None) -> dict[str, tuple[str, ...]]:
    """Every word under which a check item may be written in a register → the check_id that it means.

    The rule's label and id, and the code and name of the item of the quarter's scheme (left out: the package's newest)
    and of the package's newest for the year. A word with several check_ids (an item in which people judge two rules) means none of them alone:
    they must say which.
    """
    words: dict[str, tuple[str, ...]] = {word: (check,) for word, check in known_items().items()}
    scheme = scheme or scheme_in_force(dt.date.max, None).scheme
    rules = load_rules()
    judged_by_people = {rule.id for rule in rules.values() if rule.by_people}
    annual = annual_scheme_in_force(dt.date.max, None).scheme
    named = [(item.id, item.name, item.checks) for each in (scheme, annual) for item in each.items]
    named += [(veto.code, veto.name, veto.checks) for each in (scheme, annual) for veto in each.vetoes]
    for code, name, checks in named:
        if not checks:  # a bonus, a part of the year that is no rule's: nothing to judge under its name
            continue
        by_people = [check for check in checks if check in judged_by_people]
        if rules[checks[0]].is_veto and rules[checks[0]].has_check:
            by_people = [checks[0]]  # people may record an automatic veto too: the item's name means this one
        for word in (code, name, f"{code} {name}", f"{code}{name}"):
            words.setdefault(word, tuple(by_people or checks[:1]))
    return words
