"""Extracts against lead and random, and the check of written sentences: `python -m benchmarks.summaries [--stories N]`.

No corpus of news with summaries is to be had here, so these are proxies. Headlines: a story of NTREX begins with its
headline; an extract of the rest is set against it. Key points: blog-en of the H200 story ends in key points by its own
author; an extract of the rest is set against them (one document only). ROUGE is F1 of rouge-score, stemmed for English.
What the story versions keep is no gold for summaries: their drops are random.
The check: DEMETR's second rendering of a sentence should pass as supported by the first, one with a changed number or
name or one from elsewhere should not.
"""

from __future__ import annotations

import argparse
import collections
import random
import statistics
from collections.abc import Callable, Sequence

from benchmarks import data
from benchmarks.claims import one_to_one, segments
from retold import story as story_
from retold.abstract import checked
from retold.encode import encoder
from retold.extract import extract
from retold.records import CONTENT_KINDS, Encoder, Segment
from retold.segment import segment

Chooser = Callable[[Sequence[Segment], int], Sequence[Segment]]
DRAWS = 20  # random extracts a document
MEASURES = ("rouge1", "rouge2", "rougeL")


def headlines(language: str, number: int) -> list[tuple[str, list[str]]]:
    """(headline, the rest) of each story whose first segment ends as no sentence does; at most `number`."""
    seen: dict[str, tuple[str, list[str]]] = {}
    for row in data.story_versions():
        name, code, _ = row["id"].rsplit(".", 2)
        texts = row["original"] if language == "en" else row["version"]
        first = language == "en" or one_to_one(row).get(0) == 0
        headed = len(texts) > 4 and not texts[0].rstrip().endswith((".", "!", "?", '"', "”"))
        if name not in seen and first and headed and language in ("en", code):
            seen[name] = (texts[0], texts[1:])
    return list(seen.values())[:number]


def measure(said: str, cases: list[tuple[str, Sequence[Segment]]], count: int, ours: Chooser, *, stem: bool) -> None:
    """Print mean ROUGE of ours, lead and random extracts of `count` sentences, and how often ours beats lead."""
    from rouge_score.rouge_scorer import RougeScorer

    scorer = RougeScorer(MEASURES, use_stemmer=stem)

    def score(reference: str, chosen: Sequence[Segment]) -> list[float]:
        made = scorer.score(reference, "\n".join(s.text for s in chosen))
        return [made[m].fmeasure for m in MEASURES]

    rng = random.Random(7)
    rows: dict[str, list[list[float]]] = collections.defaultdict(list)
    for reference, body in cases:
        rows["ours"].append(score(reference, ours(body, count)))
        rows["lead"].append(score(reference, body[:count]))
        drawn = [score(reference, rng.sample(list(body), min(count, len(body)))) for _ in range(DRAWS)]
        rows["random"].append([statistics.mean(x) for x in zip(*drawn, strict=True)])
    print(f"{said}, {len(cases)} documents, {count} sentences")
    for system, values in rows.items():
        means = [statistics.mean(x) for x in zip(*values, strict=True)]
        print(f"  {system:7}", "  ".join(f"{m} {x:.3f}" for m, x in zip(MEASURES, means, strict=True)))
    pairs = [(a[2], b[2]) for a, b in zip(rows["ours"], rows["lead"], strict=True)]
    better, worse = sum(a > b for a, b in pairs), sum(a < b for a, b in pairs)
    print(f"  rougeL: ours above lead {better}, below {worse}, the same {len(pairs) - better - worse}")


def measure_check(engine: Encoder, number: int) -> None:
    """Print how many sentences pass as supported, by what was done to them."""
    rows = [r for r in data.demetr() if r["clean"]]
    by: dict[str, list[bool]] = collections.defaultdict(list)
    changed: collections.Counter[str] = collections.Counter()
    for i, row in enumerate(rows):
        if changed[row["facet"]] >= number:
            continue
        changed[row["facet"]] += 1
        body = segments([row["original"]])
        other = next(r for r in [*rows[i:], *rows] if r["original"] != row["original"])
        for what, text in (("rendered again", row["clean"]), ("from elsewhere", other["clean"])):
            by[what].append(all(s.supported for s in checked(text, body, "en", engine)))
        by[f"changed {row['facet']}"].append(all(s.supported for s in checked(row["changed"], body, "en", engine)))
    for what, passed in sorted(by.items()):
        print(f"passes as supported, {what}: {sum(passed)} of {len(passed)}")


def main() -> None:
    call = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    call.add_argument("--stories", type=int, default=60, help="how many stories, and sentences a facet (default: 60)")
    number = call.parse_args().stories
    engine = data.Remembered(encoder("bundled"))

    def ours(body: Sequence[Segment], count: int) -> Sequence[Segment]:
        return extract(body, engine.encode([s.text for s in body]), count=count)

    for language in ("en", "id", "nl"):
        cases = [(title, segments(rest)) for title, rest in headlines(language, number)]
        for count in (1, 3) if cases else ():
            measure(f"headlines, {language}", [(t, b) for t, b in cases], count, ours, stem=language == "en")
    blog = next(d for d in story_.read(data.ROOT / "data" / "stories" / "h200").documents if d.id == "blog-en")
    parts = segment(blog)
    body = [s for s in parts if s.kind == "sentence"]
    points = "\n".join(s.text for s in parts if s.kind == "list_item")
    assert all(s.kind in CONTENT_KINDS for s in body)
    for count in (3, 5):
        measure("key points of blog-en", [(points, body)], count, ours, stem=True)
    measure_check(engine, number)


if __name__ == "__main__":
    main()
