"""What a first estimate of all links says of each: rivals, neighbours, order, and how much of a segment is covered."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from retold.align.evidence import Grid
from retold.align.words import Words

# The kinds of evidence, in the order of the last axis, with the words an explanation uses.
CONTEXT = {
    "estimate": "logarithm of the odds before its surroundings are known",
    "original_rival": "best other link of this original segment",
    "version_rival": "best other link of this version segment",
    "original_links": "sum of this original segment's other links",
    "version_links": "sum of this version segment's other links",
    "next_or_last": "link of the next two segments, or of the last two",
    "next_and_last": "links of the next two and of the last two segments",
    "crossing": "links of the next segment with the last",
    "version_neighbour": "link of this original segment with a version segment beside",
    "original_neighbour": "link of this version segment with an original segment beside",
    "ahead": "links in the same order among the next three",
    "behind": "links in the same order among the last three",
    "from_last": "steps off the line from the last sure link of an original segment",
    "from_next": "steps off the line to the next sure link of an original segment",
    "from_either": "the smaller of these",
    "version_from_last": "steps off the line from the last sure link of a version segment",
    "version_from_next": "steps off the line to the next sure link of a version segment",
    "version_from_either": "the smaller of these two",
    "original_covered": "logarithm of the length of all linked version segments over the original segment's",
    "version_covered": "logarithm of the length of all linked original segments over the version segment's",
    "original_best": "best link of this original segment",
    "version_best": "best link of this version segment",
    "version_both": "links of this original segment with the version segments before and after, the weaker",
    "original_both": "links of this version segment with the original segments before and after, the weaker",
    "version_two_off": "link of this original segment with a version segment two away",
    "version_before": "link of this original segment with the version segment before",
    "original_new": "share of this original segment's words that none of its other links answers",
    "version_new": "share of this version segment's words that none of its other links answers",
    "original_new_lead": "lead in such words for this original segment",
    "version_new_lead": "lead in such words for this version segment",
}
SURE, FAR = 0.7, 6.0  # a link that can hold others in place; steps beyond which order says nothing


def surroundings(
    estimate: Grid,
    long: NDArray[np.float64],
    wide: NDArray[np.float64],
    words: tuple[Words, Words],
) -> Grid:
    """(original segments, version segments, kinds). long, wide: lengths of the segments in characters."""
    n, m = estimate.shape
    p = np.clip(estimate, 1e-4, 1 - 1e-4)
    padded = np.pad(estimate, 3)

    def at(di: int, dj: int) -> Grid:
        return padded[3 + di : 3 + di + n, 3 + dj : 3 + dj + m]

    near = [(a, b) for a in (1, 2, 3) for b in (1, 2, 3) if abs(a - b) < 2]
    rows = _off_line(estimate)
    columns = [grid.T for grid in _off_line(estimate.T)]
    new = words[0].new(estimate), words[1].new(estimate.T).T
    grids = {
        "estimate": np.log(p / (1 - p)),
        "original_rival": _rival(estimate),
        "version_rival": _rival(estimate.T).T,
        "original_links": estimate.sum(1, keepdims=True) - estimate,
        "version_links": estimate.sum(0, keepdims=True) - estimate,
        "next_or_last": np.maximum(at(1, 1), at(-1, -1)),
        "next_and_last": at(1, 1) + at(-1, -1),
        "crossing": np.maximum(at(1, -1), at(-1, 1)),
        "version_neighbour": np.maximum(at(0, 1), at(0, -1)),
        "original_neighbour": np.maximum(at(1, 0), at(-1, 0)),
        "ahead": np.sum([at(a, b) for a, b in near], axis=0),
        "behind": np.sum([at(-a, -b) for a, b in near], axis=0),
        "from_last": rows[0],
        "from_next": rows[1],
        "from_either": np.minimum(*rows),
        "version_from_last": columns[0],
        "version_from_next": columns[1],
        "version_from_either": np.minimum(*columns),
        "original_covered": np.log((estimate @ wide + 5) / (long + 5))[:, None],
        "version_covered": np.log((estimate.T @ long + 5) / (wide + 5))[None],
        "original_best": estimate.max(1, keepdims=True),
        "version_best": estimate.max(0, keepdims=True),
        "version_both": np.minimum(at(0, 1), at(0, -1)),
        "original_both": np.minimum(at(1, 0), at(-1, 0)),
        "version_two_off": np.maximum(at(0, 2), at(0, -2)),
        "version_before": at(0, -1),
        "original_new": new[0],
        "version_new": new[1],
        "original_new_lead": new[0] - _rival(new[0]),
        "version_new_lead": new[1] - _rival(new[1].T).T,
    }
    return np.stack([np.broadcast_to(grids[kind], (n, m)) for kind in CONTEXT], axis=-1)


def _rival(grid: Grid) -> Grid:
    """For every cell the largest of the others in its row; 0 where there is no other."""
    if grid.shape[1] < 2:
        return np.zeros_like(grid)
    top = np.sort(grid, 1)[:, -2:]
    return np.where(grid == top[:, 1:], top[:, :1], top[:, 1:])


def _off_line(estimate: Grid) -> tuple[Grid, Grid]:
    """How far each cell lies off the diagonal through the last, and through the next, row with a sure link."""
    n, m = estimate.shape
    row, best = np.arange(n), estimate.argmax(1)
    sure = estimate.max(1) > SURE
    last = np.concatenate([[-1], np.maximum.accumulate(np.where(sure, row, -1))[:-1]])
    following = np.concatenate([np.minimum.accumulate(np.where(sure, row, n)[::-1])[::-1][1:], [n]])
    line = row[:, None] - np.arange(m)[None]
    found = []
    for anchor, there in ((last, last >= 0), (following, following < n)):
        held = np.where(there, anchor, 0)
        off = np.minimum(np.abs(line - (held - best[held])[:, None]), FAR)
        found.append(np.where(there[:, None], off, FAR))
    return found[0], found[1]
