"""CTranslate2 beside transformers on the same models: tokens, alone or together, and every way to fall back."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from conftest import SENTENCES, make_marian

from retold.translate import fast
from retold.translate.hub import Hub

pytest.importorskip("ctranslate2")
TEXTS = [" ".join(s.split()[:k]) for s in SENTENCES for k in (3, 6, 20)]

STEPS = 200


@pytest.fixture(autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A model cache of the test's own, and nothing loaded from another."""
    folder = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("RETOLD_HOME", str(folder))
    fast.converted.cache_clear()
    fast.loaded.cache_clear()
    return folder


def gaps(first: int) -> list[tuple[str, str]]:
    """Foreign sentences less one word, with their English: every second word is left out, from the first on."""
    known = [(s.split(), SENTENCES[n - n % 3]) for n, s in enumerate(SENTENCES) if n % 3]
    return [(" ".join(s[:k] + s[k + 1 :]), english) for s, english in known for k in range(first, len(s), 2)]


@pytest.fixture(scope="session")
def learned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small Marian that has learned sentences with gaps: as sure of its words as a trained model is."""
    import torch
    from transformers import AutoModelForSeq2SeqLM, AutoTokenizer

    folder = make_marian(tmp_path_factory.mktemp("learned") / "marian", width=64)
    tokenizer = AutoTokenizer.from_pretrained(folder)
    model = AutoModelForSeq2SeqLM.from_pretrained(folder)
    sources, targets = zip(*gaps(0), strict=True)
    given = tokenizer(list(sources), text_target=list(targets), return_tensors="pt", padding=True)
    given["labels"][given["labels"] == tokenizer.pad_token_id] = -100
    learn = torch.optim.Adam(model.parameters(), lr=3e-3)
    for _ in range(STEPS):
        learn.zero_grad()
        loss = model(**given).loss
        loss.backward()
        learn.step()
    assert loss.item() < 0.02
    model.save_pretrained(folder)
    return folder


def translated(folder: Path, texts: list[str], *, way: bool) -> list[str]:
    return [t.text for t in Hub("local", folder, fast=way).translate(texts, "nl")]


@pytest.mark.parametrize("kind", ["tiny_marian", "tiny_nllb"])
def test_in_float32_it_gives_the_tokens_of_transformers(
    kind: str, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Random weights leave the choice between words to the last digits, so all but one or so may be asked for."""
    folder = request.getfixturevalue(kind)
    monkeypatch.setattr("retold.translate.seq2seq.precision", lambda: "float32")
    monkeypatch.setattr(
        fast, "loaded", lambda folder, key: fast.Fast(Path(str(fast.converted(folder, key, "float32"))), folder)
    )
    ours, theirs = translated(folder, TEXTS, way=True), translated(folder, TEXTS, way=False)
    assert len(set(theirs)) >= 3
    same = sum(a == b for a, b in zip(ours, theirs, strict=True))
    assert same >= 0.95 * len(TEXTS)


@pytest.mark.long
def test_in_eight_bits_a_model_that_has_learned_gives_the_same_tokens(learned: Path) -> None:
    import sacrebleu

    pairs = gaps(1)
    texts, references = [s for s, _ in pairs], [[t for _, t in pairs]]
    ours, theirs = translated(learned, texts, way=True), translated(learned, texts, way=False)
    assert set(theirs) >= set(references[0])  # it translates
    assert sum(a == b for a, b in zip(ours, theirs, strict=True)) >= 0.95 * len(texts)
    chrf = sacrebleu.CHRF()
    assert abs(chrf.corpus_score(ours, references).score - chrf.corpus_score(theirs, references).score) <= 0.5


@pytest.mark.parametrize("kind", ["tiny_marian", "tiny_nllb"])
def test_a_text_gets_the_same_alone_and_among_others(kind: str, request: pytest.FixtureRequest) -> None:
    folder = request.getfixturevalue(kind)
    together = translated(folder, TEXTS, way=True)
    assert [translated(folder, [t], way=True)[0] for t in TEXTS] == together


def test_it_is_converted_once_checked_and_signed(
    tiny_marian: Path, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    engine = Hub("local", tiny_marian)
    assert f"ctranslate2 {fast.release()} int8" in engine.signature
    assert engine.signature != Hub("local", tiny_marian, fast=False).signature
    assert capsys.readouterr().err.count("for CTranslate2 once") == 1
    first = engine.translate(TEXTS[:3], "nl")
    assert {t.signature for t in first} == {engine.signature}
    [made] = (home / "models").iterdir()
    assert {"model.bin", "SHA256SUMS"} <= {p.name for p in made.iterdir()}
    assert capsys.readouterr().err == ""
    (made / "model.bin").write_bytes((made / "model.bin").read_bytes()[:-1] + b"\0\1")
    fast.converted.cache_clear()
    fast.loaded.cache_clear()
    assert [t.text for t in engine.translate(TEXTS[:3], "nl")] == [t.text for t in first]
    assert "model.bin was altered or cut short; it is made again" in capsys.readouterr().err


def test_what_it_cannot_take_goes_through_transformers_and_is_said_once(
    tiny_marian: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    odd = shutil.copytree(tiny_marian, tmp_path / "odd")
    config = json.loads((odd / "config.json").read_text())
    (odd / "config.json").write_text(json.dumps(config | {"activation_function": "mish"}))
    engine = Hub("local", odd)
    made = [engine.translate([t], "nl")[0] for t in TEXTS[:2]]
    assert [t.text for t in made] == translated(odd, TEXTS[:2], way=False)
    assert "transformers" in engine.signature and made[0].signature == engine.signature
    said = capsys.readouterr().err
    assert said.count("CTranslate2 cannot take this model") == 1 and said.count("\n") == 1 + said.count("preparing")


def test_without_the_package_nothing_is_said(
    tiny_marian: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(fast, "release", lambda: None)
    assert translated(tiny_marian, TEXTS[:2], way=True) == translated(tiny_marian, TEXTS[:2], way=False)
    assert capsys.readouterr().err == ""


def test_a_cache_that_cannot_be_written_stops_nothing(
    tiny_marian: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("RETOLD_HOME", str(tmp_path / "file" / "home"))
    engine: Any = Hub("local", tiny_marian)
    assert "transformers" in engine.signature
    assert engine.translate(TEXTS[:1], "nl")[0].text
    assert capsys.readouterr().err.count("transformers is used instead") == 1


def test_a_translation_that_finds_no_end_says_so(tiny_marian: Path, tmp_path: Path) -> None:
    """An end token that is never chosen: every translation stops at its longest, forced end token aside."""
    from safetensors.torch import load_file, save_file

    endless = shutil.copytree(tiny_marian, tmp_path / "endless")
    weights = load_file(endless / "model.safetensors")
    weights["final_logits_bias"][0, 0] = -1e9
    save_file(weights, endless / "model.safetensors", metadata={"format": "pt"})
    for way in (True, False):
        [made] = Hub("local", endless, fast=way).translate(["De regering."], "nl")
        assert "the translation was cut off at its longest" in made.warnings
