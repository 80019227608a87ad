"""Rubrics of any form (C01–C33) as TOML, and their exact evaluation for one sheet of inputs.

`load_rubric` reads and checks a scheme file; `evaluate` scores a sheet. The format is described, with an example of
every construct, in `schemes/README.zh-CN.md`. The quarter's scoring of all accounts at once is in `scoring.accounts`; it
uses the same files, as far as their rules are those that it computes.
"""

from xmt_scoring.scoring.rubric.evaluating import evaluate
from xmt_scoring.scoring.rubric.model import Criterion, Rubric
from xmt_scoring.scoring.rubric.reading import load_rubric, read_rubric
from xmt_scoring.scoring.rubric.result import Part, Result, RolledUp

__all__ = ["Criterion", "Part", "Result", "RolledUp", "Rubric", "evaluate", "load_rubric", "read_rubric"]
