"""Parallel texts: beads in one order, by the lattice; for translations and for texts too long to weigh every pair."""

from __future__ import annotations

import functools
import json
from bisect import bisect_left
from collections.abc import Sequence
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from retold.align.again import LEAST, read_again
from retold.align.decode import best_beads, likely
from retold.align.evidence import NEIGHBOURS
from retold.align.lattice import read, scores
from retold.align.space import centre
from retold.records import Bead, Encoder, Vectors

FILE = "parallel.json"
# A translation, seen from its anchors (pairs of mutual nearest neighbours): at least so many segments a side, at most
# this share of the anchors out of order, and at most this share of all characters without room on the other side.
# 140 segments of the two development books give at most .02 and .12; of the story versions, 2 in 100 pass both, and
# none has so many segments.
SEGMENTS, CROSSING, UNMATCHED = 40, 0.05, 0.15
ANCHOR = 0.15  # margin
# Characters of both texts up to which they are read twice: the second reading encodes some three times as many, and
# compares every clause with every other.
TWICE = 500_000


@functools.cache
def weights(reading: str = "first") -> dict[str, float]:
    """Weight of each kind of evidence and of each type of bead, in the "first" or the "second" reading."""
    book = json.loads((files(__package__) / FILE).read_text(encoding="utf-8"))
    found: dict[str, float] = book[reading]
    return found


def align_texts(
    ours: Sequence[str], theirs: Sequence[str], original: Vectors, version: Vectors, encoder: Encoder
) -> list[Bead]:
    """Beads of two texts in the same order, each with its probability, read twice unless they are very long.

    ours, theirs: the texts of the segments. original, version: their vectors, as of `align_vectors`.
    """
    lengths = [len(t) for t in ours], [len(t) for t in theirs]
    if not ours or not theirs or sum(map(sum, lengths)) > TWICE:
        return align_vectors(original, version, *lengths)
    band = read(centre(original), centre(version), *lengths)
    beads = likely(band, scores(band, weights()), LEAST)
    return read_again(band, beads, ((ours, original), (theirs, version)), encoder, weights("second"))


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


def is_translation(original: Vectors, version: Vectors, ours: Sequence[int], theirs: Sequence[int]) -> bool:
    """Whether two texts look like a whole text and its translation, so that their beads keep one order.

    Looks at the anchors: whether they keep the order, and whether what lies between two of them is about as long on
    either side. Arguments as of `align_vectors`.
    """
    n, m = len(original), len(version)
    if min(n, m) < SEGMENTS:
        return False
    cosine = centre(original) @ centre(version).T
    rows, columns = [np.sort(cosine, axis).take(range(-NEIGHBOURS, 0), axis).mean(axis) for axis in (1, 0)]
    margin = 2 * cosine - rows[:, None] - columns[None]
    best = margin.argmax(1)
    anchors = np.flatnonzero((margin.argmax(0)[best] == np.arange(n)) & (margin.max(1) > ANCHOR))
    chain = anchors[_longest_run(best[anchors])]
    if len(chain) < 2 or len(chain) < (1 - CROSSING) * len(anchors):
        return False
    ends = [np.concatenate([[0], np.cumsum(np.asarray(x, float) + 1)]) for x in (ours, theirs)]
    scale = np.diff(ends[1])[best[chain]].sum() / np.diff(ends[0])[chain].sum()
    between = [
        end[np.append(places, len(end) - 1)] - end[np.concatenate([[0], places + 1])]
        for end, places in zip(ends, (chain, best[chain]), strict=True)
    ]
    unmatched = np.abs(between[0] * scale - between[1]).sum()
    return bool(unmatched <= UNMATCHED * (ends[0][-1] * scale + ends[1][-1]))


def _longest_run(places: NDArray[np.intp]) -> NDArray[np.intp]:
    """Indices of a longest strictly increasing run of `places`."""
    tops: list[int] = []  # the place that ends the best run of each length
    last: list[int] = []
    before = np.full(len(places), -1)
    for k, place in enumerate(places):
        at = bisect_left(tops, int(place))
        before[k] = last[at - 1] if at else -1
        tops[at:], last[at:] = [int(place), *tops[at + 1 :]], [k, *last[at + 1 :]]
    run = [last[-1]] if last else []
    while run and before[run[-1]] >= 0:
        run.append(int(before[run[-1]]))
    return np.array(run[::-1], np.intp)
