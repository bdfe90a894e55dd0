"""Which segments of two texts say the same: many-to-many, crossing beads with probabilities."""

from __future__ import annotations

from collections.abc import Sequence

from retold.align.beads import group
from retold.align.evidence import STORY, check_translations, weigh
from retold.align.explain import Explanation, Reason, explain
from retold.align.model import SIGNATURE, probabilities
from retold.align.parallel import align_vectors
from retold.records import Alignment, Bead, Encoder, Link, Side

__all__ = ["SIGNATURE", "Explanation", "Reason", "align", "align_vectors", "explain"]


def align(original: Side, version: Side, encoder: Encoder, *, english: Sequence[str] | None = None) -> Alignment:
    """Align a version with its original.

    Works on the segments as they are, in whatever language the encoder reads. english: translations of the version's
    segments, one a segment ("" for none), which let names and words be compared in one language. Only the segments
    of `side.content` take part: each stands in exactly one bead, one-sided where nothing on the other side says the
    same; the others stand in none. Texts of more than 200,000 pairs of segments are taken to be parallel: their beads
    keep one order. Raises RetoldError where `english` is not as long as the version.
    """
    rows, columns = original.content, version.content
    if len(rows) * len(columns) > STORY:
        check_translations(english, version)
        texts = [side.texts[n] for side in (original, version) for n in side.content]
        vectors, lengths = encoder.encode(texts), [len(t) for t in texts]
        k = len(rows)
        beads = align_vectors(vectors[:k], vectors[k:], lengths[:k], lengths[k:])
        links = [Link(i, j, b.probability) for b in beads for i in b.original for j in b.version]
    else:
        table = weigh(original, version, encoder, english, rows, columns)
        beads, links = group(probabilities(table))
    return Alignment(
        tuple(
            Bead(tuple(rows[i] for i in b.original), tuple(columns[j] for j in b.version), b.probability, b.moved)
            for b in beads
        ),
        tuple(Link(rows[x.original], columns[x.version], x.probability) for x in links),
    )
