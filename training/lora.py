"""A low-rank update (LoRA, Hu et al. 2021) of a model's linear layers, in the file format of PEFT.

Written out because the update runs here in the model's own bfloat16 while its weights are kept in float32: a sixth
faster on a CPU than PEFT under autocast.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping
from pathlib import Path

import torch
from torch import Tensor, nn

from retold.records import RetoldError
from retold.translate.adapter import FILES

LINEAR = ("q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj")
PREFIX = "base_model.model."
BASE = "gemma-3-270m-q4_k_m.gguf, dequantised"


class LowRank(nn.Module):
    """A frozen linear layer plus `scale * B A`; it starts as PEFT starts it, at zero."""

    def __init__(self, base: nn.Linear, rank: int, scale: float) -> None:
        super().__init__()
        self.base, self.scale = base, scale
        self.lora_A = nn.Parameter(torch.empty(rank, base.in_features))
        self.lora_B = nn.Parameter(torch.zeros(base.out_features, rank))
        nn.init.kaiming_uniform_(self.lora_A, a=math.sqrt(5))

    def forward(self, x: Tensor) -> Tensor:
        low = nn.functional.linear(x, self.lora_A.to(x.dtype))
        return nn.functional.linear(x, self.base.weight) + nn.functional.linear(
            low, (self.lora_B * self.scale).to(x.dtype)
        )


def add_lora(model: nn.Module, *, rank: int = 32, alpha: float = 64) -> dict[str, nn.Parameter]:
    """Freeze `model`, replace its linear layers, and return the update's weights under PEFT's names."""
    model.requires_grad_(False)
    weights: dict[str, nn.Parameter] = {}
    for name, module in list(model.named_modules()):
        for child, layer in list(module.named_children()):
            if child in LINEAR and isinstance(layer, nn.Linear):
                new = LowRank(layer, rank, alpha / rank)
                setattr(module, child, new)
                path = f"{PREFIX}{name}.{child}"
                weights[f"{path}.lora_A.weight"], weights[f"{path}.lora_B.weight"] = new.lora_A, new.lora_B
    return weights


def load_into(weights: Mapping[str, nn.Parameter], adapter: Path, *, scale: float) -> None:
    """Set `weights`, whose update is scaled by `scale`, to an adapter's; one of lower rank fills the first rows."""
    from safetensors.torch import load_file

    config = json.loads((adapter / "adapter_config.json").read_text(encoding="utf-8"))
    factor = config["lora_alpha"] / config["r"] / scale
    stored = load_file(adapter / "adapter_model.safetensors")
    if set(stored) != set(weights):
        raise RetoldError(
            f"{adapter}: holds {len(stored)} tensors, not the {len(weights)} of this model's linear layers"
        )
    with torch.no_grad():
        for name, weight in weights.items():
            value = stored[name].float()
            if "lora_A" in name:
                weight[: value.shape[0]] = value
            else:
                weight.zero_()
                weight[:, : value.shape[1]] = value * factor


def save(weights: Mapping[str, Tensor], folder: Path, *, rank: int, alpha: float) -> None:
    """Write `adapter_config.json`, `adapter_model.safetensors` (float16), as PEFT reads them, and `SHA256SUMS`."""
    from safetensors.torch import save_file

    folder.mkdir(parents=True, exist_ok=True)
    save_file(
        {k: v.detach().to(torch.float16).contiguous() for k, v in weights.items()},
        folder / "adapter_model.safetensors",
        {"format": "pt"},
    )
    config = {
        "base_model_name_or_path": BASE,
        "bias": "none",
        "fan_in_fan_out": False,
        "inference_mode": True,
        "lora_alpha": alpha,
        "lora_dropout": 0.0,
        "peft_type": "LORA",
        "r": rank,
        "target_modules": list(LINEAR),
        "task_type": None,
    }
    (folder / "adapter_config.json").write_text(json.dumps(config, indent=2) + "\n", encoding="utf-8")
    (folder / FILES[1]).chmod(0o644)  # safetensors writes for its owner alone
    sums = (f"{hashlib.sha256((folder / name).read_bytes()).hexdigest()}  {name}\n" for name in FILES)
    (folder / "SHA256SUMS").write_text("".join(sums), encoding="ascii")


def average(adapters: Mapping[Path, float], out: Path, *, rank: int = 32, alpha: float = 64) -> None:
    """Write the weighted sum of several adapters' updates, cut to `rank` by the singular value decomposition."""
    from safetensors.torch import load_file

    parts = []
    for folder, share in adapters.items():
        config = json.loads((folder / "adapter_config.json").read_text(encoding="utf-8"))
        parts.append((load_file(folder / "adapter_model.safetensors"), share * config["lora_alpha"] / config["r"]))
    weights: dict[str, Tensor] = {}
    for name in (n for n in parts[0][0] if n.endswith("lora_A.weight")):
        other = name.replace("lora_A", "lora_B")
        down = torch.cat([p[name].float() for p, _ in parts])
        up = torch.cat([p[other].float() * factor for p, factor in parts], dim=1)
        # B A = Qb (Rb Ra^T) Qa^T: the decomposition of the small middle matrix is the decomposition of the whole
        (qa, ra), (qb, rb) = torch.linalg.qr(down.T), torch.linalg.qr(up)
        u, s, v = torch.linalg.svd(rb @ ra.T)
        root = s[:rank].sqrt()
        weights[name] = root[:, None] * (v[:rank] @ qa.T)
        weights[other] = (qb @ u[:, :rank]) * root * (rank / alpha)
    save(weights, out, rank=rank, alpha=alpha)
