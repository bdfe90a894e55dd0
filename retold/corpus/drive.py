"""A corpus from its input to its tables: what is to do, and the Dask cluster that does it."""

from __future__ import annotations

import collections
import contextlib
import importlib.metadata
import itertools
import platform
import warnings
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from retold import __version__, progress
from retold.corpus import work
from retold.corpus.files import full
from retold.corpus.output import Output
from retold.corpus.rows import TABLES
from retold.corpus.sources import source
from retold.corpus.stories import Entry
from retold.records import RetoldError

PART = 32  # stories at most: some half a minute's work, which is what an interruption costs
PARTS = 64  # of a small corpus, so that there is work for many workers
DEATHS = 3  # how often a part may lose its workers through no story of its own
WAIT = 60.0  # seconds for a scheduler's first worker
_LIBRARIES = ("dask", "distributed", "fsspec", "numpy", "pyarrow")


def run(
    source_path: str,
    out: str,
    *,
    workers: int | None = None,
    scheduler: str | None = None,
    encoder: str = "auto",
    translator: str = work.NONE,
    store: str | None = None,
    part: int | None = None,
    tell: Callable[[str], None] = lambda line: None,
) -> dict[str, Any]:
    """Compare every story of a corpus and write the tables; returns the manifest.

    source_path: a folder of story folders, a Parquet table or a .jsonl file of pairs; out: a folder; both are paths or
    fsspec URLs. workers: processes of one thread each on this machine, as many as it has cores by default; scheduler:
    the address of a Dask scheduler to use instead. translator: an engine's name; none by default, as findings come from
    the foreign text. store: where translations are kept. part: stories a part; 32 by default, fewer in a small
    corpus. tell: gets lines on how it goes.

    What is there already, from the same input by the same rules, is not made again. Raises RetoldError for a bad path,
    engine, scheduler, or an `out` made by other rules; a bad story becomes a row of the table `failed`.
    """
    for name, number in (("part", part), ("workers", workers)):
        if number is not None and number < 1:
            raise RetoldError(f"{name} is {number}; it has to be 1 or more")
    given, output = source(source_path), Output(full(out))
    if f"{output.url.rstrip('/')}/".startswith(f"{given.url.rstrip('/')}/"):
        raise RetoldError(f"{out}: lies in the input {source_path}; give a folder outside of it")
    signatures = work.signatures(encoder, translator, store)
    job = work.Job(given, output.url, encoder, translator, store, work.digest(signatures))
    manifest: dict[str, Any] = {
        "retold": __version__, "signature": job.signature, "signatures": signatures,
        "versions": {"python": platform.python_version()} | {n: importlib.metadata.version(n) for n in _LIBRARIES},
    }  # fmt: skip
    old = _checked(output, manifest, part)
    entries = list(given.entries())
    manifest["part"] = size = old.get("part") or part or max(1, min(PART, len(entries) // PARTS))
    parts = [entries[n : n + size] for n in range(0, len(entries), size)]
    digests = [work.part_digest(entries) for entries in parts]
    manifest["input"] = {"path": source_path, "kind": given.kind, "checksum": work.digest(digests)}
    marks = output.marks()
    fits = [n < len(digests) and mark["input"] == digests[n] for n, mark in marks.items()]
    for number in (n for n, fit in zip(marks, fits, strict=True) if not fit):
        output.remove(number)
    marks = {n: mark for (n, mark), fit in zip(marks.items(), fits, strict=True) if fit}
    todo = [n for n in range(len(parts)) if n not in marks]
    if todo or not old.get("complete"):
        output.write_manifest(manifest | {"complete": False})
        done = sum(mark["stories"] for mark in marks.values())
        with progress.bar(sum(map(len, parts)), "corpus", "story", done=done, leave=True) as bar:
            if todo:
                with _client(workers, scheduler, tell) as client:
                    for number, mark in _drive(client, job, {n: parts[n] for n in todo}):
                        marks[number] = mark
                        bar.update(mark["stories"])
    output.sweep()
    counts = {name: sum(mark[name] for mark in marks.values()) for name in ("stories", "failed")}
    rows = {name: sum(mark["rows"][name] for mark in marks.values()) for name in TABLES}
    manifest |= {"complete": True, "parts": len(parts), "stories": counts["stories"], "failed": counts["failed"]}
    output.write_manifest(manifest | {"rows": rows})
    return manifest | {"rows": rows}


def _checked(output: Output, manifest: dict[str, Any], part: int | None) -> dict[str, Any]:
    """The manifest that is there, if any. Raises RetoldError rather than mix rows of different rules in one folder."""
    old = output.manifest()
    if old is None:
        return {}
    if old.get("signature") != manifest["signature"]:
        before = old.get("signatures", {})
        other = [key for key, value in manifest["signatures"].items() if before.get(key) != value]
        raise RetoldError(f"{output.url}: was made with other rules ({', '.join(other)}); give another folder")
    if part not in (None, old.get("part")):
        raise RetoldError(f"{output.url}: was made in parts of {old.get('part')} stories; go on with that number")
    return old


@contextlib.contextmanager
def _client(workers: int | None, scheduler: str | None, tell: Callable[[str], None]) -> Iterator[Any]:
    """A client of the scheduler at an address, or of a cluster made here for as long as it is needed."""
    from distributed import Client, LocalCluster
    from joblib import cpu_count  # knows affinity and a container's quota

    with contextlib.ExitStack() as stack:
        if scheduler is not None:
            try:
                client = stack.enter_context(Client(scheduler, timeout=10))
                client.wait_for_workers(1, timeout=WAIT)
            except (OSError, ValueError) as error:
                raise RetoldError(f"scheduler {scheduler}: cannot be used ({error or 'no worker came'})") from None
        else:
            environment = {"OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1",
                           "OMP_WAIT_POLICY": "PASSIVE", "TQDM_DISABLE": "1"}  # fmt: skip
            with warnings.catch_warnings():  # the dashboard takes another port where this one is in use: no news
                warnings.simplefilter("ignore")
                cluster = LocalCluster(
                    n_workers=workers or cpu_count(), threads_per_worker=1, processes=True, env=environment,
                    host="127.0.0.1", dashboard_address="127.0.0.1:8787", silence_logs="CRITICAL",
                )  # fmt: skip
            stack.enter_context(cluster)
            client = stack.enter_context(Client(cluster))
        tell(f"dashboard: {client.dashboard_link}")
        yield client


def _drive(client: Any, job: work.Job, parts: dict[int, list[Entry]]) -> Iterator[tuple[int, dict[str, Any]]]:
    """(number, mark) of each part as it is done. Only some are with the scheduler at a time, however many there are."""
    from distributed import KilledWorker, as_completed

    waiting = iter(parts.items())
    numbers: dict[str, int] = {}
    deaths: collections.Counter[int] = collections.Counter()

    def start(number: int, entries: Sequence[Entry], killers: dict[str, str] | None = None) -> Any:
        future = client.submit(work.work, job, number, list(entries), killers, pure=False)
        numbers[future.key] = number
        return future

    window = max(8, 4 * sum(client.nthreads().values()))
    running = as_completed([start(*some) for some in itertools.islice(waiting, window)])
    for future in running:
        number = numbers.pop(future.key)
        error = future.exception()
        if isinstance(error, KilledWorker):
            killers = _killers(client, job, parts[number])
            deaths[number] += not killers  # a worker's death is laid on all parts that were given to it
            if deaths[number] > DEATHS:
                raise RetoldError(f"part {number}: its workers die, though no single story kills one: {error}")
            running.add(start(number, parts[number], killers))
            continue
        if error is not None:
            raise error if isinstance(error, RetoldError) else _told(number, error)
        yield number, future.result()
        for some in itertools.islice(waiting, 1):
            running.add(start(*some))


def _told(number: int, error: BaseException) -> RetoldError:
    return RetoldError(f"part {number}: {type(error).__name__}: {' '.join(str(error).split())}")


def _killers(client: Any, job: work.Job, entries: Sequence[Entry]) -> dict[str, str]:
    """The stories of a part that kill a worker, each tried alone."""
    from distributed import KilledWorker

    found = {}
    for entry in entries:
        error = client.submit(work.alone, job, entry, pure=False).exception()
        if isinstance(error, KilledWorker):
            found[entry.story] = "the workers that compared it died, of memory or a fault in a library"
    return found
