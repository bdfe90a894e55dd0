"""The training recipe on a tiny Gemma 3: it learns, goes on exactly, and writes what PEFT and the package read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from retold.records import RetoldError, Translation
from retold.translate import adapter as adapter_
from training import catalogues, lora, manuals, pairs, translator
from training.pairs import Pair

WORDS = 60
DATA: list[translator.Encoded] = [([2, 5 + i % 7, 20 + i % 11], [30 + i % 7, 40 + i % 11, 1]) for i in range(77)]
PLAN = translator.Plan(steps=40, tokens=48, rate=0.02, warmup=2, decay=10, rank=4, alpha=8, drop=0.0, window=4)


def tiny() -> Any:
    """A Gemma 3 with random weights, the same at every call."""
    from transformers import Gemma3ForCausalLM, Gemma3TextConfig

    torch.manual_seed(7)
    sizes = {
        "hidden_size": 16,
        "intermediate_size": 32,
        "num_attention_heads": 2,
        "num_key_value_heads": 1,
        "head_dim": 8,
    }
    config = Gemma3TextConfig(
        vocab_size=WORDS, num_hidden_layers=2, sliding_window=8, pad_token_id=0, eos_token_id=1, bos_token_id=2, **sizes
    )
    model = Gemma3ForCausalLM(config)
    with torch.no_grad():
        model.model.embed_tokens.weight *= 20  # else its scores are all but equal, and no update could tell words apart
    return model


def weights_in(folder: Path) -> dict[str, torch.Tensor]:
    state: dict[str, torch.Tensor] = torch.load(folder / "state.pt", weights_only=True)["weights"]
    return state


def test_training_lowers_the_loss(tmp_path: Path) -> None:
    model = tiny()
    with torch.no_grad():
        before = translator.Scorer(model, DATA)(DATA).item()
    assert translator.train(model, DATA, tmp_path, PLAN) == 40
    with torch.no_grad():
        after = translator.Scorer(model, DATA)(DATA).item()
    assert after < before - 0.5


def test_a_run_goes_on_exactly(tmp_path: Path) -> None:
    translator.train(tiny(), DATA, tmp_path / "whole", PLAN)
    for stop in (3, 11, 40):
        assert translator.train(tiny(), DATA, tmp_path / "pieces", PLAN, until=stop) == stop
    whole, pieces = weights_in(tmp_path / "whole"), weights_in(tmp_path / "pieces")
    assert whole.keys() == pieces.keys()
    assert all(torch.equal(whole[name], pieces[name]) for name in whole)


def test_the_same_seed_gives_the_same_adapter(tmp_path: Path) -> None:
    for name in "ab":
        translator.train(tiny(), DATA, tmp_path / name, PLAN, until=5)
    files = [(tmp_path / name / "adapter" / "adapter_model.safetensors").read_bytes() for name in "ab"]
    assert files[0] == files[1]


def test_peft_and_the_package_read_the_adapter(tmp_path: Path) -> None:
    from peft import PeftModel

    trained = tiny()
    translator.train(trained, DATA, tmp_path, PLAN, until=20)
    adapter = tmp_path / "adapter"
    assert adapter_.checksum(adapter)
    merged = tiny()
    with torch.no_grad():
        adapter_.merge(merged.state_dict(), adapter)
    ids = torch.tensor([[2, 5, 20, 30]])
    with torch.no_grad():
        expected, plain = trained(input_ids=ids).logits, tiny()(input_ids=ids).logits
        by_peft = PeftModel.from_pretrained(tiny(), str(adapter))(input_ids=ids).logits
        by_package = merged(input_ids=ids).logits
    assert (expected - plain).abs().max() > 0.1
    assert torch.allclose(by_peft, expected, atol=0.01)
    assert torch.allclose(by_package, expected, atol=0.01)


def test_keys_shapes_and_size_of_the_real_model() -> None:
    from transformers import Gemma3ForCausalLM, Gemma3TextConfig

    config = Gemma3TextConfig(
        vocab_size=262144, hidden_size=640, intermediate_size=2048, num_hidden_layers=18, num_attention_heads=4,
        num_key_value_heads=1, head_dim=256,
    )  # fmt: skip
    with torch.device("meta"):
        weights = lora.add_lora(Gemma3ForCausalLM(config))
    assert len(weights) == 18 * 7 * 2
    assert weights["base_model.model.model.layers.17.mlp.down_proj.lora_A.weight"].shape == (32, 2048)
    assert weights["base_model.model.model.layers.0.self_attn.k_proj.lora_B.weight"].shape == (256, 32)
    assert 2 * sum(w.numel() for w in weights.values()) < 16e6


def test_an_adapter_of_lower_rank_starts_a_run(tmp_path: Path) -> None:
    translator.train(tiny(), DATA, tmp_path, PLAN, until=10)
    started = tiny()
    weights = lora.add_lora(started, rank=6, alpha=18)
    lora.load_into(weights, tmp_path / "adapter", scale=3)
    merged = tiny()
    with torch.no_grad():
        adapter_.merge(merged.state_dict(), tmp_path / "adapter")
        ids = torch.tensor([[2, 5, 20, 30]])
        assert torch.allclose(started(input_ids=ids).logits, merged(input_ids=ids).logits, atol=1e-4)
    with pytest.raises(RetoldError, match="2 of this model"):
        lora.load_into(dict(list(weights.items())[:2]), tmp_path / "adapter", scale=3)


def test_averaging(tmp_path: Path) -> None:
    for name, steps in (("a", 10), ("b", 30)):
        translator.train(tiny(), DATA, tmp_path / name, PLAN, until=steps)
    updates = []
    one, two = tmp_path / "a" / "adapter", tmp_path / "b" / "adapter"
    lora.average({one: 0.25, two: 0.75}, tmp_path / "mean", rank=8, alpha=8)
    lora.average({one: 1.0}, tmp_path / "same", rank=4, alpha=2)
    for folder in (one, two, tmp_path / "mean", tmp_path / "same"):
        zeros = {name: torch.zeros_like(value) for name, value in tiny().state_dict().items()}
        adapter_.merge(zeros, folder)
        updates.append(zeros["model.layers.1.mlp.up_proj.weight"])
    assert torch.allclose(0.25 * updates[0] + 0.75 * updates[1], updates[2], atol=2e-3)
    assert torch.allclose(updates[0], updates[3], atol=2e-3)


def test_the_loss_is_that_of_the_full_softmax_where_all_words_are_frequent() -> None:
    model = tiny()
    data: list[translator.Encoded] = [([2, 3], list(range(start, start + 15))) for start in range(0, 60, 15)]
    ids = torch.tensor([p + t for p, t in data])
    with torch.no_grad():
        logits = model(input_ids=ids).logits[:, 1:-1]
        expected = torch.nn.functional.cross_entropy(logits.reshape(-1, WORDS), ids[:, 2:].reshape(-1))
        assert torch.allclose(translator.Scorer(model, data)(data), expected, atol=1e-5)


def test_the_worst_pairs_of_a_batch_are_left_out() -> None:
    scorer = translator.Scorer(tiny(), DATA)
    with torch.no_grad():
        single = sorted(scorer([pair]).item() for pair in DATA[:10])
        assert scorer(DATA[:10], 0.2).item() == pytest.approx(sum(single[:8]) / 8, abs=0.02)


@given(st.lists(st.tuples(st.integers(1, 30), st.integers(1, 30)), min_size=1, max_size=80), st.integers(60, 300))
def test_every_pair_comes_once_an_epoch_within_the_budget(lengths: list[tuple[int, int]], tokens: int) -> None:
    data = [([i] * p, [i] * t) for i, (p, t) in enumerate(lengths)]
    plan = translator.Plan(tokens=tokens, window=2)
    seen: list[int] = []
    for batch in translator.batches(data, plan):
        assert max(len(p) + len(t) for p, t in batch) * len(batch) <= max(tokens, 60)
        seen += [p[0] for p, _ in batch]
        if len(seen) >= len(data):
            break
    assert sorted(seen) == list(range(len(data)))


def test_the_rate_rises_stays_and_falls() -> None:
    plan = translator.Plan(steps=100, rate=1.0, warmup=10, decay=20)
    assert [plan.rate_at(s) for s in (0, 9, 50, 80, 90, 99)] == pytest.approx([0.1, 1.0, 1.0, 1.0, 0.5, 0.05])


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Zoo was de Engelsche mensch tusschen den storm", "Zo was de Engelse mens tussen de storm"),
        ("De visschen en de Fransche vleeschwaren", "De vissen en de Franse vleeswaren"),
        ("De mensen lopen in de school", "De mensen lopen in de school"),
    ],
)
def test_old_spelling(old: str, new: str) -> None:
    assert pairs.modernise(old) == new


def test_cleaning() -> None:
    assert pairs.clean('"Ia bilang ""dua"" kali ."') == 'Ia bilang "dua" kali.'
    assert pairs.clean('"Hal itu sudah dibahas.') == "Hal itu sudah dibahas."


@pytest.mark.parametrize(
    ("source", "english", "kept"),
    [
        ("Harga naik 1.500 rupiah pada 2020.", "Prices rose 1,500 rupiah in 2020.", True),
        ("Harga naik 1.500 rupiah pada 2020.", "Prices rose 1,600 rupiah in 2020.", False),
        ("Harga naik.", "Prices rose sharply on Tuesday, the minister of trade said in Jakarta.", False),
        ("", "Prices rose.", False),
        ("Reuters", "Reuters", False),
        ("Set the opacity of the shadow in paragraaf 2.", "Set the opacity of the shadow in paragraph 2.", False),
    ],
)
def test_what_is_kept(source: str, english: str, kept: bool) -> None:
    assert pairs.fits(Pair("id", "panl-eco", source, english)) is kept


def test_names_tell_free_translations() -> None:
    source = "Pada Rabu, kata Nadal di Toronto."
    assert pairs.shared_names(source, "On Wednesday, said Nadal in Toronto.") == 1
    assert pairs.shared_names(source, "On Wednesday, said Nadal in Ottawa.") == 0.5
    assert pairs.shared_names("Harga naik.", "Prices rose.") == 1
    assert pairs.fits(Pair("id", "panl-int", source, "On Wednesday, said Nadal in Toronto."))
    assert not pairs.fits(Pair("id", "panl-int", source, "On Wednesday, he said in Ottawa again."))


def test_a_mix_is_repeatable_and_joins_short_pairs(tmp_path: Path) -> None:
    short = [Pair("nl", "tatoeba", f"Zin {i}.", f"Sentence {i}.") for i in range(24)]
    news = [Pair("id", "guntara-news", f"Berita {i}.", f"News {i}.") for i in range(10)]
    mixed = pairs.mix([*short, *news], shares={"guntara-news": 1.5})
    assert mixed == pairs.mix([*short, *news], shares={"guntara-news": 1.5}) != pairs.mix([*short, *news], seed=2)
    assert sum(p.origin == "guntara-news" for p in mixed) == 15
    triples = [p for p in mixed if p.origin == "tatoeba-3"]
    assert len(triples) == 8
    for pair in triples:
        assert [word for word in pair.source.split() if word != "Zin"] == [
            w for w in pair.english.split() if w != "Sentence"
        ]
    pairs.write_pairs(mixed, tmp_path / "mix.tsv")
    assert pairs.read_mix(tmp_path / "mix.tsv") == mixed


def test_a_line_that_is_no_pair_is_named(tmp_path: Path) -> None:
    (tmp_path / "train.nl-en.tsv").write_text("tatoeba\tEen zin.\tA sentence.\ntatoeba\tEen zin.\n", encoding="utf-8")
    with pytest.raises(RetoldError, match=r"train\.nl-en\.tsv:2: 2 columns"):
        pairs.read_pairs([tmp_path])
    with pytest.raises(RetoldError, match=r"no train\.LL-en"):
        pairs.read_pairs([tmp_path / "empty"])


def test_catalogues(tmp_path: Path) -> None:
    (tmp_path / "nl.po").write_text(
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'
        'msgid "The <b>main</b> menu contains no B<help> option."\n'
        'msgstr "Het <b>hoofdmenu</b> bevat geen B<hulp>-optie."\n\n'
        'msgid "Save as"\nmsgstr "Opslaan als"\n\n'
        '#, fuzzy\nmsgid "This is not what it says it is."\nmsgstr "Dit is een heel andere zin dan die."\n\n'
        'msgid "Run %s again with the other options."\nmsgstr "Start %s opnieuw met de andere opties."\n',
        encoding="utf-8",
    )
    catalogues.main(["nl", str(tmp_path / "out.tsv"), f"manual={tmp_path / 'nl.po'}"])
    expected = "manual\tHet hoofdmenu bevat geen hulp-optie.\tThe main menu contains no help option.\n"
    assert (tmp_path / "out.tsv").read_text(encoding="utf-8") == expected


def test_manuals(tmp_path: Path) -> None:
    pages = {
        "nl/by-id.html": "<p id='par_2'>Kies eerst een map. Kies daarna een <b>naam</b> voor het bestand.</p>"
        "<p id='par_9'>Deze alinea staat alleen in deze taal.</p>",
        "en/by-id.html": "<p id='par_1'>This paragraph is in English only.</p>"
        "<p id='par_2'>First choose a folder. Then choose a <i>name</i> for the file.</p>",
        "nl/by-place.html": "<h1>Op</h1><ul><li>Een lijst staat altijd in een kader.</li></ul>",
        "en/by-place.html": "<h1>On</h1><ul><li>A list always stands in a box.</li></ul>",
        "nl/other.html": "<p>Deze bladzijde is heel anders gebouwd.</p>",
        "en/other.html": "<h1>A heading</h1><p>This page is built in another way.</p>",
        "nl/alone.html": "<p>Deze bladzijde heeft geen Engelse tegenhanger.</p>",
    }
    for name, text in pages.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    manuals.main([str(tmp_path / "out.tsv"), f"manual={tmp_path / 'nl'},{tmp_path / 'en'}"])
    assert (tmp_path / "out.tsv").read_text(encoding="utf-8").splitlines() == [
        "manual\tKies daarna een naam voor het bestand.\tThen choose a name for the file.",
        "manual\tEen lijst staat altijd in een kader.\tA list always stands in a box.",
    ]


class Parrot:
    """Gives each sentence its own English, or one word too many."""

    name = signature = "parrot"

    def __init__(self, pairs: list[Pair], more: str = "") -> None:
        self.english = {p.source: p.english + more for p in pairs}

    def translate(self, texts: list[str], language: str) -> list[Translation]:
        return [Translation(n, self.english[text], self.name, self.signature) for n, text in enumerate(texts)]


def test_scores(tmp_path: Path) -> None:
    for suffix, word in (("en", "one two three four"), ("id", "satu"), ("nl", "een")):
        (tmp_path / f"flores-dev.{suffix}").write_text("".join(f"{word} {i}.\n" for i in range(9)), encoding="utf-8")
    dev = translator.read_dev(tmp_path, 4)
    assert dev[5] == Pair("nl", "flores", "een 1.", "one two three four 1.")
    right, wrong = translator.evaluate(Parrot(dev), dev), translator.evaluate(Parrot(dev, " five"), dev)
    assert [right[k]["BLEU"] for k in ("id", "nl")] == [100.0, 100.0]
    assert 50 < wrong["nl"]["chrF"] < right["nl"]["chrF"] == 100.0
    assert right["id"]["sentences"] == 4 and "tok:13a" in right["id"]["BLEU signature"]
