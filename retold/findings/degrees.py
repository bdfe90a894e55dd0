"""Degrees that one side alone has: a fall told as a plunge, a suspension as a sacking; colour added."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from retold.facts import strength
from retold.facts.strength import Degree
from retold.findings import lexicon
from retold.findings.beside import beside, one_sided
from retold.findings.clauses import MISSED
from retold.findings.kept import share
from retold.findings.lexicon import same
from retold.findings.passage import Item, Pair, Passage, Word
from retold.records import Finding

CONFIDENCE = 0.55
POSSIBLE = 0.4  # what the degree was of may be gone too
KEPT = 0.3  # share of the words around a degree that must have a counterpart
# Scales whose strong words tell enough where the other side has none on the scale at all.
ALONE = frozenset({"reaction", "threat", "ruin", "strike", "arrest", "colour", "forbid"})
SOFTENED = frozenset({"move", "stop", "reaction"})  # scales on which what is told more mildly tells too
NEARER = {"amount": 0.5, "rank": 0.5}  # scales whose words stand before any noun: more of what follows must be told


def compare(pairs: Sequence[Pair]) -> Iterator[Finding]:
    """Superlatives and words of harm of one side alone, and what is told more strongly or more mildly."""
    for pair in pairs:
        yield from _cues(pair)
        yield from _strengths(pair)


def _strengths(pair: Pair) -> Iterator[Finding]:
    """On each scale, a strong word against mild ones; on some, a strong word against none.

    Within one language the same is said in too many ways: there they tell nothing.
    """
    if not pair.across:
        return
    left, right = _degrees(pair.original), _degrees(pair.version)
    near = {d.scale for _, d in _degrees(pair.near_original) if d.level != "mild"} - {"colour"}
    for scale in dict.fromkeys(d.scale for _, d in (*left, *right)):
        ours, theirs = ([x for x in some if x[1].scale == scale] for some in (left, right))
        if scale in near or any(d.level == "fair" for _, d in (*ours, *theirs)):
            continue
        strong, stronger = _strong(ours), _strong(theirs)
        if ours and theirs and bool(strong) != bool(stronger):
            (n, a), (m, b) = (strong or ours)[0], (stronger or theirs)[0]
            if strong and scale not in SOFTENED:
                continue
            sure = _sure(m, b, pair.version, pair.original, pair.near_original, NEARER.get(scale, KEPT))
            spans = (a.start, a.end), (b.start, b.end)
            yield Finding("changed", "intensity", n, m, a.text, b.text, sure, 0, *spans)
        elif stronger and not ours and scale in ALONE:
            m, b = stronger[0]
            sure = _sure(m, b, pair.version, pair.original, pair.near_original)
            at = beside(pair, m, (b.start, b.end), of_original=False)
            yield Finding("added", "intensity", at, m, "", b.text, sure, 0, None, (b.start, b.end))


def _strong(some: Sequence[tuple[int, Degree]]) -> list[tuple[int, Degree]]:
    return [x for x in some if x[1].level == "strong"]


def _sure(n: int, degree: Degree, here: Passage, there: Passage, near: Passage, least: float = KEPT) -> float:
    return CONFIDENCE if share(n, degree.start, degree.end, here, there, near) >= least else POSSIBLE


def _degrees(passage: Passage) -> list[tuple[int, Degree]]:
    texts = zip(passage.numbers, passage.texts, strict=True)
    return [(n, d) for n, text in texts for d in strength.find(text, passage.language)]


def _cues(pair: Pair) -> Iterator[Finding]:
    """Classes of degree words one side has and the other has not, neither in the bead nor in the segments near it."""
    left, right = pair.original.of("intensity"), pair.version.of("intensity")
    lost = _lost(left, pair.original, pair.version, pair.near_version)
    new = _lost(right, pair.version, pair.original, pair.near_original)
    if new and not lost:  # what a weaker word answers may have become the other: hit told as wiped out
        there = {i.fact.value for i in right}
        lost = _first(i for i in left if i.fact.value not in there)[:1]
    while lost and new:
        a, b = lost.pop(0), new.pop(0)
        yield Finding("changed", "intensity", a.n, b.n, a.text, b.text, CONFIDENCE, 0, a.span, b.span)
    for item in lost:
        kept = share(item.n, *item.span, pair.original, pair.version, pair.near_version) >= KEPT
        yield from one_sided(pair, "intensity", [item], [], CONFIDENCE if kept else POSSIBLE)
    for item in new:
        kept = share(item.n, *item.span, pair.version, pair.original, pair.near_original) >= KEPT
        yield from one_sided(pair, "intensity", [], [item], CONFIDENCE if kept else POSSIBLE)


def _lost(some: Sequence[Item], here: Passage, there: Passage, near: Passage) -> list[Item]:
    """The first cue of each class that nothing on the other side answers, unless its whole phrase is gone."""
    theirs = {i.fact.value for p in (there, near) for i in p.of("intensity")}
    weak = there.weak + near.weak
    over = [i for i in _first(some) if i.fact.value not in theirs and not weak["intensity", i.fact.value]]
    return [i for i in over if here.language == there.language or not _gone(i, here, there, near)]


def _gone(item: Item, here: Passage, there: Passage, near: Passage) -> bool:
    """Whether a degree word's whole phrase is gone: hardly any of the content words next to it has a counterpart.

    The phrase is the run of content words around it, up to a function word or a stop: “second most powerful AI chip”.
    """
    text = here.texts[here.numbers.index(item.n)]
    light = lexicon.function_words(here.language)
    some = [w for w in here.words if w.n == item.n]
    phrase: list[Word] = []
    for row, edge, step in (
        ([w for w in some if w.start >= item.fact.end], item.fact.end, 1),
        ([w for w in reversed(some) if w.end <= item.fact.start], item.fact.start, -1),
    ):
        for word in row:
            between = text[edge : word.start] if step > 0 else text[word.end : edge]
            if between.strip(" -") or word.folded in light or (step < 0 and re.search(r"[’']s?$", word.text)):
                break  # whose it is stands before the phrase
            phrase.append(word)
            edge = word.end if step > 0 else word.start
    theirs = [w.folded for w in (*there.words, *near.words)]
    listed = lexicon.pairs(here.language, there.language)
    known = [
        any(same(said, other) for said in (w.folded, *listed.get(w.folded, ())) for other in theirs) for w in phrase
    ]
    return len(phrase) > 1 and not known[0] and sum(known) <= MISSED * len(phrase)


def _first(some: Iterable[Item]) -> list[Item]:
    """The first cue of each class."""
    out: dict[str, Item] = {}
    for item in some:
        out.setdefault(item.fact.value, item)
    return list(out.values())
