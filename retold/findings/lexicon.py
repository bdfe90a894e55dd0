"""A language's function words, and which words stand for which across languages: the small bilingual lists."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from importlib.resources import files

from retold.facts.fold import fold
from retold.languages import words

NONE: Mapping[str, frozenset[str]] = {}


@functools.cache
def pairs(source: str, target: str) -> Mapping[str, frozenset[str]]:
    """Folded words of one language → folded words of the other that may stand for them; empty where there is no list.

    Lists exist between English and the other languages; English with itself needs none.
    """
    foreign, outward = (target, True) if source == "en" else (source, False)
    path = files("retold.languages") / f"pairs.{foreign}.tsv"
    if "en" not in (source, target) or not path.is_file():
        return NONE
    out: dict[str, set[str]] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        english, some = line.split("\t")
        for word in some.split(" "):
            key, value = (english, word) if outward else (word, english)
            out.setdefault(key, set()).add(value)
    return {k: frozenset(v) for k, v in out.items()}


@functools.cache
def function_words(language: str) -> frozenset[str]:
    """The words of a language that say nothing by themselves, folded."""
    return frozenset(map(fold, words(language)["facts"]["clause"]["function_words"]))
