"""Hedges, negations and degree words: cues from the language's lists. A hedge's and a degree's value is its class
(`possible`, `likely`, `theory` …), a negation's is `not`."""

from __future__ import annotations

import functools
import re

from retold.languages import words
from retold.records import Fact, FactType


def find(text: str, language: str) -> tuple[Fact, ...]:
    """The cues of a text. Two of one type never overlap; the longest reading wins."""
    found = []
    for type_, pattern, classes in _patterns(language):
        for match in pattern.finditer(text):
            value = classes.get(re.sub(r"\s+", " ", match.group().casefold()), "not")
            found.append(Fact(type_, match.start(), match.end(), match.group(), value))
    return tuple(found)


@functools.cache
def _patterns(language: str) -> tuple[tuple[FactType, re.Pattern[str], dict[str, str]], ...]:
    facts = words(language)["facts"]
    negation = facts["negation"]
    out: list[tuple[FactType, re.Pattern[str], dict[str, str]]] = []
    for type_ in ("hedge", "intensity"):
        classes = {w.casefold(): key for key, some in reversed(facts[type_].items()) for w in some}
        out.append((type_, _pattern(classes), classes))  # type: ignore[arg-type]
    suffixes = [re.escape(s) for s in negation.get("suffixes", [])]
    ending = rf"|(?<=\w)(?:{'|'.join(suffixes)})\b" if suffixes else ""
    out.append(("negation", re.compile(_pattern(negation["words"]).pattern + ending, re.IGNORECASE), {}))
    return tuple(out)


def _pattern(some: object) -> re.Pattern[str]:
    longest = sorted(map(re.escape, some), key=len, reverse=True)  # type: ignore[call-overload]
    return re.compile(rf"(?<!\w)(?:{'|'.join(longest)})(?!\w)", re.IGNORECASE)
