"""Golden table of English facts: what must be found with which value, and beside it what must not."""

from __future__ import annotations

import datetime

import pytest

from retold.facts import extract

DATE = datetime.date(2025, 12, 10)

MUST = [
    # text, type, the fact's words, its value
    ("more than 100 tenders", "number", "more than 100", ">100"),
    ("almost six times as powerful", "number", "almost six times", "~6x"),
    ("a fifth of 4,178,027 people", "number", "4,178,027", "4178027"),
    ("$2 billion in aid", "money", "$2 billion", "2000000000USD"),
    ("a £2.8bn market", "money", "£2.8bn", "2800000000GBP"),
    ("up to $70 billion", "money", "up to $70 billion", "<70000000000USD"),
    ("200 million yuan", "money", "200 million yuan", "200000000CNY"),
    ("12.5 per cent", "number", "12.5 per cent", "12.5%"),
    ("a 17-year-old boy", "number", "17", "17"),
    ("the 10th match", "number", "10th", "10th"),
    ("the tenth match", "number", "tenth", "10th"),
    ("twenty-two players", "number", "twenty-two", "22"),
    ("in the 1990s", "number", "1990s", "1990"),
    ("a 2-0 win", "number", "2", "2"),
    ("on Dec 10", "time", "Dec 10", "2025-12-10"),
    ("on June 20th, 2019", "time", "June 20th, 2019", "2019-06-20"),
    ("said on Wednesday", "time", "Wednesday", "2025-12-10"),
    ("said on Tuesday", "time", "Tuesday", "2025-12-09"),
    ("yesterday", "time", "yesterday", "2025-12-09"),
    ("earlier this week", "time", "earlier this week", "week:early"),
    ("In recent months, it has", "time", "In recent months", "months:recent"),
    ("at 12:55 p.m. on Tuesday", "time", "12:55 p.m.", "T12:55"),
    ("China said", "place", "China", "CN"),
    ("the Chinese companies", "place", "Chinese", "CN"),
    ("in Beijing", "place", "Beijing", "beijing"),
    ("the U.S. chip giant", "place", "U.S.", "US"),
    ("Nvidia’s H200 chip", "name", "H200", "h200"),
    ("said Zhang Yuchun, a manager", "name", "Zhang Yuchun", "zhang yuchun"),
    ("its Taiwan-manufactured chip", "place", "Taiwan", "TW"),
    ("four people briefed on the matter told Reuters.", "source", "four people briefed on the matter told Reuters",
     "anonymous:4:briefed:neutral>reuters"),
    ("two of the people said.", "source", "two of the people said", "anonymous:2:-:neutral"),
    ("seeking clarity, one added.", "source", "one added", "anonymous:1:-:neutral"),
    ("Reuters has reported", "source", "Reuters has reported", "media:reuters:-:neutral"),
    ("according to a Reuters review of tenders", "source", "according to a Reuters review",
     "media:reuters:review:neutral"),
    ("in theory, older chips", "hedge", "in theory", "theory"),
    ("authorities may need", "hedge", "may", "possible"),
    ("I hope so", "hedge", "hope", "hope"),
    ("it does not", "negation", "not", "not"),
    ("it doesn’t", "negation", "n’t", "not"),
    ("“I expect them to buy a lot,” he added", "quote", "“I expect them to buy a lot,”",
     "|“I expect them to buy a lot,”"),
]  # fmt: skip

MUST_NOT = [
    # text, type, words that are no fact of that type
    ("one of them", "number", "one"),
    ("the H200 chip", "number", "200"),
    ("at 12:55 p.m.", "number", "12"),
    ("they may come in", "time", "may"),
    ("March on, they said", "time", "March"),
    ("The companies are keen", "name", "The"),
    ("Very limited quantities", "name", "Very"),
    ("He said so. Officials agreed", "name", "Officials"),
    ("the people of China", "source", "the people"),
    ("one chip was added", "source", "one"),
    ("chips that could legally be exported", "hedge", "could"),
    ("another note", "negation", "not"),
    ("the “AI Czar” said", "quote", "“AI Czar”"),
]


@pytest.mark.parametrize(("text", "type_", "words", "value"), MUST)
def test_finds(text: str, type_: str, words: str, value: str) -> None:
    found = {(f.type, f.text, f.value) for f in extract(text, "en", date=DATE)}
    assert (type_, words, value) in found


@pytest.mark.parametrize(("text", "type_", "words"), MUST_NOT)
def test_leaves(text: str, type_: str, words: str) -> None:
    start = text.index(words)
    end = start + len(words)
    assert not [f for f in extract(text, "en", date=DATE) if f.type == type_ and f.start < end and start < f.end]
