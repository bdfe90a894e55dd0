"""Where the stories of a corpus come from: a folder of story folders, lines of pairs, or a Parquet table.

A source is listed once, by whoever plans the work, and read piece by piece, by the workers.
"""

from __future__ import annotations

import collections
import contextlib
import functools
import hashlib
import posixpath
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from retold import batch
from retold import story as story_
from retold.corpus.files import below, filesystem, full, is_local
from retold.corpus.parquet import Table
from retold.corpus.stories import Entry, Found, Opener, of_rows
from retold.records import RetoldError
from retold.review.file import NAME as REVIEW


class Source(Protocol):
    """Some stories under one path."""

    @property
    def kind(self) -> str:
        """`stories`, `pairs` or `table`."""

    @property
    def url(self) -> str:
        """Where it lies; a local path is absolute."""

    def entries(self) -> Iterator[Entry]:
        """Every story, in the source's order. Raises RetoldError for what cannot be read as a whole."""

    def open(self, entries: Sequence[Entry]) -> Iterator[Opener]:
        """An opener of each story. Raises OSError where the source itself cannot be read."""


def source(path: str) -> Source:
    """Tell what is under a path. Raises RetoldError where it is nothing of the three."""
    url = full(path)
    fs, root = filesystem(url)
    if fs.isfile(root):
        if root.endswith((".parquet", ".pq")):
            return Table(url, (root,))
        if root.endswith((".jsonl", ".ndjson")):
            return Pairs(url, root)
        raise RetoldError(f"{path}: allowed are a folder, a .parquet table and a .jsonl file of pairs")
    if not fs.isdir(root):
        raise RetoldError(f"{path}: there is no such file or folder")
    files = tuple(sorted(f for f in fs.find(root) if not _hidden(below(f, root))))
    if any(posixpath.basename(f) == story_.MANIFEST for f in files):
        return Folder(url, root, files)
    tables = tuple(f for f in files if f.endswith((".parquet", ".pq")))
    if tables:
        return Table(url, tables)
    raise RetoldError(f"{path}: holds neither a folder with a {story_.MANIFEST} nor a .parquet table")


def _hidden(relative: str) -> bool:
    return any(part.startswith((".", "_")) for part in relative.split("/"))


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder of story folders. A story is called by its folder, which is known before anything is read."""

    url: str
    root: str
    files: tuple[str, ...]
    kind = "stories"

    def entries(self) -> Iterator[Entry]:
        """As Source says. A folder that holds files and no manifest is a story with a fault."""
        fs, _ = filesystem(self.url)
        for home, files in sorted(self._homes().items()):
            digest = hashlib.sha256()
            for file in files:
                digest.update(below(file, home).encode() + b"\0" + hashlib.sha256(fs.cat_file(file)).digest())
            name = below(home, self.root) or posixpath.basename(home)
            there = posixpath.join(home, story_.MANIFEST) in files
            fault = "" if there else f"{name}: the folder has no {story_.MANIFEST}"
            yield Entry(name, (home, tuple(files)), digest.hexdigest(), fault)

    def _homes(self) -> dict[str, list[str]]:
        """The files of each story folder."""
        homes = {posixpath.dirname(f) for f in self.files if posixpath.basename(f) == story_.MANIFEST}
        inside: dict[str, list[str]] = collections.defaultdict(list)
        for file in self.files:
            at = posixpath.dirname(file)
            while at not in homes and self.root not in (at, posixpath.dirname(at)):
                at = posixpath.dirname(at)
            if at != self.root or at in homes:  # a file beside the folders is none of theirs
                inside[at].append(file)
        return inside

    def open(self, entries: Sequence[Entry]) -> Iterator[Opener]:
        return (functools.partial(self._open, *e.place) for e in entries)

    @contextlib.contextmanager
    def _open(self, home: str, files: Sequence[str]) -> Iterator[Found]:
        fs, _ = filesystem(self.url)
        if is_local(fs):
            yield story_.read(home), {}, Path(home, REVIEW)
            return
        with tempfile.TemporaryDirectory(prefix="retold-") as folder:
            for file in files:
                copy = Path(folder, below(file, home))
                copy.parent.mkdir(parents=True, exist_ok=True)
                copy.write_bytes(fs.cat_file(file))
            yield story_.read(folder), {}, Path(folder, REVIEW)


@dataclass(frozen=True, slots=True)
class Pairs:
    """Lines of pre-segmented pairs, as `retold batch` reads them; a pair is a story of two undated documents."""

    url: str
    file: str
    kind = "pairs"

    def entries(self) -> Iterator[Entry]:
        """As Source says. A line that cannot be used, or whose id an earlier one has, is a story with a fault."""
        fs, _ = filesystem(self.url)
        seen: dict[str, int] = {}
        with fs.open(self.file, "rb") as lines:
            end = 0
            for number, line in enumerate(lines, 1):
                start, end = end, end + len(line)
                if not line.strip():
                    continue
                where = f"line {number}"
                try:
                    id, fault = batch.pair(line, where)[0], ""
                except RetoldError as error:
                    id, fault = f"({where})", str(error)
                if id in seen:
                    id, fault = f"{id} ({where})", f"{where}: the id {id!r} stands in line {seen[id]} already"
                seen.setdefault(id, number)
                yield Entry(id, (start, end, where), hashlib.sha256(line).hexdigest(), fault)

    def open(self, entries: Sequence[Entry]) -> Iterator[Opener]:
        fs, _ = filesystem(self.url)
        starts, ends = [e.place[0] for e in entries], [e.place[1] for e in entries]
        lines = fs.cat_ranges([self.file] * len(entries), starts, ends, on_error="raise")
        return (functools.partial(self._open, x, e.place[2]) for x, e in zip(lines, entries, strict=True))

    @contextlib.contextmanager
    def _open(self, line: bytes, where: str) -> Iterator[Found]:
        id, language, original, version = batch.pair(line, where)
        rows = [
            {"role": "original", "language": "en", "text": original},
            {"role": "version", "language": language, "text": version},
        ]
        yield *of_rows(id, rows, where), None
