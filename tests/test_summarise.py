from __future__ import annotations

import dataclasses
import itertools
import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from report_story import FakeEncoder, told

from retold import findings
from retold.brief import WIDTH, Brief, Item, Line, cut, quoted, runs
from retold.compare import Comparison, OpenStory
from retold.extract import extract
from retold.findings.rank import BAR
from retold.records import Alignment, Bead, Document, Finding, Link, RetoldError, Segment, Side, Story
from retold.summarise import borne_out, brief, fragments, story_brief


@pytest.fixture(scope="module")
def story() -> OpenStory:
    return told()


def lines(made: Brief) -> dict[str, str]:
    return {line.lead: "; ".join(item.text for item in line.items) for line in made.lines}


def test_a_version_is_told_line_by_line(story: OpenStory) -> None:
    said = lines(brief(story.compare("nl")))
    assert said[""] == (
        "Keeps 2 of the original's 4 sentences (differences found in 1) and drops 2; 1 of its own 3 sentences are added"
    )
    assert said["Quotes dropped"] == "“‘We like chips,’ said Anna Bell, its head.”"
    assert said["Dropped"] == "“=1+1 is how the ministry answered.”"
    assert said["Sourcing"] == "“two people said” became “melden bronnen”"
    assert said["Hardened or softened"] == "hardened: “may” became “zal”"
    assert said["Facts"] == "“100” became “200”"  # the doubtful sum stands with the doubts, not with the facts
    assert said["Added"].startswith("“Dat is <script>")
    assert "(by machine: “That is <script>" in said["Added"]  # machine English never stands alone
    assert said["Promotion and page furniture"] == (
        "“Abonneer u op onze nieuwsbrief.” (by machine: “Subscribe to our newsletter.”)"
    )
    assert "$5 million" in said["The machine translation may err, not the document"]


def test_a_related_document_is_never_called_a_version(story: OpenStory) -> None:
    made = brief(story.compare("blog"))
    assert "version" not in made.text
    assert "dropped" not in made.text.lower()
    assert "Facts in both: 100, Acme, Globex [R1, D1]." in made.text


def test_the_story_is_told_at_a_glance(story: OpenStory) -> None:
    made = story_brief(story)
    said = lines(made)
    assert said["Kept by The nl & Co"].startswith("2 of 4 sentences")
    assert said["Dropped"].startswith("2 of 4 sentences")
    assert "Other firms wait" not in made.text  # what a related document adds is told in its own brief
    assert "[R1, blog 1]" in made.text


@pytest.mark.parametrize("id", ["nl", "blog"])
def test_every_quotation_stands_in_the_segments_it_cites(story: OpenStory, id: str) -> None:
    for made in (brief(story.compare(id)), story_brief(story)):
        assert made.lines
        for line in made.lines:
            for item in line.items:
                cited = plain(" ".join(words(story, ref) for ref in item.refs))
                for passage in re.findall(r"“(.*?)”(?!\w)", item.text):
                    assert plain(passage.removesuffix(" …")) in cited, (item, cited)


def words(story: OpenStory, ref: tuple[str, int]) -> str:
    segment = story.segments[ref[0]][ref[1]].text
    return segment + " " + " ".join(t.text for t in story.translate(ref[0]) if t.n == ref[1])


def plain(text: str) -> str:
    return re.sub("[“”\"‘’']", "", text)


@pytest.mark.parametrize("id", ["nl", "blog"])
def test_every_finding_cited_is_about_the_segments_cited(story: OpenStory, id: str) -> None:
    c = story.compare(id)
    of_rank = {f.rank: f for f in c.found}
    for line in brief(c).lines:
        for item in line.items:
            for document, rank in item.findings:
                assert document == id
                f = of_rank[rank]
                assert {n for n in (f.original, f.version) if n is not None} <= {n for _, n in item.refs}


def test_markdown_escapes_what_the_documents_say(story: OpenStory) -> None:
    text = brief(story.compare("nl")).markdown
    assert "<script>" not in text
    assert "\\<script\\>" in text
    assert text.startswith("## ")


def test_two_amounts_are_no_formula() -> None:
    said = Brief("$5 or $6", (Line("x", "", (Item("from $1 bn to $2 bn"),)),), (), ("of $7",)).markdown
    assert re.findall(r"(?<!\\)\$", said) == []
    assert said.count("\\$") == 5


def test_a_doubtful_translation_is_not_quoted(story: OpenStory) -> None:
    c = story.compare("nl")
    status = dataclasses.replace(c.status, version=("altered", "added", "added", "boilerplate"))
    said = lines(brief(dataclasses.replace(c, status=status)))
    added = said["No counterpart found for"]  # most of it is its own: links may have been missed
    assert "De prijs bedraagt 5 miljoen dollar." in added
    assert "The price is" not in added


def test_foreign_words_have_their_english_beside_them(story: OpenStory) -> None:
    c = dataclasses.replace(story.compare("nl"), english=(("melden bronnen", "sources report"), ("zal", "shall")))
    said = lines(brief(c))
    assert said["Sourcing"] == "“two people said” became “melden bronnen” (by machine: “sources report”)"
    assert said["Hardened or softened"] == "hardened: “may” became “zal” (by machine: “shall”)"
    assert fragments(c.found) == ["zal", "melden bronnen", "5 miljoen dollar"]  # a bare number needs none


def test_english_that_its_sentence_does_not_bear_out_is_not_shown() -> None:
    sentence = "They have tried to get the chip, according to a review covering more than 100 tenders."
    assert borne_out("According to a review", sentence) and borne_out("the tender", sentence)
    assert not borne_out("Observation", sentence)
    assert not borne_out("Those who were given the order", sentence)
    assert borne_out("of", sentence)  # too short to tell by


@given(
    st.lists(st.floats(0, 1), min_size=7, max_size=7), st.lists(st.sampled_from(["", "accept"]), min_size=7, max_size=7)
)
@settings(max_examples=20, deadline=None)
def test_no_finding_below_even_confidence_is_in_a_brief(sure: list[float], decided: list[str]) -> None:
    """Neither told, nor cited, nor counted among the rest; a note says how many are left out."""
    opened = told()
    c = opened.comparisons[0]
    found = tuple(
        dataclasses.replace(f, confidence=1.0 if verdict else p, decision=verdict, suspect_translation=False)
        for f, p, verdict in zip(c.found, sure, decided, strict=True)
    )
    low = [f for f in found if f.confidence < BAR]
    made = dataclasses.replace(c, found=found)
    opened._comparisons[c.version.id] = made
    for told_in in (brief(made), story_brief(opened)):
        for line in told_in.lines:
            cited = {r for item in line.items for d, r in item.findings if d == c.version.id}
            assert not cited & {f.rank for f in low}
            refs = {ref for item in line.items for ref in item.refs}
            for f in low:
                if line.topic == "dropped" and f.type == "dropped" and f.facet in ("claim", "quote"):
                    assert (c.original.id, f.original) not in refs
                if line.topic == "added" and f.type == "added" and f.facet in ("claim", "quote"):
                    assert (c.version.id, f.version) not in refs
                if f.type == "changed":
                    words = plain(f"“{f.before}” became “{f.after}”")
                    assert words not in plain(" ".join(item.text for item in line.items))
        # Whole statements less sure than that are told as doubtful.
        rest = [f for f in low if f.facet not in ("claim", "quote") or None not in (f.original, f.version)]
        assert (f"{len(rest)} finding" in " ".join(told_in.notes)) == bool(rest)


def test_a_cue_that_is_gone_is_shown_among_its_words(story: OpenStory) -> None:
    c = story.compare("nl")
    found = tuple(dataclasses.replace(f, type="dropped", after="") if f.facet == "hedge" else f for f in c.found)
    said = lines(brief(dataclasses.replace(c, found=found)))
    assert said["Hardened or softened"] == "hardened: “may” is gone from “Acme may sell 100 chips to”"


def test_warnings_stand_in_the_briefs(story: OpenStory) -> None:
    assert "Warning: nl: a warning of its own" in brief(story.compare("nl")).notes
    made = story_brief(story)
    assert made.notes[:2] == ("Warning: toy: a warning <b>", "Warning: nl: a warning of its own")
    assert "Warning: toy: a warning \\<b\\>" in made.markdown


def test_the_three_lengths(story: OpenStory) -> None:
    made = brief(story.compare("nl"))
    assert made.line.startswith("The nl & Co (Dutch version): free adaptation; keeps 2 of the original's 4 sentences")
    assert "quotes dropped 1; dropped 1; sourcing 1" in made.line
    assert len(made.line) < len(made.paragraph) <= len(made.text)
    told = story_brief(story)
    assert "Kept by The nl & Co 2" in told.line or "kept by The nl & Co 2" in told.line
    assert "2 of 4 sentences" in told.paragraph and " more" not in told.paragraph.split("Dropped:")[0]


def test_a_version_without_findings_has_a_brief_of_one_line(story: OpenStory) -> None:
    c = story.compare("blog")
    same = Comparison(
        c.story, c.original, c.version, c.original_segments[:1], c.version_segments[:1], (), c.alignment, (),
        dataclasses.replace(c.status, original=("kept",), version=("carried",)), "s", c.encoder,
    )  # fmt: skip
    version = dataclasses.replace(same, version=dataclasses.replace(c.version, role="version"))
    assert [line.topic for line in brief(version).lines] == ["kinship", "figures"]


@given(st.sets(st.integers(0, 60)))
def test_runs_cover_just_the_numbers(numbers: set[int]) -> None:
    found = runs(sorted(numbers))
    assert {n for a, b in found for n in range(a, b + 1)} == numbers
    assert all(b + 1 < c for (_, b), (c, _) in itertools.pairwise(found))


@given(st.text(max_size=400))
def test_a_quotation_is_cut_at_a_word_and_never_nested(text: str) -> None:
    said = quoted(text)
    assert len(said) <= WIDTH + 4
    assert "“" not in said[1:]


def test_what_is_left_off_is_counted_with_its_segments() -> None:
    made = cut([Item(str(n), (("a", n),), (("v", n),)) for n in range(7)], 5)
    assert [i.text for i in made] == ["0", "1", "2", "3", "4", "and 2 more"]
    assert made[-1].refs == (("a", 5), ("a", 6))
    assert made[-1].findings == (("v", 5), ("v", 6))


def segments(count: int) -> list[Segment]:
    return [Segment(n, n, n + 1, "sentence", str(n)) for n in range(count)]


def test_the_extract_takes_the_centre_and_says_nothing_twice() -> None:
    # 0, 1 and 2 are near copies of the topic, 3 and 4 belong to a second one, 5 stands alone.
    vectors = np.array(
        [[1, 0.1, 0], [1, 0.12, 0], [1, 0.08, 0], [0.4, 1, 0], [0.42, 1, 0.02], [0, 0, 1]], dtype=np.float32
    )
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    chosen = {s.n for s in extract(segments(6), vectors, count=2)}
    assert len(chosen & {0, 1, 2}) == 1
    assert len(chosen) == 2


def test_the_extract_prefers_the_lead_where_all_is_equal() -> None:
    vectors = np.full((5, 4), 0.5, dtype=np.float32)
    assert [s.n for s in extract(segments(5), vectors, count=1)] == [0]


def test_the_extract_takes_no_boilerplate_and_no_more_than_there_is() -> None:
    some = [*segments(2), Segment(2, 2, 3, "boilerplate", "x")]
    assert [s.n for s in extract(some, np.eye(3, dtype=np.float32), count=9)] == [0, 1]
    assert extract(some[2:], np.eye(1, dtype=np.float32)) == ()


def test_the_extract_refuses_what_does_not_fit() -> None:
    with pytest.raises(RetoldError, match="at least 1"):
        extract(segments(2), np.eye(2, dtype=np.float32), count=0)
    with pytest.raises(RetoldError, match="2 rows for 3 segments"):
        extract(segments(3), np.eye(2, dtype=np.float32))


def test_what_is_unsure_to_stand_alone_is_told_as_that_and_counted_apart(story: OpenStory) -> None:
    c = story.compare("nl")
    whole = [f for f in c.found if f.facet in ("claim", "quote") and None in (f.original, f.version)]
    found = tuple(dataclasses.replace(f, confidence=min(f.confidence, 0.6)) if f in whole else f for f in c.found)
    made = brief(dataclasses.replace(c, found=found))
    said = lines(made)
    assert "Dropped" not in said and not any(lead.startswith("Added") for lead in said)
    assert "drops 0 (perhaps 2 more); 0 (perhaps 1 more) of its own 3 sentences are added" in said[""]
    doubt = next(line for line in made.lines if line.topic == "doubt")
    assert len({ref for item in doubt.items for ref in item.refs}) == 3
    assert "Left out here" not in made.text  # for it is told


def test_a_statement_that_moved_is_cited_wherever_it_stands() -> None:
    texts = ["Acme waits.", "Globex pays.", "Prices rise."], ["Prices rise.", "Acme waits.", "So do all prices."]
    links = [(0, 1), (2, 0), (2, 2)]
    c = compared(*texts, links, [Bead((0,), (1,)), Bead((1,), ()), Bead((2,), (0, 2), 1.0, True)])
    said = [item for line in brief(c).lines for item in line.items if "stands elsewhere" in item.text]
    assert [item.refs for item in said] == [(("wire", 2), ("blog", 0), ("blog", 2))]


def compared(
    ours: list[str], theirs: list[str], links: list[tuple[int, int]], beads: list[Bead], role: str = "version"
) -> Comparison:
    """A comparison of two English texts, its beads given."""
    made = []
    for id, kind, texts in (("wire", "original", ours), ("blog", role, theirs)):
        starts = [sum(len(t) + 1 for t in texts[:n]) for n in range(len(texts))]
        segments = tuple(Segment(n, s, s + len(texts[n]), "sentence", texts[n]) for n, s in enumerate(starts))
        made.append((Document(id, "en", kind, "", None, " ".join(texts)), segments))  # type: ignore[arg-type]
    (original, left), (version, right) = made
    alignment = Alignment(tuple(beads), tuple(Link(o, v, 1.0) for o, v in links))
    found, status = findings.compare(Side.of(original, left), Side.of(version, right), alignment)
    story = Story("s", "S", (original, version))
    return Comparison(story, original, version, left, right, (), alignment, found, status, "x", FakeEncoder())


def test_a_name_new_in_a_statement_is_not_said_to_be_new_in_the_story() -> None:
    texts = (
        ["The chip is fast.", "Acme and Globex wait."],
        ["The chip is fast, unlike that of Globex.", "Acme and Globex wait."],
    )
    c = compared(*texts, [(0, 0), (1, 1)], [Bead((0,), (0,)), Bead((1,), (1,))])
    new = Finding("added", "name", 0, 0, "", "Globex", 0.9, 1, None, (32, 38))
    said = lines(brief(dataclasses.replace(c, found=(new,))))["Facts"]
    assert said == "“Globex” is new here, but stands elsewhere"


def test_a_sentence_kept_whole_is_quoted_before_one_kept_in_part() -> None:
    ours = ["Acme will pay $5 million.", "Globex waits for the ministry."]
    theirs = ["Acme will pay $6 million.", "Globex waits for the ministry."]
    c = compared(ours, theirs, [(0, 0), (1, 1)], [Bead((0,), (0,)), Bead((1,), (1,))])
    kept = next(line for line in story_brief(OpenStory.of(c)).lines if line.topic == "kept")
    assert [item.text for item in kept.items[1:]] == [
        "“Globex waits for the ministry.”", "“Acme will pay $5 million.” (with differences)",
    ]  # fmt: skip
