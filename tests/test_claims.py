from __future__ import annotations

import dataclasses
import datetime

import numpy as np
import pytest
from report_story import FakeEncoder, told

from retold.claims import Pair, claims, differ, grouped
from retold.compare import OpenStory
from retold.kinship import Kinship, _longest_run, kinship
from retold.records import Alignment, Bead, Document, Finding, Link, Segment, Side, Vectors
from retold.shared import shared_facts, surely


@pytest.fixture(scope="module")
def story() -> OpenStory:
    return told()


def test_every_claim_of_the_original_has_a_cell_a_document(story: OpenStory) -> None:
    table = [c for c in claims(story) if c.document == "wire"]
    assert [c.segment for c in table] == [0, 1, 3, 4]
    cells = [dict(c.cells) for c in table]
    assert [c["nl"].status for c in cells] == ["partly_kept", "dropped", "kept", "dropped"]
    assert cells[0]["nl"].segments == (0,)
    assert cells[0]["nl"].findings == (1, 2, 3)
    assert cells[0]["nl"].how == "100 → 200; may → zal; two people said → melden bronnen"
    assert cells[2]["nl"].how == "$5 million → 5 miljoen dollar (or the translation errs)"
    assert cells[0]["blog"].status == "partly_kept"


def test_what_the_original_does_not_say_comes_after(story: OpenStory) -> None:
    rest = [c for c in claims(story) if c.document != "wire"]
    assert [(c.document, c.segment) for c in rest] == [("nl", 2), ("blog", 1)]
    assert dict(rest[0].cells)["nl"].findings == (6,)
    assert dict(rest[0].cells)["blog"].status == ""


def test_a_sentence_is_cut_where_a_version_treats_its_clauses_differently() -> None:
    story = told()
    c = story.compare("nl")
    text = c.original_segments[0].text
    start = text.index("two people said")
    gone = Finding("dropped", "claim", 0, 0, "two people said", "", 0.9, 8, (start, start + 15), None)
    story._comparisons["nl"] = dataclasses.replace(c, found=(*c.found, gone))
    parts = [x for x in claims(story) if x.document == "wire" and x.segment == 0]
    assert "".join(text[slice(*x.span)] for x in parts) == text
    assert [dict(x.cells)["nl"].status for x in parts] == ["partly_kept", "dropped"]
    assert [dict(x.cells)["blog"].status for x in parts] == ["kept", "kept"]


class Alike(FakeEncoder):
    """Every text lies in one direction: all is the same to it."""

    def encode(self, texts: list[str]) -> Vectors:
        return np.tile(np.array([[1.0, 0.0]], dtype=np.float32), (len(texts), 1))


def test_claims_are_lined_up_with_the_table(story: OpenStory) -> None:
    table = story.claims()
    assert list(table.columns) == ["claim", "english", "first", "nl", "blog"]
    assert table.at[0, "nl"] == "kept in part V1 (100 → 200; may → zal; two people said → melden bronnen)"
    assert table.at[3, "blog"] == "not mentioned"
    assert len(table) == len(claims(story))


def test_shared_facts_stand_in_both_documents(story: OpenStory) -> None:
    c = story.compare("blog")
    found = shared_facts(c)
    assert {s.words for s in found} >= {"Acme", "Globex", "100"}
    for s in found:
        assert all(s.words in c.original_segments[n].text for n in s.original)
        assert s.version
        assert s.weight >= 0
    assert [s.weight for s in found] == sorted((s.weight for s in found), reverse=True)


def linked(story: OpenStory, links: list[tuple[int, int, float]]) -> Kinship:
    c = story.compare("nl")
    return kinship(dataclasses.replace(c, alignment=Alignment((), tuple(Link(*k) for k in links))))


def test_kinship_weighs_links_by_their_probability(story: OpenStory) -> None:
    found = linked(story, [(0, 0, 1.0), (1, 0, 0.5), (3, 1, 0.5)])
    assert found.carried == pytest.approx(2.0 / 4)
    assert found.own == pytest.approx(1.5 / 3)
    assert found.order == 1.0
    assert found.verdict == "free adaptation"


def test_kinship_tells_the_four_kinds_apart(story: OpenStory) -> None:
    every = [(0, 0, 1.0), (1, 0, 1.0), (3, 1, 1.0), (4, 2, 1.0)]
    assert linked(story, every).verdict == "close translation"
    assert linked(story, [(4, 0, 1.0), (3, 1, 1.0), (1, 2, 1.0), (0, 2, 1.0)]).verdict == "free adaptation"
    assert linked(story, [(0, 0, 0.6)]).verdict == "follow-up sharing facts"
    c = story.compare("nl")
    other = dataclasses.replace(c, version_segments=c.version_segments[2:3], alignment=Alignment((), ()))
    assert kinship(other).verdict == "unrelated"


def test_kinship_says_its_figures(story: OpenStory) -> None:
    words = kinship(story.compare("blog")).words
    assert words.startswith("Follow-up sharing facts: it carries 18% of the original")
    assert words.endswith("; dated the same day")


def test_kinship_claims_no_day_that_is_not_known(story: OpenStory) -> None:
    c = story.compare("blog")
    assert c.original.date == datetime.date(2025, 12, 14)

    def said(days: int) -> str:
        date = datetime.date(2025, 12, 14 + days)
        other = dataclasses.replace(c.version, date=date, dated="earliest")
        return kinship(dataclasses.replace(c, version=other)).words.rsplit("; ", 1)[-1]

    assert said(0) == "its day is not known, perhaps the same"
    assert said(2) == "its day is not known, at the earliest 2 days later"
    assert said(-1) == "its day is not known"
    unsure = dataclasses.replace(c, original=dataclasses.replace(c.original, dated="earliest"))
    assert kinship(unsure).days is None
    assert "later" not in kinship(unsure).words and "day" not in kinship(unsure).words


def plain_side(count: int) -> Side:
    return Side.of_sentences([f"nothing of note {n}" for n in range(count)], "en")


def test_a_likely_link_of_a_related_document_asks_for_a_rare_fact_in_both() -> None:
    """“Acme” in both, of two texts of ten sentences with a fact each; and a theme that has none."""
    ours = [f"Firm{n} Holdings waits in {place}." for n, place in enumerate(PLACES)] + ["Talks go on."]
    theirs = ["Much is said of Firm0 Holdings.", "The talks have not ended.", *(f"{x} sleeps." for x in PLACES)]
    sides = Side.of_sentences(ours, "en"), Side.of_sentences(theirs, "en")
    links = (Link(0, 0, 0.97), Link(len(ours) - 1, 1, 0.98))
    found = surely(Alignment(tuple(Bead((k.original,), (k.version,)) for k in links), links), *sides, FakeEncoder())
    assert [(k.original, k.version) for k in found.links] == [(0, 0)]


PLACES = ("Paris", "Berlin", "Madrid", "Rome", "Vienna", "Oslo", "Prague", "Warsaw", "Athens", "Lisbon")


def test_only_sure_links_count_for_a_related_document() -> None:
    links = (Link(0, 0, 0.999), Link(0, 1, 0.6), Link(2, 1, 0.997), Link(3, 3, 0.7))
    beads = (Bead((0, 2), (0, 1), 0.85), Bead((1,), ()), Bead((3,), (3,), 0.7), Bead((), (2,)))
    sides = plain_side(4), plain_side(4)
    found = surely(Alignment(beads, links), *sides, FakeEncoder())
    assert [(k.original, k.version) for k in found.links] == [(0, 0), (2, 1)]
    assert [(b.original, b.version) for b in found.beads] == [
        ((0,), (0,)), ((1,), ()), ((2,), (1,)), ((3,), ()), ((), (2,)), ((), (3,)),
    ]  # fmt: skip
    assert found.beads[3].probability == pytest.approx(
        0.3
    )  # no surer that it stands alone than it was that it does not
    assert surely(found, *sides, FakeEncoder()) == found


TALKS = "ByteDance and Alibaba have asked Nvidia about its H200 chip, which China may soon import."
COMMON = ["The H200 sells well.", "Nvidia makes the H200.", "Nvidia is in China.", "China wants the H200.",
          "Nvidia sold the H200 before.", "The H200 needs power.", "China has no H200.", "Nvidia waits."]  # fmt: skip
PHRASES = [
    ("Alibaba and ByteDance are talking with Nvidia about the H200.", True),
    ("Alibaba and ByteDance want 200,000 units of the H200.", False),  # a number that the original's lacks
    ("Tencent and Alibaba are talking with Nvidia about the H200.", False),  # a name
    ("Nvidia sells the H200 in China.", False),  # nothing rare
    ("Alibaba has waited for years.", False),  # one fact
]


@pytest.mark.parametrize(("said", "same"), PHRASES)
def test_facts_that_agree_make_a_statement_a_shared_one(said: str, same: bool) -> None:
    sides = Side.of_sentences([TALKS, *COMMON], "en"), Side.of_sentences([said, *COMMON], "en")
    beads = (*(Bead((n,), ()) for n in range(9)), *(Bead((), (n,)) for n in range(9)))
    found = surely(Alignment(beads, ()), *sides, Alike())
    pairs = [(k.original, k.version) for k in found.links]
    assert ((0, 0) in pairs) == same
    assert sorted(n for b in found.beads for n in b.original) == list(range(9))
    assert sorted(n for b in found.beads for n in b.version) == list(range(9))


def test_common_facts_that_agree_need_a_likely_link() -> None:
    sides = (Side.of_sentences(["China has not ruled on the H200.", *COMMON], "en"),
             Side.of_sentences(["The H200 awaits a word from China.", *COMMON], "en"))  # fmt: skip
    for probability, same in ((0.946, True), (0.8, False)):
        alignment = Alignment((Bead((0,), (0,), probability),), (Link(0, 0, probability),))
        found = surely(alignment, *sides, Alike())
        assert [k.probability for k in found.links if (k.original, k.version) == (0, 0)] == [probability] * same


def test_added_claims_are_joined_only_where_every_two_say_the_same() -> None:
    fresh = {id: [Segment(n, 0, 1, "sentence", "x") for n in (1, 2)] for id in "abc"}

    def pair(a: str, n: int, b: str, m: int, probability: float) -> Pair:
        return Pair((a, n), (b, m), probability, 0.9)

    linked = [pair("a", 1, "b", 1, 0.99), pair("b", 1, "c", 1, 0.98), pair("a", 2, "b", 2, 0.97),
              pair("b", 2, "c", 2, 0.97), pair("a", 2, "c", 2, 0.96)]  # fmt: skip
    groups = [[(id, s.n) for id, s in g] for g in grouped(fresh, linked)]
    assert groups == [[("a", 2), ("b", 2), ("c", 2)], [("a", 1), ("b", 1)], [("c", 1)]]
    assert not Pair(("a", 1), ("b", 1), 0.981, 0.874).sure
    assert Pair(("a", 1), ("b", 1), 0.91, 0.92).sure and Pair(("a", 1), ("b", 1), 0.99, 0.85).sure


@pytest.mark.parametrize(
    ("one", "other", "apart"),
    [
        (("en", "Two firms want more than 200,000 units each."), ("en", "Two firms want it in bulk."), True),
        (("nl", "Dat kost 5 miljoen dollar."), ("en", "It costs $6 million."), True),
        (("nl", "Dat kost 5 miljoen dollar."), ("en", "It costs $5 million."), False),
        (("en", "Acme is keen to buy."), ("en", "Acme and Globex are keen to buy."), True),
        (("nl", "Het Witte Huis zwijgt."), ("en", "The White House is silent."), False),  # names in two languages
    ],
)
def test_added_claims_of_which_one_holds_a_fact_more_are_not_joined(
    one: tuple[str, str], other: tuple[str, str], apart: bool
) -> None:
    def told(language: str, text: str) -> tuple[Document, Segment]:
        return Document(language, language, "related", "", None, ""), Segment(0, 0, len(text), "sentence", text)

    assert differ(told(*one), told(*other)) == differ(told(*other), told(*one)) == apart
    assert Pair(("a", 0), ("b", 0), 0.99, 0.95, apart).sure == (not apart)


@pytest.mark.parametrize(
    ("numbers", "length"), [([], 0), ([3], 1), ([1, 2, 2, 5], 4), ([5, 1, 2, 3], 3), ([4, 3, 2], 1)]
)
def test_the_longest_run_never_falls(numbers: list[int], length: int) -> None:
    assert _longest_run(numbers) == length
