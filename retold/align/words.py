"""Words that stand for each other across the two languages: what the vectors of a small encoder miss."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from retold.facts.fold import fold
from retold.findings.lexicon import pairs

STEM = 5  # letters: enough to tell words apart, few enough to survive an ending or another language's spelling

_WORD = re.compile(r"\w[\w'’-]*")
_Grid = NDArray[np.float64]


def shared_words(ours: Sequence[str], theirs: Sequence[str], languages: tuple[str, str]) -> tuple[_Grid, _Grid]:
    """(originals, versions) twice: the share of the original segment's words that the version segment has, and of the
    version segment's that the original has, in [0, 1]; rare words count more.

    Words stand for each other by the bilingual lists, from either language by way of English, or share a beginning.
    """
    sides = [[dict.fromkeys(_WORD.findall(fold(t))) for t in texts] for texts in (ours, theirs)]
    stems: dict[str, int] = {}
    tables = []
    for side, language in zip(sides, languages, strict=True):
        known = pairs(language, "en") if language != "en" else {}
        words = {word: k for k, word in enumerate(dict.fromkeys(w for bag in side for w in bag))}
        means = [
            (k, stems.setdefault(_stem(x), len(stems)))
            for word, k in words.items()
            for x in (word, *sorted(known.get(word, ())))
        ]
        holds = [(n, words[w]) for n, bag in enumerate(side) for w in bag]
        tables.append((_ones(holds, len(side), len(words)), means))
    found = []
    for (here, mine), (there, other) in (tables, tables[::-1]):
        said = (there @ _ones(other, there.shape[1], len(stems))).sign()  # stems that the other side's segments hold
        answered = (_ones(mine, here.shape[1], len(stems)) @ said.T).sign()
        weight = np.log((here.shape[0] + 1) / np.maximum(here.sum(0), 1))
        total = here @ weight
        found.append((here.multiply(weight) @ answered).toarray() / np.maximum(total, 1e-9)[:, None])
    return found[0], found[1].T


def _stem(word: str) -> str:
    return (word[:-1] if len(word) > 3 and word.endswith("s") else word)[:STEM]


def _ones(places: list[tuple[int, int]], rows: int, columns: int) -> Any:
    from scipy.sparse import csr_array

    row, column = [k for k, _ in places], [k for _, k in places]
    return csr_array((np.ones(len(places)), (row, column)), (rows, columns))
