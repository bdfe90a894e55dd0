"""Typed facts in a text: one small module a type, `extract` for all of them."""

from __future__ import annotations

import datetime
import functools

from retold.facts import cue, dateline, name, number, quote, source, time
from retold.records import Fact

__all__ = ["extract"]


@functools.lru_cache(20_000)  # findings, claims, kinship and briefs all ask for the same segments'
def extract(text: str, language: str, *, date: datetime.date | None = None) -> tuple[Fact, ...]:
    """Every fact of a text, in the order of their starts.

    >>> [(f.type, f.value) for f in extract("More than 100 chips", "en")]
    [('number', '>100')]

    Spans slice back: `text[fact.start:fact.end] == fact.text`. Facts of different types may overlap (a source holds
    a number of people); facts of one type do not. date: the day the document is from, which dates in words are
    resolved against; without it they keep their relative value. Raises RetoldError for a language without word lists.
    """
    head = dateline.find(text, language)
    body = dateline.body_start(text, language) if head else 0
    moments = time.find(text, language, date)
    found = [
        *moments,
        *number.find(text, language, [(m.start, m.end) for m in moments if m.value.startswith("T")]),
        *name.find(text, language, [(m.start, m.end) for m in moments]),
        *quote.find(text, language),
        *source.find(text, language),
        *cue.find(text, language),
    ]
    # Of a dateline the days are resolved as everywhere; its places and its agency are what it says they are.
    found = [f for f in found if f.start >= body or f.type == "time"] + [f for f in head if f.type != "time"]
    return tuple(sorted(found, key=lambda f: (f.start, -f.end, f.type)))
