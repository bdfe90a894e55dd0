"""Fit the weights of the first reading of long parallel texts: `python -m training.align_parallel`.

Maximum likelihood of the gold sequences of beads (a semi-Markov model, L-BFGS, ridge penalty), on stretches of about 80
segments of the development documents. Prints strict and lax F1 of each document under weights fitted on the other, and
writes those of the first reading to retold/align/parallel.json, fitted on both; `training.align_again` comes after it.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import numpy as np

import retold.align
from benchmarks import data
from benchmarks.align_scores import Count, of_beads
from retold.align.decode import best_beads, mirror, totals
from retold.align.lattice import KINDS, NEVER, TYPES, evidence, nearest, read, scores, whole
from retold.align.space import centre
from retold.encode import encoder
from retold.records import Encoder

OUT = Path(retold.align.__file__).parent / "parallel.json"
NAMES = [f"type_{a}_{b}" for a, b in TYPES] + [k for k in KINDS if k != "size"]
PENALTY, STRETCH = 0.3, 80
BEADS = 800  # every text counts as if it had so many


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--iterations", type=int, default=80)
    args = parser.parse_args()
    engine = data.Remembered(encoder("bundled"))
    texts = data.text_berg() + data.sign_of_four()
    if len(texts) < 2:
        raise SystemExit(1)
    ready = {t.id: prepare(t, engine) for t in texts}
    stretches = {id: cut(t, *ready[id]) for id, t in ((t.id, t) for t in texts)}
    for t in texts:
        others = [s for id, some in stretches.items() if id != t.id for s in some]
        print(t.id, "fitted on the other:", report(t, ready[t.id], fit(others, args.iterations)), flush=True)
    weights = fit([s for some in stretches.values() for s in some], args.iterations)
    for t in texts:
        print(t.id, "fitted on both:", report(t, ready[t.id], weights), flush=True)
    table = json.loads(OUT.read_text(encoding="utf-8")) | {
        "made_by": "python -m training.align_parallel, then python -m training.align_again",
        "data": "Text+Berg de-fr and The Sign of Four en-nl, development documents",
        "encoder": engine.signature,
        "first": {k: round(w, 4) for k, w in weights.items()},
    }
    OUT.write_text(json.dumps(table, indent=1) + "\n", encoding="utf-8")


def prepare(text: data.Parallel, engine: Encoder) -> tuple[Any, Any, list[int], list[int]]:
    """Centred vectors and lengths of both sides."""
    sides = [text.original, text.version]
    vectors = [centre(engine.encode(s)) for s in sides]
    return vectors[0], vectors[1], [len(s) for s in sides[0]], [len(s) for s in sides[1]]


def report(text: data.Parallel, ready: Any, weights: dict[str, float]) -> str:
    band = read(*ready)
    found = [(b.original, b.version) for b in best_beads(band, scores(band, weights))]
    return ", ".join(f"{k} {sum(c, Count()).f1:.4f}" for k, c in of_beads(text.beads, found).items())


def cut(text: data.Parallel, x: Any, y: Any, ours: list[int], theirs: list[int]) -> list[Any]:
    """Of each stretch in one order: evidence of all beads, which can be, evidence of the gold, size, weight."""
    cosine = x @ y.T
    near = (nearest(cosine, 1), nearest(cosine, 0))
    found = []
    for (i, j), beads in stretches_of(text.beads):
        n, m = sum(len(a) for a, _ in beads), sum(len(b) for _, b in beads)
        rows, columns = slice(i, i + n), slice(j, j + m)
        band = whole(x[rows], y[columns], ours[rows], theirs[columns], (near[0][rows], near[1][columns]))
        grids = np.zeros((n + 1, len(TYPES), m + 1, len(NAMES)), np.float32)
        open_ = scores(band, dict.fromkeys(NAMES, 0.0)) > NEVER / 2
        for k, kind in enumerate(TYPES):
            grids[:, k, :, k] = 1
            if kind[0] <= n and kind[1] <= m:
                for name, grid in evidence(band, kind):
                    grids[:, k, :, NAMES.index(name)] = grid
        gold, at = np.zeros(len(NAMES)), np.array([0, 0])
        for a, b in beads:
            for step in [(len(a), len(b))] if a and b else [(1, 0)] * len(a) + [(0, 1)] * len(b):
                at += step
                gold += grids[at[0], TYPES.index(step), at[1]]
        found.append((grids, open_, gold, (n, m)))
    known = sum(len(beads) for _, beads in stretches_of(text.beads))
    return [(*stretch, BEADS / known) for stretch in found]


def stretches_of(beads: data.Beads) -> list[tuple[tuple[int, int], data.Beads]]:
    """Runs of contiguous beads in order whose types the lattice knows, cut at one-to-one beads."""
    found: list[tuple[tuple[int, int], data.Beads]] = []
    run: data.Beads = []
    begin, at = [0, 0], [0, 0]

    def close() -> None:
        if len(run) > 1:
            found.append(((begin[0], begin[1]), list(run)))
        run.clear()
        begin[:] = at

    for a, b in beads:
        known = not (a and b) or (len(a), len(b)) in TYPES
        if not known or list(a) != list(range(at[0], at[0] + len(a))) or list(b) != list(range(at[1], at[1] + len(b))):
            close()
            at = [max(at[0], *(i + 1 for i in a)) if a else at[0], max(at[1], *(j + 1 for j in b)) if b else at[1]]
            begin[:] = at
            continue
        run.append((a, b))
        at = [at[0] + len(a), at[1] + len(b)]
        if at[0] - begin[0] >= STRETCH and len(a) == len(b) == 1:
            close()
    close()
    return found


def fit(stretches: list[Any], iterations: int) -> dict[str, float]:
    from scipy.optimize import minimize

    def loss(w: Any) -> tuple[float, Any]:
        value, slope = PENALTY / 2 * float(w @ w), PENALTY * w
        for grids, open_, gold, (n, m), share in stretches:
            table = np.where(open_, grids @ w.astype(np.float32), NEVER).astype(np.float32)
            low = np.zeros(n + 1, int)
            ahead = totals(table, low, m)
            turned, back = mirror(table, low, m)
            behind = totals(turned, back, m)[::-1, ::-1]
            surely = np.zeros(table.shape)
            for k, (a, b) in enumerate(TYPES):
                if a <= n and b <= m:
                    log = ahead[: n + 1 - a, : m + 1 - b] + table[a:, k, b:] + behind[a:, b:] - ahead[n, m]
                    surely[a:, k, b:] = np.exp(np.minimum(log, 0))
            value += share * (ahead[n, m] - float(gold @ w))
            where = surely > 1e-6
            slope = slope + share * (surely[where] @ grids[where] - gold)
        return value, slope

    best = minimize(loss, np.zeros(len(NAMES)), jac=True, method="L-BFGS-B", options={"maxiter": iterations})
    return {name: float(w) for name, w in zip(NAMES, best.x, strict=True)}


if __name__ == "__main__":
    main()
