"""Spans in order that do not overlap: asked and added to in a time that hardly grows with their number."""

from __future__ import annotations

import bisect

Spans = list[tuple[int, int]]


def free(taken: Spans, start: int, end: int) -> bool:
    """Whether none of the spans taken overlaps this one.

    >>> free([(2, 5)], 5, 9), free([(2, 5)], 4, 9)
    (True, False)
    """
    at = bisect.bisect(taken, (start, start))
    return (at == 0 or taken[at - 1][1] <= start) and (at == len(taken) or taken[at][0] >= end)


def take(taken: Spans, start: int, end: int) -> bool:
    """Add a span where it is free; whether it was."""
    if not free(taken, start, end):
        return False
    bisect.insort(taken, (start, end))
    return True
