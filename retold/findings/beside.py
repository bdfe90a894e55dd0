"""Which of several segments answers the place where something is dropped or added: the one that tells of it."""

from __future__ import annotations

from retold.findings import lexicon
from retold.findings.gaps import small_words
from retold.findings.names import same
from retold.findings.passage import Item, Pair

REACH = 8  # words before and behind that count, the nearer the more


def beside(pair: Pair, item: Item, *, of_original: bool) -> int:
    """The number of the other side's segment that says most of the words around an item of this side.

    Where none says any, the segment that `Pair.opposite` finds by figures, names and place.
    """
    here, there = (pair.original, pair.version) if of_original else (pair.version, pair.original)
    usual = pair.opposite(item.n, item.fact.start, of_original=of_original)
    if len(there.numbers) == 1:
        return usual
    light, listed = small_words(here.language), lexicon.pairs(here.language, there.language)
    before = [w for w in here.words if w.n == item.n and w.end <= item.fact.start][: -REACH - 1 : -1]
    behind = [w for w in here.words if w.n == item.n and w.start >= item.fact.end][:REACH]
    score = dict.fromkeys(there.numbers, 0.0)
    for side in (before, behind):
        for away, word in enumerate(side):
            said = (word.folded, *listed.get(word.folded, ()))
            if word.folded not in light:
                for n in {w.n for w in there.words if any(same(one, w.folded) for one in said)}:
                    score[n] += 1 / (2 + away)
    best = max(score.values())
    return usual if score[usual] == best else next(n for n in there.numbers if score[n] == best)
