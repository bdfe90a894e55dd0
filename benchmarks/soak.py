"""Thousands of stories in one process: `python -m benchmarks.soak [--stories N] [--seed N]`.

Random small stories are drawn from the sentences of `data/corpus`, written as folders, read, compared, briefed on one
store, every tenth written out in every format. Memory, file handles and threads are counted on the way; at the end the
store is checked row by row, and stories drawn at random are done again, ten to a fresh process with a store of its own:
each has to give the very same results, so leave the checkout alone while it runs. Encoding is real; translation is
played by an engine that turns words round, since the bundled one would take weeks.
"""

from __future__ import annotations

import argparse
import csv
import functools
import gc
import hashlib
import json
import os
import random
import re
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import psutil

from benchmarks.data import ROOT
from retold import story as stories
from retold.compare import OpenStory
from retold.encode import encoder
from retold.records import CONTENT_KINDS, Document, Translation
from retold.report import exports
from retold.segment import segment
from retold.store import CachedEncoder, Store

WRITTEN = 10  # one story in so many is written out in full
FRESH = 10  # stories a fresh process does
STEP = 100  # stories between two counts
FIGURES = ("7", "42", "3.4", "1,250")  # what an altered number becomes: few, so that sentences come again


class Turned:
    """A translator that turns the words round."""

    name = "turned"
    signature = "turned"

    def translate(self, texts: list[str], language: str) -> list[Translation]:
        return [Translation(n, " ".join(reversed(t.split())), self.name, self.name) for n, t in enumerate(texts)]


@functools.cache
def pool() -> dict[tuple[str, str], tuple[str, ...]]:
    """Sentences by (story, language)."""
    out: dict[tuple[str, str], list[str]] = {}
    with (ROOT / "data" / "corpus" / "example.tsv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            document = Document("d", row["language"], "version", "p", None, row["text"])
            some = [s.text for s in segment(document) if s.kind in CONTENT_KINDS]
            out.setdefault((row["story"], row["language"]), []).extend(some)
    return {key: tuple(dict.fromkeys(some)) for key, some in out.items()}


def draw(number: int, folder: Path) -> Path:
    """Write story `number`, always the same: an original and one or two versions that keep, drop, alter and add."""
    chance = random.Random(number)
    theme = chance.choice(sorted({s for s, _ in pool()}))
    original = chance.sample(pool()[theme, "en"], 3 + chance.randrange(3))
    texts = [("wire", "en", "original", original)]
    for n in range(1 + chance.randrange(2)):
        language = chance.choice(sorted({lang for s, lang in pool() if s == theme}))
        own = tuple(original) if language == "en" else pool()[theme, language]
        kept = chance.sample(own, min(len(own), 2 + chance.randrange(3)))
        kept = [re.sub(r"\d[\d.,]*", chance.choice(FIGURES), s, count=1) if chance.random() < 0.2 else s for s in kept]
        if chance.random() < 0.5:
            other = chance.choice(sorted(k for k in pool() if k[1] == language))
            kept.insert(chance.randrange(len(kept) + 1), chance.choice(pool()[other]))
        texts.append((f"v{n}", language, "version", kept))
    folder.mkdir()
    rows = [f'id = "s{number}"', f'title = "Story {number}"']
    for id, language, role, some in texts:
        data = "\n\n".join(some).encode()
        (folder / f"{id}.txt").write_bytes(data)
        rows += ["[[documents]]", f'id = "{id}"', f'file = "{id}.txt"', f'language = "{language}"', f'role = "{role}"']
        rows += ['publisher = "p"', 'note = ""', "date = 2026-03-10", f'sha256 = "{hashlib.sha256(data).hexdigest()}"']
    (folder / stories.MANIFEST).write_text("\n".join(rows) + "\n", encoding="utf-8")
    return folder


def done(number: int, folder: Path, store: Store) -> str:
    """A checksum of everything that a story gives: the record, the brief and, of every tenth, the report."""
    with tempfile.TemporaryDirectory(dir=folder) as own:
        place = draw(number, Path(own) / "story")
        opened = OpenStory(stories.read(place), Turned(), CachedEncoder(encoder("bundled"), store))
        parts = [json.dumps(exports.record(opened), sort_keys=True), exports.markdown(opened), exports.csv(opened)]
        if number % WRITTEN == 0:
            parts += [hashlib.sha256(p.read_bytes()).hexdigest() for p in exports.write_all(opened, Path(own, "out"))]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


@dataclass(slots=True)
class Watch:
    """What the process held, each time it was looked at: megabytes, file handles, threads."""

    process: psutil.Process = field(default_factory=psutil.Process)
    seen: list[tuple[int, float, int, int]] = field(default_factory=list)

    def look(self, done: int) -> None:
        gc.collect()
        held = self.process.memory_info().rss / 1e6, self.process.num_fds(), threading.active_count()
        self.seen.append((done, *held))

    @property
    def growth(self) -> tuple[float, int, int]:
        """From the mean of the second fifth to that of the last, once all is loaded: megabytes, handles, threads."""
        fifth = max(len(self.seen) // 5, 1)
        early, late = (np.array(some)[:, 1:].mean(0) for some in (self.seen[fifth : 2 * fifth], self.seen[-fifth:]))
        return float(late[0] - early[0]), round(late[1] - early[1]), round(late[2] - early[2])


def check_store(path: Path) -> int:
    """Rows of the store. Raises AssertionError where the file or a row is damaged."""
    with sqlite3.connect(path) as db:
        assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        texts = db.execute("SELECT count(*), count(DISTINCT text), count(DISTINCT signature) FROM vectors").fetchone()
        sizes = db.execute("SELECT DISTINCT length(vector) FROM vectors").fetchall()
    assert texts[0] == texts[1] and texts[2] == 1 and len(sizes) == 1, (texts, sizes)
    store, engine = Store(path), encoder("bundled")
    every = sorted({s for some in pool().values() for s in some})
    kept = store.vectors(engine.signature, every)
    some = random.Random(0).sample(sorted(kept), min(20, len(kept)))
    assert all(np.array_equal(kept[t], v) for t, v in zip(some, engine.encode(some), strict=True))
    store.close()
    return int(texts[0])


def again(numbers: Sequence[int], folder: Path) -> list[str]:
    """The checksums of some stories, done in a process of their own with a new store."""
    call = [sys.executable, "-m", "benchmarks.soak", "--again", *map(str, numbers)]
    with tempfile.TemporaryDirectory(dir=folder) as own:
        made = subprocess.run(
            call, env=os.environ | {"SOAK": own}, capture_output=True, text=True, check=True, cwd=ROOT
        )
    return made.stdout.split()


def soak(count: int, sample: int, seed: int, folder: Path, *, step: int = STEP) -> tuple[Watch, int, int]:
    """(what was held, stories done again, rows in the store). Raises AssertionError where a result or a row differs."""
    store, watch = Store(folder / "store.sqlite"), Watch()
    first = seed * 1_000_000
    found = {}
    for n in range(count):
        found[first + n] = done(first + n, folder, store)
        if (n + 1) % step == 0:
            watch.look(n + 1)
            if (n + 1) % (10 * step) == 0:
                at, size, handles, threads = watch.seen[-1]
                print(f"{at:6} stories: {size:.0f} MB, {handles} file handles, {threads} threads", flush=True)
    store.close()
    chosen = random.Random(seed).sample(sorted(found), sample)
    for at in range(0, sample, FRESH):
        some = chosen[at : at + FRESH]
        assert again(some, folder) == [found[n] for n in some], some
    return watch, sample, check_store(folder / "store.sqlite")


def main(arguments: Iterable[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--stories", type=int, default=5000)
    parser.add_argument("--sample", type=int, default=200, help="stories done again in fresh processes")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--again", type=int, nargs="+", help=argparse.SUPPRESS)
    chosen = parser.parse_args(None if arguments is None else list(arguments))
    if chosen.again:
        folder = Path(os.environ["SOAK"])
        store = Store(folder / "store.sqlite")
        print(*(done(n, folder, store) for n in chosen.again), sep="\n")
        return
    begun = time.perf_counter()
    with tempfile.TemporaryDirectory() as place:
        watch, sample, rows = soak(chosen.stories, chosen.sample, chosen.seed, Path(place))
    size, handles, threads = watch.growth
    print(f"grown from the second fifth to the last: {size:+.1f} MB, {handles:+d} handles, {threads:+d} threads")
    print(f"{sample} done again in fresh processes: the same; {rows} rows in the store, sound")
    print(f"{chosen.stories} stories in {time.perf_counter() - begun:.0f} s")


if __name__ == "__main__":
    main()
