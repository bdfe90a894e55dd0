"""Direct quotations: the words between quotation marks, where they are somebody's speech and not a nickname.

Value: `speaker|words`, the speaker folded and empty where the sentence names none.
"""

from __future__ import annotations

import functools
import re

from retold.facts import fold
from retold.languages import words
from retold.records import Fact

LEAST = 3  # words: shorter stretches between marks are terms and titles


def find(text: str, language: str) -> tuple[Fact, ...]:
    """The quotations of one segment; a mark left open runs to the segment's end (the next one goes on quoting)."""
    pattern, speech = _patterns(language)
    found = []
    for match in pattern.finditer(text):
        said = match.group("said") if match.group("said") is not None else match.group("rest")
        if len(said.split()) < LEAST:
            continue
        found.append(Fact("quote", match.start(), match.end(), match.group(), f"{_speaker(text, match, speech)}|{said}"))
    return tuple(found)


def _speaker(text: str, match: re.Match[str], speech: re.Pattern[str]) -> str:
    """The nearest capitalised run around a verb of speech, outside the quotation."""
    outside = text[: match.start()] + " " * (match.end() - match.start()) + text[match.end() :]
    best = ""
    for verb in speech.finditer(outside):
        near = outside[max(0, verb.start() - 60) : verb.start()] + " " + outside[verb.end() : verb.end() + 60]
        runs = re.findall(r"[A-Z][\w'’-]+(?:\s+[A-Z][\w'’-]+)*", near)
        runs = [r for r in runs if r.casefold() not in ("the", "a", "he", "she", "dia", "hij", "zij")]
        best = best or (fold.fold(runs[-1] if runs and verb.start() > match.start() and not best else runs[0]) if runs else "")
    return best


@functools.cache
def _patterns(language: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    table = words(language)["facts"]["quote"]
    pairs = [("“", "”"), ("„", "[”“]"), ("«", "»"), ('"', '"'), ("‘", "’(?!\\w)")]
    body = "|".join(rf"{o}(?P<said{i}>[^{o}]*?){c}" for i, (o, c) in enumerate(pairs))
    del body
    closed = "|".join(rf"(?<![\w]){o}[^“”\"]*?{c}" for o, c in pairs)
    pattern = re.compile(rf"(?P<said>{closed})|(?P<rest>(?<!\w)[“\"„«](?=\w).*\Z)", re.DOTALL)
    verbs = "|".join(sorted(map(re.escape, table["verbs"]), key=len, reverse=True))
    return pattern, re.compile(rf"(?<!\w)(?:{verbs})(?!\w)", re.IGNORECASE)
