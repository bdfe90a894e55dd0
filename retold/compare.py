"""The one facade: a story opened for work, and the comparison of one document with the original."""

from __future__ import annotations

import functools
import hashlib
import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from retold import claims as claims_
from retold import findings as findings_
from retold import progress, shared, summarise
from retold import segment as segment_
from retold import story as story_
from retold.abstract import Abstract, abstract
from retold.align import SIGNATURE as ALIGN_SIGNATURE
from retold.align import align
from retold.align.explain import Explanation, explain
from retold.claims import Claim
from retold.encode import encoder as open_encoder
from retold.files import put
from retold.naming import day
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
from retold.report import charts, exports, html, notebook, pdf, picture, ribbon, spreadsheet, tables
from retold.report.notebook import Reading
from retold.report.picture import Picture
from retold.review import apply
from retold.review.desk import Review, StoryReview
from retold.review.file import NAME as REVIEW_FILE
from retold.store import CachedEncoder, Store
from retold.summarise import Brief
from retold.translate import translator as open_translator

if TYPE_CHECKING:
    import pandas as pd


@dataclass(eq=False)
class Comparison:
    """What one document made of the original: beads, statuses and findings, with the words behind them.

    `found` holds the findings as values, most important first, less those that a person rejected, which `rejected`
    holds; `findings` is both as a table. A decision taken through `review` brings the comparison up to date in place.
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
    rejected: tuple[Finding, ...] = ()
    reviewed: tuple[apply.Outcome, ...] = ()  # what became of every decision on this document
    english: tuple[tuple[str, str], ...] = ()  # machine English of the foreign words that findings quote
    opened: OpenStory | None = field(default=None, repr=False)  # the story it was made by

    @property
    def all_found(self) -> tuple[Finding, ...]:
        """The findings that stand, then those that a person rejected."""
        return self.found + self.rejected

    @property
    def review(self) -> Review:
        """Accept, reject, edit or comment a link, a translation or a finding; `review.bench()` has buttons for it."""
        return Review(self, (self.opened or OpenStory.of(self)).review)

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

    def to_pdf(self, path: str | Path) -> Path:
        """Write the report on this document alone as PDF, through a Chromium that is there; returns its path."""
        return pdf.write_pdf(OpenStory.of(self), path)

    def to_xlsx(self, path: str | Path) -> Path:
        """Write the workbook on this document alone; returns its path."""
        return put(Path(path), spreadsheet.workbook(OpenStory.of(self)))

    def to_markdown(self, path: str | Path) -> Path:
        """Write the brief as Markdown; returns its path."""
        return put(Path(path), (self.brief.markdown + "\n").encode())

    def to_tmx(self, path: str | Path, *, reviewed: bool = False) -> Path:
        """Write the translated segments as TMX, or only those that a person stands for; returns its path."""
        return exports.write_tmx(OpenStory.of(self), path, reviewed=reviewed)

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
    """A story with the engines and the store that work on it. Everything is computed when first asked for, once.

    `review` holds what people decided about it, in the file `review` (None: nothing, and nothing can be). Whatever
    process writes that file, what is asked for next follows it.
    """

    def __init__(
        self,
        story: Story,
        translator: Translator | None,
        encoder: Encoder,
        *,
        segments: Mapping[str, tuple[Segment, ...]] | None = None,
        review: Path | None = None,
    ) -> None:
        """translator: None leaves every segment untranslated. segments: of documents that come already cut, by id."""
        self.story = story
        self.translator: Translator = translator or _Done(())
        self.encoder = encoder
        self._cut = segments or {}
        self.review = StoryReview(self, review)
        self._made: dict[str, Machine] = {}
        self._comparisons: dict[str, Comparison] = {}

    @classmethod
    def of(cls, comparison: Comparison) -> OpenStory:
        """A comparison as a story of its two documents, for what is written of stories. It works on nothing new."""
        c = comparison
        pair = replace(c.story, documents=(c.original, c.version))
        segments = {c.original.id: c.original_segments, c.version.id: c.version_segments}
        opened = cls(pair, _Done(c.translations), c.encoder, segments=segments)
        opened._comparisons[c.version.id] = c
        opened._made = c.opened._made if c.opened else {}
        return opened

    @property
    def original(self) -> Document:
        return self.story.original

    @functools.cached_property
    def segments(self) -> dict[str, tuple[Segment, ...]]:
        """The segments of every document, by document id."""
        cut = self._cut
        return {d.id: cut[d.id] if d.id in cut else segment_.segment(d) for d in self.story.documents}

    @property
    def signatures(self) -> dict[str, str]:
        """What the engines and rules signed of each document compared so far, decisions left out."""
        return {id: made.signature for id, made in self._made.items()}

    @functools.cached_property
    def claim_rows(self) -> tuple[Claim, ...]:
        """The table of claims as values, which the brief, the report and the workbook tell from."""
        return claims_.claims(self)

    def translate(self, id: str) -> tuple[Translation, ...]:
        """The English of every segment of a foreign document, as reviewed; none for an English one."""
        document = self._document(id)
        if document.language == "en":
            return ()
        self.follow()
        with progress.on(document.id):
            made = tuple(self.translator.translate([s.text for s in self.segments[document.id]], document.language))
        return apply.translations(made, self._texts(document), self.review.of(document.id))[0]

    def compare(self, id: str) -> Comparison:
        """Compare document `id` with the original. Raises RetoldError for an unknown id or the original itself.

        A language code serves as an id where only one version is in that language.
        """
        document = self._document(id)
        if document.role == "original":
            raise RetoldError(f"document {id!r} is the original; compare one of {self._ids()}")
        self.follow()
        if document.id not in self._comparisons:
            start = time.perf_counter()
            with progress.on(document.id):
                made = self._comparisons[document.id] = self._compare(document)
            some = f"{len(made.version_segments)} segments, {len(made.found)} findings"
            progress.say(f"compare {document.id}: {some} in {time.perf_counter() - start:.1f} s")
        return self._comparisons[document.id]

    @property
    def comparisons(self) -> tuple[Comparison, ...]:
        """Every version, then every related document, against the original."""
        return tuple(self.compare(d.id) for d in self.story.others)

    def extract(self, id: str, *, count: int = 3) -> tuple[Segment, ...]:
        """The `count` sentences of a document that say the most, in its own words and order."""
        segments = self.segments[self._document(id).id]
        return summarise.extract(segments, self.encoder.encode([s.text for s in segments]), count=count)

    def abstract(self, id: str, *, model: str = "xlsum") -> Abstract:
        """A summary in a model's own words, each sentence checked; where the model is not there, it says so.

        model: a summariser that `retold engines` lists, or the folder of one.
        """
        document = self._document(id)
        segments = self.segments[document.id]
        return abstract(document, segments, self.translate(document.id), self.encoder, model=model)

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

    def ledger(self) -> pd.DataFrame:
        """One row an attribution and document: who says it in the original and there; kept, weakened, dropped …"""
        return tables.ledger(self)

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
        return picture.of(charts.timeline(self), "; ".join(f"{d.id} {day(d)}" for d in self.story.documents))

    def to_html(self, path: str | Path) -> Path:
        """Write the report; returns its path."""
        return html.write_html(self, path)

    def to_pdf(self, path: str | Path) -> Path:
        """Write the report as PDF, through a Chromium that is there; returns its path."""
        return pdf.write_pdf(self, path)

    def to_xlsx(self, path: str | Path) -> Path:
        """Write the workbook; returns its path."""
        return put(Path(path), spreadsheet.workbook(self))

    def to_markdown(self, path: str | Path) -> Path:
        """Write the briefs of the story and of every document as Markdown; returns its path."""
        return put(Path(path), exports.markdown(self).encode())

    def to_tmx(self, path: str | Path, *, reviewed: bool = False) -> Path:
        """Write every translated segment as TMX, or only those that a person stands for; returns its path."""
        return exports.write_tmx(self, path, reviewed=reviewed)

    def _repr_html_(self) -> str:
        return notebook.story_html(self)

    def write(self, folder: str | Path) -> tuple[Path, ...]:
        """Write the report and every export into a folder; returns their paths."""
        return exports.write_all(self, folder)

    def follow(self) -> None:
        """Bring everything computed up to date with the review file, if that has changed."""
        if self.review.reload():
            self.__dict__.pop("claim_rows", None)
            for id, c in self._comparisons.items():
                c.__dict__.update(self._compare(self._document(id)).__dict__)

    def machine(self, id: str) -> Machine:
        """What the engines and rules say of a document before any decision; computed once."""
        document = self._document(id)
        if document.id not in self._made:
            original, version = self._sides(document)
            translations: tuple[Translation, ...] = ()
            if document.language != "en":
                translations = tuple(self.translator.translate(list(version.texts), document.language))
            alignment = align(original, version, self.encoder)
            if document.role == "related":
                alignment = shared.surely(alignment, original, version, self.encoder)
            rules = [segment_.SIGNATURE, ALIGN_SIGNATURE, shared.SIGNATURE, findings_.SIGNATURE]
            parts = [document.text, self.original.text, *rules, self.encoder.signature, self.translator.signature]
            self._made[document.id] = Machine(translations, alignment, _digest(parts))
        return self._made[document.id]

    def _compare(self, document: Document) -> Comparison:
        original, version = self._sides(document)
        made, texts, decided = self.machine(document.id), self._texts(document), self.review.of(document.id)
        translations, of_english = apply.translations(made.translations, texts, decided)
        alignment, of_links = apply.links(made.alignment, texts, decided)
        found, status = findings_.compare(
            original, version, alignment, translations=translations, encoder=self.encoder,
            retold=document.role == "version",
        )  # fmt: skip
        found, rejected, of_found = apply.findings(found, texts, decided, document.id, made.signature)
        if of_found:
            status = apply.status(findings_.status(original, version, alignment, found), rejected)
        reviewed = tuple(sorted((*of_found, *of_links, *of_english), key=lambda o: o.decision.line))
        signature = _digest([made.signature, *(d.effect for d in decided)]) if decided else made.signature
        warnings = (
            () if version.content else (f"{document.id}: no sentence in it takes part; all is {set(version.kinds)}",)
        )
        return Comparison(
            self.story, self.original, document, texts.original, texts.version, translations, alignment, found, status,
            signature, self.encoder, warnings, rejected, reviewed, self._english(document, translations, found), self,
        )  # fmt: skip

    def _sides(self, document: Document) -> tuple[Side, Side]:
        original, version = (Side.of(d, self.segments[d.id]) for d in (self.original, document))
        if original.date is None or version.date is None:  # a weekday has a date on both sides, or on neither
            return replace(original, date=None), replace(version, date=None)
        return original, version

    def _texts(self, document: Document) -> apply.Texts:
        return apply.Texts(self.segments[self.original.id], self.segments[document.id])

    def _english(
        self, document: Document, translations: tuple[Translation, ...], found: tuple[Finding, ...]
    ) -> tuple[tuple[str, str], ...]:
        words = summarise.fragments(found) if translations else []
        if not words:
            return ()
        made = self.translator.translate(words, document.language)
        told = {f.after: translations[f.version].text for f in found if f.version is not None}
        return tuple(
            (own, t.text)
            for own, t in zip(words, made, strict=True)
            if t.text and not t.warnings and summarise.borne_out(t.text, told.get(own, ""))
        )

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


@dataclass(frozen=True, slots=True)
class Machine:
    """What the engines and rules say of one document before any decision, and what they sign it with."""

    translations: tuple[Translation, ...]
    alignment: Alignment
    signature: str


def _digest(parts: Sequence[object]) -> str:
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:12]


class _Done:
    """Stands for the translator where nothing is to be translated: it gives back what is there, if anything."""

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

    translator, encoder: an engine's name, as `retold engines` lists them. store: the SQLite file of cached work; the
    user's own by default. What was decided about the story is read from the folder's `review.toml`, if there. Raises
    RetoldError for a bad folder, manifest, document, review file or engine.
    """
    book = Store(store)
    opened = OpenStory(
        story_.read(folder),
        open_translator(translator, store=book),
        CachedEncoder(open_encoder(encoder), book),
        review=Path(folder).resolve() / REVIEW_FILE,
    )
    opened.follow()
    return opened
