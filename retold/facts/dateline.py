"""The dateline that opens a wire story: where, when and by which agency it was filed."""

from __future__ import annotations

import functools
import re

from retold.languages import words
from retold.records import Fact

_EDGE = "\\s\u200b\ufeff"
_PLACE = r"[^\W\d_a-zà-ÿ][^\W\d_]*(?:[.'’ -]{1,2}[^\W\d_a-zà-ÿ][^\W\d_]*){0,3}\.?"
_DASH = r"\s*(?:-{1,2}|–|—)"


@functools.cache
def _patterns(language: str) -> tuple[re.Pattern[str], re.Pattern[str], dict[str, int]]:
    """The dateline, a line that is a date and nothing more, and the number of each month."""
    table = words(language)["segment"]["dateline"]
    names = {name: number for number, some in enumerate(table["months"], start=1) for name in some}
    month = "|".join(sorted(map(re.escape, names), key=len, reverse=True))
    weekday = "|".join(map(re.escape, table["weekdays"]))
    agencies = "|".join(sorted(map(re.escape, table["agencies"]), key=len, reverse=True))
    date = (
        rf"(?:(?:{weekday}),?\s+)?(?:(?:{month})\b\.?\s+\d{{1,2}}\b(?:,?\s+\d{{4}})?|\d{{1,2}}\s+(?:{month})\b\.?(?:,?\s+\d{{4}})?"
        rf"|\(?\d{{1,2}}/\d{{1,2}}(?:/\d{{2,4}})?\)?|\d{{4}}-\d\d-\d\d)"
    )
    places = rf"(?-i:(?P<places>{_PLACE}(?:\s?/\s?{_PLACE})*))(?:,\s+(?-i:(?P<land>{_PLACE})))??"
    signed = r"\((?P<agency>(?-i:[^\W\d_])[\w ./&-]{1,40})\)"
    line = rf"""(?ix) [{_EDGE}]*
        (?: (?-i:(?P<front>{agencies}),\s) )?
        {places}
        (?: ,?\s+(?P<date>{date}) )?
        (?: ,?\s*(?:{signed}) | ,\s+(?-i:(?P<agency2>{agencies})) )?
        (?: (?P<dash>{_DASH})(?:\s+|\Z) | (?P<over>[{_EDGE}]*\Z) | \s*:\s+ )"""
    return re.compile(line), re.compile(rf"(?i)[{_EDGE}]*{date}(?:,?\s+\d\d?[:.]\d\d.{{0,8}})?[{_EDGE}.]*\Z"), names


def _match(text: str, language: str) -> re.Match[str] | None:
    line, _, _ = _patterns(language)
    found = line.match(text[:160])
    if found is None or (found["over"] is not None and len(text) > 160):
        return None
    table = words(language)["segment"]["dateline"]
    first = found["places"].split()[0].lower()
    shouted = found["places"].isupper() and len(found["places"]) > 2 and first not in table["slugs"]
    # "Nvidia (NVDA) - the chip maker" is no dateline: beside a place in small letters an agency has to be a known one.
    known = {name.casefold() for name in table["agencies"]}
    if first in words(language)["segment"]["abbreviations"]["starters"]:
        return None  # "In BEIJING, Dec 10"
    bracket = found["agency"] if shouted or known & set((found["agency"] or "").casefold().split("/")) else None
    signed = bracket or found["agency2"] or found["front"]
    # Capitals with a dash and nothing else are as often a label or a company ("IBM - the firm"): a dateline has a date
    # or a signature, or an em dash.
    if signed or (found["date"] and shouted):
        return found if shouted or found["dash"] or found["over"] is not None else None
    return found if shouted and (found["dash"] or "").strip() == "—" else None


def body_start(text: str, language: str) -> int:
    """Where the sentence proper begins: behind the dateline, or 0 where `text` opens with none."""
    found = _match(text, language)
    return found.end() if found else 0


def is_dateline(text: str, language: str) -> bool:
    """Whether the whole of a line is a dateline or a date."""
    _, date, _ = _patterns(language)
    return bool(text.strip()) and (body_start(text, language) >= len(text) or date.match(text) is not None)


def find(text: str, language: str) -> tuple[Fact, ...]:
    """The facts of the dateline that opens a segment: a `place` each, a `time`, a `source`; none without a dateline.

    Offsets lie in `text`. values: a place in title case; a time as ISO 8601 (`2025-12-10`, or `--12-10` where no year
    is given); the agency as it signs.

    >>> [(f.type, f.value) for f in find("BEIJING/SINGAPORE, Dec 10 (Reuters) – ByteDance has asked.", "en")]
    [('place', 'Beijing'), ('place', 'Singapore'), ('time', '--12-10'), ('source', 'Reuters')]
    """
    found = _match(text, language)
    if found is None:
        return ()
    facts: list[Fact] = []
    for group in ("places", "land"):
        if found[group]:
            for place in re.finditer(r"[^/\s][^/]*", found[group]):
                start = found.start(group) + place.start()
                name = place[0].strip()
                facts.append(Fact("place", start, start + len(name), name, name.title() if name.isupper() else name))
    if found["date"]:
        value = _iso(found["date"], _patterns(language)[2], language)
        facts.append(Fact("time", *found.span("date"), found["date"], value))
    for group in ("front", "agency", "agency2"):
        if found[group]:
            facts.append(Fact("source", *found.span(group), found[group], found[group]))
    return tuple(sorted(facts, key=lambda f: f.start))


def _iso(date: str, months: dict[str, int], language: str) -> str:
    numbers = [int(n) for n in re.findall(r"\d+", date)]
    named = [months[w] for w in re.findall(r"[^\W\d_]+", date.lower()) if w in months]
    if re.fullmatch(r"\d{4}-\d\d-\d\d", date):
        return date
    if named:
        day, month, years = numbers[0], named[0], numbers[1:]
    else:  # 10/12 is the tenth of December everywhere but in American English, whose wires write the month
        (day, month), years = numbers[:2], numbers[2:]
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return date
    year = f"{years[0] + 2000 if years[0] < 100 else years[0]:04d}" if years else "-"
    return f"{year}-{month:02d}-{day:02d}"
