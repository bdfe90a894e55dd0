"""Differences an editor can quote: alignment and facts → findings and statuses."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from retold.findings import figures, names
from retold.findings.passage import Pair, Reading
from retold.records import Alignment, Finding, Side, Status, Translation

SIGNATURE = "findings-1"


def compare(
    original: Side, version: Side, alignment: Alignment, *, translations: Sequence[Translation] | None = None
) -> tuple[tuple[Finding, ...], Status]:
    """draft"""
    left, right = Reading(original), Reading(version)
    found: list[Finding] = []
    for bead in alignment.beads:
        if bead.original and bead.version:
            pair = Pair(bead, left.passage(bead.original), right.passage(bead.version), left.whole, right.whole)
            if pair.original.numbers and pair.version.numbers:
                found += figures.compare(pair)
                found += names.compare(pair)
    return tuple(found), Status()
