"""Direct quotations: the words between quotation marks, where they are somebody's speech and not a nickname.

Value: `speaker|words`, the speaker folded and empty where the sentence names none.
"""

from __future__ import annotations

import functools
import re

from retold.facts.fold import fold
from retold.languages import words
from retold.records import Fact

NAME = re.compile(r"[A-Z][\w’'-]+(?:\s+[A-Z][\w’'-]+)*")
LEAST = 3  # words: shorter stretches between marks are terms and titles


def find(text: str, language: str) -> tuple[Fact, ...]:
    """The quotations of one segment; a mark left open runs to the segment's end (the next one goes on quoting)."""
    pattern, speech = _patterns(language)
    found = []
    for match in pattern.finditer(text):
        said = match.group("said") if match.group("said") is not None else match.group("rest")
        spoken = said.split()
        if len(spoken) < LEAST or all(word.strip("“”\"‘’«»„'")[:1].isupper() for word in spoken):
            continue  # terms and titles
        found.append(
            Fact("quote", match.start(), match.end(), match.group(), f"{_speaker(text, match, speech)}|{said}")
        )
    return tuple(found)


def _speaker(text: str, match: re.Match[str], speech: re.Pattern[str]) -> str:
    """The name next to the nearest verb of speech outside the quotation."""
    verbs = [v for v in speech.finditer(text) if v.end() <= match.start() or v.start() >= match.end()]
    for verb in sorted(verbs, key=lambda v: min(abs(v.start() - match.end()), abs(match.start() - v.end()))):
        after = NAME.match(text, verb.end() + 1)
        before = [m for m in NAME.finditer(text, 0, verb.start()) if verb.start() - m.end() <= 2]
        if after or before:
            return fold((after or before[-1]).group())
    return ""


@functools.cache
def _patterns(language: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    table = words(language)["facts"]["quote"]
    pairs = [("“", "”"), ("„", "[”“]"), ("«", "»"), ('"', '"'), ("‘", "’(?!\\w)"), ("(?<!\\w)'(?=[A-Z])", "'(?!\\w)")]
    closed = "|".join(rf"(?<!\w){o}[^“”\"]*?{c}" for o, c in pairs)
    pattern = re.compile(rf"(?P<said>{closed})|(?P<rest>(?<!\w)[“\"„«](?=\w).*\Z)", re.DOTALL)
    verbs = "|".join(sorted(map(re.escape, table["verbs"]), key=len, reverse=True))
    return pattern, re.compile(rf"(?<!\w)(?:{verbs})(?!\w)", re.IGNORECASE)
