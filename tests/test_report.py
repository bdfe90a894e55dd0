from __future__ import annotations

import itertools
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from report_story import HOSTILE, told

from retold.compare import OpenStory
from retold.naming import finding_keys, label, slug
from retold.records import RetoldError
from retold.report import html, palette, ribbon, tables
from retold.report.reading import rows


@pytest.fixture(scope="module")
def story() -> OpenStory:
    return told()


@pytest.fixture(scope="module")
def page(story: OpenStory) -> str:
    return html.render(story)


class Elements(HTMLParser):
    """Every element with its attributes, and the text outside style and script."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.raw = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self.raw = tag if tag in ("style", "script") else ""

    def handle_endtag(self, tag: str) -> None:
        self.raw = ""

    def handle_data(self, data: str) -> None:
        if not self.raw:
            self.words.append(data)


def test_hostile_text_stays_text(page: str) -> None:
    read = Elements(page)
    assert [tag for tag, _ in read.elements].count("script") == 1
    assert HOSTILE in "".join(read.words)
    assert not any(name.startswith("on") for _, attributes in read.elements for name in attributes)


def test_nothing_is_fetched(page: str) -> None:
    read = Elements(page)
    targets = [
        v or "" for _, a in read.elements for k, v in a.items() if k in ("src", "href", "srcset", "action", "data")
    ]
    assert targets
    assert all(target.startswith("#") for target in targets)
    assert not re.search(r"@import|url\(", page)
    policy = next(a["content"] for _, a in read.elements if a.get("http-equiv") == "Content-Security-Policy")
    assert policy is not None
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert not any("style" in a for _, a in read.elements)  # the policy would refuse it


def test_a_quotation_gets_no_second_marks(page: str) -> None:
    assert '<q class="before bare">“We like chips,”</q>' in page
    assert '<q class="before">two people said</q>' in page


def test_every_finding_segment_and_link_target_is_there(story: OpenStory, page: str) -> None:
    read = Elements(page)
    ids = [a["id"] for _, a in read.elements if "id" in a]
    assert len(ids) == len(set(ids))
    assert {str(a["href"])[1:] for _, a in read.elements if a.get("href")} <= set(map(str, ids))
    for c in story.comparisons:
        assert {f"f-{key}" for key in finding_keys(c)} <= set(map(str, ids))
        assert {f"s-{c.version.id}-v{s.n}" for s in c.version_segments} <= set(map(str, ids))
        assert {f"s-{c.version.id}-o{s.n}" for s in c.original_segments} <= set(map(str, ids))


def test_the_page_says_who_made_what_and_what_to_doubt(story: OpenStory, page: str) -> None:
    words = " ".join("".join(Elements(page).words).split())
    assert story.translator.signature in words
    assert story.encoder.signature in words
    assert "sig-nl" in words
    assert "toy: a warning <b>" in words
    assert "nl: a warning of its own" in words
    assert "length ratio 3.0" in words


def test_altered_words_are_marked_inside_the_sentence(page: str) -> None:
    marks = re.findall(r'<a class="m (\w+)"[^>]*>([^<]*)</a>', page)
    assert ("changed", "100") in marks
    assert ("changed", "zal") in marks
    assert ("dropped", "“We like chips,”") in marks


def test_the_page_is_the_same_twice_and_small(story: OpenStory, page: str) -> None:
    assert html.render(story) == page
    assert len(page.encode()) < 2_000_000
    assert "object at 0x" not in page


def test_the_file_is_replaced_whole(story: OpenStory, page: str, tmp_path: Path) -> None:
    path = html.write_html(story, tmp_path / "sub" / "report.html")
    assert path.read_text(encoding="utf-8") == page
    assert [p.name for p in path.parent.iterdir()] == ["report.html"]
    (tmp_path / "file").write_text("x")
    with pytest.raises(RetoldError, match="cannot be written"):
        html.write_html(story, tmp_path / "file" / "report.html")
    assert (tmp_path / "file").read_text() == "x"


def test_rows_hold_every_segment_once_and_slice_back(story: OpenStory) -> None:
    for c in story.comparisons:
        view = rows(c)
        for side, segments in (("original", c.original_segments), ("version", c.version_segments)):
            cells = [cell for row in view for cell in getattr(row, side)]
            assert sorted(cell.n for cell in cells) == [s.n for s in segments]
            for cell in cells:
                assert "".join(p.text for p in cell.pieces) == segments[cell.n].text
        assert sorted(row.turn for row in view) == list(range(len(view)))
        by_turn = sorted(view, key=lambda row: row.turn)
        order = [row.version[0].n for row in by_turn if row.version]
        assert order == sorted(order)


def test_an_addition_stands_behind_its_neighbour(story: OpenStory) -> None:
    faces = [(tuple(c.label for c in r.original), tuple(c.label for c in r.version)) for r in rows(story.compare("nl"))]
    at = faces.index((("R4",), ("V2",)))
    assert faces[at + 1] == ((), ("V3",))
    assert faces[at + 2] == ((), ("V4",))


def test_a_related_document_drops_nothing(page: str) -> None:
    section = page[page.index('id="d-blog"') : page.index('id="made"')]
    words = "".join(Elements(section).words)
    assert "dropped" not in words
    assert "not mentioned" in words


def test_the_findings_of_a_related_document_are_folded(story: OpenStory, page: str) -> None:
    own = page[page.index('id="d-blog"') :]
    assert own.index('<details class="more"><summary>1 finding</summary>') < own.index('<li class="finding')
    assert "what differs in shared sentences, and what is its own" in own
    version = page[page.index('id="d-nl"') : page.index('id="d-blog"')]
    assert version.index('<li class="finding') > version.index("most important first")
    assert "what differs in shared" not in version


def test_the_ribbon_has_a_bar_a_segment_and_a_band_a_link(story: OpenStory) -> None:
    for c in story.comparisons:
        plan = ribbon.layout(c)
        assert (len(plan.left), len(plan.right)) == (len(c.original_segments), len(c.version_segments))
        assert len(plan.bands) == len(c.alignment.links)
        for bars in (plan.left, plan.right):
            assert all(a.top + a.height <= b.top for a, b in itertools.pairwise(bars))
            assert bars[-1].top + bars[-1].height <= plan.height
        drawn = ribbon.svg(c)
        assert drawn.count("<rect x=") == len(c.original_segments) + len(c.version_segments)
        assert drawn.count('class="band') == len(c.alignment.links)
        assert HOSTILE not in drawn
    assert 'class="band moved"' in ribbon.svg(story.compare("nl"))


def test_the_ribbon_is_drawn_for_notebooks_too(story: OpenStory) -> None:
    drawn = ribbon.figure(story.compare("nl"))
    said = {t.get_text() for t in drawn.axes[0].texts}
    assert {"R1", "− R2", "V3 +", "V4"} <= said


def test_tables_read_as_a_person_expects(story: OpenStory) -> None:
    c = story.compare("nl")
    table = c.findings
    assert list(table.columns[:6]) == ["type", "facet", "original", "version", "before", "after"]
    assert list(table.index) == [1, 2, 3, 4, 5, 6, 7]
    assert [table.at[1, c] for c in ("original", "version", "before", "after")] == ["R1", "V1", "100", "200"]
    assert table["key"].is_unique
    overview = tables.overview(story)
    assert list(overview.index) == ["wire", "nl", "blog"]
    assert [overview.at["nl", c] for c in ("sentences", "kept", "partly_kept", "dropped", "added")] == [3, 1, 1, 2, 1]
    coverage = tables.coverage(story)
    assert coverage.loc["R1", "nl"] == "kept in part V1"
    assert coverage.loc["R4", "blog"] == "not mentioned"
    assert list(tables.links(c)["original"]) == ["R1", "R4"]
    assert tables.links(c)["moved"].tolist() == [False, True]
    assert tables.segments(story).shape[0] == 12
    assert set(tables.statuses(c)["status"]) >= {"kept", "kept in part", "dropped", "carried", "added", "boilerplate"}


def test_keys_outlive_other_findings(story: OpenStory) -> None:
    import dataclasses

    c = story.compare("nl")
    fewer = dataclasses.replace(c, found=c.found[2:])
    assert finding_keys(fewer) == finding_keys(c)[2:]
    twice = dataclasses.replace(c, found=(c.found[0], c.found[0]))
    assert len(set(finding_keys(twice))) == 2


def test_names_count_from_one() -> None:
    assert [label("original", 7), label("version", 2), label("related", 0)] == ["R8", "V3", "D1"]
    assert slug("a/b c") == "a-b-c"
    assert slug("¿?") == "document"


def test_colours_differ_between_documents(story: OpenStory) -> None:
    colours = palette.document_colours(story.story)
    assert len(set(colours.values())) == 3
    assert all(re.fullmatch("#[0-9A-Fa-f]{6}", c) for c in colours.values())


def test_a_story_of_a_related_document_alone_is_told(story: OpenStory) -> None:
    alone = OpenStory.of(story.compare("blog"))
    page = html.render(alone)
    assert 'id="d-blog"' in page
    assert "Kept by" not in page
    assert tables.claims(alone).shape == (5, 4)


def test_a_story_of_ten_versions_is_told(story: OpenStory) -> None:
    import dataclasses

    many = OpenStory.of(story.compare("nl"))
    c = many.compare("nl")
    versions = [dataclasses.replace(c.version, id=f"nl{n}", publisher=f"Paper {n}") for n in range(10)]
    many.story = dataclasses.replace(many.story, documents=(c.original, *versions))
    for d in versions:
        many.segments[d.id] = c.version_segments
        many._comparisons[d.id] = dataclasses.replace(c, version=d, story=many.story)
    page = html.render(many)
    assert "Kept by all 10 versions" in page
    assert all(f'id="d-nl{n}"' in page for n in range(10))


def test_a_story_without_other_documents_is_told(story: OpenStory) -> None:
    import dataclasses

    lone = OpenStory.of(story.compare("nl"))
    lone.story = dataclasses.replace(lone.story, documents=(lone.original,))
    lone._comparisons.clear()
    assert "<h1>" in html.render(lone)
    assert tables.all_findings(lone).empty
