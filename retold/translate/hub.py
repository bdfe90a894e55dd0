"""Translators of the model hub (Marian, NLLB, MADLAD) and of local folders, through transformers. Never downloads."""

from __future__ import annotations

import functools
import hashlib
import json
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from retold.records import RetoldError, Translation
from retold.translate import models
from retold.translate.check import problems
from retold.translate.convert import quiet

BEAMS = 4
TOKENS = 1200  # source tokens a batch, padding included
STEP = 16  # texts whose lengths differ by fewer tokens than this share a batch
# Codes NLLB-200 gives its languages (FLORES-200).
NLLB = {"en": "eng_Latn", "id": "ind_Latn", "nl": "nld_Latn"}
_RULES = "5"  # raise it when batching, prompts, search or warnings change
_LOCK = threading.Lock()  # a tokenizer's source language is state


@dataclass
class Hub:
    """One engine over a model folder.

    name: "marian", "nllb", "madlad", or "local" for a folder of the user's own. folder: the model's files; None to
    take the pinned one out of the hub's cache, for each language its own where the engine has one a language.
    """

    name: str
    folder: Path | None = None

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
        if self.folder is not None:
            where = [digest(self.folder)]
        else:  # a cached snapshot's folder is named by its commit
            where = [f"{m.name}@{m.folder.name[:12]}" for m in self._models() if m.folder is not None]
        return f"{self.name} {' '.join(where) or 'absent'} beam {BEAMS} rules {_RULES}"

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
        import torch

        tokenizer, model, kind = self._load(language)
        longest = min(_positions(model), 512)
        clean = [_prepared(text, kind, language) for text in texts]
        extra: dict[str, Any] = {}
        if kind == "nllb":
            tokenizer.src_lang = NLLB[language]
            extra["forced_bos_token_id"] = tokenizer.convert_tokens_to_ids(NLLB["en"])
        whole = tokenizer(clean)["input_ids"]
        results: list[tuple[str, tuple[str, ...]]] = [("", ())] * len(texts)
        for width, batch in _batches([min(len(ids), longest) for ids in whole]):
            made = tokenizer(
                [clean[n] for n in batch], return_tensors="pt", padding=True, truncation=True, max_length=longest
            )
            limit = min(2 * width + 10, longest)
            with torch.inference_mode():
                ids = model.generate(
                    **made, num_beams=BEAMS, do_sample=False, max_new_tokens=limit, max_length=None, **extra
                )
            for n, row in zip(batch, ids, strict=True):
                notes = []
                if len(whole[n]) > longest:
                    notes.append(f"only the first {longest} of {len(whole[n])} tokens were translated")
                if int((row != tokenizer.pad_token_id).sum()) >= limit:
                    notes.append("the translation was cut off at its longest")
                results[n] = (tokenizer.decode(row, skip_special_tokens=True).strip(), tuple(notes))
        return results

    def _load(self, language: str) -> tuple[Any, Any, str]:
        """(tokenizer, model, kind), kept for the next call."""
        if self.folder is not None:
            return _loaded(self.folder)
        [one] = [m for m in self._models() if language in m.languages.split()]
        assert one.folder is not None  # `missing` has looked
        return _loaded(one.folder)

    def _models(self) -> list[models.Model]:
        return [m for m in models.MODELS.values() if m.engine == self.name]

    def _languages(self) -> str:
        return ", ".join(dict.fromkeys(code for m in self._models() for code in m.languages.split()))


def seq2seq(folder: Path, what: str) -> tuple[Any, Any]:
    """Tokenizer and model of a folder. Raises RetoldError, naming it and what it should be, where it has none."""
    import torch
    from transformers import AutoModelForSeq2SeqLM, AutoTokenizer

    fault = models.fault(folder, thorough=True)
    if fault is not None:
        raise RetoldError(f"{folder}: {fault}")
    try:
        tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True, trust_remote_code=False)
        with quiet():
            model = AutoModelForSeq2SeqLM.from_pretrained(
                folder, local_files_only=True, trust_remote_code=False, use_safetensors=True, dtype=torch.float32
            )
    except Exception as error:  # transformers raises what its many loaders raise
        reason = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        raise RetoldError(f"{folder}: not {what} that transformers can load ({reason})") from None
    return tokenizer, model.eval()


@functools.lru_cache(maxsize=2)
def _loaded(folder: Path) -> tuple[Any, Any, str]:
    """Tokenizer, model and kind of a folder. Raises RetoldError, naming it, where they cannot be loaded."""
    tokenizer, model = seq2seq(folder, "a translation model")
    kinds = {"marian": "marian", "m2m_100": "nllb", "t5": "madlad"}
    kind = kinds.get(model.config.model_type)
    if kind is None:
        raise RetoldError(f"{folder}: a model of type {model.config.model_type!r}; allowed are {', '.join(kinds)}")
    return tokenizer, model, kind


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


def _positions(model: Any) -> int:
    return int(getattr(model.config, "max_position_embeddings", None) or 512)


def digest(folder: Path) -> str:
    """A folder's model by its settings and the size and head of its weights: quick, and another model's differs."""
    digest = hashlib.sha256()
    for path in sorted([*folder.glob("*.json"), *folder.glob("*.safetensors")]):
        with path.open("rb") as file:
            digest.update(json.dumps([path.name, path.stat().st_size]).encode() + file.read(1 << 20))
    return digest.hexdigest()[:12]
