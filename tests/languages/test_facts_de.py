"""A language is a word-list file and a golden table: German, of which the package ships neither."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from pathlib import Path

import pytest

import retold.languages
from retold import findings
from retold.facts import extract
from retold.records import Alignment, Bead, Link, RetoldError, Side

DATE = datetime.date(2025, 12, 10)
HERE = Path(__file__).parent

MUST = [
    ("mehr als 100 Ausschreibungen", "number", "mehr als 100", ">100"),
    ("fast sechs mal so stark", "number", "fast sechs mal", "~6x"),
    ("2,8 Milliarden Euro", "money", "2,8 Milliarden Euro", "2800000000EUR"),
    ("3.000 Produkte", "number", "3.000", "3000"),
    ("zweiundzwanzig Spieler", "number", "zweiundzwanzig", "22"),
    ("am Mittwoch", "time", "Mittwoch", "2025-12-10"),
    ("am 30. September 2018", "time", "30. September 2018", "2018-09-30"),
    ("gestern", "time", "gestern", "2025-12-09"),
    ("aus Peking", "place", "Peking", "beijing"),
    ("in den Niederlanden", "name", "Niederlanden", "niederlanden"),
    ("nach Frankreich", "place", "Frankreich", "FR"),
    ("zwei Personen sagten das", "source", "zwei Personen sagten", "anonymous:2:-:neutral"),
    ("möglicherweise", "hedge", "möglicherweise", "possible"),
    ("nicht verkauft", "negation", "nicht", "not"),
]
MUST_NOT = [("ein Mann", "number", "ein"), ("der H200", "number", "200"), ("vernichtet", "negation", "nicht")]


@pytest.fixture(autouse=True)
def german(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The package's language files and this folder's de.toml, as if it lay among them."""
    from importlib.resources import files as package

    class Folder:
        def __truediv__(self, name: str) -> Path:
            return HERE / name if name == "de.toml" else Path(str(package("retold.languages"))) / name

    monkeypatch.setattr("retold.languages.files", lambda _: Folder())
    yield
    retold.languages.words.cache_clear()


@pytest.mark.parametrize(("text", "type_", "words", "value"), MUST)
def test_finds(text: str, type_: str, words: str, value: str) -> None:
    assert (type_, words, value) in {(f.type, f.text, f.value) for f in extract(text, "de", date=DATE)}


@pytest.mark.parametrize(("text", "type_", "words"), MUST_NOT)
def test_leaves(text: str, type_: str, words: str) -> None:
    start = text.index(words)
    assert not [f for f in extract(text, "de") if f.type == type_ and f.start < start + len(words) and start < f.end]


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
