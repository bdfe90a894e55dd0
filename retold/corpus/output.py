"""The folder a corpus is written to: its tables, part by part, and what says which parts are there.

    manifest.json            signatures, versions, input, counts
    findings/000000.parquet  one file a part in each table's folder
    _done/000000.json        written when all files of part 0 lie there: a part without it does not count

So whatever moment a run is killed at, a part is there whole or is made again.
"""

from __future__ import annotations

import contextlib
import io
import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq

from retold.corpus.files import filesystem, is_local, listed
from retold.corpus.rows import SCHEMAS, TABLES
from retold.files import MAKING, put
from retold.records import RetoldError

if TYPE_CHECKING:
    import pandas as pd

MANIFEST = "manifest.json"
DONE = "_done"


@dataclass(frozen=True, slots=True)
class Output:
    """A folder, local or on whatever fsspec opens."""

    url: str

    def path(self, *names: str) -> str:
        return "/".join([filesystem(self.url)[1].rstrip("/"), *names])

    def write(self, name: str, content: bytes) -> None:
        """Put a file in place in one step, as far as the file system can: local ones and object stores do."""
        fs, _ = filesystem(self.url)
        target = self.path(*name.split("/"))
        if is_local(fs):
            put(Path(target), content)
        else:
            fs.makedirs(target.rsplit("/", 1)[0], exist_ok=True)
            fs.pipe_file(target, content)

    def write_part(self, number: int, tables: dict[str, list[pa.Table]], mark: dict[str, Any]) -> dict[str, Any]:
        """Write a part's files, then its mark; returns the mark, with the number of rows in each table."""
        counts = {}
        for name in TABLES:
            whole = pa.concat_tables([SCHEMAS[name].empty_table(), *tables.get(name, [])]).combine_chunks()
            counts[name] = whole.num_rows
            buffer = io.BytesIO()
            pq.write_table(whole, buffer, compression="zstd")
            self.write(f"{name}/{number:06}.parquet", buffer.getvalue())
        mark = mark | {"rows": counts}
        self.write(f"{DONE}/{number:06}.json", _json(mark))
        return mark

    def remove(self, number: int) -> None:
        """Take a part away, its mark first."""
        fs, _ = filesystem(self.url)
        for name in (f"{DONE}/{number:06}.json", *(f"{table}/{number:06}.parquet" for table in TABLES)):
            with contextlib.suppress(FileNotFoundError):
                fs.rm_file(self.path(name))

    def marks(self) -> dict[int, dict[str, Any]]:
        """The marks of the parts that are there, by number."""
        fs, _ = filesystem(self.url)
        names = [f for f in listed(fs, self.path(DONE)) if f.endswith(".json")]
        return {
            int(name.rsplit("/", 1)[1].removesuffix(".json")): json.loads(content)
            for name, content in (fs.cat(names) if len(names) > 1 else {n: fs.cat_file(n) for n in names}).items()
        }

    def manifest(self) -> dict[str, Any] | None:
        """What the manifest says; None where there is none. Raises RetoldError for a folder that is not a corpus's."""
        fs, root = filesystem(self.url)
        if fs.isfile(root):
            raise RetoldError(f"{self.url}: this is a file; a folder is needed")
        try:
            made = json.loads(fs.cat_file(self.path(MANIFEST)))
        except FileNotFoundError:
            if any(MAKING not in name for name in listed(fs, root)):
                raise RetoldError(f"{self.url}: is not empty and holds no {MANIFEST}; give an empty folder") from None
            return None
        except ValueError as error:
            raise RetoldError(f"{self.path(MANIFEST)}: is not JSON ({error})") from None
        return dict(made)

    def write_manifest(self, content: dict[str, Any]) -> None:
        self.write(MANIFEST, _json(content))

    def sweep(self) -> None:
        """Remove what runs that were killed left half written."""
        fs, _ = filesystem(self.url)
        if is_local(fs):
            for left in Path(self.path()).glob(f"**/{MAKING}*"):
                shutil.rmtree(left, ignore_errors=True)


def manifest(out: str) -> dict[str, Any]:
    """What the manifest of a corpus says. Raises RetoldError where there is none."""
    made = Output(out).manifest()
    if made is None:
        raise RetoldError(f"{out}: holds no corpus; `retold corpus IN {out}` makes one")
    return made


def table(out: str, name: str) -> pd.DataFrame:
    """A table of a corpus, in the order of its input; of a run that is not over, the parts that are there.

    name: segments, links, statuses, findings, briefs or failed. All of it is held in memory: of a large corpus read
    `OUT/NAME/*.parquet` by Dask, DuckDB or Polars instead. Raises RetoldError for another name or folder.
    """
    if name not in TABLES:
        raise RetoldError(f"table {name!r} is not known; known are {', '.join(TABLES)}")
    manifest(out)
    output = Output(out)
    fs, _ = filesystem(out)
    parts = [SCHEMAS[name].empty_table()]
    for number in sorted(output.marks()):
        with fs.open(output.path(name, f"{number:06}.parquet"), "rb") as file:
            parts.append(pq.read_table(file))
    made: pd.DataFrame = pa.concat_tables(parts).to_pandas()
    return made


def _json(content: dict[str, Any]) -> bytes:
    return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode()
