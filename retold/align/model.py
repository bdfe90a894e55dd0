"""The calibrated model: evidence of a pair → probability of a link. Boosted trees, fitted by `training/align.py`.

A first forest reads the evidence of each pair alone; a second reads it again with what the first says of its
surroundings. Most pairs are far from being a link and get no tree at all.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

from retold.align.context import CONTEXT, surroundings
from retold.align.evidence import KINDS, Grid, Table

SIGNATURE = "align 9"
FILE = "weights.json"
# A pair so far behind the best of its row and of its column that none of those in the training data was a link.
HOPELESS = -0.3
CERTAIN = 0.999  # the very same words say the same
UNLIKELY = 0.002  # a first estimate below this stands; the second forest never lifts it to a link
NAMES = (*KINDS, *CONTEXT)


@dataclass(frozen=True)
class Forest:
    """Trees whose sum is the logarithm of the odds: a row a tree, a column a node; a leaf leads to itself."""

    kind: NDArray[np.intp]
    threshold: Grid
    left: NDArray[np.intp]
    right: NDArray[np.intp]
    value: Grid  # of a leaf what it adds; of another node the mean of its leaves, each times its training pairs
    depth: int

    @classmethod
    def of(cls, trees: list[dict[str, list[Any]]], kinds: Sequence[str]) -> Forest:
        widest = max(len(t["value"]) for t in trees)

        def table(key: str, kind: type) -> Any:
            return np.array([t[key] + [0] * (widest - len(t["value"])) for t in trees], kind)

        names = [{**t, "kind": [kinds.index(k) if k else 0 for k in t["kind"]]} for t in trees]
        kind = np.array([t["kind"] + [0] * (widest - len(t["value"])) for t in names], np.intp)
        left, right = table("left", np.intp), table("right", np.intp)
        depth = max(_depth(t["left"], t["right"]) for t in trees)
        return cls(kind, table("threshold", float), left, right, table("value", float), depth)

    def log_odds(self, rows: Grid) -> NDArray[np.float64]:
        """(rows,) from (rows, kinds)."""
        if not len(rows):
            return np.zeros(0)
        kind, threshold, children, value = self._flat
        cells, of_row = np.ascontiguousarray(rows).ravel(), np.arange(len(rows))[:, None] * rows.shape[1]
        node = np.broadcast_to(np.arange(len(self.kind)) * self.kind.shape[1], (len(rows), len(self.kind)))
        for _ in range(self.depth):
            high = cells.take(of_row + kind.take(node)) > threshold.take(node)
            node = children.take(2 * node + high)
        total: NDArray[np.float64] = value.take(node).sum(1)
        return total

    @functools.cached_property
    def _flat(self) -> tuple[NDArray[np.intp], Grid, NDArray[np.intp], Grid]:
        """The nodes of all trees in one row, each with its two children side by side: read in a third of the time."""
        first = np.arange(len(self.kind))[:, None] * self.kind.shape[1]
        children = np.stack([self.left + first, self.right + first], axis=-1)
        return self.kind.ravel(), self.threshold.ravel(), children.ravel(), self.value.ravel()

    def parts(self, row: NDArray[np.float64]) -> NDArray[np.float64]:
        """What each kind of evidence adds to the logarithm of the odds of one row: the changes along every tree's path
        (Saabas 2014). They sum to the log-odds less those of the average pair."""
        found = np.zeros(len(row))
        for tree in range(len(self.kind)):
            node = 0
            while self.left[tree, node] != node:
                kind = self.kind[tree, node]
                low = row[kind] <= self.threshold[tree, node]
                child = (self.left if low else self.right)[tree, node]
                found[kind] += self.value[tree, child] - self.value[tree, node]
                node = child
        return found


def _depth(left: list[int], right: list[int], node: int = 0) -> int:
    if left[node] == node:
        return 0
    return 1 + max(_depth(left, right, left[node]), _depth(left, right, right[node]))


@functools.cache
def forests() -> tuple[Forest, Forest]:
    """The forest of the evidence alone and the one of the evidence and its surroundings."""
    book = json.loads((files(__package__) / FILE).read_text(encoding="utf-8"))
    return Forest.of(book["alone"], tuple(KINDS)), Forest.of(book["together"], NAMES)


def hopeful(table: Table) -> NDArray[np.bool_]:
    """The pairs that any tree is asked about."""
    leads = [table.of(kind) for kind in ("best_lead", "pieces_original_lead", "pieces_version_lead")]
    near: NDArray[np.bool_] = np.max(leads, axis=0) > HOPELESS
    return near


def estimate(table: Table) -> Grid:
    """Probability in [0, 1] of each link from its own evidence."""
    return _ask(forests()[0], table.values, hopeful(table))


def in_context(table: Table, first: Grid) -> Grid:
    """(original segments, version segments, NAMES): the evidence and what a first estimate says of its surroundings."""
    lengths = (np.exp(table.of("original_length")[:, 0]) - 5, np.exp(table.of("version_length")[0]) - 5)
    return np.concatenate([table.values, surroundings(first, *lengths, table.words)], axis=-1)


def probabilities(table: Table) -> Grid:
    """Probability in [0, 1] that a pair is a link; (original segments, version segments)."""
    if not table.values.size:
        return np.zeros(table.values.shape[:2])
    first = estimate(table)
    found = _ask(forests()[1], in_context(table, first), first > UNLIKELY)
    found = np.where(first > UNLIKELY, found, first)
    for i, j in table.same:
        found[i, j] = max(found[i, j], CERTAIN)
    return found


def _ask(forest: Forest, values: Grid, near: NDArray[np.bool_]) -> Grid:
    found = np.zeros(near.shape)
    found[near] = 1 / (1 + np.exp(-forest.log_odds(values[near])))
    return found
