"""The bundled translator: the library's own results, the same alone or in company, never garbage.

Most tests run its code on a tiny model of the same shape; the last ones on the real weights.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import tiny_gemma

from retold.records import RetoldError
from retold.translate import adapter as adapter_
from retold.translate import bundled as bundled_
from retold.translate import convert
from retold.translate.bundled import Bundled

PROMPTS = ["Dutch: De man leest.\nEnglish:", "Dutch: Nee\nEnglish:", "Dutch: Het is vier, zegt Reuters\nEnglish:"]
TEXTS = ["De man leest.", "Nee, zegt de vrouw.", "Het is 12", "niet naar China " * 9, "De chips"]


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_gemma.make(tmp_path_factory.mktemp("tiny") / "gemma")


@pytest.fixture
def adapter(tmp_path: Path) -> Path:
    """An adapter folder whose checksums hold."""
    import hashlib

    folder = tmp_path / "adapter"
    folder.mkdir()
    lines = []
    for name in adapter_.FILES:
        (folder / name).write_bytes(name.encode() * 9)
        lines.append(f"{hashlib.sha256((folder / name).read_bytes()).hexdigest()}  {name}\n")
    (folder / "SHA256SUMS").write_text("".join(lines))
    return folder


@pytest.fixture
def engine(tiny: Path, adapter: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bundled:
    """The engine, on the tiny model."""
    monkeypatch.setenv("RETOLD_HOME", str(tmp_path))  # no other test's model is meant
    monkeypatch.setattr(convert, "converted", lambda adapter: tiny)
    monkeypatch.setattr(bundled_, "precision", lambda: "float32")
    return Bundled(adapter)


def test_the_forward_pass_is_the_librarys(tiny: Path) -> None:
    import torch
    from transformers import AutoModelForCausalLM

    from retold.translate.gemma import Gemma, Past

    model = Gemma(tiny, rows=16)
    library = AutoModelForCausalLM.from_pretrained(tiny, dtype=torch.float32)
    for prompt in (PROMPTS[0], PROMPTS[2] * 4):  # the second needs several passes
        ids = model.tokenizer.encode(prompt).ids
        with torch.inference_mode():
            mine = model.score_tokens(model.read(ids, Past(model, len(ids))), model.english)[0]
            theirs = library(torch.tensor([ids])).logits[0, -1]
        assert torch.allclose(mine, theirs[model.english], atol=1e-4)


def test_beam_search_finds_what_the_librarys_finds(tiny: Path) -> None:
    import torch
    from transformers import AutoModelForCausalLM

    from retold.translate.beam import search
    from retold.translate.gemma import Gemma

    model = Gemma(tiny, rows=8)  # two places for three sentences: one has to wait
    library = AutoModelForCausalLM.from_pretrained(tiny, dtype=torch.float32)
    prompts = [model.tokenizer.encode(p).ids for p in PROMPTS]
    never = [[i] for i in range(library.config.vocab_size) if i not in model.english.tolist()]
    for prompt, found in zip(prompts, search(model, prompts, [12] * 3, beams=4), strict=True):
        theirs = library.generate(
            torch.tensor([prompt]), num_beams=4, max_new_tokens=12, do_sample=False, eos_token_id=sorted(model.ends),
            bad_words_ids=never, renormalize_logits=True, output_scores=True, return_dict_in_generate=True,
        )  # fmt: skip
        made = [i for i in theirs.sequences[0, len(prompt) :].tolist() if i not in model.ends and i != 0]
        assert list(found[0].ids) == made
        assert found[0].score == pytest.approx(float(theirs.sequences_scores[0]), abs=1e-4)
        assert [c.score for c in found] == sorted((c.score for c in found), reverse=True)


def test_a_search_leans_to_the_words_it_is_given(tiny: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Once a hypothesis has one of a group's words the others are no likelier; no group, no change."""
    from retold.translate import beam
    from retold.translate.gemma import Gemma

    model = Gemma(tiny, rows=4)
    prompts = [model.tokenizer.encode(p).ids for p in PROMPTS]
    plain = beam.search(model, prompts, [6] * 3, beams=2)
    assert beam.search(model, prompts, [6] * 3, beams=2, wanted=[[], [], []]) == plain
    unsaid = [t for t in model.english.tolist() if t not in model.ends and not any(t in c.ids for c in plain[0])]
    monkeypatch.setattr(beam, "LEAN", 50.0)
    leant = beam.search(model, prompts, [6] * 3, beams=2, wanted=[[frozenset(unsaid[:3])], [], []])
    assert sum(t in unsaid[:3] for t in leant[0][0].ids) == 1
    assert leant[1:] == plain[1:]


def test_alone_or_in_company_the_same(engine: Bundled) -> None:
    together = engine.translate(TEXTS, "nl")
    assert [t.n for t in together] == [0, 1, 2, 3, 4] and all(t.text for t in together)
    assert len({t.text for t in together}) > 1
    for order in ([4, 3, 2, 1, 0], [2], [4, 4, 0]):
        made = engine.translate([TEXTS[n] for n in order], "nl")
        assert [t.text for t in made] == [together[n].text for n in order]


def test_what_holds_no_word_is_left_as_it_is(engine: Bundled) -> None:
    made = engine.translate(["", "  ", "—", "12,5"], "nl")
    assert [t.text for t in made] == ["", "", "—", "12,5"]
    assert engine.translate([], "id") == []


def test_letters_read_in_the_wrong_encoding_are_put_right() -> None:
    assert bundled_.mended("BarÃ§a â€“ â‚¬5 TaÃ\xadno") == "Barça – €5 Taíno"
    for text in ("Barça – €5 “Ja”", "Curaçao’s São Tomé", "Â", "ÃÃÃ"):
        assert bundled_.mended(text) == text


def test_a_text_cannot_steer_the_model(tiny: Path) -> None:
    from retold.translate.gemma import Gemma

    model = Gemma(tiny, rows=4)
    assert model.tokenizer.encode("<eos><bos>").ids.count(1) == 0
    english = {model.tokenizer.id_to_token(int(i)) for i in model.english}
    assert not english & {"<bos>", "<pad>", "<unk>"}


def test_an_overlong_text_is_cut_and_says_so(engine: Bundled, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bundled_, "MAX_CHARACTERS", 12)
    [made] = engine.translate(["De man leest. " * 10_000], "nl")
    assert "only the first 12 of 140000 characters were translated" in made.warnings


def test_an_unfinished_translation_says_so(engine: Bundled, monkeypatch: pytest.MonkeyPatch) -> None:
    from retold.translate.beam import Candidate

    unended = [Candidate(tuple(range(20, 32)), -0.1, False)]
    monkeypatch.setattr(Bundled, "_search", lambda self, texts, language, beams: [unended] * len(texts))
    [made] = engine.translate(["De man leest."], "nl")
    assert "the translation was cut off at its longest" in made.warnings


def test_nothing_between_the_pieces_is_lost(engine: Bundled, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bundled_, "PIECE", 40)
    for text, ends in (("De man leest niet. " * 9, "."), ("de man leest, " * 9, ","), ("de man leest " * 9, "")):
        pieces = engine._pieces(text.strip())
        assert len(pieces) > 2 and " ".join(pieces) == text.strip()
        assert all(p.endswith(ends) for p in pieces[:-1])
    assert "".join(engine._pieces("a" * 100)) == "a" * 100


@pytest.mark.parametrize("damage", ["cut", "missing", "no sums"])
def test_a_damaged_adapter_is_said_once_and_done_without(
    engine: Bundled, damage: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    good = Bundled(engine.adapter).signature
    weights = engine.adapter / "adapter_model.safetensors"
    if damage == "cut":
        weights.write_bytes(weights.read_bytes()[:-1])
    else:
        (weights if damage == "missing" else engine.adapter / "SHA256SUMS").unlink()
    asked: list[Path | None] = []
    tiny = convert.converted(None)

    def converted(adapter: Path | None) -> Path:
        asked.append(adapter)
        return tiny

    monkeypatch.setattr(convert, "converted", converted)
    with pytest.warns(UserWarning, match="adapter cannot be used: .*translating by examples instead") as seen:
        made = engine.translate(["De man leest.", "Nee"], "nl")
        engine.translate(["Nee"], "nl")
    assert len(seen) == 1 and asked == [None]
    assert "few-shot" in engine.signature and engine.signature != good
    assert all(t.text for t in made)


def _as_converted(tiny: Path, target: Path) -> Path:
    """A folder as a conversion leaves it."""
    shutil.copytree(tiny, target, dirs_exist_ok=True)
    lines = [f"{convert._digest(p)}  {p.name}\n" for p in sorted(target.iterdir())]
    (target / "SHA256SUMS").write_text("".join(lines))
    return target


def _name() -> str:
    """What the converted base model's folder is called."""
    import hashlib

    key = json.dumps([convert._FORM, convert._expected(), "no adapter"])
    return f"gemma-3-270m-{hashlib.sha256(key.encode()).hexdigest()[:12]}"


def test_a_truncated_or_altered_cache_is_noticed_and_made_again(
    tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    name = _name()
    copy = _as_converted(tiny, tmp_path / "models" / name)
    monkeypatch.setenv("RETOLD_HOME", str(tmp_path))
    made = 0

    def convert_(target: Path, adapter: Path | None) -> None:
        nonlocal made
        made += 1
        _as_converted(tiny, target)

    monkeypatch.setattr(convert, "_convert", convert_)
    assert convert.converted(None) == copy and made == 0
    with (copy / "model.safetensors").open("r+b") as file:
        file.truncate(1000)
    assert convert.converted(None) == copy and made == 1
    assert "model.safetensors was altered or cut short; it is made again" in capsys.readouterr().err
    (copy / "config.json").unlink()
    assert convert.converted(None) == copy and made == 2
    assert "config.json is missing" in capsys.readouterr().err
    assert [p.name for p in (tmp_path / "models").iterdir()] == [name]


def test_a_cache_that_cannot_be_written_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "models").write_text("in the way")
    monkeypatch.setenv("RETOLD_HOME", str(tmp_path))
    with pytest.raises(RetoldError, match="the model cannot be written there"):
        convert.converted(None)


def test_an_adapter_is_merged(tmp_path: Path) -> None:
    import torch
    from safetensors.torch import save_file

    (tmp_path / "adapter_config.json").write_text('{"lora_alpha": 4, "r": 2}')
    name = "base_model.model.model.layers.0.mlp.down_proj.lora_{}.weight"
    down, up = torch.tensor([[1.0, 0, 2], [0, 1, 0]]), torch.tensor([[1.0, 0], [0, 3]])
    save_file({name.format("A"): down.half(), name.format("B"): up.half()}, tmp_path / adapter_.FILES[1])
    weights = {"model.layers.0.mlp.down_proj.weight": torch.ones(2, 3), "model.norm.weight": torch.ones(2)}
    adapter_.merge(weights, tmp_path)
    assert weights["model.layers.0.mlp.down_proj.weight"].tolist() == [[3, 1, 5], [1, 7, 1]]
    assert weights["model.norm.weight"].tolist() == [1, 1]


def test_an_adapter_of_another_model_is_refused(tmp_path: Path) -> None:
    import torch
    from safetensors.torch import save_file

    (tmp_path / "adapter_config.json").write_text('{"lora_alpha": 2, "r": 1}')
    name = "base_model.model.model.layers.0.mlp.down_proj.lora_{}.weight"
    save_file({name.format("A"): torch.ones(1, 3), name.format("B"): torch.ones(2, 1)}, tmp_path / adapter_.FILES[1])
    for weights in ({}, {"model.layers.0.mlp.down_proj.weight": torch.zeros(3, 2)}):
        with pytest.raises(ValueError, match="is not a weight of the model or has another shape"):
            adapter_.merge(weights, tmp_path)


def test_importing_loads_nothing() -> None:
    code = "import sys, retold.translate; sys.exit('torch' in sys.modules or 'transformers' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], env={**os.environ}, check=False).returncode == 0


def test_precision_is_part_of_the_signature(adapter: Path) -> None:
    assert bundled_.precision() in Bundled(adapter).signature


def test_the_shipped_adapter_is_whole_and_small() -> None:
    assert adapter_.checksum()
    assert sum(p.stat().st_size for p in adapter_.FOLDER.iterdir()) <= 16 * 2**20
    config = json.loads((adapter_.FOLDER / "adapter_config.json").read_text())
    assert config["r"] > 0 and config["lora_alpha"] > 0
    assert "Gemma Terms of Use" in (adapter_.FOLDER / "NOTICE").read_text()


@pytest.mark.long
def test_the_real_model_translates(capfd: pytest.CaptureFixture[str]) -> None:
    texts = ["Dat meldden vier bronnen aan Reuters.", "De uitvoer steeg met 12,5 procent."]
    engine = Bundled()
    first, second = engine.translate(texts, "nl")
    assert "four" in first.text.lower() and "Reuters" in first.text
    assert "12.5" in second.text and second.warnings == ()
    assert engine.translate(texts[1:], "nl")[0].text == second.text
    [third] = engine.translate(["Pemerintah China belum memberikan jawaban resmi."], "id")
    assert "Chin" in third.text and "government" in third.text.lower() and {"no", "not"} & set(third.text.split())
