"""Gemma 3 270M for decoding many sentences at once on a CPU, in plain torch.

The library's own `generate` pads sentences to one width, copies every beam's past at each step and scores all 262,144
tokens. Here each sentence keeps its own past, beams share what they have in common, and only tokens that English text
is written in are scored. Matrix products always have the same number of rows, so a sentence's result does not depend
on which others are decoded beside it. Checked against transformers' model in tests/test_translate_bundled.py.

Architecture: Gemma Team 2025, arXiv 2503.19786: grouped-query attention with QK-norm, five local layers to a global
one, RMSNorm before and after each block, GeGLU.
"""

from __future__ import annotations

import json
import math
import re
from pathlib import Path

import torch
from torch.nn.functional import gelu, linear

# Latin letters with their accents, digits, and the punctuation of English newspapers; "▁" stands for a space.
_ENGLISH = re.compile(r"[▁ -~–—‘’“”…•€£¥°½¼¾×À-ɏ]+")
# Longer words of this script that come late in Gemma's vocabulary are rare or of other languages than English; they
# can still be spelled in pieces. Measured on the references of FLORES dev: 1.2 % of their tokens lie above.
RARE = 120_000
_SINGLES = 236_000  # from here on the vocabulary holds single characters


class Past:
    """What one sentence has been through: keys and values of its prompt, then `beams` rows a step."""

    def __init__(self, model: Gemma, capacity: int, prefix: Past | None = None) -> None:
        shape = (model.layers, capacity, model.head_size)
        self.keys = torch.zeros(shape, dtype=model.dtype)
        self.values = torch.zeros(shape, dtype=model.dtype)
        self.length = 0
        if prefix is not None:
            self.length = prefix.length
            self.keys[:, : self.length] = prefix.keys[:, : self.length]
            self.values[:, : self.length] = prefix.values[:, : self.length]


class Part:
    """Rows `start:stop` of a forward pass, which belong to one sentence.

    bias: (rows, past.length after the pass), 0 where a row may look and -inf where not.
    """

    __slots__ = ("bias", "past", "start", "stop")

    def __init__(self, past: Past, start: int, stop: int, bias: torch.Tensor) -> None:
        self.past, self.start, self.stop, self.bias = past, start, stop, bias


class Gemma:
    """The weights of a converted folder, and the forward pass.

    rows: how many rows every matrix product has; the sentences of a pass fill as many as they need.
    """

    def __init__(self, folder: Path, *, rows: int, dtype: torch.dtype = torch.float32) -> None:
        from safetensors.torch import load_file
        from tokenizers import Tokenizer

        config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        self.rows, self.dtype = rows, dtype
        self.layers: int = config["num_hidden_layers"]
        self.heads: int = config["num_attention_heads"]
        self.head_size: int = config["head_dim"]
        self.window: int = config["sliding_window"]  # longer texts would need the local layers' masks
        self.epsilon: float = config["rms_norm_eps"]
        self.tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self.tokenizer.encode_special_tokens = True  # a text that says "<eos>" is a text
        thetas = config["rope_parameters"]
        self._turns = {kind: self._rope(thetas[kind]["rope_theta"]) for kind in thetas}
        self._kinds: list[str] = config["layer_types"]

        weights = load_file(folder / "model.safetensors")
        self.embedding = weights["model.embed_tokens.weight"]
        self._scale = math.sqrt(config["hidden_size"])
        self._blocks = []
        for n in range(self.layers):
            at = f"model.layers.{n}."

            def get(*names: str, at: str = at) -> torch.Tensor:
                return torch.cat([weights[f"{at}{name}.weight"] for name in names]).to(dtype)

            self._blocks.append(
                {
                    "qkv": get("self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj"),
                    "o": get("self_attn.o_proj"),
                    "gate_up": get("mlp.gate_proj", "mlp.up_proj"),
                    "down": get("mlp.down_proj"),
                    **{
                        short: 1 + get(long).float()
                        for short, long in (
                            ("q_norm", "self_attn.q_norm"),
                            ("k_norm", "self_attn.k_norm"),
                            ("before", "input_layernorm"),
                            ("after", "post_attention_layernorm"),
                            ("before_mlp", "pre_feedforward_layernorm"),
                            ("after_mlp", "post_feedforward_layernorm"),
                        )
                    },
                }
            )
        self._last_norm = 1 + weights["model.norm.weight"].float()
        words = self.tokenizer.get_vocab()
        # The untrained model ends a line where the trained one ends the text.
        self.ends = frozenset({config["eos_token_id"], words["\n"]})
        self.latin = frozenset(
            i for word, i in words.items() if _ENGLISH.fullmatch(word) and not re.fullmatch("<.+>", word)
        )  # what stands in pointed brackets steers a model, or is a page's markup
        common = {i for i in self.latin if i < RARE or i >= _SINGLES}
        self.english = torch.tensor(sorted(common | self.ends))  # (scored,) token ids
        self._head = self.embedding[self.english].to(dtype)

    def forward(self, ids: torch.Tensor, positions: torch.Tensor, parts: list[Part]) -> torch.Tensor:
        """The last hidden state of each row, (rows, width) normalised; ids and positions: (rows,).

        Adds the rows' keys and values to the pasts of their parts; rows in no part are idle.
        """
        hidden = self.embedding[ids].float() * self._scale
        turns = {kind: (cos[positions], sin[positions]) for kind, (cos, sin) in self._turns.items()}
        size, heads = self.head_size, self.heads
        for n, block in enumerate(self._blocks):
            mixed = linear(self._norm(hidden, block["before"]).to(self.dtype), block["qkv"])
            cos, sin = turns[self._kinds[n]]
            queries = self._norm(mixed[:, : heads * size].view(-1, heads, size), block["q_norm"])
            queries = (_turn(queries, cos[:, None], sin[:, None]) * size**-0.5).to(self.dtype)
            keys = self._norm(mixed[:, heads * size : -size], block["k_norm"])
            keys = _turn(keys, cos, sin).to(self.dtype)
            values = mixed[:, -size:]
            seen = torch.zeros(len(ids), heads * size, dtype=self.dtype)
            for part in parts:
                past, rows = part.past, part.stop - part.start
                start, stop = past.length, past.length + rows
                past.keys[n, start:stop] = keys[part.start : part.stop]
                past.values[n, start:stop] = values[part.start : part.stop]
                scores = queries[part.start : part.stop].reshape(rows * heads, size) @ past.keys[n, :stop].T
                weights = torch.softmax(scores.view(rows, heads, stop).float() + part.bias[:, None], -1)
                out = weights.to(self.dtype).view(rows * heads, stop) @ past.values[n, :stop]
                seen[part.start : part.stop] = out.view(rows, heads * size)
            hidden = hidden + self._norm(linear(seen, block["o"]), block["after"])
            wide = linear(self._norm(hidden, block["before_mlp"]).to(self.dtype), block["gate_up"])
            gate, up = wide.chunk(2, -1)
            hidden = hidden + self._norm(linear(gelu(gate, approximate="tanh") * up, block["down"]), block["after_mlp"])
        for part in parts:
            part.past.length += part.stop - part.start
        return self._norm(hidden, self._last_norm).to(self.dtype)

    def read(self, ids: list[int], past: Past) -> torch.Tensor:
        """Take a prompt in, `rows` tokens a pass; the hidden state after its last token, (1, width)."""
        last = torch.empty(0)
        for start in range(0, len(ids), self.rows):
            some = ids[start : start + self.rows]
            padded = torch.tensor(some + [0] * (self.rows - len(some)))
            before = past.length
            bias = torch.full((len(some), before + len(some)), -torch.inf).triu(before + 1)
            positions = torch.arange(before, before + self.rows)
            last = self.forward(padded, positions, [Part(past, 0, len(some), bias)])[len(some) - 1 : len(some)]
        return last

    def score(self, hidden: torch.Tensor) -> torch.Tensor:
        """(n, width) → (n, scored) logits over `english`. n must be `rows` for a result that is always the same."""
        return linear(hidden, self._head).float()

    def score_tokens(self, hidden: torch.Tensor, ids: torch.Tensor) -> torch.Tensor:
        """(n, width) → (n, len(ids)) logits over tokens of the caller's choice."""
        return linear(hidden, self.embedding[ids].to(self.dtype)).float()

    def _norm(self, x: torch.Tensor, weight: torch.Tensor) -> torch.Tensor:
        x = x.float()
        return x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + self.epsilon) * weight

    def _rope(self, theta: float) -> tuple[torch.Tensor, torch.Tensor]:
        frequencies = theta ** (-torch.arange(0, self.head_size, 2, dtype=torch.int64).float() / self.head_size)
        angles = torch.outer(torch.arange(4 * self.window).float(), frequencies)
        return torch.cat([angles, angles], -1).cos(), torch.cat([angles, angles], -1).sin()


def _turn(x: torch.Tensor, cos: torch.Tensor, sin: torch.Tensor) -> torch.Tensor:
    first, second = x.chunk(2, -1)
    return x * cos + torch.cat([-second, first], -1) * sin
