"""Articles of the 办法 that a circular cites: they exist, and what is quoted of them stands there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import SequenceMatcher

from xmt_scoring.law import TITLE, articles, citation
from xmt_scoring.lint.documents import Document, Paragraph, sentences
from xmt_scoring.lint.names import QUOTED, quoted_names
from xmt_scoring.lint.numbers import chinese_value
from xmt_scoring.lint.report import Notes
from xmt_scoring.lint.statements import words

KIND, QUOTE_KIND = "条款", "引用条文"
LAW = f"《{TITLE}》条文"
_N = "[一二三四五六七八九十百0-9]+"
CITED = re.compile(rf"第({_N})条(?:第({_N})款)?(?:第?[（(]?({_N})[）)]?项)?")
_TITLED = re.compile(r"《([^》]+)》(?:\s*[（(]([^（）()]*[0-9]+号)[^（）()]*[）)])?")
_IS_LAW = re.compile(r"(?:办法|条例|规定|细则|意见|通知|法|指标|方案)$")
_OURS = re.compile(r"(?:政府系统政务新媒体管理办法|^(?:管理)?办法)$")
_SAYS = re.compile(r"(?:规定|要求|明确|指出|提出)(?:的)?[:：,，]?$")
_NO_SENSE = re.compile(r"[\s,，.。;；:：、!！?？“”‘’\"'()（）]")
_NEAR, _SHORTEST, _SURE_LENGTH = 0.6, 4, 8


def check_citations(document: Document, notes: Notes) -> None:
    """Every 第…条 of the 办法, every quotation beside one, and the titles and numbers of known documents."""
    others = {title for paragraph in document.paragraphs for title in _laws(paragraph.text) if not _OURS.search(title)}
    for paragraph in document.paragraphs:
        accounts = {position for _, position, _, _ in quoted_names(paragraph)}
        for found in CITED.finditer(paragraph.text):
            if _is_of_ours(paragraph.text[: found.start()], others):
                _check_place(paragraph, found, notes)
            else:
                notes.doubt_at(paragraph.place, _sentence(paragraph, found.start())[0], found[0], "看不出引的是哪部文件，或不是《办法》")
        for found, quote in _quotations(paragraph, accounts):
            if _is_of_ours(paragraph.text[: found.start()], others):
                _check_quote(paragraph, found, quote, notes)
        _check_titles(paragraph, notes)


def _laws(text: str) -> list[str]:
    return [found[1] for found in _TITLED.finditer(text) if _IS_LAW.search(found[1])]


def _is_of_ours(before: str, others: set[str]) -> bool:
    """The title named last before it decides; where none stands before it in the paragraph, no other law may be named at all."""
    named = _laws(before)
    return bool(_OURS.search(named[-1])) if named else not others


def _sentence(paragraph: Paragraph, at: int) -> tuple[str, int, int]:
    start, end = next((span for span in sentences(paragraph.text) if span[0] <= at < span[1]), (0, len(paragraph.text)))
    return paragraph.raw[start:end].strip(), start, end


def _number(words_or_digits: str | None) -> int | None:
    if not words_or_digits:
        return None
    return int(words_or_digits) if words_or_digits.isdecimal() else chinese_value(words_or_digits)


def _check_place(paragraph: Paragraph, found: re.Match[str], notes: Notes) -> None:
    article, part, item = (_number(found[group]) for group in (1, 2, 3))
    should = ""
    if article not in articles():
        should = f"《办法》只有 {max(articles())} 条"
    else:
        lines = articles()[article].splitlines()
        n_items = sum(bool(re.match(r"[0-9]+\.", line)) for line in lines)
        n_parts = len(lines) - n_items
        if part is not None and not 1 <= part <= n_parts:
            should = f"{citation(str(article))}只有 {n_parts} 款"
        elif item is not None and not 1 <= item <= n_items:
            should = f"{citation(str(article))}" + (f"只有 {n_items} 项" if n_items else "没有分项")
    if should:
        notes.accuse(KIND, paragraph, found.start(), found[0], should, LAW)
    else:
        notes.agree(KIND)


def _quotations(paragraph: Paragraph, accounts: set[int]) -> Iterator[tuple[re.Match[str], re.Match[str]]]:
    """A citation and the quotation that belongs to it: after it in its sentence, or right before it in brackets."""
    cited = list(CITED.finditer(paragraph.text))
    for quote in QUOTED.finditer(paragraph.text):
        if quote.start() in accounts or len(_plain(quote[1])) < _SHORTEST:
            continue
        behind = next((one for one in cited if re.fullmatch(r"\s*[（(](?:《[^》]*》)?", paragraph.text[quote.end() : one.start()])), None)
        _, start, _ = _sentence(paragraph, quote.start())
        before = [one for one in cited if start <= one.start() and one.end() <= quote.start()]
        if behind or before:
            yield behind or before[-1], quote


def _plain(text: str) -> str:
    return _NO_SENSE.sub("", text)


def _check_quote(paragraph: Paragraph, found: re.Match[str], quote: re.Match[str], notes: Notes) -> None:
    article = _number(found[1])
    if article not in articles():
        return
    own = _plain(articles()[article])
    for piece in re.split(r"…+|\.{3,}", quote[1]):
        said = _plain(piece)
        if len(said) < _SHORTEST:
            continue
        if said in own:
            notes.agree(QUOTE_KIND)
            continue
        elsewhere = next((number for number, text in articles().items() if said in _plain(text)), None)
        words_there, likeness = _nearest(said, articles()[article])
        leads = paragraph.text[found.end() : quote.start()]
        if elsewhere is not None and len(said) >= _SURE_LENGTH:
            notes.accuse(QUOTE_KIND, paragraph, quote.start(), f"{found[0]}：“{piece}”", f"这句话在{citation(str(elsewhere))}", LAW)
        elif likeness >= _NEAR and len(said) >= _SURE_LENGTH:
            notes.accuse(QUOTE_KIND, paragraph, quote.start(), f"{found[0]}：“{piece}”", f"条文是“{words_there}”", LAW)
        elif len(said) >= _SURE_LENGTH and _SAYS.search(leads):
            notes.accuse(QUOTE_KIND, paragraph, quote.start(), f"{found[0]}：“{piece}”", "条文里没有这句话", LAW)
        else:
            notes.doubt_at(paragraph.place, _sentence(paragraph, quote.start())[0], f"“{piece}”", "不像是条文的原话")


def _nearest(said: str, text: str) -> tuple[str, float]:
    """The piece of an article that is most like a quotation, and how like it is."""
    pieces = [piece for piece in re.split(r"[。;；\n]|(?<=,)", text) if piece.strip()]
    pieces += [f"{first}{second}" for first, second in zip(pieces, pieces[1:], strict=False)]
    scored = [(SequenceMatcher(None, said, _plain(piece), autojunk=False).ratio(), piece.strip(" ,")) for piece in pieces]
    best = max(scored, default=(0.0, ""))
    return re.sub(r"^[0-9]+\.", "", best[1]), best[0]


def _check_titles(paragraph: Paragraph, notes: Notes) -> None:
    for found in _TITLED.finditer(paragraph.text):
        if found[1].startswith(TITLE[:3]) and "新媒体" in found[1] and "办法" in found[1] and found[1] != TITLE:
            notes.accuse(KIND, paragraph, found.start(), f"《{found[1]}》", f"名称是《{TITLE}》", LAW)
        for title, number in words()["documents"].items():
            if found[2] and found[1].endswith(title):
                if re.sub(r"[\[（(【]([0-9]{4})[\]）)】]", r"〔\1〕", found[2]).endswith(number):
                    notes.agree("文号")
                else:
                    notes.accuse("文号", paragraph, found.start(), f"《{found[1]}》（{found[2]}）", number, "文件原文")
