"""Why two segments were linked, or not: the evidence, in words and numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from retold.align.evidence import KINDS
from retold.align.model import probabilities, weights
from retold.records import Encoder, RetoldError, Side


@dataclass(frozen=True, slots=True)
class Reason:
    """One kind of evidence: its value, and what it adds to the logarithm of the odds, above (+) or below (-) the
    average pair of the two texts."""

    kind: str
    words: str
    value: float
    weight: float


@dataclass(frozen=True, slots=True)
class Explanation:
    """The evidence behind one pair, strongest first. probability: that the two say the same, in [0, 1]."""

    original: int
    version: int
    probability: float
    reasons: tuple[Reason, ...]

    def __str__(self) -> str:
        head = f"original {self.original} and version {self.version}: probability {self.probability:.3f}"
        return "\n".join([head, *(f"  {r.weight:+6.2f}  {r.words}: {r.value:.2f}" for r in self.reasons)])


def explain(
    original: Side, version: Side, encoder: Encoder, o: int, v: int, *, english: Sequence[str] | None = None
) -> Explanation:
    """The evidence for a link between segment `o` of the original and segment `v` of the version.

    Raises RetoldError where one of them takes no part in aligning.
    """
    from retold.align import _table

    for side, number, name in ((original, o, "original"), (version, v, "version")):
        if number not in side.content:
            raise RetoldError(f"{name} segment {number} takes no part in aligning; {list(side.content)} do")
    table = _table(original, version, encoder, english)
    i, j = original.content.index(o), version.content.index(v)
    weight, _ = weights()
    values = table.values[i, j]
    gain = weight * (values - table.values.mean((0, 1)))
    reasons = [
        Reason(kind, words, float(value), float(g))
        for (kind, words), value, g in zip(KINDS.items(), values, gain, strict=True)
    ]
    return Explanation(o, v, float(probabilities(table)[i, j]), tuple(sorted(reasons, key=lambda r: -abs(r.weight))))
