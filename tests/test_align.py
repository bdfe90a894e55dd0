"""The aligner's laws, on the real bundled encoder, and its behaviour where there is little to align."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from retold.align import align, explain
from retold.encode import encoder
from retold.records import Alignment, RetoldError, Side, Vectors

ORIGINAL = [
    "ByteDance and Alibaba have asked Nvidia about buying its powerful H200 AI chip.",
    "The H200 is almost six times as powerful as the H20.",
    "The Chinese government has yet to give a clear answer to Trump's announcement.",
    "Very limited quantities of H200 are currently in production, two people said.",
    "Asked about the H200, China's foreign ministry said the country values cooperation.",
    "The training of leading Chinese AI models still relies on Nvidia cards, said Zhang Yuchun.",
    "The Information reported that regulators gathered representatives from Tencent Holdings.",
    "The policy reversal leaves the A100 and H100 under U.S. export controls.",
]
DUTCH = [
    "China heeft nog geen duidelijk antwoord gegeven op Trumps aankondiging.",
    "ByteDance en Alibaba hebben bij Nvidia geïnformeerd naar de aankoop van krachtige H200 AI-chips.",
    "De H200 is bijna zes keer zo krachtig als de H20.",
    "Nvidia produceert momenteel maar beperkte aantallen van de H200, zeggen twee mensen.",
    "Morgen schijnt in het hele land de zon.",
]


class Remembering:
    """The bundled encoder, asked only once for each text."""

    name, signature = "bundled", encoder("bundled").signature

    def __init__(self) -> None:
        self.known: dict[str, Vectors] = {}

    def encode(self, texts: list[str]) -> Vectors:
        new = [t for t in dict.fromkeys(texts) if t not in self.known]
        self.known.update(zip(new, encoder("bundled").encode(new), strict=True))
        return np.array([self.known[t] for t in texts], np.float32).reshape(len(texts), 384)


ENGINE = Remembering()


def side(texts: list[str], language: str = "en") -> Side:
    return Side.of_sentences(texts, language)


def pairs(alignment: Alignment) -> set[tuple[int, int]]:
    return {(x.original, x.version) for x in alignment.links}


def check(alignment: Alignment, original: Side, version: Side) -> None:
    """What holds of every alignment."""
    for name, some in (("original", original), ("version", version)):
        assert sorted(n for b in alignment.beads for n in getattr(b, name)) == list(some.content)
    assert pairs(alignment) == {(o, v) for b in alignment.beads for o in b.original for v in b.version}
    sure = [b.probability for b in alignment.beads] + [x.probability for x in alignment.links]
    assert all(0 <= p <= 1 for p in sure)


def test_drops_additions_and_a_move_are_seen() -> None:
    found = align(side(ORIGINAL), side(DUTCH, "nl"), ENGINE)
    check(found, side(ORIGINAL), side(DUTCH, "nl"))
    assert pairs(found) == {(2, 0), (0, 1), (1, 2), (3, 3)}
    assert [b.version for b in found.beads if b.moved] == [(0,)]


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.sampled_from(ORIGINAL), min_size=1, unique=True))
def test_a_text_against_itself_is_the_identity(texts: list[str]) -> None:
    found = align(side(texts), side(texts), ENGINE)
    assert pairs(found) == {(n, n) for n in range(len(texts))}
    assert not any(b.moved for b in found.beads)


@pytest.mark.parametrize("empty", ["original", "version", "both"])
def test_an_empty_side_leaves_one_sided_beads(empty: str) -> None:
    original = side([] if empty != "version" else ORIGINAL)
    version = side([] if empty != "original" else DUTCH, "nl")
    found = align(original, version, ENGINE)
    check(found, original, version)
    assert found.links == () and all(b.probability == 1 for b in found.beads)


def test_segments_that_take_no_part_stand_in_no_bead() -> None:
    version = Side(tuple(DUTCH), "nl", ("boilerplate", "sentence", "heading", "list_item", "byline"))
    found = align(side(ORIGINAL), version, ENGINE)
    check(found, side(ORIGINAL), version)
    assert pairs(found) == {(0, 1), (3, 3)}


def test_all_boilerplate_is_an_empty_side() -> None:
    version = Side(tuple(DUTCH), "nl", ("boilerplate",) * len(DUTCH))
    assert {b.version for b in align(side(ORIGINAL), version, ENGINE).beads} == {()}


def test_equal_segments_are_defined() -> None:
    same = side(["Het is zo."] * 300, "nl")
    check(align(same, same, ENGINE), same, same)


def test_an_explanation_adds_up_to_words_and_numbers() -> None:
    why = explain(side(ORIGINAL), side(DUTCH, "nl"), ENGINE, 1, 2)
    link = next(x for x in align(side(ORIGINAL), side(DUTCH, "nl"), ENGINE).links if x.original == 1)
    assert why.probability == link.probability
    assert np.all(np.diff([abs(r.weight) for r in why.reasons]) <= 0)
    assert f"original 1 and version 2: probability {why.probability:.3f}" in str(why)


def test_an_explanation_of_a_segment_that_takes_no_part_is_refused() -> None:
    version = Side(tuple(DUTCH), "nl", ("boilerplate", "boilerplate", "boilerplate", "boilerplate", "sentence"))
    with pytest.raises(RetoldError, match=r"version segment 2 takes no part in aligning; \[4\] do"):
        explain(side(ORIGINAL), version, ENGINE, 1, 2)


def test_translations_must_be_as_many_as_segments() -> None:
    with pytest.raises(RetoldError, match="holds 1 translations; it must hold one for each of the version's 5"):
        align(side(ORIGINAL), side(DUTCH, "nl"), ENGINE, english=["one"])
