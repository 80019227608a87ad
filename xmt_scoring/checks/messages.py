"""The sentence that a verdict is printed with, from the templates of its rule; never parsed back."""

from __future__ import annotations

from string import Formatter

import numpy as np
import pandas as pd

from xmt_scoring.checks.rules import Rule
from xmt_scoring.model import Outcome


def template(rule: Rule, outcome: str, severity: object) -> str:
    """The template for an outcome; a case that fails or is still open may have its own."""
    by_case = {Outcome.FAIL: rule.failed_by, Outcome.UNVERIFIED: rule.open_by}.get(Outcome(outcome), {})
    return by_case.get(str(severity), rule.texts[Outcome(outcome)])


def render(rule: Rule, verdicts: pd.DataFrame) -> pd.Series:
    """The message of each verdict (columns outcome, severity, observed, allowed).

    There are only a few pairs of outcome and severity, so each template is filled for all its rows at once.
    """
    pairs = verdicts.groupby(["outcome", "severity"], dropna=False, sort=False, observed=True).ngroup().to_numpy()
    first = np.unique(pairs, return_index=True)[1]
    templates = [
        template(rule, outcome, severity)
        for outcome, severity in verdicts[["outcome", "severity"]].iloc[first].itertuples(index=False)
    ]
    if not templates:
        return pd.Series(index=verdicts.index, dtype="str")
    parts = [list(Formatter().parse(text)) for text in templates]
    if not any(name is not None for part in parts for _, name, _, _ in part):
        return pd.Series(pd.array(templates, dtype="str").take(pairs), index=verdicts.index)
    rows = [np.flatnonzero(pairs == number) for number in range(len(parts))]
    filled = [_filled(part, verdicts.iloc[at]) for part, at in zip(parts, rows, strict=True)]
    order = np.argsort(np.concatenate(rows))
    return pd.Series(pd.concat(filled).array.take(order), index=verdicts.index)


def _filled(parts: list[tuple[str, str | None, str | None, str | None]], verdicts: pd.DataFrame) -> pd.Series:
    made = pd.Series("", index=verdicts.index, dtype="str")
    for literal, name, _, _ in parts:
        made = made + literal
        if name is not None:
            made = made + verdicts[name].astype("str").fillna("")
    return made
