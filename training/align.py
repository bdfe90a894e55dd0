"""Fit the aligner's weights: `python -m training.align`.

Reads the story versions with known links and writes retold/align/weights.json. Every story is read twice: as it is, and
with half of the version's segments cut in two at a clause, which is how free retellings look. Before writing it prints
what the model reaches on stories it was not fitted on (five folds, a story's variants and languages kept together).
"""

from __future__ import annotations

import json
import random
import re
from pathlib import Path
from typing import Any

import numpy as np

import retold.align
from benchmarks import data
from benchmarks.align_scores import Count
from retold.align.evidence import KINDS, gather
from retold.encode import encoder
from retold.records import Encoder

OUT = Path(retold.align.__file__).parent / "weights.json"
# Where a segment can be cut: after a comma or the like, or before a word that opens a clause.
CLAUSE = re.compile(
    r"(?<=[,;:–—]) |(?= (?:yang|dan|serta|karena|tetapi|sementara|en|maar|die|dat|omdat|terwijl|waar\w*) )"
)
CUT_RATE, SHORTEST_PIECE, CUT_WEIGHT = 0.5, 25, 0.1


def main() -> None:
    stories = data.story_versions()
    if not stories:
        raise SystemExit(1)
    engine = data.Remembered(encoder("bundled"))
    whole, pieces = read(stories, engine), read([cut(s) for s in stories], engine)
    groups = [s["id"].rsplit(".", 2)[0] for s in stories]
    for line in crossvalidate(whole, pieces, groups):
        print(line)
    scaler, regression = fit(whole, pieces)
    weight = regression.coef_[0] / scaler.scale_
    table = {
        "made_by": "python -m training.align",
        "data": "NTREX-128 story versions, development half",
        "encoder": engine.signature,
        "intercept": round(float(regression.intercept_[0] - (weight * scaler.mean_).sum()), 5),
        "weights": {kind: round(float(w), 5) for kind, w in zip(KINDS, weight, strict=True)},
    }
    OUT.write_text(json.dumps(table, indent=1) + "\n", encoding="utf-8")
    print(f"written: {OUT.name}")


def cut(story: dict[str, Any]) -> dict[str, Any]:
    """The story with some of its version's segments cut in two; both pieces keep the segment's links."""
    rng = random.Random(story["id"])
    originals: dict[int, list[int]] = {}
    for o, v in story["links"]:
        originals.setdefault(v, []).append(o)
    version: list[str] = []
    links: list[tuple[int, int]] = []
    for v, text in enumerate(story["version"]):
        spots = [m.end() for m in CLAUSE.finditer(text) if SHORTEST_PIECE <= m.start() <= len(text) - SHORTEST_PIECE]
        pieces = [text]
        if spots and rng.random() < CUT_RATE and len(originals.get(v, [])) <= 1:
            spot = rng.choice(spots)
            pieces = [p[0].upper() + p[1:] for p in (text[:spot].strip(), text[spot:].strip())]
        for piece in pieces:
            links += [(o, len(version)) for o in originals.get(v, [])]
            version.append(piece)
    return {**story, "version": version, "links": links}


Answered = list[tuple[Any, Any]]  # of every story: evidence of its pairs, and which of them are links


def read(stories: list[dict[str, Any]], engine: Encoder) -> Answered:
    texts = list(dict.fromkeys(t for s in stories for side in ("original", "version") for t in s[side]))
    row = dict(zip(texts, engine.encode(texts), strict=True))
    found = []
    for s in stories:
        original, version = (np.array([row[t] for t in s[side]]) for side in ("original", "version"))
        values = gather(original, version, s["original"], s["version"]).values
        answer = np.zeros(values.shape[:2], bool)
        for o, v in s["links"]:
            answer[o, v] = True
        found.append((values.reshape(-1, len(KINDS)), answer.ravel()))
    return found


def fit(whole: Answered, pieces: Answered) -> tuple[Any, Any]:
    from sklearn.linear_model import LogisticRegression
    from sklearn.preprocessing import StandardScaler

    values, answers = (np.concatenate([story[k] for story in whole + pieces]) for k in (0, 1))
    light = sum(len(a) for _, a in pieces)
    weight = np.concatenate([np.ones(len(answers) - light), np.full(light, CUT_WEIGHT)])
    scaler = StandardScaler().fit(values)
    return scaler, LogisticRegression(max_iter=1000).fit(scaler.transform(values), answers, sample_weight=weight)


def crossvalidate(whole: Answered, pieces: Answered, groups: list[str]) -> list[str]:
    from sklearn.model_selection import GroupKFold

    score = {"as they are": Count(), "cut": Count()}
    for seen, unseen in GroupKFold(5).split(groups, groups=groups):
        scaler, model = fit([whole[k] for k in seen], [pieces[k] for k in seen])
        for name, some in (("as they are", whole), ("cut", pieces)):
            for values, answer in (some[k] for k in unseen):
                said = model.predict(scaler.transform(values))
                both = int((said & answer).sum())
                score[name] += Count(both, int(said.sum()), both, int(answer.sum()))
    return [f"links, unseen stories, {name}: F1 {count.f1:.4f}" for name, count in score.items()]


if __name__ == "__main__":
    main()
