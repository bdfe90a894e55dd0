from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from report_story import HOSTILE, told

from retold.compare import OpenStory
from retold.report import charts, notebook
from retold.translate import tmx


@pytest.fixture(scope="module")
def story() -> OpenStory:
    return told()


def test_a_story_shows_its_documents_and_compares_nothing(story: OpenStory) -> None:
    fresh = told()
    fresh._comparisons.clear()  # the stand-in engines would fail if anything were asked of them
    shown = fresh._repr_html_()
    assert all(d.id in shown for d in fresh.story.documents)
    assert HOSTILE not in shown
    assert "toy: a warning &lt;b&gt;" in shown


def test_a_comparison_shows_its_brief_and_first_findings(story: OpenStory) -> None:
    shown = story.compare("nl")._repr_html_()
    assert "Hardened or softened" in shown
    assert "melden bronnen" in shown
    assert HOSTILE not in shown
    assert "<style" not in shown  # a style sheet would reach into the notebook, and GitHub strips it


def test_a_reading_marks_what_differs(story: OpenStory) -> None:
    reading = story.compare("nl").read()
    shown = reading._repr_html_()
    assert "<mark>100</mark>" in shown
    assert "<del>“We like chips,”</del>" in shown
    assert HOSTILE not in shown
    plain = repr(reading)
    assert "[≠100≠]" in plain
    assert "V1 (◐ altered) Acme [≠zal≠] [≠200≠] chips" in plain
    assert "(Acme will sell 200 chips to Globex, sources report.)" in plain


def test_a_reading_of_differences_leaves_the_rest_out(story: OpenStory) -> None:
    c = story.compare("blog")
    assert len(c.read().rows) > len(c.read(differences=True).rows) == 1


def test_pictures_are_pngs_with_words_beside(story: OpenStory) -> None:
    c = story.compare("nl")
    for made in (story.matrix(), story.facets(), story.timeline(), c.ribbon(), c.similarity()):
        assert made._repr_png_().startswith(b"\x89PNG")
        assert len(repr(made)) > 20
    assert story.matrix().png == told().matrix().png


def test_the_matrix_says_by_signs_what_it_says_by_colours(story: OpenStory) -> None:
    axes = charts.coverage(story).axes[0]
    assert [t.get_text() for t in axes.texts] == ["◐", "●", "◐", "○", "○", "○"]
    assert [t.get_text() for t in axes.get_yticklabels()] == ["The nl & Co", "The blog & Co"]


def test_a_related_document_is_not_counted_among_the_versions(story: OpenStory) -> None:
    assert [a.get_title() for a in charts.findings(story).axes] == ["The nl & Co"]


def test_one_comparison_can_be_written_alone(story: OpenStory, tmp_path: Path) -> None:
    c = story.compare("nl")
    page = c.to_html(tmp_path / "a.html").read_text(encoding="utf-8")
    assert "melden bronnen" in page
    assert "d-blog" not in page
    assert "Findings" in openpyxl.load_workbook(c.to_xlsx(tmp_path / "a.xlsx")).sheetnames
    assert c.to_markdown(tmp_path / "a.md").read_text(encoding="utf-8").startswith("## The nl")
    assert len(tmx.read(c.to_tmx(tmp_path / "a.tmx"))) == 4


def test_a_story_can_be_written_file_by_file(story: OpenStory, tmp_path: Path) -> None:
    assert "d-blog" in story.to_html(tmp_path / "b.html").read_text(encoding="utf-8")
    assert "blog" in openpyxl.load_workbook(story.to_xlsx(tmp_path / "b.xlsx")).sheetnames
    assert "related" in story.to_markdown(tmp_path / "b.md").read_text(encoding="utf-8")
    assert len(tmx.read(story.to_tmx(tmp_path / "b.tmx"))) == 4


def test_a_comparison_is_named_in_a_line(story: OpenStory) -> None:
    assert notebook.named(story.compare("nl")) == "The nl & Co (Dutch version) against The wire & Co: 7 findings"
