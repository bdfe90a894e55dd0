"""Which English words another journalist might write for a word, telling the same."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping

from retold.languages import thesaurus

NONE: frozenset[str] = frozenset()
ENDINGS = [("ies", "y"), ("es", ""), ("es", "e"), ("s", ""), ("ied", "y"), ("ed", ""), ("ed", "e"), ("ing", ""),
           ("ing", "e"), ("ily", "y"), ("ly", ""), ("er", ""), ("er", "e"), ("est", "")]  # fmt: skip


@functools.lru_cache(100_000)
def base(word: str) -> str:
    """The base form of a word in small letters, by the thesaurus; the word itself where it knows none."""
    rows = thesaurus("en")
    form = next((form for form in (word, *_stripped(word)) if form in rows), word)
    first = rows[form][0] if form in rows else ""
    return first[1:] if first.startswith("=") else form


def _stripped(word: str) -> Iterator[str]:
    """What a word may be a form of."""
    for ending, instead in ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) > 2:
            stem = word[: -len(ending)]
            yield stem + instead
            if ending in ("ed", "ing") and stem[-1] == stem[-2]:
                yield stem[:-1]


@functools.lru_cache(100_000)
def near(a: str, b: str) -> bool:
    """Whether two English words in small letters are forms of one or near in meaning."""
    one, other = base(a), base(b)
    return one == other or other in related(one)


def related(word: str) -> frozenset[str]:
    """What may stand for a base form, base forms too; the relation holds both ways."""
    return _table().get(word, NONE)


@functools.cache
def _table() -> Mapping[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for word, some in thesaurus("en").items():
        for other in (base(x) for x in some if " " not in x and not x.startswith("=")):
            if other != word:
                found.setdefault(word, set()).add(other)
                found.setdefault(other, set()).add(word)
    return {k: frozenset(v) for k, v in found.items()}
