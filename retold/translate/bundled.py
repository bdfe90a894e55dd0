"""The bundled translator: Gemma 3 270M with the project's adapter, or few-shot where the adapter cannot be used."""

from __future__ import annotations

import functools
import hashlib
import re
import sys
import threading
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

from retold.cores import patient
from retold.findings.lexicon import function_words
from retold.records import RetoldError, Translation
from retold.store import home
from retold.translate import adapter as adapter_
from retold.translate import convert
from retold.translate.check import problems
from retold.translate.choose import PROBLEM, choose
from retold.translate.glossed import Glossed, read

if TYPE_CHECKING:
    from retold.translate.beam import Candidate
    from retold.translate.gemma import Gemma, Past

LANGUAGES = {"id": "Indonesian", "nl": "Dutch"}
BEAMS = 8
SENSES = 3  # of a word in the glossary that a search leans to
LONGER = 1.3  # the length penalty: English came out a fortieth short of FLORES's
WIDE = 12  # for a segment of which every candidate loses something
ROWS = 4 * WIDE  # six sentences at a time
COMMON = 200  # rank in the glossary of the first word that is hinted at: the commoner ones the model knows
PIECE = 150  # tokens of source read at once; a longer segment is read piece by piece
MAX_CHARACTERS = 4000  # of a segment; what lies beyond is left out, and said
_RULES = "9"  # raise it when prompt, cutting, search or warnings change

# Five pairs of our own, of the kinds a wire story has: a source, numbers, a quotation, a hedge, a heading.
SHOTS = {
    "id": (
        ("Pemerintah akan mengumumkan aturan baru pekan depan, kata dua pejabat yang mengetahui rencana itu.",
         "The government will announce new rules next week, said two officials familiar with the plan."),
        ("Ekspor naik 12,5 persen menjadi 3,4 miliar dolar AS pada Oktober.",
         "Exports rose 12.5 percent to 3.4 billion U.S. dollars in October."),
        ("“Kami belum menerima jawaban,” ujar juru bicara perusahaan itu.",
         "“We have not yet received an answer,” a spokesman for the company said."),
        ("Larangan tersebut kemungkinan tidak akan berlaku sebelum tahun 2027.",
         "The ban is not likely to take effect before 2027."),
        ("Saham turun tajam.", "Shares fell sharply."),
    ),
    "nl": (
        ("De regering maakt volgende week nieuwe regels bekend, zeggen twee functionarissen die het plan kennen.",
         "The government will announce new rules next week, two officials familiar with the plan say."),
        ("De uitvoer steeg in oktober met 12,5 procent tot 3,4 miljard dollar.",
         "Exports rose 12.5 percent to 3.4 billion dollars in October."),
        ("‘We hebben nog geen antwoord gekregen’, zei een woordvoerder van het bedrijf.",
         "“We have not yet received an answer,” a spokesman for the company said."),
        ("Het verbod gaat waarschijnlijk niet vóór 2027 in.", "The ban is not likely to take effect before 2027."),
        ("Aandelen dalen fors", "Shares fall sharply"),
    ),
}  # fmt: skip
# What Windows-1252 has in the places where Latin-1 has control characters.
_BYTES = {bytes([b]).decode("cp1252"): b for b in range(0x80, 0xA0) if b not in (0x81, 0x8D, 0x8F, 0x90, 0x9D)}
_LOCK = threading.Lock()


class Bundled:
    """Translates Indonesian and Dutch. The same text gives the same English, alone or among others.

    adapter: the folder of the adapter. Where a file of it is missing or altered, one warning says so and the model
    translates by examples instead, which is worse but never garbage.
    """

    name = "bundled"

    def __init__(self, adapter: Path = adapter_.FOLDER) -> None:
        self.adapter = adapter

    def missing(self) -> str | None:
        """Why it cannot be used, in a sentence; None if it can."""
        return convert.missing()

    @functools.cached_property
    def _checksum(self) -> str | None:
        """The adapter's; None, after a warning, where it cannot be used."""
        try:
            return adapter_.checksum(self.adapter)
        except ValueError as error:
            warnings.warn(
                f"the bundled translator's adapter cannot be used: {error}; translating by examples instead, "
                "which is less good: reinstall retold",
                stacklevel=2,
            )
            return None

    @property
    def signature(self) -> str:
        how = f"adapter {self._checksum[:12]}" if self._checksum else f"few-shot {_digest(repr(SHOTS))}"
        return f"gemma3-270m-q4-k-m 1.0.0 {how} beam {BEAMS}/{WIDE} {precision()} rules {_RULES}"

    def translate(self, texts: list[str], language: str) -> list[Translation]:
        """As many results as texts, in order; a text without a letter comes back as it is."""
        if language not in LANGUAGES:
            raise RetoldError(f"translator 'bundled' does not read {language!r}; it reads {', '.join(LANGUAGES)}")
        signature = self.signature
        cut = [" ".join(mended(t[:MAX_CHARACTERS]).split()) for t in texts]
        pieces = [(n, piece) for n, text in enumerate(cut) if _has_letters(text) for piece in self._pieces(text)]
        made: list[list[str]] = [[] for _ in texts]
        unfinished: set[int] = set()
        with _LOCK:
            chosen = self._best([piece for _, piece in pieces], language) if pieces else []
        for (n, _), (english, ended) in zip(pieces, chosen, strict=True):
            made[n].append(english)
            if not ended:
                unfinished.add(n)
        results = []
        for n, text in enumerate(texts):
            english = " ".join(made[n]) if made[n] else cut[n]
            notes = list(problems(cut[n], english, language)) if made[n] else []
            if len(text) > MAX_CHARACTERS:
                notes.append(f"only the first {MAX_CHARACTERS} of {len(text)} characters were translated")
            if n in unfinished:
                notes.append("the translation was cut off at its longest")
            results.append(Translation(n, english, self.name, signature, tuple(notes)))
        return results

    @property
    def _model(self) -> Gemma:
        why = self.missing()
        if why is not None:
            raise RetoldError(why)
        return _load(self.adapter if self._checksum else None, self._checksum, home(cache=True))

    def _best(self, texts: list[str], language: str) -> list[tuple[str, bool]]:
        """(English, whether it came to its end) of each text; where all candidates lose something, more are sought."""
        pool: list[dict[str, Candidate]] = [{} for _ in texts]
        todo = list(range(len(texts)))
        for beams in (BEAMS, WIDE):
            for n, found in zip(todo, self._search([texts[n] for n in todo], language, beams), strict=True):
                for candidate in found:
                    pool[n].setdefault(self._decode(candidate), candidate)
            todo = [n for n in todo if any(problems(texts[n], self._pick(texts[n], pool[n], language), language))]
            if not todo:
                break
        best = [self._pick(text, some, language) for text, some in zip(texts, pool, strict=True)]
        return [(english, pool[n][english].ended) for n, english in enumerate(best)]

    def _pick(self, text: str, some: dict[str, Candidate], language: str) -> str:
        # One that never came to its end has a problem that its words do not show.
        options = [(english, one.score - (0 if one.ended else PROBLEM)) for english, one in some.items()]
        return options[choose(text, options, language)][0]

    def _search(self, texts: list[str], language: str, beams: int) -> list[list[Candidate]]:
        from retold.translate.beam import search

        prefix = None if self._checksum else _examples(self._model, language)
        start = 1 if prefix else 0  # the prefix has the token that begins every text
        hinted = self._checksum is not None
        prompts = [_encode(self._model, prompt(text, language, hinted=hinted))[start:] for text in texts]
        # English is hardly ever longer than this; a loop must end somewhere.
        limits = [int(1.5 * len(_encode(self._model, text))) + 18 for text in texts]
        wanted = [[g for g in map(self._openings, read(text, language)) if g] for text in texts]
        return search(self._model, prompts, limits, beams=beams, length_penalty=LONGER, prefix=prefix, wanted=wanted)

    def _openings(self, word: Glossed) -> frozenset[int]:
        """The tokens that begin the first content word of each of a word's likeliest answers."""
        light = function_words("en")
        firsts = (next((w for w in some.split() if w.lower() not in light), "") for some in word.answers[:SENSES])
        ids = (self._model.tokenizer.encode(" " + w, add_special_tokens=False).ids[0] for w in firsts if w)
        return frozenset(ids) & self._scored

    @functools.cached_property
    def _scored(self) -> frozenset[int]:
        return frozenset(self._model.english.tolist())

    def _decode(self, candidate: Candidate) -> str:
        return " ".join(str(self._model.tokenizer.decode(list(candidate.ids))).split())

    def _pieces(self, text: str) -> list[str]:
        """The text in stretches of at most PIECE tokens, cut after a sentence, else a comma, else a word."""
        encoded = self._model.tokenizer.encode(text)
        if len(encoded.ids) <= PIECE:
            return [text]
        end = encoded.offsets[PIECE][0]
        window = text[:end]
        for mark in (r"[.!?…][”’\")]*\s", r"[;:,–—]\s", r"\s"):
            places = [m.end() for m in re.finditer(mark, window) if m.end() > end // 3]
            if places:
                end = places[-1]
                break
        return [text[:end].strip(), *(self._pieces(rest) if (rest := text[end:].strip()) else [])]


@functools.lru_cache(maxsize=1)
def _load(adapter: Path | None, checksum: str | None, home: Path) -> Gemma:
    """The model of one adapter and cache folder, kept as long as no other is asked for."""
    patient()
    import torch

    from retold.translate.gemma import Gemma

    return Gemma(convert.converted(adapter), rows=ROWS, dtype=getattr(torch, precision()))


@functools.lru_cache(maxsize=len(LANGUAGES))
def _examples(model: Gemma, language: str) -> Past:
    """A model's past after the examples, read once."""
    import torch

    from retold.translate.gemma import Past

    name = LANGUAGES[language]
    ids = _encode(model, "".join(f"{name}: {source}\nEnglish: {english}\n" for source, english in SHOTS[language]))
    past = Past(model, len(ids))
    with torch.inference_mode():
        model.read(ids, past)
    return past


def prompt(text: str, language: str, *, hinted: bool = True) -> str:
    """What the model is given: the text and, if it was trained so, the English of its rarer words, in their order.

    >>> prompt("De aandelen daalden", "nl")
    'Dutch: De aandelen daalden\\nWords: shares/stocks; fell/dropped\\nEnglish:'
    """
    if not hinted:
        return f"{LANGUAGES[language]}: {text}\nEnglish:"
    hints = "; ".join("/".join(w.answers[:2]) for w in read(text, language) if w.rank >= COMMON)
    return f"{LANGUAGES[language]}: {text}\nWords: {hints}\nEnglish:"


def _encode(model: Gemma, text: str) -> list[int]:
    ids: list[int] = model.tokenizer.encode(text).ids
    return ids


def mended(text: str) -> str:
    """The text with UTF-8 that was read as Windows-1252 put right: `mended("BarÃ§a") == "Barça"`.

    Wire texts copied from web pages hold such letters, and the model takes them for something to go on with.
    """

    def decoded(match: re.Match[str]) -> str:
        try:
            return bytes(_BYTES.get(c, ord(c)) for c in match.group()).decode("utf-8")
        except ValueError:
            return match.group()

    return re.sub(f"[\u00c2-\u00f4][\u0080-\u00bf{''.join(_BYTES)}]{{1,3}}", decoded, text)


def _has_letters(text: str) -> bool:
    return any(c.isalpha() for c in text)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:8]


@functools.cache
def precision() -> str:
    """bfloat16 where the processor computes in it (three times as fast there), else float32."""
    if sys.platform == "linux":
        try:
            flags = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace")
        except OSError:
            return "float32"
        if "amx_bf16" in flags or "avx512_bf16" in flags:
            return "bfloat16"
    return "float32"
