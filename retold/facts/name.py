"""Names and places: runs of capitalised words, told from sentence starts by what the language writes small.

A place's value is its ISO 3166 code where CLDR or the demonym list knows it (`CN` for China, Tiongkok, Chinees), a
name's is its folded spelling, exonyms under their English form.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from importlib.resources import files

from retold.facts.fold import fold
from retold.facts.spans import free
from retold.languages import words
from retold.records import Fact, RetoldError

# A word that begins with a capital, or holds one (iPhone, eBay), or capitals with figures (H200, F-16); U.S. whole.
WORD = re.compile(
    r"(?:[A-Z]\.){2,}|(?<![\w’'])(?:[^\W\d_]\.[ ]?)?(?:[^\W\d_]|\d+[A-Z])[\w]*(?:[’'&.](?=\w)\w+|-(?=[A-Z\d])\w+)*",
    re.UNICODE,
)
POSSESSIVE = re.compile(r"[’'](?:s|S)?$")
STARTS = ".!?:…;•*|"  # a word after one of these begins a sentence


def find(text: str, language: str, skip: Sequence[tuple[int, int]] = ()) -> tuple[Fact, ...]:
    """The names of a text. skip: spans that only look like names, as months and weekdays do; none overlaps another."""
    table = words(language)["facts"]["name"]
    inside = frozenset(table["inside"])
    titles = frozenset(table["titles"])
    taken = sorted(skip)
    tokens = [m for m in WORD.finditer(text) if free(taken, m.start(), m.end())]
    runs: list[list[re.Match[str]]] = []
    last: re.Match[str] | None = None
    held: list[re.Match[str]] = []
    for token in tokens:
        gap = text[last.end() : token.start()] if last else "\n"
        if not is_name(text, token, language):
            if runs and last and gap == " " and token.group() in inside and len(held) < 2:
                held.append(token)
                last = token
            else:
                held, last = [], None
            continue
        if token.group() in titles:
            held, last = [], None
        elif last and gap == " " and not POSSESSIVE.search(last.group()):
            runs[-1] += [*held, token]
            held, last = [], token
        else:
            runs.append([token])
            held, last = [], token
    found: list[Fact] = []
    for run in runs:
        found += _facts(text, run, language)
    return tuple(found)


def is_name(text: str, token: re.Match[str], language: str) -> bool:
    """Whether a word looks like (part of) a name where it stands."""
    word = token.group()
    bare = strip(word)
    if not any(c.isupper() for c in bare) or bare in ("I", "A"):
        return False
    before = text[: token.start()].rstrip(" \t\"'“”‘’«»„([–—-")
    starts = not before or before[-1] in STARTS or before[-1] == "\n"
    shouted = bare.isupper() and len(bare) > 3
    if starts or shouted:
        return bare.casefold() not in common(language) and not (bare.isupper() and len(bare) == 1)
    return True


def strip(word: str) -> str:
    """A word without its possessive: `strip("Trump’s") == "Trump"`."""
    return POSSESSIVE.sub("", word)


@functools.cache
def common(language: str) -> frozenset[str]:
    """Words the language writes small more often than large; none known for a language without such a list."""
    path = files("retold.languages") / f"common.{language}.txt"
    if not path.is_file():
        return frozenset()
    lines = path.read_text(encoding="utf-8").splitlines()
    return frozenset(line for line in lines if not line.startswith("#"))


@functools.cache
def places(language: str) -> dict[str, str]:
    """Folded names of countries, regions and their people → code; of cities with exonyms → folded English name."""
    from babel import Locale, UnknownLocaleError

    try:
        territories = Locale.parse(language).territories
    except (ValueError, UnknownLocaleError) as error:
        raise RetoldError(f"language {language!r} is not in CLDR") from error
    table = words(language)["facts"]["name"]
    # CLDR writes some territories with a note in brackets or after a dash: “Hongkong DAK Tiongkok”.
    out = {fold(name): code for code, name in territories.items() if name and code not in ("ZZ", "001", "QO")}
    for code, some in table["demonyms"].items():
        out |= {fold(word): code for word in some}
    for english, some in table["exonyms"].items():
        out |= {fold(word): fold(english) for word in some}
    return out


def _facts(text: str, run: list[re.Match[str]], language: str) -> list[Fact]:
    """A run as facts: the places in it and the names between them."""
    known = places(language)
    out: list[Fact] = []
    i = pending = 0

    def fact(type_: str, some: list[re.Match[str]], value: str) -> Fact:
        start, end = some[0].start(), some[-1].start() + len(strip(some[-1].group()))
        return Fact("place" if type_ == "place" else "name", start, end, text[start:end], value)

    while i < len(run):
        for length in (3, 2, 1):
            part = run[i : i + length]
            key = fold(" ".join(strip(t.group()) for t in part)).rstrip(".")
            if len(part) == length and key in known:
                if pending < i:
                    out.append(_named(fact, run[pending:i]))
                out.append(fact("place", part, known[key]))
                i += length
                pending = i
                break
        else:
            i += 1
    if pending < len(run):
        out.append(_named(fact, run[pending:]))
    return out


def _named(fact: object, some: list[re.Match[str]]) -> Fact:
    return fact("name", some, fold(" ".join(strip(t.group()) for t in some)))  # type: ignore[operator,no-any-return]
