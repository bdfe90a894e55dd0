"""A small story told by hand, with every kind of status, finding and hostile text: what the report tests are run on."""

from __future__ import annotations

import datetime

import numpy as np

from retold.compare import Comparison, OpenStory
from retold.records import (
    Alignment,
    Bead,
    Document,
    Finding,
    Kind,
    Link,
    Role,
    Segment,
    Status,
    Story,
    Translation,
    Vectors,
)

HOSTILE = "<script>alert(1)</script>"
ORIGINAL: list[tuple[str, Kind]] = [
    ("BERLIN, Dec 10 (Reuters) – Acme may sell 100 chips to Globex, two people said.", "sentence"),
    ("“We like chips,” said Anna Bell, its head.", "sentence"),
    ("CHIPS AHEAD", "heading"),
    ("The price is $5 million.", "sentence"),
    ("=1+1 is how the ministry answered.", "sentence"),
    ("(Reporting by Jo Doe)", "byline"),
]
DUTCH: list[tuple[str, Kind]] = [
    ("Acme zal 200 chips aan Globex verkopen, melden bronnen.", "sentence"),
    ("De prijs bedraagt 5 miljoen dollar.", "sentence"),
    (f"Dat is {HOSTILE} volgens kenners.", "sentence"),
    ("Abonneer u op onze nieuwsbrief.", "boilerplate"),
]
ENGLISH = [
    "Acme will sell 200 chips to Globex, sources report.",
    "The price is 5 million dollars.",
    f"That is {HOSTILE} according to experts.",
    "Subscribe to our newsletter.",
]
RELATED: list[tuple[str, Kind]] = [
    ("Acme told Globex in Berlin that 100 chips are on the way.", "sentence"),
    ("Other firms wait.", "sentence"),
]


class FakeTranslator:
    """Stands in for an engine: nothing here translates."""

    name = "fake"
    signature = "fake-translator-1"

    def translate(self, texts: list[str], language: str) -> list[Translation]:
        raise AssertionError("the report must not translate again")


class FakeEncoder:
    """Stands in for an encoder: one direction a text."""

    name = "fake"
    signature = "fake-encoder-1"

    def encode(self, texts: list[str]) -> Vectors:
        return np.eye(len(texts), dtype=np.float32)


def document(id: str, language: str, role: Role, lines: list[tuple[str, Kind]]) -> tuple[Document, tuple[Segment, ...]]:
    text, segments = "", []
    for n, (line, kind) in enumerate(lines):
        segments.append(Segment(n, len(text), len(text) + len(line), kind, line))
        text += line + "\n"
    date = datetime.date(2025, 12, 10 + len(id))
    return Document(id, language, role, f"The {id} & Co", date, text, f"{id}.txt"), tuple(segments)


def told() -> OpenStory:
    """The story, opened, every comparison already made."""
    original, o = document("wire", "en", "original", ORIGINAL)
    dutch, v = document("nl", "nl", "version", DUTCH)
    blog, d = document("blog", "en", "related", RELATED)
    story = Story("toy", f"Chips {HOSTILE}", (original, blog, dutch), ("toy: a warning <b>",))
    opened = OpenStory(story, FakeTranslator(), FakeEncoder())
    opened.__dict__["segments"] = {"wire": o, "nl": v, "blog": d}

    def at(segments: tuple[Segment, ...], n: int, words: str) -> tuple[int, int]:
        start = segments[n].text.index(words)
        return start, start + len(words)

    found = (
        Finding("changed", "number", 0, 0, "100", "200", 0.95, 1, at(o, 0, "100"), at(v, 0, "200")),
        Finding("changed", "hedge", 0, 0, "may", "zal", 0.9, 2, at(o, 0, "may"), at(v, 0, "zal")),
        Finding("changed", "source", 0, 0, "two people said", "melden bronnen", 0.85, 3,
                at(o, 0, "two people said"), at(v, 0, "melden bronnen")),
        Finding("dropped", "quote", 1, None, "“We like chips,”", "", 0.9, 4, at(o, 1, "“We like chips,”"), None),
        Finding("dropped", "claim", 4, None, o[4].text, "", 0.8, 5, (0, len(o[4].text)), None),
        Finding("added", "claim", None, 2, "", v[2].text, 0.8, 6, None, (0, len(v[2].text))),
        Finding("changed", "money", 3, 1, "$5 million", "5 miljoen dollar", 0.55, 7, at(o, 3, "$5 million"),
                at(v, 1, "5 miljoen dollar"), True),
    )  # fmt: skip
    english = tuple(
        Translation(
            n, t, "fake", "fake-translator-1", (f"length ratio 3.0{', and a long word on it' * 4}",) if n == 1 else ()
        )
        for n, t in enumerate(ENGLISH)
    )
    beads = (Bead((0,), (0,), 0.9), Bead((1,), ()), Bead((3,), (1,), 0.8, True), Bead((4,), ()), Bead((), (2,)))
    opened._comparisons["nl"] = Comparison(
        story, original, dutch, o, v, english, Alignment(beads, (Link(0, 0, 0.9), Link(3, 1, 0.8))), found,
        Status(("partly_kept", "dropped", "heading", "kept", "dropped", "byline"),
               ("altered", "carried", "added", "boilerplate")),
        "sig-nl", FakeEncoder(), ("nl: a warning of its own",),
    )  # fmt: skip
    opened._comparisons["blog"] = Comparison(
        story, original, blog, o, d, (), Alignment((Bead((0,), (0,), 0.7), Bead((), (1,))), (Link(0, 0, 0.7),)),
        (Finding("added", "claim", None, 1, "", d[1].text, 0.6, 1, None, (0, len(d[1].text))),),
        Status(("partly_kept", "dropped", "heading", "dropped", "dropped", "byline"), ("altered", "added")),
        "sig-blog", FakeEncoder(),
    )  # fmt: skip
    opened.translate = lambda id: opened._comparisons[id].translations if id != "wire" else ()  # type: ignore[method-assign]
    return opened
