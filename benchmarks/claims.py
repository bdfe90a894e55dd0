"""Kinship and joined claims on the NTREX story versions: `python -m benchmarks.claims [--stories N]`.

Kinship: every version against its own original (a true pair) and against the next story's (a false one). A true pair is
told where the verdict is `close translation` or `free adaptation`, a false one where it is neither.
Joined claims: three sentences of another story are put among what the Indonesian and the Dutch version of a story add,
each in its translation; pairs that translate one English sentence are the gold, F1 is over joined pairs.
"""

from __future__ import annotations

import argparse
import collections
import datetime
import random
from collections.abc import Sequence
from typing import Any

from benchmarks import data
from benchmarks.findings import f1
from retold.align import align
from retold.claims import joined
from retold.compare import Comparison
from retold.encode import encoder
from retold.kinship import kinship
from retold.records import Document, Encoder, Role, Segment, Side, Status, Story

DATE = datetime.date(2018, 10, 1)


def document(id: str, language: str, role: Role) -> Document:
    return Document(id, language, role, "", DATE, "")


def segments(texts: Sequence[str]) -> tuple[Segment, ...]:
    return tuple(Segment(n, 0, len(t), "sentence", t) for n, t in enumerate(texts))


def verdict(original: list[str], version: list[str], language: str, engine: Encoder) -> str:
    sides = document("o", "en", "original"), document("v", language, "version")
    o, v = segments(original), segments(version)
    alignment = align(Side.of(sides[0], o), Side.of(sides[1], v), engine)
    story = Story("s", "", sides)
    return kinship(Comparison(story, *sides, o, v, (), alignment, (), Status(), "", engine)).verdict


def measure_kinship(rows: list[dict[str, Any]], engine: Encoder) -> None:
    told = {True: collections.Counter[str](), False: collections.Counter[str]()}
    for i, row in enumerate(rows):
        other = next(r for r in [*rows[i:], *rows] if not set(r["original"]) & set(row["original"]))
        told[True][verdict(row["original"], row["version"], row["language"], engine)] += 1
        told[False][verdict(other["original"], row["version"], row["language"], engine)] += 1
    for true, counts in told.items():
        print("true pairs " if true else "false pairs", dict(counts))


def one_to_one(row: dict[str, Any]) -> dict[int, int]:
    o = collections.Counter(a for a, _ in row["links"])
    v = collections.Counter(b for _, b in row["links"])
    altered = {c["original"] for c in row["changes"]}
    return {a: b for a, b in row["links"] if o[a] == v[b] == 1 and a not in altered}


def measure_joined(rows: list[dict[str, Any]], number: int, engine: Encoder) -> None:
    stories: dict[tuple[str, ...], dict[str, dict[str, Any]]] = collections.defaultdict(dict)
    english: dict[str, str] = {}
    for row in rows:
        name, language, variant = row["id"].rsplit(".", 2)
        stories[name, variant][language] = row
        english |= {row["version"][v]: row["original"][o] for o, v in one_to_one(row).items()}
    rng = random.Random(3)
    keys = sorted(k for k, some in stories.items() if len(some) == 2)
    rng.shuffle(keys)
    hits = wrong = missed = 0
    for here, there in zip(keys[:number], [*keys[1:], keys[0]], strict=False):
        common = sorted(set.intersection(*(set(one_to_one(stories[there][k])) for k in ("id", "nl"))))
        chosen = rng.sample(common, min(3, len(common)))
        fresh: dict[str, list[Segment]] = {}
        for k in ("id", "nl"):
            own, other = stories[here][k], stories[there][k]
            linked = {v for _, v in own["links"]}
            texts = [t for v, t in enumerate(own["version"]) if v not in linked and t in english]
            texts += [other["version"][one_to_one(other)[o]] for o in chosen]
            rng.shuffle(texts)
            fresh[k] = list(segments(texts))
        documents = {k: document(k, k, "version") for k in fresh}
        got = {
            (a.n, b.n)
            for group in joined(documents, fresh, engine)
            for x, a in group
            for y, b in group
            if (x, y) == ("id", "nl")
        }
        want = {(a.n, b.n) for a in fresh["id"] for b in fresh["nl"] if english[a.text] == english[b.text]}
        hits, wrong, missed = hits + len(got & want), wrong + len(got - want), missed + len(want - got)
    print("joined claims", hits + missed, "pairs:", f1(hits, wrong, missed))


def main() -> None:
    call = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    call.add_argument("--stories", type=int, default=40, help="how many stories to measure on (default: 40)")
    number = call.parse_args().stories
    rows = data.story_versions()
    if not rows:
        return
    engine = encoder("bundled")
    by_story: dict[str, list[dict[str, Any]]] = collections.defaultdict(list)
    for row in rows:
        by_story[row["id"].rsplit(".", 2)[0]].append(row)
    measure_kinship([row for some in list(by_story.values())[:number] for row in some[::5]], engine)
    measure_joined(rows, number, engine)


if __name__ == "__main__":
    main()
