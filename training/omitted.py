"""Fits `retold/findings/omitted_weights.py` on DEMETR's development half: `python -m training.omitted`.

A gap of the unaltered sentence is wrong; one that only the changed sentence gives is right. Unaltered sentences count
three times, since three kinds of change share them. Printed: five folds by original sentence; written: a fit on all.
"""

from __future__ import annotations

import argparse
import collections
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression

from benchmarks import data
from retold.encode import encoder
from retold.findings import gaps, omitted
from retold.findings.passage import Pair, Reading
from retold.records import Bead, Side

KINDS = {"addition": False, "adverbial removed": True, "modifier removed": True}  # is it the original that has more?
OUT = Path(omitted.__file__).with_name("omitted_weights.py")
ALARMS = 0.01, 0.05  # of the unaltered sentences: at even confidence, and at the floor


def pair(original: str, version: str) -> Pair:
    left, right = (Reading(Side.of_sentences([t], "en")).whole for t in (original, version))
    empty = Reading(Side.of_sentences([], "en")).whole
    return Pair(Bead((0,), (0,)), left, right, left, right, empty, empty, empty, empty)


def model() -> LogisticRegression:
    return LogisticRegression(C=0.1, max_iter=5000)


def fitted(rows: list[dict[str, float]], right: list[bool], weight: list[float]) -> dict[str, float]:
    """Weights of the terms as they stand, found on standardised ones."""
    keys = list(rows[0])
    x = np.array([[r[k] for k in keys] for r in rows])
    mean, spread = x.mean(0), x.std(0) + 1e-9
    found = model().fit((x - mean) / spread, right, sample_weight=weight)
    plain = found.coef_[0] / spread
    return {"bias": float(found.intercept_[0] - plain @ mean)} | {k: float(w) for k, w in zip(keys, plain, strict=True)}


def main() -> None:
    argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0]).parse_args()
    rows = [r for r in data.demetr() if r["facet"] in KINDS]
    engine = data.Remembered(encoder("bundled"))
    texts = sorted({(r["original"], r[k]) for r in rows for k in ("clean", "changed")})
    pairs = {t: pair(*t) for t in texts if t[0] != t[1]}
    vectors = omitted.of_words(list(pairs.values()), engine)
    every = {t: gaps.gaps(p.original, p.version, vectors) for t, p in pairs.items()}
    folds = {o: n % 5 for n, o in enumerate(sorted({o for o, _ in texts}, key=lambda t: (len(t) * 7919 % 101, t)))}
    clean = sorted({(r["original"], r["clean"]) for r in rows} & set(pairs))

    def said(t: tuple[str, str], k: int, g: gaps.Gap) -> str:
        words = (pairs[t].original if k == 0 else pairs[t].version).words
        return " ".join(w.folded for w in words[g.first : g.last + 1])

    examples: list[tuple[tuple[str, str], int, gaps.Gap, bool, float]] = [
        (t, k, g, False, 3.0) for t in clean for k in (0, 1) for g in every[t][k]
    ]
    for r in rows:
        t, k = (r["original"], r["changed"]), 0 if KINDS[r["facet"]] else 1
        old = {said(c, k, g) for c in [(r["original"], r["clean"])] if c in every for g in every[c][k]}
        examples += [(t, k, g, True, 1.0) for g in every.get(t, ([], []))[k] if said(t, k, g) not in old]

    def learn(leave: int | None) -> tuple[dict[str, float], dict[str, float], dict[tuple[str, str], float]]:
        some = [e for e in examples if folds[e[0][0]] != leave]
        first = fitted([dict(e[2].terms) for e in some], [e[3] for e in some], [e[4] for e in some])
        looked = omitted.looks(list(pairs.values()), engine, first)
        terms = dict(zip(map(id, (look.gap for look in looked)), omitted.tested(looked, engine), strict=True))
        at = {
            (pairs_of[id(look.pair)], 0 if look.of_original else 1, look.gap.first, look.gap.last): terms[id(look.gap)]
            for look in looked
        }
        # Gaps not looked at help too: the second is fitted on all, and told which were.
        every_term = []
        for t, k, g, *_ in some:
            seen = at.get((t, k, g.first, g.last))
            untested = {**g.terms, "closer": 0.0, "weight": 0.0, "closer for its weight": 0.0}
            every_term.append({**(seen or untested), "looked": float(seen is not None)})
        second = fitted(every_term, [e[3] for e in some], [e[4] for e in some])
        second["bias"] += second.pop("looked")
        best: dict[tuple[str, str], float] = collections.defaultdict(float)
        for (t, *_), terms_ in at.items():
            best[t] = max(best[t], omitted.logistic(second, terms_))
        return first, second, best

    pairs_of = {id(p): t for t, p in pairs.items()}
    out_of_fold: dict[tuple[str, str], float] = {}
    for leave in range(5):
        best = learn(leave)[2]
        out_of_fold |= {t: best[t] for t in texts if folds[t[0]] == leave}
    alarms = sorted((out_of_fold[c] for c in {(r["original"], r["clean"]) for r in rows}), reverse=True)
    bars = [alarms[int(share * len(alarms))] for share in ALARMS]
    for share, bar in zip(ALARMS, bars, strict=True):
        print(f"alarms {share:.2f}, probability {bar:.3f}:", end="")
        for kind in KINDS:
            some = [out_of_fold[r["original"], r["changed"]] > bar for r in rows if r["facet"] == kind]
            print(f"  {kind} {sum(some) / len(some):.3f}", end="")
        print()
    first, second, _ = learn(None)
    prior = -float(np.log(bars[0] / (1 - bars[0])))
    floor = 1 / (1 + np.exp(-np.log(bars[1] / (1 - bars[1])) - prior))
    write(first, second, prior, float(floor))


def write(first: dict[str, float], second: dict[str, float], prior: float, floor: float) -> None:
    def table(some: dict[str, Any]) -> str:
        return "{\n" + "".join(f'    "{k}": {v:.3f},\n' for k, v in some.items()) + "}"

    OUT.write_text(
        '"""Weights of the regressions of `omitted.py`, written by `python -m training.omitted`."""\n\n'
        f"PRIOR = {prior:.3f}\nFLOOR = {floor:.3f}\nFIRST = {table(first)}\nSECOND = {table(second)}\n",
        encoding="utf-8",
    )
    print(f"{OUT} written")


if __name__ == "__main__":
    main()
