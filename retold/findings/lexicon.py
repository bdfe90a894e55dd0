"""A language's function words, and which words stand for which across languages, by the glossaries."""

from __future__ import annotations

import functools
from collections.abc import Mapping

from retold.facts.fold import fold
from retold.languages import glossary, words

NONE: Mapping[str, frozenset[str]] = {}
NOTHING: frozenset[str] = frozenset()


def pairs(source: str, target: str, *, light: bool = False) -> Mapping[str, frozenset[str]]:
    """Folded words of one language → folded words of the other that may stand for them; empty where there is no list.

    Read from the glossary of the language that is not English, without what is written alike; an answer of several
    words counts by each of them. light: with the function words. English with itself needs no list.
    """
    if target == "en":
        return _both(source, light)[0]
    return _both(target, light)[1] if source == "en" else NONE


@functools.cache
def _both(language: str, light: bool) -> tuple[Mapping[str, frozenset[str]], Mapping[str, frozenset[str]]]:
    """What stands for what: into English, and from English."""
    if not glossary(language):
        return NONE, NONE
    left_out = (NOTHING, NOTHING) if light else (function_words(language), function_words("en"))
    inward: dict[str, set[str]] = {}
    outward: dict[str, set[str]] = {}
    for word, answers in ((fold(w), some) for w, some in glossary(language).items()):
        if word in left_out[0]:
            continue
        for answer in fold(" ".join(answers)).split():
            answer = answer.strip(".,()'")
            if len(answer) > 1 and answer != word and answer not in left_out[1]:
                inward.setdefault(word, set()).add(answer)
                outward.setdefault(answer, set()).add(word)
    return {k: frozenset(v) for k, v in inward.items()}, {k: frozenset(v) for k, v in outward.items()}


@functools.cache
def function_words(language: str) -> frozenset[str]:
    """The words of a language that say nothing by themselves, folded."""
    return frozenset(map(fold, words(language)["facts"]["clause"]["function_words"]))
