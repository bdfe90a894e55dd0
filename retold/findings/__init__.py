"""Differences an editor can quote: beads and facts → findings and statuses."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from retold.findings import (
    clauses,
    degrees,
    figures,
    hedges,
    names,
    omitted,
    rank,
    reversals,
    sources,
    statements,
    wording,
)
from retold.findings.confidence import calibrated
from retold.findings.passage import Pair, Reading
from retold.records import Alignment, Encoder, Finding, RetoldError, Side, Status, Translation

SIGNATURE = "findings-7"  # grows with every change of a rule or a word list that changes a finding


def compare(
    original: Side,
    version: Side,
    alignment: Alignment,
    *,
    translations: Sequence[Translation] | None = None,
    encoder: Encoder | None = None,
    retold: bool = True,
) -> tuple[tuple[Finding, ...], Status]:
    """What the version adds, drops, changes and moves, most important first, and what became of each segment.

    The findings come from the two texts as they stand; `translations` (English of the version, by `n`) only mark those
    that the English disagrees with. encoder: tests what words were left out or put in between texts in one language;
    without it they are not looked for. retold: False for a document that is no version: what it does not mention is no
    finding, and its sentences are compared with those they are linked with and no others. Comparing a text with itself
    gives none; swapping the sides of a version swaps added and dropped. Raises RetoldError for a bead or translation
    that names a segment its side does not have.
    """
    _check(original, version, alignment, translations)
    left, right = Reading(original), Reading(version)
    beads = [b for b in alignment.beads if b.original and b.version]
    linked = {n for b in beads for n in b.original}, {n for b in beads for n in b.version}
    lost = tuple(n for n in original.content if n not in linked[0])
    new = tuple(n for n in version.content if n not in linked[1])
    dropped, added = left.passage(lost), right.passage(new)
    # Near a link, a version may say in a sentence of its own what the original says within one; a related one does not.
    free = (frozenset(lost), frozenset(new)) if retold else (frozenset[int](), frozenset[int]())
    pairs = []
    for bead in beads:
        sides = left.passage(bead.original), right.passage(bead.version)
        near = left.near(sides[0].numbers, free[0]), right.near(sides[1].numbers, free[1])
        around = (
            left.near(sides[0].numbers, free[0], across=True),
            right.near(sides[1].numbers, free[1], across=True),
        )
        if sides[0].numbers and sides[1].numbers:
            pairs.append(Pair(bead, *sides, left.whole, right.whole, *near, *around))
    told = list(sources.compare(pairs, retold=retold))
    numbers = list(figures.compare(pairs, dropped, added))
    found = [
        *numbers,
        *sources.without_names(list(names.compare(pairs)), told),
        *(t.finding for t in told),
        *wording.compare(pairs),
        *hedges.without_figures(hedges.compare(pairs), numbers),
        *degrees.compare(pairs),
        *reversals.compare(pairs),
        *statements.moved(pairs),
        *statements.unlinked(dropped, added, left, right, alignment),
    ]
    found = clauses.without_counts([*found, *clauses.compare(pairs, found)])
    found = statements.without_tellers(found, added, dropped)
    found = [calibrated(f, one_language=original.language == version.language) for f in found]
    found += list(omitted.compare(pairs, found, encoder))
    found = rank.by_links(found, alignment)
    if translations:
        found = [rank.check(f, version, {t.n: t.text for t in translations}) for f in found]
    if not retold:
        found = [f for f in found if f.original is None or f.original in linked[0]]
    ranked = sorted(found, key=rank.key)
    return (
        tuple(dataclasses.replace(f, rank=n) for n, f in enumerate(ranked, start=1)),
        statements.status(original, version, alignment, ranked),
    )


def status(original: Side, version: Side, alignment: Alignment, found: Sequence[Finding]) -> Status:
    """What became of each segment, if these findings are what stands."""
    return statements.status(original, version, alignment, found)


def _check(original: Side, version: Side, alignment: Alignment, translations: Sequence[Translation] | None) -> None:
    for bead in alignment.beads:
        for name, side, numbers in (("original", original, bead.original), ("version", version, bead.version)):
            for n in numbers:
                if not 0 <= n < len(side.texts):
                    raise RetoldError(
                        f"alignment: bead names {name} segment {n}; there are {len(side.texts)}, counted from 0"
                    )
    for t in translations or ():
        if not 0 <= t.n < len(version.texts):
            raise RetoldError(
                f"translations: one is of version segment {t.n}; there are {len(version.texts)}, counted from 0"
            )
