"""A document's own words, fewer: the sentences most central to it, without saying the same thing twice."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from retold.records import CONTENT_KINDS, RetoldError, Segment, Vectors

# LexRank (Erkan & Radev 2004) has .85. News says so much in its lead that less of the walk and all restarts there
# come nearest to headlines (benchmarks/summaries.py).
DAMPING = 0.4
LEAD = 1.0  # weight of the prior that falls with position: news says the most important thing first
WIDEST = 2000  # sentences weighed against each other; a longer document is summarised from its first ones
BALANCE = 0.5  # MMR's lambda (Carbonell & Goldstein 1998): 1 is centrality alone, 0 is novelty alone


def extract(segments: Sequence[Segment], vectors: Vectors, *, count: int = 3) -> tuple[Segment, ...]:
    """The `count` segments that say the most, in reading order.

    segments: a document's; only sentences and list items are taken. vectors: (n, d) float32, unit rows, one a segment.
    Centrality is LexRank's random walk over the similarities, with restarts that favour the lead; redundancy is held
    down by maximal marginal relevance. Of a very long document only the first 2,000 sentences are read. Raises
    RetoldError where the shapes differ or `count` is below 1.
    """
    if count < 1:
        raise RetoldError(f"count is {count}; it must be at least 1")
    if len(vectors) != len(segments):
        raise RetoldError(f"vectors has {len(vectors)} rows for {len(segments)} segments; one a segment is needed")
    content = [i for i, s in enumerate(segments) if s.kind in CONTENT_KINDS][:WIDEST]
    if not content:
        return ()
    rows = np.asarray(vectors, dtype=np.float64)[content]
    similar = rows @ rows.T
    score = _centrality(similar)
    taken: list[int] = []
    while len(taken) < min(count, len(content)):
        redundant = similar[:, taken].max(axis=1) if taken else np.zeros(len(content))
        worth = BALANCE * score / score.max() - (1 - BALANCE) * redundant
        worth[taken] = -np.inf
        taken.append(int(np.argmax(worth)))
    return tuple(segments[content[i]] for i in sorted(taken))


def _centrality(similar: NDArray[np.float64]) -> NDArray[np.float64]:
    """(n,) float64, sums to 1, higher is more central."""
    n = len(similar)
    # Sentence encoders give every pair of one language a high floor; what tells is what rises above it.
    weight = np.clip(similar - np.median(similar), 0, None)
    np.fill_diagonal(weight, 0)
    total = weight.sum(axis=1, keepdims=True)
    walk = np.divide(weight, total, out=np.full_like(weight, 1 / n), where=total > 0)
    lead = 1 / np.sqrt(1 + np.arange(n))
    start = (1 - LEAD) / n + LEAD * lead / lead.sum()
    score: NDArray[np.float64] = np.full(n, 1 / n)
    for _ in range(100):
        step = DAMPING * score @ walk + (1 - DAMPING) * start
        if np.abs(step - score).max() < 1e-9:
            break
        score = step
    return score
