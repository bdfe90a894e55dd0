"""Names and places that differ between the two sides of a bead."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass

from rapidfuzz import fuzz

from retold.facts.fold import fold, sound
from retold.facts.name import common, places, strip
from retold.findings.passage import Item, Pair, Passage, Word
from retold.languages import words
from retold.records import Finding


@dataclass(frozen=True)
class Part:
    """One word of a name: where it stands, its folded spelling, and whether it is also an everyday word."""

    word: Word
    item: Item
    key: str
    code: str  # a place's code, or ""
    plain: bool


def compare(pair: Pair) -> Iterator[Finding]:
    """Names one side has and the other has in no spelling, paired where both sides have one over."""
    left = [p for p in parts(pair.original) if not known(p, pair.version)]
    right = [p for p in parts(pair.version) if not known(p, pair.original)]
    for p, q in _pairs(left, right, pair):
        yield Finding("changed", "name", p.word.n, q.word.n, p.word.text, q.word.text, 0.8, 0, p.word.span, q.word.span)


def parts(passage: Passage) -> list[Part]:
    """The words of the passage's names and places."""
    out = []
    table = places(passage.language)
    generic = frozenset(map(fold, words(passage.language)["facts"]["name"]["generic"]))
    every = common(passage.language)
    for item in passage.of("name", "place"):
        for word in passage.words:
            if word.n != item.n or word.start < item.fact.start or word.start >= item.fact.end:
                continue
            text = strip(word.text)
            if not any(c.isupper() for c in text):
                continue
            key = fold(text).strip(".")
            code = item.fact.value if item.fact.type == "place" else table.get(key, "")
            out.append(Part(word, item, key, code, text.casefold() in every or key in generic))
    return out


def known(part: Part, other: Passage) -> bool:
    """Whether the other passage has the name in some spelling."""
    if part.code and part.code in codes(other):
        return True
    return any(same(part.key, w) for w in other.folded) or _initials(part.key, other)


@functools.lru_cache(4096)
def codes(passage: Passage) -> frozenset[str]:
    table = places(passage.language)
    return frozenset(i.fact.value for i in passage.of("place")) | {table[w] for w in passage.folded if w in table}


@functools.lru_cache(500_000)
def same(a: str, b: str) -> bool:
    """Whether two folded words can be one name: equal, inflected, compounded, or alike in sound."""
    if a == b:
        return True
    short, long = sorted((a, b), key=len)
    if len(short) >= 3 and long.startswith(short) and len(long) - len(short) <= (3 if len(short) > 3 else 1):
        return True
    if len(short) >= 5 and short in long:
        return True
    if len(short) < 3:
        return False
    return fuzz.ratio(sound(a), sound(b)) >= (80 if len(short) > 4 else 86)


def _initials(key: str, other: Passage) -> bool:
    """Whether an acronym's letters begin consecutive words of the other passage."""
    if not 2 <= len(key) <= 5 or not key.isalpha():
        return False
    firsts = "".join(w.folded[:1] for w in other.words)
    return key in firsts and key.isascii()


def _pairs(left: list[Part], right: list[Part], pair: Pair) -> Iterator[tuple[Part, Part]]:
    right = [q for q in right if not q.plain]
    left = [p for p in left]
    while left and right:
        p, q = min(((p, q) for p in left for q in right), key=lambda t: _cost(*t, pair))
        left.remove(p)
        right.remove(q)
        yield p, q


def _cost(p: Part, q: Part, pair: Pair) -> float:
    there = pair.version.place(q.word.n, q.word.start)
    return abs(pair.original.place(p.word.n, p.word.start) - there) + 0.5 * p.plain
