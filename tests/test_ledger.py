"""The ledger of attributions: who says each statement in the original and in each version."""

from __future__ import annotations

import dataclasses
import datetime

import pytest
from report_story import FakeEncoder

from retold import findings
from retold.compare import Comparison, OpenStory
from retold.ledger import chain, compared
from retold.records import Alignment, Bead, Document, Link, Segment, Side, Story
from retold.summarise import brief

DATE = datetime.date(2025, 12, 10)
ORIGINAL = [
    "Firms asked about the chip, four people briefed on the matter told Reuters.",
    "The ministry confirmed the sale.",
    "Nvidia said that demand is high.",
    "Two people said that talks go on.",
    "Sources said that Tencent waits.",
]
VERSION = [
    "Firms asked about the chip, two people said.",
    "Nvidia said that demand is high.",
    "Talks go on.",
    "Goldman said that shares will rise.",
]
LINKS = [(0, 0), (2, 1), (3, 2)]


def document(id: str, role: str, texts: list[str]) -> tuple[Document, tuple[Segment, ...]]:
    starts = [sum(len(t) + 1 for t in texts[:n]) for n in range(len(texts))]
    segments = tuple(
        Segment(n, s, s + len(t), "sentence", t) for n, (s, t) in enumerate(zip(starts, texts, strict=True))
    )
    return Document(id, "en", role, "", DATE, " ".join(texts)), segments  # type: ignore[arg-type]


def opened(version_texts: list[str]) -> OpenStory:
    (original, ours), (version, theirs) = (
        document("wire", "original", ORIGINAL),
        document("blog", "version", version_texts),
    )
    beads = [Bead((o,), (v,)) for o, v in LINKS] + [Bead((1,), ()), Bead((4,), ()), Bead((), (3,))]
    alignment = Alignment(tuple(beads), tuple(Link(o, v, 1.0) for o, v in LINKS))
    found, status = findings.compare(Side.of(original, ours), Side.of(version, theirs), alignment)
    return OpenStory.of(
        Comparison(
            Story("s", "S", (original, version)), original, version, ours, theirs, (), alignment, found, status, "x",
            FakeEncoder(),
        )
    )  # fmt: skip


def test_each_attribution_has_its_kind_and_places() -> None:
    table = opened(VERSION).ledger()
    rows = list(table[["original", "version", "kind"]].itertuples(index=False, name=None))
    assert rows == [
        ("R1", "V1", "weakened"),
        ("R2", "", "dropped"),
        ("R3", "V2", "kept"),
        ("R4", "V3", "dropped"),
        ("R5", "", "dropped"),
        ("", "V4", "added"),
    ]
    assert table["original_chain"][0] == "4 unnamed, briefed → Reuters"
    assert table["version_source"][0] == "two people said" and table["statement"][0] == ORIGINAL[0]


def test_an_attribution_told_in_a_sentence_of_its_own_is_kept_there() -> None:
    table = opened([*VERSION[:3], "Two people said so."]).ledger()
    rows = set(table[["original", "version", "kind"]].itertuples(index=False, name=None))
    assert ("R4", "V4", "kept") in rows and "added" not in set(table["kind"])


@pytest.mark.parametrize(
    ("before", "after", "kind"),
    [
        ("named:huang:-:neutral", "anonymous:some:-:neutral", "anonymised"),
        ("named:ann lee:-:neutral", "role:professor:-:neutral", "anonymised"),
        ("anonymous:2:briefed:neutral", "role:ministerie:-:neutral", "replaced"),
        ("role:2 traders:-:neutral", "role:handelaren:-:neutral", "weakened"),
        ("anonymous:some:-:neutral", "media:reuters:-:neutral", "strengthened"),
        ("anonymous:4:briefed:neutral>reuters", "media:reuters:-:weak", "weakened"),
        ("anonymous:4:briefed:neutral", "anonymous:4:-:neutral", "weakened"),
        ("anonymous:4:briefed:neutral", "anonymous:some:briefed:neutral", "weakened"),
        ("anonymous:2:-:weak", "anonymous:2:-:strong", "strengthened"),
        ("media:reuters:-:neutral", "media:reuters:-:weak", "weakened"),
    ],
)
def test_what_a_change_of_source_comes_to(before: str, after: str, kind: str) -> None:
    assert compared(before, after) == kind


def test_a_chain_reads_from_the_teller_to_the_medium() -> None:
    assert chain("anonymous:2:familiar:weak>the information") == "2 unnamed, familiar, weak → The Information"
    assert chain("named:jensen huang:-:neutral") == "Jensen Huang"


def test_people_of_another_house_and_another_speaker_replace_the_first() -> None:
    table = opened([*VERSION[:2], "Talks go on.", "Goldman said that shares will rise."]).ledger()
    assert "replaced" not in set(table["kind"])
    original = ["Analysts at ING said that talks go on.", "Niek Visser said that the strike goes on."]
    version = ["Analysts at Rabobank said that talks go on.", "Piet Bakker said that the strike goes on."]
    (one, ours), (two, theirs) = document("wire", "original", original), document("blog", "version", version)
    alignment = Alignment((Bead((0,), (0,)), Bead((1,), (1,))), (Link(0, 0, 1.0), Link(1, 1, 1.0)))
    found, status = findings.compare(Side.of(one, ours), Side.of(two, theirs), alignment)
    whole = Story("s", "S", (one, two))
    told = Comparison(whole, one, two, ours, theirs, (), alignment, found, status, "x", FakeEncoder())
    assert list(OpenStory.of(told).ledger()["kind"]) == ["replaced", "replaced"]


def test_the_brief_says_that_a_source_has_a_stronger_verb() -> None:
    story = opened(["Firms asked about the chip, four people briefed on the matter confirmed.", *VERSION[1:]])
    said = [item.text for line in brief(story.compare("blog")).lines if line.lead == "Sourcing" for item in line.items]
    assert any(text.endswith("confirmed”, a stronger verb") for text in said), said


def test_hearsay_in_the_place_of_people_is_weaker() -> None:
    (original, ours), (version, theirs) = (
        document("wire", "original", ["The price will rise, two people said."]),
        document("blog", "version", ["Harga konon akan naik."]),
    )
    version = dataclasses.replace(version, language="id")
    alignment = Alignment((Bead((0,), (0,)),), (Link(0, 0, 1.0),))
    found, status = findings.compare(Side.of(original, ours), Side.of(version, theirs), alignment)
    c = Comparison(
        Story("s", "S", (original, version)), original, version, ours, theirs, (), alignment, found, status, "x",
        FakeEncoder(),
    )  # fmt: skip
    table = OpenStory.of(c).ledger()
    assert list(table["kind"]) == ["weakened"]
