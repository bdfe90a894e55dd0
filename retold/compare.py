"""The one facade: a story opened for work, and the comparison of one document with the original."""

from __future__ import annotations

import functools
import hashlib
import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from retold import claims as claims_
from retold import findings as findings_
from retold import segment as segment_
from retold import story as story_
from retold import summarise
from retold.align import SIGNATURE as ALIGN_SIGNATURE
from retold.align import align
from retold.align.explain import Explanation, explain
from retold.claims import Claim
from retold.encode import encoder as open_encoder
from retold.records import (
    Alignment,
    Document,
    Encoder,
    Finding,
    RetoldError,
    Segment,
    Side,
    Status,
    Story,
    Translation,
    Translator,
)
from retold.report import charts, exports, html, notebook, picture, ribbon, spreadsheet, tables
from retold.report.notebook import Reading
from retold.report.picture import Picture
from retold.store import CachedEncoder, Store
from retold.summarise import Brief
from retold.translate import translator as open_translator

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Comparison:
    """What one document made of the original: beads, statuses and findings, with the words behind them.

    `found` holds the findings as values, most important first; `findings` is the same as a table.
    """

    story: Story
    original: Document
    version: Document
    original_segments: tuple[Segment, ...]
    version_segments: tuple[Segment, ...]
    translations: tuple[Translation, ...]  # one a segment of the version; empty where the version is English
    alignment: Alignment
    found: tuple[Finding, ...]
    status: Status
    signature: str
    encoder: Encoder
    warnings: tuple[str, ...] = ()

    @property
    def findings(self) -> pd.DataFrame:
        """One row a finding, what an editor should read first on top."""
        return tables.findings(self)

    @property
    def links(self) -> pd.DataFrame:
        """One row a link: which sentences say the same, with its probability in [0, 1]."""
        return tables.links(self)

    @property
    def statuses(self) -> pd.DataFrame:
        """One row a segment of both sides: what became of it."""
        return tables.statuses(self)

    @property
    def brief(self) -> Brief:
        """What was dropped, added and changed, in about ten lines with the numbers of the segments behind them."""
        return summarise.brief(self)

    def ribbon(self) -> Picture:
        """The two texts as columns of bars, a band for every link; what was moved crosses."""
        drawn = f"{len(self.alignment.links)} links between {self.original.id} and {self.version.id}"
        return picture.of(ribbon.figure(self), drawn)

    def shared(self) -> pd.DataFrame:
        """One row a fact that both documents have, the rarest first."""
        return tables.shared(self)

    def read(self, *, differences: bool = False) -> Reading:
        """The two texts side by side, with what differs marked. differences: only the rows that a finding touches."""
        return notebook.read(self, differences=differences)

    def similarity(self) -> Picture:
        """How alike every two sentences are to the encoder, with the links ringed."""
        return picture.of(charts.similarity(self), f"similarity of {self.original.id} and {self.version.id}")

    def to_html(self, path: str | Path) -> Path:
        """Write the report on this document alone; returns its path."""
        return html.write_html(OpenStory.of(self), path)

    def to_xlsx(self, path: str | Path) -> Path:
        """Write the workbook on this document alone; returns its path."""
        return exports.replace(Path(path), spreadsheet.workbook(OpenStory.of(self)))

    def to_markdown(self, path: str | Path) -> Path:
        """Write the brief as Markdown; returns its path."""
        return exports.replace(Path(path), (self.brief.markdown + "\n").encode())

    def to_tmx(self, path: str | Path) -> Path:
        """Write the translated segments as TMX; returns its path."""
        return exports.write_tmx(OpenStory.of(self), path)

    def _repr_html_(self) -> str:
        return notebook.comparison_html(self, self.brief)

    def explain(self, *, original: int, version: int) -> Explanation:
        """Why the two segments were linked, or not: the evidence in words and numbers. Numbers count from 0.

        Raises RetoldError for a number that is not there or a segment that takes no part.
        """
        sides = (Side.of(self.original, self.original_segments), Side.of(self.version, self.version_segments))
        return explain(*sides, self.encoder, original, version)

    def __repr__(self) -> str:
        return f"<Comparison of {self.version.id!r} with {self.original.id!r}: {len(self.found)} findings>"


class OpenStory:
    """A story with the engines and the store that work on it. Everything is computed when first asked for, once."""

    def __init__(self, story: Story, translator: Translator, encoder: Encoder) -> None:
        self.story = story
        self.translator = translator
        self.encoder = encoder
        self._comparisons: dict[str, Comparison] = {}

    @classmethod
    def of(cls, comparison: Comparison) -> OpenStory:
        """A comparison as a story of its two documents, for what is written of stories. It works on nothing new."""
        c = comparison
        pair = replace(c.story, documents=(c.original, c.version))
        opened = cls(pair, _Done(c.translations), c.encoder)
        opened.__dict__["segments"] = {c.original.id: c.original_segments, c.version.id: c.version_segments}
        opened._comparisons[c.version.id] = c
        return opened

    @property
    def original(self) -> Document:
        return self.story.original

    @functools.cached_property
    def segments(self) -> dict[str, tuple[Segment, ...]]:
        """The segments of every document, by document id."""
        return {d.id: segment_.segment(d) for d in self.story.documents}

    @functools.cached_property
    def claim_rows(self) -> tuple[Claim, ...]:
        """The table of claims as values, which the brief, the report and the workbook tell from."""
        return claims_.claims(self)

    def translate(self, id: str) -> tuple[Translation, ...]:
        """The English of every segment of a foreign document; none for an English one."""
        document = self._document(id)
        if document.language == "en":
            return ()
        return tuple(self.translator.translate([s.text for s in self.segments[id]], document.language))

    def compare(self, id: str) -> Comparison:
        """Compare document `id` with the original. Raises RetoldError for an unknown id or the original itself.

        A language code serves as an id where only one version is in that language.
        """
        document = self._document(id)
        if document.role == "original":
            raise RetoldError(f"document {id!r} is the original; compare one of {self._ids()}")
        if document.id not in self._comparisons:
            self._comparisons[document.id] = self._compare(document)
        return self._comparisons[document.id]

    @property
    def comparisons(self) -> tuple[Comparison, ...]:
        """Every version, then every related document, against the original."""
        return tuple(self.compare(d.id) for d in self.story.others)

    def extract(self, id: str, *, count: int = 3) -> tuple[Segment, ...]:
        """The `count` sentences of a document that say the most, in its own words and order."""
        segments = self.segments[self._document(id).id]
        return summarise.extract(segments, self.encoder.encode([s.text for s in segments]), count=count)

    @property
    def brief(self) -> Brief:
        """What all versions kept, and what only one of them drops, adds or says."""
        return summarise.story_brief(self)

    def overview(self) -> pd.DataFrame:
        """One row a document: who, when, how long, and what it made of the original."""
        return tables.overview(self)

    def coverage(self) -> pd.DataFrame:
        """Original sentences by documents: kept, partly kept or dropped, and where."""
        return tables.coverage(self)

    def claims(self) -> pd.DataFrame:
        """One row a claim, one column a document: kept, altered and how, dropped; then what only others say."""
        return tables.claims(self)

    def kinship(self) -> pd.DataFrame:
        """One row a document: how it stems from the original, with the figures that say so."""
        return tables.kinship(self)

    def matrix(self) -> Picture:
        """Original sentences by documents, as a picture: kept, kept in part, or not there."""
        return picture.of(charts.coverage(self), f"what {self._ids()} keep of {self.original.id}")

    def facets(self) -> Picture:
        """How many findings of each facet each version has."""
        return picture.of(charts.findings(self), f"findings by facet in {self._ids()}")

    def timeline(self) -> Picture:
        """When each document appeared."""
        return picture.of(charts.timeline(self), "; ".join(f"{d.id} {d.date}" for d in self.story.documents))

    def to_html(self, path: str | Path) -> Path:
        """Write the report; returns its path."""
        return html.write_html(self, path)

    def to_xlsx(self, path: str | Path) -> Path:
        """Write the workbook; returns its path."""
        return exports.replace(Path(path), spreadsheet.workbook(self))

    def to_markdown(self, path: str | Path) -> Path:
        """Write the briefs of the story and of every document as Markdown; returns its path."""
        return exports.replace(Path(path), exports.markdown(self).encode())

    def to_tmx(self, path: str | Path) -> Path:
        """Write every translated segment as TMX; returns its path."""
        return exports.write_tmx(self, path)

    def _repr_html_(self) -> str:
        return notebook.story_html(self)

    def write(self, folder: str | Path) -> tuple[Path, ...]:
        """Write the report and every export into a folder; returns their paths."""
        return exports.write_all(self, folder)

    def _compare(self, document: Document) -> Comparison:
        original, version = (Side.of(d, self.segments[d.id]) for d in (self.original, document))
        translations = self.translate(document.id)
        alignment = align(original, version, self.encoder)
        found, status = findings_.compare(original, version, alignment, translations=translations)
        rules = [segment_.SIGNATURE, ALIGN_SIGNATURE, findings_.SIGNATURE]
        parts = [document.text, self.original.text, *rules, self.encoder.signature]
        digest = hashlib.sha256(json.dumps([*parts, self.translator.signature]).encode()).hexdigest()[:12]
        warnings = (
            () if version.content else (f"{document.id}: no sentence in it takes part; all is {set(version.kinds)}",)
        )
        return Comparison(
            self.story, self.original, document, self.segments[self.original.id], self.segments[document.id],
            translations, alignment, found, status, digest, self.encoder, warnings,
        )  # fmt: skip

    def _ids(self) -> str:
        return ", ".join(d.id for d in self.story.others)

    def _document(self, id: str) -> Document:
        some = [d for d in self.story.documents if d.id == id]
        some = some or [d for d in self.story.documents if d.role == "version" and d.language == id]
        if len(some) != 1:
            raise RetoldError(f"story {self.story.id!r} has no document {id!r}; it has {self._ids()}")
        return some[0]

    def __repr__(self) -> str:
        return f"<Story {self.story.id!r}: {self.original.id} and {self._ids()}>"


class _Done:
    """Stands for the translator of work that is done: it gives back what is there, and translates nothing."""

    name = "done"

    def __init__(self, translations: tuple[Translation, ...]) -> None:
        self._made = list(translations)

    @property
    def signature(self) -> str:
        return ", ".join(sorted({t.signature for t in self._made})) or "none"

    def translate(self, texts: list[str], language: str) -> list[Translation]:
        return self._made


def load(
    folder: str | Path, *, translator: str = "auto", encoder: str = "auto", store: str | Path | None = None
) -> OpenStory:
    """Open a story folder for work. No model is loaded before it is needed.

    translator, encoder: an engine's name, as `retold engines` lists them. store: the SQLite file of cached and
    reviewed work; the analyst's own by default. Raises RetoldError for a bad folder, manifest, document or engine.
    """
    book = Store(store)
    return OpenStory(
        story_.read(folder),
        open_translator(translator, store=book),
        CachedEncoder(open_encoder(encoder), book),
    )
