"""Words of one side of a bead that have no counterpart on the other, in one language: gaps in a word alignment.

Words stand for each other by spelling, by a shared translation in the bilingual lists, or by the likeness of their
vectors, less what all words of the language have in common. They are linked greedily, best first, words near the same
place and with linked neighbours preferred; small words only beside linked ones.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from retold.findings.lexicon import other_figures, same, small_words
from retold.findings.lexicon import pairs as listed
from retold.findings.passage import Passage, Word
from retold.languages import words

Vector = NDArray[np.float32]
LEAST = 0.35  # likeness of two words that can be linked


@dataclass(frozen=True)
class Gap:
    """Words from `first` to `last` of a passage, and what speaks for their being left out on the other side."""

    first: int
    last: int
    terms: Mapping[str, float]


def gaps(here: Passage, there: Passage, vectors: Mapping[str, Vector]) -> tuple[list[Gap], list[Gap]]:
    """The gaps of either side. vectors: of the folded words, unit rows, centred; a word may be absent."""
    small = small_words(here.language)
    ours, theirs = here.words, there.words
    links = _linked(ours, theirs, small, vectors)
    back = {j: i for i, j in links.items()}
    language = here.language
    mine = [Gap(*s, _terms(ours, theirs, s, links, back, small, vectors, language)) for s in _spans(ours, links, small)]
    yours = [
        Gap(*s, _terms(theirs, ours, s, back, links, small, vectors, language)) for s in _spans(theirs, back, small)
    ]
    return mine, yours


def likeness(a: str, b: str, vectors: Mapping[str, Vector]) -> float:
    """How far two folded words mean the same, in [0, 1]."""
    spelled = _spelled(a, b)
    if spelled is not None:
        return spelled
    return max(0.0, float(vectors[a] @ vectors[b])) if a in vectors and b in vectors else 0.0


@functools.lru_cache(100_000)
def _spelled(a: str, b: str) -> float | None:
    """Likeness by form and by the lists; None where they say nothing."""
    if a == b:
        return 1.0
    if other_figures(a, b):
        return 0.0
    shared = next((k for k, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
    if shared >= 4 and shared >= 0.6 * max(len(a), len(b)):
        return 0.95
    if shared >= 6:
        return 0.9
    if same(a, b):
        return 0.95
    for language in ("nl", "id"):
        table = listed("en", language)
        if table.get(a, frozenset()) & table.get(b, frozenset()):
            return 0.8
    return None


def _linked(
    ours: Sequence[Word], theirs: Sequence[Word], small: frozenset[str], vectors: Mapping[str, Vector]
) -> dict[int, int]:
    like: dict[tuple[int, int], float] = {}
    for i, a in enumerate(ours):
        for j, b in enumerate(theirs):
            either = a.folded in small or b.folded in small
            score = float(a.folded == b.folded) if either else likeness(a.folded, b.folded, vectors)
            if score >= LEAST:
                like[i, j] = score
    links: dict[int, int] = {}
    taken: set[int] = set()
    content = []
    for (i, j), score in like.items():
        if ours[i].folded not in small:
            beside = sum((i + d, j + d) in like for d in (-2, -1, 1, 2))
            away = abs(i / len(ours) - j / len(theirs))
            content.append((round(score + 0.05 * beside - 0.25 * away, 6), i, j))
    for _, i, j in sorted(content, key=lambda t: (-t[0], t[1] + t[2], abs(t[1] - t[2]))):
        if i not in links and j not in taken:
            links[i] = j
            taken.add(j)
    rest = []
    for i, j in like:
        if ours[i].folded in small:
            offsets = [abs((links[k] - k) - (j - i)) + 0.3 * abs(k - i) for k in links if abs(k - i) <= 3]
            rest.append((min(offsets, default=9.0), i, j))
    for away, i, j in sorted(rest, key=lambda t: (t[0], t[1] + t[2], abs(t[1] - t[2]))):
        if away < 4 and i not in links and j not in taken:
            links[i] = j
            taken.add(j)
    return links


def _spans(some: Sequence[Word], links: Mapping[int, int], small: frozenset[str]) -> list[tuple[int, int]]:
    """Runs of unlinked words of one segment that hold a content word, without small words at their right ends."""
    out, i = [], 0
    free = [k not in links for k in range(len(some))]
    light = [w.folded in small for w in some]
    while i < len(some):
        if not free[i]:
            i += 1
            continue
        end = next((k for k in range(i, len(some)) if some[k].n != some[i].n), len(some))
        j = i
        # A small word between two that are open belongs to the run, linked or not.
        while j + 1 < end and (free[j + 1] or (light[j + 1] and j + 2 < end and free[j + 2] and not light[j + 2])):
            j += 1
        last = j
        while last >= i and light[last]:
            last -= 1
        if last >= i and any(free[k] and not light[k] for k in range(i, last + 1)):
            out.append((i, last))
        i = j + 1
    return out


def _terms(
    here: Sequence[Word], there: Sequence[Word], span: tuple[int, int],
    links: Mapping[int, int], back: Mapping[int, int], small: frozenset[str],
    vectors: Mapping[str, Vector], language: str,
) -> dict[str, float]:  # fmt: skip
    table = words(language)["facts"].get("gap", {})
    first, last = span
    mine = [k for k in range(first, last + 1) if here[k].folded not in small and k not in links]
    left = next((k for k in range(first - 1, -1, -1) if k in links), -1)
    right = next((k for k in range(last + 1, len(here)) if k in links), len(here))
    low, high = links.get(left, -1), links.get(right, len(there))
    lost = [k for k in range(len(here)) if k not in links and here[k].folded not in small]
    free = [j for j in range(len(there)) if j not in back and there[j].folded not in small]
    between = [j for j in free if min(low, high) < j < max(low, high)]
    full = [w for w in here if w.folded not in small]
    other = [w for w in there if w.folded not in small]

    def best(some: Sequence[Word]) -> float:
        return max((likeness(here[k].folded, w.folded, vectors) for k in mine for w in some), default=0.0)

    said = [w.folded for w in here[first : last + 1]]
    one, pure, beside = float(len(mine) == 1), float(not between), float(high - low == 1)
    closest, open_ = best([there[j] for j in free]), min(len(free), 6) / 6
    ends, begins = float(right >= len(here)), float(said[0] in table.get("prepositions", []))
    lengths = sum(len(w.text) for w in here), sum(len(w.text) for w in there)
    return {
        "words": min(len(mine), 4) / 4, "one word": one, "three words": float(len(mine) >= 3),
        "beside": beside, "near": float(0 < high - low <= 3), "in order": float(high > low),
        "opens": float(left < 0), "ends": ends,
        "nothing between": pure, "one between": float(len(between) == 1), "between": min(len(between), 4) / 4,
        "open there": open_, "none open there": float(not free), "others open": min(len(lost) - len(mine), 6) / 6,
        "more words": max(-4, min(4, len(full) - len(other))) / 4,
        "longer": max(-0.5, min(0.5, math.log(max(1, lengths[0]) / max(1, lengths[1])))),
        "likest open": closest, "likest between": best([there[j] for j in between]), "likest": best(other),
        "preposition": begins, "-ly": float(any(w.endswith("ly") for w in said)),
        "time": float(any(w in table.get("times", []) for w in said)),
        "capital": float(any(not here[k].text[0].islower() for k in mine if k)),
        "covered": sum(k in links for k in range(len(here)) if here[k].folded not in small) / max(1, len(full)),
        "covers": sum(j in back for j in range(len(there)) if there[j].folded not in small) / max(1, len(other)),
        "length": min(len(full), 20) / 20, "word length": sum(len(here[k].folded) for k in mine) / len(mine) / 10,
        "one beside": beside * one, "pure beside": pure * beside, "one likest": closest * one,
        "one open": open_ * one, "beside ends": beside * ends, "pure preposition": begins * pure,
    }  # fmt: skip
