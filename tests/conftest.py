"""Fixtures: tiny translation models of the hub's shapes, made here, and a home of the tests' own."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from chromium import CHROMIUM, QUIET

# Threads that spin while they wait make a busy machine crawl.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
os.environ["HF_HUB_OFFLINE"] = "1"

SENTENCES = [
    "The government will announce new rules next week, two officials said.",
    "De regering maakt volgende week nieuwe regels bekend, zeggen twee functionarissen.",
    "Pemerintah akan mengumumkan aturan baru pekan depan, kata dua pejabat.",
    "Exports rose 12.5 percent to 3.4 billion dollars in October.",
    "De uitvoer steeg in oktober met 12,5 procent tot 3,4 miljard dollar.",
    "Ekspor naik 12,5 persen menjadi 3,4 miliar dolar pada Oktober.",
    "“We have not yet received an answer,” a spokesman said.",
    "We hebben nog geen antwoord gekregen, zei een woordvoerder van het bedrijf.",
    "Kami belum menerima jawaban, ujar juru bicara perusahaan itu.",
]


def _sentencepiece(path: Path) -> list[str]:
    """Train a SentencePiece model; its pieces."""
    import sentencepiece

    text = path.parent / "text.txt"
    text.write_text("\n".join(SENTENCES * 4), encoding="utf-8")
    sentencepiece.SentencePieceTrainer.train(
        input=str(text), model_prefix=str(path.with_suffix("")), vocab_size=160, model_type="bpe",
        character_coverage=1.0, pad_id=-1, minloglevel=2, num_threads=1,
    )  # fmt: skip
    text.unlink()
    path.with_suffix(".vocab").unlink()
    model = sentencepiece.SentencePieceProcessor(model_file=str(path.with_suffix(".model")))
    if path.suffix != ".model":
        path.with_suffix(".model").rename(path)
    return [model.id_to_piece(n) for n in range(model.get_piece_size())]


def make_marian(folder: Path, width: int = 16) -> Path:
    """A Marian of OPUS-MT's layout with random weights."""
    import torch
    from transformers import MarianConfig, MarianMTModel

    folder.mkdir(parents=True)
    pieces = _sentencepiece(folder / "source.spm")
    (folder / "target.spm").write_bytes((folder / "source.spm").read_bytes())
    words = ["</s>", "<unk>", *(p for p in pieces if p not in ("<s>", "</s>", "<unk>")), "<pad>"]
    (folder / "vocab.json").write_text(json.dumps({w: n for n, w in enumerate(words)}), encoding="utf-8")
    (folder / "tokenizer_config.json").write_text(
        json.dumps({"tokenizer_class": "MarianTokenizer", "source_lang": "nld", "target_lang": "eng"})
    )
    torch.manual_seed(1)
    config = MarianConfig(
        vocab_size=len(words), d_model=width, encoder_layers=1, decoder_layers=1, encoder_attention_heads=2,
        decoder_attention_heads=2, encoder_ffn_dim=2 * width, decoder_ffn_dim=2 * width, max_position_embeddings=64,
        eos_token_id=0, pad_token_id=len(words) - 1, decoder_start_token_id=len(words) - 1, forced_eos_token_id=0,
    )  # fmt: skip
    MarianMTModel(config).save_pretrained(folder)
    return folder


def make_nllb(folder: Path) -> Path:
    """An M2M-100 of NLLB's layout with random weights."""
    import torch
    from transformers import M2M100Config, M2M100ForConditionalGeneration, NllbTokenizer

    folder.mkdir(parents=True)
    pieces = [p for p in _sentencepiece(folder / "sentencepiece.bpe.model") if p not in ("<s>", "</s>", "<unk>")]
    vocab = {w: n for n, w in enumerate(["<s>", "<pad>", "</s>", "<unk>", *pieces])}
    tokenizer = NllbTokenizer(vocab=vocab, merges=[], src_lang="ind_Latn", tgt_lang="eng_Latn")
    tokenizer.save_pretrained(folder)
    torch.manual_seed(1)
    config = M2M100Config(
        vocab_size=len(tokenizer), d_model=16, encoder_layers=1, decoder_layers=1, encoder_attention_heads=2,
        decoder_attention_heads=2, encoder_ffn_dim=32, decoder_ffn_dim=32, max_position_embeddings=64,
        decoder_start_token_id=2,
    )  # fmt: skip
    M2M100ForConditionalGeneration(config).save_pretrained(folder)
    return folder


@pytest.fixture(scope="session")
def tiny_marian(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_marian(tmp_path_factory.mktemp("tiny") / "marian")


@pytest.fixture(scope="session")
def tiny_nllb(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_nllb(tmp_path_factory.mktemp("tiny") / "nllb")


def make_mt5(folder: Path) -> Path:
    """An mT5 of XL-Sum's layout with random weights."""
    import torch
    from transformers import MT5Config, MT5ForConditionalGeneration, T5Tokenizer

    folder.mkdir(parents=True)
    pieces = [p for p in _sentencepiece(folder / "spiece.model") if p not in ("<s>", "</s>", "<unk>")]
    vocab = [(w, 0.0) for w in ("<pad>", "</s>", "<unk>")] + [(p, -float(n)) for n, p in enumerate(pieces)]
    tokenizer = T5Tokenizer(vocab=vocab, extra_ids=0)
    tokenizer.save_pretrained(folder)
    torch.manual_seed(1)
    config = MT5Config(
        vocab_size=len(tokenizer), d_model=16, d_kv=8, d_ff=32, num_layers=1, num_decoder_layers=1, num_heads=2,
        decoder_start_token_id=0, pad_token_id=0, eos_token_id=1,
    )  # fmt: skip
    MT5ForConditionalGeneration(config).save_pretrained(folder)
    return folder


@pytest.fixture(scope="session")
def tiny_mt5(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_mt5(tmp_path_factory.mktemp("tiny") / "mt5")


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """A browser without a window, through Playwright."""
    if not CHROMIUM:
        pytest.skip("no chromium here: apt-get install chromium, or set CHROMIUM to a browser")
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with playwright.sync_playwright() as p:
        opened = p.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield opened
        opened.close()
