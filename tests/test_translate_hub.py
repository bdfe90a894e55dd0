"""The hub engines on tiny models of their shapes: beams, batches, codes, truncation, and every way to be missing."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from retold.records import RetoldError
from retold.translate import models, seq2seq
from retold.translate.hub import Hub

TEXTS = ["De regering maakt nieuwe regels bekend.", "", "Ja.", "12,5", "De uitvoer steeg in oktober met 12,5 procent."]


@pytest.mark.parametrize("kind", ["tiny_marian", "tiny_nllb"])
def test_one_result_a_text_in_order_alone_or_together(kind: str, request: pytest.FixtureRequest) -> None:
    engine = Hub("local", request.getfixturevalue(kind))
    together = engine.translate(TEXTS, "nl")
    assert [t.n for t in together] == [0, 1, 2, 3, 4]
    assert together[1].text == "" and together[3].text == "12,5"  # nothing to translate
    assert all(together[n].text for n in (0, 2, 4))
    assert [engine.translate([t], "nl")[0].text for t in TEXTS] == [t.text for t in together]
    assert {t.signature for t in together} == {engine.signature}


def test_a_long_text_is_cut_and_says_so(tiny_marian: Path) -> None:
    [made] = Hub("local", tiny_marian, fast=False).translate(["De regering maakt nieuwe regels bekend. " * 20], "nl")
    assert any(w.startswith("only the first 64 of ") for w in made.warnings)
    assert "the translation was cut off at its longest" in made.warnings


def test_nllb_is_told_both_languages(tiny_nllb: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tokenizer, model, kind = seq2seq.loaded(tiny_nllb)
    assert kind == "nllb"
    seen: dict[str, Any] = {}

    def generate(**given: object) -> object:
        seen.update(given)
        return original(**given)

    original = model.generate
    monkeypatch.setattr(model, "generate", generate)
    Hub("local", tiny_nllb, fast=False).translate(["Pemerintah akan mengumumkan aturan."], "id")
    assert tokenizer.convert_ids_to_tokens(seen["forced_bos_token_id"]) == "eng_Latn"
    assert tokenizer.convert_ids_to_tokens(seen["input_ids"][0].tolist())[0] == "ind_Latn"


def test_a_missing_model_names_the_command(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path))
    for name, language, says in (
        ("marian", "id", "retold models get opus-mt-id-en"),
        ("marian", "nl", "retold models get opus-mt-nl-en"),
        ("nllb", "nl", "retold models get nllb"),
        ("madlad", "id", "retold models get madlad"),
        ("nllb", "ru", "does not read 'ru'"),
    ):
        with pytest.raises(RetoldError, match=says):
            Hub(name).translate(["Ja."], language)


def _cached(hub: Path, wanted: models.Model, commit: str = "c" * 40) -> Path:
    """An empty snapshot in the hub cache's layout."""
    top = hub / f"models--{wanted.repository.replace('/', '--')}"
    (top / "refs" / wanted.revision).parent.mkdir(parents=True)
    (top / "refs" / wanted.revision).write_text(commit)
    (top / "snapshots").mkdir()
    return top / "snapshots" / commit


def test_a_cached_model_is_used_at_its_pinned_revision(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, tiny_marian: Path
) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path))
    wanted = models.model("opus-mt-nl-en")
    shutil.copytree(tiny_marian, _cached(tmp_path, wanted))
    engine = Hub("marian")
    assert engine.missing("nl") is None and engine.missing("id") is not None
    assert "opus-mt-nl-en@cccccccccccc" in engine.signature
    assert engine.translate(["Ja, dat is zo."], "nl")[0].text
    assert models.verify()["opus-mt-nl-en"] is None
    # Another revision of the same repository is not the pinned one.
    (tmp_path / "models--Helsinki-NLP--opus-mt-nl-en" / "refs" / "refs" / "pr" / "2").rename(tmp_path / "main")
    assert Hub("marian").missing("nl") == (
        "translator 'marian' is not in the local cache: retold models get opus-mt-nl-en"
    )


def test_half_a_download_is_one_sentence(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, tiny_marian: Path) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path / "hub"))
    folder = shutil.copytree(tiny_marian, _cached(tmp_path / "hub", models.model("opus-mt-nl-en")))
    weights = folder / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-100])
    with pytest.raises(RetoldError, match=r"model\.safetensors is damaged or half downloaded") as error:
        Hub("marian").translate(["Ja, dat is zo."], "nl")
    assert "\n" not in str(error.value)
    assert "half downloaded" in str(models.verify()["opus-mt-nl-en"])
    weights.unlink()
    assert Hub("marian").missing("nl") is not None
    (folder / "pytorch_model.bin").write_bytes(b"\x80")  # pickled weights are not read
    assert "no safetensors weights" in str(Hub("local", folder).missing())


def test_a_folder_of_something_else_is_one_sentence(tmp_path: Path, tiny_marian: Path) -> None:
    for content, says in ((None, "config.json is missing"), ("{", "config.json cannot be read")):
        if content:
            (tmp_path / "config.json").write_text(content)
        with pytest.raises(RetoldError, match=says):
            Hub("local", tmp_path).translate(["Ja."], "nl")
    odd = shutil.copytree(tiny_marian, tmp_path / "odd")
    (odd / "config.json").write_text('{"model_type": "bert"}')
    with pytest.raises(RetoldError, match="not a translation model that transformers can load") as error:
        Hub("local", odd).translate(["Ja."], "nl")
    assert "\n" not in str(error.value)


def test_get_refuses_offline_and_unknown_names(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    with pytest.raises(RetoldError, match="HF_HUB_OFFLINE is set"):
        models.get("nllb")
    with pytest.raises(RetoldError, match="known are opus-mt-id-en, opus-mt-nl-en, nllb, madlad, labse"):
        models.get("babelfish")


def test_get_checks_what_it_fetched(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, tiny_marian: Path) -> None:
    asked: dict[str, object] = {}

    def download(repository: str, **how: object) -> str:
        asked.update(how, repository=repository)
        return str(folder)

    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", False)
    monkeypatch.setattr("huggingface_hub.HfApi.model_info", lambda *_, **how: asked.update(how))
    monkeypatch.setattr("huggingface_hub.snapshot_download", download)
    folder = tiny_marian
    assert models.get("opus-mt-id-en") == tiny_marian
    assert (asked["repository"], asked["revision"]) == ("Helsinki-NLP/opus-mt-id-en", "refs/pr/2")
    assert "*.bin" in str(asked["ignore_patterns"]) and asked["timeout"] == models.WAIT
    folder = tmp_path
    (tmp_path / "config.json").write_text("{}")
    with pytest.raises(RetoldError, match="no safetensors weights"):
        models.get("opus-mt-id-en")


def test_engines_say_what_is_missing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path))
    rows = {e.name: e for e in models.engines()}
    assert list(rows) == ["bundled", "marian", "nllb", "madlad"]
    assert rows["bundled"].present and rows["bundled"].fetch == ""
    assert rows["marian"].fetch == "retold models get opus-mt-id-en && retold models get opus-mt-nl-en"
    assert models.verify() == {}
