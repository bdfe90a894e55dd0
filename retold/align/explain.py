"""Why two segments were linked, or not: the evidence, in words and numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from retold.align.context import CONTEXT
from retold.align.evidence import KINDS, STORY, Table, weigh
from retold.align.model import NAMES, estimate, forests, in_context, probabilities
from retold.records import Encoder, RetoldError, Side

WORDS = {**KINDS, **CONTEXT}
WINDOW = 60  # segments on either side that an explanation in a long text looks at


@dataclass(frozen=True, slots=True)
class Reason:
    """One kind of evidence: its value, and what it adds to (+) or takes from (-) the logarithm of the odds."""

    kind: str
    words: str
    value: float
    weight: float


@dataclass(frozen=True, slots=True, repr=False)
class Explanation:
    """The evidence behind one pair, strongest first. probability: that the two say the same, in [0, 1]."""

    original: int
    version: int
    probability: float
    reasons: tuple[Reason, ...]

    def __repr__(self) -> str:
        head = f"original {self.original} and version {self.version}: probability {self.probability:.3f}"
        return "\n".join(
            [head, *(f"  {r.weight:+6.2f}  {r.words}: {r.value:.2f}" for r in self.reasons if abs(r.weight) >= 0.05)]
        )


def explain(
    original: Side, version: Side, encoder: Encoder, o: int, v: int, *, english: Sequence[str] | None = None
) -> Explanation:
    """The evidence for a link between segment `o` of the original and segment `v` of the version.

    In texts too long to weigh every pair, only the 60 segments on either side of both are looked at. Raises RetoldError
    where one of the two takes no part in aligning.
    """
    for side, number, name in ((original, o, "original"), (version, v, "version")):
        if number not in side.content:
            raise RetoldError(f"{name} segment {number} takes no part in aligning; {list(side.content)} do")
    rows, columns = original.content, version.content
    if len(rows) * len(columns) > STORY:
        rows, columns = _around(rows, o), _around(columns, v)
    table = weigh(original, version, encoder, english, rows, columns)
    probability, why = _reasons(table, rows.index(o), columns.index(v))
    return Explanation(o, v, probability, why)


def _around(numbers: tuple[int, ...], n: int) -> tuple[int, ...]:
    k = numbers.index(n)
    return numbers[max(0, k - WINDOW) : k + WINDOW + 1]


def _reasons(table: Table, i: int, j: int) -> tuple[float, tuple[Reason, ...]]:
    """The probability of the pair of the i-th and the j-th segment that take part, and what made it.

    What the first forest says of the pair itself is spread over the kinds of evidence that made it say so.
    """
    first, second = forests()
    values = in_context(table, estimate(table))[i, j]
    gain = second.parts(values)
    alone = first.parts(values[: len(KINDS)])
    at = NAMES.index("estimate")
    total = float(abs(alone).sum())
    if total > 0:
        gain[: len(KINDS)] += alone * (gain[at] / alone.sum() if abs(alone.sum()) > 0.1 * total else 0.0)
        gain[at] = 0.0 if abs(alone.sum()) > 0.1 * total else gain[at]
    found = [
        Reason(kind, WORDS[kind], float(value), float(g))
        for kind, value, g in zip(NAMES, values, gain, strict=True)
        if g
    ]
    return float(probabilities(table)[i, j]), tuple(sorted(found, key=lambda r: -abs(r.weight)))
