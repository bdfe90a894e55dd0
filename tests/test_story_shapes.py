"""Stories of other shapes than the worked one: one version, ten versions, related documents only, two originals."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from test_main_job import ORIGINAL, OTHER
from test_report_h200 import Silent

from retold import story as story_
from retold.compare import OpenStory
from retold.encode import encoder
from retold.records import RetoldError


def opened(folder: Path, others: list[tuple[str, str, str]], role: str = "original") -> OpenStory:
    """A story of the original and of `others`: (id, role, text)."""
    rows = ['id = "bridge"', 'title = "The bridge"']
    for id, role_, text in (("gazette", role, ORIGINAL), *others):
        (folder / f"{id}.txt").write_text(text, encoding="utf-8")
        rows += [
            "[[documents]]", f'id = "{id}"', f'file = "{id}.txt"', 'language = "en"', f'role = "{role_}"',
            'publisher = "unknown"', "date = 2026-03-02", 'note = ""',
            f'sha256 = "{hashlib.sha256(text.encode()).hexdigest()}"',
        ]  # fmt: skip
    (folder / "story.toml").write_text("\n".join(rows) + "\n", encoding="utf-8")
    return OpenStory(story_.read(folder), Silent(), encoder("bundled"))


def test_one_version(tmp_path: Path) -> None:
    story = opened(tmp_path, [("copy", "version", ORIGINAL)])
    assert [line.lead for line in story.brief.lines] == ["Kept by the English version"]
    assert story.brief.lines[0].items[0].text == "5 of 5 sentences"
    assert set(story.claims()["copy"].str.split().str[0]) == {"kept"}
    assert list(story.kinship().verdict) == ["close translation"]


def test_ten_versions(tmp_path: Path) -> None:
    paragraphs = ORIGINAL.strip().split("\n\n")
    texts = ["\n\n".join(paragraphs[: 1 + n % 3]) for n in range(10)]
    story = opened(tmp_path, [(f"v{n}", "version", t) for n, t in enumerate(texts)])
    made = {line.lead: line for line in story.brief.lines}
    assert made["Kept by all 10 versions"].items[0].refs == (("gazette", 0),)
    assert len(story.claims().columns) == 13 and len(story.coverage().columns) == 11
    assert len(story.kinship()) == 10
    assert all(p.stat().st_size for p in story.write(tmp_path / "out"))


def test_related_documents_only(tmp_path: Path) -> None:
    story = opened(tmp_path, [("garden", "related", OTHER)])
    assert "version" not in story.brief.text and "dropped" not in story.brief.text.lower()
    assert list(story.kinship().verdict) == ["unrelated"]
    assert set(story.coverage()["garden"]) == {"not mentioned"}
    assert all(p.stat().st_size for p in story.write(tmp_path / "out"))


def test_two_originals_are_refused(tmp_path: Path) -> None:
    with pytest.raises(RetoldError, match=r"2 documents have the role 'original' \('gazette', 'copy'\)") as error:
        opened(tmp_path, [("copy", "original", OTHER)])
    assert "a story has exactly one" in str(error.value)
