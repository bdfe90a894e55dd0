"""The glossaries: what stands in them, how findings read them, and what a translation is asked to have of them."""

from __future__ import annotations

import re

import pytest

from retold.findings.lexicon import function_words, pairs
from retold.findings.thesaurus import base, near, related
from retold.languages import LANGUAGES, glossary, thesaurus
from retold.translate.choose import choose
from retold.translate.glossed import covered, read

FOREIGN = [language for language in LANGUAGES if language != "en"]


@pytest.mark.parametrize("language", FOREIGN)
def test_every_row_is_a_word_and_its_english(language: str) -> None:
    rows = glossary(language)
    assert len(rows) > 20_000
    for word, answers in rows.items():
        assert re.fullmatch(r"[^\W\d_][^\W\d_'’-]*(?:[-'’][^\W\d_]+)*", word), word
        assert answers and len(set(answers)) == len(answers), word
        assert all(a == " ".join(a.split()) and re.search("[A-Za-z]", a) for a in answers), word


@pytest.mark.parametrize("language", FOREIGN)
def test_what_is_in_news_every_day_is_there(language: str) -> None:
    """And languages without a glossary have an empty one."""
    some = {"nl": "daalden bezorgdheid vergunning toezicht aandelen", "id": "turun kekhawatiran izin pengawasan saham"}
    words = some[language].split()
    assert all(glossary(language)[word] for word in words)
    assert glossary("en") == {} and glossary("xx") == {}


def test_pairs_are_read_both_ways_without_function_words_and_what_looks_alike() -> None:
    there, back = pairs("nl", "en"), pairs("en", "nl")
    assert {"fell", "dropped", "declined"} <= there["daalden"]
    assert "daalden" in back["fell"]
    assert {"aviation", "authority"} <= there["luchtvaartautoriteit"]
    assert not there.keys() & function_words("nl") and not back.keys() & function_words("en")
    assert all(word not in answers for word, answers in there.items())
    assert pairs("en", "en") == pairs("nl", "id") == pairs("?", "en") == pairs("en", "?") == {}


def test_reading_knows_compounds_clitics_and_names() -> None:
    some = {w.text: w for w in read("De vergunningsregels van Groot gelden vandaag niet.", "nl")}
    assert some["vergunningsregels"].answers[0].split()[0] in glossary("nl")["vergunning"]
    assert some["vergunningsregels"].rank > some["vandaag"].rank
    assert "groot" not in some and "de" not in some and "niet" not in some
    one = next(iter(read("aturan-aturannya", "id")))
    assert one.text == "aturan-aturannya" and one.answers == glossary("id")["aturan"]
    assert list(read("Blorpflitsen", "nl")) == []


def test_covered_counts_rare_words_more_and_endings_not() -> None:
    words = list(read("De aandelen daalden vandaag fors.", "nl"))
    assert covered(words, "Shares fell sharply today.") == 1.0
    assert covered(words, "It rained.") == 0.0
    assert 0.0 < covered(words, "The share was here today.") < 1.0
    assert covered([], "anything") == 1.0
    common, rare = covered(words, "Today it rained."), covered(words, "It rained sharply.")
    assert rare > common > 0


def test_of_two_candidates_as_likely_the_one_that_says_more_of_the_source_is_chosen() -> None:
    source = "De zorgen over het toezicht nemen toe."
    some = [("The capacity for the summer is growing.", -0.5), ("Concerns about oversight are growing.", -0.5)]
    assert choose(source, some, "nl") == 1
    assert choose(source, [(some[0][0], -0.1), (some[1][0], -2.0)], "nl") == 0


def test_every_row_of_the_thesaurus_is_a_word_and_others() -> None:
    rows = thesaurus("en")
    assert len(rows) > 9_000 and thesaurus("nl") == {}
    for word, some in rows.items():
        assert re.fullmatch(r"[a-z][a-z'’-]*", word), word
        assert some and len(set(some)) == len(some) and word not in some, word
        assert all(x == " ".join(x.split()) for x in some), word


@pytest.mark.parametrize(
    ("word", "form"),
    [
        ("plunged", "plunge"),
        ("went", "go"),
        ("keenly", "keen"),
        ("companies", "company"),
        ("hitting", "hit"),
        ("h200", "h200"),
    ],
)
def test_a_word_has_a_base_form(word: str, form: str) -> None:
    assert base(word) == form


@pytest.mark.parametrize(
    ("a", "b", "are"),
    [("anticipates", "expected", True), ("reviews", "oversight", False), ("purchases", "bought", True),
     ("approved", "permission", True), ("rose", "fell", False), ("doctor", "hospital", False), ("", "x", False)],
)  # fmt: skip
def test_words_are_near_in_meaning_both_ways(a: str, b: str, *, are: bool) -> None:
    assert near(a, b) is near(b, a) is are


def test_the_relation_of_the_thesaurus_holds_both_ways() -> None:
    for word in list(thesaurus("en"))[:500]:
        assert all(word in related(other) for other in related(word))
