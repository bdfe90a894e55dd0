"""Fit the aligner's forests: `python -m training.align`.

Reads the story versions with known links and the hand-made gold, and writes retold/align/weights.json. Stories are read
as they are; with half of the version's segments cut in two at a clause; and with the cut version's vectors drawn to
other sentences, by a measure that differs from story to story: free retellings are cut up and say things loosely.
The second forest learns from what the first says of stories it has not seen. Before writing it prints what both reach
on unseen stories (folds keep a story's variants and languages together), how well the probabilities hold, and what a
model without the hand-made gold reaches on it.
"""

from __future__ import annotations

import json
import random
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

import retold.align
from benchmarks import data
from benchmarks.align_scores import Count, of_sets, of_story
from retold.align.evidence import KINDS, Table, gather
from retold.align.model import NAMES, hopeful, in_context
from retold.encode import encoder
from retold.records import Encoder

OUT = Path(retold.align.__file__).parent / "weights.json"
# Where a segment can be cut: after a comma or the like, or before a word that opens a clause.
CLAUSE = re.compile(
    r"(?<=[,;:–—]) |(?= (?:yang|dan|serta|karena|tetapi|sementara|en|maar|die|dat|omdat|terwijl|waar\w*) )"
)
CUT_RATE, SHORTEST_PIECE = 0.5, 25
WEIGHT = {"whole": 1.0, "cut": 0.6, "loose": 0.6, "short": 0.6, "gold": 3.0}
EXCERPTS, LONGEST_EXCERPT = 6, 5  # of a story; segments a side
LOOSEST = 1.2  # the most that is added of another sentence to one of length 1
FOLDS = 4


@dataclass(slots=True)
class Example:
    """A story as the forests see it. weak: pairs that merely touch, neither links nor their absence."""

    group: str
    sort: str
    table: Table
    links: set[tuple[int, int]]
    weak: set[tuple[int, int]]
    first: Any = None  # the first forest's probabilities, fitted without this story's group
    second: Any = None

    @property
    def answers(self) -> Any:
        found = np.zeros(self.table.values.shape[:2], bool)
        for o, v in self.links:
            found[o, v] = True
        return found

    @property
    def used(self) -> Any:
        found = hopeful(self.table).copy()
        for o, v in self.weak - self.links:
            found[o, v] = False
        return found


def main() -> None:
    stories = data.story_versions()
    if not stories:
        raise SystemExit(1)
    engine = data.Remembered(encoder("bundled"))
    examples = [example(s, "whole", engine) for s in stories]
    examples += [example(cut(s), "cut", engine) for s in stories if s["id"].endswith(".0")]
    examples += [loosened(cut(s), stories, engine) for s in stories if s["id"].endswith((".0", ".1"))]
    examples += [e for s in stories if s["id"].endswith(".1") for e in excerpts(s, stories, engine)]
    gold = gold_example(engine)
    groups = sorted({e.group for e in examples})
    parts = [set(groups[k::FOLDS]) for k in range(FOLDS)]
    for part in parts:
        model = fit([e for e in examples if e.group not in part], first=True)
        for e in (e for e in examples if e.group in part):
            e.first = ask(model, e.table.values, e)
    for part in parts:
        model = fit([e for e in examples if e.group not in part], first=False)
        for e in (e for e in examples if e.group in part):
            e.second = ask(model, in_context(e.table, e.first), e)
    for sort in ("whole", "cut", "loose", "short"):
        for stage in ("first", "second"):
            print(f"unseen stories, {sort}, {stage} forest:", report([e for e in examples if e.sort == sort], stage))
    print("calibration, second forest:", calibration([e for e in examples if e.sort == "whole"]), flush=True)
    first = fit(examples, first=True)
    if gold is not None:
        gold.first = ask(first, gold.table.values, gold)
        second = fit(examples, first=False)
        gold.second = ask(second, in_context(gold.table, gold.first), gold)
        for stage in ("first", "second"):
            print(f"hand-made gold, not fitted on, {stage} forest:", report([gold], stage), flush=True)
        examples.append(gold)
    second = fit(examples, first=False)
    book = {
        "made_by": "python -m training.align",
        "data": "NTREX-128 story versions, development half, whole, cut, loose and in excerpts; the Dutch H200 gold",
        "encoder": engine.signature,
        "alone": trees(first, KINDS),
        "together": trees(second, NAMES),
    }
    lines = json.dumps(book).replace('}, {"kind"', '},\n {"kind"').replace(', "together"', ',\n "together"')
    OUT.write_text(lines + "\n", encoding="utf-8")


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


def example(story: dict[str, Any], sort: str, engine: Encoder) -> Example:
    original, version = list(story["original"]), list(story["version"])
    table = gather(engine.encode(original), engine.encode(version), original, version)
    return Example(story["id"].rsplit(".", 2)[0], sort, table, {(o, v) for o, v in story["links"]}, set())


def loosened(story: dict[str, Any], stories: list[dict[str, Any]], engine: Encoder) -> Example:
    """The story with something of another sentence, of its own or of another story, added to each version vector."""
    rng = random.Random(story["id"] + " loose")
    original, version = list(story["original"]), list(story["version"])
    vectors = engine.encode(version)
    middle = vectors.mean(0)
    strangers = [rng.choice(rng.choice(stories)["version"]) for _ in version]
    drift = np.where(
        np.array([rng.random() < 0.5 for _ in version])[:, None],
        vectors[[rng.randrange(len(version)) for _ in version]],
        engine.encode(strangers),
    )
    apart, drift = vectors - middle, drift - middle
    drift = (
        drift * np.linalg.norm(apart, axis=1, keepdims=True) / np.linalg.norm(drift, axis=1, keepdims=True).clip(1e-6)
    )
    measure = LOOSEST * rng.random() * np.array([rng.random() for _ in version])[:, None]
    mixed = apart + measure * drift
    mixed = middle + mixed * np.linalg.norm(apart, axis=1, keepdims=True) / np.linalg.norm(
        mixed, axis=1, keepdims=True
    ).clip(1e-6)
    mixed = (mixed / np.linalg.norm(mixed, axis=1, keepdims=True)).astype(np.float32)
    table = gather(engine.encode(original), mixed, original, version)
    return Example(story["id"].rsplit(".", 2)[0], "loose", table, {(o, v) for o, v in story["links"]}, set())


def excerpts(story: dict[str, Any], stories: list[dict[str, Any]], engine: Encoder) -> list[Example]:
    """Windows of a few segments: about the same place of both sides, or of two stories that have nothing in common."""
    rng = random.Random(story["id"] + " short")
    found = []
    for k in range(EXCERPTS):
        other = rng.choice(stories) if k % 3 == 2 else story
        if other is not story and other["id"].rsplit(".", 2)[0] == story["id"].rsplit(".", 2)[0]:
            continue
        o, v = (_window(len(side), rng) for side in (story["original"], other["version"]))
        if other is story and story["links"]:
            anchor = rng.choice(story["links"])
            o = _window(len(story["original"]), rng, anchor[0])
            v = _window(len(story["version"]), rng, anchor[1] + rng.choice((-2, -1, 0, 0, 0, 1, 2)))
        links = [[a - o.start, b - v.start] for a, b in story["links"] if a in o and b in v] if other is story else []
        part = {
            "id": story["id"],
            "original": story["original"][o.start : o.stop],
            "version": other["version"][v.start : v.stop],
            "links": links,
        }
        found.append(example(part, "short", engine))
    return found


def _window(size: int, rng: random.Random, near: int | None = None) -> range:
    """A few places in a row out of `size`; `near` one of them if it can be."""
    width = min(size, rng.randint(1, LONGEST_EXCERPT))
    start = rng.randint(0, size - width) if near is None else near - rng.randrange(width)
    start = max(0, min(start, size - width))
    return range(start, start + width)


def gold_example(engine: Encoder) -> Example | None:
    gold = data.h200("nl")
    if gold is None:
        return None
    place = {side: {s["n"]: k for k, s in enumerate(_sentences(gold[side]))} for side in ("original", "version")}
    original, version = [[s["text"] for s in _sentences(gold[side])] for side in ("original", "version")]
    table = gather(engine.encode(original), engine.encode(version), original, version)
    pairs: list[set[tuple[int, int]]] = [
        {(place["original"][o], place["version"][s["n"]]) for s in _sentences(gold["version"]) for o in s[key]}
        for key in ("links", "weak")
    ]
    return Example("h200", "gold", table, pairs[0], pairs[1])


def _sentences(segments: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [s for s in segments if s["kind"] == "sentence"]


def fit(examples: list[Example], *, first: bool) -> Any:
    from sklearn.ensemble import HistGradientBoostingClassifier

    values = [(e.table.values if first else in_context(e.table, e.first))[e.used] for e in examples]
    answers = [e.answers[e.used] for e in examples]
    weights = np.concatenate([np.full(len(a), WEIGHT[e.sort]) for e, a in zip(examples, answers, strict=True)])
    model = HistGradientBoostingClassifier(
        max_iter=80,
        learning_rate=0.1,
        max_leaf_nodes=12,
        min_samples_leaf=30,
        l2_regularization=2,
        early_stopping=False,
    )
    return model.fit(np.concatenate(values), np.concatenate(answers), weights)


def ask(model: Any, values: Any, e: Example) -> Any:
    near = hopeful(e.table)
    found = np.zeros(near.shape)
    if near.any():
        found[near] = model.predict_proba(values[near])[:, 1]
    return found


def report(examples: list[Example], stage: str) -> str:
    total: dict[str, Count] = {}
    for e in examples:
        said = {(int(o), int(v)) for o, v in np.argwhere(getattr(e, stage) > 0.5)} - (e.weak - e.links)
        n, m, _ = e.table.values.shape
        counts = of_story(n, m, e.links, said)
        if e.sort == "gold":
            counts = {"links": of_sets(e.links, said)}
        total = {k: total.get(k, Count()) + c for k, c in counts.items()}
    return ", ".join(f"{k} {c.f1:.4f}" for k, c in total.items())


def calibration(examples: list[Example]) -> str:
    """Of the links given with a probability in each tenth from 0.5 up to 1, how many are right."""
    said = np.concatenate([e.second.ravel() for e in examples])
    right = np.concatenate([e.answers.ravel() for e in examples])
    bins = [(said > low / 10) & (said <= (low + 1) / 10) for low in range(10)]
    return "; ".join(f"{said[b].mean():.3f} said, {right[b].mean():.3f} right ({b.sum()})" for b in bins if b.any())


def trees(model: Any, kinds: tuple[str, ...] | dict[str, str]) -> list[dict[str, list[Any]]]:
    """The model's trees as plain lists; the baseline of the log-odds is a tree of one leaf."""
    names = list(kinds)
    base = float(model._baseline_prediction.ravel()[0])
    found: list[dict[str, list[Any]]] = [
        {"kind": [""], "threshold": [0.0], "left": [0], "right": [0], "value": [round(base, 5)]}
    ]
    for (predictor,) in model._predictors:
        nodes = predictor.nodes
        leaf = nodes["is_leaf"].astype(bool)
        value = nodes["value"].astype(float).copy()
        for n in range(len(nodes) - 1, -1, -1):  # children stand after their parent
            if not leaf[n]:
                both = [int(nodes["left"][n]), int(nodes["right"][n])]
                value[n] = np.average(value[both], weights=nodes["count"][both])
        found.append(
            {
                "kind": ["" if leaf[n] else names[int(nodes["feature_idx"][n])] for n in range(len(nodes))],
                "threshold": [0.0 if leaf[n] else float(f"{nodes['num_threshold'][n]:.6g}") for n in range(len(nodes))],
                "left": [n if leaf[n] else int(nodes["left"][n]) for n in range(len(nodes))],
                "right": [n if leaf[n] else int(nodes["right"][n]) for n in range(len(nodes))],
                "value": [round(float(v), 5) for v in value],
            }
        )
    return found


if __name__ == "__main__":
    main()
