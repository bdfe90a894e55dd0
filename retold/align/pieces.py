"""The sentences and clauses within a segment: what is left to compare where a retelling joined two, or cut one off."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from retold.records import Encoder, Vectors

SHORTEST = 20  # characters of a piece: shorter ones say too little to be told apart
_END = re.compile(r"(?<=[.!?…;])[\"'”’»)]*\s+(?=[\"'“‘„«(–—-]*\w)")

SHORTEST_CLAUSE = 25
_CLAUSE = re.compile(r"(?<=[,;:.!?»”\"])\s+|\s+(?=[(«–—-]\s)|\s+-\s+")


@dataclass(frozen=True, slots=True)
class Pieces:
    """The pieces of a text's segments."""

    vectors: Vectors  # (k, d), unit rows
    of: NDArray[np.intp]  # (k,): the segment that each is a piece of


def cut_up(texts: Sequence[str], encoder: Encoder) -> Pieces:
    cut = [pieces(text) for text in texts]
    of = np.repeat(np.arange(len(texts)), [len(some) for some in cut])
    return Pieces(encoder.encode([piece for some in cut for piece in some]), of)


def pieces(text: str) -> list[str]:
    """The stretches between ends of sentences within a segment, each of at least SHORTEST characters; none where it is
    one piece. A full stop after a short word is taken for an abbreviation's."""
    found: list[str] = []
    start = 0
    for mark in _END.finditer(text):
        short = re.search(r"\b\w{1,3}\.$", text[start : mark.start()])
        if not short and mark.start() - start >= SHORTEST and len(text) - mark.end() >= SHORTEST:
            found.append(text[start : mark.end()].strip())
            start = mark.end()
    return [*found, text[start:].strip()] if found else []


def clauses(text: str) -> list[str]:
    """The stretches between commas and the like, each of at least SHORTEST_CLAUSE characters; at least one."""
    found: list[str] = []
    start = 0
    for mark in _CLAUSE.finditer(text):
        if mark.end() - start >= SHORTEST_CLAUSE and len(text) - mark.end() >= SHORTEST_CLAUSE:
            found.append(text[start : mark.end()].strip())
            start = mark.end()
    return [*found, text[start:].strip()]
