"""Direct quotations: the words between quotation marks, where they are somebody's speech and not a nickname.

Value: `speaker|words`, the speaker folded and empty where the sentence names none.
"""

from __future__ import annotations

import bisect
import functools
import re

from retold.facts import role
from retold.facts.fold import fold
from retold.languages import words
from retold.records import Fact

_STOP = re.compile(r"[.!?][”\"’']?\s+(?=[A-Z“\"‘])")
NAME = re.compile(r"[A-Z][\w’'-]+(?:\s+[A-Z][\w’'-]+)*")
LEAST = 3  # words: shorter stretches between marks are terms and titles, unless somebody is said to say them
LONGEST = 200  # characters of a name behind a verb
CHARGED = 2  # letters: a single letter or sign between marks is no speech


def find(text: str, language: str) -> tuple[Fact, ...]:
    """The quotations of one segment; a mark left open runs to the segment's end (the next one goes on quoting)."""
    pattern, speech = _patterns(language)
    speakers = _speakers(text, speech)
    found = []
    for match in pattern.finditer(text):
        said = match.group("said") if match.group("said") is not None else match.group("rest")
        spoken = said.split()
        if not spoken or all(word.strip("“”\"‘’«»„'")[:1].isupper() for word in spoken):
            continue  # terms and titles
        if len(spoken) < LEAST and not _charged(text, match, language):
            continue
        found.append(Fact("quote", *match.span(), match.group(), f"{_speaker(speakers, *match.span())}|{said}"))
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


def _speakers(text: str, speech: re.Pattern[str]) -> list[tuple[int, int, str]]:
    """The verbs of speech with a name right behind or before them: start, end, the name folded."""
    names = list(NAME.finditer(text))
    found = []
    for verb in speech.finditer(text):
        k = bisect.bisect_right(names, verb.start(), key=lambda m: m.end()) - 1
        before = names[k] if k >= 0 and verb.start() - names[k].end() <= 2 else None
        name = NAME.match(text, verb.end() + 1, verb.end() + LONGEST) or before
        if name:
            found.append((*verb.span(), fold(name.group())))
    return found


def _speaker(speakers: list[tuple[int, int, str]], start: int, end: int) -> str:
    """The name at the nearest verb of speech outside the quotation; of two as near the one before it."""
    before = bisect.bisect_right(speakers, start, key=lambda s: s[1]) - 1
    after = bisect.bisect_left(speakers, end, key=lambda s: s[0])
    near = [(start - speakers[k][1], k) for k in (before,) if k >= 0]
    near += [(speakers[k][0] - end, k) for k in (after,) if k < len(speakers)]
    return speakers[min(near)[1]][2] if near else ""


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
