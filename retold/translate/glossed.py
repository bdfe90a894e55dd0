"""A source's words with the English that the glossary has for them: what the search leans to and the choice counts."""

from __future__ import annotations

import functools
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from retold.findings.lexicon import function_words
from retold.languages import glossary

_WORD = re.compile(r"[^\W\d_](?:[\w'’-]*[^\W\d_])?")
_BEGINS = re.compile(r"(?:^|[.!?:\"“‘])\s*$")
_JOINTS = ("", "s", "en", "e", "-", "n")  # between the parts of a Dutch compound
_CLITICS = ("nya", "lah", "kah", "pun", "ku", "mu")  # behind an Indonesian word
LEAST = 3  # letters of a compound's part
STEM = 5  # letters by which two English words are one, whatever their endings


@dataclass(frozen=True, slots=True)
class Glossed:
    """A word as the source has it, its rank in the glossary (0 is the commonest), and the English, likeliest first."""

    text: str
    rank: int
    answers: tuple[str, ...]

    @property
    def weight(self) -> float:
        """What it counts: rare words more, as they say more and are got wrong more often."""
        return 0.3 + math.log1p(self.rank / 300)

    @property
    def stems(self) -> frozenset[str]:
        light = function_words("en")
        return frozenset(_stem(w) for some in self.answers for w in some.lower().split() if w not in light)


def read(text: str, language: str) -> Iterator[Glossed]:
    """The words of a text that the glossary knows, without function words and the capitalised inside a sentence."""
    for match in _WORD.finditer(text):
        word = match.group()
        if word[0].isupper() and not _BEGINS.search(text[max(0, match.start() - 3) : match.start()]):
            continue
        if word.lower() not in function_words(language):
            found = _look_up(word.lower(), language)
            if found is not None:
                yield found


def covered(words: Sequence[Glossed], english: str) -> float:
    """The share of a source's words, by weight, of which an answer stands in the English; 1 if there are none.

    In [0, 1], higher is better. A good translation may lack much: a translator has more words than a glossary.
    """
    said = {_stem(w) for w in re.findall(r"\w+", english.lower())}
    every = [(w.weight, stems) for w in words if (stems := w.stems)]
    total = sum(weight for weight, _ in every)
    return sum(weight for weight, stems in every if stems & said) / total if total else 1.0


def _stem(word: str) -> str:
    return (word[:-1] if word.endswith("s") else word)[:STEM]


@functools.lru_cache(50_000)
def _look_up(word: str, language: str) -> Glossed | None:
    table = _ranked(language)
    if word in table:
        return table[word]
    if language == "nl":
        return _compound(word, table)
    bare = [word.removesuffix(end) for end in _CLITICS if word.endswith(end)] + word.split("-")[:1]
    known = next((w for w in bare if w in table), None)
    return Glossed(word, table[known].rank, table[known].answers) if known and language == "id" else None


def _compound(word: str, table: Mapping[str, Glossed]) -> Glossed | None:
    """A Dutch word made of two that the glossary has, the shorter of which is as long as can be."""
    found: list[tuple[int, str, str]] = []
    for cut in range(len(word) - LEAST, LEAST, -1):
        last = word[cut:]
        for joint in _JOINTS:
            first = word[:cut].removesuffix(joint)
            if word[:cut].endswith(joint) and len(first) >= LEAST and first in table and last in table:
                found.append((min(len(first), len(last)), first, last))
    if not found:
        return None
    _, first, last = max(found, key=lambda f: f[0])
    return Glossed(word, len(table), (f"{table[first].answers[0]} {table[last].answers[0]}",))


@functools.cache
def _ranked(language: str) -> Mapping[str, Glossed]:
    return {w: Glossed(w, rank, answers) for rank, (w, answers) in enumerate(glossary(language).items())}
