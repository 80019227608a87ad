"""The description of the scheme format is true: every example in it is read, and every construct and rule type is there."""

import re
import tomllib
from importlib.resources import files

import pytest
from scoring_tables import SCHEME

from xmt_scoring.scoring.rubric import read_rubric
from xmt_scoring.scoring.rubric.rule_types import RULES

TEXT = files("xmt_scoring.scoring").joinpath("schemes", "README.zh-CN.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```toml\n(.*?)```", TEXT, re.S)


@pytest.mark.parametrize("example", EXAMPLES)
def test_an_example_of_the_manual_is_a_sound_fragment(example):
    head = {"id": "s", "title": "例", "status": "proposed", "start": SCHEME.start, "points_add_up": False}
    assert read_rubric({**head, **tomllib.loads(example)}, "例.toml", None, example).raw


def test_every_construct_and_every_rule_type_is_described():
    assert {f"C{n:02}" for n in range(1, 34)} <= set(re.findall(r"C\d\d", TEXT))
    assert not [name for name in RULES if f"`{name}`" not in TEXT]


def test_the_weight_tree_of_the_manual_adds_up():
    (tree,) = [example for example in EXAMPLES if 'weight = "0.40"' in example]
    head = {"id": "s", "title": "例", "status": "proposed", "start": SCHEME.start}
    assert read_rubric({**head, **tomllib.loads(tree)}, "例.toml")
