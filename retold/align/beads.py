"""Probabilities of pairs → beads."""

from __future__ import annotations

from statistics import median

import numpy as np

from retold.align.evidence import Grid
from retold.records import Bead, Link

THRESHOLD = 0.5  # likelier than not; what a lower one adds on free retellings are as often mere touches


def group(probability: Grid) -> tuple[list[Bead], list[Link]]:
    """Beads and links, in reading order of the original, then of the version."""
    n, m = probability.shape
    on = probability > THRESHOLD
    beads: list[Bead] = []
    for rows, columns in _groups(on):
        pairs = [probability[i, j] for i in rows for j in columns]
        beads.append(Bead(rows, columns, float(np.mean(pairs)), False))
    beads = _mark_moved(beads)
    links = [Link(i, j, float(probability[i, j])) for b in beads for i in b.original for j in b.version]
    # A segment stands alone as probably as it has none of its links; on free retellings this holds, and one less the
    # likeliest link is far too sure (docs/align.md).
    alone = (1 - probability).prod(1), (1 - probability).prod(0)
    beads += [Bead((i,), (), float(alone[0][i])) for i in range(n) if not on[i].any()]
    beads += [Bead((), (j,), float(alone[1][j])) for j in range(m) if not on[:, j].any()]
    return sorted(beads, key=_place), sorted(links, key=lambda x: (x.original, x.version))


def _groups(on: np.ndarray) -> list[tuple[tuple[int, ...], tuple[int, ...]]]:
    """The connected sets of linked segments."""
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    n, m = on.shape
    rows, columns = np.nonzero(on)
    if not len(rows):
        return []
    graph = coo_matrix((np.ones(len(rows)), (rows, columns + n)), (n + m, n + m))
    label = connected_components(graph, directed=False)[1]
    linked = np.unique(label[rows])
    return [
        (tuple(int(k) for k in np.flatnonzero(label[:n] == g)), tuple(int(k) for k in np.flatnonzero(label[n:] == g)))
        for g in linked
    ]


def _mark_moved(beads: list[Bead]) -> list[Bead]:
    """Mark the beads outside the longest run of beads that keeps the original's order, weighed by their sizes."""
    beads = sorted(beads, key=_place)
    middle = [median(bead.version) for bead in beads]
    best: list[tuple[int, int]] = []  # weight of the best run ending here, and the bead before it
    for k, bead in enumerate(beads):
        before = [(best[p][0], p) for p in range(k) if middle[p] <= middle[k]]
        weight, last = max(before, default=(0, -1))
        best.append((weight + len(bead.original) + len(bead.version), last))
    kept: set[int] = set()
    k = max(range(len(best)), key=lambda k: best[k][0], default=-1)
    while k >= 0:
        kept.add(k)
        k = best[k][1]
    return [b if k in kept else Bead(b.original, b.version, b.probability, True) for k, b in enumerate(beads)]


def _place(bead: Bead) -> tuple[float, float]:
    return (min(bead.original, default=np.inf), min(bead.version, default=np.inf))
