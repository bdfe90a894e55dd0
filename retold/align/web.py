"""A web of beads: few beads that may follow one another, the best sequence of them, and how probable each is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from retold.align.lattice import NEVER, Ints

Doubles = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Web:
    """Beads that lead from one boundary of two texts to another. Boundaries are numbered in reading order."""

    beads: Ints  # (k, 4): first and past the last segment of the original, then of the version
    begin: Ints  # (k,): the boundary where each begins
    end: Ints  # (k,)
    into: list[Ints]  # by boundary: the beads that end there
    out: list[Ints]  # by boundary: the beads that begin there

    @classmethod
    def of(cls, beads: Ints) -> Web:
        columns = int(beads[:, 3].max(initial=0)) + 1
        keys = [beads[:, i] * columns + beads[:, j] for i, j in ((0, 2), (1, 3))]
        known = np.unique(np.concatenate(keys))
        begin, end = (np.searchsorted(known, key) for key in keys)
        into, out = (
            np.split(np.argsort(at, kind="stable"), np.cumsum(np.bincount(at, minlength=len(known)))[:-1])
            for at in (end, begin)
        )
        return cls(beads, begin, end, into, out)

    def best(self, scores: Doubles) -> list[int]:
        """The beads of the sequence with the largest sum of scores, in order."""
        top, choice = self._tops(scores)
        found: list[int] = []
        at = len(top) - 1
        while at:
            found.append(int(choice[at]))
            at = int(self.begin[choice[at]])
        return found[::-1]

    def probabilities(self, scores: Doubles) -> tuple[Doubles, float]:
        """(k,) the share of each bead among all sequences, a sequence's weight being the exponential of its sum of
        scores, and the logarithm of all weights."""
        last = len(self.into) - 1
        ahead, behind = np.full(last + 1, float(NEVER)), np.full(last + 1, float(NEVER))
        ahead[0] = behind[last] = 0.0
        for at in range(1, last + 1):
            ahead[at] = _summed(ahead[self.begin[self.into[at]]] + scores[self.into[at]])
        for at in range(last - 1, -1, -1):
            behind[at] = _summed(behind[self.end[self.out[at]]] + scores[self.out[at]])
        odds = ahead[self.begin] + scores + behind[self.end] - ahead[last]
        return np.exp(np.minimum(odds, 0.0)), float(ahead[last])

    def _tops(self, scores: Doubles) -> tuple[Doubles, Ints]:
        top, choice = np.full(len(self.into), float(NEVER)), np.zeros(len(self.into), np.int64)
        top[0] = 0.0
        for at in range(1, len(self.into)):
            some = self.into[at]
            if len(some):
                sums = top[self.begin[some]] + scores[some]
                choice[at], top[at] = some[sums.argmax()], sums.max()
        return top, choice


def _summed(logs: Doubles) -> float:
    if not len(logs):
        return float(NEVER)
    top = logs.max()
    return float(top + np.log(np.exp(logs - top).sum()))
