"""The user's SQLite file of cached translations and vectors.

All of it can be computed again, so a fault of the file stops no work: a damaged one is set aside, never deleted, and a
new one begun; a damaged row is computed again; what cannot be kept is computed each time. Each is said once.
"""

from __future__ import annotations

import contextlib
import hashlib
import itertools
import json
import os
import sqlite3
import sys
import threading
import time
import zlib
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, Generic, TypeVar

import numpy as np

from retold import progress
from retold.records import Encoder, RetoldError, Translation, Translator, Vectors

_Result = TypeVar("_Result")
_Engine = TypeVar("_Engine", bound=Translator | Encoder)

CHUNK = 32  # texts an engine gets at a time: what an interruption can cost at most
BUSY_SECONDS = 30.0  # how long one process waits for another's write
_DAMAGED = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
_SCHEMA = """
CREATE TABLE IF NOT EXISTS translations (signature TEXT, language TEXT, text TEXT, result TEXT NOT NULL,
    PRIMARY KEY (signature, language, text)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS vectors (signature TEXT, text TEXT, vector BLOB NOT NULL,
    PRIMARY KEY (signature, text)) WITHOUT ROWID;
"""


def home(*, cache: bool = False) -> Path:
    """The folder for what retold keeps: `RETOLD_HOME`, or the platform's own place for a user's data or cache."""
    set_by_user = os.environ.get("RETOLD_HOME")
    if set_by_user:
        return Path(set_by_user).expanduser()
    import platformdirs

    return Path(platformdirs.user_cache_dir("retold") if cache else platformdirs.user_data_dir("retold"))


class Store:
    """One SQLite file, opened when first needed; constructing this touches no disk.

    path: the file; None: `retold.sqlite` in `home()`. Several processes and threads may use one file at once.
    A store that cannot be opened or read raises RetoldError, naming the file; one that cannot be added to says so once.
    """

    def __init__(self, path: str | Path | None = None) -> None:
        self.path = Path(path).expanduser() if path is not None else home() / "retold.sqlite"
        self._lock = threading.RLock()
        self._connection: sqlite3.Connection | None = None
        self._process = 0
        self._said = False

    def translations(self, signature: str, language: str, texts: Sequence[str]) -> dict[str, Translation]:
        """What is kept of these texts under this signature, by text; `n` is 0 in each."""
        query = "SELECT result FROM translations WHERE signature = ? AND language = ? AND text = ?"
        rows = self._rows(query, (signature, language), texts)
        found = {text: _translation(row) for text, row in rows.items()}
        return self._sound(found, "translation")

    def save_translations(self, signature: str, language: str, made: Iterable[tuple[str, Translation]]) -> None:
        """Keep (text, translation) pairs; the same again changes nothing."""
        rows = []
        for text, t in made:
            value = [t.text, t.engine, t.signature, list(t.warnings)]
            rows.append((signature, language, _key(text), json.dumps([*value, _sum(json.dumps(value))])))
        self._save("INSERT OR REPLACE INTO translations VALUES (?, ?, ?, ?)", rows)

    def vectors(self, signature: str, texts: Sequence[str]) -> dict[str, Vectors]:
        """What is kept of these texts under this signature, by text: (d,) float32 each."""
        rows = self._rows("SELECT vector FROM vectors WHERE signature = ? AND text = ?", (signature,), texts)
        return self._sound({text: _vector(row) for text, row in rows.items()}, "vector")

    def save_vectors(self, signature: str, made: Iterable[tuple[str, Vectors]]) -> None:
        """Keep (text, vector) pairs; the same again changes nothing."""
        blobs = [(text, np.asarray(vector, "<f4").tobytes()) for text, vector in made]
        rows = [(signature, _key(text), blob + zlib.crc32(blob).to_bytes(4, "little")) for text, blob in blobs]
        self._save("INSERT OR REPLACE INTO vectors VALUES (?, ?, ?)", rows)

    def close(self) -> None:
        """Let go of the file; the next call opens it again."""
        with self._lock:
            if self._connection is not None:
                self._connection.close()
                self._connection = None

    def _rows(self, query: str, key: tuple[str, ...], texts: Sequence[str]) -> dict[str, Any]:
        """The one value of each row that is there, by text."""

        def work(db: sqlite3.Connection) -> dict[str, Any]:
            some = {text: db.execute(query, (*key, _key(text))).fetchone() for text in dict.fromkeys(texts)}
            return {text: row[0] for text, row in some.items() if row}

        return self._do(work)

    def _sound(self, found: dict[str, _Result | None], what: str) -> dict[str, _Result]:
        """What is found without the damaged, of which a word is said."""
        sound = {text: value for text, value in found.items() if value is not None}
        if len(sound) < len(found):
            _say(f"{self.path}: {len(found) - len(sound)} damaged {what}(s); computed again")
        return sound

    def _save(self, query: str, rows: list[tuple[Any, ...]]) -> None:
        """Keep the rows; where the disk is full or the file read-only, say once that they are not kept."""
        try:
            self._do(lambda db: db.executemany(query, rows))
        except RetoldError as error:
            if not self._said:
                self._said = True
                _say(f"{error}; work goes on and nothing is kept")

    def _do(self, work: Callable[[sqlite3.Connection], _Result]) -> _Result:
        """Work in one transaction; on a damaged file, set it aside and work on a new one."""
        with self._lock:
            try:
                try:
                    return self._once(work)
                except sqlite3.DatabaseError as error:
                    if error.sqlite_errorcode & 0xFF not in _DAMAGED or self._whole():
                        raise
                    self._set_aside(error)
                    return self._once(work)
            except (sqlite3.Error, OSError) as error:
                self._connection = None
                raise RetoldError(
                    f"{self.path}: cannot be used as retold's store ({error}): move it away, or name another "
                    "with --store"
                ) from None

    def _once(self, work: Callable[[sqlite3.Connection], _Result]) -> _Result:
        if self._connection is None or self._process != os.getpid():  # SQLite's must not cross a fork
            self._connection, self._process = self._open(), os.getpid()
        with self._connection:
            return work(self._connection)

    def _open(self) -> sqlite3.Connection:
        """A connection; waits while another process makes the file, which SQLite's own timeout does not cover."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        end = time.monotonic() + BUSY_SECONDS
        while True:
            made = sqlite3.connect(self.path, timeout=BUSY_SECONDS, check_same_thread=False)
            try:
                made.execute("PRAGMA journal_mode = WAL")
                made.executescript(_SCHEMA)
                return made
            except sqlite3.Error as error:
                made.close()
                if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > end:
                    raise
                time.sleep(0.02)

    def _whole(self) -> bool:
        """Whether the file is sound after all: another process may have set the damaged one aside already."""
        self.close()
        try:
            with contextlib.closing(sqlite3.connect(self.path, timeout=BUSY_SECONDS)) as db:
                return bool(db.execute("PRAGMA quick_check(1)").fetchone() == ("ok",))
        except sqlite3.Error:
            return False

    def _set_aside(self, error: sqlite3.DatabaseError) -> None:
        """Give the damaged file, and what SQLite keeps beside it, another name."""
        self.close()
        names = (f"{self.path.name}.damaged{f'-{n}' if n else ''}" for n in itertools.count())
        aside = next(place for name in names if not (place := self.path.with_name(name)).exists())
        self.path.rename(aside)
        for ending in ("-wal", "-shm"):
            with contextlib.suppress(FileNotFoundError):
                self.path.with_name(self.path.name + ending).rename(aside.with_name(aside.name + ending))
        _say(f"{self.path}: damaged ({error}); set aside as {aside.name}, and what it held is computed again")

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

        known.update(_in_chunks(missing, work, "translate", self.name))
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
            _in_chunks([t for t in dict.fromkeys(texts) if t not in known], work, "encode", self.name, 16 * CHUNK)
        )
        return np.stack([known[t] for t in texts])


def _in_chunks(
    texts: list[str], work: Callable[[list[str]], list[_Result]], what: str, engine: str, size: int = CHUNK
) -> dict[str, _Result]:
    """Do the work chunk by chunk, and show how far it is."""
    if not texts:
        return {}
    done: dict[str, _Result] = {}
    with progress.stage(what, len(texts), "segment", engine) as advance:
        for start in range(0, len(texts), size):
            chunk = texts[start : start + size]
            done.update(zip(chunk, work(chunk), strict=True))
            advance(len(chunk))
    return done


def _key(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _sum(text: str) -> int:
    return zlib.crc32(text.encode())


def _translation(row: object) -> Translation | None:
    """A kept translation; None where the row is not what was saved. Rows of older versions have no checksum."""
    try:
        *value, kept = json.loads(str(row))
        if len(value) == 3:
            value, kept = [*value, kept], _sum(json.dumps([*value, kept]))
        text, engine, made_by, warnings = value
        sound = kept == _sum(json.dumps(value)) and all(isinstance(w, str) for w in (text, engine, made_by, *warnings))
    except (ValueError, TypeError):
        return None
    return Translation(0, text, engine, made_by, tuple(warnings)) if sound else None


def _vector(row: object) -> Vectors | None:
    """A kept vector; None where the row is not what was saved."""
    if not isinstance(row, bytes) or len(row) % 4 or zlib.crc32(row[:-4]).to_bytes(4, "little") != row[-4:]:
        return None
    return np.frombuffer(row[:-4], "<f4").astype(np.float32)


def _say(sentence: str) -> None:
    print(f"retold: {sentence}", file=sys.stderr)
