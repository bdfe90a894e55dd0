"""The table of claims: what the original says, document by document, and what only others say.

One row a statement of the original; below, the statements it does not have, those of several documents that say the
same joined into one row by the same aligner that finds the beads.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING

from retold.records import CONTENT_KINDS, Document, Encoder, Finding, Segment, Side
from retold.shared import in_both

if TYPE_CHECKING:
    from retold.compare import Comparison, OpenStory

LEAST = 12  # characters a clause must have to be a claim of its own
GONE = 0.8  # share of a clause that a dropped statement must cover for the clause to be dropped
# Least probability of a link that joins two added statements, alone and where a rare fact (weight in nats) is in both.
# Joining too little costs a row more, joining too much a false statement: set for precision (benchmarks/claims.py).
SURE, BACKED, RARE = 0.99, 0.95, 1.4


@dataclass(frozen=True, slots=True)
class Cell:
    """What one document makes of a claim. status: kept, partly_kept, dropped or added, or "" where it is silent.

    segments: its own segments that carry the claim; findings: ranks of those that touch it; how: what they say.
    """

    status: str
    segments: tuple[int, ...] = ()
    findings: tuple[int, ...] = ()
    how: str = ""


@dataclass(frozen=True, slots=True)
class Claim:
    """One statement, where it stands first (document id, segment number), and what each document makes of it."""

    text: str
    document: str
    segment: int
    span: tuple[int, int]
    cells: tuple[tuple[str, Cell], ...]  # by document id, in the story's order
    english: str = ""  # by machine or reviewed, where the claim's own words are foreign


def claims(opened: OpenStory) -> tuple[Claim, ...]:
    """Every claim of the original in its order, then every claim that only other documents make."""
    return (*_of_original(opened), *_added(opened))


def _of_original(opened: OpenStory) -> list[Claim]:
    views = [_View(c) for c in opened.comparisons]
    out = []
    for s in opened.segments[opened.original.id]:
        if s.kind in CONTENT_KINDS:
            for span in _clauses(s, views):
                cells = tuple((v.c.version.id, v.cell(s, span)) for v in views)
                out.append(Claim(s.text[slice(*span)].strip(), opened.original.id, s.n, span, cells))
    return out


class _View:
    """One comparison with its findings and links by segment of the original."""

    def __init__(self, comparison: Comparison) -> None:
        self.c = comparison
        self.found: dict[int, list[Finding]] = {}
        for f in comparison.found:
            if f.original is not None and f.type != "moved":
                self.found.setdefault(f.original, []).append(f)
        self.faces: dict[int, set[int]] = {}
        for k in comparison.alignment.links:
            self.faces.setdefault(k.original, set()).add(k.version)

    def parts(self, n: int) -> list[tuple[int, int]]:
        """The spans of a sentence that this version drops or changes as statements in themselves."""
        some = self.found.get(n, []) if self.c.version.role == "version" else []
        whole = [f.original_span for f in some if f.facet in ("claim", "quote") and f.version is not None]
        return [span for span in whole if span]

    def cell(self, s: Segment, span: tuple[int, int]) -> Cell:
        """What the document makes of a sentence, or of the clause of it that `span` cuts out."""
        found = self.found.get(s.n, [])
        status = self.c.status.original[s.n]
        if span != (0, len(s.text)) and status != "dropped":
            found = [f for f in found if f.original_span and _covered(f.original_span, span) > 0]
            gone = [span for span in (f.original_span for f in found if f.type == "dropped") if span]
            lost = any(_covered(span, by) >= GONE for by in gone)
            status = "dropped" if lost else "partly_kept" if found else "kept"
        ranks = tuple(f.rank for f in found)
        if status == "dropped":
            return Cell("dropped", (), ranks)
        how = "; ".join(_said(f) for f in found)
        return Cell(status, tuple(sorted(self.faces.get(s.n, ()))), ranks, how)


def _said(f: Finding) -> str:
    words = (
        f"{f.before} → {f.after}" if f.before and f.after else f"without {f.before}" if f.before else f"with {f.after}"
    )
    return f"{words} (or the translation errs)" if f.suspect_translation else words


def _clauses(s: Segment, views: list[_View]) -> list[tuple[int, int]]:
    """A sentence cut where a version treats a part of it in a way of its own."""
    bounds = {0, len(s.text), *(x for v in views for span in v.parts(s.n) for x in span)}
    out: list[tuple[int, int]] = []
    for a, b in itertools.pairwise(sorted(bounds)):
        if out and (b - a < LEAST or out[-1][1] - out[-1][0] < LEAST):
            out[-1] = (out[-1][0], b)
        else:
            out.append((a, b))
    return out


def _covered(span: tuple[int, int], by: tuple[int, int]) -> float:
    """The share of a span that another one covers, in [0, 1]."""
    return max(0, min(span[1], by[1]) - max(span[0], by[0])) / max(1, span[1] - span[0])


def _added(opened: OpenStory) -> list[Claim]:
    """Statements that the original does not have, joined across documents."""
    fresh = {
        c.version.id: [s for s in c.version_segments if c.status.version[s.n] == "added" and s.kind in CONTENT_KINDS]
        for c in opened.comparisons
    }
    groups = joined({d.id: d for d in opened.story.others}, fresh, opened.encoder)
    english = {(c.version.id, t.n): t.text for c in opened.comparisons for t in c.translations if not t.warnings}
    ranks = {
        (c.version.id, f.version): f.rank
        for c in opened.comparisons
        for f in c.found
        if f.version is not None and f.original is None
    }
    out = []
    for group in groups:
        document, segment = group[0]
        held: dict[str, list[int]] = {}
        for id, s in group:
            held.setdefault(id, []).append(s.n)
        cells = tuple(
            (c.version.id, Cell("added", tuple(held[c.version.id]), tuple(
                ranks[c.version.id, n] for n in held[c.version.id] if (c.version.id, n) in ranks)))
            if c.version.id in held else (c.version.id, Cell(""))
            for c in opened.comparisons
        )  # fmt: skip
        gloss = english.get((document, segment.n), "")
        out.append(Claim(segment.text, document, segment.n, (0, len(segment.text)), cells, gloss))
    return out


_Member = tuple[str, Segment]


def joined(documents: dict[str, Document], fresh: dict[str, list[Segment]], encoder: Encoder) -> list[list[_Member]]:
    """Added segments in groups that say the same, those of most documents first; most stand alone.

    fresh: by document id. Each group holds (document id, segment) in the documents' order.
    """
    from retold.align import align

    members: list[_Member] = [(id, s) for id, some in fresh.items() for s in some]
    place = {(id, s.n): i for i, (id, s) in enumerate(members)}
    root = {key: key for key in place}

    def find(x: tuple[str, int]) -> tuple[str, int]:
        while root[x] != x:
            x = root[x]
        return x

    for a, b in itertools.combinations([id for id in fresh if fresh[id]], 2):
        sides = [Side.of(documents[id], tuple(fresh[id])) for id in (a, b)]
        facts = [s for s in in_both((documents[a], fresh[a]), (documents[b], fresh[b])) if s.weight >= RARE]
        for link in align(sides[0], sides[1], encoder).links:
            here, there = fresh[a][link.original].n, fresh[b][link.version].n
            backed = any(here in s.original and there in s.version for s in facts)
            if link.probability >= (BACKED if backed else SURE):
                x, y = find((a, here)), find((b, there))
                root[max(x, y, key=place.__getitem__)] = min(x, y, key=place.__getitem__)
    groups: dict[tuple[str, int], list[_Member]] = {}
    for id, s in members:
        groups.setdefault(find((id, s.n)), []).append((id, s))
    return sorted(groups.values(), key=lambda g: -len({id for id, _ in g}))
