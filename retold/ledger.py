"""The ledger of attributions: who says each statement that names a source, in the original and in each document.

A row is one attribution in one document. Its kind: `kept`, `weakened` (a lesser verb, fewer people, or no word of how
close they are), `anonymised` (a name gave way to unnamed people), `strengthened` (the reverse of either), `replaced`
(somebody else says it), `dropped`, or `added`. It is read from the findings of facet source, so the two never disagree.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from retold.facts import extract
from retold.facts.dateline import body_start
from retold.facts.role import hearsay
from retold.findings.sources import NEAR, may_be
from retold.records import CONTENT_KINDS, Document, Fact, Finding, Segment

if TYPE_CHECKING:
    from retold.compare import Comparison, OpenStory

Kind = Literal["kept", "weakened", "anonymised", "strengthened", "replaced", "dropped", "added"]
_STRENGTH = {"weak": 0, "-": 1, "neutral": 1, "strong": 2}
_CLOSE = frozenset({"briefed", "familiar", "close", "review"})  # how a source knows; that it is cited says nothing


@dataclass(frozen=True, slots=True)
class Told:
    """Who says a statement in one text: the segment, the words, and the chain of sources they come to."""

    n: int
    words: str
    chain: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One attribution and what one document (its id) made of it; None where a text has it nowhere."""

    statement: str
    document: str
    kind: Kind
    original: Told | None
    version: Told | None


def ledger(opened: OpenStory) -> tuple[Entry, ...]:
    """Every attribution of the original in each document, in the original's order; then those only a document has."""
    books = [_Book(c) for c in opened.comparisons]
    rows = [entry for s, fact in _told(opened.original, opened.segments[opened.original.id]) for entry in
            (book.entry(s, fact) for book in books)]  # fmt: skip
    return (*rows, *(entry for book in books for entry in book.added()))


def chain(value: str) -> str:
    """The chain of sources in words, from the teller to the medium.

    >>> chain("anonymous:4:briefed:neutral>reuters")
    '4 unnamed, briefed → Reuters'
    """
    teller, *media = value.split(">")
    kind, who, close, strength = teller.split(":")
    first = f"{who} unnamed" if kind == "anonymous" else _large(who)
    notes = [w for w in (close, strength) if w not in ("-", "neutral")]
    return " → ".join([", ".join([first, *notes]), *map(_large, media)])


class _Book:
    """One comparison with its findings of facet source by place."""

    def __init__(self, comparison: Comparison) -> None:
        self.c = comparison
        found = [f for f in comparison.found if f.facet == "source"]
        # By where they start: a changed source may hold more words than the attribution, the house of its people.
        self.of_original = {(f.original, f.original_span[0]): f for f in found if f.original_span}
        self.only_there = [f for f in found if f.type == "added" and f.version is not None]
        self.faces: dict[int, list[int]] = {}
        for link in comparison.alignment.links:
            self.faces.setdefault(link.original, []).append(link.version)
        self.facts: dict[int, list[Fact]] = {}
        for s, fact in _told(comparison.version, comparison.version_segments):
            self.facts.setdefault(s.n, []).append(fact)
        self.answered: set[tuple[int, int]] = set()  # (segment, start) of attributions that answer the original's

    def entry(self, s: Segment, fact: Fact) -> Entry:
        """What became of one attribution of the original."""
        told = Told(s.n, fact.text, chain(fact.value))
        finding = self.of_original.get((s.n, fact.start))
        kind: Kind = "kept"
        there: Told | None = None
        if finding and finding.type == "changed" and finding.version is not None:
            theirs = self._at(finding)
            if theirs is None and hearsay(finding.after, self.c.version.language):
                kind = "weakened"  # nobody is told of who says it
            elif theirs is None or _replaced(finding, fact, theirs):
                kind = "replaced"
            else:
                kind = compared(fact.value, theirs.value)
            there = Told(finding.version, finding.after, chain(theirs.value) if theirs else "")
        elif finding or self.c.status.original[s.n] == "dropped":
            kind = "dropped"
            there = Told(finding.version, "", "") if finding and finding.version is not None else None
        else:
            there = self._same(s.n, fact)
        return Entry(s.text, self.c.version.id, kind, told, there)

    def added(self) -> Iterator[Entry]:
        """The attributions that only the document has: over in a bead, or in a statement of its own."""
        seen = {(f.version, f.version_span) for f in self.only_there}
        tellers = {(f.version, f.version_span[0]) for f in self.of_original.values() if f.version_span}
        for n, facts in self.facts.items():
            for fact in facts:
                place = n, (fact.start, fact.end)
                own = self.c.status.version[n] == "added" and (n, fact.start) not in tellers
                if place in seen or (own and (n, fact.start) not in self.answered):
                    text = self.c.version_segments[n].text
                    yield Entry(text, self.c.version.id, "added", None, Told(n, fact.text, chain(fact.value)))

    def _at(self, f: Finding) -> Fact | None:
        """The fact that a finding's version side points at."""
        some = self.facts.get(f.version, []) if f.version is not None else []
        return next((x for x in some if f.version_span and x.start == f.version_span[0]), None)

    def _same(self, n: int, fact: Fact) -> Told | None:
        """Where the document says a kept attribution: in a linked segment, else in one of its own near by."""
        faces = self.faces.get(n, [])
        own = [m for m in self.facts if self.c.status.version[m] == "added"]
        near = [m for m in own if any(abs(m - face) <= NEAR for face in faces)]
        for face in (*faces, *near):
            for theirs in self.facts.get(face, []):
                if may_be(fact.value, theirs.value) and (face, theirs.start) not in self.answered:
                    self.answered.add((face, theirs.start))
                    return Told(face, theirs.text, chain(theirs.value))
        return Told(faces[0], "", "") if faces else None


def _replaced(found: Finding, before: Fact, after: Fact) -> bool:
    """Whether a changed source is somebody else: another name, or people of another house, which is told with them."""
    if before.value.startswith("named:") and after.value.startswith("named:"):
        return not may_be(before.value, after.value)
    return before.value == after.value or (found.before, found.after) != (before.text, after.text)


def compared(before: str, after: str) -> Kind:
    """What a change from one attribution's value to another's comes to."""
    a, b = before.split(">")[0].split(":"), after.split(">")[0].split(":")
    if a[0] == "anonymous" and b[0] == "media" and b[1] in before.split(">")[1:]:
        return "weakened"  # the people behind the medium are gone
    if a[0] != b[0] and "role" in (a[0], b[0]):
        return "anonymised" if a[0] == "named" else "replaced"
    if (a[0] == "anonymous") != (b[0] == "anonymous"):
        return "anonymised" if b[0] == "anonymous" else "strengthened"
    steps = (
        _STRENGTH.get(b[3], 1) - _STRENGTH.get(a[3], 1),
        (b[2] in _CLOSE) - (a[2] in _CLOSE),
        _count(b[1]) - _count(a[1]),
    )
    total = next((s for s in steps if s), 0)  # the verb tells most, then how close, then how many
    return "weakened" if total < 0 else "strengthened" if total > 0 else "kept"


def _told(document: Document, segments: tuple[Segment, ...]) -> Iterator[tuple[Segment, Fact]]:
    for s in segments:
        if s.kind in CONTENT_KINDS:
            start = body_start(s.text, document.language)
            for fact in extract(s.text, document.language, date=document.date):
                if fact.type == "source" and fact.start >= start:
                    yield s, fact


def _count(who: str) -> int:
    """How many people; unsaid numbers count as less than any."""
    first = who.split(" ")[0]
    return int(first) if first.isdigit() else 0


def _large(name: str) -> str:
    return re.sub(r"(?<!\w)\w", lambda m: m.group().upper(), name)
