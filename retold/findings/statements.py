"""Whole statements: segments in no bead, and what became of every segment."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from retold.findings import clauses
from retold.findings.passage import Pair, Passage, Reading
from retold.records import CONTENT_KINDS, Alignment, Facet, Finding, Side, Status

POSSIBLE = 0.4
COMPARED = 5000  # pairs of unlinked segments at most
# An added segment beside a linked one, of whose content words so many, and such a share, have a counterpart in what the
# other is linked with: of 97 such in free retellings 73 were added, of others the aligner was as sure of nine in ten.
BESIDE, WORDS, SHARE = 0.7, 2, 0.4
HEADED = 0.6  # share of a heading's content words with a counterpart in a segment that may say the same
SURE = 0.95  # no statement is said to be nowhere with more confidence


def moved(pairs: Sequence[Pair]) -> Iterator[Finding]:
    """The beads that the aligner found out of the original's order: one finding a bead, as sure as the bead is."""
    for pair in pairs:
        if pair.bead.moved:
            n, m = pair.original.numbers[0], pair.version.numbers[0]
            before, after = pair.original.texts[0], pair.version.texts[0]
            spans = (0, len(before)), (0, len(after))
            yield Finding("moved", "claim", n, m, before, after, pair.bead.probability, 0, *spans)


def unlinked(
    dropped: Passage, added: Passage, original: Reading, version: Reading, alignment: Alignment
) -> Iterator[Finding]:
    """Original segments the version has nowhere, and version segments that are its own.

    A dropped quotation is a finding of facet quote; an added segment also brings the times and figures that the
    original has nowhere. As sure as the aligner is that the segment stands alone.
    """
    alone = [b for b in alignment.beads if not (b.original and b.version)]
    sure = (
        {n: min(b.probability, SURE) for b in alone for n in b.original},
        {n: min(b.probability, SURE) for b in alone for n in b.version},
    )
    # Two unlinked segments that share most of their words may be one statement that the aligner missed: only possible.
    few = len(dropped.numbers) * len(added.numbers) <= COMPARED
    for one, other, side, which in ((dropped, added, version.side, 0), (added, dropped, original.side, 1)):
        # Headings take no part in aligning, and say things all the same.
        headings = [t for t, kind in zip(side.texts, side.kinds, strict=True) if kind in ("title", "heading")]
        headings = headings if len(headings) * len(one.numbers) <= COMPARED else []
        for n, text in zip(one.numbers, one.texts, strict=True):
            if (few and any(clauses.shared(text, t, one.language, other.language) for t in other.texts)) or any(
                _heads(t, text, side.language, one.language) for t in headings
            ):
                sure[which][n] = min(sure[which].get(n, SURE), POSSIBLE)
    faces: dict[int, list[int]] = {}
    for k in alignment.links:
        faces.setdefault(k.version, []).append(k.original)
    order = version.side.content
    for n, text in zip(added.numbers, added.texts, strict=True):
        at = order.index(n)
        for o in {o for m in order[max(0, at - 1) : at + 2] for o in faces.get(m, ())}:
            some, every = clauses.known(text, original.side.texts[o], added.language, original.side.language)
            if some >= WORDS and some >= SHARE * every:
                sure[1][n] = min(sure[1].get(n, SURE), BESIDE)
    for n, text in zip(dropped.numbers, dropped.texts, strict=True):
        facet: Facet = "quote" if _is_quote(dropped, n) else "claim"
        yield Finding("dropped", facet, n, None, text, "", sure[0].get(n, SURE), 0, (0, len(text)), None)
    for n, text in zip(added.numbers, added.texts, strict=True):
        facet = "quote" if _is_quote(added, n) else "claim"
        yield Finding("added", facet, None, n, "", text, sure[1].get(n, SURE), 0, None, (0, len(text)))
    yield from _new_facts(dropped, original.side, version.whole, "dropped")
    yield from _new_facts(added, version.side, original.whole, "added")


def _heads(heading: str, text: str, source: str, target: str) -> bool:
    """Whether most of what a heading says stands in a segment."""
    some, every = clauses.known(heading, text, source, target)
    return some >= clauses.LEAST and some >= HEADED * every


def without_tellers(found: Sequence[Finding], added: Passage, dropped: Passage) -> list[Finding]:
    """Without the claims that tell who told the other side's statement, where a changed source says so.

    “Sources report this to Reuters”: `status` calls such a segment altered, not added.
    """
    sources = [f for f in found if f.facet == "source" and f.type == "changed"]
    told, tells = {f.version for f in sources}, {f.original for f in sources}
    return [
        f
        for f in found
        if not (f.facet == "claim" and f.original is None and f.version in told and f.version in added.numbers)
        and not (f.facet == "claim" and f.version is None and f.original in tells and f.original in dropped.numbers)
    ]


def _is_quote(passage: Passage, n: int) -> bool:
    """Whether quoted words make up most of a segment."""
    text = passage.texts[passage.numbers.index(n)]
    return sum(i.fact.end - i.fact.start for i in passage.of("quote") if i.n == n) > len(text) / 3


def _new_facts(some: Passage, side: Side, other: Passage, type_: str) -> Iterator[Finding]:
    """Times that the other text has nowhere. The day a text is of itself is none: it says when the text appeared."""
    theirs = {i.fact.value for i in other.of("time")} | {side.date.isoformat() if side.date else ""}
    for i in some.of("time"):
        if i.fact.value in theirs:
            continue
        if type_ == "added":
            yield Finding("added", "time", None, i.n, "", i.fact.text, 0.7, 0, None, i.span)
        else:
            yield Finding("dropped", "time", i.n, None, i.fact.text, "", 0.7, 0, i.span, None)


def status(original: Side, version: Side, alignment: Alignment, found: Sequence[Finding]) -> Status:
    """kept, partly_kept, dropped | carried, altered, added; a segment that takes no part keeps its kind's name.

    A linked segment is partly kept or altered where a finding of at least even confidence touches it.
    """
    linked = (
        {n for b in alignment.beads if b.version for n in b.original},
        {n for b in alignment.beads if b.original for n in b.version},
    )
    # A segment in no bead that a changed source points at is not added: it tells who told the original's statement.
    for f in found:
        if f.facet == "source" and f.type == "changed":
            linked[0].update(n for n in (f.original,) if n is not None)
            linked[1].update(n for n in (f.version,) if n is not None)
    # A statement that stands elsewhere is kept and carried all the same.
    sure = [f for f in found if f.confidence >= 0.5 and f.type != "moved"]
    touched = {f.original for f in sure}, {f.version for f in sure}

    def name(side: Side, which: int, words: tuple[str, str, str]) -> tuple[str, ...]:
        return tuple(
            kind
            if kind not in CONTENT_KINDS
            else words[2]
            if n not in linked[which]
            else words[1]
            if n in touched[which]
            else words[0]
            for n, kind in enumerate(side.kinds)
        )

    return Status(
        name(original, 0, ("kept", "partly_kept", "dropped")), name(version, 1, ("carried", "altered", "added"))
    )
