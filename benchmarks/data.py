"""Where other people's benchmark data lie, and how each set is read. docs/ tells where the public gets them."""

from __future__ import annotations

import json
import os
import sqlite3
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from retold.records import Encoder, Vectors

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"

Beads = list[tuple[tuple[int, ...], tuple[int, ...]]]


def folder() -> Path:
    """The folder of the sets: RETOLD_BENCH, or `../shared/bench/data` beside the project."""
    return Path(os.environ.get("RETOLD_BENCH") or SHARED / "bench" / "data")


def gold_folder() -> Path:
    """The folder of hand-made answers: RETOLD_GOLD, or `../shared/gold` beside the project."""
    return Path(os.environ.get("RETOLD_GOLD") or SHARED / "gold")


def pairs_folder() -> Path:
    """The folder of training pairs: RETOLD_PAIRS, or `../shared/mt` beside the project."""
    return Path(os.environ.get("RETOLD_PAIRS") or SHARED / "mt")


def have(path: Path) -> bool:
    """Whether a set is there; if not, say on stderr that it is skipped and where it was looked for."""
    if not path.exists():
        print(f"skipped: {path} is not there; put the set there or set RETOLD_BENCH to its folder", file=sys.stderr)
    return path.exists()


@dataclass(frozen=True, slots=True)
class Parallel:
    """A text and its translation with gold beads. Gold nulls are one-sided beads."""

    id: str
    languages: tuple[str, str]
    original: list[str]
    version: list[str]
    beads: Beads


def story_versions(path: Path | None = None) -> list[dict[str, Any]]:
    """NTREX story versions: id, language, original, version, links, changes; empty where the set is absent."""
    path = path or folder() / "ntrex-versions-dev.jsonl"
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] if have(path) else []


def retellings(*, odd: bool | None = None) -> list[dict[str, Any]]:
    """Free retellings written for this project, of the same shape; `title` besides, and changes have a `type`.

    odd: only the stories of odd numbers, or only those of even ones.
    """
    lines = (ROOT / "data" / "gold" / "retellings.jsonl").read_text(encoding="utf-8").splitlines()
    rows: list[dict[str, Any]] = [json.loads(line) for line in lines]
    return [row for row in rows if odd is None or int(row["id"][1:4]) % 2 == odd]


def text_berg() -> list[Parallel]:
    """Text+Berg German-French, the development document."""
    where = folder() / "textberg-dev"
    if not have(where):
        return []
    lines = {end: (where / f"dev.{end}").read_text(encoding="utf-8").splitlines() for end in ("de", "fr", "defr")}
    beads = [[tuple(json.loads(side)) for side in line.split(":")] for line in lines["defr"]]
    return [
        Parallel("textberg-dev", ("de", "fr"), _strip(lines["de"]), _strip(lines["fr"]), [(a, b) for a, b in beads])
    ]


def sign_of_four() -> list[Parallel]:
    """*The Sign of Four*, English-Dutch, the development part."""
    path = folder() / "books-en-nl-dev.json"
    if not have(path):
        return []
    book = json.loads(path.read_text(encoding="utf-8"))
    beads = [(tuple(a), tuple(b)) for a, b in book["beads"]]
    return [Parallel("sign-of-four-dev", ("en", "nl"), _strip(book["original"]), _strip(book["version"]), beads)]


def stretches(text: Parallel, size: int) -> list[Parallel]:
    """The text in stretches of at least `size` original segments, cut where a gold bead of one to one has ended.

    Beads that cross stay within one stretch; the last one may be short.
    """
    parts: list[Parallel] = []
    run: Beads = []
    low = high = (0, 0)
    for n, (a, b) in enumerate(text.beads):
        run.append((a, b))
        high = max([high[0], *(o + 1 for o in a)]), max([high[1], *(v + 1 for v in b)])
        rest = text.beads[n + 1 :]
        whole = all(o >= high[0] for c, _ in rest for o in c) and all(v >= high[1] for _, d in rest for v in d)
        if not rest:
            high = len(text.original), len(text.version)
        elif high[0] - low[0] < size or not len(a) == len(b) == 1 or not whole:
            continue
        beads = [(tuple(o - low[0] for o in c), tuple(v - low[1] for v in d)) for c, d in run]
        original, version = text.original[low[0] : high[0]], text.version[low[1] : high[1]]
        parts.append(Parallel(text.id, text.languages, original, version, beads))
        run, low = [], high
    return parts


def h200(language: str = "nl") -> dict[str, Any] | None:
    """The hand-made gold of one version of the H200 story; its indices count from 1."""
    path = gold_folder() / f"h200-{language}.json"
    return json.loads(path.read_text(encoding="utf-8")) if have(path) else None


def flores(language: str) -> list[str]:
    """FLORES-200 dev sentences of one language, line by line translations of one another."""
    path = folder() / f"flores-dev.{language}"
    return path.read_text(encoding="utf-8").splitlines() if have(path) else []


def demetr() -> list[dict[str, Any]]:
    """DEMETR: facet, original, clean, changed."""
    path = folder() / "demetr-dev.jsonl"
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] if have(path) else []


def training_pairs(language: str) -> list[tuple[str, str, str]]:
    """(origin, source, English) of the training pairs from one language."""
    path = pairs_folder() / f"train.{language}-en.tsv"
    if not have(path):
        return []
    rows = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines()]
    return [(row[0], row[1], row[2]) for row in rows if len(row) == 3]


def _strip(lines: list[str]) -> list[str]:
    return [line.strip() for line in lines]


class Remembered:
    """An encoder that keeps what it encoded in an SQLite file, so that a benchmark run twice encodes once."""

    def __init__(self, engine: Encoder, path: Path = ROOT / "reports" / "bench" / "vectors.sqlite") -> None:
        self.engine = engine
        self.name = engine.name
        path.parent.mkdir(parents=True, exist_ok=True)
        self.book = sqlite3.connect(path, timeout=60)
        self.book.execute("create table if not exists vectors (signature, text, vector, primary key (signature, text))")
        self.known: dict[str, Vectors] = {
            text: np.frombuffer(vector, np.float32)
            for text, vector in self.book.execute(
                "select text, vector from vectors where signature = ?", (engine.signature,)
            )
        }

    @property
    def signature(self) -> str:
        return self.engine.signature

    def encode(self, texts: list[str]) -> Vectors:
        new = [t for t in dict.fromkeys(texts) if t not in self.known]
        if new:
            vectors = self.engine.encode(new)
            self.known.update(zip(new, vectors, strict=True))
            rows = [(self.signature, t, v.tobytes()) for t, v in zip(new, vectors, strict=True)]
            self.book.executemany("insert or replace into vectors values (?, ?, ?)", rows)
            self.book.commit()
        return np.stack([self.known[t] for t in texts]) if texts else self.engine.encode([])
