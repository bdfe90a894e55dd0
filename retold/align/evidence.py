"""What speaks for and against a link: one number a pair of segments and kind of evidence."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from retold.records import Vectors

Grid = NDArray[np.float64]

NEIGHBOURS = 4  # of the margin: Artetxe & Schwenk 2019 take 4 nearest neighbours (arXiv 1811.01136)
GRAM = 4  # characters: long enough to be a piece of a name or a shared root, short enough to survive another ending

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_NAME = re.compile(r"\b\w*[A-Z]\w+")

# The kinds of evidence, in the order of a table's last axis, with the words an explanation uses.
KINDS = {
    "cosine": "cosine of the two vectors",
    "centred": "cosine after the mean of each text is taken away",
    "margin": "how far it stands above the nearest neighbours of both (CSLS)",
    "original_lead": "lead over the version's next best segment for this original segment",
    "version_lead": "lead over the original's next best segment for this version segment",
    "best_lead": "the larger of the two leads",
    "least_lead": "the smaller of the two leads",
    "letters": "shared letter sequences, rare ones counting more",
    "letters_original_lead": "lead in shared letter sequences for this original segment",
    "letters_version_lead": "lead in shared letter sequences for this version segment",
    "numbers": "share of the numbers that both have",
    "names": "share of the capitalised words that both have",
    "numbers_alone": "numbers that only one of them has",
    "length": "logarithm of the ratio of lengths, version over original",
    "length_off": "how far that is from zero",
    "longer": "how much longer the version segment is",
    "forward": "margin of the neighbours, read in the same order",
    "backward": "margin of the neighbours, read in the opposite order",
    "version_beside": "margin of this original segment with the version segments beside",
    "original_beside": "margin of this version segment with the original segments beside",
    "place": "how far apart they stand, each in its own text",
    "original_length": "logarithm of the original segment's length",
    "version_length": "logarithm of the version segment's length",
    "text_length": "one over the root of the number of original segments",
}


@dataclass(frozen=True, slots=True)
class Table:
    """Evidence of every pair: `values` is (original segments, version segments, kinds of evidence)."""

    values: Grid

    def of(self, kind: str) -> Grid:
        grid: Grid = self.values[:, :, list(KINDS).index(kind)]
        return grid


def gather(
    original: Vectors,
    version: Vectors,
    ours: Sequence[str],
    theirs: Sequence[str],
    english: Sequence[str] | None = None,
) -> Table:
    """The evidence of every pair. Vectors are unit rows; `english` are translations of `theirs`."""
    n, m = len(ours), len(theirs)
    if not n or not m:
        return Table(np.zeros((n, m, len(KINDS))))
    cosine = (original @ version.T).astype(float)
    centred = (_centre(original) @ _centre(version).T).astype(float)
    rows = np.sort(centred, 1)[:, -NEIGHBOURS:].mean(1)[:, None]
    columns = np.sort(centred, 0)[-NEIGHBOURS:].mean(0)[None]
    margin = 2 * centred - rows - columns
    lead, rival = centred - _other(centred, 1), centred - _other(centred, 0)
    letters = shared_letters(ours, theirs)
    numbers, names, alone = _shared_tokens(ours, theirs)
    if english is not None:
        letters = np.maximum(letters, shared_letters(ours, english))
        names = np.maximum(names, _shared_tokens(ours, english)[1])
    long = np.log(np.array([len(t) for t in ours]) + 5.0)[:, None]
    wide = np.log(np.array([len(t) for t in theirs]) + 5.0)[None]
    ratio = wide - long
    edge = np.pad(margin, 1, constant_values=-1.0)
    place = (np.arange(n)[:, None] + 0.5) / n - (np.arange(m)[None] + 0.5) / m
    grids = {
        "cosine": cosine,
        "centred": centred,
        "margin": margin,
        "original_lead": lead,
        "version_lead": rival,
        "best_lead": np.maximum(lead, rival),
        "least_lead": np.minimum(lead, rival),
        "letters": letters,
        "letters_original_lead": letters - _other(letters, 1),
        "letters_version_lead": letters - _other(letters, 0),
        "numbers": numbers,
        "names": names,
        "numbers_alone": np.minimum(alone, 4),
        "length": ratio,
        "length_off": np.abs(ratio),
        "longer": np.maximum(ratio, 0),
        "forward": np.maximum(edge[:-2, :-2], edge[2:, 2:]),
        "backward": np.maximum(edge[:-2, 2:], edge[2:, :-2]),
        "version_beside": np.maximum(edge[1:-1, :-2], edge[1:-1, 2:]),
        "original_beside": np.maximum(edge[:-2, 1:-1], edge[2:, 1:-1]),
        "place": np.abs(place),
        "original_length": long,
        "version_length": wide,
        "text_length": np.array([[1 / math.sqrt(n)]]),
    }
    return Table(np.stack([np.broadcast_to(grids[kind], (n, m)) for kind in KINDS], axis=-1))


def _centre(vectors: Vectors) -> Vectors:
    """Vectors without what all of a text's segments share (language, subject), of unit length again."""
    apart = vectors - vectors.mean(0)
    size = np.linalg.norm(apart, axis=1, keepdims=True)
    found: Vectors = apart / np.maximum(size, 1e-6)
    return found


def _other(grid: Grid, axis: int) -> Grid:
    """For every cell the largest of the other cells along an axis; 0 where there is no other."""
    if grid.shape[axis] < 2:
        return np.zeros_like(grid)
    order = np.sort(grid, axis)
    first, second = np.take(order, [-1], axis), np.take(order, [-2], axis)
    return np.where(grid == first, second, first)


def shared_letters(ours: Sequence[str], theirs: Sequence[str]) -> Grid:
    """Cosine in [0, 1] of the segments' letter sequences, weighed by how few segments have them (tf-idf)."""
    from scipy.sparse import csr_matrix

    bags = [_grams(t) for t in (*ours, *theirs)]
    seen = Counter(gram for bag in bags for gram in bag)
    column = {gram: k for k, gram in enumerate(seen)}
    rows = np.repeat(np.arange(len(bags)), [len(bag) for bag in bags])
    columns = np.array([column[gram] for bag in bags for gram in bag], int)
    weights = np.array(
        [(1 + math.log(k)) * math.log((len(bags) + 1) / seen[g]) for bag in bags for g, k in bag.items()]
    )
    size = np.sqrt(np.bincount(rows, weights**2, len(bags)))
    weights = weights / np.maximum(size[rows], 1e-9)
    table = csr_matrix((weights, (rows, columns)), (len(bags), max(1, len(column))))
    return np.asarray((table[: len(ours)] @ table[len(ours) :].T).todense())


def _grams(text: str) -> Counter[str]:
    words = f" {' '.join(text.lower().split())} "
    return Counter(words[k : k + GRAM] for k in range(len(words) - GRAM + 1))


def _shared_tokens(ours: Sequence[str], theirs: Sequence[str]) -> tuple[Grid, Grid, Grid]:
    """Numbers both have, names both have (shares of the shorter list), and how many numbers only one has."""
    numbers = [[{_digits(x) for x in _NUMBER.findall(t)} for t in side] for side in (ours, theirs)]
    names = [[{x.lower() for x in _NAME.findall(t)} for t in side] for side in (ours, theirs)]
    return (
        np.array([[_share(a, b) for b in numbers[1]] for a in numbers[0]], float),
        np.array([[_share(a, b) for b in names[1]] for a in names[0]], float),
        np.array([[len(a ^ b) for b in numbers[1]] for a in numbers[0]], float),
    )


def _digits(number: str) -> str:
    return number.replace(",", "").replace(".", "")


def _share(a: set[str], b: set[str]) -> float:
    return len(a & b) / min(len(a), len(b)) if a and b else 0.0
