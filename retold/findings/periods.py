"""Figures that tell when or how long: years, and lengths of time with their unit."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable
from dataclasses import dataclass

from retold.facts.number import amounts
from retold.languages import words
from retold.records import Fact

# Hours of each unit, by the keys of the tables [facts.time.lengths].
HOURS = {
    "minute": 1 / 60, "hour": 1.0, "day": 24.0, "week": 168.0, "fortnight": 336.0, "month": 730.5, "year": 8766.0,
    "decade": 87660.0, "century": 876600.0,
}  # fmt: skip
NEAR = 0.005  # share by which two lengths may differ and be one: 14 days and two weeks, 12 months and a year


@dataclass(frozen=True)
class Length:
    """A length of time in hours, and whether a limit or a rough word stands before it (`>`, `<`, `~`, or none).

    end: characters behind the number up to the end of its unit.
    """

    hours: float
    bound: str
    end: int


def is_year(fact: Fact, after: str) -> bool:
    """Whether a number is a year of 1900 to 2099. after: the text behind it, in which a unit would stand."""
    bare = fact.type == "number" and re.fullmatch(r"(?:.*[^\w.,])?(?:19|20)\d\d", fact.text) is not None
    return bare and re.fullmatch(r"[<>~]?\d{4}", fact.value) is not None and not re.match(r"\s?[%°]", after)


def length(fact: Fact, after: str, language: str) -> Length | None:
    """The length of time that a number is with the unit behind it; None where there is no unit of time.

    An age is none: 50 years old, 50-jarige.
    """
    if fact.type != "number" or fact.value[-1] in "%xh":
        return None
    unit = _units(language).match(after)
    if unit is None or _old(language).match(after, unit.end()):
        return None
    bound = fact.value[0] if fact.value[0] in "<>~" else ""
    if _throughout(language).match(fact.text):
        bound = ""  # over six years: in the course of them
    return Length(float(amounts(fact.value)) * HOURS[str(unit.lastgroup)], bound, unit.end())


def unit_hours(text: str, language: str) -> float | None:
    """The hours of the first unit of time that some words name, however they are joined: sehari, een half jaar."""
    unit = _units(language).search(re.sub(r"\bse(?=\w)", "se ", text))
    return HOURS[str(unit.lastgroup)] if unit else None


def same_length(one: Length, other: Length) -> bool:
    """Whether two lengths are one in other units: 72 hours and three days."""
    return abs(one.hours - other.hours) <= NEAR * max(one.hours, other.hours)


@functools.cache
def _units(language: str) -> re.Pattern[str]:
    table = words(language)["facts"]["time"].get("lengths", {})
    each = "|".join(f"(?P<{k}>{_any(some)})" for k, some in table.items())
    article = _any(words(language)["facts"]["time"].get("articles", []))
    return re.compile(rf"[\s-]?(?:(?:{article})\s)?(?:{each or '(?!)'})(?!\w)", re.IGNORECASE)


@functools.cache
def _old(language: str) -> re.Pattern[str]:
    return re.compile(rf"[\s-](?:{_any(words(language)['facts']['time'].get('old', []))})(?!\w)", re.IGNORECASE)


@functools.cache
def _throughout(language: str) -> re.Pattern[str]:
    return re.compile(rf"(?:{_any(words(language)['facts']['time'].get('throughout', []))})\s", re.IGNORECASE)


def _any(some: Iterable[str]) -> str:
    """An alternation that prefers the longest; of nothing, what nothing matches."""
    return "|".join(map(re.escape, sorted(some, key=len, reverse=True))) or "(?!)"
