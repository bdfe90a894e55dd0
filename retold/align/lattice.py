"""Long parallel texts: a band around the best monotone path, every bead in it scored, the best sequence of beads found.

A semi-Markov model: the score of a sequence is the sum of its beads' scores, each a weighted sum of the evidence below;
the weights are fitted by maximum likelihood (`training/align_parallel.py`). A span's vector is the sum of its segments'
vectors, each times its length.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from retold.records import Vectors

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]

LONGEST = 5  # segments of one side in a bead; Vecalign searches as far
TWO_SIDED = tuple(
    (a, b) for a in range(1, LONGEST + 1) for b in range(1, LONGEST + 1) if a + b <= LONGEST + 1 or a == b == 3
)
TYPES = ((1, 0), (0, 1), *TWO_SIDED)
KINDS = (
    "size",
    "cosine",
    "cosine_more",
    "margin",
    "margin_more",
    "length",
    "length_more",
    "gain",
    "loss",
    "unmatched",
    "short",
)
NEIGHBOURS = 4
HALF_BAND = 25  # cells on either side of the path
JUMP = 200  # version segments the band may jump from one row to the next
CELLS = 10_000_000  # pairs of segments compared at once: 40 MB
BLOCK = 64  # rows whose band is computed in one product
NEVER = np.float32(-1e9)


@dataclass(frozen=True, slots=True)
class Band:
    """A pair of texts seen through a band: row i holds the boundaries (i, low[i]) … (i, low[i] + width - 1).

    A boundary (i, j) lies before original segment i and version segment j; a bead ends at one and begins at another.
    """

    low: Ints  # (n + 1,)
    width: int
    cosines: dict[tuple[int, int], Floats]  # by type of bead: (n + 1, width), of the bead that ends there
    near: tuple[dict[int, Floats], dict[int, Floats]]  # by span length: mean cosine with the nearest on the other side
    lengths: tuple[Floats, Floats]  # running sums of characters, (n + 1,) and (m + 1,)
    alone: tuple[Floats, Floats]  # the best margin of each segment near the path

    @property
    def shape(self) -> tuple[int, int]:
        return len(self.lengths[0]) - 1, len(self.lengths[1]) - 1


def read(original: Vectors, version: Vectors, ours: Sequence[int], theirs: Sequence[int]) -> Band:
    """The band of two texts from centred unit vectors and the lengths of their segments in characters.

    Texts of more than CELLS pairs are first read in groups of segments, so that time grows with their length only.
    """
    n, m = len(original), len(version)
    group = math.ceil(math.sqrt(n * m / CELLS))
    coarse = [_grouped(v, group) for v in (original, version)]
    cosine = coarse[0] @ coarse[1].T
    near = (nearest(cosine, 1), nearest(cosine, 0))
    path = monotone_path(cosine, near)
    if group > 1:
        path = np.interp(np.arange(n + 1), np.arange(len(path)) * group, path * group).round().astype(int)
        near = (np.repeat(near[0], group)[:n], np.repeat(near[1], group)[:m])
    low, width = _course(path, m, HALF_BAND + 2 * (group - 1))
    return _band(original, version, near, low, width, ours, theirs)


def whole(
    original: Vectors, version: Vectors, ours: Sequence[int], theirs: Sequence[int], near: tuple[Floats, Floats]
) -> Band:
    """The band that holds every cell; for a stretch of a text, whose neighbours are known from the whole text."""
    n, m = len(original), len(version)
    return _band(original, version, near, np.zeros(n + 1, int), m + 1, ours, theirs)


def _course(path: Ints, m: int, half: int) -> tuple[Ints, int]:
    """Where each row of the band begins, and its width: `half` on either side of the path, and wide enough that rows
    meet where the path jumps over a passage that the original lacks."""
    n = len(path) - 1
    base = min(2 * half + 1, m + 1)
    steepest = max(JUMP, -(-m // n))
    low = np.minimum(np.maximum(path - half, 0), steepest * np.arange(n + 1))
    low[n] = m
    reach = low - steepest * np.arange(n + 1)
    low = np.maximum.accumulate(reach[::-1])[::-1] + steepest * np.arange(n + 1)
    width = min(base + int(np.diff(np.minimum(low, m + 1 - base)).max(initial=0)), m + 1)
    low = np.clip(low, 0, m + 1 - width)
    low[0], low[n] = 0, m + 1 - width
    return low, width


def _grouped(vectors: Vectors, size: int) -> Vectors:
    """Unit sums of `size` neighbours each."""
    if size == 1:
        return vectors
    total = np.add.reduceat(vectors, np.arange(0, len(vectors), size), axis=0)
    found: Vectors = total / np.maximum(np.linalg.norm(total, axis=1, keepdims=True), 1e-6)
    return found


def monotone_path(cosine: Floats, near: tuple[Floats, Floats]) -> Ints:
    """For every original boundary the version boundary that the best chain of one-to-one links reaches there."""
    n, m = cosine.shape
    gain = np.empty((n + 1, m + 1), np.float32)
    gain[0] = 0
    step = np.zeros(m + 1, np.float32)
    for i in range(n):
        margin = 2 * cosine[i] - near[0][i] - near[1]
        np.maximum(margin, 0, out=step[1:])
        step[1:] += gain[i, :-1]
        np.maximum(step, gain[i], out=step)
        np.maximum.accumulate(step, out=gain[i + 1])
    path = np.zeros(n + 1, int)
    i, j = n, m
    while i > 0:
        path[i] = j
        while j > 0 and gain[i, j] == gain[i, j - 1]:
            j -= 1
        if j > 0 and gain[i, j] != gain[i - 1, j]:
            j -= 1
        i -= 1
    return path


def nearest(cosine: Floats, axis: int) -> Floats:
    """Mean of the four largest cosines along an axis; in a long row, of the largest of 64 stretches of it."""
    size = cosine.shape[axis]
    if size > 128:
        cosine = np.maximum.reduceat(cosine, np.linspace(0, size, 64, endpoint=False).astype(int), axis=axis)
    k = min(NEIGHBOURS, cosine.shape[axis])
    found: Floats = np.take(np.partition(cosine, -k, axis=axis), range(-k, 0), axis=axis).mean(axis)
    return found


def _band(
    original: Vectors, version: Vectors, near: tuple[Floats, Floats], low: Ints, width: int,
    ours: Sequence[int], theirs: Sequence[int],
) -> Band:  # fmt: skip
    n, m = len(original), len(version)
    weights = [np.maximum(np.asarray(x, np.float32), 1) for x in (ours, theirs)]
    norms = [_span_norms(v, w) for v, w in zip((original, version), weights, strict=True)]
    rows, columns = np.arange(n + 1)[:, None], low[:, None] + np.arange(width)[None]
    cosine = _single(original, version, low, width)
    inside = (rows >= 1) & (columns >= 1)
    # sums at boundary (i, j): the weighed cosines of the a segments before i with the b before j.
    single = cosine * np.concatenate([[0], weights[0]])[:, None] * np.concatenate([[0], weights[1]])[columns]
    single = single.astype(np.float32)
    cosines: dict[tuple[int, int], Floats] = {}
    row = single
    for b in range(1, LONGEST + 1):
        if b > 1:
            row = row + _shifted(single, low, 0, b - 1)
        total = row
        for a in range(1, LONGEST + 1):
            if a > 1:
                total = total + _shifted(row, low, a - 1, 0)
            if (a, b) in TWO_SIDED:
                found = np.full((n + 1, width), -1, np.float32)
                if a <= n and b <= m:
                    size = norms[0][a][np.clip(rows - a, 0, n - a)] * norms[1][b][np.clip(columns - b, 0, m - b)]
                    np.divide(total, size, out=found, where=(rows >= a) & (columns >= b))
                cosines[a, b] = found
    spans = [_near_spans(x, w, k) for x, w, k in zip(near, weights, norms, strict=True)]
    lengths = [np.concatenate([[0], np.cumsum(w + 1)]).astype(np.float32) for w in weights]
    best = np.full(m, -1, np.float32)
    np.maximum.at(best, columns[inside] - 1, cosine[inside])
    first = np.where(inside, cosine, -1)[1:].max(1, initial=-1) - near[0]
    return Band(low, width, cosines, (spans[0], spans[1]), (lengths[0], lengths[1]), (first, best - near[1]))


def _single(original: Vectors, version: Vectors, low: Ints, width: int) -> Floats:
    """(n + 1, width): the cosine of the segments that end at each boundary; 0 where there is none."""
    n, m = len(original), len(version)
    found = np.zeros((n + 1, width), np.float32)
    for top in range(1, n + 1, BLOCK):
        rows = np.arange(top, min(top + BLOCK, n + 1))
        left, right = max(int(low[rows[0]]) - 1, 0), min(int(low[rows[-1]]) + width - 1, m)
        block = original[rows - 1] @ version[left:right].T
        columns = low[rows][:, None] + np.arange(width)[None] - 1 - left
        here = np.take_along_axis(block, np.clip(columns, 0, block.shape[1] - 1), 1)
        found[rows] = np.where((columns >= 0) & (columns < block.shape[1]), here, 0)
    return found


def _span_norms(vectors: Vectors, weights: Floats) -> dict[int, Floats]:
    """Lengths of the summed vectors of every span, by the number of its segments."""
    found, total = {}, np.zeros((len(vectors) + 1, vectors.shape[1]), np.float32)
    np.cumsum(vectors * weights[:, None], axis=0, out=total[1:])
    for k in range(1, min(LONGEST, len(vectors)) + 1):
        found[k] = np.maximum(np.linalg.norm(total[k:] - total[:-k], axis=1), 1e-6)
    return found


def _near_spans(near: Floats, weights: Floats, norms: dict[int, Floats]) -> dict[int, Floats]:
    """Mean cosine of every span with its nearest neighbours, from those of its segments."""
    total = np.concatenate([[0], np.cumsum(near * weights)]).astype(np.float32)
    return {k: (total[k:] - total[:-k]) / norm for k, norm in norms.items()}


def _shifted(grid: Floats, low: Ints, rows: int, columns: int) -> Floats:
    """The grid's values at boundaries (i - rows, j - columns); 0 outside the band."""
    found = np.zeros_like(grid)
    n, width = grid.shape
    if rows >= n:
        return found
    moved = low[rows:] - columns - low[: n - rows]
    for shift in np.unique(moved):
        there = np.flatnonzero(moved == shift)
        start, stop = max(0, -shift), min(width, width - shift)
        if start < stop:
            found[there + rows, start:stop] = grid[there, start + shift : stop + shift]
    return found


def evidence(band: Band, kind: tuple[int, int]) -> Iterator[tuple[str, Floats | float]]:
    """The evidence for a bead of one type ending at each boundary, a grid for each of KINDS that speaks."""
    a, b = kind
    n, m = band.shape
    rows, columns = np.arange(n + 1)[:, None], band.low[:, None] + np.arange(band.width)[None]
    if not b or not a:
        side, where = (0, np.clip(rows - 1, 0, n - 1)) if a else (1, np.clip(columns - 1, 0, m - 1))
        sums = band.lengths[side]
        yield "unmatched", band.alone[side][where]
        yield "short", np.log(sums[where + 1] - sums[where]) - np.float32(4.5)
        return
    more = np.float32((a + b) / 2 - 1)
    i, j = np.clip(rows - a, 0, n - a), np.clip(columns - b, 0, m - b)
    cosine = band.cosines[kind]
    margin = cosine - (band.near[0][a][i] + band.near[1][b][j]) / 2
    x = (band.lengths[0][i + a] - band.lengths[0][i]) * (band.lengths[1][-1] / band.lengths[0][-1])
    y = band.lengths[1][j + b] - band.lengths[1][j]
    length = lengths_apart(x, y)
    yield "cosine", cosine
    yield "cosine_more", cosine * more
    yield "margin", margin
    yield "margin_more", margin * more
    yield "length", length
    yield "length_more", length * more
    yield "gain", _against(band, kind, -1)
    yield "loss", _against(band, kind, 1)


def lengths_apart(x: Floats, y: Floats) -> Floats:
    """How far two lengths in characters stand apart. Gale & Church 1993: the squared difference grows with their mean,
    6.8 a character."""
    found: Floats = np.minimum(np.abs(x - y) / np.sqrt(3.4 * (x + y) + 20), 6)
    return found


def _against(band: Band, kind: tuple[int, int], step: int) -> Floats:
    """How much the bead's cosine stands above that of the best bead with one segment less (step -1) or more (+1)."""
    a, b = kind
    rivals = []
    for da, db in ((step, 0), (0, step)):
        other = band.cosines.get((a + da, b + db))
        if other is not None:
            rivals += [other, _shifted(other, band.low, -da, -db) if step < 0 else _ahead(other, band.low, da, db)]
    if not rivals:
        return np.zeros_like(band.cosines[kind])
    found: Floats = np.clip(band.cosines[kind] - np.max(rivals, axis=0), -0.5, 0.5)
    return found


def _ahead(grid: Floats, low: Ints, rows: int, columns: int) -> Floats:
    """The grid's values at boundaries (i + rows, j + columns); 0 outside the band."""
    turned = _shifted(grid[::-1, ::-1], -low[::-1], rows, columns)
    return turned[::-1, ::-1]


def scores(band: Band, weights: dict[str, float]) -> Floats:
    """(n + 1, types, width): the score of the bead of each type that ends at each boundary; NEVER where none can."""
    n, m = band.shape
    rows, columns = np.arange(n + 1)[:, None], band.low[:, None] + np.arange(band.width)[None]
    found = np.full((n + 1, len(TYPES), band.width), NEVER, np.float32)
    for k, (a, b) in enumerate(TYPES):
        if a > n or b > m:
            continue
        total = np.full((n + 1, band.width), weights[f"type_{a}_{b}"], np.float32)
        for kind, grid in evidence(band, (a, b)):
            total += np.float32(weights[kind]) * grid
        found[:, k] = np.where((rows >= a) & (columns >= b) & (columns <= m), total, NEVER)
    return found
