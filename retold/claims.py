"""The table of claims: what the original says, document by document, and what only others say.

One row a statement of the original; below, the statements it does not have, those of several documents that say the
same joined into one row by the same aligner that finds the beads.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from retold.records import CONTENT_KINDS, Document, Encoder, Finding, Segment, Side
from retold.shared import hard_facts, has

if TYPE_CHECKING:
    from retold.compare import Comparison, OpenStory

LEAST = 12  # characters a clause must have to be a claim of its own
GONE = 0.8  # share of a clause that a dropped statement must cover for the clause to be dropped
# A link joins two added statements where it is at least SURE, or LIKELY with a cosine of at least ALIKE.
# Joining too little costs a row more, joining too much a false statement: set for precision (docs/measured.md).
SURE = 0.985
LIKELY, ALIKE = 0.9, 0.88


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


Key = tuple[str, int]  # document id, segment number
_Member = tuple[str, Segment]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two added statements of two documents that a link joins.

    probability: of the link, in [0, 1]. cosine: how alike they are to the encoder, in [-1, 1]. differ: whether a hard
    fact stands in one of them alone.
    """

    here: Key
    there: Key
    probability: float
    cosine: float
    differ: bool = False

    @property
    def sure(self) -> bool:
        """Whether the two are taken to say the same."""
        return not self.differ and (self.probability >= SURE or (self.probability >= LIKELY and self.cosine >= ALIKE))


def differ(one: tuple[Document, Segment], other: tuple[Document, Segment]) -> bool:
    """Whether a hard fact stands in one of two statements alone; of two languages, only what both write in digits."""
    across = one[0].language != other[0].language
    ours, theirs = (hard_facts(Side.of(d, (s,)), 0, across=across) for d, s in (one, other))
    return not (all(has(theirs, f) for f in ours) and all(has(ours, f) for f in theirs))


def joined(
    documents: dict[str, Document],
    fresh: dict[str, list[Segment]],
    encoder: Encoder,
) -> list[list[_Member]]:
    """Added segments in groups that say the same, those of most documents first; most stand alone.

    fresh: by document id. Each group holds (document id, segment) in the documents' order, and only segments of which
    every two of different documents are joined.
    """
    return grouped(fresh, [p for p in pairs(documents, fresh, encoder) if p.sure])


def pairs(documents: dict[str, Document], fresh: dict[str, list[Segment]], encoder: Encoder) -> list[Pair]:
    """Every link between added segments of two documents, as the aligner that finds the beads gives it."""
    from retold.align import align

    out = []
    vectors = {id: encoder.encode([s.text for s in some]) for id, some in fresh.items() if some}
    for a, b in itertools.combinations(vectors, 2):
        sides = [Side.of(documents[id], tuple(fresh[id])) for id in (a, b)]
        for link in align(sides[0], sides[1], encoder).links:
            here, there = fresh[a][link.original].n, fresh[b][link.version].n
            cosine = float(vectors[a][link.original] @ vectors[b][link.version])
            apart = differ((documents[a], fresh[a][link.original]), (documents[b], fresh[b][link.version]))
            out.append(Pair((a, here), (b, there), link.probability, cosine, apart))
    return out


def grouped(fresh: dict[str, list[Segment]], linked: Sequence[Pair]) -> list[list[_Member]]:
    """Segments in groups, the surest pairs joined first; two groups join only where all of both are linked."""
    ok = {frozenset((p.here, p.there)) for p in linked}
    groups: dict[Key, list[Key]] = {(id, s.n): [(id, s.n)] for id, some in fresh.items() for s in some}
    for p in sorted(linked, key=lambda p: (-p.probability, p.here, p.there)):
        one, other = groups[p.here], groups[p.there]
        if one is not other and all(x[0] == y[0] or frozenset((x, y)) in ok for x in one for y in other):
            one += other
            groups |= dict.fromkeys(other, one)
    place = {(id, s.n): (i, s) for i, (id, s) in enumerate((id, s) for id, some in fresh.items() for s in some)}
    whole = {id(g): sorted(g, key=lambda k: place[k][0]) for g in groups.values()}
    made = [[(k[0], place[k][1]) for k in g] for g in whole.values()]
    return sorted(made, key=lambda g: (-len({id for id, _ in g}), place[g[0][0], g[0][1].n][0]))
