"""The 办法 stands in the package word for word."""

from pathlib import Path

import pytest

from xmt_scoring import law

SHARED = Path(__file__).resolve().parents[2] / "shared" / "law" / "taibai_2021.txt"


def test_there_are_25_articles_and_each_has_text():
    assert list(law.articles()) == list(range(1, 26))
    assert all(law.articles().values())


def test_the_items_of_article_11_can_be_cited():
    assert law.article("11.1") == "各单位政务微博、微信等新媒体每周至少更新一条信息;"
    assert "2天" in law.article("11.3")
    assert law.citation("11.3") == "第十一条第3项"


def test_the_veto_of_article_22_names_national_and_provincial_checks_only():
    assert "在国家、省检查抽查中发现问题被单项否决的" in law.article("22")


def test_an_article_that_is_not_there_is_an_error():
    with pytest.raises(KeyError):
        law.article("11.9")


@pytest.mark.skipif(not SHARED.exists(), reason="the shared text of the law is not beside this checkout")
def test_the_text_is_the_published_one():
    ours = Path(law.__file__).with_name("taibai_2021.txt")
    assert ours.read_text(encoding="utf-8") == SHARED.read_text(encoding="utf-8")
