"""The report on the five documents, compared for real with the bundled encoder; English is left out."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from retold import story as story_
from retold.brief import Brief
from retold.compare import OpenStory
from retold.encode import encoder
from retold.kinship import kinship
from retold.naming import finding_keys
from retold.records import Translation
from retold.report import exports
from retold.store import CachedEncoder, Store
from retold.summarise import brief, story_brief

pytestmark = pytest.mark.long

STORY = Path(__file__).parent.parent / "data" / "stories" / "h200"


class Silent:
    """Stands in for a translator, which is not what is tried here: it leaves the English empty."""

    name = "silent"
    signature = "silent-1"

    def translate(self, texts: list[str], language: str) -> list[Translation]:
        return [Translation(n, "", self.name, self.signature) for n in range(len(texts))]


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> OpenStory:
    book = Store(tmp_path_factory.mktemp("store") / "store.sqlite")
    return OpenStory(story_.read(STORY), Silent(), CachedEncoder(encoder("bundled"), book))


@pytest.fixture(scope="module")
def folder(story: OpenStory, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("reports")
    exports.write_all(story, out)
    return out


def cited(made: Brief, *topics: str) -> set[tuple[str, int]]:
    """The segments, counted from 1, that the lines of these topics rest on."""
    return {(d, n + 1) for line in made.lines if line.topic in topics for item in line.items for d, n in item.refs}


def test_the_dutch_brief_names_what_matters(story: OpenStory) -> None:
    made = brief(story.compare("nl"))
    gone, doubtful = cited(made, "dropped"), cited(made, "doubt")
    assert {("reuters-en", n) for n in (8, 17, 18, 19, 20)} <= gone
    assert ("reuters-en", 9) in gone | doubtful
    assert "Zhang Yuchun" in next(x for x in made.lines if x.lead == "Quotes dropped").items[0].text
    assert ("tech-nl", 6) in cited(made, "added") | doubtful  # that an export ban was eased the original says
    assert ("reuters-en", 16) in cited(made, "certainty")
    assert "hardened" in made.text
    assert len(cited(made, "sourcing")) >= 4


def test_the_indonesian_brief_names_what_matters(story: OpenStory) -> None:
    made = brief(story.compare("id"))
    assert {("crypto-id", n) for n in (53, 54, 55, 56)} == cited(made, "boilerplate")
    assert {("crypto-id", n) for n in (4, 14, 46)} <= cited(made, "added")
    assert ("crypto-id", 26) not in cited(made, "added") and ("crypto-id", 45) not in cited(made, "added")
    assert {("reuters-en", 19), ("reuters-en", 20)} <= cited(made, "dropped")
    assert len(cited(made, "sourcing")) >= 4


def test_briefs_are_about_ten_lines_and_say_nothing_uncited(story: OpenStory) -> None:
    for c in story.comparisons:
        made = brief(c)
        assert 4 <= len(made.lines) <= 12
        check(story, made)
        assert made.line.count("\n") == made.paragraph.count("\n") == 0
    check(story, story_brief(story))


def check(story: OpenStory, made: Brief) -> None:
    """Every quotation and every number in it stands in the segments it cites."""
    for line in made.lines:
        for item in line.items:
            words = plain(" ".join(story.segments[d][n].text for d, n in item.refs))
            for passage in re.findall(r"“(.*?)”(?!\w)", item.text):
                assert plain(passage.removesuffix(" …")) in words, (item, words)


def plain(text: str) -> str:
    return " ".join(re.sub("[“”„\"‘’']", "", text).split())


def test_kinship_tells_versions_from_related_documents(story: OpenStory) -> None:
    verdicts = {c.version.id: kinship(c).verdict for c in story.comparisons}
    assert verdicts["crypto-id"] == verdicts["tech-nl"] == "free adaptation"
    assert verdicts["video-en"] == verdicts["blog-en"] == "follow-up sharing facts"


def test_related_documents_share_facts_and_are_no_versions(story: OpenStory) -> None:
    for id in ("video-en", "blog-en"):
        said = brief(story.compare(id)).text
        assert "version" not in said
        assert "dropped" not in said.lower()
        assert "Blackwell" in said
        assert "Huawei" in said


def test_related_documents_share_what_they_say_again_and_no_more(story: OpenStory) -> None:
    shared = {
        id: {(k.original + 1, k.version + 1) for k in story.compare(id).alignment.links}
        for id in ("video-en", "blog-en")
    }
    assert shared == {"video-en": {(16, 18)}, "blog-en": {(1, 6)}}


def test_nothing_that_a_related_document_does_not_mention_is_a_finding(story: OpenStory) -> None:
    for id in ("video-en", "blog-en"):
        c = story.compare(id)
        assert c.found
        assert all(f.original is None or c.status.original[f.original] != "dropped" for f in c.found)
        assert [f.rank for f in c.found] == list(range(1, len(c.found) + 1))
        assert "dropped" in c.status.original


def test_claims_with_a_number_on_one_side_alone_are_not_joined(story: OpenStory) -> None:
    for row in story.claim_rows:
        cells = {id: cell.segments for id, cell in row.cells}
        assert not (33 in cells["video-en"] and 23 in cells["blog-en"])  # 200,000 units each; in bulk


def test_the_gist_is_three_sentences_of_the_document(story: OpenStory) -> None:
    for d in story.story.documents:
        gist = story.extract(d.id)
        assert len(gist) == 3
        assert all(d.text[s.start : s.end] == s.text for s in gist)
        assert [s.n for s in gist] == sorted(s.n for s in gist)


def test_the_record_slices_back(story: OpenStory, folder: Path) -> None:
    read = json.loads((folder / "comparison.json").read_text(encoding="utf-8"))
    texts = {d.id: d.text for d in story.story.documents}
    counts = {d["id"]: len(d["segments"]) for d in read["documents"]}
    assert counts["reuters-en"] == 22
    assert (counts["crypto-id"], counts["tech-nl"]) == (56, 25)
    for d in read["documents"]:
        assert all(texts[d["id"]][s["start"] : s["end"]] == s["text"] for s in d["segments"])


def test_the_page_holds_every_finding_and_stays_small(story: OpenStory, folder: Path) -> None:
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert len(page.encode()) < 2_000_000
    for c in story.comparisons:
        assert all(f'id="f-{key}"' in page for key in finding_keys(c))


def test_the_page_fits_every_screen(folder: Path, browser: Any) -> None:
    for width in (1280, 390):
        page = browser.new_page(viewport={"width": width, "height": 900})
        noise: list[str] = []
        page.on("console", lambda m, noise=noise: noise.append(m.text))
        page.goto((folder / "report.html").as_uri())
        page.evaluate("document.querySelectorAll('details').forEach(d => (d.open = true))")
        assert page.evaluate("document.documentElement.scrollWidth") == width
        assert noise == []
        page.close()
