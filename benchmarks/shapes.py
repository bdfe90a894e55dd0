"""Models of true shapes with random weights, made here: they cost what the real ones cost, and nothing is downloaded.

What they put out means nothing. Tokenizers are trained on the benchmark's own sentences.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from retold.translate.convert import quiet

# Output tokens of every sentence, and the most source tokens: the end token is never chosen before.
LENGTH = 48
MARIAN_WORDS = 54_796  # of opus-mt-id-en
E5_WORDS = 250_037  # of multilingual-e5-small


def marian(folder: Path, texts: Sequence[str]) -> Path:
    """A Marian of opus-mt-id-en's shape: 6 + 6 layers of 512, 8 heads, 2,048 inside; in transformers' form."""
    import torch
    from transformers import MarianConfig, MarianMTModel

    folder.mkdir(parents=True)
    pieces = sentencepiece(folder / "source.spm", texts)
    (folder / "target.spm").write_bytes((folder / "source.spm").read_bytes())
    words = ["</s>", "<unk>", *(p for p in pieces if p not in ("<s>", "</s>", "<unk>"))]
    words += [*(f"▁<{n}>" for n in range(MARIAN_WORDS - 1 - len(words))), "<pad>"]
    (folder / "vocab.json").write_text(json.dumps({w: n for n, w in enumerate(words)}), encoding="utf-8")
    settings = {"tokenizer_class": "MarianTokenizer", "source_lang": "ind", "target_lang": "eng"}
    (folder / "tokenizer_config.json").write_text(json.dumps(settings), encoding="utf-8")
    torch.manual_seed(1)
    pad = MARIAN_WORDS - 1
    config = MarianConfig(
        vocab_size=MARIAN_WORDS, d_model=512, encoder_layers=6, decoder_layers=6, encoder_attention_heads=8,
        decoder_attention_heads=8, encoder_ffn_dim=2048, decoder_ffn_dim=2048, activation_function="swish",
        scale_embedding=True, max_position_embeddings=LENGTH, eos_token_id=0, pad_token_id=pad,
        decoder_start_token_id=pad, forced_eos_token_id=0,
    )  # fmt: skip
    model = MarianMTModel(config)
    model.final_logits_bias[0, [0, pad]] = -1e9
    with quiet():
        model.save_pretrained(folder)
    return folder


def e5(folder: Path, texts: Sequence[str]) -> Path:
    """A BERT of multilingual-e5-small's shape, mean pooled and normalised; in sentence-transformers' form."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Normalize, Pooling, Transformer
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors, trainers
    from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

    inner = folder / "inner"
    inner.mkdir(parents=True)
    words = Tokenizer(models.Unigram())
    words.pre_tokenizer, words.decoder = pre_tokenizers.Metaspace(), decoders.Metaspace()
    special = ["<s>", "<pad>", "</s>", "<unk>"]
    words.train_from_iterator(
        texts, trainers.UnigramTrainer(vocab_size=8000, special_tokens=special, unk_token="<unk>", show_progress=False)
    )
    words.post_processor = processors.TemplateProcessing("<s> $A </s>", special_tokens=[("<s>", 0), ("</s>", 2)])
    PreTrainedTokenizerFast(
        tokenizer_object=words, bos_token="<s>", eos_token="</s>", unk_token="<unk>", pad_token="<pad>",
        model_max_length=512,
    ).save_pretrained(inner)  # fmt: skip
    torch.manual_seed(1)
    config = BertConfig(
        vocab_size=E5_WORDS, hidden_size=384, num_hidden_layers=12, num_attention_heads=12, intermediate_size=1536,
        max_position_embeddings=512, pad_token_id=1,
    )  # fmt: skip
    with quiet():
        BertModel(config).save_pretrained(inner)
        modules = [Transformer(str(inner)), Pooling(384, "mean"), Normalize()]
        SentenceTransformer(modules=modules, device="cpu").save(str(folder / "model"))
    return folder / "model"


def sentencepiece(path: Path, texts: Sequence[str]) -> list[str]:
    """Train a SentencePiece model of at most 6,000 pieces into `path`; its pieces."""
    import io

    import sentencepiece as trainer

    model = io.BytesIO()
    trainer.SentencePieceTrainer.train(
        sentence_iterator=iter(texts),
        model_writer=model,
        vocab_size=6000,
        hard_vocab_limit=False,
        pad_id=-1,
        minloglevel=2,
        num_threads=1,
    )
    path.write_bytes(model.getvalue())
    made = trainer.SentencePieceProcessor(model_proto=model.getvalue())
    return [made.id_to_piece(n) for n in range(made.get_piece_size())]
