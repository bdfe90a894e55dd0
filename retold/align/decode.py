"""Sequences of beads through a band: the best one, and how probable each bead of it is."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from retold.align.lattice import LONGEST, NEVER, TYPES, Band, Floats, Ints
from retold.records import Bead

Doubles = NDArray[np.float64]

_INSERT = TYPES.index((0, 1))
_REST = [k for k in range(len(TYPES)) if k != _INSERT]


def best_beads(band: Band, scores: Floats) -> list[Bead]:
    """The best sequence of beads, each with its probability among all sequences (forward and backward sums)."""
    n, m = band.shape
    ahead, behind = _both_ways(band, scores)
    total = float(ahead[n, m - band.low[n]])
    beads = []
    for i, j, a, b in walk(scores, band.low, m):
        column, before = j - band.low[i], j - b - band.low[i - a]
        odds = ahead[i - a, before] + scores[i, TYPES.index((a, b)), column] + behind[i, column] - total
        surely = float(np.exp(min(odds, 0.0)))
        beads.append(Bead(tuple(range(i - a, i)), tuple(range(j - b, j)), surely))
    return beads


def likely(band: Band, scores: Floats, least: float) -> Ints:
    """(k, 4): the beads that are at least so probable, and those of the best sequence; first and past the last segment
    of the original, then of the version."""
    n, m = band.shape
    ahead, behind = _both_ways(band, scores)
    total = float(ahead[n, m - band.low[n]])
    found = {(i - a, i, j - b, j) for i, j, a, b in walk(scores, band.low, m)}
    for k, (a, b) in enumerate(TYPES):
        if a > n or b > m:
            continue
        rows = np.arange(a, n + 1)[:, None]
        columns = np.arange(band.width)[None] + (band.low[a:] - band.low[: n + 1 - a])[:, None] - b  # where it begins
        inside = (columns >= 0) & (columns < band.width)
        before = np.take_along_axis(ahead[: n + 1 - a], np.clip(columns, 0, band.width - 1), 1)
        odds = np.where(inside, before + scores[a:, k] + behind[a:] - total, NEVER)
        for i, column in np.argwhere(odds > np.log(least)).tolist():
            i, j = int(rows[i, 0]), column + int(band.low[i + a])
            found.add((i - a, i, j - b, j))
    return np.array(sorted(found), np.int64)


def _both_ways(band: Band, scores: Floats) -> tuple[Doubles, Doubles]:
    """Summed weights of all sequences up to each boundary, and of all from it."""
    m = band.shape[1]
    mirrored, low = mirror(scores, band.low, m)
    return totals(scores, band.low, m), totals(mirrored, low, m)[::-1, ::-1]


def totals(scores: Floats, low: Ints, m: int) -> Doubles:
    """(n + 1, width): logarithm of the summed weights of all sequences of beads up to each boundary."""
    n, width = len(low) - 1, scores.shape[2]
    found = np.full((n + 1, width), NEVER, np.float64)
    rows = _Rows(m, width)
    for i in range(n + 1):
        before = rows.ending_at(i, low) + scores[i]
        rest = before[_REST]
        top = rest.max(0)
        here = top + np.log(np.exp(rest - top).sum(0))
        if i == 0:
            here[0] = 0.0
        insert = scores[i, _INSERT].astype(np.float64)
        run = np.cumsum(np.where(insert > NEVER / 2, insert, 0))
        found[i] = np.maximum(np.logaddexp.accumulate(here - run) + run, NEVER)
        rows.keep(i, low, found[i])
    return found


def walk(scores: Floats, low: Ints, m: int) -> list[tuple[int, int, int, int]]:
    """The best sequence: where each bead ends and how many segments it holds of either side, in order."""
    n, width = len(low) - 1, scores.shape[2]
    choice = np.zeros((n + 1, width), np.int8)
    rows = _Rows(m, width)
    for i in range(n + 1):
        before = rows.ending_at(i, low) + scores[i]
        before[_INSERT] = NEVER
        choice[i] = before.argmax(0)
        here = np.take_along_axis(before, choice[i][None].astype(int), 0)[0].astype(np.float64)
        if i == 0:
            here[0] = 0.0
        insert = scores[i, _INSERT].astype(np.float64)
        run = np.cumsum(np.where(insert > NEVER / 2, insert, 0))
        best = np.maximum.accumulate(here - run) + run
        choice[i][best > here + 1e-9] = _INSERT
        rows.keep(i, low, best)
    beads = []
    i, j = n, m
    while i or j:
        a, b = TYPES[choice[i, j - low[i]]]
        beads.append((i, j, a, b))
        i, j = i - a, j - b
    return beads[::-1]


def mirror(scores: Floats, low: Ints, m: int) -> tuple[Floats, Ints]:
    """The scores of the same beads read from the end of both texts: a bead that ended at a boundary begins there."""
    n, width = len(low) - 1, scores.shape[2]
    turned = np.full_like(scores, NEVER)
    back = (m + 1 - width - low)[::-1].copy()
    for k, (a, b) in enumerate(TYPES):
        # The bead from (i - a, j - b) to (i, j) ends, read backwards, at (n - i + a, m - j + b).
        for i in range(a, n + 1):
            moved = low[i] - b - low[i - a]
            start, stop = max(0, -moved), min(width, width - moved)
            if start < stop:
                row = turned[n - i + a, k]
                row[width - stop - moved : width - start - moved] = scores[i, k, start:stop][::-1]
    return turned, back


class _Rows:
    """The last rows of a table, by absolute column, so that a bead's beginning is found by slicing."""

    def __init__(self, m: int, width: int) -> None:
        self.width = width
        self.table = np.full((LONGEST + 1, m + 1 + LONGEST + width), NEVER, np.float64)
        self.before = np.empty((len(TYPES), width), np.float64)

    def ending_at(self, i: int, low: Ints) -> Doubles:
        """(types, width): what is known of the boundary where the bead of each type that ends at row i begins."""
        for k, (a, b) in enumerate(TYPES):
            start = low[i] - b + LONGEST
            self.before[k] = self.table[(i - a) % (LONGEST + 1), start : start + self.width] if a and i >= a else NEVER
        return self.before

    def keep(self, i: int, low: Ints, row: Doubles) -> None:
        kept = self.table[i % (LONGEST + 1)]
        kept[:] = NEVER
        kept[low[i] + LONGEST : low[i] + LONGEST + self.width] = row
