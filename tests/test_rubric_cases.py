"""Every worked case of the field's rubrics (C01–C33) through the real reader and the real evaluator.

The published cases live beside this repository (shared/cases); `rubric_cases.json` here holds our own, for the words of that
vocabulary that the published ones do not use. XMT_RUBRIC_CASES names one more file in the same words. `rubric_words`,
`rubric_rule_words` and `rubric_inputs` translate words; `rubric_answers` looks up what a case asks for.
"""

import json
import os
from pathlib import Path

import pytest
from rubric_answers import answers

HERE = Path(__file__).resolve().parent
SHARED = HERE.parents[1] / "shared" / "cases" / "rubric_cases.json"
NAMED = os.environ.get("XMT_RUBRIC_CASES")


def cases(path):
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else []


CASES = cases(SHARED)
MORE = cases(HERE / "rubric_cases.json") + (cases(Path(NAMED)) if NAMED else [])


@pytest.mark.skipif(not CASES, reason="the published cases are not here: shared/cases lies beside the repository")
@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_a_published_case_scores_as_it_says(case):
    for expected, found in answers(case):
        assert found == expected, case["how"]


@pytest.mark.parametrize("case", MORE, ids=lambda case: case["id"])
def test_a_further_case_in_the_same_words_scores_as_it_says(case):
    for expected, found in answers(case):
        assert found == expected, case["how"]


@pytest.mark.skipif(not NAMED, reason="XMT_RUBRIC_CASES names no file of cases")
def test_the_named_file_of_cases_is_there():
    assert cases(Path(NAMED))


@pytest.mark.skipif(not CASES, reason="the published cases are not here")
def test_every_construct_has_a_published_case():
    assert {name for case in CASES for name in case["construct"]} == {f"C{n:02}" for n in range(1, 34)}
