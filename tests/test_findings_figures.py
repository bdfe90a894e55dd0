"""Figures and times told roughly, without their limit, or not at all."""

from __future__ import annotations

import pytest

from retold import findings
from retold.records import Alignment, Bead, Link, Side


def told(original: str, version: str, language: str) -> set[tuple[str, str, str, str]]:
    sides = Side.of_sentences([original], "en"), Side.of_sentences([version], language)
    some, _ = findings.compare(*sides, Alignment((Bead((0,), (0,)),), (Link(0, 0, 1.0),)))
    return {(f.type, f.facet, f.before, f.after) for f in some if f.facet in ("number", "money", "time", "hedge")}


@pytest.mark.parametrize(
    ("original", "version", "language", "want"),
    [
        ("It cost about $640 million.", "Het kostte 640 miljoen dollar.", "nl",
            ("hedge", "about $640 million", "640 miljoen dollar")),
        ("Almost half of it fell.", "Ruim de helft ervan viel.", "nl", ("number", "Almost half", "Ruim de helft")),
        ("It gets 38 million euros.", "Ia menerima 38 juta dolar AS.", "id",
            ("number", "38 million euros", "38 juta dolar AS")),
        ("About 2,000 people marched.", "Ribuan warga berpawai.", "id", ("number", "About 2,000", "Ribuan")),
        ("It has lasted since 2022.", "Het duurt al jaren.", "nl", ("time", "2022", "al jaren")),
        ("He waited for 30 days.", "Hij wachtte een maand.", "nl", ("time", "30 days", "een maand")),
        ("It shut in early 2014.", "Ia tutup pada 2014.", "id", ("time", "early 2014", "2014")),
    ],
)  # fmt: skip
def test_a_figure_or_time_told_otherwise_is_changed(
    original: str, version: str, language: str, want: tuple[str, str, str]
) -> None:
    assert ("changed", *want) in told(original, version, language)


@pytest.mark.parametrize(
    ("original", "version", "language"),
    [
        ("It cost about $640 million.", "Het kostte zo'n 640 miljoen dollar.", "nl"),
        ("About 40% of it fell.", "Sekitar 40 persen jatuh.", "id"),
        ("The ban lasts 72 hours.", "Het verbod duurt drie dagen.", "nl"),
        ("Two of them left on Friday morning.", "Beiden vertrokken op vrijdagochtend.", "nl"),
        ("A four-day week is not planned.", "Een vierdaagse week is niet gepland.", "nl"),
        ("It shut in early 2014.", "Ia tutup pada awal 2014.", "id"),
    ],
)
def test_the_same_figure_or_time_in_other_words_is_no_finding(original: str, version: str, language: str) -> None:
    assert told(original, version, language) == set()


def test_a_length_of_time_that_is_gone_is_a_time_and_a_count_a_number() -> None:
    gone = told("Three crews worked there for five months.", "Er werd gewerkt.", "nl")
    assert gone == {("dropped", "number", "Three", ""), ("dropped", "time", "five months", "")}


def test_a_number_in_words_is_lost_with_its_clause_and_is_no_finding_of_its_own() -> None:
    original = (
        "The new law has created an unusual situation where older and less powerful lorries, two popular models in the "
        "coastal towns, still fall under the customs controls but the bus does not."
    )
    version = (
        "De nieuwe wet creëert een vreemde situatie: oudere en minder krachtige vrachtwagens vallen nog onder "
        "douanecontroles, maar de bus niet."
    )
    sides = Side.of_sentences([original], "en"), Side.of_sentences([version], "nl")
    some, _ = findings.compare(*sides, Alignment((Bead((0,), (0,)),), (Link(0, 0, 1.0),)))
    assert [(f.type, f.facet, f.before) for f in some] == [
        ("dropped", "claim", "two popular models in the coastal towns")
    ]
