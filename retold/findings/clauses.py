"""Clauses inside a bead that the other side has no words for: what is dropped of, or added to, a kept sentence.

A clause is missed when hardly any of its content words has a counterpart in the other passage while the rest of its
sentence has, and the other passage is shorter than the whole sentence would make it (the length argument of Gale and
Church 1993). On 1,541 beads of faithful translation (NTREX, development half) that asks for a dropped clause 6 times.
"""

from __future__ import annotations

import functools
import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from retold.facts.dateline import body_start
from retold.facts.fold import fold
from retold.facts.name import places
from retold.findings.beside import beside
from retold.findings.lexicon import function_words, same
from retold.findings.lexicon import pairs as listed
from retold.findings.passage import WORD, Pair, Passage
from retold.findings.thesaurus import near
from retold.languages import words
from retold.records import Finding

LEAST = 3  # content words of a clause that can be missed
MISSED = 0.25  # at most this share of them has a counterpart
SHARED = 0.65  # share of one segment's content words with a counterpart that makes two segments look like one
KEPT = 0.4  # and at least this share of the rest of the segment


@dataclass(frozen=True)
class Content:
    """A content word where it stands, and whether the other side has a counterpart."""

    start: int
    known: bool


def compare(pairs: Sequence[Pair], found: Sequence[Finding]) -> Iterator[Finding]:
    """Clauses over on either side. found: the findings so far; a clause that holds one of a source says it already."""
    lost = {(f.original, f.original_span) for f in found if f.facet == "source"}
    new = {(f.version, f.version_span) for f in found if f.facet == "source"}
    for pair in pairs:
        for n, (start, end) in _missed(pair.original, pair.version, pair.near_version):
            if not any(m == n and s and s[0] < end and start < s[1] for m, s in lost):
                text = pair.original.texts[pair.original.numbers.index(n)][start:end]
                there = beside(pair, n, (start, end), of_original=True)
                yield Finding("dropped", "claim", n, there, text, "", 0.6, 0, (start, end), None)
        for n, (start, end) in _missed(pair.version, pair.original, pair.near_original):
            if not any(m == n and s and s[0] < end and start < s[1] for m, s in new):
                text = pair.version.texts[pair.version.numbers.index(n)][start:end]
                there = beside(pair, n, (start, end), of_original=False)
                yield Finding("added", "claim", there, n, "", text, 0.55, 0, None, (start, end))


def without_counts(found: Sequence[Finding]) -> list[Finding]:
    """The findings without numbers in words that are lost, or new, with their clause: “two popular models in China”."""
    whole = [(f.type, f.original, f.version, f.original_span or f.version_span) for f in found if f.facet == "claim"]

    def inside(f: Finding) -> bool:
        span = f.original_span if f.type == "dropped" else f.version_span
        return any(
            type_ == f.type and around and span and around[0] <= span[0] and span[1] <= around[1]
            and (o == f.original if f.type == "dropped" else v == f.version)
            for type_, o, v, around in whole
        )  # fmt: skip

    return [
        f
        for f in found
        if f.facet != "number"
        or f.type not in ("dropped", "added")
        or re.search(r"\d", f.before + f.after)
        or not inside(f)
    ]


def shared(text: str, other: str, source: str, target: str) -> bool:
    """Whether most content words of one segment have a counterpart in the other, and so back or nearly so."""
    both = [known(text, other, source, target), known(other, text, target, source)]
    most = max(k / n if k >= LEAST else 0.0 for k, n in both if n) if any(n for _, n in both) else 0.0
    return most >= SHARED and min(k for k, _ in both) >= LEAST


@functools.lru_cache(10_000)  # every two segments are asked for from both sides
def known(text: str, other: str, source: str, target: str) -> tuple[int, int]:
    """How many content words of a text have a counterpart in the other, and how many there are."""
    theirs = tuple(w for _, w in _words(other, target))
    content = _content(text, source, target, theirs, wide=True)
    return sum(c.known for c in content), len(content)


def _missed(here: Passage, there: Passage, near: Passage) -> Iterator[tuple[int, tuple[int, int]]]:
    theirs = [w.folded for w in (*there.words, *near.words) if w.folded not in function_words(there.language)]
    table, codes = places(here.language), there.codes | near.codes
    room = (there.length + near.length) / _expected(here.language, there.language)
    for n, text in zip(here.numbers, here.texts, strict=True):
        content = _content(text, here.language, there.language, tuple(theirs))
        body = body_start(text, here.language)
        there_too = {w.start for w in here.words if w.n == n and table.get(w.folded) in codes}  # Chinese for China
        clauses = [(max(a, body), b) for a, b in _clauses(text, here.language, content) if b > body]
        if len(clauses) < 2:
            continue
        starts, every = [c.start for c in content], sum(c.known for c in content)
        for start, end in clauses:
            here_ = content[bisect_left(starts, start) : bisect_left(starts, end)]
            inside = [c.known or c.start in there_too for c in here_]
            rest, known = len(content) - len(here_), every - sum(c.known for c in here_)
            if len(inside) < LEAST or sum(inside) > MISSED * len(inside) or known < max(2, KEPT * rest):
                continue
            if room <= here.length - (end - start) / 2:
                yield n, (start, end)


def _expected(source: str, target: str) -> float:
    """How many characters of the target language one of the source language makes, leaning to the longer side."""
    if source == target:
        return 1.0
    ratios = words(source)["facts"]["clause"]["ratio"], words(target)["facts"]["clause"]["ratio"]
    # Translations run long more often than short: what a longer version adds must exceed a fifth.
    return float(ratios[1] / ratios[0]) / (1.2 if source != "en" else 1.0)


def _content(text: str, source: str, target: str, theirs: tuple[str, ...], *, wide: bool = False) -> list[Content]:
    """wide: words near in meaning count as well; a clause whose words are only nearly told is missed all the same."""
    theirs, test = tuple(dict.fromkeys(theirs)), answers if wide else listed_for
    return [
        Content(start, any(test(word, w, source, target) for w in theirs))
        for start, word in _words(text, source)
        if len(word) > 1
    ]


@functools.lru_cache(10_000)
def _words(text: str, language: str) -> tuple[tuple[int, str], ...]:
    """(start, folded word) of a text's words that are no function words."""
    some = ((m.start(), fold(m.group()).strip(".")) for m in WORD.finditer(text))
    return tuple((start, word) for start, word in some if word not in function_words(language))


@functools.lru_cache(100_000)
def listed_for(a: str, b: str, source: str, target: str) -> bool:
    """Whether a word may stand for another: alike, listed, or sharing the first five letters with one listed."""
    if same(a, b):
        return True
    some = listed(source, target).get(a, frozenset())
    if any(w == b or (len(w) > 4 and len(b) > 4 and (w[:5] == b[:5] or w in b or b in w)) for w in some):
        return True
    return any(len(w) > 4 and w[:5] == a[:5] for w in listed(target, source).get(b, frozenset()))


@functools.lru_cache(100_000)
def answers(a: str, b: str, source: str, target: str) -> bool:
    """Whether a word may stand for another; in English, or by way of it, also by the thesaurus."""
    if listed_for(a, b, source, target):
        return True
    if source == target == "en":
        return near(a, b)
    if target == "en":
        return any(near(w, b) for w in listed(source, "en").get(a, frozenset()))
    return source == "en" and any(near(w, a) for w in listed(target, "en").get(b, frozenset()))


def _clauses(text: str, language: str, content: Sequence[Content]) -> list[tuple[int, int]]:
    """The text cut at punctuation and conjunctions, pieces of too few content words joined to the one before."""
    out: list[tuple[int, int]] = []
    start = 0
    starts = [c.start for c in content]
    for match in [*_borders(language).finditer(text), None]:
        end = match.start() if match else len(text)
        if end > start:
            few = [bisect_left(starts, b) - bisect_left(starts, a) < LEAST for a, b in ((start, end), *out[-1:])]
            if out and any(few):
                out[-1] = (out[-1][0], end)
            else:
                out.append((start, end))
        start = match.end() if match else end
    return out


@functools.cache
def _borders(language: str) -> re.Pattern[str]:
    some = "|".join(words(language)["facts"]["clause"]["openers"])
    return re.compile(rf"\s*[,;:–—()]\s*|\s+(?=(?:{some})\s)")
