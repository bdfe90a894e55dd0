from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from report_story import FakeEncoder, told

from retold.claims import claims
from retold.compare import OpenStory
from retold.kinship import Kinship, _longest_run, kinship
from retold.records import Alignment, Finding, Link, Vectors
from retold.shared import shared_facts


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
    assert words.endswith("dated the same day")


@pytest.mark.parametrize(
    ("numbers", "length"), [([], 0), ([3], 1), ([1, 2, 2, 5], 4), ([5, 1, 2, 3], 3), ([4, 3, 2], 1)]
)
def test_the_longest_run_never_falls(numbers: list[int], length: int) -> None:
    assert _longest_run(numbers) == length
