"""Which segments of two texts say the same: many-to-many, crossing beads with probabilities."""

from __future__ import annotations

from collections.abc import Sequence

from retold.align.beads import group
from retold.align.evidence import STORY, check_translations, gather
from retold.align.explain import Explanation, Reason, explain
from retold.align.model import SIGNATURE, probabilities
from retold.align.parallel import align_texts, align_vectors, is_translation
from retold.align.pieces import cut_up
from retold.align.space import space
from retold.records import Alignment, Bead, Encoder, Link, Side

__all__ = ["SIGNATURE", "Explanation", "Reason", "align", "align_vectors", "explain"]


def align(original: Side, version: Side, encoder: Encoder, *, english: Sequence[str] | None = None) -> Alignment:
    """Align a version with its original.

    Works on the segments as they are, in whatever language the encoder reads. english: translations of the version's
    segments, one a segment ("" for none), which let names and words be compared in one language. Only the segments
    of `side.content` take part: each stands in exactly one bead, one-sided where nothing on the other side says the
    same; the others stand in none. The beads of a text and its translation, of 40 segments a side or more, keep one
    order, and what is open in them is encoded again, joined and by clauses (not above 500,000 characters); texts of
    more than 200,000 pairs of segments are taken to be such. Raises RetoldError where `english` is not
    as long as the version.
    """
    check_translations(english, version)
    rows, columns = original.content, version.content
    ours, theirs = [original.texts[n] for n in rows], [version.texts[n] for n in columns]
    vectors = encoder.encode(ours + theirs)
    sides = vectors[: len(ours)], vectors[len(ours) :]
    lengths = [len(t) for t in ours], [len(t) for t in theirs]
    if len(rows) * len(columns) > STORY or is_translation(*sides, *lengths):
        beads = align_texts(ours, theirs, *sides, encoder)
        links = [Link(i, j, b.probability) for b in beads for i in b.original for j in b.version]
    else:
        translated = [english[n] for n in columns] if english is not None else None
        parts = cut_up(ours, encoder), cut_up(theirs, encoder)
        languages = original.language, version.language
        table = gather(*sides, ours, theirs, parts, languages, translated, within=space(encoder))
        beads, links = group(probabilities(table))
    return Alignment(
        tuple(
            Bead(tuple(rows[i] for i in b.original), tuple(columns[j] for j in b.version), b.probability, b.moved)
            for b in beads
        ),
        tuple(Link(rows[x.original], columns[x.version], x.probability) for x in links),
    )
