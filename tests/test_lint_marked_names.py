"""Accounts may have quotation marks, brackets and half-width marks in their names: they are no marks of the sentence."""

from dataclasses import replace

import pytest
from lint_county import county

from xmt_scoring.lint.documents import assemble
from xmt_scoring.lint.run import lint

NAMES = ["北山“护林员”", "北山林业(官方)", "北山,柳河", "北山发布.官方", "听，北山说", "北山：早安", "北山《新语》", "北山3.15"]


def notes_of(name, *texts):
    """What is said where the third account (微信公众号 of 北山县林业局, 35 posts, 3 weeks missed) is called so."""
    facts = county()
    accounts = facts.accounts.copy()
    accounts.loc[2, "account_name"] = name
    facts = replace(facts, accounts=accounts)
    return lint(assemble("通报.txt", list(texts)), facts.quarter, facts)


@pytest.mark.parametrize("name", NAMES)
def test_a_right_sentence_about_such_an_account_is_not_accused(name):
    notes = notes_of(name, f"“{name}”（微信公众号，县林业局）缺更3周。", f"未按要求更新的账号2个：“{name}”“北山发布”。")
    assert [(each.kind, each.says) for each in notes.findings] == []


@pytest.mark.parametrize("name", NAMES)
def test_a_mention_without_quotes_and_a_list_in_quotes_are_not_accused_of_the_marks(name):
    notes = notes_of(name, f"县林业局的{name}更新及时。", f"表扬的账号2个：“{name}”、“柳河之声”。", f"“{name}”（微信公众号）发布信息35条，“柳河之声”（微博）发布信息20条。")
    assert [(each.kind, each.says) for each in notes.findings] == []


@pytest.mark.parametrize("name", NAMES)
def test_a_wrong_count_of_names_is_found_and_the_name_is_printed_as_it_is(name):
    notes = notes_of(name, f"未按要求更新的账号3个：“{name}”“北山发布”。")
    (finding,) = notes.findings
    assert finding.kind == "名单个数" and name in finding.should and name in finding.sentence


@pytest.mark.parametrize("name", NAMES)
def test_what_the_data_deny_of_such_an_account_is_found(name):
    notes = notes_of(name, f"“{name}”（微信公众号，县林业局）缺更5周。")
    assert any(name in each.sentence and "3" in each.should for each in notes.findings)


@pytest.mark.parametrize("name", ["北山林业(官方)", "北山,柳河"])
def test_the_same_marks_outside_the_name_are_still_accused(name):
    notes = notes_of(name, f"“{name}”较好,继续努力。")
    assert [each.kind for each in notes.findings] == ["标点"]


def test_a_table_with_such_a_name_is_held_against_the_data():
    rows = [["账号名称", "平台", "发布条数"], ["北山林业(官方)", "微信公众号", "36"]]
    (finding,) = notes_of("北山林业(官方)", rows).findings
    assert "36" in finding.says and "35" in finding.should
    assert "\ue000" not in str(finding) and "北山林业(官方)" in finding.sentence
