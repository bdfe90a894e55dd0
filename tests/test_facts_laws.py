"""Laws of fact extraction: spans slice back, order holds, nothing overlaps within a type, any text is read."""

from __future__ import annotations

import datetime
import itertools
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retold.facts import extract
from retold.facts.number import amounts, parse
from retold.records import RetoldError

LANGUAGES = st.sampled_from(["en", "id", "nl"])
PIECES = st.sampled_from(
    ["Nvidia’s H200", "more than 100", "“I hope so, yes”", "12.5%", "$2 bn", "Rp3 M", "dua orang", "mengatakan",
     "Dec 10", "said", "volgens bronnen", "Reuters", "twee miljoen", "U.S.", "may not", "tidak mungkin", "\n",
     ", ", ". ", " ", "…"]
)  # fmt: skip
TEXTS = st.one_of(st.text(max_size=60), st.lists(PIECES, max_size=12).map(" ".join))


@given(TEXTS, LANGUAGES, st.none() | st.dates())
@settings(max_examples=150, deadline=None)
def test_spans_slice_back_and_do_not_overlap(text: str, language: str, date: datetime.date | None) -> None:
    found = extract(text, language, date=date)
    assert all(text[f.start : f.end] == f.text and f.text for f in found)
    assert [f.start for f in found] == sorted(f.start for f in found)
    for _, some in itertools.groupby(sorted(found, key=lambda f: (f.type, f.start)), key=lambda f: f.type):
        facts = list(some)
        assert all(a.end <= b.start for a, b in itertools.pairwise(facts))


@given(st.integers(min_value=0, max_value=10**12))
@settings(max_examples=60, deadline=None)
def test_a_grouped_figure_reads_back_in_every_language(n: int) -> None:
    assert parse(f"{n:,}", "en") == n
    for language in ("id", "nl"):
        assert parse(f"{n:,}".replace(",", "."), language) == n


@pytest.mark.parametrize(
    ("value", "amount"), [(">100", 100), ("~6x", 6), ("12.5%", "12.5"), ("2000000000USD", 2_000_000_000), ("10th", 10)]
)
def test_amount_of_a_value(value: str, amount: int | str) -> None:
    assert amounts(value) == Decimal(amount)


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(RetoldError, match="language 'xx' is not supported"):
        extract("some text", "xx")
