"""Translators: texts of another language into English. Nothing is loaded before the first text."""

from __future__ import annotations

from pathlib import Path

from retold.records import RetoldError, Translation, Translator
from retold.store import CachedTranslator, Store
from retold.translate.bundled import Bundled
from retold.translate.hub import Hub
from retold.translate.memory import FOLDER, Memory

HUB = ("marian", "nllb", "madlad")
ENGINES = ("bundled", *HUB)
# Best first by public FLORES-200 scores (docs/models.md); MADLAD-400 needs twelve gigabytes, so only if asked for.
PREFERRED = {"id": ("nllb", "marian"), "nl": ("marian", "nllb")}


def translator(name: str = "auto", *, store: Store, memory: Path = FOLDER) -> Translator:
    """Open a translator by name: `auto`, `bundled`, `marian`, `nllb`, `madlad`, or a folder holding a model.

    Whatever the engine, the reviewed translations in the TMX files of the folder `memory` come first. What the engine
    makes is kept in the store. `auto` takes the best hub model that is in the local cache, else the bundled one. Never
    downloads. Raises RetoldError for an unknown name; an engine that is not there raises it at its first text, naming
    the command that fetches it.
    """
    if name != "auto":
        engine(name)
    return Cascade(name, Memory(memory), store)


def engine(name: str) -> Bundled | Hub:
    """An engine alone, without memory or store; the names but `auto`. Raises RetoldError for an unknown one."""
    if name == "bundled":
        return Bundled()
    if name in HUB:
        return Hub(name)
    if name and Path(name).is_dir():
        return Hub("local", Path(name))
    raise RetoldError(
        f"translator {name!r} is not known; known are auto, {', '.join(ENGINES)} and the path of a local folder"
    )


class Cascade:
    """The reviewed memory, then an engine behind the store's cache."""

    def __init__(self, name: str, memory: Memory, store: Store) -> None:
        self.name = name
        self.memory = memory
        self.store = store

    @property
    def signature(self) -> str:
        engines = [f"{code}: {self.engine(code).signature}" for code in PREFERRED]
        return f"{'; '.join(engines)}; {self.memory.signature}"

    def engine(self, language: str) -> Bundled | Hub:
        """The engine that serves a language, chosen anew each time: a model may have been fetched meanwhile."""
        if self.name != "auto":
            return engine(self.name)
        return next((e for e in map(Hub, PREFERRED.get(language, ())) if e.missing(language) is None), Bundled())

    def translate(self, texts: list[str], language: str) -> list[Translation]:
        """As many results as texts, in order; `engine` and `signature` of each say who made it."""
        known = self.memory.recall(texts, language)
        empty = {n: t for n, t in enumerate(texts) if not t.strip()}
        rest = [n for n in range(len(texts)) if n not in known and n not in empty]
        made: list[Translation] = []
        if rest:
            made = CachedTranslator(self.engine(language), self.store).translate([texts[n] for n in rest], language)
        found = known | {n: Translation(n, "", self.name, "") for n in empty}
        found |= {n: Translation(n, t.text, t.engine, t.signature, t.warnings) for n, t in zip(rest, made, strict=True)}
        return [found[n] for n in range(len(texts))]
