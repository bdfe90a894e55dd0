"""What a version may say for a figure or a time without giving one: most, hundreds, for years, soon."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Sequence
from typing import Literal

from retold.facts.number import amounts
from retold.findings import lexicon
from retold.findings.lexicon import same, small_words
from retold.findings.passage import Item, Passage, Word
from retold.findings.periods import unit_hours
from retold.languages import words

Table = Literal["number", "time"]

FAR = 0.5  # parts of a passage that a figure and what is said for it may lie apart, each in its own
BEHIND = 4  # words behind a figure and behind a vague word, of which two say the same where both count one thing
SPAN = 3.5  # times longer or shorter that a length of time may be told as a day, a month, a year
KINDS = {"year": {"long", "ago", "soon", "relative"}, "length": {"long", "ago", "soon", "after", "one"}}


def number(item: Item, here: Passage, there: Passage) -> Word | None:
    """The vague word of `there` for how many that stands for a figure of `here`, where it has no such word itself.

    Most, many, several and the like have to count the same thing, unless a share is told as most.
    """
    share = item.fact.value[-1] == "%" or abs(amounts(item.fact.value)) < 1
    return _nearest(
        item,
        here,
        [
            (kind, w)
            for kind, w in _free(here, there, "number")
            if kind not in ("most", "many", "few", "part") or (share and kind == "most") or _alike(item, w, here, there)
        ],
        there,
    )


def when(item: Item, here: Passage, there: Passage, hours: float | None) -> Word | None:
    """The same for a year, or a length of time of so many hours, told as years, soon, a month."""
    fit = KINDS["year" if hours is None else "length"]
    some = [(kind, w) for kind, w in _free(here, there, "time") if kind in fit]
    if hours is not None:
        units = [(kind, w, unit_hours(w.text, there.language)) for kind, w in some]
        some = [(k, w) for k, w, h in units if k != "one" or (h is not None and hours / SPAN < h < hours * SPAN)]
    return _nearest(item, here, some, there)


def _free(here: Passage, there: Passage, table: Table) -> list[tuple[str, Word]]:
    """The vague words of `there` of kinds that `here` has none of."""
    ours = {kind for kind, _ in _found(here, table)}
    return [(kind, w) for kind, w in _found(there, table) if kind not in ours]


def _nearest(item: Item, here: Passage, some: Sequence[tuple[str, Word]], there: Passage) -> Word | None:
    at = here.place(item.n, item.fact.start)
    away, word = min(((abs(there.place(w.n, w.start) - at), w) for _, w in some), key=lambda t: t[0], default=(1, None))
    return word if away <= FAR else None


def _alike(item: Item, word: Word, here: Passage, there: Passage) -> bool:
    """Whether one of the words behind a figure and one of those behind a vague word say the same."""
    ours = [w.folded for w in here.words if w.n == item.n and w.start >= item.fact.end][:BEHIND]
    theirs = [w.folded for w in there.words if w.n == word.n and w.start >= word.end][:BEHIND]
    listed = lexicon.pairs(here.language, there.language)
    light = small_words(here.language)
    return any(
        same(said, other) for w in ours if w not in light for said in (w, *listed.get(w, ())) for other in theirs
    )


def _found(passage: Passage, table: Table) -> Iterator[tuple[str, Word]]:
    """The vague words of a passage with their kind, those within its figures or right behind a number left out."""
    some = passage.of("number", "money")
    taken = [(i.n, *i.span) for i in some if any(c.isdigit() for c in i.fact.text)]
    taken += [(i.n, i.fact.end, i.fact.end + 3) for i in some]  # four days: no "days"
    for n, text in zip(passage.numbers, passage.texts, strict=True):
        for match in _pattern(passage.language, table).finditer(text):
            if not any(k == n and start < match.end() and match.start() < end for k, start, end in taken):
                yield str(match.lastgroup), Word(n, match.start(), match.end(), match.group())


@functools.cache
def _pattern(language: str, table: Table) -> re.Pattern[str]:
    vague = words(language)["facts"][table].get("vague", {})
    some = "|".join(f"(?P<{kind}>{'|'.join(sorted(each, key=len, reverse=True))})" for kind, each in vague.items())
    return re.compile(rf"(?<!\w)(?:{some or '(?!)'})(?!\w)", re.IGNORECASE)
