"""A language's function words, and which words stand for which: by form, and across languages by the glossaries."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping

from rapidfuzz import fuzz

from retold.facts.fold import fold, sound
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


@functools.cache
def small_words(language: str) -> frozenset[str]:
    """Function words, folded: what alone makes no gap."""
    facts = words(language)["facts"]
    return frozenset(map(fold, [*facts["clause"]["function_words"], *facts.get("gap", {}).get("small", [])]))


@functools.lru_cache(100_000)
def same(a: str, b: str) -> bool:
    """Whether two folded words can be one name: equal, inflected, compounded, or alike in sound."""
    if a == b:
        return True
    short, long = sorted((a, b), key=len)
    if len(short) < 3 or other_figures(a, b):
        return False
    if len(short) == 3:
        return long.startswith(short) and len(long) == 4
    if short in long and (len(short) >= 6 or (long.startswith(short) and 2.5 * len(short) >= len(long))):
        return True
    least = 80 if len(short) > 4 else 86
    first, second = sound(a), sound(b)
    if 200 * min(len(first), len(second)) < least * (len(first) + len(second)):
        return False  # too unlike in length: no need to look
    return fuzz.ratio(first, second) >= least


def other_figures(a: str, b: str) -> bool:
    """Whether both words have figures and not the same: an A4 is no A3, an RTX5090 no RTX4090."""
    one, two = re.sub(r"\D", "", a), re.sub(r"\D", "", b)
    return bool(one and two and one != two)


def answers(a: str, b: str, source: str, target: str) -> bool:
    """Whether a word of one language may stand for a word of the other."""
    return same(a, b) or b in pairs(source, target, light=True).get(a, frozenset())
