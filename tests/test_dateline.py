"""Datelines: what opens a wire story, and what only looks like it."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retold.facts import dateline


@pytest.mark.parametrize(
    ("line", "language", "facts"),
    [
        (
            "BEIJING/SINGAPORE, Dec 10 (Reuters) – ",
            "en",
            "place Beijing, place Singapore, time --12-10, source Reuters",
        ),
        ("NEW YORK, Dec. 10, 2025 (AFP) - ", "en", "place New York, time 2025-12-10, source AFP"),
        ("HONG KONG, Dec. 10 (Xinhua) -- ", "en", "place Hong Kong, time --12-10, source Xinhua"),
        ("WASHINGTON (AP) — ", "en", "place Washington, source AP"),
        ("ST. LOUIS (AP) — ", "en", "place St. Louis, source AP"),
        ("PARIS, France (AFP) - ", "en", "place Paris, place France, source AFP"),
        ("LONDON — ", "en", "place London"),
        ("JAKARTA, 10 Des (Antara) - ", "id", "place Jakarta, time --12-10, source Antara"),
        ("Jakarta (ANTARA) - ", "id", "place Jakarta, source ANTARA"),
        ("Jakarta, CNBC Indonesia - ", "id", "place Jakarta, source CNBC Indonesia"),
        ("TEMPO.CO, Jakarta - ", "id", "source TEMPO.CO, place Jakarta"),
        ("JAKARTA, KOMPAS.com – ", "id", "place Jakarta, source KOMPAS.com"),
        ("JAKARTA, Rabu (10/12/2025) — ", "id", "place Jakarta, time 2025-12-10"),
        ("AMSTERDAM (ANP) - ", "nl", "place Amsterdam, source ANP"),
        ("DEN HAAG, 3 maart (ANP/RTR) - ", "nl", "place Den Haag, time --03-03, source ANP/RTR"),
    ],
)
def test_datelines(line: str, language: str, facts: str) -> None:
    text = line + "ByteDance has asked Nvidia."
    found = dateline.find(text, language)
    assert ", ".join(f"{f.type} {f.value}" for f in found) == facts
    assert all(text[f.start : f.end] == f.text for f in found)
    assert dateline.body_start(text, language) == len(line)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ByteDance and Alibaba have asked Nvidia.",
        "Nvidia (NVDA) - the chip maker - rose.",
        "IBM - the firm - rose.",
        "BREAKING — the ban is lifted.",
        "AI — the new thing.",
        "NATO (AP) said so.",
        "U.S. President Trump (R) - he left.",
        "Dec 10 was a Wednesday.",
        "In BEIJING, Dec 10 (Reuters) – asked.",
    ],
)
@pytest.mark.parametrize("language", ["en", "id", "nl"])
def test_what_is_no_dateline(text: str, language: str) -> None:
    assert dateline.find(text, language) == ()
    assert dateline.body_start(text, language) == 0
    assert not dateline.is_dateline(text, language)


@pytest.mark.parametrize(
    ("line", "language", "whole"),
    [
        ("BEIJING, Dec 10 (Reuters)", "en", True),
        ("Jakarta (ANTARA)", "id", True),
        ("LONDON (AP) —", "en", True),
        ("Wednesday, Dec 10, 2025, 10:30 GMT", "en", True),
        ("10 december 2025", "nl", True),
        ("Rabu, 10 Desember 2025", "id", True),
        ("May", "en", False),
        ("Beijing", "en", False),
        ("BEIJING, Dec 10 (Reuters) – ByteDance", "en", False),
    ],
)
def test_a_line_that_is_only_a_dateline(line: str, language: str, whole: bool) -> None:
    assert dateline.is_dateline(line, language) == whole


def test_a_byte_order_mark_before_it() -> None:
    assert dateline.find("\ufeffLONDON (AP) - He left.", "en")[0].start == 1


@given(
    st.text(st.sampled_from("AB c.,/()-–—10Dec\n") | st.characters(), max_size=200), st.sampled_from(["en", "id", "nl"])
)
def test_facts_slice_back_and_lie_before_the_body(text: str, language: str) -> None:
    found = dateline.find(text, language)
    assert all(text[f.start : f.end] == f.text for f in found)
    assert all(a.end <= b.start for a, b in itertools.pairwise(found))
    assert max((f.end for f in found), default=0) <= dateline.body_start(text, language) <= len(text)
