"""Hedges, negations and degree words: cues from the language's lists. A hedge's and a degree's value is its class
(`possible`, `likely`, `theory` …), a negation's is `not`."""

from __future__ import annotations

import bisect
import collections
import functools
import re
from collections.abc import Sequence

from retold.facts.spans import Spans, free
from retold.languages import words
from retold.records import Fact, FactType

WEAK = "_weak"  # the end of a class that answers for its class but is no cue by itself


def find(text: str, language: str, *, weak: bool = False) -> tuple[Fact, ...]:
    """The cues of a text. Two of one type never overlap; the longer reading wins. weak: with the weak ones too."""
    found: list[Fact] = []
    for type_, classes in _patterns(language):
        some = [
            Fact(type_, m.start(), m.end(), m.group(), value)
            for value, pattern in classes
            for m in pattern.finditer(text)
        ]
        kept: list[Fact] = []
        taken: dict[str, Spans] = collections.defaultdict(list)
        for fact in sorted(some, key=lambda f: (f.value.endswith(WEAK), f.start - f.end, f.start)):
            # A weak cue may answer for several classes, whatever else stands there: only its own class's rule it out.
            weak_one = fact.value.endswith(WEAK)
            if free(taken[_class(fact) if weak_one else ""], fact.start, fact.end):
                kept.append(fact)
                for group in {_class(fact)} if weak_one else {_class(fact), ""}:
                    bisect.insort(taken[group], (fact.start, fact.end))
        found += sorted((f for f in kept if weak or not f.value.endswith(WEAK)), key=lambda f: f.start)
    return tuple(found)


def _class(fact: Fact) -> str:
    return fact.value.removesuffix(WEAK)


@functools.cache
def _patterns(language: str) -> tuple[tuple[FactType, tuple[tuple[str, re.Pattern[str]], ...]], ...]:
    """Each type's classes; a cue is a regular expression, so that a list can say where a word is no cue."""
    facts = words(language)["facts"]
    negation = facts["negation"]
    suffixes = "|".join(negation.get("suffixes", []))
    ending = rf"|(?<=\w)(?:{suffixes})\b" if suffixes else ""
    return (
        ("hedge", tuple((key, phrase(some)) for key, some in facts["hedge"].items())),
        ("intensity", tuple((key, phrase(some)) for key, some in facts["intensity"].items())),
        (
            "negation",
            (
                ("not", re.compile(phrase(negation["words"]).pattern + ending, re.IGNORECASE)),
                ("not_weak", phrase(negation.get("weak", ["(?!)"]))),
                ("abroad_weak", phrase(negation.get("weak_abroad", ["(?!)"]))),
            ),
        ),
    )


def phrase(some: Sequence[str]) -> re.Pattern[str]:
    """One pattern for a list of regular expressions, as whole words, the longest first."""
    return _pattern(tuple(some))


@functools.cache
def _pattern(some: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{'|'.join(sorted(some, key=len, reverse=True))})(?!\w)", re.IGNORECASE)
