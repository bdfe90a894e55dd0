"""Words left out of, or put into, a sentence that is told again in the same language.

Two logistic regressions on a gap's terms (`gaps.py`): the first picks the gaps worth a look; the second adds the test
by deletion: encoded without the gap, is the sentence closer to the other side than with it? Both are fitted on DEMETR's
development half by `python -m training.omitted`. Without an encoder nothing is looked for, nor across languages.
"""

from __future__ import annotations

import functools
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from retold.facts.fold import fold
from retold.facts.name import common
from retold.findings.beside import beside
from retold.findings.gaps import Gap, Vector, gaps
from retold.findings.lexicon import small_words
from retold.findings.omitted_weights import FIRST, FLOOR, PRIOR, SECOND
from retold.findings.passage import Pair, Passage
from retold.records import Encoder, Finding

LONGEST = 120  # words of a passage: a sentence or two
SAMPLE = 300  # everyday words whose mean vector is what all words have in common
LOOK = 0.4  # a gap the first regression finds less likely is not tested by deletion
KEPT = 50_000  # word vectors kept in memory
_vectors: dict[tuple[str, str], Vector] = {}


@dataclass(frozen=True)
class Look:
    """A gap worth a look, and the text it stands in: whole, without it, and the other side's."""

    pair: Pair
    of_original: bool
    gap: Gap
    span: tuple[int, int, int]  # segment, start, end
    texts: tuple[str, str, str]


def compare(pairs: Sequence[Pair], found: Sequence[Finding], encoder: Encoder | None) -> Iterator[Finding]:
    """Words over on either side of beads in one language that no finding so far touches."""
    some = [p for p in pairs if p.original.language == p.version.language and _short(p) and not _alike(p)]
    if encoder is None or encoder.name != "bundled" or not some or not common(some[0].original.language):
        return
    taken = [(0, f.original, f.original_span) for f in found] + [(1, f.version, f.version_span) for f in found]
    for look, probability in judged(looks(some, encoder), encoder):
        n, start, end = look.span
        side = 0 if look.of_original else 1
        if probability < FLOOR or any(s == side and m == n and t and t[0] < end and start < t[1] for s, m, t in taken):
            continue
        here = look.pair.original if look.of_original else look.pair.version
        text = here.texts[here.numbers.index(n)][start:end]
        other = beside(look.pair, n, (start, end), of_original=look.of_original)
        if look.of_original:
            yield Finding("dropped", "claim", n, other, text, "", probability, 0, (start, end), None)
        else:
            yield Finding("added", "claim", other, n, "", text, probability, 0, None, (start, end))


def looks(pairs: Sequence[Pair], encoder: Encoder, weights: Mapping[str, float] = FIRST) -> list[Look]:
    """The gaps of these pairs that the first regression finds worth a look."""
    vectors = of_words(pairs, encoder)
    out = []
    for pair in pairs:
        both = gaps(pair.original, pair.version, vectors)
        sides = (pair.original, pair.version), (pair.version, pair.original)
        for (here, there), some, of_original in zip(sides, both, (True, False), strict=True):
            for gap in some:
                if logistic(weights, gap.terms) >= LOOK:
                    first, last = here.words[gap.first], here.words[gap.last]
                    whole, without = " ".join(here.texts), _without(here, first.n, first.start, last.end)
                    texts = whole, without, " ".join(there.texts)
                    out.append(Look(pair, of_original, gap, (first.n, first.start, last.end), texts))
    return out


def judged(some: Sequence[Look], encoder: Encoder) -> list[tuple[Look, float]]:
    """How sure each gap is, the prior lowered so that at .5 one sentence in a hundred gives a false one."""
    return [(look, logistic(SECOND, terms, PRIOR)) for look, terms in zip(some, tested(some, encoder), strict=True)]


def tested(some: Sequence[Look], encoder: Encoder) -> list[dict[str, float]]:
    """The gaps' terms with what leaving them out does to the sentence's vector."""
    texts = list(dict.fromkeys(t for look in some for t in look.texts))
    row = dict(zip(texts, encoder.encode(texts), strict=True))
    out = []
    for look in some:
        whole, without, other = (row[t] for t in look.texts)
        closer, weight = float(without @ other) - float(whole @ other), 1 - float(without @ whole)
        out.append(
            {
                **look.gap.terms,
                "closer": max(-2.0, min(3.0, 100 * closer)),
                "weight": min(4.0, 100 * weight),
                "closer for its weight": max(-1.0, min(1.0, closer / (max(0.0, weight) + 0.002))),
            }
        )
    return out


def logistic(weights: Mapping[str, float], terms: Mapping[str, float], prior: float = 0.0) -> float:
    total = weights["bias"] + prior + sum(weights[k] * v for k, v in terms.items())
    return 1 / (1 + math.exp(-max(-50.0, min(50.0, total))))


def _short(pair: Pair) -> bool:
    return max(len(pair.original.words), len(pair.version.words)) <= LONGEST


def _alike(pair: Pair) -> bool:
    return pair.original.texts == pair.version.texts


def of_words(pairs: Sequence[Pair], encoder: Encoder) -> dict[str, Vector]:
    """The content words' vectors, less the mean of everyday words, as unit rows."""
    language = pairs[0].original.language
    small, sample, signature = small_words(language), _sample(language), encoder.signature
    wanted = {w.folded for p in pairs for side in (p.original, p.version) for w in side.words}
    wanted = {w for w in wanted if w not in small and w.isalpha()} | set(sample)
    new = sorted(w for w in wanted if (signature, w) not in _vectors)
    if len(_vectors) + len(new) > KEPT:
        _vectors.clear()
        new = sorted(wanted)
    _vectors.update({(signature, w): v for w, v in zip(new, encoder.encode(new), strict=True)})
    mean = np.mean([_vectors[signature, w] for w in sample], axis=0)
    out = {}
    for word in wanted:
        vector = _vectors[signature, word] - mean
        out[word] = vector / max(1e-9, float(np.linalg.norm(vector)))
    return out


@functools.cache
def _sample(language: str) -> tuple[str, ...]:
    every = sorted(common(language))
    return tuple(map(fold, every[:: max(1, len(every) // SAMPLE)]))


def _without(passage: Passage, n: int, start: int, end: int) -> str:
    """The passage's text without a stretch of one segment, tidied."""
    texts = [t[:start] + t[end:] if m == n else t for m, t in zip(passage.numbers, passage.texts, strict=True)]
    text = re.sub(r"\s+([,.;])", r"\1", re.sub(r"\s+", " ", " ".join(texts))).strip()
    return text[:1].upper() + text[1:]
