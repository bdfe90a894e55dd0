"""A Gemma 3 of the bundled one's shape with random weights, small enough to be read by transformers in a blink."""

import json
from pathlib import Path

WORDS = "De Het man vrouw leest zegt niet geen chips naar China Reuters vier 12 , . : Dutch English the a says not"


def make(folder: Path) -> Path:
    """config.json, model.safetensors (float16) and tokenizer.json, as a converted folder holds them."""
    import torch
    from safetensors.torch import save_file
    from tokenizers import Tokenizer
    from tokenizers.models import BPE
    from tokenizers.processors import TemplateProcessing
    from transformers import Gemma3ForCausalLM, Gemma3TextConfig

    folder.mkdir(parents=True)
    letters = sorted({c for c in WORDS if c != " "} | set("abcdefghijklmnopqrstuvwxyzé0123456789"))
    words = ["<pad>", "<eos>", "<bos>", "<unk>", "\n", "▁", *letters]
    tokenizer = Tokenizer(BPE({w: n for n, w in enumerate(words)}, [], unk_token="<unk>"))
    from tokenizers import decoders, normalizers

    tokenizer.normalizer = normalizers.Replace(" ", "▁")
    tokenizer.decoder = decoders.Sequence([decoders.Replace("▁", " "), decoders.Fuse()])
    tokenizer.post_processor = TemplateProcessing(single="<bos> $A", special_tokens=[("<bos>", 2)])
    tokenizer.save(str(folder / "tokenizer.json"))
    torch.manual_seed(3)
    config = Gemma3TextConfig(
        vocab_size=len(words), hidden_size=32, intermediate_size=64, num_hidden_layers=7, num_attention_heads=4,
        num_key_value_heads=1, head_dim=16, query_pre_attn_scalar=16, sliding_window=512, eos_token_id=1,
        rope_parameters={
            "sliding_attention": {"rope_type": "default", "rope_theta": 10_000.0},
            "full_attention": {"rope_type": "default", "rope_theta": 1_000_000.0},
        },
    )  # fmt: skip
    model = Gemma3ForCausalLM(config)
    with torch.no_grad():  # random weights give flat scores; sharper ones make a search that has something to find
        for name, weight in model.named_parameters():
            weight.copy_(torch.randn_like(weight) * (0.3 if "norm" in name else 0.25))
    weights = {n: w.half().contiguous() for n, w in model.state_dict().items() if n != "lm_head.weight"}
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})
    (folder / "config.json").write_text(json.dumps(config.to_dict(), default=str))
    return folder
