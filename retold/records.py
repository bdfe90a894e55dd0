"""The values every stage hands to the next: frozen, with no behaviour beyond derived figures.

Offsets count characters. A segment's lie in its document's text; a fact's and a finding's lie in their segment's text.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from typing import Literal, Protocol, get_args

import numpy as np
from numpy.typing import NDArray

Role = Literal["original", "version", "related"]
Kind = Literal["sentence", "title", "heading", "dateline", "byline", "list_item", "boilerplate"]
FactType = Literal["number", "money", "time", "place", "name", "quote", "source", "hedge", "negation", "intensity"]
Dated = Literal["exact", "earliest"]  # the day itself, or the earliest it can be
Facet = Literal[
    "number", "money", "time", "place", "name", "quote", "source", "hedge", "negation", "intensity", "claim"
]
ChangeType = Literal["added", "dropped", "changed", "moved"]

ROLES: tuple[str, ...] = get_args(Role)
DATED: tuple[str, ...] = get_args(Dated)
KINDS: tuple[str, ...] = get_args(Kind)
FACETS: tuple[str, ...] = get_args(Facet)
# Kinds that carry what the story says; the others take no part in aligning and comparing.
CONTENT_KINDS: frozenset[str] = frozenset({"sentence", "list_item"})

REVIEWED = "reviewed"  # the engine of a translation that a person decided on in the story's review

Vectors = NDArray[np.float32]


class RetoldError(Exception):
    """Bad input, said in one sentence: which file, line or argument, what was given, what is allowed."""


@dataclass(frozen=True, slots=True)
class Document:
    """One text of a story: a plain text exactly as its file holds it, another format's as it was read from the file."""

    id: str
    language: str  # ISO 639-1
    role: Role
    publisher: str
    date: datetime.date | None  # None: unknown
    text: str
    file: str = ""
    note: str = ""
    url: str = ""
    dated: Dated = "exact"


@dataclass(frozen=True, slots=True)
class Story:
    """The documents of one event: one original and any number of versions and related documents."""

    id: str
    title: str
    documents: tuple[Document, ...]
    warnings: tuple[str, ...] = ()

    @property
    def original(self) -> Document:
        return next(d for d in self.documents if d.role == "original")

    @property
    def others(self) -> tuple[Document, ...]:
        """Versions first, then related documents, each in the manifest's order."""
        return tuple(sorted((d for d in self.documents if d.role != "original"), key=lambda d: d.role == "related"))


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of a document: `document.text[start:end] == text`, always."""

    n: int  # counts from 0 within the document
    start: int
    end: int
    kind: Kind
    text: str


@dataclass(frozen=True, slots=True)
class Translation:
    """The English of segment `n`; for reading, never the ground of a finding."""

    n: int
    text: str
    engine: str  # "reviewed", "memory", "bundled", "marian", …: shown wherever the text is
    signature: str
    warnings: tuple[str, ...] = ()

    @property
    def by_person(self) -> bool:
        """Whether a person stands for it: decided in the story's review, or from the shared memory."""
        return self.engine in (REVIEWED, "memory")


@dataclass(frozen=True, slots=True)
class Fact:
    """A typed item inside a segment: `segment.text[start:end] == text`; `value` compares across languages."""

    type: FactType
    start: int
    end: int
    text: str
    value: str


@dataclass(frozen=True, slots=True)
class Bead:
    """Original and version segments that say the same; one side empty: dropped or added.

    probability: in [0, 1], higher is surer. Indices ascend but need not be contiguous; beads may cross.
    """

    original: tuple[int, ...]
    version: tuple[int, ...]
    probability: float = 1.0
    moved: bool = False


@dataclass(frozen=True, slots=True)
class Link:
    """One (original, version) pair of a bead, with its own probability in [0, 1]."""

    original: int
    version: int
    probability: float


@dataclass(frozen=True, slots=True)
class Alignment:
    """Every segment that takes part stands in exactly one bead; links are the pairs inside two-sided beads."""

    beads: tuple[Bead, ...]
    links: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """One difference between the original and another document.

    original, version: segment numbers from 0, None where that side has nothing to show.
    spans: character ranges inside those segments' texts. before, after: the words on either side ("" if none).
    confidence: in [0, 1]. rank: 1 is what an editor should read first.
    decision, comment: what a person decided on it ("" if nothing); was: the finding as the program made it, then.
    """

    type: ChangeType
    facet: Facet
    original: int | None
    version: int | None
    before: str
    after: str
    confidence: float
    rank: int = 0
    original_span: tuple[int, int] | None = None
    version_span: tuple[int, int] | None = None
    suspect_translation: bool = False
    decision: str = ""
    comment: str = ""
    was: Finding | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Status:
    """What became of each segment, in order: kept, partly_kept, dropped | carried, altered, added, or the segment's own
    kind where it takes no part (boilerplate, byline, …)."""

    original: tuple[str, ...] = field(default_factory=tuple)
    version: tuple[str, ...] = field(default_factory=tuple)


@dataclass(frozen=True, slots=True)
class Side:
    """One text as aligning and comparing see it: its segments' texts and kinds, in reading order."""

    texts: tuple[str, ...]
    language: str
    kinds: tuple[Kind, ...]
    date: datetime.date | None = None

    @property
    def content(self) -> tuple[int, ...]:
        """The numbers of the segments that take part."""
        return tuple(n for n, kind in enumerate(self.kinds) if kind in CONTENT_KINDS)

    @classmethod
    def of(cls, document: Document, segments: tuple[Segment, ...]) -> Side:
        """A document and what it was cut into."""
        return cls(tuple(s.text for s in segments), document.language, tuple(s.kind for s in segments), document.date)

    @classmethod
    def of_sentences(cls, texts: list[str], language: str, date: datetime.date | None = None) -> Side:
        """A text already cut into sentences."""
        sentence: Kind = "sentence"
        return cls(tuple(texts), language, (sentence,) * len(texts), date)


class Translator(Protocol):
    """Turns texts of one language into English."""

    name: str

    @property
    def signature(self) -> str:
        """Everything that changes a result: engine, model, revision, parameters."""

    def translate(self, texts: list[str], language: str) -> list[Translation]:
        """As many results as texts, in order; `n` counts from 0 in this call. language: ISO 639-1 of the texts."""


class Encoder(Protocol):
    """Turns texts of any language into vectors of one space."""

    name: str

    @property
    def signature(self) -> str:
        """Everything that changes a result: engine, model, revision, parameters."""

    def encode(self, texts: list[str]) -> Vectors:
        """(n, d) float32, unit rows; an empty list gives (0, d)."""
