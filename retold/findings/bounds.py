"""Limits of a figure that both sides have (about, almost, more than, up to): lost, put in or turned round."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Sequence
from typing import Literal

from retold.findings.passage import Item, Passage
from retold.findings.periods import length
from retold.languages import words

REACH = 25, 12  # characters before and behind a figure in which another word may limit it, up to the next figure
Bound = Literal["above", "below", "about"]


def told_otherwise(
    same: Sequence[tuple[Item, list[Item]]], here: Passage, there: Passage
) -> Iterator[tuple[Item, Item]]:
    """Of the figures of `here`, each with its equals in `there`, those whose limit none of these bears: one pair each.

    Almost half and half, or half and more than half; about 40 and nearly 40 say much the same.
    """
    for a, equals in same:
        if not any(_agree(a, b, here, there) for b in equals):
            yield a, equals[0]


def _agree(a: Item, b: Item, here: Passage, there: Passage) -> bool:
    ours, theirs = bound(a, here), bound(b, there)
    if ours and theirs:
        return {ours, theirs} != {"above", "below"}
    if ours or theirs:
        return _limited(b, there) if ours else _limited(a, here)
    return True


def bound(item: Item, passage: Passage) -> Bound | None:
    """The limit that a figure bears by the words right before it; None where these may be a mere preposition."""
    sign, said = item.fact.value[0], item.fact.text
    if sign not in "<>~" or _pattern(passage.language, "prepositions").match(said):
        return None  # under a $128 million loan, until 2027, 20 to 30
    lasts = length(item.fact, passage.texts[passage.numbers.index(item.n)][item.fact.end :], passage.language)
    if lasts and not lasts.bound:
        return None  # over six years
    if sign == "~":
        return "below" if _pattern(passage.language, "nearly").match(said) else "about"
    return "above" if sign == ">" else "below"


def _limited(item: Item, passage: Passage) -> bool:
    """Whether any word that can limit a figure stands near it."""
    if item.fact.value[0] in "<>~":
        return True
    text = passage.texts[passage.numbers.index(item.n)]
    others = [i for i in passage.of("number", "money") if i.n == item.n]
    start = max([0, item.fact.start - REACH[0], *(i.fact.end for i in others if i.fact.end <= item.fact.start)])
    end = min([item.fact.end + REACH[1], *(i.fact.start for i in others if i.fact.start >= item.fact.end)])
    around = text[start : item.fact.start] + "|" + text[item.fact.end : end]
    return (
        _pattern(passage.language, "limits").search(around) is not None
        or _pattern(passage.language, "estimates").search(text) is not None
    )


@functools.cache
def _pattern(language: str, key: str) -> re.Pattern[str]:
    some = sorted(words(language)["facts"]["number"].get(key, []), key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(some) or '(?!)'})(?!\w)", re.IGNORECASE)
