"""Abstractive summaries: a tiny model of mT5's shape, the check of each sentence, and every way to be missing."""

from __future__ import annotations

import dataclasses
import shutil
from pathlib import Path

import pytest
from report_story import told

from retold.abstract import SUPPORT, Abstract, Summariser, abstract, checked
from retold.encode import encoder
from retold.records import Document, RetoldError, Segment, Translation
from retold.translate import models

BODY = [
    "Nvidia may sell 200 H200 chips to China, two officials told Reuters on Monday.",
    "Alibaba has asked about large orders.",
    "The ministry declined to comment.",
]


def segments(texts: list[str]) -> list[Segment]:
    return [Segment(n, 0, len(t), "sentence", t) for n, t in enumerate(texts)]


def document(language: str) -> Document:
    return Document("wire", language, "original", "Reuters", None, "")


def test_a_sentence_of_the_document_is_supported_by_itself() -> None:
    for n, found in enumerate(checked(" ".join(BODY), segments(BODY), "en", encoder("bundled"))):
        assert found.segments == (n,)
        assert found.support == pytest.approx(1, abs=1e-3)
        assert found.supported and found.missing == ()


def test_numbers_and_names_that_the_document_lacks_are_marked() -> None:
    text = "Nvidia may sell 300 H200 chips to Japan, Anna Bell told Reuters. The ministry had no comment."
    first, second = checked(text, segments(BODY), "en", encoder("bundled"))
    assert first.support >= SUPPORT and not first.supported
    assert {"300", "Japan", "Anna Bell"} <= set(first.missing)
    assert "Nvidia" not in first.missing and "Reuters" not in first.missing
    assert second.supported


def test_a_sentence_from_elsewhere_is_marked() -> None:
    [found] = checked("A rare orchid flowered in the garden this week.", segments(BODY), "en", encoder("bundled"))
    assert found.missing == () and found.support < SUPPORT and not found.supported


def test_it_says_where_it_rests_and_what_is_unsupported() -> None:
    text = "Alibaba has asked about large orders. A rare orchid flowered. Alibaba placed 7,000 orders."
    made = Abstract(document("en"), "en", checked(text, segments(BODY), "en", encoder("bundled")))
    lines = repr(made).splitlines()
    assert lines[1] == "  Alibaba has asked about large orders. [R2]"
    assert lines[2].endswith("UNSUPPORTED: nothing in it is near")
    assert lines[3].endswith("[R2] UNSUPPORTED: the document does not have 7,000")


def test_a_model_writes_and_every_sentence_is_checked(tiny_mt5: Path) -> None:
    some = [*segments(BODY), Segment(3, 0, 9, "boilerplate", "Subscribe")]
    made = abstract(document("en"), some, (), encoder("bundled"), model=str(tiny_mt5))
    assert made.why == "" and made.language == "en"
    assert made.sentences and all(s.segments[0] < 3 for s in made.sentences)
    assert all(-1 <= s.support <= 1.001 for s in made.sentences)
    assert made == abstract(document("en"), some, (), encoder("bundled"), model=str(tiny_mt5))
    assert "beam 4" in made.signature
    text, notes = Summariser(str(tiny_mt5)).write("De regering maakt nieuwe regels bekend. " * 80)
    assert text and notes[0].startswith("It was written from the first 512 of ")


def test_a_language_the_model_does_not_read_is_summarised_from_its_english(
    tiny_mt5: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = models.SUMMARISERS["xlsum"]
    top = tmp_path / f"models--{wanted.repository.replace('/', '--')}"
    (top / "refs" / wanted.revision).parent.mkdir(parents=True)
    (top / "refs" / wanted.revision).write_text("c" * 40)
    shutil.copytree(tiny_mt5, top / "snapshots" / ("c" * 40))
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path))
    dutch = segments(["Alibaba vroeg naar grote orders.", "Het ministerie zweeg."])
    english = [Translation(0, BODY[1], "bundled", "s"), Translation(1, BODY[2], "bundled", "s")]
    made = abstract(document("nl"), dutch, english, encoder("bundled"))
    assert made.language == "en" and made.sentences
    assert made.notes[0] == "The model does not read Dutch: written from machine English."
    assert abstract(document("id"), dutch, english, encoder("bundled")).language == "id"
    assert (
        repr(abstract(document("nl"), dutch, (), encoder("bundled")))
        == "No abstractive summary of wire: it has no sentence to summarise"
    )


def test_without_a_model_it_says_what_helps(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path))
    made = told().abstract("wire")
    assert made.sentences == ()
    assert repr(made) == (
        "No abstractive summary of wire: summariser 'xlsum' is not in the local cache: retold models get xlsum"
    )
    with pytest.raises(RetoldError, match="retold models get xlsum"):
        Summariser().write("Some text.")
    assert "is no folder and no summariser; known is xlsum" in str(Summariser("babble").missing())
    assert str(Summariser(str(tmp_path)).missing()).endswith("config.json is missing")
    [row] = models.summarisers()
    assert (row.name, row.present, row.fetch) == ("xlsum", False, "retold models get xlsum")
    assert models.model("xlsum").revision == "refs/pr/7"


def test_a_folder_of_something_else_is_one_sentence(tiny_mt5: Path, tmp_path: Path) -> None:
    odd = shutil.copytree(tiny_mt5, tmp_path / "odd")
    (odd / "config.json").write_text('{"model_type": "bert"}')
    with pytest.raises(RetoldError, match="not a summarising model that transformers can load") as error:
        Summariser(str(odd)).write("Some text.")
    assert "\n" not in str(error.value)


def test_a_doubtful_sentence_is_never_called_supported() -> None:
    [found] = checked(BODY[0], segments(BODY), "en", encoder("bundled"))
    assert not dataclasses.replace(found, support=SUPPORT - 0.001).supported
    assert not dataclasses.replace(found, missing=("300",)).supported
    assert checked("", segments(BODY), "en", encoder("bundled")) == ()
