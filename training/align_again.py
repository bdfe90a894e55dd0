"""Fit the weights of the second reading of parallel texts: `python -m training.align_again`, after align_parallel.

Maximum likelihood of the gold sequences of beads among the beads that the first reading leaves open (L-BFGS, ridge
penalty). The gold of The Sign of Four often stands one segment off: a stretch where the fitted model finds the gold all
but impossible may take any beads when the weights are fitted again. Prints strict and lax F1 of each document under
weights of both readings fitted on the other, and by quarters, fitted on the other and on the other three quarters, and
adds the second reading's weights, fitted on both, to retold/align/parallel.json.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from benchmarks import data
from benchmarks.align_scores import Count, of_beads
from retold.align.again import KINDS, LEAST, evidence
from retold.align.decode import likely
from retold.align.lattice import NEVER, read, scores
from retold.align.web import Web
from retold.encode import encoder
from retold.records import Encoder
from training.align_parallel import OUT, STRETCH, cut, prepare, stretches_of
from training.align_parallel import fit as fit_first

PENALTY, ITERATIONS, PARTS = 0.3, 50, 4
BEADS = 800  # every text counts as if it had so many
IMPROBABLE = 0.02  # gold beads below this, once fitted, are taken for errors of the gold


@dataclass(slots=True)
class Part:
    """A stretch of a text: its beads in question, the evidence, and the beads that agree with the gold."""

    web: Web
    values: Any
    agree: Any
    share: float


@dataclass(slots=True)
class Text:
    """A text as the second reading sees it."""

    gold: data.Parallel
    beads: Any  # (k, 4)
    values: Any  # (k, KINDS)
    agree: Any  # (k,)

    def parts(self) -> list[Part]:
        """Its quarters, cut where one-to-one beads of the gold end."""
        share = BEADS / len(self.gold.beads)
        found = []
        for (i, j), (k, m) in self.quarters():
            b = self.beads
            some = np.flatnonzero((b[:, 0] >= i) & (b[:, 1] <= k) & (b[:, 2] >= j) & (b[:, 3] <= m))
            found.append(Part(Web.of(b[some]), self.values[some], self.agree[some], share))
        return found

    def quarters(self) -> list[tuple[tuple[int, int], tuple[int, int]]]:
        known = {tuple(b) for b in self.beads.tolist()}
        ones = [(a[0], b[0]) for a, b in in_order(self.gold.beads) if len(a) == len(b) == 1]
        ends = [(i + 1, j + 1) for i, j in ones if (i, i + 1, j, j + 1) in known]
        n, m = len(self.gold.original), len(self.gold.version)
        at = [min(ends, key=lambda end: abs(end[0] - n * k / PARTS)) for k in range(1, PARTS)]
        return list(zip([(0, 0), *at], [*at, (n, m)], strict=True))

    def found(self, weights: Any) -> data.Beads:
        best = self.beads[Web.of(self.beads).best(self.values @ weights)]
        return [(tuple(range(a, b)), tuple(range(c, d))) for a, b, c, d in best.tolist()]

    def forgiven(self, weights: Any) -> Text:
        """The same, any beads agreeing where the gold is all but impossible, and a segment beyond."""
        surely, _ = Web.of(self.beads).probabilities(self.values @ weights)
        sure = {tuple(b) for b in self.beads[surely >= IMPROBABLE].tolist()}
        free = [np.zeros(len(self.gold.original), bool), np.zeros(len(self.gold.version), bool)]
        for a, b in self.gold.beads:
            if a and b and (a[0], a[-1] + 1, b[0], b[-1] + 1) not in sure:
                for side, some in zip(free, (a, b), strict=True):
                    for at in some:
                        side[max(at - 1, 0) : at + 2] = True
        return replace(self, agree=self.agree | within(self.beads, free))


def main() -> None:
    engine = data.Remembered(encoder("bundled"))
    texts = data.text_berg() + data.sign_of_four()
    if len(texts) < 2:
        raise SystemExit(1)
    book = json.loads(OUT.read_text(encoding="utf-8"))
    stretches = {t.id: cut(t, *prepare(t, engine)) for t in texts}
    for t, other in (texts, texts[::-1]):
        first = fit_first(stretches[other.id], 80)
        here, there = ready(t, first, engine), ready(other, first, engine)
        print(t.id, "both readings fitted on the other:", report(t, here.found(fit([there], [None]))), flush=True)
        beads: data.Beads = []
        for k, (low, high) in enumerate(here.quarters()):
            places = [i for (i, _), _ in stretches_of(t.beads)]
            rest = [s for s, i in zip(stretches[t.id], places, strict=True) if not low[0] - STRETCH < i < high[0]]
            first = fit_first(stretches[other.id] + rest, 40)
            here, there = ready(t, first, engine), ready(other, first, engine)
            found = here.found(fit([there, here], [None, k]))
            beads += [x for x in found if (low[0] <= x[0][0] < high[0] if x[0] else low[1] <= x[1][0] < high[1])]
        print(t.id, "by quarters:", report(t, beads), flush=True)
    both = [ready(t, book["first"], engine) for t in texts]
    weights = fit(both, [None, None])
    for t, text in zip(texts, both, strict=True):
        print(t.id, "fitted on both:", report(t, text.found(weights)), flush=True)
    book["second"] = {kind: round(float(w), 4) for kind, w in zip(KINDS, weights, strict=True)}
    OUT.write_text(json.dumps(book, indent=1) + "\n", encoding="utf-8")


def report(text: data.Parallel, found: data.Beads) -> str:
    return ", ".join(f"{k} {sum(c, Count()).f1:.4f}" for k, c in of_beads(text.beads, found).items())


def ready(text: data.Parallel, first: dict[str, float], engine: Encoder) -> Text:
    """The beads that the first reading leaves open, their evidence, and which of them agree with the gold."""
    band = read(*prepare(text, engine))
    beads = likely(band, scores(band, first), LEAST)
    sides = (text.original, engine.encode(text.original)), (text.version, engine.encode(text.version))
    open_ = {tuple(b) for b in beads.tolist()}
    gold = {(a[0], a[-1] + 1, b[0], b[-1] + 1) for a, b in in_order(text.beads)} & open_
    taken = [np.zeros(len(side), bool) for side in (text.original, text.version)]
    for i, j, k, m in gold:
        taken[0][i:j] = taken[1][k:m] = True
    free = [np.zeros(len(side), bool) for side in (text.original, text.version)]
    for a, b in text.beads:  # gold that is out of order, not contiguous or not in question
        if a and b and (a[0], a[-1] + 1, b[0], b[-1] + 1) not in gold:
            free[0][list(a)] = free[1][list(b)] = True
    agree = np.array([tuple(b) in gold for b in beads.tolist()]) | within(beads, free)
    for at, (i, j, k, m) in enumerate(beads.tolist()):
        agree[at] |= (i == j and not taken[1][k]) or (k == m and not taken[0][i])
    return Text(text, beads, evidence(band, beads, sides, engine), agree)


def in_order(beads: data.Beads) -> data.Beads:
    """The two-sided contiguous beads of the gold that stand in one order."""
    found: data.Beads = []
    high = [0, 0]
    for a, b in sorted(bead for bead in beads if all(bead)):
        if (
            all(list(side) == list(range(side[0], side[-1] + 1)) for side in (a, b))
            and a[0] >= high[0]
            and b[0] >= high[1]
        ):
            found.append((a, b))
            high = [a[-1] + 1, b[-1] + 1]
    return found


def within(beads: Any, free: list[Any]) -> Any:
    """Which beads hold none but free segments."""
    return np.array([bool(free[0][a:b].all() and free[1][c:d].all()) for a, b, c, d in beads.tolist()])


def fit(texts: list[Text], without: list[int | None]) -> Any:
    """Weights fitted on all parts of each text but one, or on all."""
    weights = _climb(_but(texts, without), np.zeros(len(KINDS)))
    return _climb(_but([text.forgiven(weights) for text in texts], without), weights)


def _but(texts: list[Text], without: list[int | None]) -> list[Part]:
    return [p for text, left in zip(texts, without, strict=True) for k, p in enumerate(text.parts()) if k != left]


def _climb(parts: list[Part], start: Any) -> Any:
    from scipy.optimize import minimize

    def loss(w: Any) -> tuple[float, Any]:
        value, slope = PENALTY / 2 * float(w @ w), PENALTY * w
        for p in parts:
            table = p.values @ w
            surely, every = p.web.probabilities(table)
            gold, agreed = p.web.probabilities(np.where(p.agree, table, float(NEVER) / 1e3))
            value += p.share * (every - agreed)
            slope = slope + p.share * (p.values.T @ (surely - gold))
        return value, slope

    return minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": ITERATIONS}).x


if __name__ == "__main__":
    main()
