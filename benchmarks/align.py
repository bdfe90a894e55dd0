"""Ours and its peers on every alignment set that is there: `python -m benchmarks.align`.

All that take vectors take the same ones. Time is that of aligning alone, encodings given; it says nothing of encoding.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from benchmarks import data
from benchmarks.align_scores import Count, interval, of_beads, of_sets, of_story
from retold.align import align, align_vectors
from retold.encode import encoder
from retold.records import Encoder, Side, Vectors

Beads = data.Beads
Aligner = Callable[[Side, Side, Encoder], Beads]
SETS = ("stories", "retellings", "gold", "parallel")
STRETCH = 140  # original segments: a long article


def ours(original: Side, version: Side, engine: Encoder) -> Beads:
    return [(b.original, b.version) for b in align(original, version, engine).beads]


def greedy(original: Side, version: Side, engine: Encoder, threshold: float = 0.15, neighbours: int = 4) -> Beads:
    """Every segment of either side to its best counterpart by CSLS of the centred vectors, above a threshold."""
    sides = [engine.encode(list(side.texts)) for side in (original, version)]
    sides = [v - v.mean(0) for v in sides]
    sides = [v / np.maximum(np.linalg.norm(v, axis=1, keepdims=True), 1e-6) for v in sides]
    cosine = sides[0] @ sides[1].T
    rows = np.sort(cosine, 1)[:, -neighbours:].mean(1)[:, None]
    columns = np.sort(cosine, 0)[-neighbours:].mean(0)[None]
    margin = 2 * cosine - rows - columns
    on = np.zeros(margin.shape, bool)
    on[np.arange(len(on)), margin.argmax(1)] = True
    on[margin.argmax(0), np.arange(on.shape[1])] = True
    return from_links(on & (margin > threshold))


def from_links(on: np.ndarray) -> Beads:
    """Connected links as beads, and the rest as one-sided ones."""
    beads: Beads = []
    for i in range(len(on)):
        rows, columns = {i}, set(np.flatnonzero(on[i]).tolist())
        while columns and (more := set(np.flatnonzero(on[:, sorted(columns)].any(1)).tolist())) != rows:
            rows, columns = more, set(np.flatnonzero(on[sorted(more)].any(0)).tolist())
        if min(rows) == i:
            beads.append((tuple(sorted(rows)), tuple(sorted(columns))))
    return beads + [((), (int(j),)) for j in np.flatnonzero(~on.any(0))]


class Spans:
    """An encoder of neighbours joined by a space: the sum of their vectors, each times its length, as in ours."""

    def __init__(self, engine: Encoder, *texts: Sequence[str], longest: int) -> None:
        self.engine = engine
        self.known: dict[str, Vectors] = {}
        for side in texts:
            vectors = engine.encode(list(side)) * np.array([[max(1, len(t))] for t in side], np.float32)
            total = np.concatenate([np.zeros((1, vectors.shape[1]), np.float32), np.cumsum(vectors, axis=0)])
            for width in range(1, longest + 1):
                for k in range(len(side) - width + 1):
                    self.known.setdefault(" ".join(side[k : k + width]), total[k + width] - total[k])

    def encode(self, texts: list[str]) -> Vectors:
        rest = {t: v for t, v in zip(texts, texts, strict=True) if t not in self.known}
        self.known.update(zip(rest, self.engine.encode(list(rest)), strict=True))
        found = np.stack([self.known[t] for t in texts])
        return np.asarray(found / np.linalg.norm(found, axis=1, keepdims=True), np.float32)


def sentweave(original: Side, version: Side, engine: Encoder) -> Beads:
    """Vecalign's dynamic programme, its overlaps made of the same vectors as ours."""
    import sentweave as peer

    spans = Spans(engine, original.texts, version.texts, longest=7)
    with contextlib.redirect_stdout(io.StringIO()):
        found = peer.align(list(original.texts), list(version.texts), spans)
    return [(tuple(map(int, a.src_indices)), tuple(map(int, a.tgt_indices))) for a in found.alignments]


def galechurch(original: Side, version: Side, engine: Encoder) -> Beads:
    """Gale and Church 1993: lengths alone."""
    import galechurch as peer

    found = peer.align(list(original.texts), list(version.texts)).beads
    return [(tuple(range(b.source_start, b.source_end)), tuple(range(b.target_start, b.target_end))) for b in found]


PEERS: dict[str, Aligner] = {"ours": ours, "greedy CSLS": greedy, "sentweave": sentweave, "galechurch": galechurch}


@dataclass(frozen=True, slots=True)
class Row:
    """One figure of one system on one set."""

    set: str
    figure: str
    system: str
    units: list[Count]
    seconds: float

    def __str__(self) -> str:
        low, high = interval(self.units)
        f1 = sum(self.units, Count()).f1
        return f"| {self.set} | {self.figure} | {self.system} | {f1:.4f} | {low:.3f}-{high:.3f} | {self.seconds:.2f} |"


def timed(aligner: Aligner, original: Side, version: Side, engine: Encoder) -> tuple[Beads, float]:
    """Beads and the seconds they took, with every vector the aligner asks for already encoded."""
    aligner(original, version, engine)
    start = time.perf_counter()
    beads = aligner(original, version, engine)
    return beads, time.perf_counter() - start


def links(beads: Beads) -> set[tuple[int, int]]:
    return {(o, v) for a, b in beads for o in a for v in b}


def story_rows(name: str, stories: list[dict[str, Any]], system: str, engine: Encoder) -> list[Row]:
    units: dict[tuple[str, str], list[Count]] = {}
    seconds: dict[str, float] = {}
    for s in stories:
        sides = Side.of_sentences(s["original"], "en"), Side.of_sentences(s["version"], s["language"])
        beads, took = timed(PEERS[system], *sides, engine)
        counts = of_story(len(s["original"]), len(s["version"]), {(o, v) for o, v in s["links"]}, links(beads))
        for where in ("all", s["language"]):
            seconds[where] = seconds.get(where, 0) + took
            for figure, count in counts.items():
                units.setdefault((where, figure), []).append(count)
    return [Row(f"{name}, {where}", figure, system, u, seconds[where]) for (where, figure), u in units.items()]


def parallel_rows(system: str, engine: Encoder) -> list[Row]:
    """Strict and lax beads of the parallel texts, each as a whole and in stretches of the size of a long article."""
    rows = []
    for text in data.text_berg() + data.sign_of_four():
        for name, parts in ((text.id, [text]), (f"{text.id} in {STRETCH}s", data.stretches(text, STRETCH))):
            units: dict[str, list[Count]] = {}
            seconds = 0.0
            for part in parts:
                original = Side.of_sentences(part.original, part.languages[0])
                version = Side.of_sentences(part.version, part.languages[1])
                beads, took = timed(PEERS[system], original, version, engine)
                seconds += took
                for figure, counts in of_beads(part.beads, beads).items():
                    units.setdefault(figure, []).extend(counts)
            rows += [Row(name, figure, system, counts, seconds) for figure, counts in units.items()]
    return rows


def gold_rows(system: str, engine: Encoder) -> list[Row]:
    gold = data.h200("nl")
    if gold is None:
        return []
    kinds = {side: [s["kind"] for s in gold[side]] for side in ("original", "version")}
    sides = [
        Side(tuple(s["text"] for s in gold[side]), language, tuple(kinds[side]))
        for side, language in (("original", "en"), ("version", "nl"))
    ]
    beads, took = timed(PEERS[system], sides[0], sides[1], engine)
    wanted = {(o - 1, s["n"] - 1) for s in gold["version"] for o in s["links"]}
    weak = {(o - 1, s["n"] - 1) for s in gold["version"] for o in s["weak"]}
    found = links(beads)
    dropped = {a[0] for a, b in beads if not b}
    lost = [Count(0, 0, int(s["n"] - 1 not in dropped), 1) for s in gold["original"] if s["status"] == "kept"]
    kept = Count(len(lost), len(lost), sum(c.hit for c in lost), len(lost))
    return [
        Row("H200 nl", "links", system, [of_sets(wanted, found - (weak - wanted))], took),
        Row("H200 nl", "kept originals not dropped", system, [kept], took),
    ]


def speed(originals: int = 5000, versions: int = 6301) -> float:
    """Seconds for a long parallel text whose vectors are given, the best of three."""
    rng = np.random.default_rng(0)
    base = rng.normal(size=(originals, 384)).astype(np.float32)
    source = np.minimum(np.arange(versions) * originals // versions, originals - 1)
    sides = [base + 0.6 * rng.normal(size=base.shape), base[source] + 0.6 * rng.normal(size=(versions, 384))]
    vectors = [np.asarray(s / np.linalg.norm(s, axis=1, keepdims=True), np.float32) for s in sides]
    lengths = [[int(x) for x in rng.integers(40, 200, len(s))] for s in sides]
    took = []
    for _ in range(3):
        start = time.perf_counter()
        align_vectors(vectors[0], vectors[1], lengths[0], lengths[1])
        took.append(time.perf_counter() - start)
    return min(took)


def story_speed(engine: Encoder, size: int = 60) -> float:
    """Seconds for a story of `size` by `size` segments, every vector already encoded, the best of five."""
    lines = data.flores("en"), data.flores("nl")
    sides = [Side.of_sentences(some[:size], language) for some, language in zip(lines, ("en", "nl"), strict=True)]
    if not lines[0] or not lines[1]:
        return float("nan")
    rows = random.Random(0).sample(range(size), size)
    shuffled = Side.of_sentences([sides[1].texts[k] for k in rows], "nl")
    return min(timed(ours, sides[0], shuffled, engine)[1] for _ in range(5))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--systems", nargs="+", choices=PEERS, default=list(PEERS))
    parser.add_argument("--stories", type=int, default=10**9, help="only the first N story versions and retellings")
    parser.add_argument("--encoder", default="bundled")
    parser.add_argument("--sets", nargs="+", choices=SETS, default=SETS)
    args = parser.parse_args()
    engine = data.Remembered(encoder(args.encoder))
    read: dict[str, Callable[[str, Encoder], list[Row]]] = {
        "stories": lambda *of: story_rows("story versions", data.story_versions()[: args.stories], *of),
        "retellings": lambda *of: story_rows("free retellings", data.retellings()[: args.stories], *of),
        "gold": gold_rows,
        "parallel": parallel_rows,
    }
    rows = [row for system in args.systems for name in args.sets for row in read[name](system, engine)]
    print("| set | figure | system | F1 | 95 % | seconds |\n|---|---|---|---|---|---|")
    for row in sorted(rows, key=lambda r: (r.set, r.figure)):
        print(row)
    if "ours" in args.systems:
        sizes = [(k * 5000, k * 6301) for k in (1, 2, 4)]
        for n, m in sizes:
            print(f"{n} x {m} segments, vectors given: {speed(n, m):.2f} s")
        print(f"60 x 60 segments in any order, encoded: {1000 * story_speed(engine):.0f} ms")


if __name__ == "__main__":
    main()
