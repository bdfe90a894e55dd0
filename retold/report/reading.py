"""The side-by-side reading view as values: rows of facing segments, their words cut where a finding marks them."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from retold.naming import label
from retold.records import CONTENT_KINDS, Finding, Segment

if TYPE_CHECKING:
    from retold.compare import Comparison

Where = Literal["original", "version"]


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a segment's text and the findings that mark it, by index into `Comparison.found`, nearest first."""

    text: str
    findings: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Cell:
    """One segment as it is read. `"".join(p.text for p in pieces)` is the segment's text."""

    n: int
    label: str
    kind: str
    status: str
    pieces: tuple[Piece, ...]
    findings: tuple[int, ...]
    english: str = ""
    engine: str = ""
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """Segments that face each other: those of a bead, or one that stands alone.

    turn: where the row stands when the rows are read in the version's order, from 0.
    """

    original: tuple[Cell, ...]
    version: tuple[Cell, ...]
    probability: float
    moved: bool
    turn: int = 0

    @property
    def aside(self) -> bool:
        """Whether nothing in the row takes part in the comparison: titles, bylines, page furniture."""
        return all(cell.kind not in CONTENT_KINDS for cell in (*self.original, *self.version))


def rows(comparison: Comparison) -> tuple[Row, ...]:
    """Every segment of both documents once, in the original's order; what only the version has follows its
    neighbour there."""
    pairs = [(b.original, b.version, b.probability, b.moved) for b in comparison.alignment.beads]
    seen_o = {n for o, *_ in pairs for n in o}
    seen_v = {n for _, v, *_ in pairs for n in v}
    pairs += [((s.n,), (), 1.0, False) for s in comparison.original_segments if s.n not in seen_o]
    pairs += [((), (s.n,), 1.0, False) for s in comparison.version_segments if s.n not in seen_v]
    ordered = _interleaved(pairs)
    key, last = [], -1
    for i, (_, v, *_rest) in enumerate(ordered):
        last = v[0] if v else last
        key.append((last, not v, i))
    turns = {i: turn for turn, i in enumerate(sorted(range(len(ordered)), key=lambda i: key[i]))}
    cell = _Cells(comparison).cell
    return tuple(
        Row(
            tuple(cell("original", n) for n in o), tuple(cell("version", n) for n in v),
            probability, moved, turns[i],
        )
        for i, (o, v, probability, moved) in enumerate(ordered)
    )  # fmt: skip


_Pair = tuple[tuple[int, ...], tuple[int, ...], float, bool]


def _interleaved(pairs: list[_Pair]) -> list[_Pair]:
    """In the original's order, each pair that has only version segments behind the one that holds its neighbour."""
    behind: dict[int, list[_Pair]] = {}
    for pair in sorted((p for p in pairs if not p[0]), key=lambda p: p[1]):
        behind.setdefault(pair[1][0] - 1, []).append(pair)
    ordered: list[_Pair] = []

    def put(pair: _Pair) -> None:
        waiting = [pair]
        while waiting:
            ordered.append(waiting.pop())
            followers = [p for n in ordered[-1][1] for p in behind.pop(n, [])]
            waiting += reversed(followers)

    for pair in behind.pop(-1, []):
        put(pair)
    for pair in sorted((p for p in pairs if p[0]), key=lambda p: p[0]):
        put(pair)
    return ordered


class _Cells:
    """The segments of one comparison as they are read, each looked up once."""

    def __init__(self, comparison: Comparison) -> None:
        self.c = comparison
        self.english = {t.n: t for t in comparison.translations}
        self.found: dict[tuple[Where, int], list[int]] = {}
        for i, f in enumerate(comparison.found):
            if f.original is not None:
                self.found.setdefault(("original", f.original), []).append(i)
            if f.version is not None:
                self.found.setdefault(("version", f.version), []).append(i)

    def cell(self, where: Where, n: int) -> Cell:
        """One segment with its marks, its status and, for a foreign version, its English."""
        segment = (self.c.original_segments if where == "original" else self.c.version_segments)[n]
        document = self.c.original if where == "original" else self.c.version
        found = tuple(self.found.get((where, n), ()))
        cut = pieces(segment, [(i, self.c.found[i]) for i in found], where)
        status = getattr(self.c.status, where)[n]
        made = self.english.get(n) if where == "version" else None
        english = (made.text, made.engine, made.warnings) if made else ("", "", ())
        return Cell(n, label(document.role, n), segment.kind, status, cut, found, *english)


def pieces(segment: Segment, found: Sequence[tuple[int, Finding]], where: Where) -> tuple[Piece, ...]:
    """A segment's text cut at the bounds of its findings' spans; a span of the whole segment marks nothing."""
    spans = []
    for i, f in found:
        span = f.original_span if where == "original" else f.version_span
        if span is None or span[1] - span[0] >= len(segment.text.strip()):
            continue
        spans.append((max(0, span[0]), min(len(segment.text), span[1]), i))
    bounds = sorted({0, len(segment.text), *(x for a, b, _ in spans for x in (a, b))})
    out: list[Piece] = []
    for a, b in itertools.pairwise(bounds):
        covering = sorted((y - x, i) for x, y, i in spans if x <= a and b <= y)
        out.append(Piece(segment.text[a:b], tuple(i for _, i in covering)))
    return tuple(out)
