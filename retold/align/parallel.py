"""Long parallel texts: beads in one order, by the lattice; for texts too long for the pair by pair model."""

from __future__ import annotations

import functools
import json
from collections.abc import Sequence
from importlib.resources import files

from retold.align.decode import best_beads
from retold.align.evidence import centre
from retold.align.lattice import read, scores
from retold.records import Bead, Vectors

FILE = "parallel.json"


@functools.cache
def weights() -> dict[str, float]:
    """Weight of each kind of evidence and of each type of bead."""
    book = json.loads((files(__package__) / FILE).read_text(encoding="utf-8"))
    found: dict[str, float] = book["weights"]
    return found


def align_vectors(original: Vectors, version: Vectors, ours: Sequence[int], theirs: Sequence[int]) -> list[Bead]:
    """Beads of two texts in the same order, one-sided ones included, each with its probability.

    original, version: (n, d) and (m, d) float32 vectors of the segments, unit rows. ours, theirs: the segments' lengths
    in characters. Takes time in proportion to the longer text, about a second for 5,000 segments.
    """
    n, m = len(original), len(version)
    if not n or not m:
        return [Bead((i,), ()) for i in range(n)] + [Bead((), (j,)) for j in range(m)]
    band = read(centre(original), centre(version), ours, theirs)
    return best_beads(band, scores(band, weights()))
