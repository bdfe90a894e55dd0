"""The report: one HTML file with everything in it, readable without JavaScript and without a network."""

from __future__ import annotations

import base64
import functools
import hashlib
from collections import Counter
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from retold import __version__, accuracy
from retold.brief import Brief, runs
from retold.files import put
from retold.naming import day, finding_keys, label, language_name, slug, what, who
from retold.records import CONTENT_KINDS, FACETS, REVIEWED
from retold.report import ribbon, tables
from retold.report.palette import GLYPHS, glyph, happened, word
from retold.report.reading import rows
from retold.review.decision import DONE
from retold.shared import shared_facts
from retold.summarise import body, brief, story_brief

if TYPE_CHECKING:
    from jinja2 import Environment

    from retold.compare import Comparison, OpenStory

FIRST = 12  # findings of a version shown before the rest is folded away; a related document's are all folded
# What became of a sentence of the original, and what a version's sentence is to it: one filter for both sides.
STATUSES = (("kept", "kept"), ("partly_kept", "kept in part"), ("dropped", "dropped"), ("added", "added"))
FACING = {"carried": "kept", "altered": "partly_kept"}
TYPES = ("dropped", "added", "changed", "moved")


def write_html(opened: OpenStory, path: str | Path) -> Path:
    """Write the whole story's report; the file is replaced only once the new one is complete."""
    return put(Path(path), render(opened).encode())


def render(opened: OpenStory) -> str:
    """The report as HTML. Equal results give equal text."""
    css, js = _part("report.css"), _part("report.js")
    return environment().get_template("report.html").render(
        story=opened.story,
        original=opened.original, wire=who(opened.original, opened.story),
        documents=[_document(opened, i, c) for i, c in enumerate(opened.comparisons)],
        own=tables.counts(opened.comparisons[0])["of"] if opened.comparisons else 0,
        brief=_told(story_brief(opened), {opened.original.id: _first(opened)}),
        claims=opened.claim_rows,
        roles={d.id: d.role for d in opened.story.documents},
        content=[s for s in opened.segments[opened.original.id] if s.kind in CONTENT_KINDS],
        types=TYPES, statuses=STATUSES, facing=FACING, facets=_facets(opened), glyphs=GLYPHS, done=DONE,
        review=opened.review.table().to_dict("records"), review_summary=opened.review.summary,
        engines=_engines(opened), warnings=_warnings(opened), version=__version__,
        accuracy={"made": accuracy.measured(), "caveat": accuracy.CAVEAT, "meaning": accuracy.MEANING,
                  "said": accuracy.SAID},
        css=css, js=js, css_hash=_digest(css), js_hash=_digest(js),
    )  # fmt: skip


@functools.cache
def environment() -> Environment:
    """The templates of this folder; what is not HTML escapes for itself."""
    import jinja2

    made = jinja2.Environment(
        loader=jinja2.FunctionLoader(_part), autoescape=lambda name: name != "article.md",
        undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    made.globals |= {
        "label": label,
        "day": day,
        "language_name": language_name,
        "word": word,
        "glyph": glyph,
        "happened": happened,
        "slug": slug,
        "share": accuracy.share,
    }
    return made


def _part(name: str) -> str:
    return (files(__package__) / name).read_text(encoding="utf-8")


def _digest(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _first(opened: OpenStory) -> str:
    """The slug of the document whose reading view the original's segments are linked to from the story's brief."""
    return slug(opened.story.others[0].id) if opened.story.others else ""


def _document(opened: OpenStory, number: int, c: Comparison) -> dict[str, Any]:
    """Everything the template says about one comparison."""
    id = slug(c.version.id)
    keys = finding_keys(c)
    return {
        "c": c, "id": id, "number": number % 6, "document": c.version, "counts": tables.counts(c),
        "name": who(c.version, c.story), "about": _about(c),
        "related": c.version.role == "related", "foreign": bool(c.translations),
        "engines": sorted({t.engine for t in c.translations if t.engine != REVIEWED}),
        "reviewed": any(t.engine == REVIEWED for t in c.translations),
        "brief": _told(brief(c), {c.original.id: id, c.version.id: id}),
        "ribbon": ribbon.svg(c),
        "names": keys, "findings": list(zip(keys, c.found, strict=False)), 
        "first": 0 if c.version.role == "related" else FIRST,
        "rejected": list(zip(keys[len(c.found) :], c.rejected, strict=True)),
        "rows": rows(c), "gist": _gist(opened, c),
        "english": {t.n: t.text for t in c.translations},
        "shared": shared_facts(c) if c.version.role == "related" else (),
    }  # fmt: skip


def _gist(opened: OpenStory, c: Comparison) -> list[tuple[int, str, str]]:
    """The document in three of its own sentences: number, words, English."""
    english = {t.n: t.text for t in c.translations if not t.warnings}
    return [(s.n, body(s, c.version), english.get(s.n, "")) for s in opened.extract(c.version.id)]


def _about(c: Comparison) -> str:
    """What a document is and what is known of its publisher, less what its name has already said."""
    name, kind = who(c.version, c.story), what(c.version)
    known = c.version.publisher if c.version.publisher != name else ""
    return "; ".join(part for part in (kind if kind != name else "", known) if part)


def _told(made: Brief, places: dict[str, str]) -> list[dict[str, Any]]:
    """A brief's lines with every citation as (label, link)."""
    side = made.labels[0][0]

    def cites(refs: tuple[tuple[str, int], ...]) -> list[tuple[str, str]]:
        out = []
        for document, _ in made.labels:
            for ref in _runs(document, refs):
                letter = "o" if document == side else "v"
                out.append((made.cite(ref), f"#s-{places.get(document, slug(document))}-{letter}{ref[0][1]}"))
        return out

    return [
        {"topic": line.topic, "lead": line.lead, "items": [(item.text, cites(item.refs)) for item in line.items]}
        for line in made.lines
    ]


def _runs(document: str, refs: tuple[tuple[str, int], ...]) -> list[tuple[tuple[str, int], ...]]:
    some = sorted({n for d, n in refs if d == document})
    return [tuple((document, n) for n in range(a, b + 1)) for a, b in runs(some)]


def _facets(opened: OpenStory) -> list[tuple[str, int]]:
    seen = Counter(f.facet for c in opened.comparisons for f in c.found)
    return [(facet, seen[facet]) for facet in FACETS if seen[facet]]  # type: ignore[index]


def _engines(opened: OpenStory) -> list[tuple[str, str]]:
    return [
        ("Translation", opened.translator.signature),
        ("Vectors", opened.encoder.signature),
        *((f"Comparison with {c.version.id}", c.signature) for c in opened.comparisons),
    ]


def _warnings(opened: OpenStory) -> list[str]:
    return list(dict.fromkeys([*opened.story.warnings, *(w for c in opened.comparisons for w in c.warnings)]))
