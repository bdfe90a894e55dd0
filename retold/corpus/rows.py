"""The tables of a corpus: their columns, and the rows that one story gives. docs/design.md says what a column holds."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from retold.compare import Comparison, OpenStory
from retold.kinship import kinship

_text, _number, _share = pa.string(), pa.int32(), pa.float64()
_KEY = [("story", _text), ("document", _text)]  # of a document that is compared with its story's original
_WHO = [("role", _text), ("language", _text), ("publisher", _text)]

SCHEMAS: dict[str, pa.Schema] = {
    "segments": pa.schema([
        *_KEY, *_WHO, ("n", _number), ("start", _number), ("end", _number), ("kind", _text), ("text", _text),
        ("english", _text), ("engine", _text), ("warnings", pa.list_(_text)),
    ]),
    "links": pa.schema([*_KEY, ("original", _number), ("version", _number), ("probability", _share)]),
    "statuses": pa.schema([
        *_KEY, *_WHO, ("side", _text), ("n", _number), ("kind", _text), ("status", _text), ("bead", _number),
    ]),
    "findings": pa.schema([
        *_KEY, *_WHO, ("rank", _number), ("type", _text), ("facet", _text), ("original", _number),
        ("version", _number), ("before", _text), ("after", _text), ("confidence", _share),
        ("suspect_translation", pa.bool_()), ("original_start", _number), ("original_end", _number),
        ("version_start", _number), ("version_end", _number),
    ]),
    "briefs": pa.schema([
        *_KEY, *_WHO, ("date", pa.date32()), ("title", _text), ("verdict", _text), ("carried", _share),
        ("own", _share), ("brief", _text), ("signature", _text), ("warnings", pa.list_(_text)),
    ]),
    "failed": pa.schema([("story", _text), ("error", _text), ("reason", _text)]),
}  # fmt: skip
TABLES = tuple(SCHEMAS)


def of_story(story: str, opened: OpenStory) -> dict[str, pa.Table]:
    """The rows of one story, every document of it compared. Raises what is wrong with the story, Arrow's errors too."""
    rows: dict[str, list[dict[str, Any]]] = {name: [] for name in TABLES}
    comparisons = opened.comparisons
    english = {(c.version.id, t.n): t for c in comparisons for t in c.translations}
    for d in (opened.original, *opened.story.others):
        who = {"story": story, "document": d.id, "role": d.role, "language": d.language, "publisher": d.publisher}
        for s in opened.segments[d.id]:
            made = english.get((d.id, s.n))
            told = {"english": made.text, "engine": made.engine, "warnings": list(made.warnings)} if made else {}
            rows["segments"].append(
                who | {"n": s.n, "start": s.start, "end": s.end, "kind": s.kind, "text": s.text} | told
            )
    for c in comparisons:
        _comparison(rows, story, c)
    return {name: pa.Table.from_pylist(rows[name], schema) for name, schema in SCHEMAS.items()}


def _comparison(rows: dict[str, list[dict[str, Any]]], story: str, c: Comparison) -> None:
    d = c.version
    key = {"story": story, "document": d.id}
    who = key | {"role": d.role, "language": d.language, "publisher": d.publisher}
    rows["links"] += [
        key | {"original": k.original, "version": k.version, "probability": round(k.probability, 4)}
        for k in c.alignment.links
    ]
    beads = [{n: b for b, bead in enumerate(c.alignment.beads) for n in getattr(bead, side)}
             for side in ("original", "version")]  # fmt: skip
    for side, status, segments, bead in (
        ("original", c.status.original, c.original_segments, beads[0]),
        ("version", c.status.version, c.version_segments, beads[1]),
    ):
        rows["statuses"] += [
            who | {"side": side, "n": s.n, "kind": s.kind, "status": what, "bead": bead.get(s.n)}
            for s, what in zip(segments, status, strict=True)
        ]
    for f in c.found:
        spans: dict[str, int] = {}
        for side, span in (("original", f.original_span), ("version", f.version_span)):
            if span:
                spans |= {f"{side}_start": span[0], f"{side}_end": span[1]}
        keys = ("rank", "type", "facet", "original", "version", "before", "after", "suspect_translation")
        rows["findings"].append(
            who | {key: getattr(f, key) for key in keys} | {"confidence": round(f.confidence, 4)} | spans
        )
    kin = kinship(c)
    rows["briefs"].append(
        who
        | {"date": d.date, "title": c.story.title, "verdict": kin.verdict, "carried": round(kin.carried, 4)}
        | {"own": round(kin.own, 4), "brief": c.brief.text, "signature": c.signature}
        | {"warnings": [*c.story.warnings, *c.warnings]}
    )


def of_failure(story: str, error: str, reason: str) -> dict[str, pa.Table]:
    """The rows of a story that could not be compared. A lone surrogate, which no table holds, becomes `?`."""
    row = {"story": story, "error": error, "reason": reason}
    clean = {key: value.encode("utf-8", "replace").decode() for key, value in row.items()}
    return {"failed": pa.Table.from_pylist([clean], SCHEMAS["failed"])}
