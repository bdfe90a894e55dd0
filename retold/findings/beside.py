"""Which of several segments answers the place where something is dropped or added: the one that tells of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from retold.findings.lexicon import pairs, same, small_words
from retold.findings.passage import Item, Pair, Passage
from retold.records import FactType, Finding

REACH = 8  # words before and behind that count, the nearer the more


def beside(pair: Pair, n: int, span: tuple[int, int], *, of_original: bool) -> int:
    """The number of the other side's segment that says most of the words around a span of segment `n` of this side.

    Where none says any, the one that has the nearest name or figure standing before the span, else the one as far into
    its passage as the span is into its own.
    """
    here, there = (pair.original, pair.version) if of_original else (pair.version, pair.original)
    if len(there.numbers) == 1:
        return there.numbers[0]
    light, listed = small_words(here.language), pairs(here.language, there.language)
    before = [w for w in here.words if w.n == n and w.end <= span[0]][: -REACH - 1 : -1]
    behind = [w for w in here.words if w.n == n and w.start >= span[1]][:REACH]
    score = dict.fromkeys(there.numbers, 0.0)
    for side in (before, behind):
        for away, word in enumerate(side):
            said = (word.folded, *listed.get(word.folded, ()))
            if word.folded not in light:
                for k in {w.n for w in there.words if any(same(one, w.folded) for one in said)}:
                    score[k] += 1 / (2 + away)
    best, usual = max(score.values()), _usual(here, there, n, span[0])
    return usual if score[usual] == best else next(k for k in there.numbers if score[k] == best)


def _usual(here: Passage, there: Passage, n: int, start: int) -> int:
    """By the names and figures before a place, and by the place."""
    before = [i for i in here.of("name", "place", "number") if i.n == n and i.fact.end <= start]
    for item in reversed(before):
        some = [o.n for o in there.of("name", "place", "number") if o.fact.value == item.fact.value]
        if len(set(some)) == 1:
            return some[0]
    aim, passed = here.place(n, start) * there.length, 0
    for number, text in zip(there.numbers, there.texts, strict=True):
        passed += len(text)
        if aim < passed:
            return number
    return there.numbers[-1]


def one_sided(
    pair: Pair, facet: FactType, lost: Sequence[Item], new: Sequence[Item], confidence: float
) -> Iterator[Finding]:
    """What one side of a bead has over, as dropped and added, each with the segment that answers its place."""
    for i in lost:
        n = _bearer(facet, pair.version, pair.near_version) or beside(pair, i.n, i.span, of_original=True)
        yield Finding("dropped", facet, i.n, n, i.fact.text, "", confidence, 0, i.span, None)
    for i in new:
        n = _bearer(facet, pair.original, pair.near_original) or beside(pair, i.n, i.span, of_original=False)
        yield Finding("added", facet, n, i.n, "", i.fact.text, confidence, 0, None, i.span)


def _bearer(facet: FactType, here: Passage, near: Passage) -> int | None:
    """The only segment near that has a fact of the type, where the bead has none: that one answers for it."""
    some = {i.n for i in near.of(facet)} if not here.of(facet) else set()
    return some.pop() if len(some) == 1 and facet == "hedge" else None
