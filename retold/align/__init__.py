"""Which segments of two texts say the same: many-to-many, crossing beads with probabilities."""

from __future__ import annotations

from collections.abc import Sequence

from retold.align.beads import decode
from retold.align.evidence import Table, gather
from retold.align.explain import Explanation, explain
from retold.align.model import SIGNATURE, probabilities
from retold.records import Alignment, Bead, Encoder, Link, RetoldError, Side

__all__ = ["SIGNATURE", "Explanation", "align", "explain"]


def align(original: Side, version: Side, encoder: Encoder, *, english: Sequence[str] | None = None) -> Alignment:
    """Align a version with its original.

    Works on the segments as they are, in whatever language the encoder reads. english: translations of the version's
    segments, one a segment ("" for none), which let names and words be compared in one language. Only the segments
    of `side.content` take part: each stands in exactly one bead, one-sided where nothing on the other side says the
    same; the others stand in none. Raises RetoldError where `english` is not as long as the version.
    """
    table = _table(original, version, encoder, english)
    beads, links = decode(probabilities(table), table)
    rows, columns = original.content, version.content
    return Alignment(
        tuple(
            Bead(tuple(rows[i] for i in b.original), tuple(columns[j] for j in b.version), b.probability, b.moved)
            for b in beads
        ),
        tuple(Link(rows[x.original], columns[x.version], x.probability) for x in links),
    )


def _table(original: Side, version: Side, encoder: Encoder, english: Sequence[str] | None) -> Table:
    if english is not None and len(english) != len(version.texts):
        raise RetoldError(
            f"argument english holds {len(english)} translations; it must hold one for each of the version's "
            f"{len(version.texts)} segments"
        )
    ours = [original.texts[n] for n in original.content]
    theirs = [version.texts[n] for n in version.content]
    vectors = encoder.encode(ours + theirs)
    return gather(
        vectors[: len(ours)],
        vectors[len(ours) :],
        ours,
        theirs,
        [english[n] for n in version.content] if english else None,
    )
