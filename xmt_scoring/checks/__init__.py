"""What the 办法 asks, rule by rule: facts → verdicts and evidence. One duty = one folder (DESIGN section 4)."""

from xmt_scoring.checks.rules import load_rules
from xmt_scoring.checks.runner import Judged, run_checks

__all__ = ["Judged", "known_items", "run_checks"]


def known_items() -> dict[str, str]:
    """Every word of the rules under which a check item may be written (check_id, label) → check_id.

    The codes of the scheme's items (C1 …) are added by the pipeline, which knows the scheme.
    """
    rules = load_rules().values()
    return {word: rule.id for rule in rules for word in (rule.id, rule.label)}
