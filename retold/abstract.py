"""Abstractive summaries: written by a model of the hub, then checked sentence by sentence against the document.

A model that writes can say what its document does not. Every sentence is therefore set against the document's own:
how alike the nearest is, and whether each number and name in it stands in the document. What fails is marked.
"""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from retold.naming import label, language_name
from retold.records import CONTENT_KINDS, Document, Encoder, Fact, RetoldError, Segment, Translation
from retold.segment import segment
from retold.translate import models, seq2seq

SIGNATURE = "1"  # raise it when reading, search or the check changes
# As the card of csebuetnlp/mT5_multilingual_XLSum has them.
READS, WRITES, BEAMS, NO_REPEAT = 512, 84, 4, 2
# Least cosine with the nearest sentence of the document: benchmarks/summaries.py shows what it lets pass and stops.
SUPPORT = 0.86
CHECKED = ("number", "money", "name", "place")


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of a summary and what speaks for it.

    segments: the one of the document that is nearest, by number. support: its cosine in [-1, 1], higher is surer.
    missing: the numbers and names in the sentence that the document does not have.
    """

    text: str
    segments: tuple[int, ...]
    support: float
    missing: tuple[str, ...]

    @property
    def supported(self) -> bool:
        return self.support >= SUPPORT and not self.missing


@dataclass(frozen=True, slots=True)
class Abstract:
    """A summary in a model's own words. why: the reason where there is none, in a sentence that says what helps."""

    document: Document
    language: str
    sentences: tuple[Sentence, ...] = ()
    signature: str = ""
    why: str = ""
    notes: tuple[str, ...] = ()

    def __repr__(self) -> str:
        if self.why:
            return f"No abstractive summary of {self.document.id}: {self.why}"
        lines = [f"{self.document.id}, in a model's own words ({language_name(self.language)}):"]
        for s in self.sentences:
            where = ", ".join(label(self.document.role, n) for n in s.segments)
            fault = f"the document does not have {', '.join(s.missing)}" if s.missing else "nothing in it is near"
            lines.append(f"  {s.text} [{where}]" + ("" if s.supported else f" UNSUPPORTED: {fault}"))
        return "\n".join([*lines, *self.notes])


@dataclass(frozen=True, slots=True)
class Summariser:
    """A sequence-to-sequence model that summarises: one of `models.SUMMARISERS`, from the local cache, or a folder."""

    name: str = "xlsum"

    def missing(self) -> str | None:
        """Why it cannot be used, in a sentence naming the command that helps; None if it can."""
        if self.name not in models.SUMMARISERS:
            folder = Path(self.name)
            if not folder.is_dir():
                return f"{self.name!r} is no folder and no summariser; known is {', '.join(models.SUMMARISERS)}"
            fault = models.fault(folder)
            return f"{folder}: {fault}" if fault else None
        if models.SUMMARISERS[self.name].present:
            return None
        return f"summariser {self.name!r} is not in the local cache: retold models get {self.name}"

    def reads(self, language: str) -> bool:
        """Whether the model was trained on this language; a folder is taken to read what it is given."""
        known = models.SUMMARISERS.get(self.name)
        return known is None or language in known.languages.split()

    @property
    def signature(self) -> str:
        folder = self._folder
        return f"{self.name}@{seq2seq.digest(folder)} beam {BEAMS} rules {SIGNATURE}"

    def write(self, text: str) -> tuple[str, tuple[str, ...]]:
        """A summary of a text, and notes on how it came about. Raises RetoldError where the model cannot be loaded."""
        import torch

        tokenizer, model = _loaded(self._folder)
        clean = " ".join(text.split())
        whole = len(tokenizer(clean)["input_ids"])
        made = tokenizer(clean, return_tensors="pt", truncation=True, max_length=READS)
        with torch.inference_mode():
            ids = model.generate(
                input_ids=made["input_ids"], attention_mask=made["attention_mask"], num_beams=BEAMS, do_sample=False,
                no_repeat_ngram_size=NO_REPEAT, max_new_tokens=WRITES, max_length=None,
            )  # fmt: skip
        note = (f"It was written from the first {READS} of {whole} tokens.",) if whole > READS else ()
        return tokenizer.decode(ids[0], skip_special_tokens=True).strip(), note

    @property
    def _folder(self) -> Path:
        why = self.missing()
        if why is not None:
            raise RetoldError(why)
        known = models.SUMMARISERS.get(self.name)
        folder = known.folder if known else Path(self.name)
        assert folder is not None  # `missing` has looked
        return folder


def abstract(
    document: Document,
    segments: Sequence[Segment],
    english: Sequence[Translation],
    encoder: Encoder,
    *,
    model: str = "xlsum",
) -> Abstract:
    """A summary of a document, in its language where the model reads that, or else of its English.

    Where the model is not there, the result is empty and says why. english: one a segment, for a foreign document.
    """
    engine = Summariser(model)
    why = engine.missing()
    if why is not None:
        return Abstract(document, document.language, why=why)
    own = engine.reads(document.language)
    body = [s for s in segments if s.kind in CONTENT_KINDS]
    if not own:
        told = {t.n: t.text for t in english}
        body = [dataclasses.replace(s, text=told[s.n]) for s in body if told.get(s.n)]
    language = document.language if own else "en"
    if not body:
        return Abstract(document, language, why="it has no sentence to summarise")
    text, notes = engine.write(" ".join(s.text for s in body))
    if not own:
        notes = (f"The model does not read {language_name(document.language)}: written from machine English.", *notes)
    return Abstract(document, language, checked(text, body, language, encoder), engine.signature, notes=notes)


def checked(text: str, body: Sequence[Segment], language: str, encoder: Encoder) -> tuple[Sentence, ...]:
    """Each sentence of a summary with what speaks for it in `body`, sentences of the same language."""
    made = segment(Document("summary", language, "version", "", None, text)) if text.strip() else ()
    sentences = [s.text for s in made]
    if not sentences:
        return ()
    vectors = encoder.encode([*sentences, *(s.text for s in body)])
    alike = vectors[: len(sentences)] @ vectors[len(sentences) :].T
    there = [f for s in body for f in _facts(s.text, language)]
    whole = " ".join(s.text for s in body).casefold()
    return tuple(
        Sentence(t, (body[int(row.argmax())].n,), float(row.max()), _missing(t, language, there, whole))
        for t, row in zip(sentences, alike, strict=True)
    )


def _facts(text: str, language: str) -> list[Fact]:
    from retold.facts import extract

    return [f for f in extract(text, language) if f.type in CHECKED]


def _missing(text: str, language: str, there: Sequence[Fact], whole: str) -> tuple[str, ...]:
    values = {f.value for f in there}
    words = {w for v in values for w in v.split()}
    return tuple(
        f.text
        for f in _facts(text, language)
        if f.value not in values
        and (f.type in ("number", "money") or f.text.casefold() not in whole)
        and not (f.type == "name" and set(f.value.split()) <= words)
    )


@functools.lru_cache(maxsize=1)
def _loaded(folder: Path) -> tuple[Any, Any]:
    return seq2seq.seq2seq(folder, "a summarising model")
