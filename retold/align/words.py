"""Words that stand for each other across the two languages: what the vectors of a small encoder miss."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from retold.facts.fold import fold
from retold.findings.lexicon import pairs
from retold.findings.thesaurus import base, related

STEM = 5  # letters: enough to tell words apart, few enough to survive an ending or another language's spelling

_WORD = re.compile(r"\w[\w'’-]*")
_Grid = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one side's segments.

    held: (segments, words), 1 where a segment holds a word. weight: (words,), rare ones weigh more.
    answered: (words, segments of the other side), 1 where the other segment has a word that stands for it.
    near: the same, or one near in meaning to such a word.
    """

    held: Any
    weight: NDArray[np.float64]
    answered: Any
    near: Any

    def share(self, answered: Any) -> _Grid:
        """(segments, segments of the other side): the share in [0, 1] of a segment's words that are answered."""
        total = self.held @ self.weight
        found: _Grid = (self.held.multiply(self.weight) @ answered).toarray() / np.maximum(total, 1e-9)[:, None]
        return found

    def new(self, linked: _Grid) -> _Grid:
        """(segments, segments of the other side): the share in [0, 1] of a segment's words that the other one answers
        and none of the segments that it is linked to besides does. linked: probabilities of links, of that shape."""
        found = np.zeros(linked.shape)
        answered = self.near.toarray()
        indptr, indices = self.held.indptr, self.held.indices
        for n, row in enumerate(linked):
            some = indices[indptr[n] : indptr[n + 1]]
            if len(some):
                here = answered[some]
                left = np.log1p(-np.minimum(row, 0.999)[None] * here)
                alone = here * np.exp(left.sum(1, keepdims=True) - left)
                found[n] = self.weight[some] @ alone / max(1e-9, self.weight[some].sum())
        return found


def words_of(ours: Sequence[str], theirs: Sequence[str], languages: tuple[str, str]) -> tuple[Words, Words]:
    """The words of either side.

    Words stand for each other by the glossaries, from either language by way of English, or share a beginning.
    """
    sides = [[dict.fromkeys(_WORD.findall(fold(t))) for t in texts] for texts in (ours, theirs)]
    stems: dict[str, int] = {}
    bases: dict[str, int] = {}
    tables = []
    for side, language in zip(sides, languages, strict=True):
        known = pairs(language, "en") if language != "en" else {}
        words = {word: k for k, word in enumerate(dict.fromkeys(w for bag in side for w in bag))}
        means = [(k, x) for word, k in words.items() for x in (word, *sorted(known.get(word, ())))]
        stemmed = [(k, stems.setdefault(_stem(x), len(stems))) for k, x in means]
        exact = [(k, bases.setdefault(base(x), len(bases))) for k, x in means]
        wide = [(k, bases.setdefault(y, len(bases))) for k, x in means for y in (base(x), *sorted(related(base(x))))]
        holds = [(n, words[w]) for n, bag in enumerate(side) for w in bag]
        tables.append((_ones(holds, len(side), len(words)), stemmed, exact, wide))
    found = []
    for (here, mine, _, wide), (there, other, exact, _) in (tables, tables[::-1]):
        said = (there @ _ones(other, there.shape[1], len(stems))).sign()  # stems that the other side's segments hold
        answered = (_ones(mine, here.shape[1], len(stems)) @ said.T).sign()
        meant = (there @ _ones(exact, there.shape[1], len(bases))).sign()
        near = (answered + _ones(wide, here.shape[1], len(bases)) @ meant.T).sign()
        weight = np.log((here.shape[0] + 1) / np.maximum(here.sum(0), 1))
        found.append(Words(here.tocsr(), weight, answered, near))
    return found[0], found[1]


def _stem(word: str) -> str:
    return (word[:-1] if len(word) > 3 and word.endswith("s") else word)[:STEM]


def _ones(places: list[tuple[int, int]], rows: int, columns: int) -> Any:
    from scipy.sparse import csr_array

    row, column = [k for k, _ in places], [k for _, k in places]
    return csr_array((np.ones(len(places)), (row, column)), (rows, columns))
