"""The files a run leaves: built in full first, then put in place one by one, so that a failure leaves the old ones."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from retold import files
from retold.brief import plain
from retold.records import REVIEWED, Segment
from retold.report import tables
from retold.review.apply import REJECTED
from retold.summarise import brief, story_brief

if TYPE_CHECKING:
    from retold.compare import Comparison, OpenStory
    from retold.review import Outcome
    from retold.translate.tmx import Unit


def write_all(opened: OpenStory, folder: str | Path) -> tuple[Path, ...]:
    """Write report.html, comparison.json, findings.csv, findings.xlsx, brief.md and translations.tmx.

    Returns their paths. Raises RetoldError where the folder cannot be made or written to. Nothing is
    replaced before everything is made.
    """
    from retold import __version__
    from retold.report import html, spreadsheet
    from retold.translate import tmx

    folder = Path(folder)
    made = {
        "report.html": html.render(opened).encode(),
        "comparison.json": (json.dumps(record(opened), ensure_ascii=False, indent=1) + "\n").encode(),
        "findings.csv": csv(opened).encode("utf-8-sig"),  # the mark makes Excel read UTF-8
        "findings.xlsx": spreadsheet.workbook(opened),
        "brief.md": markdown(opened).encode(),
        "translations.tmx": tmx.render(units(opened), tool_version=__version__),
    }
    try:
        folder.mkdir(parents=True, exist_ok=True)
        files.sweep(folder)
        with files.making(folder) as making:
            for name, content in made.items():
                (making / name).write_bytes(content)
            return tuple((making / name).replace(folder / name) for name in made)
    except OSError as error:
        raise files.unwritable(folder, error) from error


def record(opened: OpenStory) -> dict[str, Any]:
    """`comparison.json` as values; its format is fixed. `n` counts from 0, offsets characters of the file's text."""
    documents = (opened.original, *opened.story.others)
    return {
        "story": opened.story.id,
        "signature": {"translator": opened.translator.signature, "encoder": opened.encoder.signature}
        | {c.version.id: c.signature for c in opened.comparisons},
        "documents": [
            {
                "id": d.id,
                "language": d.language,
                "role": d.role,
                "segments": [_segment(s) for s in opened.segments[d.id]],
            }
            for d in documents
        ],
        "comparisons": [_comparison(c) for c in opened.comparisons],
    }


def _segment(s: Segment) -> dict[str, Any]:
    return {"n": s.n, "start": s.start, "end": s.end, "kind": s.kind, "text": s.text}


def _comparison(c: Comparison) -> dict[str, Any]:
    return {
        "original": c.original.id,
        "version": c.version.id,
        "translations": [
            {"n": t.n, "text": t.text, "engine": t.engine, "warnings": list(t.warnings)} for t in c.translations
        ],
        "links": [[k.original, k.version, round(k.probability, 4)] for k in c.alignment.links],
        "status": {"original": list(c.status.original), "version": list(c.status.version)},
        "findings": [
            {
                "type": f.type, "facet": f.facet, "original": f.original, "version": f.version, "before": f.before,
                "after": f.after, "confidence": round(f.confidence, 4), "suspect_translation": f.suspect_translation,
            }
            for f in c.found
        ],
    } | ({"review": [_outcome(x) for x in c.reviewed]} if c.reviewed else {})  # fmt: skip


def _outcome(x: Outcome) -> dict[str, Any]:
    """A decision with where its segments are now; only the keys that say something."""
    d = x.decision
    said = {
        name: getattr(d, name) for name in ("type", "facet", "before", "after", "english", "comment", "author", "date")
    }
    texts = {"original_text": d.original, "version_text": d.version}
    some = {
        "on": d.on,
        "decision": d.decision,
        "state": x.state,
        "why": x.why,
        **texts,
        **said,
        "becomes": dict(d.becomes),
    }
    return {"original": x.original, "version": x.version} | {name: value for name, value in some.items() if value}


def csv(opened: OpenStory) -> str:
    """Every finding as CSV; cells that a spreadsheet would take for a formula are led by an apostrophe."""
    table = tables.all_findings(opened)
    words = table.select_dtypes(include=["object", "string"]).columns
    table[words] = table[words].map(_inert)
    return str(table.to_csv(index=False, lineterminator="\n"))


# What begins a formula, plain and full-width, and the blanks that some spreadsheets skip before one (OWASP's list).
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def _inert(value: object) -> object:
    return "'" + value if isinstance(value, str) and value.startswith(_FORMULA) else value


def markdown(opened: OpenStory) -> str:
    """The briefs of the story and of every document, as one Markdown file."""
    parts = [story_brief(opened).markdown.replace("## ", "# ", 1), *(brief(c).markdown for c in opened.comparisons)]
    if opened.review.outcomes:
        rows = opened.review.table()
        parts.append(
            f"## Review\n\n{opened.review.summary}.\n\n" + "\n".join(_decided(r) for r in rows.to_dict("records"))
        )
    legend = "R: segments of the original; V: of a version; D: of a related document. All count from 1."
    return "\n\n".join([*parts, legend]) + "\n"


def _decided(row: dict[Any, str]) -> str:
    """A decision as a line of a Markdown list."""
    places = ", ".join(x for x in (row["original"], row["version"]) if x)
    what = ": ".join(x for x in (row["what"], row["result"]) if x)
    note = f" ({row['comment']})" if row["comment"] else ""
    head = f"{row['document']} {row['on']} {row['decision']}{f' [{places}]' if places else ''}"
    stale = f" – {row['state']}" if row["state"] != "applies" else ""
    return "- " + plain(f"{head}: {what}{note} – {row['author']}, {row['date']}{stale}")


def write_tmx(opened: OpenStory, path: str | Path, *, reviewed: bool = False) -> Path:
    """Write every translated segment, or only those a person stands for, as TMX; returns the path."""
    from retold import __version__
    from retold.translate import tmx

    return tmx.write(path, units(opened, reviewed=reviewed), tool_version=__version__)


def units(opened: OpenStory, *, reviewed: bool = False) -> list[Unit]:
    """Every translated segment as a unit of TMX, with the engine that made it or the person who stands for it.

    One that a person rejected is left out. reviewed: only those that a person stands for.
    """
    from retold.translate.tmx import Unit

    out = []
    for c in opened.comparisons:
        decided = {x.version: x.decision for x in c.reviewed if x.decision.on == "translation"}
        for t in c.translations:
            if t.text and REJECTED not in t.warnings and (t.by_person or not reviewed):
                d = decided.get(t.n) if t.engine == REVIEWED else None
                by = (d.author, d.date) if d else ("", "")
                source = c.version_segments[t.n].text
                out.append(Unit(source, c.version.language, t.text, *by, t.engine, t.signature, t.warnings))
    return out
