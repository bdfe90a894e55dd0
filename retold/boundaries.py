"""Where sentences end inside one paragraph: yasbd's rules, with ours where news needs other answers."""

from __future__ import annotations

import bisect
import functools
import re
from typing import Any

from retold.languages import words

# A quote or a bracket longer than this is cut inside: a mark so far from its partner is more often a stray one.
_QUOTE_MOST = 300
_BRACKET_MOST = 200
# yasbd's patterns take quadratic time on long runs without a space: it reads runs cut short, and paragraphs in windows.
_RUN_MOST = 200
_WINDOW, _OVERLAP = 8_000, 800

_UNUSUAL = re.compile(
    r"\s{2,}|[^\S ]|[\u200b-\u200f\u2060\ufeff\u00ad]+"  # what is no single space, or is no sign at all
    rf"|\S{{{_RUN_MOST + 1},}}"
)
_STOP = re.compile(r"[.!?…。！？]")
_END = re.compile(r"([.!?…]+)((?:\[\d{1,3}\])*[\"”’»)\]']*(?:\[\d{1,3}\])*)(?=\s)")
_GLUED = re.compile(r"(?<=[^\W\d_A-Z]{2})[.!?](?=([A-Z][a-z]*)\s)")
_LAST_WORD = re.compile(r"\S+$")
_NEXT_WORD = re.compile(r"[\s\"“„«‘'(\[]*([\w’'-]*)")
_CLOSERS = "\"”’»)]'"
_OPENERS = "\"“„«‘'(["
_ACRONYM = re.compile(r"(?:[^\W\d_]{1,2}\.)+[^\W\d_]{1,2}\Z")
_BEGINNING = re.compile(r"\s*(?:['’][a-z]{1,2}\s+|[\"“„«‘'(\[]{0,3})(?=[^\W\d_])([^a-zß-öø-ÿ])")
_MARKER = re.compile(r"\(?(?:\d{1,3}|[A-Za-z]|[ivxIVX]{1,4})[.)]\Z")
_QUOTED = re.compile(
    rf"“[^“”]{{1,{_QUOTE_MOST}}}”|„[^„“”]{{1,{_QUOTE_MOST}}}[“”]|«[^«»]{{1,{_QUOTE_MOST}}}»|(?<![^\s(\[‘'—–/-])\"(?=\S)[^\"]{{1,{_QUOTE_MOST}}}\"(?!\w)"
    rf"|(?<!\w)‘(?:[^‘’]|’(?=\w)){{1,{_QUOTE_MOST}}}’(?!\w)"
    # Dutch 's and 't, and the '90s, open no quote.
    rf"|(?<![^\s(\[“\"—–/-])'(?=\S)(?!\d|(?:s|t|n|m|k|er|ie|em)\b)(?:[^']|'(?=\w)){{1,{_QUOTE_MOST}}}'(?!\w)"
)
_BRACKETED = re.compile(rf"\([^()]{{1,{_BRACKET_MOST}}}\)")


def boundaries(text: str, language: str, *, quotes: bool = True, brackets: bool = True) -> list[int]:
    """The offsets in `text` at which a sentence ends, ascending, the text's end among them.

    text: one paragraph; line breaks in it count as spaces. quotes: quoted words of up to 300 characters and (with
    `brackets`) bracketed remarks of up to 200 stay whole. Time grows linearly with the text. Raises RetoldError for an
    unknown language.
    """
    if not text:
        return []
    plain, points = _plain(text)
    if not _STOP.search(plain, 0, len(plain) - 1):
        return [len(text)]
    found = _candidates(plain, language)
    kept = [b for b in sorted(found) if 0 < b < len(plain) and _ends(plain, b, language)]
    if quotes:
        kept = _outside(kept, plain, _QUOTED)
    if quotes and brackets:
        kept = _outside(kept, plain, _BRACKETED)
    return _merged([_there(b, points) for b in kept] + [len(text)], text)


def sentences(text: str, language: str) -> list[str]:
    """The sentences of one paragraph, without the space around them."""
    ends = boundaries(text, language)
    return [text[a:b].strip() for a, b in zip([0, *ends], ends, strict=False)]


def _plain(text: str) -> tuple[str, tuple[list[int], list[int]]]:
    """The text as the rules read it, with single spaces, and points that lead back: (offsets here, offsets there)."""
    parts: list[str] = []
    here, there, at, length = [0], [0], 0, 0
    for run in _UNUSUAL.finditer(text):
        short = " " if run[0].isspace() else run[0][:_RUN_MOST] if len(run[0]) > _RUN_MOST else ""
        parts += [text[at : run.start()], short]
        length += run.start() - at
        here.append(length)
        there.append(run.start())
        length += len(short)
        here.append(length)
        there.append(run.end())
        at = run.end()
    return "".join([*parts, text[at:]]), (here, there)


def _there(offset: int, points: tuple[list[int], list[int]]) -> int:
    here, there = points
    k = bisect.bisect_right(here, offset) - 1
    return there[k] + offset - here[k]


@functools.cache
def _detector(language: str) -> Any:
    from yasbd import BoundaryDetector

    return BoundaryDetector(lang=language, preserve_quote_and_paren=False)


def _candidates(plain: str, language: str) -> set[int]:
    lists = _lists(language)
    found: set[int] = set()
    for start in range(0, max(1, len(plain) - _OVERLAP), _WINDOW - _OVERLAP):
        window = plain[start : start + _WINDOW]
        # Near an edge that the text does not have, the neighbouring window knows better.
        first = start + (_OVERLAP // 2 if start else 0)
        last = start + len(window) - (_OVERLAP // 2 if start + _WINDOW < len(plain) else 0)
        pad = len(window) - len(window.lstrip())
        detected = _detector(language).detect(window[pad:]) if window.strip() else ()
        found.update(b for b in (start + pad + d for d in detected) if first <= b <= last)
    for end in _END.finditer(plain):
        # yasbd misses ends behind a closing quote, an ellipsis character, words that are also titles ("ibu.", "arts.")
        # and some abbreviations; whether one of ours does end the sentence is judged below.
        if _begins(plain, end.end()):
            stop, closers = end.groups()
            word = _LAST_WORD.search(plain, max(0, end.start() - 40), end.start())
            core = word[0].lstrip(_OPENERS) if word else ""
            ordinary = core.isalpha() and core.islower() and len(core) > 1
            ours = core.lower() in lists["all"] or _ACRONYM.match(core) is not None
            if closers or "…" in stop or len(stop) > 2 or ordinary or ours:
                found.add(end.end())
    for glued in _GLUED.finditer(plain):
        if glued[1].lower() in lists["starters"]:
            found.add(glued.end())
    return found


def _begins(plain: str, offset: int) -> bool:
    """Whether what follows can begin a sentence: a capital, behind opening marks or not; Dutch 's Avonds."""
    return _BEGINNING.match(plain, offset) is not None


@functools.cache
def _lists(language: str) -> dict[str, frozenset[str]]:
    table = words(language)["segment"]["abbreviations"]
    lists = {name: frozenset(table[name]) for name in ("never", "before_number", "unless_starter", "starters")}
    return lists | {"all": lists["never"] | lists["before_number"] | lists["unless_starter"]}


def _ends(plain: str, offset: int, language: str) -> bool:
    """Whether a candidate ends a sentence: what stands before it is no abbreviation, numeral or list marker."""
    lists = _lists(language)
    tail = plain[max(0, offset - 60) : offset].rstrip()
    bare = re.sub(r"(?:\[\d{1,3}\])+\Z", "", tail).rstrip(_CLOSERS)
    if not bare or bare[-1] not in ".!?…。！？":
        return False
    if bare != tail or not bare.endswith(".") or bare.endswith(".."):
        return True
    token = _LAST_WORD.search(bare)
    assert token is not None
    word = re.split(r"[/–—-]", token[0].lstrip(_OPENERS)[:-1])[-1] or "-"  # "non-U.S.", "Lt.-Gen."
    after = _NEXT_WORD.match(plain, offset, offset + 60)
    following = after[1] if after else ""
    if _MARKER.match(token[0]) and plain[:offset].lstrip() == tail == token[0]:
        return False
    core = word.lower()
    if core in lists["never"]:
        return False
    if core in lists["before_number"] and following[:1].isdigit():
        return False
    initial = len(word) == 1 and word.isupper()
    if core in lists["unless_starter"] or initial or _ACRONYM.match(word):
        return following.lower() in lists["starters"]
    return True


def _outside(offsets: list[int], plain: str, spans: re.Pattern[str]) -> list[int]:
    """The offsets that no span of the pattern holds."""
    kept: list[int] = []
    k = 0
    for span in spans.finditer(plain):
        while k < len(offsets) and offsets[k] <= span.start():
            kept.append(offsets[k])
            k += 1
        while k < len(offsets) and offsets[k] < span.end():
            k += 1
    return kept + offsets[k:]


def _merged(offsets: list[int], text: str) -> list[int]:
    """Stretches without a letter or a digit join their neighbour."""
    kept: list[int] = []
    start = 0
    for end in offsets:
        if end <= start:
            continue
        if any(c.isalnum() for c in text[start:end]) or not kept:
            kept.append(end)
        else:
            kept[-1] = end
        start = end
    if len(kept) > 1 and not any(c.isalnum() for c in text[: kept[0]]):
        kept.pop(0)
    return kept
