"""How strong a word is among those that tell of one thing: slipped, fell, plunged; suspended, sacked; opposed, furious.

No fact of its own, as with direction: what counts is that one side is strong where the other is mild.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass

from retold.facts.cue import phrase
from retold.facts.spans import Spans, take
from retold.languages import words

LEVELS = ("mild", "fair", "strong")


@dataclass(frozen=True, slots=True)
class Degree:
    """A word on a scale, where it stands. level: mild, strong, or fair, which answers for either."""

    scale: str
    level: str
    start: int
    end: int
    text: str


def find(text: str, language: str) -> tuple[Degree, ...]:
    """The words of strength of a text, in order of scales; a longer word rules out a shorter one of its scale in it.

    >>> [(d.scale, d.level, d.text) for d in find("Shares plunged", "en")]
    [('move', 'strong', 'plunged')]
    """
    found: list[Degree] = []
    for scale, levels in _patterns(language):
        some = [Degree(scale, level, m.start(), m.end(), m.group()) for level, p in levels for m in p.finditer(text)]
        kept: list[Degree] = []
        taken: Spans = []
        for one in sorted(some, key=lambda d: (d.start - d.end, d.start)):
            if take(taken, one.start, one.end):
                kept.append(one)
        found += sorted(kept, key=lambda d: d.start)
    return tuple(found)


@functools.cache
def _patterns(language: str) -> tuple[tuple[str, tuple[tuple[str, re.Pattern[str]], ...]], ...]:
    table = words(language)["facts"].get("strength", {})
    return tuple(
        (scale, tuple((level, phrase(levels[level])) for level in LEVELS if level in levels))
        for scale, levels in table.items()
    )
