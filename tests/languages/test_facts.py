"""The golden tables of facts beside this file, one a language: what must be found with which value, and what must not.

German shows that a language is a word-list file and a golden table: the package ships neither; both lie here.
"""

from __future__ import annotations

import datetime
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

import retold.languages
from retold import findings
from retold.facts import extract
from retold.records import Alignment, Bead, Link, RetoldError, Side

DATE = datetime.date(2025, 12, 10)
HERE = Path(__file__).parent
TABLES = {path.suffixes[0][1:]: tomllib.loads(path.read_text("utf-8")) for path in sorted(HERE.glob("facts.*.toml"))}


def rows(key: str) -> list[tuple[str, ...]]:
    return [(language, *row) for language, table in TABLES.items() for row in table[key]]


@pytest.fixture(autouse=True)
def lists(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The package's language files and this folder's, as if they lay together."""
    from importlib.resources import files as package

    class Folder:
        def __truediv__(self, name: str) -> Path:
            return HERE / name if (HERE / name).is_file() else Path(str(package("retold.languages"))) / name

    monkeypatch.setattr("retold.languages.files", lambda _: Folder())
    yield
    retold.languages.words.cache_clear()


@pytest.mark.parametrize(("language", "text", "type_", "words", "value"), rows("must"))
def test_finds(language: str, text: str, type_: str, words: str, value: str) -> None:
    assert (type_, words, value) in {(f.type, f.text, f.value) for f in extract(text, language, date=DATE)}


@pytest.mark.parametrize(("language", "text", "type_", "words"), rows("must_not"))
def test_leaves(language: str, text: str, type_: str, words: str) -> None:
    start = text.index(words)
    end = start + len(words)
    found = extract(text, language, date=DATE)
    assert not [f for f in found if f.type == type_ and f.start < end and start < f.end]


def test_every_language_of_the_package_has_a_table() -> None:
    assert {*retold.languages.LANGUAGES, "de"} == set(TABLES)


def test_compares_an_english_original_with_a_german_version() -> None:
    original = Side.of_sentences(["In theory, more than 100 chips may be sold in Beijing."], "en", DATE)
    version = Side.of_sentences(["Mehr als 120 Chips werden in Peking nicht verkauft."], "de", DATE)
    some, _ = findings.compare(original, version, Alignment((Bead((0,), (0,)),), (Link(0, 0, 1.0),)))
    assert {(f.type, f.facet, f.before, f.after) for f in some} == {
        ("changed", "number", "more than 100", "Mehr als 120"),
        ("added", "negation", "", "nicht"),
        ("dropped", "hedge", "In theory", ""),
        ("dropped", "hedge", "may", ""),
    }


def test_without_its_file_the_language_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    retold.languages.words.cache_clear()
    with pytest.raises(RetoldError, match="language 'de' is not supported"):
        extract("ein Text", "de")
