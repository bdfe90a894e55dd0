"""Golden table of Dutch facts: what must be found with which value, and beside it what must not."""

from __future__ import annotations

import datetime

import pytest

from retold.facts import extract

DATE = datetime.date(2025, 12, 10)

MUST = [
    # text, type, the fact's words, its value
    ("meer dan 100 aanbestedingen", "number", "meer dan 100", ">100"),
    ("bijna zes keer zo krachtig", "number", "bijna zes keer", "~6x"),
    ("2 miljard dollar", "money", "2 miljard dollar", "2000000000USD"),
    ("€ 2,8 mld. winst", "money", "€ 2,8 mld.", "2800000000EUR"),
    ("3 mln. euro", "money", "3 mln. euro", "3000000EUR"),
    ("1,5 bln. dollar", "money", "1,5 bln. dollar", "1500000000000USD"),
    ("12,5 procent", "number", "12,5 procent", "12.5%"),
    ("3.000 producten", "number", "3.000", "3000"),
    ("in de 29ste minuut", "number", "29ste", "29th"),
    ("tweeëntwintig spelers", "number", "tweeëntwintig", "22"),
    ("anderhalf miljoen mensen", "number", "anderhalf miljoen", "1500000"),
    ("een 17-jarige jongen", "number", "17", "17"),
    ("op 30 september 2018", "time", "30 september 2018", "2018-09-30"),
    ("op woensdag", "time", "woensdag", "2025-12-10"),
    ("Trump draaide gisteren", "time", "gisteren", "2025-12-09"),
    ("eerder deze week", "time", "eerder deze week", "week:early"),
    ("in de afgelopen maanden", "time", "in de afgelopen maanden", "months:recent"),
    ("om 12.55 u. tegen", "time", "om 12.55 u", "T12:55"),
    ("de Chinese regering", "place", "Chinese", "CN"),
    ("vanuit Peking", "place", "Peking", "beijing"),
    ("de VS", "place", "VS", "US"),
    ("in Londen", "place", "Londen", "london"),
    ("Trumps aankondiging", "name", "Trumps", "trumps"),
    ("Dat melden bronnen aan Reuters.", "source", "melden bronnen aan Reuters", "anonymous:some:-:neutral>reuters"),
    ("Bronnen dicht bij de supply chain bevestigen dat", "source", "Bronnen dicht bij de supply chain bevestigen",
     "anonymous:some:close:strong"),
    ("hebben volgens Reuters al geprobeerd", "source", "volgens Reuters", "media:reuters:-:neutral"),
    ("mogelijk komt er", "hedge", "mogelijk", "possible"),
    ("in theorie", "hedge", "in theorie", "theory"),
    ("onder voorwaarden verkocht", "hedge", "onder voorwaarden", "condition"),
    ("maar de H200 niet", "negation", "niet", "not"),
    ("nog geen antwoord", "negation", "nog geen", "not"),
]  # fmt: skip

MUST_NOT = [
    # text, type, words that are no fact of that type
    ("een man", "number", "een"),
    ("de H200", "number", "200"),
    ("in maart", "name", "maart"),
    ("De Chinese bedrijven", "name", "De"),
    ("Sterker nog, Beijing", "name", "Sterker"),
    ("mensen kopen chips", "source", "mensen"),
    ("dat export weer mogelijk is", "hedge", "mogelijk"),
    ("niettemin", "negation", "niet"),
]


@pytest.mark.parametrize(("text", "type_", "words", "value"), MUST)
def test_finds(text: str, type_: str, words: str, value: str) -> None:
    found = {(f.type, f.text, f.value) for f in extract(text, "nl", date=DATE)}
    assert (type_, words, value) in found


@pytest.mark.parametrize(("text", "type_", "words"), MUST_NOT)
def test_leaves(text: str, type_: str, words: str) -> None:
    start = text.index(words)
    end = start + len(words)
    assert not [f for f in extract(text, "nl", date=DATE) if f.type == type_ and f.start < end and start < f.end]
