"""Encoders of the model hub and of local folders, run by sentence-transformers where it is installed."""

from __future__ import annotations

import functools
import hashlib
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from retold.records import Vectors


@dataclass(frozen=True, slots=True)
class Model:
    """A model of the hub, pinned. prefix: what its card says to put before a text when both sides are alike."""

    repository: str
    revision: str
    licence: str
    prefix: str = ""


MODELS = {
    "labse": Model("sentence-transformers/LaBSE", "e34fab64a3011d2176c99545a93d5cbddc9a91b7", "Apache-2.0"),
    "e5-base": Model("intfloat/multilingual-e5-base", "d13f1b27baf31030b7fd040960d60d909913633f", "MIT", "query: "),
    "bge-m3": Model("BAAI/bge-m3", "5617a9f61b028005a4858fdac845db406aefb181", "MIT"),
}


class Hub:
    """A sentence-transformers model: one of MODELS, out of the local cache, or a folder. Never downloads."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.model = MODELS.get(name)

    def missing(self) -> str | None:
        """Why it cannot be used, in a sentence; None if it can."""
        if find_spec("sentence_transformers") is None:
            library = "sentence-transformers"
            return f"encoder {self.name!r} needs {library}, which is not installed: pip install {library}"
        if self.model is not None and self._cached() is None:
            return f"encoder {self.name!r} is not in the local cache: retold models get {self.name}"
        return None

    @property
    def signature(self) -> str:
        if self.model is not None:
            return f"{self.model.repository}@{self.model.revision[:12]} {self.model.prefix}".strip()
        return f"folder {_digest(Path(self.name))}"

    def encode(self, texts: list[str]) -> Vectors:
        """(n, d) float32, unit rows; d is the model's. Longer texts are cut where the model cuts them."""
        prefix = self.model.prefix if self.model else ""
        model = self._load
        if not texts:
            return np.zeros((0, model.get_sentence_embedding_dimension()), np.float32)
        vectors = model.encode([prefix + t for t in texts], normalize_embeddings=True, show_progress_bar=False)
        return np.asarray(vectors, np.float32)

    @functools.cached_property
    def _load(self) -> Any:
        from sentence_transformers import SentenceTransformer

        return SentenceTransformer(str(self._cached() or self.name), device="cpu", trust_remote_code=False)

    def _cached(self) -> Path | None:
        if self.model is None:
            return None
        from huggingface_hub import snapshot_download
        from huggingface_hub.errors import LocalEntryNotFoundError

        try:
            return Path(snapshot_download(self.model.repository, revision=self.model.revision, local_files_only=True))
        except (LocalEntryNotFoundError, OSError):
            return None


def _digest(folder: Path) -> str:
    """Names and contents of a model folder in twelve hexadecimal digits."""
    digest = hashlib.sha256()
    for file in sorted(f for f in folder.rglob("*") if f.is_file()):
        digest.update(file.relative_to(folder).as_posix().encode() + b"\0")
        with file.open("rb") as content:
            digest.update(hashlib.file_digest(content, "sha256").digest())
    return digest.hexdigest()[:12]
