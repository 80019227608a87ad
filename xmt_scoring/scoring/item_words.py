"""The words by which people may name what they judged in a register."""

from __future__ import annotations

import datetime as dt

from xmt_scoring.checks import known_items
from xmt_scoring.checks.rules import load_rules
from xmt_scoring.scoring.scheme import Scheme
from xmt_scoring.scoring.selection import scheme_in_force


def check_items(scheme: Scheme | None = None) -> dict[str, str]:
    """Every word under which a check item may be written in a register → check_id.

    The rule's label and id, and the code and name of the scheme's item (left out: the package's newest scheme) where a
    person judges it.
    """
    words = known_items()
    scheme = scheme or scheme_in_force(dt.date.max, None).scheme
    rules = load_rules()
    judged_by_people = {rule.id for rule in rules.values() if rule.by_people}
    named = [(item.id, item.name, item.checks) for item in scheme.items]
    named += [(veto.code, veto.name, veto.checks) for veto in scheme.vetoes]
    for code, name, checks in named:
        by_people = [check for check in checks if check in judged_by_people]
        if rules[checks[0]].is_veto and rules[checks[0]].has_check:
            by_people = [checks[0]]  # people may record an automatic veto too: the item's name means this one
        if len(by_people) <= 1:  # where people judge two rules of one item they must say which
            for word in (code, name, f"{code} {name}", f"{code}{name}"):
                words.setdefault(word, (by_people or list(checks))[0])
    return words
