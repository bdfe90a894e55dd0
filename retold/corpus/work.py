"""What a worker does: one part of a corpus, from its input to its files."""

from __future__ import annotations

import functools
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from retold import __version__
from retold import findings as findings_
from retold import segment as segment_
from retold.align import SIGNATURE as ALIGN_SIGNATURE
from retold.compare import OpenStory
from retold.corpus import rows
from retold.corpus.output import Output
from retold.corpus.sources import Source
from retold.corpus.stories import Entry, Opener
from retold.encode import encoder as open_encoder
from retold.records import Encoder, RetoldError, Translator
from retold.store import CachedEncoder, Store
from retold.translate import translator as open_translator

SIGNATURE = "tables 2"  # grows with every change of a table's columns or of what stands in them
NONE = "none"  # as a translator's name: nothing is translated
REASON = 500  # characters of a reason that are kept


@dataclass(frozen=True, slots=True)
class Job:
    """What is the same for every part."""

    source: Source
    out: str
    encoder: str
    translator: str
    store: str | None
    signature: str


@functools.cache  # once a process, so that every worker loads its models once
def engines(encoder: str, translator: str, store: str | None) -> tuple[Encoder, Translator | None]:
    """The engines by name. Raises RetoldError for one that is not known or not there."""
    return open_encoder(encoder), None if translator == NONE else open_translator(translator, store=Store(store))


def signatures(encoder: str, translator: str, store: str | None) -> dict[str, str]:
    """Everything that changes a row."""
    encodes, translates = engines(encoder, translator, store)
    return {
        "retold": __version__, "tables": SIGNATURE, "segment": segment_.SIGNATURE, "align": ALIGN_SIGNATURE,
        "findings": findings_.SIGNATURE, "encoder": encodes.signature,
        "translator": translates.signature if translates else NONE,
    }  # fmt: skip


def digest(content: object) -> str:
    """Of anything JSON holds, in sixteen hexadecimal digits."""
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:16]


def part_digest(entries: Sequence[Entry]) -> str:
    """Of a part's input: which stories, in what order, and what is in them."""
    return digest([[e.story, e.digest, e.fault] for e in entries])


def work(job: Job, number: int, entries: Sequence[Entry], killers: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Compare a part's stories and write its files; returns its mark.

    killers: stories not to be touched, with the reason. Whatever else is wrong with a story becomes a row of the table
    `failed`. Raises RetoldError where this worker's engines or rules are others than the job's.
    """
    found = digest(signatures(job.encoder, job.translator, job.store))
    if found != job.signature:
        raise RetoldError(
            f"a worker has other engines, rules or reviewed translations (signature {found}) than the run "
            f"({job.signature}); install the same retold there and start it in the same folder"
        )
    tables: dict[str, list[pa.Table]] = {name: [] for name in rows.TABLES}
    failed = 0
    for made in _compared(job, entries, killers or {}):
        failed += "failed" in made and made["failed"].num_rows
        for name, table in made.items():
            tables[name].append(table)
    counts = {"stories": len(entries), "failed": failed}
    return Output(job.out).write_part(number, tables, {"input": part_digest(entries)} | counts)


def alone(job: Job, entry: Entry) -> None:
    """Compare one story and forget it: whoever is killed by it has learnt which one it was."""
    _compared(job, [entry], {})


def _compared(job: Job, entries: Sequence[Entry], killers: Mapping[str, str]) -> list[dict[str, pa.Table]]:
    encodes, translates = engines(job.encoder, job.translator, job.store)
    store = Store(":memory:")  # the original's vectors serve all its versions; no later part needs them
    memo = CachedEncoder(encodes, store)
    sound = [e for e in entries if not e.fault and e.story not in killers]
    openers = dict(zip((e.story for e in sound), job.source.open(sound), strict=True))
    made = []
    for entry in entries:
        if entry.story in openers:
            made.append(_story(entry.story, openers[entry.story], translates, memo))
        else:
            fault = entry.fault or killers[entry.story]
            made.append(rows.of_failure(entry.story, "RetoldError" if entry.fault else "WorkerDied", fault))
    store.close()
    return made


def _story(name: str, opener: Opener, translates: Translator | None, encodes: Encoder) -> dict[str, pa.Table]:
    try:
        with opener() as (story, cut, review):
            opened = OpenStory(story, translates, encodes, segments=cut, review=review)
            opened.follow()  # a review file that cannot be read is said before any work is done
            return rows.of_story(name, opened)
    except Exception as error:  # whatever it is, it must not stop the other stories
        said = " ".join(str(error).split())[:REASON]
        return rows.of_failure(name, type(error).__name__, said or "no reason was given")
