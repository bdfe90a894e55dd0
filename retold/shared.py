"""Facts that two documents have in common, whatever their languages: what a related document really shares."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from retold.records import CONTENT_KINDS, Document, Fact, FactType, Segment

if TYPE_CHECKING:
    from retold.compare import Comparison

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
