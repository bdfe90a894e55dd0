"""Dates, weekdays, times of day and relative times.

Values: `2025-12-10` (a day), `2025-12` (a month), `--12-10` and `--12` where no year can be told, `weekday:3` (Monday
is 1) where no date resolves it, `T12:55`, and the language table's own for looser times: `week:early`, `months:recent`.
A part of a year or month has its name before: `early:2014`, `half1:year:+1`.
"""

from __future__ import annotations

import datetime
import functools
import re

from retold.facts.number import cardinals
from retold.facts.spans import Spans, free, take
from retold.languages import words
from retold.records import Fact

CLOCK = re.compile(
    r"""(?<![\w.,:$€£])(?:
        (?P<h>\d{1,2})[:.](?P<m>\d{2})\s*(?P<half>[ap]\.?m\b\.?|uur\b|u\b\.?|WIB\b|WITA\b|WIT\b|GMT\b|ET\b|BST\b)
      | (?P<h2>\d{1,2})\s?(?P<half2>[ap]\.?m\b\.?)
      | (?:(?:pukul|jam)\s+)(?P<h3>\d{1,2})(?:[:.](?P<m3>\d{2}))?
      | (?P<h4>[012]?\d):(?P<m4>[0-5]\d)(?!\d|:)
      | (?:om\s+)(?P<h5>\d{1,2})(?:[:.](?P<m5>\d{2}))?\s*(?:uur|u)\b
    )""",
    re.VERBOSE | re.IGNORECASE,
)

LONGEST = 40  # characters of a number word


def find(text: str, language: str, date: datetime.date | None = None) -> tuple[Fact, ...]:
    """The times of a text. date: what relative times, weekdays and dates without a year are resolved against."""
    calendar, months, ordinals, weekdays, relative = _patterns(language)
    found: list[Fact] = []
    taken: Spans = []

    def add(match: re.Match[str], value: str) -> None:
        start = match.end("in") if match.groupdict().get("in") else match.start()
        if take(taken, start, match.end()):
            found.append(Fact("time", start, match.end(), text[start : match.end()], value))

    for match in CLOCK.finditer(text):
        add(match, _clock(match))
    for match in calendar.finditer(text):
        value = _day(match, months, ordinals, date)
        if value:
            add(match, value)
        more = _ANOTHER.match(text, match.end()) if value and match["day2"] and not match["year2"] else None
        if value and more and int(more["day"]) <= 31:  # July 17 and 22
            start, end = more.span("day")
            if take(taken, start, end):
                found.append(Fact("time", start, end, text[start:end], f"{value[:-2]}{int(more['day']):02}"))
    for match in relative[0].finditer(text):
        if _counted(text[max(0, match.start() - LONGEST) : match.start()], language):
            continue  # dua tahun lalu: two years ago
        add(match, _relative(next(v for p, v in relative[1] if p.fullmatch(match.group())), date))
    for match in weekdays[0].finditer(text):
        add(match, _weekday(weekdays[1][match.group().casefold()], date))
    for match in _spoken(language).finditer(text):
        add(match, _told(match, language))
    return tuple(sorted(_with_parts(text, language, found), key=lambda f: f.start))


def _counted(before: str, language: str) -> bool:
    """Whether a text ends in a number: what follows it is counted by it."""
    last = re.search(r"(\w+) $", before)
    return last is not None and (last[1].isdigit() or last[1].casefold() in cardinals(language))


def _with_parts(text: str, language: str, found: list[Fact]) -> list[Fact]:
    """The times with the parts of years and months: early 2014, the first half of next year."""
    whole = {f.start: f for f in found if re.match(r"year|month:|--|\d{4}-\d\d$", f.value)}
    parts: list[Fact] = []
    for match in _parts(language).finditer(text):
        start, end = match.span()
        year = re.compile(r"((?:19|20)\d\d)(?:s|-an)?(?![\w%]|[.,]\d)").match(text, end)
        if end in whole:
            end, value = whole[end].end, whole[end].value
        elif year is not None:
            end, value = year.end(), year.group(1)
        elif match["the"]:
            value = "year:0"
        else:
            continue
        kind = next(k for k, said in match.groupdict().items() if said and k != "the")
        parts.append(Fact("time", start, end, text[start:end], f"{kind}:{value}"))
    taken = [(f.start, f.end) for f in parts]
    return [f for f in found if free(taken, f.start, f.end)] + parts


@functools.cache
def _parts(language: str) -> re.Pattern[str]:
    """The parts of a year or month with what joins them to it; group `the` is the year itself, not said which."""
    table = words(language)["facts"]["time"].get("parts", {})
    of, year = table.get("of", "(?!)"), table.get("year", "(?!)")
    kinds = "|".join(f"(?P<{k}>{'|'.join(w)})" for k, w in table.items() if k not in ("of", "year"))
    return re.compile(rf"(?<!\w)(?:{kinds or '(?!)'})(?:{of})(?P<the>{year})?", re.IGNORECASE)


@functools.cache
def _spoken(language: str) -> re.Pattern[str]:
    """Clock times in words: half past two, kwart voor zes, setengah tiga."""
    facts = words(language)["facts"]
    some = "|".join(sorted(facts["time"].get("spoken", {}), key=len, reverse=True)) or "(?!)"
    hours = "|".join(sorted(_hours(language), key=len, reverse=True))
    return re.compile(rf"(?<!\w)(?P<side>{some})\s+(?P<hour>{hours})(?!\w)", re.IGNORECASE)


@functools.cache
def _hours(language: str) -> dict[str, int]:
    table = words(language)["facts"]["number"]
    return {w: n for n, w in enumerate([*table["units"], *table["teens"][:3]]) if n}


def _told(match: re.Match[str], language: str) -> str:
    minutes = _hours(language)[match["hour"].casefold()] * 60
    minutes += words(language)["facts"]["time"]["spoken"][match["side"].casefold()]
    return f"T{minutes // 60 % 24:02}:{minutes % 60:02}"


_ANOTHER = re.compile(r"\s(?:and|&|en|dan|und)\s(?P<day>[1-3]?\d)(?=\s*[,;)]|\.?\s*$)")


def _clock(match: re.Match[str]) -> str:
    part = match.groupdict()
    hour = int(next(part[k] for k in ("h", "h2", "h3", "h4", "h5") if part[k]))
    minute = int(next((part[k] for k in ("m", "m3", "m4", "m5") if part[k]), "0"))
    half = (part["half"] or part["half2"] or "").lower()
    if half.startswith("p") and hour < 12:
        hour += 12
    if half.startswith("a") and hour == 12:
        hour = 0
    return f"T{hour:02}:{minute:02}"


def _day(
    match: re.Match[str], months: dict[str, int], ordinals: dict[str, int], date: datetime.date | None
) -> str | None:
    part = match.groupdict()
    month = months[(part["month"] or part["month2"]).rstrip(".").casefold()]
    day = int(part["day"] or part["day2"] or 0) or ordinals.get((part["nth"] or "").casefold(), 0)
    year = part["year"] or part["year2"]
    if not day and not year and part["month2"] in ("May", "March") and not part["in"]:
        return None  # a modal or a verb
    if day > 31:
        return None
    if not year and date is not None:
        near = min(
            (date.year - 1, date.year, date.year + 1), key=lambda y: abs((y - date.year) * 12 + month - date.month)
        )
        year = str(near)
    return f"{year or '-'}-{month:02}" + (f"-{day:02}" if day else "")


def _weekday(day: int, date: datetime.date | None) -> str:
    """The last such day on or before the document's date: news tells what was."""
    if date is None:
        return f"weekday:{day}"
    return (date - datetime.timedelta((date.isoweekday() - day) % 7)).isoformat()


def _relative(value: str, date: datetime.date | None) -> str:
    days = re.fullmatch(r"d([+-]\d+)", value)
    if not days or date is None:
        return value
    return (date + datetime.timedelta(int(days.group(1)))).isoformat()


@functools.cache
def _patterns(
    language: str,
) -> tuple[
    re.Pattern[str],
    dict[str, int],
    dict[str, int],
    tuple[re.Pattern[str], dict[str, int]],
    tuple[re.Pattern[str], list[tuple[re.Pattern[str], str]]],
]:
    from babel.dates import get_day_names, get_month_names

    table = words(language)["facts"]["time"]
    months: dict[str, int] = {}
    forms: set[str] = set()
    for width in ("wide", "abbreviated"):
        for n, month in get_month_names(width, "format", locale=language).items():
            month = month.rstrip(".")
            forms |= {month, month[:1].upper() + month[1:]}
            months[month.casefold()] = n
    for month, n in table.get("months", {}).items():
        forms.add(month)
        months[month.casefold()] = n
    some = "|".join(sorted(map(re.escape, forms), key=len, reverse=True))
    ordinals = {w.casefold(): int(n) for w, n in words(language)["facts"]["number"]["ordinals"].items()}
    some_ordinals = "|".join(sorted(map(re.escape, ordinals), key=len, reverse=True))
    nth = r"(?:st|nd|rd|th|ste|de|e)?"
    calendar = re.compile(
        rf"""(?<!\w)(?<!(?<!mid)-)(?:
            (?P<day>\d{{1,2}})(?:{nth}|\.)(?:\s+of)?\s+(?P<month>{some})\b\.?(?:,?\s+(?P<year>(?:19|20)\d\d))?
          | (?P<in>(?i:in|since|until|last|next|this|by|of|during|early|late)\s+)?(?P<month2>{some})\b\.?
            (?:\s+(?:(?P<day2>\d{{1,2}}){nth}(?!\d|[.,:]\d)|(?P<nth>(?i:{some_ordinals}))(?!\w)))?(?:,?\s+(?P<year2>(?:19|20)\d\d))?
        )(?!\w)""",
        re.VERBOSE,
    )
    names = {name.casefold(): n + 1 for n, name in get_day_names("wide", "format", locale=language).items()}
    days = list(get_day_names("wide", "format", locale=language).values())
    brief = get_day_names("abbreviated", "format", locale=language)
    short = {name.rstrip(".").casefold(): n + 1 for n, name in brief.items()}
    within = "|".join(map(re.escape, short))
    parts = "|".join(table.get("dayparts", [])) or "(?!)"
    named = "|".join({*days, *(d[:1].upper() + d[1:] for d in days)})
    weekdays = re.compile(rf"(?<!\w)(?:{named})(?=(?:{parts})?(?!\w))|(?<=\()(?i:{within})(?=\.?\))")
    loose = [(re.compile(p, re.IGNORECASE), v) for p, v in table["relative"].items()]
    longest = sorted(table["relative"], key=len, reverse=True)
    relative = re.compile(rf"(?<!\w)(?:{'|'.join(longest)})(?!\w)", re.IGNORECASE)
    return calendar, months, ordinals, (weekdays, {**short, **names}), (relative, loose)
