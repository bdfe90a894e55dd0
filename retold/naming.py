"""What segments, documents and findings are called wherever a person reads of them."""

from __future__ import annotations

import functools
import hashlib
import json
import re
from typing import TYPE_CHECKING

from retold.records import Document, Role, Story

if TYPE_CHECKING:
    from retold.compare import Comparison

# A letter before a segment's number (counted from 1): R for the original that was retold, V for a version, D for a
# related document, which is no version.
LETTERS: dict[Role, str] = {"original": "R", "version": "V", "related": "D"}


def label(role: Role, n: int) -> str:
    """Segment `n` (from 0) as a person cites it: `R8`, `V3`, `D12`."""
    return f"{LETTERS[role]}{n + 1}"


@functools.cache
def language_name(code: str) -> str:
    """The English name of a language: `nl` → Dutch; the code itself where CLDR has no name."""
    from babel import Locale

    return str(Locale("en").languages.get(code, code))


def who(document: Document, story: Story) -> str:
    """A document as an editor would call it: its publisher, less what stands in brackets.

    Where that is unknown: the version by its language if that says which, or else the document's id.
    """
    name = document.publisher.split(" (")[0].strip()
    if name.lower() not in ("", "unknown"):
        return name
    alike = [d for d in story.documents if (d.role, d.language) == (document.role, document.language)]
    return what(document) if document.role == "version" and len(alike) == 1 else document.id


def the(name: str) -> str:
    """A document's name inside a sentence: `the Dutch version`, `Reuters`."""
    return f"the {name}" if name.endswith(" version") else name


def what(document: Document) -> str:
    """What a document is: `Dutch version`, `English original`, `related, English`."""
    language = language_name(document.language)
    return f"related, {language}" if document.role == "related" else f"{language} {document.role}"


def day(document: Document) -> str:
    """A document's date as a person reads it: `10 December 2025`, `12 December 2025 or later`, `undated`."""
    if document.date is None:
        return "undated"
    said = f"{document.date.day} {document.date:%B %Y}"
    return said if document.dated == "exact" else f"{said} or later"


def slug(id: str) -> str:
    """A document id as part of an HTML id, a sheet name or a link."""
    return re.sub(r"[^0-9A-Za-z_]+", "-", id).strip("-") or "document"


def finding_keys(comparison: Comparison) -> tuple[str, ...]:
    """One permanent name for each of `all_found` (`nl-3fa2c1`), as in its permalink.

    Made of what the program found and of the words of its segments, not of its rank or of segment numbers: it stays the
    same when other findings come and go. Equal findings are told apart by a counter.
    """
    seen: dict[str, int] = {}
    keys = []
    for f in (x.was or x for x in comparison.all_found):
        original = comparison.original_segments[f.original].text if f.original is not None else ""
        version = comparison.version_segments[f.version].text if f.version is not None else ""
        parts = [f.type, f.facet, original, version, f.original_span, f.version_span, f.before, f.after]
        digest = hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:6]
        seen[digest] = seen.get(digest, 0) + 1
        keys.append(f"{slug(comparison.version.id)}-{digest}" + (f"-{seen[digest]}" if seen[digest] > 1 else ""))
    return tuple(keys)
