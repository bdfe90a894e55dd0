"""Kinship and joined claims on the NTREX story versions: `python -m benchmarks.claims [--stories N]`.

Kinship: every version against its own original (a true pair) and against the next story's (a false one). A true pair is
told where the verdict is `close translation` or `free adaptation`, a false one where it is neither.
Related documents: the next story's sentences alone share nothing with a story; with three sentences of a version of the
story strewn among them, each in its translation, they share these. Links that count for a related document are held
against that, first the aligner's of SURE and more alone, then with those that facts make sure.
Joined claims: three sentences of another story are put among what the Indonesian and the Dutch version of a story add,
each in its translation; pairs that translate one English sentence are the gold, F1 is over joined pairs. Each
story comes in up to three variants with different edits; halves are halves of the stories.
"""

from __future__ import annotations

import argparse
import collections
import datetime
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks import data
from benchmarks.findings import f1
from retold import shared
from retold.align import align
from retold.claims import Key, Pair, grouped, pairs
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


def measure_related(by_story: dict[str, list[dict[str, Any]]], engine: Encoder) -> None:
    rng = random.Random(3)
    rows = [row for some in by_story.values() for row in some]
    totals: dict[tuple[bool, str], list[int]] = collections.defaultdict(lambda: [0, 0, 0])
    for row in (row for some in by_story.values() for row in some[::5]):
        at = rows.index(row)
        others = (r for r in [*rows[at:], *rows] if r["language"] == row["language"])
        other = next(r for r in others if not set(r["original"]) & set(row["original"]))
        own = one_to_one(row)
        for mixed in (False, True):
            texts = [(text, -1) for text in other["version"]]
            for o in rng.sample(sorted(own), min(3, len(own))) if mixed else ():
                texts.insert(rng.randrange(len(texts) + 1), (row["version"][own[o]], o))
            gold = {(o, n) for n, (_, o) in enumerate(texts) if o >= 0}
            sides = (Side.of_sentences(row["original"], "en", DATE),
                     Side.of_sentences([text for text, _ in texts], row["language"], DATE))  # fmt: skip
            made = align(*sides, engine)
            told = {
                "by probability alone": {(k.original, k.version) for k in made.links if k.probability >= shared.SURE},
                "as counted": {(k.original, k.version) for k in shared.surely(made, *sides, engine).links},
            }
            for how, got in told.items():
                for i, n in enumerate((len(got & gold), len(got - gold), len(gold - got))):
                    totals[mixed, how][i] += n
    for (mixed, how), (hits, wrong, missed) in totals.items():
        what = "three sentences shared" if mixed else "nothing shared"
        print(f"related documents, {what}, links {how}: {hits} right, {wrong} wrong, {missed} missed")


def one_to_one(row: dict[str, Any]) -> dict[int, int]:
    o = collections.Counter(a for a, _ in row["links"])
    v = collections.Counter(b for _, b in row["links"])
    altered = {c["original"] for c in row["changes"]}
    return {a: b for a, b in row["links"] if o[a] == v[b] == 1 and a not in altered}


@dataclass(frozen=True, slots=True)
class Case:
    """Two versions of a story with an insert in common: the pairs that are one statement, and those that are linked."""

    story: str
    gold: frozenset[tuple[Key, Key]]
    fresh: dict[str, list[Segment]]
    linked: list[Pair]


def cases(rows: list[dict[str, Any]], number: int, engine: Encoder) -> list[Case]:
    stories: dict[tuple[str, ...], dict[str, dict[str, Any]]] = collections.defaultdict(dict)
    english: dict[str, str] = {}
    for row in rows:
        name, language, variant = row["id"].rsplit(".", 2)
        stories[name, variant][language] = row
        english |= {row["version"][v]: row["original"][o] for o, v in one_to_one(row).items()}
    rng = random.Random(3)
    keys = sorted(k for k, some in stories.items() if len(some) == 2)
    rng.shuffle(keys)
    out = []
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
        gold = {
            (("id", a.n), ("nl", b.n)) for a in fresh["id"] for b in fresh["nl"] if english[a.text] == english[b.text]
        }
        documents = {k: document(k, k, "version") for k in fresh}
        out.append(Case(here[0], frozenset(gold), fresh, pairs(documents, fresh, engine)))
    return out


def score(some: Sequence[Case], joins: Callable[[Pair], bool]) -> tuple[int, int, int]:
    """Pairs rightly joined, wrongly joined, and missed, as the table of claims groups them."""
    hits = wrong = missed = 0
    for case in some:
        groups = grouped(case.fresh, [p for p in case.linked if joins(p)])
        got = {((x, a.n), (y, b.n)) for g in groups for x, a in g for y, b in g if (x, y) == ("id", "nl")}
        hits, wrong, missed = hits + len(got & case.gold), wrong + len(got - case.gold), missed + len(case.gold - got)
    return hits, wrong, missed


def measure_joined(rows: list[dict[str, Any]], number: int, engine: Encoder) -> None:
    """With our cut-offs, on every case and on either half; then with a cut-off that the other half chose."""
    some = cases(rows, number, engine)
    names = sorted({c.story for c in some})
    halves = [[c for c in some if (c.story in names[::2]) == first] for first in (True, False)]
    for said, part in (("all", some), ("first half", halves[0]), ("second half", halves[1])):
        hits, wrong, missed = score(part, lambda p: p.sure)
        print(f"joined claims, {said}:", hits + missed, "pairs:", f1(hits, wrong, missed))
    cuts = [n / 100 for n in range(50, 100)]
    total = [0, 0, 0]
    for mine, other in (halves, halves[::-1]):
        best = max(cuts, key=lambda cut: _f1(score(other, lambda p: p.probability >= cut)))
        total = [a + b for a, b in zip(total, score(mine, lambda p: p.probability >= best), strict=True)]  # noqa: B023
    print("joined claims, one cut-off of probability chosen on the other half of the stories:", f1(*total))


def _f1(counts: tuple[int, int, int]) -> float:
    hits, wrong, missed = counts
    return 2 * hits / max(1, 2 * hits + wrong + missed)


def main() -> None:
    call = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    call.add_argument("--stories", type=int, default=60, help="how many stories to measure on (default: 60)")
    number = call.parse_args().stories
    rows = data.story_versions()
    if not rows:
        return
    engine = data.Remembered(encoder("bundled"))
    by_story: dict[str, list[dict[str, Any]]] = collections.defaultdict(list)
    for row in rows:
        by_story[row["id"].rsplit(".", 2)[0]].append(row)
    measure_kinship([row for some in list(by_story.values())[:number] for row in some[::5]], engine)
    measure_related(dict(list(by_story.items())[:number]), engine)
    measure_joined(rows, 2 * number, engine)


if __name__ == "__main__":
    main()
