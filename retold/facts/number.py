"""Numbers, money, percentages, multiples and ordinals, in figures and in words.

A value reads `[bound]amount[unit]`: bound `>`, `<` or `~`; unit `%`, `x` (times), `th` (ordinal) or a currency code:
`>100`, `~6x`, `12.5%`, `2000000000USD`, `10th`.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from retold.facts.spans import free
from retold.languages import words
from retold.records import Fact

_NAMED = re.compile(r"[A-Z]\w*-$")
FIGURE = r"\d+(?:[.,\u00a0\u202f]\d{3})*(?:[.,]\d+)?"


@dataclass(frozen=True)
class Grammar:
    """What one language's word lists come to: a pattern, and what the words in it stand for."""

    pattern: re.Pattern[str]
    spelled: dict[str, Decimal]
    ordinals: dict[str, Decimal]
    scales: dict[str, Decimal]
    bounds: dict[str, str]
    units: dict[str, str]
    shy: frozenset[str]  # number words that are more often pronouns or articles: numbers only before a scale or mark


def find(text: str, language: str, skip: Sequence[tuple[int, int]] = ()) -> tuple[Fact, ...]:
    """The numbers of a text; those inside the spans of `skip` (times of day, none overlapping another) are left out."""
    grammar = _grammar(language)
    found = []
    taken = sorted(skip)
    for match in grammar.pattern.finditer(text):
        if not free(taken, *match.span("core")):
            continue
        if match.group("figure") and _NAMED.search(text, max(0, match.start("core") - 30), match.start("core")):
            continue  # Covid-19: part of a name
        value = _value(match, grammar, language)
        if value is not None:
            money = value[-1:].isupper()
            found.append(Fact("money" if money else "number", match.start(), match.end(), match.group(), value))
    return tuple(found)


def amounts(value: str) -> Decimal:
    """The bare amount of a number's value: `amounts(">100%") == 100`."""
    return Decimal(re.sub(r"^[<>~]+|(?:%|x|th|[A-Z]{3})$", "", value))


@functools.cache
def cardinals(language: str) -> dict[str, Decimal]:
    """The number words that count and their amounts: to 99, as composed, with hundreds and thousands in one word."""
    return {_plain(w): Decimal(str(n)) for w, n in _counted(words(language)["facts"]["number"])}


def parse(figure: str, language: str) -> Decimal:
    """A figure's amount, by the language's signs where they fit and by the other custom where they cannot."""
    from babel.numbers import NumberFormatError, parse_decimal

    figure = figure.replace("\u00a0", "").replace("\u202f", "")
    decimal = words(language)["facts"]["number"]["decimal"]
    for locale in ("en", "nl") if decimal == "." else ("nl", "en"):
        try:
            return Decimal(parse_decimal(figure, locale=locale, strict=True))
        except (NumberFormatError, InvalidOperation):  # the latter: more digits than decimal arithmetic keeps
            continue
    return Decimal(re.sub(r"\D", "", figure))  # neither custom: a code or a score such as 1.2.3


def _value(match: re.Match[str], grammar: Grammar, language: str) -> str | None:
    core = match.group("core")
    unit = ""
    if match.group("figure"):
        amount = parse(match.group("figure"), language)
        if match.group("ordinal") or match.group("prefix"):
            unit = "th"
    else:
        key = _plain(core)
        if key in grammar.ordinals:
            amount, unit = grammar.ordinals[key], "th"
        else:
            if key in grammar.shy and not (match.group("scale") or match.group("mark")):
                return None
            amount = grammar.spelled[key]
    if match.group("half"):
        amount += Decimal("0.5")
    for scale in ("letter", "scale"):
        if match.group(scale):
            amount *= grammar.scales[_plain(match.group(scale))]
    for sign in ("sign", "mark"):
        if match.group(sign) and unit != "th":
            unit = grammar.units[_plain(match.group(sign))]
    bound = grammar.bounds[_plain(match.group("bound"))] if match.group("bound") else ""
    digits = format(amount.normalize(), "f")
    return f"{bound}{digits}{unit}"


def _plain(word: str) -> str:
    return re.sub(r"\s+", " ", word.strip().casefold())


@functools.cache
def _grammar(language: str) -> Grammar:
    table = words(language)["facts"]["number"]
    decimal_comma = table["decimal"] == ","
    spelled = {_plain(w): Decimal(str(n)) for w, n in _spelled(table)}
    ordinals = {_plain(w): Decimal(n) for w, n in table["ordinals"].items()}
    scales = {_plain(w): Decimal(str(n)) for w, n in table["scales"].items()}
    bounds = {_plain(w): sign for sign, some in table["bounds"].items() for w in some}
    marks = {_plain(w): sign for sign, some in table["marks"].items() for w in some}
    currencies = {_plain(w): code for code, some in table["currencies"].items() for w in some}
    letters = [re.escape(w) for w in table["scales"] if len(w) <= 2]  # 2bn, 125m, Rp3 T: right after a figure
    gap = r"\s?" if decimal_comma else ""
    long = [w for w in scales if len(w) > 2]
    signs = [w for w in currencies if not w.isalpha() or len(w) <= 3]
    prefix = _any(table.get("ordinal_prefixes", ["\0"]))
    suffix = _any({*table.get("ordinal_suffixes", []), "st", "nd", "rd", "th"})  # 125th Street stays 125th
    pattern = re.compile(
        rf"""
        (?:(?<!\w)(?P<bound>{_any(bounds)})\s+(?:(?:the|a|an|de|het|een)\s+)??)?
        (?:(?<!\w)(?P<sign>{_any(signs)})\s?)?
        (?P<core>
            (?:(?<!\w)(?P<prefix>{prefix})|(?(sign)|(?<![\w+])(?<!\d[.,])(?<!(?-i:[A-Z])-)))
            (?P<figure>{FIGURE})
            (?:(?P<ordinal>{suffix})|{gap}(?P<letter>(?-i:{"|".join(letters)}))(?!\w)|'?s\b|-an\b)?
            (?!\d)(?![^\W\d]{6})
          | (?<![\w-])(?:{_any([*spelled, *ordinals])})(?=(?:{_any(table.get("endings", [chr(0)]))})?(?!\w))
        )
        (?P<half>\s?½|\s1/2(?!\d)|\s(?:{_any(table.get("halves", [chr(0)]))})(?!\w))?
        (?:[\s-]?(?P<scale>{_any(long)})(?!\w))?
        (?:\s?-?(?P<mark>%|(?:{_any([*marks, *currencies])})(?!\w)))?
        """,
        re.VERBOSE | re.IGNORECASE,
    )
    return Grammar(
        pattern, spelled, ordinals, scales, bounds, {**marks, **currencies}, frozenset(map(_plain, table["pronouns"]))
    )


def _spelled(table: dict[str, Any]) -> Iterator[tuple[str, float]]:
    """The number words that count, and the table's whole expressions."""
    yield from _counted(table)
    yield from table["words"].items()


def _counted(table: dict[str, Any]) -> Iterator[tuple[str, float]]:
    """Number words up to 99, composed as the language composes them, and scales written in one with them."""
    yield from _count(table["units"], 0, 1)
    yield from _count(table["teens"], 10, 1)
    yield from _count(table["tens"], 20, 10)
    for i, tens in enumerate(table["tens"]):
        for n, unit in enumerate(table["units"][1:], start=1):
            for form in table["compound"]:
                yield form.format(tens=tens, unit=unit), 20 + 10 * i + n
    small = [*_count(table["units"][2:], 2, 1), *_count(table["teens"], 10, 1), *_count(table["tens"], 20, 10)]
    for scale in table.get("joined", []):
        yield from ((f"{word}{scale}", n * float(table["scales"][scale])) for word, n in small)


def _count(some: Sequence[str], start: int, step: int) -> Iterator[tuple[str, float]]:
    return ((word, start + step * i) for i, word in enumerate(some))


def _any(some: Iterable[str]) -> str:
    """An alternation that prefers the longest."""
    return "|".join(re.sub(r"\\? ", r"\\s+", re.escape(w)) for w in sorted(some, key=len, reverse=True))
