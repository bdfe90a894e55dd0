"""Translators of the model hub (Marian, NLLB, MADLAD) and of local folders. Never downloads.

Through CTranslate2 where that is installed and takes the model (`fast.py`), else through transformers.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from pathlib import Path

from retold.records import RetoldError, Translation
from retold.translate import fast as fast_
from retold.translate import models, seq2seq
from retold.translate.bundled import precision
from retold.translate.check import problems

BEAMS = 4
TOKENS = 1200  # source tokens a batch, padding included
STEP = 16  # texts whose lengths differ by fewer tokens than this share a batch
# Codes NLLB-200 gives its languages (FLORES-200).
NLLB = {"en": "eng_Latn", "id": "ind_Latn", "nl": "nld_Latn"}
_RULES = "7"  # raise it when batching, prompts, search or warnings change
_LOCK = threading.Lock()  # a tokenizer's source language is state


@dataclass
class Hub:
    """One engine over a model folder.

    name: "marian", "nllb", "madlad", or "local" for a folder of the user's own. folder: the model's files; None to
    take the pinned one out of the hub's cache, for each language its own where the engine has one a language. fast:
    through CTranslate2 where it can be had.
    """

    name: str
    folder: Path | None = None
    fast: bool = True

    def missing(self, language: str | None = None) -> str | None:
        """Why it cannot be used (for this language), in a sentence naming the command that helps; None if it can."""
        if self.folder is not None:
            fault = models.fault(self.folder)
            return f"{self.folder}: {fault}" if fault else None
        some = [m for m in self._models() if language is None or language in m.languages.split()]
        if not some:
            return f"translator {self.name!r} does not read {language!r}; it reads {self._languages()}"
        absent = next((m for m in some if not m.present), None)
        if absent is None:
            return None
        return f"translator {self.name!r} is not in the local cache: retold models get {absent.name}"

    @property
    def signature(self) -> str:
        """Of the models that are there, and of what computes them.

        Makes CTranslate2's form of them, once: only then is it known whether it can be had.
        """
        if self.folder is not None:
            where = [f"{seq2seq.key(self.folder)} {self._how(self.folder)}"]
        else:
            some = [(m.name, m.folder) for m in self._models()]
            where = [f"{name}@{seq2seq.key(folder)} {self._how(folder)}" for name, folder in some if folder is not None]
        return f"{self.name} {', '.join(where) or 'absent'} beam {BEAMS} rules {_RULES}"

    def translate(self, texts: list[str], language: str) -> list[Translation]:
        """As many results as texts, in order; an empty text comes back as it is.

        Raises RetoldError where the model is missing, damaged or of another kind, or does not read the language.
        """
        signature = self.signature
        results = [Translation(n, t, self.name, signature) for n, t in enumerate(texts)]
        todo = [n for n, t in enumerate(texts) if any(c.isalpha() for c in t)]
        if not todo:
            return results
        why = self.missing(language)
        if why is not None:
            raise RetoldError(why)
        with _LOCK:
            found = self._translate([" ".join(texts[n].split()) for n in todo], language)
        for n, (english, notes) in zip(todo, found, strict=True):
            seen = (*problems(texts[n], english, language), *notes)
            results[n] = Translation(n, english, self.name, signature, seen)
        return results

    def _translate(self, texts: list[str], language: str) -> list[tuple[str, tuple[str, ...]]]:
        """(English, notes) of each text."""
        folder = self._folder(language)
        engine = self._fast(folder)
        if engine is None:
            tokenizer, model, kind = seq2seq.loaded(folder)
        else:
            tokenizer, kind = seq2seq.tokenizer_of(folder)
        longest = min(seq2seq.positions(folder), 512)
        clean = [_prepared(text, kind, language) for text in texts]
        first = NLLB["en"] if kind == "nllb" else None
        if first is not None:
            tokenizer.src_lang = NLLB[language]
        whole = tokenizer(clean)["input_ids"]
        results: list[tuple[str, tuple[str, ...]]] = [("", ())] * len(texts)
        for width, batch in _batches([min(len(ids), longest) for ids in whole]):
            limit = min(2 * width + 10, longest)
            some = [clean[n] for n in batch]
            if engine is not None:
                cut = tokenizer(some, truncation=True, max_length=longest)["input_ids"]
                sources = [tokenizer.convert_ids_to_tokens(ids) for ids in cut]
                found = engine.search(sources, beams=BEAMS, limit=limit, first=first)
                made = [(tokenizer.convert_tokens_to_ids(tokens), ended) for tokens, ended in found]
            else:
                made = seq2seq.search(tokenizer, model, some, beams=BEAMS, longest=longest, limit=limit, first=first)
            for n, (ids, ended) in zip(batch, made, strict=True):
                notes = []
                if len(whole[n]) > longest:
                    notes.append(f"only the first {longest} of {len(whole[n])} tokens were translated")
                if not ended:
                    notes.append("the translation was cut off at its longest")
                results[n] = (tokenizer.decode(ids, skip_special_tokens=True).strip(), tuple(notes))
        return results

    def _folder(self, language: str) -> Path:
        """The model that reads the language."""
        if self.folder is not None:
            return self.folder
        [one] = [m for m in self._models() if language in m.languages.split()]
        assert one.folder is not None  # `missing` has looked
        return one.folder

    def _fast(self, folder: Path) -> fast_.Fast | None:
        whole = self.fast and models.fault(folder, thorough=True) is None
        return fast_.loaded(folder, seq2seq.key(folder)) if whole else None

    def _how(self, folder: Path) -> str:
        """What computes a model, in which numbers."""
        whole = self.fast and models.fault(folder, thorough=True) is None
        if whole and fast_.converted(folder, seq2seq.key(folder)) is not None:
            return f"ctranslate2 {fast_.release()} {fast_.PRECISION}"
        return f"transformers {precision()} products"

    def _models(self) -> list[models.Model]:
        return [m for m in models.MODELS.values() if m.engine == self.name]

    def _languages(self) -> str:
        return ", ".join(dict.fromkeys(code for m in self._models() for code in m.languages.split()))


def _prepared(text: str, kind: str, language: str) -> str:
    if kind == "marian":  # OPUS-MT was trained on Moses-normalised text
        from sacremoses import MosesPunctNormalizer

        return str(MosesPunctNormalizer(lang=language).normalize(text))
    return f"<2en> {text}" if kind == "madlad" else text


def _batches(lengths: list[int]) -> list[tuple[int, list[int]]]:
    """(width, places): texts of about one length, each at most `width` tokens, TOKENS a batch, padding included.

    The width depends on a text's own length alone, so that what is derived from it does not hang on its company.
    """
    groups: list[tuple[int, list[int]]] = []
    for n in sorted(range(len(lengths)), key=lambda n: (lengths[n], n)):
        width = -(-lengths[n] // STEP) * STEP
        if groups and groups[-1][0] == width and width * (len(groups[-1][1]) + 1) <= TOKENS:
            groups[-1][1].append(n)
        else:
            groups.append((width, [n]))
    return groups
