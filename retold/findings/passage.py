"""What comparing looks at: the two sides' facts, as whole texts and as the passages one bead joins."""

from __future__ import annotations

import bisect
import functools
import math
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from retold.facts import cue, extract
from retold.facts.dateline import body_start
from retold.facts.fold import fold
from retold.facts.name import places
from retold.records import Bead, Fact, FactType, Side

WORD = re.compile(r"(?:[^\W_]\.){2,}|[^\W_](?:\w|['’&](?=\w))*")
MODEL = re.compile(r"(?<![\w-])[^\W\d_]+-?\d+(?![\w.,]\d)[^\W\d_]{0,3}(?![\w-])")
REACH = 60  # characters: more than “of the” and the like take


@dataclass(frozen=True)
class Item:
    """A fact and the number of the segment it stands in."""

    n: int
    fact: Fact

    @property
    def text(self) -> str:
        return self.fact.text

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

    @functools.cached_property
    def weak(self) -> Counter[tuple[FactType, str]]:
        """How many weak cues stand for each class: “can” may answer for “may”."""
        some = (f for text in self.texts for f in cue.find(text, self.language, weak=True))
        return Counter((f.type, f.value.removesuffix(cue.WEAK)) for f in some if f.value.endswith(cue.WEAK))

    def of(self, *types: FactType) -> tuple[Item, ...]:
        """The items of these types, in reading order."""
        if types not in self._of:
            self._of[types] = tuple(i for i in self.items if i.fact.type in types)
        return self._of[types]

    @functools.cached_property
    def _of(self) -> dict[tuple[FactType, ...], tuple[Item, ...]]:
        return {}

    @functools.cached_property
    def words(self) -> tuple[Word, ...]:
        return tuple(
            Word(n, m.start(), m.end(), m.group())
            for n, text in zip(self.numbers, self.texts, strict=True)
            for m in WORD.finditer(text)
        )

    def beside(self, item: Item, *types: FactType) -> tuple[Item, ...]:
        """The items of these types that overlap an item or begin within REACH characters after it."""
        some = self.of(*types)
        begins, ends = self._order(item.n, item.fact.start), self._order(item.n, item.fact.end + REACH)
        first = bisect.bisect_right(some, begins, key=lambda i: self._order(i.n, i.fact.end))
        last = bisect.bisect_left(some, ends, key=lambda i: self._order(i.n, i.fact.start))
        return some[first:last]

    def within(self, n: int, start: int, end: int) -> tuple[Word, ...]:
        """The words of a segment that begin in a span."""
        first, last = (bisect.bisect_left(self.words, self._order(n, at), key=self._key) for at in (start, end))
        return self.words[first:last]

    def _order(self, n: int, start: int) -> tuple[int, int]:
        return self.numbers.index(n), start

    def _key(self, word: Word) -> tuple[int, int]:
        return self._order(word.n, word.start)

    @functools.cached_property
    def index(self) -> dict[Word, int]:
        """Each word's place among the words."""
        return {w: k for k, w in enumerate(self.words)}

    @functools.cached_property
    def firsts(self) -> str:
        """The first letter of every word."""
        return "".join(w.folded[:1] or " " for w in self.words)

    @functools.cached_property
    def folded(self) -> frozenset[str]:
        return frozenset(w.folded for w in self.words)

    @functools.cached_property
    def codes(self) -> frozenset[str]:
        """The codes of its places, also of those written small: amerikaans, londense."""
        table = places(self.language)
        return frozenset(i.fact.value for i in self.of("place")) | {table[w] for w in self.folded if w in table}

    @functools.cached_property
    def capitals(self) -> frozenset[str]:
        """The words that begin with a capital or a figure, folded."""
        return frozenset(w.folded for w in self.words if not w.text[0].islower())

    @functools.cached_property
    def amounts(self) -> frozenset[Decimal]:
        from retold.findings.figures import readings

        return frozenset(a for i in self.of("number", "money", "time") for a in readings(i.fact))

    @functools.cached_property
    def models(self) -> tuple[Word, ...]:
        """The names with figures in them, whole, that are no numbers: A4, H200, Covid-19."""
        figures = [(i.n, i.fact.start, i.fact.end) for i in self.of("number", "money", "time")]
        return tuple(
            Word(n, m.start(), m.end(), m.group())
            for n, text in zip(self.numbers, self.texts, strict=True)
            for m in MODEL.finditer(text)
            if not any(k == n and start < m.end() and m.start() < end for k, start, end in figures)
        )

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
        self._facts = {n: self._body(n, some) for n, some in self._facts.items()}
        self.whole = self.passage(side.content)

    def _body(self, n: int, some: tuple[Item, ...]) -> tuple[Item, ...]:
        """A segment's facts without its dateline's: where and when it was filed is no part of the story."""
        start = body_start(self.side.texts[n], self.side.language)
        return tuple(i for i in some if i.fact.start >= start)

    def near(self, numbers: tuple[int, ...], free: frozenset[int], *, across: bool = False) -> Passage:
        """The unlinked segments up to three before or after these, or five and beyond linked ones if `across`."""
        out: set[int] = set()
        order = self.side.content
        for n in numbers:
            at = order.index(n)
            for step in (-1, 1):
                for k in range(1, 6 if across else 4):
                    i = at + step * k
                    if not 0 <= i < len(order) or (order[i] not in free and not across):
                        break
                    out |= {order[i]} & free
        return self.passage(tuple(sorted(out)))

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
    near_original: Passage  # the unlinked segments next to the bead's
    near_version: Passage
    around_original: Passage  # those up to three away, whatever lies between
    around_version: Passage

    @property
    def across(self) -> bool:
        """Whether its two sides are in two languages."""
        return self.original.language != self.version.language


RIVALS = 20  # facts over before and after one's place that may stand for it: more than any sentence has


def paired(
    ours: Sequence[float], theirs: Sequence[float], cost: Callable[[int, int], float], most: float = math.inf
) -> Iterator[tuple[int, int]]:
    """Which fact of one side stands for which of the other: the cheapest pair first, each taken once.

    ours, theirs: where in their passages the facts stand, in [0, 1]; cost: of two, by their numbers; no pair costs more
    than `most`. Only the RIVALS nearest before and after are looked at, so that time grows with the number of facts.
    """
    order = sorted(range(len(theirs)), key=theirs.__getitem__)
    places = [theirs[j] for j in order]
    some: list[tuple[float, int, int]] = []
    for i, place in enumerate(ours):
        at = bisect.bisect(places, place)
        some += ((cost(i, j), i, j) for j in order[max(0, at - RIVALS) : at + RIVALS])
    mine: set[int] = set()
    taken: set[int] = set()
    for price, i, j in sorted(some):
        if price <= most and i not in mine and j not in taken:
            mine.add(i)
            taken.add(j)
            yield i, j
