"""The project's LoRA adapter for the bundled translator: checked, and merged into plain weights.

A folder in PEFT's form (adapter_config.json, adapter_model.safetensors in float16) with `SHA256SUMS` beside them.
LoRA: Hu et al. 2021, arXiv 2106.09685: the adapted weight is W + (alpha / r) B A.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import torch

FOLDER = Path(__file__).parent / "adapter"
FILES = ("adapter_config.json", "adapter_model.safetensors")
_PREFIX = "base_model.model."


def checksum(folder: Path = FOLDER) -> str:
    """The weights' sha256. Raises ValueError, saying what is wrong, where a file is missing or altered."""
    try:
        lines = (folder / "SHA256SUMS").read_text(encoding="ascii").splitlines()
        sums = {name: digest for digest, name in (line.split() for line in lines)}
        for name in FILES:
            with (folder / name).open("rb") as file:
                if hashlib.file_digest(file, "sha256").hexdigest() != sums.get(name):
                    raise ValueError(f"{folder / name} is not the file its checksum names")
    except FileNotFoundError as error:
        raise ValueError(f"{error.filename} is missing") from None
    except (OSError, UnicodeDecodeError) as error:
        raise ValueError(f"{folder} cannot be read ({error})") from None
    return sums[FILES[1]]


def merge(weights: dict[str, torch.Tensor], folder: Path = FOLDER) -> None:
    """Add the adapter's updates to the weights, in place; names as transformers gives them.

    Raises ValueError where the adapter does not fit them: no garbage is ever merged.
    """
    from safetensors.torch import load_file

    config = json.loads((folder / FILES[0]).read_text(encoding="utf-8"))
    if config.get("use_rslora") or config.get("use_dora") or config.get("rank_pattern") or config.get("alpha_pattern"):
        raise ValueError(f"{folder / FILES[0]} asks for a form of LoRA that is not supported")
    scale = config["lora_alpha"] / config["r"]
    updates = load_file(folder / FILES[1])
    for name in [n for n in updates if n.endswith(".lora_A.weight")]:
        target = name.removeprefix(_PREFIX).replace(".lora_A.", ".")
        down, up = updates[name].float(), updates[name.replace(".lora_A.", ".lora_B.")].float()
        if target not in weights or weights[target].shape != (up.shape[0], down.shape[1]):
            raise ValueError(f"{folder / FILES[1]}: {target} is not a weight of the model or has another shape")
        weights[target] += scale * (up @ down)
