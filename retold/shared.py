"""Facts that two documents have in common, whatever their languages: what a related document really shares."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from retold.records import CONTENT_KINDS, Alignment, Bead, Document, Fact, FactType, Link, Segment

if TYPE_CHECKING:
    from retold.compare import Comparison

SIGNATURE = "1"  # raise it when a rule of `surely` changes
# Least probability of a link with a related document. Read by hand on the H200 story, both links above it say the same
# and 1 of 16 below it does: a related document repeats names and themes without repeating what was said of them.
SURE = 0.95
TYPES: tuple[FactType, ...] = ("money", "number", "time", "name", "place")


@dataclass(frozen=True, slots=True)
class Shared:
    """One fact that stands in both documents.

    words: as the original has them. original, version: numbers of the segments that hold it. weight: in nats, higher
    is rarer: log of the segments of both documents over those that hold it (inverse document frequency, Spärck Jones
    1972).
    """

    type: FactType
    words: str
    original: tuple[int, ...]
    version: tuple[int, ...]
    weight: float


def surely(alignment: Alignment) -> Alignment:
    """An alignment less the links that are not sure, for documents that retell nothing; its beads fall apart with them.

    Every segment still stands in exactly one bead; one that a weaker link held stands alone, and no surer than that.
    """
    links = [k for k in alignment.links if k.probability >= SURE]
    weak = [k for k in alignment.links if k.probability < SURE]
    beads: list[Bead] = []
    for bead in alignment.beads:
        if not (bead.original and bead.version):
            beads.append(bead)
            continue
        own = [k for k in links if k.original in bead.original]
        beads += [replace(b, moved=bead.moved) for b in _beads(own)]
        for n in set(bead.original) - {k.original for k in own}:
            beads.append(Bead((n,), (), 1 - max(k.probability for k in weak if k.original == n)))
        for n in set(bead.version) - {k.version for k in own}:
            beads.append(Bead((), (n,), 1 - max(k.probability for k in weak if k.version == n)))
    place = len(alignment.beads) + max((n for b in beads for n in (*b.original, *b.version)), default=0)
    beads.sort(key=lambda b: (min(b.original, default=place), min(b.version, default=place)))
    return Alignment(tuple(beads), tuple(links))


def _beads(links: list[Link]) -> list[Bead]:
    """Links that share a segment as one bead, as probable as they are on average."""
    groups: list[list[Link]] = []
    for k in links:
        same = [g for g in groups if any(k.original == x.original or k.version == x.version for x in g)]
        groups = [g for g in groups if g not in same] + [[k, *(x for g in same for x in g)]]
    return [
        Bead(
            tuple(sorted({k.original for k in g})),
            tuple(sorted({k.version for k in g})),
            sum(k.probability for k in g) / len(g),
        )
        for g in groups
    ]


def shared_facts(comparison: Comparison) -> tuple[Shared, ...]:
    """Every fact of the original that the other document has too, the rarest first."""
    c = comparison
    return in_both((c.original, c.original_segments), (c.version, c.version_segments))


def in_both(
    original: tuple[Document, Sequence[Segment]], version: tuple[Document, Sequence[Segment]]
) -> tuple[Shared, ...]:
    """Every fact that stands in some segments of two documents, the rarest first.

    A name answers a longer one that begins with it (Huawei, Huawei Technologies). Bare small numbers and times that no
    date can be given to say too little to be shared.
    """
    ours, theirs = _facts(original[1], original[0]), _facts(version[1], version[0])
    total = len({n for some in ours.values() for n, _ in some}) + len({n for some in theirs.values() for n, _ in some})
    out = []
    for (type, value), some in ours.items():
        answers = [n for (t, v), those in theirs.items() if t == type and _same(type, value, v) for n, _ in those]
        if answers:
            held = sorted({n for n, _ in some}), sorted(set(answers))
            weight = math.log(max(total, 1) / (len(held[0]) + len(held[1])))
            out.append(Shared(type, some[0][1].text, tuple(held[0]), tuple(held[1]), max(0.0, weight)))
    return tuple(sorted(out, key=lambda s: (-s.weight, s.original, s.words)))


def _facts(segments: Sequence[Segment], document: Document) -> dict[tuple[FactType, str], list[tuple[int, Fact]]]:
    from retold.facts import extract

    out: dict[tuple[FactType, str], list[tuple[int, Fact]]] = {}
    for s in segments:
        if s.kind in CONTENT_KINDS:
            for f in extract(s.text, document.language, date=document.date):
                if f.type in TYPES and _telling(f):
                    out.setdefault((f.type, f.value), []).append((s.n, f))
    return out


def _telling(f: Fact) -> bool:
    if f.type == "number":
        return any(c.isdigit() for c in f.text) and len(f.value) > 2
    if f.type == "time":
        return f.value[:4].isdigit()
    return f.type != "name" or len(f.value) > 2


def _same(type: FactType, value: str, other: str) -> bool:
    if value == other:
        return True
    short, long = sorted((value, other), key=len)
    return type == "name" and long.startswith(short + " ")
