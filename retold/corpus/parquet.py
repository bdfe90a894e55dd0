"""Stories in a Parquet table, one row a document; the columns are described in data/README.md."""

from __future__ import annotations

import collections
import contextlib
import functools
import hashlib
import posixpath
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from retold.corpus.files import filesystem
from retold.corpus.stories import Entry, Found, Opener, of_rows
from retold.records import RetoldError

NEEDED = ("story", "role", "language", "text")
COLUMNS = (*NEEDED, "document", "publisher", "date", "title")  # other columns are not read
_ROWS = 512  # decoded at a time: what is in memory of a row group, however long it is


@dataclass(frozen=True, slots=True)
class Table:
    """One Parquet file, or all of a folder in the order of their names. A story's rows need not stand together."""

    url: str
    files: tuple[str, ...]
    kind = "table"

    def entries(self) -> Iterator[Entry]:
        """Every story by its first row. A row that names no story is a story with a fault."""
        digests: dict[str, Any] = {}
        places: dict[str, list[tuple[int, int]]] = {}
        nameless = []
        for file, path in enumerate(self.files):
            for row, values in self._rows(path):
                if values["story"] is None or values["story"] == "":
                    nameless.append((file, row))
                    continue
                story = str(values["story"])
                digests.setdefault(story, hashlib.sha256()).update(repr(list(values.values())).encode())
                places.setdefault(story, []).append((file, row))
        for story, digest in digests.items():
            yield Entry(story, tuple(places[story]), digest.hexdigest())
        for file, row in nameless:
            where = f"row {row} of {posixpath.basename(self.files[file])}"
            yield Entry(f"({where})", ((file, row),), "", f"{where}: story is empty; every row needs its story's id")

    def open(self, entries: Sequence[Entry]) -> Iterator[Opener]:
        wanted: dict[int, set[int]] = collections.defaultdict(set)
        for e in entries:
            for file, row in e.place:
                wanted[file].add(row)
        found = {
            (file, row): values
            for file, rows in sorted(wanted.items())
            for row, values in self._rows(self.files[file], rows)
        }
        return (functools.partial(self._open, e.story, [found[place] for place in e.place]) for e in entries)

    @contextlib.contextmanager
    def _open(self, story: str, rows: list[dict[str, Any]]) -> Iterator[Found]:
        yield *of_rows(story, rows, f"story {story!r}"), None

    def _rows(self, path: str, wanted: set[int] | None = None) -> Iterator[tuple[int, dict[str, Any]]]:
        """(number, values) of a file's rows, counted from 0; of `wanted` only the row groups they are in are read."""
        fs, _ = filesystem(self.url)
        with fs.open(path, "rb") as raw:
            try:
                book = pq.ParquetFile(raw)
            except pa.ArrowInvalid as error:
                raise RetoldError(f"{path}: is not a Parquet table ({error})") from None
            names = book.schema_arrow.names
            for name in NEEDED:
                if name not in names:
                    raise RetoldError(f"{path}: lacks the column {name!r}; needed are {', '.join(NEEDED)}")
            columns = [name for name in COLUMNS if name in names]
            first = 0
            for group in range(book.num_row_groups):
                last = first + book.metadata.row_group(group).num_rows
                if wanted is None or any(first <= row < last for row in wanted):
                    for some in book.iter_batches(_ROWS, row_groups=[group], columns=columns):
                        for row, values in enumerate(some.to_pylist(), first):
                            if wanted is None or row in wanted:
                                yield row, values
                        first += some.num_rows
                first = last
