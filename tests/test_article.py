"""The article on the worked case: made the same each time, and saying only what its segments hold."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from report_story import told
from test_report_h200 import Silent, plain

import retold
from retold import story as story_
from retold.compare import OpenStory
from retold.encode import encoder
from retold.kinship import kinship
from retold.naming import LETTERS
from retold.report import article
from retold.report.tables import counts
from retold.store import CachedEncoder, Store

ROOT = Path(__file__).parent.parent
STORY, ARTICLE = ROOT / "data" / "stories" / "h200", ROOT / "docs" / "h200.md"
# What the translation says, which no segment holds.
MACHINE = re.compile(r" (?:\(by machine: “.*?”\)|told as “.*?”)")


def test_equal_results_give_equal_files(tmp_path: Path) -> None:
    first = article.write(told(), tmp_path / "a" / "toy.md")
    second = article.write(told(), tmp_path / "b" / "toy.md")
    assert [p.name for p in first] == ["toy.md", "toy-kept.png", "toy-when.png", "toy-nl.png"]
    assert [p.read_bytes() for p in first] == [p.read_bytes() for p in second]
    text = first[0].read_text(encoding="utf-8")
    assert "<script>" not in text and "\\<script\\>" in text
    assert all(f"](img/{p.name})" in text for p in first[1:])


def statements(text: str, opened: OpenStory) -> Iterator[tuple[str, str, str]]:
    """(document the section is about, statement, the words of the segments it cites)."""
    names = {h["heading"]: c.version.id for c in opened.comparisons for h in [article._section(opened, c, "")]}
    about = ""
    for row in text.splitlines():
        if row.startswith("## "):
            about = names.get(row[3:], "")
        found = re.fullmatch(r"- (.*?) \\\[([^]]*)\\\]", row)
        if found:
            yield about, found[1], " ".join(cited(found[2], about, opened))


def cited(label: str, about: str, opened: OpenStory) -> Iterator[str]:
    for part in label.replace("–", "-").split(", "):
        found = re.fullmatch(r"([A-Za-z][\w-]*?) ?(\d+)(?:-(?:[A-Z])?(\d+))?", part)
        assert found, part
        name, first, last = found[1], int(found[2]), int(found[3] or found[2])
        letter = name if name in LETTERS.values() else ""
        id = opened.original.id if letter == "R" else about if letter else name
        yield from (s.text for s in opened.segments[id][first - 1 : last])


def check(text: str, opened: OpenStory) -> int:
    """Every quotation, number and name of every statement stands in the segments it cites; how many there are."""
    content = {c.version.id: counts(c) for c in opened.comparisons}
    number = 0
    for about, statement, words in statements(text, opened):
        number += 1
        own = MACHINE.sub("", statement).replace("\\", "")
        for quote in re.findall(r"“(.*?)”(?!\w)", own):
            assert plain(quote.removesuffix(" …")) in plain(words), (statement, words)
        rest = re.sub(r"“.*?”(?!\w)|and \d+ more|and the next", "", own)
        counted = re.fullmatch(r"(\d+) of (\d+) sentences(?: \(differences found in (\d+)\))?", rest)
        if counted:
            kept, total, differ = (int(n or 0) for n in counted.groups())
            assert differ <= kept <= total == next(iter(content.values()))["of"]
        else:
            names = re.findall(r"\b(?:[A-Z][\w.&’-]*|\d[\d.,]*)", re.sub(r"^[a-z ]+:", "", rest))
            assert all(n.strip(".,") in words for n in names), (about, statement, words)
    for c in opened.comparisons:
        assert kinship(c).words.replace("[", "\\[") in text
    return number


@pytest.mark.long
def test_every_statement_of_a_fresh_article_stands_in_its_segments(tmp_path: Path) -> None:
    book = Store(tmp_path / "store.sqlite")
    opened = OpenStory(story_.read(STORY), Silent(), CachedEncoder(encoder("bundled"), book))
    text, pictures = article.render(opened)
    assert check(text, opened) > 60
    assert set(pictures) == {f"img/h200-{x}.png" for x in ("kept", "when", "crypto-id", "tech-nl")}
    assert "version" not in text.split("## WorldUnderTension")[1].split("## How far")[0]


@pytest.mark.long
def test_the_article_in_docs_is_what_the_results_say(tmp_path: Path) -> None:
    opened = retold.load(STORY)
    stored = ARTICLE.read_text(encoding="utf-8")
    assert check(stored, opened) > 60
    made, pictures = article.render(opened)
    # Machine English depends on the processor's arithmetic, and what signs it on the machine.
    short = [MACHINE.sub("", x).rsplit("\nTranslation: ", 1)[0] for x in (stored, made)]
    assert short[0] == short[1], "run `make article`"
    assert all((ARTICLE.parent / name).exists() for name in pictures)


def test_a_bad_story_is_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert article.main([str(tmp_path / "none"), str(tmp_path / "out.md")]) == 1
    assert capsys.readouterr().err.count("\n") == 1
    assert list(tmp_path.iterdir()) == []
