"""Fit the aligner's forests: `python -m training.align`.

Reads the free retellings, the story versions with known links and the hand-made gold, and writes
retold/align/weights.json. Story versions are read as they are; with half of the version's segments cut in two at a
clause; with the cut version's vectors drawn to other sentences, by a measure that differs from story to story; and with
more left out, moved and put in from the most similar story.
The second forest learns from what the first says of stories it has not seen. Before writing it prints what both reach
on unseen stories (folds keep a story's variants and languages together), how well the probabilities hold, which it
also draws, and what a model without the hand-made gold reaches on it.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

import retold.align
from benchmarks import data
from benchmarks.align_scores import Count, of_sets, of_story
from retold.align.evidence import KINDS, Table, gather
from retold.align.model import NAMES, UNLIKELY, hopeful, in_context
from retold.align.pieces import cut_up
from retold.align.space import space
from retold.encode import encoder
from retold.records import Encoder, Vectors
from training import align_space
from training.align_space import group

OUT = Path(retold.align.__file__).parent / "weights.json"
PLOT = data.ROOT / "docs" / "img" / "reliability.png"
# Where a segment can be cut: after a comma or the like, or before a word that opens a clause.
CLAUSE = re.compile(
    r"(?<=[,;:–—]) |(?= (?:yang|dan|serta|karena|tetapi|sementara|en|maar|die|dat|omdat|terwijl|waar\w*) )"
)
CUT_RATE, SHORTEST_PIECE = 0.5, 25
WEIGHT = {"whole": 1.0, "cut": 0.6, "loose": 0.6, "mixed": 0.6, "short": 0.6, "free": 1.0, "gold": 8.0}
DROPPED, ADDED, MOVED = 0.15, 0.2, 0.15  # of a reshuffled story's segments
SEEDS = {True: 1, False: 3}  # forests of the evidence alone, and of the evidence in context
EXCERPTS, LONGEST_EXCERPT = 6, 5  # of a story; segments a side
LOOSEST = 1.2  # the most that is added of another sentence to one of length 1


@dataclass(frozen=True, slots=True)
class Seen:
    """An encoder, and the space that its vectors are compared in."""

    encoder: Encoder
    space: Vectors | None

    def encode(self, texts: Sequence[str]) -> Vectors:
        return self.encoder.encode(list(texts))


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
    memory = data.Remembered(encoder("bundled"))
    told = align_space.stories(memory)
    parts = align_space.folds({s.group for s in told})
    examples: list[Example] = []
    for part in parts:  # seen in a space that was fitted without them, as any new story is
        engine = Seen(memory, align_space.fit([s for s in told if s.group not in part]))
        here = [s for s in stories if group(s) in part]
        examples += [example(s, "whole", engine) for s in here]
        examples += [example(cut(s), "cut", engine) for s in here if s["id"].endswith(".0")]
        examples += [loosened(cut(s), stories, engine) for s in here if s["id"].endswith((".0", ".1"))]
        examples += [e for s in here if s["id"].endswith(".1") for e in excerpts(s, stories, engine)]
        for n, s in enumerate(s for s in here if s["id"].endswith((".0", ".1"))):
            mixed = reshuffled(cut(s), nearest(s, stories, engine))
            examples.append(loosened(mixed, stories, engine) if n % 3 == 2 else example(mixed, "mixed", engine))
        examples += [example(s, "free", engine) for s in data.retellings() if group(s) in part]
    gold = gold_example(Seen(memory, space(memory)))
    for part in parts:
        model = fit([e for e in examples if e.group not in part], first=True)
        for e in (e for e in examples if e.group in part):
            e.first = ask(model, e, first=True)
    for part in parts:
        model = fit([e for e in examples if e.group not in part], first=False)
        for e in (e for e in examples if e.group in part):
            e.second = ask(model, e, first=False)
    for sort in ("whole", "cut", "loose", "mixed", "short", "free"):
        for stage in ("first", "second"):
            print(f"unseen stories, {sort}, {stage} forest:", report([e for e in examples if e.sort == sort], stage))
    for sort in ("free", "whole"):
        bins = reliability([e for e in examples if e.sort == sort])
        print(f"calibration, {sort}:", "; ".join(f"{p:.3f} said, {r:.3f} right ({n})" for p, r, n in bins), flush=True)
        sure = [x for e in examples if e.sort == sort for x in alone(e)]
        print(f"standing alone, {sort}:", "; ".join(f"{p:.2f} said, {r:.2f} right ({n})" for p, r, n in tenths(sure)))
    draw(bins)
    first = fit(examples, first=True)
    if gold is not None:
        gold.first = ask(first, gold, first=True)
        second = fit(examples, first=False)
        gold.second = ask(second, gold, first=False)
        for stage in ("first", "second"):
            print(f"hand-made gold, not fitted on, {stage} forest:", report([gold], stage), flush=True)
        examples.append(gold)
    second = fit(examples, first=False)
    book = {
        "made_by": "python -m training.align",
        "data": "free retellings written for this project; NTREX-128 story versions, development half, whole, cut, "
        "loose and in excerpts; the Dutch H200 gold",
        "encoder": memory.signature,
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


def example(story: dict[str, Any], sort: str, engine: Seen) -> Example:
    original, version = list(story["original"]), list(story["version"])
    vectors = engine.encode(original), engine.encode(version)
    parts = cut_up(original, engine.encoder), cut_up(version, engine.encoder)
    table = gather(*vectors, original, version, parts, ("en", story["language"]), within=engine.space)
    return Example(group(story), sort, table, {(o, v) for o, v in story["links"]}, set())


def loosened(story: dict[str, Any], stories: list[dict[str, Any]], engine: Seen) -> Example:
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
    # The pieces' own vectors are not loosened, and some texts are in languages without a bilingual list.
    parts = cut_up(original, engine.encoder), cut_up([""] * len(version), engine.encoder)
    language = story["language"] if rng.random() < 0.7 else "?"
    table = gather(engine.encode(original), mixed, original, version, parts, ("en", language), within=engine.space)
    return Example(group(story), "loose", table, {(o, v) for o, v in story["links"]}, set())


def nearest(story: dict[str, Any], stories: list[dict[str, Any]], engine: Seen) -> dict[str, Any]:
    """The story of the same language that is most like it, by the mean of its vectors."""
    others = [s for s in stories if s["language"] == story["language"] and s["id"].endswith(".2")]
    others = [s for s in others if group(s) != group(story)]
    middles = np.array([engine.encode(s["version"]).mean(0) for s in [story, *others]])
    middles = middles[1:] @ (middles[0] - middles.mean(0))
    return others[int(middles.argmax())]


def reshuffled(story: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    """The story with some of its version's segments left out, some moved and some of another story's put in between."""
    rng = random.Random(story["id"] + " mixed")
    kept = [v for v in range(len(story["version"])) if rng.random() >= DROPPED]
    for v in [v for v in kept if rng.random() < MOVED]:
        kept.remove(v)
        kept.insert(rng.randrange(len(kept) + 1), v)
    units: list[tuple[int | None, str]] = [(v, story["version"][v]) for v in kept]
    strangers = other["version"]
    for text in rng.sample(strangers, min(len(strangers), round(ADDED * len(units)))):
        units.insert(rng.randrange(len(units) + 1), (None, text))
    place = {v: n for n, (v, _) in enumerate(units) if v is not None}
    links = [(o, place[v]) for o, v in story["links"] if v in place]
    return {**story, "version": [text for _, text in units], "links": links}


def excerpts(story: dict[str, Any], stories: list[dict[str, Any]], engine: Seen) -> list[Example]:
    """Windows of a few segments: about the same place of both sides, or of two stories that have nothing in common."""
    rng = random.Random(story["id"] + " short")
    found = []
    for k in range(EXCERPTS):
        other = rng.choice(stories) if k % 3 == 2 else story
        if other is not story and group(other) == group(story):
            continue
        o, v = (_window(len(side), rng) for side in (story["original"], other["version"]))
        if other is story and story["links"]:
            anchor = rng.choice(story["links"])
            o = _window(len(story["original"]), rng, anchor[0])
            v = _window(len(story["version"]), rng, anchor[1] + rng.choice((-2, -1, 0, 0, 0, 1, 2)))
        links = [[a - o.start, b - v.start] for a, b in story["links"] if a in o and b in v] if other is story else []
        part = {
            "id": story["id"],
            "language": other["language"],
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


def gold_example(engine: Seen) -> Example | None:
    gold = data.h200("nl")
    if gold is None:
        return None
    place = {side: {s["n"]: k for k, s in enumerate(_sentences(gold[side]))} for side in ("original", "version")}
    original, version = [[s["text"] for s in _sentences(gold[side])] for side in ("original", "version")]
    parts = cut_up(original, engine.encoder), cut_up(version, engine.encoder)
    table = gather(
        engine.encode(original), engine.encode(version), original, version, parts, ("en", "nl"), within=engine.space
    )
    pairs: list[set[tuple[int, int]]] = [
        {(place["original"][o], place["version"][s["n"]]) for s in _sentences(gold["version"]) for o in s[key]}
        for key in ("links", "weak")
    ]
    return Example("h200", "gold", table, pairs[0], pairs[1])


def _sentences(segments: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [s for s in segments if s["kind"] == "sentence"]


@dataclass(frozen=True, slots=True)
class Grove:
    """Forests that differ by chance alone; what they say is the mean of their log-odds, which is steadier than one."""

    forests: tuple[Any, ...]

    def probability(self, values: Any) -> Any:
        return 1 / (1 + np.exp(-np.mean([f.decision_function(values) for f in self.forests], axis=0)))


def fit(examples: list[Example], *, first: bool) -> Grove:
    from sklearn.ensemble import HistGradientBoostingClassifier

    used = [e.used if first else e.used & (e.first > UNLIKELY / 2) for e in examples]
    tables = [e.table.values if first else in_context(e.table, e.first) for e in examples]
    values = np.concatenate([t[u] for t, u in zip(tables, used, strict=True)])
    answers = [e.answers[u] for e, u in zip(examples, used, strict=True)]
    weights = np.concatenate([np.full(len(a), WEIGHT[e.sort]) for e, a in zip(examples, answers, strict=True)])
    right = np.concatenate(answers)
    return Grove(
        tuple(
            HistGradientBoostingClassifier(
                max_iter=130,
                learning_rate=0.1,
                max_leaf_nodes=16,
                max_features=0.5,  # drawn anew at every split: the kinds of evidence say much the same
                random_state=seed,
                min_samples_leaf=30,
                l2_regularization=2,
                early_stopping=False,
            ).fit(values, right, weights)
            for seed in range(SEEDS[first])
        )
    )


def ask(model: Grove, e: Example, *, first: bool) -> Any:
    """Probabilities as the package computes them: the second forest is not asked where the first sees no chance."""
    values = e.table.values if first else in_context(e.table, e.first)
    near = hopeful(e.table) if first else e.first > UNLIKELY
    found = np.zeros(near.shape) if first else e.first.copy()
    if near.any():
        found[near] = model.probability(values[near])
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


def reliability(examples: list[Example]) -> list[tuple[float, float, int]]:
    """Of the pairs given with a probability in each tenth: the mean said, the share that are links, how many pairs."""
    return tenths([x for e in examples for x in zip(e.second.ravel(), e.answers.ravel(), strict=True)])


def alone(e: Example) -> list[tuple[float, bool]]:
    """Of every segment called added or dropped: how sure of that its links are, and whether it is so."""
    found = []
    for axis in (0, 1):
        said, linked = (1 - e.second).prod(axis), e.answers.any(axis)
        unlinked = ~(e.second > 0.5).any(axis)
        found += [(float(p), not k) for p, k, u in zip(said, linked, unlinked, strict=True) if u]
    return found


def tenths(said: list[tuple[float, bool]]) -> list[tuple[float, float, int]]:
    """By tenths of what was said: the mean said, the share right, how many."""
    rows = np.array(said, float).reshape(-1, 2)
    bins = [(rows[:, 0] > k / 10) & (rows[:, 0] <= (k + 1) / 10) for k in range(10)]
    return [(float(rows[b, 0].mean()), float(rows[b, 1].mean()), int(b.sum())) for b in bins if b.any()]


def draw(bins: list[tuple[float, float, int]]) -> None:
    """The reliability plot in docs/: points with the middle 95 % of a binomial of that size about what was said."""
    from matplotlib.figure import Figure
    from scipy.stats import binom

    figure = Figure(figsize=(4, 3.6), layout="constrained")
    axes = figure.subplots()
    axes.plot([0, 1], [0, 1], color="0.7", linewidth=1)
    for said, right, pairs in bins:
        low, high = (float(binom.ppf(q, pairs, said)) / pairs for q in (0.025, 0.975))
        axes.vlines(said, low, high, color="0.6", linewidth=4, alpha=0.6)
        axes.plot(said, right, "o", color="#0b5394", markersize=4)
        axes.annotate(str(pairs), (said, right), (5, -9), textcoords="offset points", fontsize=7)
    axes.set(xlabel="probability said", ylabel="share that are links", xlim=(-0.03, 1.06), ylim=(-0.05, 1.05))
    figure.savefig(PLOT, dpi=110, metadata={"Software": None})


def trees(grove: Grove, kinds: tuple[str, ...] | dict[str, str]) -> list[dict[str, list[Any]]]:
    """The trees as plain lists; the baseline of the log-odds is a tree of one leaf."""
    names, many = list(kinds), len(grove.forests)
    base = float(np.mean([f._baseline_prediction.ravel()[0] for f in grove.forests]))
    found: list[dict[str, list[Any]]] = [
        {"kind": [""], "threshold": [0.0], "left": [0], "right": [0], "value": [round(base, 5)]}
    ]
    for (predictor,) in (p for f in grove.forests for p in f._predictors):
        nodes = predictor.nodes
        leaf = nodes["is_leaf"].astype(bool)
        value = nodes["value"].astype(float) / many
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
