"""Direct quotations: the words between quotation marks, where they are somebody's speech and not a nickname.

Value: `speaker|words`, the speaker folded and empty where the sentence names none.
"""

from __future__ import annotations

import functools
import re

from retold.facts import role
from retold.facts.fold import fold
from retold.languages import words
from retold.records import Fact

_STOP = re.compile(r"[.!?][”\"’']?\s+(?=[A-Z“\"‘])")
NAME = re.compile(r"[A-Z][\w’'-]+(?:\s+[A-Z][\w’'-]+)*")
LEAST = 3  # words: shorter stretches between marks are terms and titles, unless somebody is said to say them
CHARGED = 2  # letters: a single letter or sign between marks is no speech


def find(text: str, language: str) -> tuple[Fact, ...]:
    """The quotations of one segment; a mark left open runs to the segment's end (the next one goes on quoting)."""
    pattern, speech = _patterns(language)
    found = []
    for match in pattern.finditer(text):
        said = match.group("said") if match.group("said") is not None else match.group("rest")
        spoken = said.split()
        if not spoken or all(word.strip("“”\"‘’«»„'")[:1].isupper() for word in spoken):
            continue  # terms and titles
        if len(spoken) < LEAST and not _charged(text, match, language):
            continue
        found.append(
            Fact("quote", match.start(), match.end(), match.group(), f"{_speaker(text, match, speech)}|{said}")
        )
    return tuple(found)


def _charged(text: str, match: re.Match[str], language: str) -> bool:
    """Whether a word or two between marks are somebody's: written small, in a sentence where somebody says something.

    “had ‘zero tolerance’ for violations, it said”
    """
    inner = match.group().strip("“”\"‘’«»„'.,")
    if len(inner) <= CHARGED or not inner[0].islower() or match.group("said") is None:
        return False
    low = max((m.end() for m in _STOP.finditer(text, 0, match.start())), default=0)
    stop = _STOP.search(text, match.end())
    high = stop.start() if stop else len(text)
    return any(not match.start() <= at[0] < match.end() for at in role.told(text[low:high], language, low))


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
    # A small letter after a single mark begins a quotation within a sentence, not a word written so: 's, 't.
    closed += r"|(?<![\w’])'(?!(?:s|t|n|k|m|em|til|cause|bout)\b)(?=[a-z])[^“”\".!?;']{3,80}?[a-z.,]'(?!\w)"
    pattern = re.compile(rf"(?P<said>{closed})|(?P<rest>(?<!\w)[“\"„«](?=\w).*\Z)", re.DOTALL)
    verbs = "|".join(sorted(map(re.escape, table["verbs"]), key=len, reverse=True))
    return pattern, re.compile(rf"(?<!\w)(?:{verbs})(?!\w)", re.IGNORECASE)
