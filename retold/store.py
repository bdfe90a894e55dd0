"""The analyst's SQLite file: cached translations and vectors, reviewed translations, review decisions.

The two caches can be computed again; what was reviewed cannot, so nothing here ever deletes or overwrites it: a
correction of a correction keeps the earlier one, and a file that cannot be read is left as it lies.
"""

from __future__ import annotations

import contextlib
import datetime
import hashlib
import json
import os
import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

import numpy as np

from retold.records import Encoder, RetoldError, Translation, Translator, Vectors

_Result = TypeVar("_Result")
_Engine = TypeVar("_Engine", bound=Translator | Encoder)

CHUNK = 32  # texts an engine gets at a time: what an interruption can cost at most
BUSY_SECONDS = 30.0  # how long one process waits for another's write
_SCHEMA = """
CREATE TABLE IF NOT EXISTS translations (signature TEXT, language TEXT, text TEXT, result TEXT NOT NULL,
    PRIMARY KEY (signature, language, text)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS vectors (signature TEXT, text TEXT, vector BLOB NOT NULL,
    PRIMARY KEY (signature, text)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS reviewed (id INTEGER PRIMARY KEY, source TEXT NOT NULL, language TEXT NOT NULL,
    english TEXT NOT NULL, author TEXT NOT NULL, date TEXT NOT NULL, previous TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS decisions (id INTEGER PRIMARY KEY, story TEXT NOT NULL, kind TEXT NOT NULL,
    key TEXT NOT NULL, decision TEXT NOT NULL, comment TEXT NOT NULL, author TEXT NOT NULL, date TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS decisions_story ON decisions (story, kind, key);
"""


def home(*, cache: bool = False) -> Path:
    """The folder for what retold keeps: `RETOLD_HOME`, or the platform's own place for a user's data or cache."""
    set_by_user = os.environ.get("RETOLD_HOME")
    if set_by_user:
        return Path(set_by_user).expanduser()
    import platformdirs

    return Path(platformdirs.user_cache_dir("retold") if cache else platformdirs.user_data_dir("retold"))


def now() -> str:
    """The time in UTC, to the second, as the store and TMX exports write it."""
    return datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")


@dataclass(frozen=True, slots=True)
class Review:
    """A translation somebody stands for. previous: what stood there before, "" if nothing is known."""

    source: str
    language: str  # ISO 639-1 of the source
    english: str
    author: str
    date: str  # ISO 8601
    previous: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """What an analyst decided about one finding, bead or segment of a story."""

    story: str
    kind: str  # what is decided on: "finding", "bead", …
    key: str  # which one, in the kind's own terms
    decision: str
    comment: str
    author: str
    date: str  # ISO 8601


class Store:
    """One SQLite file, opened when first needed; constructing this touches no disk.

    path: the file; None: `retold.sqlite` in `home()`. Several processes and threads may use one file at once.
    Every method raises RetoldError, naming the file, where it cannot be read or written.
    """

    def __init__(self, path: str | Path | None = None) -> None:
        self.path = Path(path).expanduser() if path is not None else home() / "retold.sqlite"
        self._lock = threading.RLock()
        self._connection: sqlite3.Connection | None = None
        self._process = 0

    def translations(self, signature: str, language: str, texts: Sequence[str]) -> dict[str, Translation]:
        """What is kept of these texts under this signature, by text; `n` is 0 in each."""
        found: dict[str, Translation] = {}
        with self._open() as db:
            for text in dict.fromkeys(texts):
                row = db.execute(
                    "SELECT result FROM translations WHERE signature = ? AND language = ? AND text = ?",
                    (signature, language, _key(text)),
                ).fetchone()
                if row:
                    english, engine, made_by, warnings = json.loads(row[0])
                    found[text] = Translation(0, english, engine, made_by, tuple(warnings))
        return found

    def save_translations(self, signature: str, language: str, made: Iterable[tuple[str, Translation]]) -> None:
        """Keep (text, translation) pairs; one that is there already stays."""
        rows = [
            (signature, language, _key(text), json.dumps([t.text, t.engine, t.signature, t.warnings]))
            for text, t in made
        ]
        with self._open() as db:
            db.executemany("INSERT OR IGNORE INTO translations VALUES (?, ?, ?, ?)", rows)

    def vectors(self, signature: str, texts: Sequence[str]) -> dict[str, Vectors]:
        """What is kept of these texts under this signature, by text: (d,) float32 each."""
        found: dict[str, Vectors] = {}
        with self._open() as db:
            for text in dict.fromkeys(texts):
                row = db.execute(
                    "SELECT vector FROM vectors WHERE signature = ? AND text = ?", (signature, _key(text))
                ).fetchone()
                if row:
                    found[text] = np.frombuffer(row[0], "<f4").astype(np.float32)
        return found

    def save_vectors(self, signature: str, made: Iterable[tuple[str, Vectors]]) -> None:
        """Keep (text, vector) pairs; one that is there already stays."""
        rows = [(signature, _key(text), np.asarray(vector, "<f4").tobytes()) for text, vector in made]
        with self._open() as db:
            db.executemany("INSERT OR IGNORE INTO vectors VALUES (?, ?, ?)", rows)

    def review(self, source: str, language: str, english: str, *, author: str, previous: str = "") -> Review:
        """Keep a reviewed translation, on top of any earlier one of the same source.

        Raises RetoldError where the source, the English or the author is empty.
        """
        for name, value in (("source", source), ("english", english), ("author", author)):
            if not value.strip():
                raise RetoldError(f"the {name} of a reviewed translation is empty")
        with self._open() as db:
            last = db.execute(
                "SELECT english FROM reviewed WHERE source = ? AND language = ? ORDER BY id DESC LIMIT 1",
                (source, language),
            ).fetchone()
            made = Review(source, language, english, author, now(), last[0] if last else previous)
            db.execute(
                "INSERT INTO reviewed (source, language, english, author, date, previous) VALUES (?, ?, ?, ?, ?, ?)",
                (made.source, made.language, made.english, made.author, made.date, made.previous),
            )
        return made

    def reviewed(self, language: str | None = None, *, history: bool = False) -> list[Review]:
        """Reviewed translations, oldest first: the last word on each source, or with `history` every one."""
        with self._open() as db:
            rows = db.execute("SELECT source, language, english, author, date, previous FROM reviewed ORDER BY id")
            some = [Review(*row) for row in rows if language in (None, row[1])]
        return some if history else list({(r.source, r.language): r for r in some}.values())

    def decide(self, story: str, kind: str, key: str, decision: str, *, comment: str = "", author: str) -> Decision:
        """Keep a decision, on top of any earlier one about the same thing."""
        made = Decision(story, kind, key, decision, comment, author, now())
        with self._open() as db:
            db.execute(
                "INSERT INTO decisions (story, kind, key, decision, comment, author, date)"
                " VALUES (?, ?, ?, ?, ?, ?, ?)",
                (made.story, made.kind, made.key, made.decision, made.comment, made.author, made.date),
            )
        return made

    def decisions(self, story: str, *, history: bool = False) -> list[Decision]:
        """A story's decisions, oldest first: the last word on each thing, or with `history` every one."""
        with self._open() as db:
            rows = db.execute(
                "SELECT story, kind, key, decision, comment, author, date FROM decisions WHERE story = ? ORDER BY id",
                (story,),
            )
            some = [Decision(*row) for row in rows]
        return some if history else list({(d.kind, d.key): d for d in some}.values())

    def close(self) -> None:
        """Let go of the file; the next call opens it again."""
        with self._lock:
            if self._connection is not None:
                self._connection.close()
                self._connection = None

    @contextlib.contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        """The connection inside one transaction."""
        with self._lock:
            try:
                if self._connection is None or self._process != os.getpid():  # SQLite's must not cross a fork
                    self.path.parent.mkdir(parents=True, exist_ok=True)
                    made = sqlite3.connect(self.path, timeout=BUSY_SECONDS, check_same_thread=False)
                    made.execute("PRAGMA journal_mode = WAL")
                    made.executescript(_SCHEMA)
                    self._connection, self._process = made, os.getpid()
                with self._connection:
                    yield self._connection
            except (sqlite3.Error, OSError) as error:
                self._connection = None
                raise RetoldError(
                    f"{self.path}: cannot be used as retold's store ({error}); it was left as it is: move it away, "
                    "or name another with --store"
                ) from None

    def __repr__(self) -> str:
        return f"Store({str(self.path)!r})"


class _Cached(Generic[_Engine]):
    """An engine before a store: what it is called and signs with is the engine's own."""

    def __init__(self, inner: _Engine, store: Store) -> None:
        self.inner = inner
        self.store = store
        self.name = inner.name

    @property
    def signature(self) -> str:
        return self.inner.signature


class CachedTranslator(_Cached[Translator]):
    """A translator that asks the inner one only for what the store does not have, and keeps what comes."""

    def translate(self, texts: list[str], language: str) -> list[Translation]:
        """As the inner translator's, in the same order; results are kept chunk by chunk."""
        if not texts:
            return []
        signature = self.signature
        known = self.store.translations(signature, language, texts)
        # Near lengths together: an engine pads the short to the long.
        missing = sorted((t for t in dict.fromkeys(texts) if t not in known), key=lambda t: (len(t), t))

        def work(chunk: list[str]) -> list[Translation]:
            made = self.inner.translate(chunk, language)
            self.store.save_translations(signature, language, zip(chunk, made, strict=True))
            return made

        known.update(_in_chunks(missing, work, f"translate {language}", "sentence"))
        found = [known[t] for t in texts]
        return [Translation(n, t.text, t.engine, t.signature, t.warnings) for n, t in enumerate(found)]


class CachedEncoder(_Cached[Encoder]):
    """An encoder that asks the inner one only for what the store does not have, and keeps what comes."""

    def encode(self, texts: list[str]) -> Vectors:
        """(n, d) float32, unit rows, as the inner encoder's; results are kept chunk by chunk."""
        if not texts:
            return self.inner.encode([])
        signature = self.signature
        known = self.store.vectors(signature, texts)

        def work(chunk: list[str]) -> list[Vectors]:
            made = self.inner.encode(chunk)
            self.store.save_vectors(signature, zip(chunk, made, strict=True))
            return list(made)

        known.update(
            _in_chunks([t for t in dict.fromkeys(texts) if t not in known], work, "encode", "text", 16 * CHUNK)
        )
        return np.stack([known[t] for t in texts])


def _in_chunks(
    texts: list[str], work: Callable[[list[str]], list[_Result]], what: str, unit: str, size: int = CHUNK
) -> dict[str, _Result]:
    """Do the work chunk by chunk behind a progress bar, which stays away where nobody sees it."""
    if not texts:
        return {}
    from tqdm.auto import tqdm

    hidden = True if os.environ.get("CI") else None  # None: hidden unless stderr is a terminal
    done: dict[str, _Result] = {}
    with tqdm(total=len(texts), desc=what, unit=f" {unit}", disable=hidden, leave=False) as bar:
        for start in range(0, len(texts), size):
            chunk = texts[start : start + size]
            done.update(zip(chunk, work(chunk), strict=True))
            bar.update(len(chunk))
    return done


def _key(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
