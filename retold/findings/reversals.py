"""Statements turned round: a rise told as a fall, a ban lifted told as a ban imposed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from retold.facts import direction
from retold.findings.passage import Pair, Passage
from retold.records import Finding

CONFIDENCE = 0.7


def compare(pairs: Sequence[Pair]) -> Iterator[Finding]:
    """Words of direction whose own way the other side of the bead does not tell of, and whose opposite it does.

    A side that tells of both ways says nothing, nor one that a negation more turns back: “did not rise” for “fell”.
    """
    for pair in pairs:
        left, right = _turns(pair.original), _turns(pair.version)
        if len(pair.original.of("negation")) != len(pair.version.of("negation")):
            continue
        ours, theirs = {t.way for _, t in left}, {t.way for _, t in right}
        for n, a in left:
            for m, b in right:
                turned = b.way == direction.OPPOSITE[a.way] and not a.weak and not b.weak
                if turned and a.way not in theirs and b.way not in ours:
                    spans = (a.start, a.end), (b.start, b.end)
                    yield Finding("changed", "claim", n, m, a.text, b.text, CONFIDENCE, 0, *spans)
                    ours, theirs = ours | {b.way}, theirs | {a.way}  # one finding a way


def _turns(passage: Passage) -> list[tuple[int, direction.Turn]]:
    texts = zip(passage.numbers, passage.texts, strict=True)
    return [(n, turn) for n, text in texts for turn in direction.find(text, passage.language)]
