"""Which way something went: words for rising and falling, for imposing and undoing, by the language's lists.

No fact of its own: most reports of a rise call it one way here and another way there. What counts is that one text
says up where the other says down.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass

from retold.facts.cue import WEAK
from retold.languages import words

OPPOSITE = {"up": "down", "down": "up", "undo": "impose", "impose": "undo"}


@dataclass(frozen=True, slots=True)
class Turn:
    """A word of direction where it stands. way: up, down, undo or impose; weak: it answers for its way, no more."""

    way: str
    start: int
    end: int
    text: str
    weak: bool = False


def find(text: str, language: str) -> tuple[Turn, ...]:
    """The words of direction of a text, in order; none for a language without such lists.

    >>> [(t.way, t.text) for t in find("Shares fell 5 percent", "en")]
    [('down', 'fell')]
    """
    some = [
        Turn(key.removesuffix(WEAK), m.start(), m.end(), m.group(), key.endswith(WEAK))
        for key, pattern in _patterns(language)
        for m in pattern.finditer(text)
    ]
    return tuple(sorted(some, key=lambda t: t.start))


def ways(text: str, language: str) -> frozenset[str]:
    """Every way that the text can be read to tell of, weak words counted in."""
    return frozenset(t.way for t in find(text, language))


@functools.cache
def _patterns(language: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    table = words(language)["facts"].get("direction", {})
    return tuple((key, re.compile(rf"(?<!\w)(?:{'|'.join(some)})(?!\w)", re.IGNORECASE)) for key, some in table.items())
