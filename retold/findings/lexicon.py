"""A language's function words, and which words stand for which across languages, by the glossaries."""

from __future__ import annotations

import functools
from collections.abc import Mapping

from retold.facts.fold import fold
from retold.languages import glossary, words

NONE: Mapping[str, frozenset[str]] = {}


def pairs(source: str, target: str) -> Mapping[str, frozenset[str]]:
    """Folded words of one language → folded words of the other that may stand for them; empty where there is no list.

    Read from the glossary of the language that is not English, without function words and what is written alike; an
    answer of several words counts by each of them. English with itself needs no list.
    """
    if target == "en":
        return _both(source)[0]
    return _both(target)[1] if source == "en" else NONE


@functools.cache
def _both(language: str) -> tuple[Mapping[str, frozenset[str]], Mapping[str, frozenset[str]]]:
    """What stands for what: into English, and from English."""
    if not glossary(language):
        return NONE, NONE
    light, ours = function_words("en"), function_words(language)
    inward: dict[str, set[str]] = {}
    outward: dict[str, set[str]] = {}
    for word, answers in ((fold(w), some) for w, some in glossary(language).items()):
        if word in ours:
            continue
        for answer in fold(" ".join(answers)).split():
            answer = answer.strip(".,()'")
            if len(answer) > 1 and answer != word and answer not in light:
                inward.setdefault(word, set()).add(answer)
                outward.setdefault(answer, set()).add(word)
    return {k: frozenset(v) for k, v in inward.items()}, {k: frozenset(v) for k, v in outward.items()}


@functools.cache
def function_words(language: str) -> frozenset[str]:
    """The words of a language that say nothing by themselves, folded."""
    return frozenset(map(fold, words(language)["facts"]["clause"]["function_words"]))
