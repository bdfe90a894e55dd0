"""What comparing looks at: the two sides' facts, as whole texts and as the passages one bead joins."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from decimal import Decimal

from retold.facts import extract
from retold.facts.fold import fold
from retold.records import Bead, Fact, FactType, Side

WORD = re.compile(r"(?:[^\W_]\.){2,}|[^\W_](?:\w|['’&](?=\w))*")


@dataclass(frozen=True)
class Item:
    """A fact and the number of the segment it stands in."""

    n: int
    fact: Fact

    @property
    def span(self) -> tuple[int, int]:
        return self.fact.start, self.fact.end


@dataclass(frozen=True)
class Word:
    """A word of a segment, as written and folded."""

    n: int
    start: int
    end: int
    text: str

    @functools.cached_property
    def folded(self) -> str:
        return fold(self.text).strip(".")

    @property
    def span(self) -> tuple[int, int]:
        return self.start, self.end


@dataclass(frozen=True)
class Passage:
    """Some segments of one side with everything found in them."""

    language: str
    numbers: tuple[int, ...]
    texts: tuple[str, ...]
    items: tuple[Item, ...]

    def of(self, *types: FactType) -> tuple[Item, ...]:
        return tuple(i for i in self.items if i.fact.type in types)

    @functools.cached_property
    def words(self) -> tuple[Word, ...]:
        return tuple(
            Word(n, m.start(), m.end(), m.group())
            for n, text in zip(self.numbers, self.texts, strict=True)
            for m in WORD.finditer(text)
        )

    @functools.cached_property
    def folded(self) -> frozenset[str]:
        return frozenset(w.folded for w in self.words)

    @functools.cached_property
    def capitals(self) -> frozenset[str]:
        """The words that begin with a capital or a figure, folded."""
        return frozenset(w.folded for w in self.words if not w.text[0].islower())

    @functools.cached_property
    def amounts(self) -> frozenset[Decimal]:
        from retold.findings.figures import readings

        return frozenset(a for i in self.of("number", "money", "time") for a in readings(i.fact))

    @property
    def length(self) -> int:
        return sum(map(len, self.texts))

    def place(self, n: int, start: int) -> float:
        """Where in the passage a character stands, in [0, 1]."""
        before = 0
        for number, text in zip(self.numbers, self.texts, strict=True):
            if number == n:
                return (before + start) / max(1, self.length)
            before += len(text)
        return 0.0


class Reading:
    """One side read once: facts by segment, and the whole of it as a passage."""

    def __init__(self, side: Side) -> None:
        self.side = side
        self._facts: dict[int, tuple[Item, ...]] = {
            n: tuple(Item(n, f) for f in extract(side.texts[n], side.language, date=side.date)) for n in side.content
        }
        self.whole = self.passage(side.content)

    def passage(self, numbers: tuple[int, ...]) -> Passage:
        numbers = tuple(n for n in numbers if n in self._facts)
        texts = tuple(self.side.texts[n] for n in numbers)
        return Passage(self.side.language, numbers, texts, tuple(i for n in numbers for i in self._facts[n]))


@dataclass(frozen=True)
class Pair:
    """One two-sided bead: its two passages, and the whole texts they stand in."""

    bead: Bead
    original: Passage
    version: Passage
    whole_original: Passage
    whole_version: Passage

    def opposite(self, n: int, start: int, *, of_original: bool) -> int:
        """The other side's segment that best answers a place without a counterpart.

        It is the one that has the nearest name or figure standing before the place, else the one as far into its
        passage as the place is into its own.
        """
        here, there = (self.original, self.version) if of_original else (self.version, self.original)
        if len(there.numbers) == 1:
            return there.numbers[0]
        before = [i for i in here.of("name", "place", "number") if i.n == n and i.fact.end <= start]
        for item in reversed(before):
            some = [o.n for o in there.of("name", "place", "number") if o.fact.value == item.fact.value]
            if len(set(some)) == 1:
                return some[0]
        aim = here.place(n, start) * there.length
        passed = 0
        for number, text in zip(there.numbers, there.texts, strict=True):
            passed += len(text)
            if aim < passed:
                return number
        return there.numbers[-1]
