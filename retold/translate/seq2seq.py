"""Sequence-to-sequence models of a folder, through transformers: what they are, loading, and their beam search."""

from __future__ import annotations

import contextlib
import functools
import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from retold.records import RetoldError
from retold.translate import models
from retold.translate.bundled import precision
from retold.translate.convert import quiet

KINDS = {"marian": "marian", "m2m_100": "nllb", "t5": "madlad"}  # by config.json's model_type


def seq2seq(folder: Path, what: str) -> tuple[Any, Any]:
    """Tokenizer and model of a folder. Raises RetoldError, naming it and what it should be, where it has none."""
    import torch
    from transformers import AutoModelForSeq2SeqLM, AutoTokenizer

    fault = models.fault(folder, thorough=True)
    if fault is not None:
        raise RetoldError(f"{folder}: {fault}")
    try:
        tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True, trust_remote_code=False)
        with quiet():
            model = AutoModelForSeq2SeqLM.from_pretrained(
                folder, local_files_only=True, trust_remote_code=False, use_safetensors=True, dtype=torch.float32
            )
    except Exception as error:  # transformers raises what its many loaders raise
        reason = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        raise RetoldError(f"{folder}: not {what} that transformers can load ({reason})") from None
    return tokenizer, model.eval()


def search(
    tokenizer: Any, model: Any, texts: list[str], *, beams: int, longest: int, limit: int, first: str | None = None
) -> list[tuple[list[int], bool]]:
    """(token ids, whether it came to its end) of each text, by transformers."""
    import torch

    given = tokenizer(texts, return_tensors="pt", padding=True, truncation=True, max_length=longest)
    extra = {"forced_bos_token_id": tokenizer.convert_tokens_to_ids(first)} if first is not None else {}
    with torch.inference_mode(), _products():
        ids = model.generate(**given, num_beams=beams, do_sample=False, max_new_tokens=limit, max_length=None, **extra)
    return [(row.tolist(), int((row != tokenizer.pad_token_id).sum()) < limit) for row in ids]


@contextlib.contextmanager
def _products() -> Iterator[None]:
    """Matrix products of bfloat16 factors, summed in float32, where the processor has them: nearly twice as fast."""
    import torch

    matmul = torch.backends.mkldnn.matmul  # type: ignore[attr-defined]  # made when torch starts
    before = matmul.fp32_precision
    if precision() == "bfloat16":
        matmul.fp32_precision = "bf16"
    try:
        yield
    finally:
        matmul.fp32_precision = before


@functools.lru_cache(maxsize=2)
def loaded(folder: Path) -> tuple[Any, Any, str]:
    """Tokenizer, model and kind of a folder. Raises RetoldError, naming it, where they cannot be loaded."""
    tokenizer, model = seq2seq(folder, "a translation model")
    return tokenizer, model, _kind(folder)


@functools.lru_cache(maxsize=2)
def tokenizer_of(folder: Path) -> tuple[Any, str]:
    """Tokenizer and kind of a folder whose model CTranslate2 has taken."""
    from transformers import AutoTokenizer

    return AutoTokenizer.from_pretrained(folder, local_files_only=True, trust_remote_code=False), _kind(folder)


def _kind(folder: Path) -> str:
    found = _config(folder).get("model_type")
    if found not in KINDS:
        raise RetoldError(f"{folder}: a model of type {found!r}; allowed are {', '.join(KINDS)}")
    return KINDS[found]


def positions(folder: Path) -> int:
    """The most tokens that a model reads."""
    return int(_config(folder).get("max_position_embeddings") or 512)


def _config(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    return found


def key(folder: Path) -> str:
    """What tells a model from others: its commit in the hub's cache, where a snapshot's folder is named by it."""
    return folder.name[:12] if folder.parent.name == "snapshots" else digest(folder)


def digest(folder: Path) -> str:
    """A folder's model by its settings and the size and head of its weights: quick, and another model's differs."""
    digest = hashlib.sha256()
    for path in sorted([*folder.glob("*.json"), *folder.glob("*.safetensors")]):
        with path.open("rb") as file:
            digest.update(json.dumps([path.name, path.stat().st_size]).encode() + file.read(1 << 20))
    return digest.hexdigest()[:12]
